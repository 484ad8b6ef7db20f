"""What README and docs show is what happens."""

import re
from pathlib import Path

import pytest

from scenarios import check
from scenarios.tree import about, field_at
from simulation import Parameters

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(language: str) -> list[str]:
    return [
        block
        for page in PAGES
        for block in re.findall(rf"```{language}\n(.*?)```", page.read_text(), re.DOTALL)
    ]


@pytest.mark.parametrize("code", blocks("python"))
def test_python_runs(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "documentation", "exec"), {})


@pytest.mark.parametrize("text", blocks("yaml"))
def test_yaml_is_accepted(text: str, tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(text)
    assert check([path]) == []


def test_effects_are_documented_with_their_defaults() -> None:
    page = (ROOT / "docs" / "how_it_works.md").read_text()
    rows = re.findall(r"^\| `([\w.]+)` \|.*\| ([\d.]+) \| ([\d.]+) \|$", page, re.MULTILINE)
    assert len(rows) == 4
    parameters = Parameters()
    for key, default, neutral in rows:
        value: object = parameters
        for name in key.split("."):
            value = getattr(value, name)
        field = field_at(Parameters, tuple(key.split(".")))
        assert field is not None
        assert (value, about(field)["neutral"]) == (float(default), float(neutral))


def test_links_and_pictures_exist() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            assert (page.parent / target).exists(), target
