"""Figures of one line a scenario: offences averted, minutes of contact, wrong bands."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.differences import TWIN
from experiments.report.figure import INK, MOST_SERIES, SERIES, Figure, left_out, sheet
from experiments.report.finding import about, clear
from experiments.report.reading import Reading, half_width
from experiments.report.table import Table, cells
from experiments.study import MAIN_OUTCOME
from experiments.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Series = NDArray[np.float64]

#: Weeks from one row of a table to the next, and of the quarter that headlines tell.
QUARTER = 13
#: Weeks that a smoothed line averages over.
SMOOTH = 4


def averted(reading: Reading) -> Figure | None:
    """Draw offences averted so far against no IOM, with the interval of the average."""

    def sums(scenario: str) -> "Series | None":
        own = reading.weekly(scenario, MAIN_OUTCOME)
        without = reading.weekly(scenario, f"twin_{MAIN_OUTCOME}")
        return None if own is None or without is None else np.cumsum(without - own, axis=1)

    return _lines(
        reading, sums, lambda _: f"Against no IOM, {reading.label(reading.base)}{_directly(reading)}",
        "Offences averted so far, committed in the whole area", "offences",
        "against the same people with the same luck and no IOM, in whole weeks; below zero there are more",
    )  # fmt: skip


def _directly(reading: Reading) -> str:
    row: Any = reading.difference(reading.base, TWIN, MAIN_OUTCOME)
    if row is None or row["n"] < 2 or not clear(row):
        return " shows no clear direction in offences committed"
    way = "fewer" if row["mean_difference"] < 0 else "more"
    return f" has about {about(row['mean_difference'])} {way} offences committed by the end"


def minutes(reading: Reading) -> Figure | None:
    """Draw minutes of contact a person and week."""
    return _lines(
        reading, lambda scenario: _over_caseload(reading, scenario, "contact_minutes"),
        lambda ends: f"Minutes for each person in the last quarter: {_levels(reading, ends, 'minutes')}",
        "Minutes of contact a person carried and week", "minutes",
        "travel and recording left out; everybody carried counts, those in custody too",
        smooth=True,
    )  # fmt: skip


def wrong_bands(reading: Reading) -> Figure | None:
    """Draw the share of the caseload in a wrong band."""
    return _lines(
        reading, lambda scenario: _over_caseload(reading, scenario, "wrong_bands"),
        lambda ends: f"In a wrong band because news is late: {_levels(reading, ends, 'share')}",
        "Share of the caseload in a band other than prompt news would give", "share",
        "the title tells the last quarter; lower is better known", smooth=True,
    )  # fmt: skip


def _each(ends: dict[str, float], told: Callable[[str, float], str]) -> str:
    return ", ".join(told(scenario, end) for scenario, end in ends.items())


def _levels(reading: Reading, ends: dict[str, float], unit: str) -> str:
    return _each(ends, lambda scenario, end: f"{number(end, unit)} in {reading.label(scenario)}")


def _over_caseload(reading: Reading, scenario: str, outcome: str) -> "Series | None":
    """Return a weekly amount for each person carried; nothing where at some time nobody is carried."""
    amount, carried = reading.weekly(scenario, outcome), reading.weekly(scenario, "caseload")
    if amount is None or carried is None or not carried.all():
        return None
    return amount / carried


def _lines(
    reading: Reading, series: "Callable[[str], Series | None]", title: Callable[[dict[str, float]], str],
    measure: str, unit: str, how: str, *, smooth: bool = False,
) -> Figure | None:  # fmt: skip
    """Draw one line a scenario with the interval of its average."""
    whole = {scenario: series(scenario) for scenario in reading.scenarios}
    least = SMOOTH if smooth else 0
    found = {name: rows for name, rows in whole.items() if rows is not None and rows.shape[1] > least}
    if not found:
        return None
    drawn = dict(list(found.items())[:MOST_SERIES])
    means = {name: rows.mean(axis=0) for name, rows in found.items()}
    last = {name: float(means[name][-QUARTER:].mean() if smooth else means[name][-1]) for name in drawn}
    ends = [
        f"{reading.label(name)} from {number(row[0], unit)} in the first week to {number(row[-1], unit)}"
        for name, row in means.items()
    ]
    mean = f"{SMOOTH}-week mean, " if smooth else ""
    return Figure(
        title(last),
        f"{measure}, {mean}{reading.period}; {how}. Mean of {reading.how_many}{reading.interval('shaded')}."
        f"{left_out(len(drawn), len(found))}",
        f"{measure}: {'; '.join(ends)} in the last.",
        weekly_table(measure, {reading.label(name): rows for name, rows in found.items()}, unit),
        _draw({reading.label(name): rows for name, rows in drawn.items()}, unit, smooth=smooth),
    )


def _draw(found: "dict[str, Series]", unit: str, *, smooth: bool) -> bytes:
    with sheet() as drawn:
        axes = drawn.axes[0]
        for (name, rows), (colour, dash, _) in zip(found.items(), SERIES, strict=False):
            _line(axes, _smoothed(rows) if smooth else rows, name, colour, dash)
        axes.axhline(0, color=INK, linewidth=1)
        if smooth:
            axes.set_ylim(bottom=0)
        if unit == "share":
            axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")
        axes.set(xlabel="week from the decision date", ylabel="" if unit == "share" else unit)
        axes.set_xlim(1, max(rows.shape[1] for rows in found.values()))
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=MOST_SERIES, frameon=False, handlelength=3)
    return drawn.svg


def _line(axes: "Axes", rows: "Series", name: str, colour: str, dash: str) -> None:
    weeks, mean, half = np.arange(1, rows.shape[1] + 1), rows.mean(axis=0), half_width(rows)
    axes.plot(weeks, mean, dash, color=colour, label=name, linewidth=2)
    axes.fill_between(weeks, mean - half, mean + half, color=colour, alpha=0.15, linewidth=0)


def _smoothed(rows: "Series") -> "Series":
    sums = np.cumsum(np.pad(rows, ((0, 0), (1, 0))), axis=1)
    result: Series = (sums[:, SMOOTH:] - sums[:, :-SMOOTH]) / SMOOTH
    return np.pad(result, ((0, 0), (SMOOTH - 1, 0)), constant_values=np.nan)


def weekly_table(measure: str, series: "dict[str, Series]", unit: str) -> Table:
    """Return every thirteenth week's means to read, and each week with its interval as numbers."""
    import pandas as pd

    means = {name: rows.mean(axis=0) for name, rows in series.items()}
    weeks = np.arange(1, len(next(iter(means.values()))) + 1)
    columns: dict[str, Any] = {"Week": weeks}
    for name, rows in series.items():
        half = half_width(rows)
        columns |= {
            name: means[name],
            f"{name}, low": means[name] - half,
            f"{name}, high": means[name] + half,
        }
    chosen = sorted({0, *range(QUARTER - 1, len(weeks), QUARTER), len(weeks) - 1})
    shown: Any = pd.DataFrame({"Week": weeks, **means}).iloc[chosen]
    for name, values in means.items():
        like = float(np.abs(values).max())
        shown = shown.assign(**{name: [number(value, unit, like=like) for value in shown[name]]})
    frame, more = pd.DataFrame(columns), "each week with its 95% interval"
    caption = f"{measure}, by week"
    return Table(caption, list(shown.columns), cells(shown), frame, "weekly.parquet", unit, more=more)
