"""Put small mistakes into the simulation, one at a time, and see whether the tests notice.

``make mutants`` does so with 400 of them, drawn by a seed, and goes on where it was stopped. Each meets tests
that pass through its line: those about its room, then the numbers of sites that are kept, then the quickest
of all others; a declaration, which no test passes through, meets those of the pages that are made from it. A
test that fails without any mistake kills nothing. What became of each goes into ``results/mutants``, and from
there into ``docs/tables``; the last column, why a mistake makes no difference, is written by hand.
``--again`` meets those that survived without a reason once more, when tests have been written: the rate stays
that of the first time.
"""

import argparse
import ast
import csv
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cache
from pathlib import Path
from random import Random
from xml.etree import ElementTree

from coverage import CoverageData
from scipy.stats import binomtest

from calibration.tables import write_table
from tests.court import COLUMNS, PLACE, ROOT, Court, Row, environment, told
from tests.mutation import Mutant, mutants

HERE = Path(__file__).parent
ROOM = ROOT / "simulation"
#: Tests about a room, and others, that a mutant meets at the most: so many, so many seconds long together.
MOST_TESTS, MOST_SECONDS = 80, 45.0
#: Lines by which a line may have moved and be known again.
MOVED_LINES = 40
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
        if declared:
            # No run passes through it, and a test that reads it alone would not be known.
            own = sorted(about, key=self._seconds_of_file)
        kept = [name for name in names if name.startswith(KEPT_NUMBERS)]
        others = [name for name in names if name not in own and name not in kept]
        made = OF_DECLARATIONS if declared else []
        return [*self._shortest(own), *made, *kept, *self._shortest(others)]

    def _shortest(self, names: list[str]) -> list[str]:
        chosen, total = [], 0.0
        for name in names[:MOST_TESTS]:
            total += self._seconds(name) if "::" in name else self._seconds_of_file(name)
            if chosen and total > MOST_SECONDS:
                break
            chosen.append(name)
        return chosen

    def _seconds_of_file(self, name: str) -> float:
        room = name.removesuffix(".py").replace("/", ".")
        return sum(seconds for (where, _), seconds in self.seconds.items() if where.startswith(room))

    def _seconds(self, name: str) -> float:
        path, *parts, last = name.split("::")
        return self.seconds.get((".".join([path.removesuffix(".py").replace("/", "."), *parts]), last), 1.0)


def measure(folder: Path, chosen: Iterable[str]) -> None:
    """Run the tests once, and keep which of them passes through which line."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-k", LEFT_OUT, *chosen]
    command += ["--cov=simulation", "--cov-context=test", "--cov-report="]
    command += [f"--junitxml={folder / 'unfinished.xml'}"]
    measured = environment(ROOT) | {"COVERAGE_FILE": str(folder / "coverage")}
    subprocess.run(command, cwd=ROOT, env=measured, check=True)
    (folder / "unfinished.xml").replace(folder / "times.xml")


def is_measured(folder: Path) -> bool:
    """Return whether the tests have been measured since a room or a test was last written."""
    times = folder / "times.xml"
    files = [*ROOM.glob("*.py"), *HERE.glob("test_*.py")]
    return times.exists() and times.stat().st_mtime > max(file.stat().st_mtime for file in files)


@cache
def _about(room: str) -> set[str]:
    """Return the files of tests that import a room or bear its name."""
    named = {file for file in HERE.glob("test_*.py") if file.stem.partition("_")[2].partition("_")[2] == room}
    return {f"tests/{file.name}" for file in HERE.glob("test_*.py") if file in named or room in _rooms(file)}


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


def rates(rows: list[Row]) -> list[list[str]]:
    """Return how many of each kind of mistake were killed at first, the rate and its exact 95% interval."""
    table = [
        ["operator", "mutants", "killed", "rate", "low", "high", "killed_since", "rewritten", "explained"]
    ]
    for operator in (*sorted({row["operator"] for row in rows}), "all"):
        own = [row for row in rows if operator in (row["operator"], "all")]
        killed = sum(row["outcome"] == "killed" for row in own)
        since, gone = (sum(row["outcome"] == what for row in own) for what in ("killed since", "gone"))
        explained = sum(row["outcome"] == "survived" and bool(row["reason"]) for row in own)
        low, high = binomtest(killed, len(own)).proportion_ci(0.95, "exact")
        figures = [f"{share:.3f}" for share in (killed / len(own), low, high)]
        table.append([operator, str(len(own)), str(killed), *figures, str(since), str(gone), str(explained)])
    return table


def noticed(rows: list[Row]) -> list[list[str]]:
    """Return how many mistakes were noticed the first time by tests of each kind."""
    by = [row["by"] for row in rows if row["outcome"] == "killed"]
    kinds = {
        "a test of what a rule does": lambda test: "::" in test,
        "a page that is made from declarations": lambda test: test.startswith(tuple(OF_DECLARATIONS)),
        "a sum or a series of a site that is kept": lambda test: test.startswith(KEPT_NUMBERS),
        "nothing could begin, or a test never ended": lambda test: "::" not in test,
    }  # fmt: skip
    count = Counter([kind for kind, of in kinds.items() if of(test)][-1] for test in by)
    return [["what_noticed", "mutants"], *([kind, str(count[kind])] for kind in kinds)]


def left(rows: list[Row]) -> list[list[str]]:
    """Return what survives still, place by place, and why it makes no difference if that is known."""

    def shown(row: Row) -> list[str]:
        code = [f"`{row[name]}`".replace("|", "\\|") for name in ("was", "becomes")]
        return [f"{row['file']}:{row['line']}", *code, row["reason"]]

    alive = sorted(shown(row) for row in rows if row["outcome"] == "survived")
    return [["where", "what_stands_there", "what_would", "why_nothing_notices"], *alive]


def found_again(row: Row, everything: list[Mutant]) -> Mutant | None:
    """Return the mutant of today's text that an earlier row was about, wherever its line is by now."""
    same = ("file", "column", "operator", "was", "becomes")
    alike = [
        mutant for mutant in everything
        if all(told(mutant)[name] == row[name] for name in same)
        and abs(mutant.line - int(row["line"])) <= MOVED_LINES
    ]  # fmt: skip
    return min(alike, key=lambda mutant: abs(mutant.line - int(row["line"])), default=None)


