"""The programs side by side: seconds, counts, and tests that they agree before a time counts.

Seconds are of the processor, so that other work on the machine disturbs them less, and the least of some
runs, taken in turn in one process. Python's cycle collector stays on, as in ordinary use; it takes about a
third of plain SimPy's time when thousands of contacts are under way, and little of the model's.
"""

import gc
import math
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

from experiments.benchmark import rules
from experiments.benchmark.agreement import ALPHA, Test, agree, holm
from experiments.benchmark.law import law
from experiments.benchmark.start import OUTCOMES, Counts, Program, ours, pool, start

OURS = "ours"
#: The programs by the module that holds them.
NAMES = {
    "plain": "plain SimPy", "plain_mesa": "plain Mesa", "ciw_program": "Ciw", "kernel": "compiled kernel",
}  # fmt: skip


class Case(NamedTuple):
    """One size of the comparison: who takes part, and what ratio of times is to be reached."""

    name: str
    pool_per_year: float
    managed: int
    programs: tuple[str, ...]
    #: Times as fast as the program that ours is to be; for the kernel, times as slow as ours may be.
    bars: dict[str, float]
    #: Whether only contacts are compared, among people who all stay at liberty.
    quiet: bool = False
    runs: int = 6
    days: int = 365


SMALL = Case(
    "2,000 people, 438 managed", 2900, 438, ("plain", "plain_mesa", "kernel"), {"plain": 6.0}
)  # fmt: skip
LARGE = Case(
    "4,380 people, all managed", 6350, 4380, ("plain", "plain_mesa", "kernel"),
    {"plain": 20.0, "plain_mesa": 20.0, "kernel": 2.0}, runs=3,
)  # fmt: skip
QUIET = Case("438 managed, only queues", 2900, 438, ("ciw_program",), {}, quiet=True, days=350)


class Row(NamedTuple):
    """What one program took for a case."""

    program: str
    seconds: float
    offender_days_per_second: float
    contacts_per_second: float
    #: Seconds against ours: above one, ours is quicker.
    times_ours: float
    bar: float | None
    reached: bool | None


class Compared(NamedTuple):
    """A case, timed and tested."""

    case: Case
    people: int
    rows: list[Row]
    #: Tests by program and outcome, and p-values after Holm.
    tests: dict[tuple[str, str], Test]
    adjusted: dict[tuple[str, str], float]


def programs(names: tuple[str, ...]) -> dict[str, Program]:
    """Return programs by name.

    Raises
    ------
    ModuleNotFoundError
        If the library of one is missing: ``pip install "iom-sim[bench]"`` brings it.
    """
    return {name: import_module(f"experiments.benchmark.{name}").run for name in names}


def runs_of(case: Case) -> tuple[int, dict[str, list[tuple[float, Counts]]]]:
    """Return the number of people, and seconds and counts of each program's runs, taken in turn."""
    values = rules.parameters(pool_per_year=case.pool_per_year, managed=case.managed, quiet=case.quiet)
    careers = pool(values, quiet=case.quiet)
    numbers, first, days = law(values), start(values, careers), case.days
    others = programs(case.programs)
    if "kernel" in others:
        others["kernel"](numbers, first, 1, 0)
    found = defaultdict(list)
    for number in range(case.runs):
        found[OURS].append(timed(partial(ours, values, careers, days, number)))
        for name, program in others.items():
            found[name].append(timed(partial(program, numbers, first, days, 1000 + number)))
    return len(careers), dict(found)


def timed(run: Callable[[], Counts]) -> tuple[float, Counts]:
    """Return the seconds of the processor that a run takes, and what it counts."""
    gc.collect()  # Nobody pays for what the run before left behind.
    begun = time.process_time()
    counts = run()
    return time.process_time() - begun, counts


def tests(found: dict[str, list[tuple[float, Counts]]]) -> dict[tuple[str, str], Test]:
    """Test each program's outcomes against ours, those that it can say."""
    pairs = [
        (name, outcome)
        for name in found
        for outcome in OUTCOMES
        if name != OURS and not math.isnan(getattr(found[name][0][1], outcome))
    ]

    def each(name: str, outcome: str) -> list[float]:
        return [getattr(counts, outcome) for _, counts in found[name]]

    return {
        (name, outcome): agree(each(OURS, outcome), each(name, outcome), len(pairs))
        for name, outcome in pairs
    }


def compare(case: Case) -> Compared:
    """Return what each program takes, and whether it agrees with ours."""
    people, found = runs_of(case)
    least = {name: min(seconds for seconds, _ in runs) for name, runs in found.items()}
    rows = []
    for name, runs in found.items():
        contacts = sum(counts.contacts for _, counts in runs) / len(runs)
        ratio, bar = least[name] / least[OURS], case.bars.get(name)
        reached = None if bar is None else (1 / ratio <= bar if name == "kernel" else ratio >= bar)
        lived = math.nan if case.quiet else people * case.days / least[name]
        rows.append(
            Row(NAMES.get(name, name), least[name], lived, contacts / least[name], ratio, bar, reached)
        )
    tested = tests(found)
    adjusted = dict(zip(tested, holm([test.p for test in tested.values()]), strict=True))
    return Compared(case, people, rows, tested, adjusted)


def disagreeing(compared: Compared) -> list[tuple[str, str]]:
    """Return programs and outcomes that differ from ours by the tests: their times do not count."""
    return [pair for pair, p in compared.adjusted.items() if p <= ALPHA]


def as_json(compared: Compared) -> dict[str, Any]:
    """Return a case as plain JSON values."""
    return {
        "case": compared.case.name, "people": compared.people,
        "rows": [row._asdict() for row in compared.rows],
        "agreement": [
            {"program": NAMES[who], "outcome": what, **test._asdict(), "p_holm": compared.adjusted[who, what]}
            for (who, what), test in compared.tests.items()
        ],
    }  # fmt: skip
