"""A contributor who does what CONTRIBUTING says, in a copy of the repository."""

import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from tests.reader import follow

ROOT = Path(__file__).parent.parent
COPIED = ("simulation", "scenarios", "calibration", "experiments", "tests", "docs")


def test_the_example_can_be_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in COPIED:
        copytree(ROOT / folder, tmp_path / folder, ignore=ignore_patterns("__pycache__"))
    for file in ROOT.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    _set_up(tmp_path / ".venv" / "bin")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:cacheprovider")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    follow(ROOT / "CONTRIBUTING.md")
    assert "`compliance.lifts.share`" in Path("docs/parameters.md").read_text(encoding="utf-8")
    assert "[Lifts" not in Path("docs/practices/README.md").read_text(encoding="utf-8"), "nobody measured it"


def _set_up(programs: Path) -> None:
    """Put this Python, and the command, where ``make`` would have set them up."""
    programs.mkdir(parents=True)
    for name, run in (("python", ""), ("iom", " -m experiments")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}"{run} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    (programs.parent / ".ready").touch()
