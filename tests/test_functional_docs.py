"""What README and docs show is what happens."""

import re
import shlex
import subprocess
from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner

import simulation.replication
from calibration.posterior import shipped_posterior
from experiments import conduct, draws
from experiments.command_line import app
from experiments.evaluating import lab
from scenarios import check
from scenarios.tree import about, field_at
from simulation import Parameters
from tests import stand_in, stand_in_areas
from tests.reader import Shown, blocks, follow, save, shown_blocks

ROOT = Path(__file__).parent.parent
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
PAGES = [ROOT / "README.md", CONTRIBUTING, *sorted((ROOT / "docs").rglob("*.md"))]

#: Pages that show what is typed and printed are followed from top to bottom; of others every block is tried.
FOLLOWED = [page for page in PAGES if blocks(page, "console") and page != CONTRIBUTING]
#: Pages whose blocks another file of tests does, with something quick in the model's place.
ELSEWHERE = {
    "CONTRIBUTING": ("test_functional_contributing", "python", "diff", "yaml", "console"),
    "cluster": ("test_functional_deciding_pages", "bash", "sh"),
    "discover": ("test_functional_deciding_pages", "sh", "py"),
    "sensitivity": ("test_functional_deciding_pages", "sh", "py"),
    "studies": ("test_functional_studies_page", "sh", "sql", "py"),
    "solara": ("test_browser_solara", "text"),
}
#: What makes a command quick; what is said last holds.
QUICK = {
    "run": "--replications 1 --years 0.1 --workers 1",
    "compare": "--replications 2 --years 0.1 --workers 1",
    "averted": "--replications 2 --years 0.1 --workers 1",
    "sweep": "--replications 1 --workers 1",
    "evaluate": "--worlds 4 --workers 1",
}
READ = [page for page in PAGES if page not in (*FOLLOWED, CONTRIBUTING)]
#: The recipes are about a town, and this one makes it.
OUR_TOWN = ROOT / "docs" / "how_to" / "own_site.md"
EXAMPLES = ROOT / "docs" / "examples"


def is_typed(page: Path, block: Shown) -> bool:
    """Return whether a block is commands without what they print, for this file to type."""
    other = page.stem in ELSEWHERE and block.language in ELSEWHERE[page.stem]
    return block.language == "sh" and not block.not_run and not other


@pytest.fixture(autouse=True)
def _the_posterior_ships(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do as a reader's copy does: what it prints, it prints under the draws that ship."""
    monkeypatch.setattr(draws, "shipped_posterior", shipped_posterior)


TYPED = [page for page in PAGES if any(is_typed(page, block) for block in shown_blocks(page))]


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


@pytest.mark.parametrize("page", TYPED, ids=lambda page: page.stem)
def test_what_a_page_types_is_done(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lab, "live", stand_in_areas.live)
    typed = "".join(block.content for block in shown_blocks(page) if is_typed(page, block))
    for block in blocks(page, "yaml") if "ours.yaml" in typed else ():
        Path("ours.yaml").write_text(block.content, encoding="utf-8")
    for line in typed.splitlines():
        program, *arguments = shlex.split(line, comments=True)
        if program == "make":
            subprocess.run(["make", "--dry-run", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        else:
            assert Path(program).name == "iom", line
            varied = arguments[0] in ("sweep", "averted")
            model = stand_in.respond if varied else stand_in.replicate
            monkeypatch.setattr(simulation.replication, "replicate", model)
            quick = QUICK.get(arguments[0], "").split()
            result = CliRunner().invoke(app, [*arguments, *quick], env={"NO_COLOR": "1", "COLUMNS": "80"})
            assert result.exit_code == 0, f"{line}\n{result.output}"


def test_every_block_is_done_or_says_why_not() -> None:
    """A block that nobody runs has a comment above it: ``<!-- not run: why -->``."""
    done = {"console", "yaml", "python", "diff", "sh"}
    for page in PAGES:
        for block in shown_blocks(page):
            test, *languages = ELSEWHERE.get(page.stem, ("", ""))
            if block.language in languages:
                source = (ROOT / "tests" / f"{test}.py").read_text(encoding="utf-8")
                assert page.name in source or f'"{page.stem}' in source, f"{test} is not about {page}"
            else:
                assert block.language in done or block.not_run, f"{page}:{block.line}: nobody runs this"
            assert block.language in done | set(languages), f"{page}:{block.line}: in no language"


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


def test_links_and_pictures_exist() -> None:
    for page in PAGES:
        for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]+))?\)", page.read_text(encoding="utf-8")):
            there = page.parent / target if target else page
            assert there.exists(), f"{page}: {target}"
            assert not anchor or there.suffix != ".md" or anchor in anchors(there), (
                f"{page}: {target}#{anchor}"
            )


def anchors(page: Path) -> set[str]:
    """Return where links can lead within a page: its headings, and places with a name."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)
    return {*plain, *re.findall(r'<a id="([^"]+)">', text)}
