"""The benchmark's tables and picture, for people and for the page of the documentation."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from calibration.tables import write_table
from experiments.benchmark.agreement import ALPHA
from experiments.benchmark.compare import NAMES, OURS, Compared, disagreeing
from experiments.benchmark.growth import Point
from experiments.drawing import drawing

Line = Sequence[str]


def verdict(reached: bool) -> str:
    """Return the word for a bar."""
    return "reached" if reached else "fallen short"


class Bar(NamedTuple):
    """A figure beside its bar."""

    what: str
    figure: str
    bar: str
    reached: bool

    @property
    def verdict(self) -> str:
        """The word for it."""
        return verdict(self.reached)


def bars_of(compared: Compared) -> list[Bar]:
    """Return what a case says of its bars; a program that does not agree reaches none."""
    apart = {NAMES[name] for name, _ in disagreeing(compared)}
    found = []
    for row in compared.rows:
        if row.bar is None:
            continue
        kernel = row.program == NAMES["kernel"]
        figure = (
            f"{1 / row.times_ours:.1f} times as slow" if kernel else f"{row.times_ours:.1f} times as fast"
        )
        bar = f"at most {row.bar:g}" if kernel else f"at least {row.bar:g}"
        agrees = row.program not in apart
        what = f"{compared.case.name}: ours against {row.program}"
        found.append(
            Bar(what, figure if agrees else f"{figure}, but they differ", bar, agrees and bool(row.reached))
        )
    return found


def speed(cases: Iterable[Compared]) -> list[Line]:
    """Return the table of programs, a row each with its case."""
    head = ("case", "program", "days", "seconds", "offender-days a second", "contacts a second",
            "seconds against ours", "agrees with ours")  # fmt: skip
    rows: list[Line] = [head]
    for compared in cases:
        apart = {NAMES[name] for name, _ in disagreeing(compared)}
        for row in compared.rows:
            lived = row.offender_days_per_second
            agrees = "" if row.program == OURS else "no" if row.program in apart else "yes"
            rows.append((
                compared.case.name, row.program, str(compared.case.days), f"{row.seconds:.3g}",
                "" if math.isnan(lived) else f"{lived:,.0f}", f"{row.contacts_per_second:,.0f}",
                f"{row.times_ours:.3g}", agrees,
            ))  # fmt: skip
    return rows


def agreement(cases: Iterable[Compared]) -> list[Line]:
    """Return the table of tests."""
    rows: list[Line] = [
        ("case", "program", "outcome", "ours", "theirs", "p after Holm", "would be found", "differs")
    ]
    for compared in cases:
        for (name, outcome), test in compared.tests.items():
            p = compared.adjusted[name, outcome]
            rows.append((
                compared.case.name, NAMES[name], outcome.replace("_", " "), f"{test.ours:,.0f}",
                f"{test.theirs:,.0f}", f"{p:.2f}", f"{test.seen_from_share:.1%}",
                "yes" if p <= ALPHA else "no",
            ))  # fmt: skip
    return rows


def growth(points: Iterable[Point]) -> list[Line]:
    """Return the table of growth."""
    rows: list[Line] = [("what grows", "size", "seconds", "microseconds a person-day")]
    for point in points:
        rows.append((
            point.what, f"{point.size:,.0f}", f"{point.seconds:.3g}",
            f"{point.microseconds_per_person_day:.2f}",
        ))  # fmt: skip
    return rows


def profile(shares: dict[str, dict[str, float]]) -> list[Line]:
    """Return the table of phases, per cent by case."""
    phases = next(iter(shares.values()))
    rows: list[Line] = [("phase of the day", *(f"{name}, %" for name in shares))]
    rows += [(phase, *(f"{100 * case[phase]:.0f}" for case in shares.values())) for phase in phases]
    return rows


def bars(found: Iterable[Bar]) -> list[Line]:
    """Return the table of bars."""
    return [
        ("what", "figure", "bar", "verdict"),
        *((bar.what, bar.figure, bar.bar, bar.verdict) for bar in found),
    ]


def write(folder: Path, tables: dict[str, list[Line]]) -> None:
    """Write tables as CSV files, each called ``benchmark_`` and its name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        write_table(folder / f"benchmark_{name}.csv", rows)


def draw(cases: Sequence[Compared], points: Sequence[Point], path: Path) -> None:
    """Draw how long each program takes for a day, and what a person-day costs us among more people."""
    import pandas as pd
    import seaborn as sns

    path.parent.mkdir(parents=True, exist_ok=True)
    with drawing(path, 1, 2, size=(12, 4.6), width_ratios=(1.6, 1)) as (_, panes):
        left, right = panes[0]
        rows = [
            {"case": case.case.name, "program": row.program, "ms": 1000 * row.seconds / case.case.days}
            for case in cases
            for row in case.rows
        ]
        sns.barplot(pd.DataFrame(rows), y="case", x="ms", hue="program", palette="colorblind", ax=left)
        left.set(xscale="log", xlabel="milliseconds a simulated day", ylabel="")
        left.legend(title="", loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=5, fontsize=9)
        people = [
            (point.size, point.microseconds_per_person_day) for point in points if point.what == "people"
        ]
        size, cost = zip(*people, strict=True)
        right.semilogx(size, cost, marker="o", color=sns.color_palette("colorblind")[0])
        right.set_ylim(bottom=0)
        right.set(xlabel="people, a fifth of them managed", ylabel="microseconds a person-day, ours")
