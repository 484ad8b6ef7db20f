"""Put small mistakes into the simulation, one at a time, and see whether the tests notice.

``make mutants`` does so with 400 of them, drawn by a seed, and goes on where it was stopped. Each meets tests
that pass through its line: those about its room, then the numbers of sites that are kept, then the quickest
of all others; a declaration, which no test passes through, meets those of the pages that are made from it. A
test that fails without any mistake kills nothing. What survived and why goes into
``docs/tables/mutants.csv``: the last column is written by hand, and kept.
"""

import argparse
import ast
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from random import Random
from xml.etree import ElementTree

from coverage import CoverageData
from scipy.stats import binomtest

from tests.mutation import Mutant, mutants, mutated

HERE = Path(__file__).parent
ROOT = HERE.parent
ROOM = ROOT / "simulation"
COLUMNS = ("file", "line", "column", "operator", "was", "becomes", "outcome", "by", "reason")
#: Tests about a room, and others, that a mutant meets at the most: so many, so many seconds long together.
MOST_TESTS, MOST_SECONDS = 80, 45.0
KEPT_NUMBERS = "tests/test_statistical_baseline.py::test_a_site_gives_the_numbers_that_are_kept"
#: Tests of what is made from declarations.
OF_DECLARATIONS = ["tests/test_functional_declared_pages.py", "tests/test_functional_schema.py"]
#: Tests that start programs, draw pictures or follow pages take long and look at no line of the model.
LEFT_OUT = "not (test_browser or {})".format(
    " or ".join(
        f"test_functional_{name}"
        for name in (
            "workshop",
            "docs",
            "report",
            "safety",
            "cluster",
            "fuzz",
            "caseload",
            "runner",
            "commands",
        )
    )
)
#: The first columns tell mutants apart.
PLACE = 6
Row = dict[str, str]


class Tests:
    """Which tests pass through a line, and how long each takes.

    Parameters
    ----------
    folder
        Where the coverage of every test was measured, and how long it took.
    """

    def __init__(self, folder: Path) -> None:
        self.data = CoverageData(str(folder / "coverage"))
        self.data.read()
        self.files = {Path(file).name: file for file in self.data.measured_files() if "simulation" in file}
        cases = ElementTree.parse(folder / "times.xml").iter("testcase")
        self.seconds = {(c.attrib["classname"], c.attrib["name"]): float(c.attrib["time"]) for c in cases}

    def through(self, mutant: Mutant) -> list[str]:
        """Return the tests that a mutant meets, in their order."""
        file = self.files.get(Path(mutant.file).name)
        lines = self.data.contexts_by_lineno(file) if file else {}
        contexts = set(lines.get(mutant.line, ())) - {""}
        declared = not contexts
        contexts = contexts or {context for found in lines.values() for context in found if context}
        names = sorted({context.split("|")[0] for context in contexts}, key=self._seconds)
        about = _about(Path(mutant.file).stem)
        own = [name for name in names if name.split("::")[0] in about]
        kept = [name for name in names if name.startswith(KEPT_NUMBERS)]
        others = [name for name in names if name not in own and name not in kept]
        made = OF_DECLARATIONS if declared else []
        return [*self._shortest(own), *made, *kept, *self._shortest(others)]

    def _shortest(self, names: list[str]) -> list[str]:
        chosen, total = [], 0.0
        for name in names[:MOST_TESTS]:
            total += self._seconds(name)
            if chosen and total > MOST_SECONDS:
                break
            chosen.append(name)
        return chosen

    def _seconds(self, name: str) -> float:
        path, *parts, last = name.split("::")
        return self.seconds.get((".".join([path.removesuffix(".py").replace("/", "."), *parts]), last), 1.0)


