"""A court for mutants: copies of the project in which each meets its tests, and what became of it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from queue import SimpleQueue

from tests.mutation import Mutant, mutated

ROOT = Path(__file__).parent.parent
COLUMNS = ("file", "line", "column", "operator", "was", "becomes", "outcome", "by", "reason")
#: The first columns tell mutants apart.
PLACE = 6
#: Tests with one mistake take longer than without: some never end.
MOST_SECONDS = 600.0
Row = dict[str, str]


def told(mutant: Mutant) -> dict[str, str]:
    """Return the columns that tell a mutant from all others."""
    return {name: str(getattr(mutant, name))[:160] for name in COLUMNS[:PLACE]}


class Court:
    """Copies of the project in which mutants meet their tests, as many at once as there are copies.

    Parameters
    ----------
    folder
        Where the copies are made.
    copies
        How many.
    """

    def __init__(self, folder: Path, copies: int) -> None:
        self.trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(copies):
            tree = folder / f"tree{number}"
            ignored = shutil.ignore_patterns(
                ".git", ".venv", "results", "__pycache__", ".*_cache", ".hypothesis"
            )
            shutil.copytree(ROOT, tree, ignore=ignored)
            self.trees.put(tree)
        #: Tests that killed, one or all, and whether they pass where there is no mistake.
        self.sound: dict[str, bool] = {}

    def judged(self, mutant: Mutant, tests: list[str]) -> Row:
        """Return what became of a mutant."""
        row = told(mutant) | {"by": "", "reason": ""}
        if not tests:
            return row | {"outcome": "survived", "reason": "no test passes through it"}
        tree = self.trees.get()
        by = ""
        try:
            while tests:
                by = self._met(tree, mutant, tests)
                fewer = [name for name in tests if not _is(by, name)] if "::" in by else []
                if not by or self._is_sound(tree, [by] if "::" in by else tests):
                    break
                # What fails anyway, and is none of those asked for, would be met for ever.
                tests, by = fewer if len(fewer) < len(tests) else [], ""
        finally:
            self.trees.put(tree)
        return row | {"outcome": "killed" if by else "survived", "by": by}

    def _met(self, tree: Path, mutant: Mutant, tests: list[str]) -> str:
        """Return the first test that fails with a mutant in a copy, which is as before when this returns."""
        file = tree / mutant.file
        text = file.read_text(encoding="utf-8")
        try:
            file.write_text(mutated(text, mutant.number), encoding="utf-8")
            _forget(file)
            return _killer(tree, tests)
        finally:
            file.write_text(text, encoding="utf-8")
            _forget(file)

    def _is_sound(self, tree: Path, tests: list[str]) -> bool:
        key = "\n".join(tests)
        if key not in self.sound:
            self.sound[key] = not _killer(tree, tests)
        return self.sound[key]


def _is(test: str, name: str) -> bool:
    """Return whether a test is one of those that a name asks for: itself, its cases, or those of a file."""
    return test == name or test.startswith((f"{name}[", f"{name}::"))


def _killer(tree: Path, tests: list[str]) -> str:
    """Return the first test that fails in a copy of the project; nothing if all pass."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-x", "-q", "-rfE", "-p", "no:cacheprovider"]
    try:
        ran = subprocess.run(
            [*command, "--tb=no", *tests],
            cwd=tree,
            env=environment(tree),
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return "time-out"
    if ran.returncode == 0:
        return ""
    first = re.search(r"^(?:FAILED|ERROR) (\S+::.+?)(?: - .*)?$", ran.stdout, re.MULTILINE)
    return first[1] if first else "what every test imports"


def _forget(file: Path) -> None:
    # Bytecode is told from text by second and length, and a mistake can leave both alike.
    for made in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        made.unlink()


def environment(tree: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(tree)}
