"""What the pages on sensitivity, discovery, clusters and notebooks show is what happens."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from typer.testing import CliRunner

import simulation.replication
from experiments.command_line import app
from tests import stand_in
from tests.reader import FIGURE

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "how_to"
ALONE = ("sweep", "sensitivity", "compare")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (FOLDER / page).read_text(), re.DOTALL)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(simulation.replication, "replicate", stand_in.depends_on_effect)


def follow(page: str) -> str:
    """Type a page's commands after its file is saved, and return what they print."""
    for text in blocks(page, "yaml"):
        Path("unsure.yaml").write_text(text)
    said = ""
    for line in "".join(blocks(page, "sh")).splitlines():
        program, *arguments = shlex.split(line)
        assert program == "iom"
        alone = ["--workers", "1"] if arguments[0] in ALONE else []
        result = CliRunner().invoke(app, [*arguments, *alone], env={"NO_COLOR": "1", "COLUMNS": "80"})
        assert result.exit_code == 0, result.output
        said += " ".join(result.output.split())
    return said


def test_the_page_on_sensitivity_does_what_it_shows(capsys: pytest.CaptureFixture[str]) -> None:
    said = follow("sensitivity.md")
    assert "Next: the same command with --method sobol --factor cohort.ceiling" in said
    assert "Files in results/unsure-sobol" in said
    (code,) = blocks("sensitivity.md", "py")
    exec(compile(code.replace("workers=2", "workers=1"), "page", "exec"), {"__name__": "__main__"})
    assert "forms.hub.coordination_saved_share" in capsys.readouterr().out


def test_the_page_on_discovery_does_what_it_shows(capsys: pytest.CaptureFixture[str]) -> None:
    said = follow("discover.md")
    assert "hub less no-colocation fails to break even in 32 of 64 points" in said
    (code,) = blocks("discover.md", "py")
    exec(compile(code, "page", "exec"), {})
    assert "highest_regret" in capsys.readouterr().out


@contextmanager
def started(*command: str) -> Iterator["subprocess.Popen[str]"]:
    """Start a program from the page, and end it afterwards."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-m", *command]
    with subprocess.Popen(program, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def test_the_page_on_clusters_does_what_it_shows() -> None:
    first, second = blocks("cluster.md", "bash")[0].splitlines()
    assert first.startswith("dask scheduler --host 10.0.0.5 --port 8786")
    begin = first.replace("10.0.0.5", "127.0.0.1").replace("8786", "0").split()
    serve = second.replace("auto", "1").split()
    with started(*begin, "--no-dashboard") as scheduler:
        assert scheduler.stderr is not None
        found = (re.search(r"tcp://127.0.0.1:\d+", line) for line in scheduler.stderr)
        address = next(match for match in found if match)[0]
        serve[2] = address
        with started(*serve, "--no-dashboard") as worker:
            assert worker.stderr is not None
            next(
                line
                for line in worker.stderr
                if "Starting established connection" in line or "Registered" in line
            )
            Path("officers.yaml").write_text(blocks("discover.md", "yaml")[0].replace("64", "8"))
            for line in blocks("cluster.md", "sh")[0].splitlines():
                arguments = line.replace("tcp://10.0.0.5:8786", address).split()[1:]
                result = CliRunner().invoke(app, arguments)
                assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs" / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem
)
def test_a_notebook_runs_and_shows_what_it_shows(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    kept = nbformat.read(path, as_version=4)
    again = nbformat.read(path, as_version=4)
    NotebookClient(again, timeout=120).execute()
    assert [in_form(cell) for cell in again.cells] == [in_form(cell) for cell in kept.cells]


def in_form(cell: nbformat.NotebookNode) -> list[str]:
    """Return what a cell prints, a figure standing for a figure: another processor has others."""
    texts = [
        out.get("text") or out["data"]["text/plain"]
        for out in cell.get("outputs", [])
        if out.get("name") != "stderr"
    ]
    return [re.sub(r"[\s#]+", " ", FIGURE.sub("#", text)) for text in texts]
