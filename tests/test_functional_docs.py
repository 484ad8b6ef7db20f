"""What README and docs show is what happens."""

import re
from pathlib import Path
from shutil import copytree

import pytest

from experiments import conduct, documentation
from scenarios import check
from scenarios.tree import about, field_at
from simulation import Parameters
from tests.reader import blocks, follow, save

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
#: Pages that show what is typed and printed are followed from top to bottom; of others every block is tried.
FOLLOWED = [page for page in PAGES if blocks(page, "console")]
READ = [page for page in PAGES if page not in FOLLOWED]
#: The recipes are about a town, and this one makes it.
OUR_TOWN = ROOT / "docs" / "how_to" / "own_site.md"
EXAMPLES = ROOT / "docs" / "examples"


def contents(language: str) -> list[str]:
    return [block.content for page in READ for block in blocks(page, language)]


@pytest.mark.parametrize("page", FOLLOWED, ids=lambda page: page.stem)
def test_a_page_can_be_followed(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # Runs of two or three replications are quicker here than in processes that have to start.
    monkeypatch.setattr(conduct, "default_workers", lambda tasks: 1)
    if page.parent == OUR_TOWN.parent:
        save(OUR_TOWN)
        copytree(EXAMPLES, tmp_path / "docs" / "examples")
    follow(page)


@pytest.mark.parametrize("shown", ["1 file without errors\n", "...wants.yaml:5:3: ...", ""])
def test_a_page_that_shows_something_else_is_found(
    shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "page.md"
    file = "```yaml\n# wants.yaml\nkind: option\nname: Wants\nchanges:\n  cohort.cieling: 4\n```\n"
    told = "wants.yaml:5:3: cohort.cieling: unknown key; did you mean ceiling?\n"
    page.write_text(f"{file}```console\n$ iom check wants.yaml\n{told}```\n")
    follow(page)
    page.write_text(f"{file}```console\n$ iom check wants.yaml\n{shown}```\n".replace("5:3", "6:3"))
    with pytest.raises(AssertionError, match=r"page.md:8: \$ iom check wants.yaml"):
        follow(page)


@pytest.mark.parametrize("code", contents("python"))
def test_python_runs(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "documentation", "exec"), {})


@pytest.mark.parametrize("text", contents("yaml"))
def test_yaml_is_accepted(text: str, tmp_path: Path) -> None:
    path = tmp_path / "example.yaml"
    path.write_text(text)
    assert check([path]) == []


def test_effects_are_documented_with_their_defaults() -> None:
    page = (ROOT / "docs" / "how_it_works.md").read_text()
    row = r"^\| `([\w.]+)` \|.*\| ([\d.]+) \| (-?[\d.]+) to ([\d.]+) \| ([\d.]+) \|$"
    rows = re.findall(row, page, re.MULTILINE)
    assert len(rows) == 5
    parameters = Parameters()
    for key, default, low, high, neutral in rows:
        value: object = parameters
        for name in key.split("."):
            value = getattr(value, name)
        field = field_at(Parameters, tuple(key.split(".")))
        assert field is not None
        assert (value, about(field)["neutral"]) == (float(default), float(neutral))
        assert about(field)["likely"] == [float(low), float(high)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_tables_of_the_documentation_are_those_that_commands_wrote(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == documentation.shown(page)


def test_links_and_pictures_exist() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), target