def measure(folder: Path, chosen: Iterable[str]) -> None:
    """Run the tests once, and keep which of them passes through which line."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-k", LEFT_OUT, *chosen]
    command += ["--cov=simulation", "--cov-context=test", "--cov-report="]
    command += [f"--junitxml={folder / 'times.xml'}"]
    environment = _environment(ROOT) | {"COVERAGE_FILE": str(folder / "coverage")}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


@cache
def _about(room: str) -> set[str]:
    """Return the files of tests that import a room by name."""
    return {f"tests/{file.name}" for file in HERE.glob("test_*.py") if room in _rooms(file)}


@cache
def _rooms(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "simulation":
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("simulation."):
            found.add((node.module or "").split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {part.name.split(".")[1] for part in node.names if part.name.startswith("simulation.")}
    return found


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
        #: Tests that killed, and whether they pass where there is no mistake.
        self.sound: dict[str, bool] = {}

    def judged(self, mutant: Mutant, tests: list[str]) -> Row:
        """Return what became of a mutant."""
        row = {name: str(getattr(mutant, name))[:160] for name in COLUMNS[:PLACE]} | {"by": "", "reason": ""}
        if not tests:
            return row | {"outcome": "survived", "reason": "no test passes through it"}
        tree = self.trees.get()
        by = ""
        try:
            while tests:
                by = self._met(tree, mutant, tests)
                fewer = [name for name in tests if not by.startswith(name)]
                if "::" not in by or self._is_sound(tree, by) or len(fewer) == len(tests):
                    break
                tests, by = fewer, ""
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

    def _is_sound(self, tree: Path, test: str) -> bool:
        if test not in self.sound:
            self.sound[test] = not _killer(tree, [test])
        return self.sound[test]


def _killer(tree: Path, tests: list[str]) -> str:
    """Return the first test that fails in a copy of the project; nothing if all pass."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-x", "-q", "-rfE", "-p", "no:cacheprovider"]
    try:
        ran = subprocess.run(
            [*command, "--tb=no", *tests],
            cwd=tree,
            env=_environment(tree),
            capture_output=True,
            text=True,
            timeout=120 + 10 * MOST_SECONDS,
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


def _environment(tree: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(tree)}


def rates(rows: list[Row]) -> list[list[str]]:
    """Return how many of each kind of mistake were killed, and the exact 95% interval of the rate."""
    table = [["operator", "mutants", "killed", "rate", "low", "high"]]
    for operator in (*sorted({row["operator"] for row in rows}), "all"):
        own = [row for row in rows if operator in (row["operator"], "all")]
        killed = sum(row["outcome"] == "killed" for row in own)
        low, high = binomtest(killed, len(own)).proportion_ci(0.95, "exact")
        table.append(
            [operator, str(len(own)), str(killed), *(f"{x:.3f}" for x in (killed / len(own), low, high))]
        )
    return table


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in COLUMNS[:PLACE])


def main() -> None:
    """Draw mutants, meet each with its tests, and write what became of them."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--number", type=int, default=400)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument(
        "--kept", type=Path, default=ROOT / "results" / "mutants", help="the coverage of every test"
    )
    asked.add_argument("--workers", type=int, default=1, help="copies of the project at once")
    asked.add_argument(
        "--tests", nargs="*", default=["tests"], help="tests to measure, if that is still to do"
    )
    asked.add_argument("--out", type=Path, default=ROOT / "docs" / "tables" / "mutants.csv")
    said = asked.parse_args()
    if not (said.kept / "times.xml").exists():
        measure(said.kept, said.tests)
    tests = Tests(said.kept)
    everything = [mutant for file in sorted(ROOM.glob("*.py")) for mutant in mutants(file)]
    drawn = Random(said.seed).sample(everything, min(said.number, len(everything)))
    known = {_key(row): row for row in _read(said.out)}
    keys = [tuple(str(getattr(mutant, name))[:160] for name in COLUMNS[:PLACE]) for mutant in drawn]
    todo = [(mutant, key) for mutant, key in zip(drawn, keys, strict=True) if key not in known]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(said.workers) as pool:
        court = Court(Path(folder), said.workers)
        work = {pool.submit(court.judged, mutant, tests.through(mutant)): key for mutant, key in todo}
        for done in as_completed(work):
            row = known[work[done]] = done.result()
            print(*row.values(), sep=" | ", flush=True)
            # Also what a longer run before this one came to, so that nothing is lost.
            _write(said.out, [list(COLUMNS), *([known[k][n] for n in COLUMNS] for k in keys if k in known)])
    rows = [known[key] for key in keys]
    _write(said.out, [list(COLUMNS), *([row[name] for name in COLUMNS] for row in rows)])
    table = rates(rows)
    _write(said.out.with_name("mutants_rates.csv"), table)
    *_, drawn_, killed, rate, low, high = table[-1]
    print(f"of {drawn_} out of {len(everything):,} mutants {killed} were killed: {rate}, {low} to {high}")


def _read(file: Path) -> list[Row]:
    if not file.exists():
        return []
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _write(file: Path, rows: list[list[str]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