def meet(todo: dict[int, Mutant], said: argparse.Namespace) -> Iterator[tuple[int, Row]]:
    """Yield what becomes of mutants, by their place in the sample, as it is known."""
    if not todo:
        return
    if not is_measured(said.kept):
        measure(said.kept, said.tests)
    tests = Tests(said.kept)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(said.workers) as pool:
        court = Court(Path(folder), said.workers)
        work = {pool.submit(court.judged, mutant, tests.through(mutant)): at for at, mutant in todo.items()}
        for done in as_completed(work):
            row = done.result()
            print(*row.values(), sep=" | ", flush=True)
            yield work[done], row


def first(said: argparse.Namespace, everything: list[Mutant]) -> list[Row]:
    """Draw mutants, and meet those that have not met their tests."""
    drawn = Random(said.seed).sample(everything, min(said.number, len(everything)))
    known = {_key(row): row for row in _read(said.out)}
    if not set(known) <= {_key(told(mutant)) for mutant in drawn}:
        raise SystemExit(
            f"{said.out} holds mutants of another text; expected those of this one: move it away"
        )
    rows = {at: known[_key(told(mutant))] for at, mutant in enumerate(drawn) if _key(told(mutant)) in known}
    todo = {at: mutant for at, mutant in enumerate(drawn) if at not in rows}
    for at, row in meet(todo, said):
        rows[at] = row
        write_table(said.out, _table([rows[place] for place in sorted(rows)]))
    return [rows[at] for at in range(len(drawn))]


def again(said: argparse.Namespace, everything: list[Mutant]) -> list[Row]:
    """Meet the survivors that nothing explains once more."""
    rows = dict(enumerate(_read(said.out)))
    todo = {}
    for at, row in rows.items():
        if row["outcome"] == "survived" and not row["reason"]:
            mutant = found_again(row, everything)
            if mutant is None:
                rows[at] = row | {"outcome": "gone", "reason": "its line reads otherwise by now"}
            else:
                todo[at] = mutant
    for at, row in meet(todo, said):
        if row["outcome"] == "killed":
            rows[at] = rows[at] | {"outcome": "killed since", "by": row["by"]}
        write_table(said.out, _table(list(rows.values())))
    return list(rows.values())


def _key(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in COLUMNS[:PLACE])


def _table(rows: list[Row]) -> list[list[str]]:
    return [list(COLUMNS), *([row[name] for name in COLUMNS] for row in rows)]


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
    asked.add_argument("--out", type=Path, default=ROOT / "results" / "mutants" / "mutants.csv")
    asked.add_argument("--again", action="store_true", help="meet unexplained survivors once more")
    said = asked.parse_args()
    said.out.parent.mkdir(parents=True, exist_ok=True)
    everything = [mutant for file in sorted(ROOM.glob("*.py")) for mutant in mutants(file)]
    rows = (again if said.again else first)(said, everything)
    write_table(said.out, _table(rows))
    table = rates(rows)
    write_table(said.out.with_name("mutants_rates.csv"), table)
    write_table(said.out.with_name("mutants_left.csv"), left(rows))
    write_table(said.out.with_name("mutants_noticed.csv"), noticed(rows))
    print("\n".join(", ".join(line) for line in table))


def _read(file: Path) -> list[Row]:
    if not file.exists():
        return []
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


if __name__ == "__main__":
    main()
