"""Figures over time: the bands, minutes, wrong bands, and offences against life without IOM."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.report.figure import BANDS, INK, MOST_SERIES, ON_BANDS, SERIES, Figure, sheet
from experiments.report.reading import Reading
from experiments.report.table import Table, plain
from experiments.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Series = NDArray[np.float64]

WEEKS_SHOWN = 13


def bands(reading: Reading) -> Figure | None:
    """Draw who is carried in which band, a panel a scenario."""
    found = {
        scenario: {band: reading.weekly(scenario, f"caseload_{band}") for band in BANDS}
        for scenario in reading.scenarios[:MOST_SERIES]
    }
    whole = {
        scenario: {band: series.mean(axis=0) for band, series in own.items() if series is not None}
        for scenario, own in found.items()
    }
    whole = {scenario: own for scenario, own in whole.items() if len(own) == len(BANDS)}
    if not whole:
        return None
    columns = min(2, len(whole))
    rows = -(-len(whole) // columns)
    with sheet(columns, rows, height=0.6 + 2.9 * rows, share_y=True) as drawn:
        for axes, (scenario, own) in zip(drawn.axes, whole.items(), strict=False):
            _stack(axes, own, reading)
            axes.set_title(reading.label(scenario), loc="left")
        for axes in drawn.axes[len(whole) :]:
            axes.set_axis_off()
        for axes in drawn.axes[::columns]:
            axes.set_ylabel("people")
    names = {band: _local(reading, band) for band in BANDS}
    told = [f"{reading.label(scenario)}: {_ends(own, names)}" for scenario, own in whole.items()]
    first = next(iter(whole.values()))
    total = sum(first.values())
    title = (
        f"{reading.label(next(iter(whole)))} carries {total[-1]:,.0f} people at the end, "
        f"{total[0]:,.0f} in the first week"
    )
    flat = {
        f"{reading.label(scenario)}, {names[band]}": series
        for scenario, own in whole.items()
        for band, series in own.items()
    }
    return Figure(
        title,
        f"People carried on the last day of each week, by band, {reading.period}; mean of "
        f"{reading.how_many}. The height of a colour is the number of people in that "
        f"band; bands follow what the partnership knows.{_left_out(reading)}",
        " ".join(f"{text}." for text in told),
        weekly_table("People carried, by band", flat, "people"),
        drawn.svg,
    )


def _stack(axes: "Axes", own: "dict[str, Series]", reading: Reading) -> None:
    weeks = np.arange(len(next(iter(own.values()))))
    axes.stackplot(weeks, *own.values(), colors=[BANDS[band] for band in own], edgecolor="white", linewidth=1)
    base = 0.0
    for band, series in own.items():
        axes.text(
            weeks[-1] * 0.98, base + series[-1] / 2, _local(reading, band), color=ON_BANDS[band],
            ha="right", va="center", fontweight="bold", fontsize=9,
        )  # fmt: skip
        base += float(series[-1])
    axes.set_xlim(0, max(int(weeks[-1]), 1))
    axes.set_xlabel("weeks since the decision date")


def _local(reading: Reading, band: str) -> str:
    name = reading.study.band_names.get(band, band)
    return f"{name} (custody)" if band == "blue" else name


def _ends(own: "dict[str, Series]", names: dict[str, str]) -> str:
    return ", ".join(f"{names[band]} from {row[0]:,.0f} to {row[-1]:,.0f}" for band, row in own.items())


def averted(reading: Reading) -> Figure | None:
    """Draw offences averted so far against no IOM, with the interval of the average."""

    def sums(scenario: str) -> "Series | None":
        own = reading.weekly(scenario, "committed_offences")
        without = reading.weekly(scenario, "twin_committed_offences")
        return None if own is None or without is None else np.cumsum(without - own, axis=1)

    def title(ends: dict[str, float]) -> str:
        parts = [f"{abs(end):,.0f} {'fewer' if end > 0 else 'more'} {name}" for name, end in ends.items()]
        return f"Offences against no IOM, {reading.how_many}: {', '.join(parts)}"

    return _lines(
        reading, sums, title, "Offences averted so far, committed in the whole area", "offences",
        "against the same people with the same luck and no IOM, whole weeks; below zero there are more",
    )  # fmt: skip


def minutes(reading: Reading) -> Figure | None:
    """Draw minutes of contact a person and week."""
    return _lines(
        reading, lambda scenario: _over_caseload(reading, scenario, "contact_minutes"),
        lambda ends: f"Minutes for each person: {_listed(ends, 'minutes')} in the last quarter",
        "Minutes of contact a person carried and week, four-week mean", "minutes",
        "travel and recording left out; a bigger caseload with the same staff has fewer",
        smooth=4,
    )  # fmt: skip


def wrong_bands(reading: Reading) -> Figure | None:
    """Draw the share of the caseload in a wrong band."""
    return _lines(
        reading, lambda scenario: _over_caseload(reading, scenario, "wrong_bands"),
        lambda ends: f"In a wrong band, because news is late: {_listed(ends, 'share')} in the last quarter",
        "Share of the caseload in a band other than prompt news would give, four-week mean", "share",
        "lower is better known", smooth=4,
    )  # fmt: skip


def _listed(ends: dict[str, float], unit: str) -> str:
    return ", ".join(f"{number(end, unit)} {name}" for name, end in ends.items())


def _over_caseload(reading: Reading, scenario: str, outcome: str) -> "Series | None":
    """Return a weekly amount for each person carried; nothing where at some time nobody is carried."""
    amount, carried = reading.weekly(scenario, outcome), reading.weekly(scenario, "caseload")
    if amount is None or carried is None or not carried.all():
        return None
    return amount / carried


def _lines(
    reading: Reading, series: "Callable[[str], Series | None]", title: Callable[[dict[str, float]], str],
    measure: str, unit: str, how: str, *, smooth: int = 0,
) -> Figure | None:  # fmt: skip
    """Draw one line a scenario with the interval of its average."""
    whole = {reading.label(name): series(name) for name in reading.scenarios}
    found = {name: rows for name, rows in whole.items() if rows is not None and rows.shape[1] > smooth}
    if not found:
        return None
    with sheet() as drawn:
        axes = drawn.axes[0]
        for (name, rows), (colour, dash, _) in zip(found.items(), SERIES, strict=False):
            _line(axes, _smoothed(rows, smooth), name, colour, dash)
        axes.axhline(0, color=INK, linewidth=1)
        if smooth:
            axes.set_ylim(bottom=0)
        if unit == "share":
            axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")
        axes.set(xlabel="weeks since the decision date", ylabel="" if unit == "share" else unit)
        axes.margins(x=0)
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=MOST_SERIES, frameon=False)
    means = {name: rows.mean(axis=0) for name, rows in found.items()}
    last = {name: float(row[-WEEKS_SHOWN:].mean() if smooth else row[-1]) for name, row in means.items()}
    told = {name: [number(float(row[place]), unit) for place in (0, -1)] for name, row in means.items()}
    ends = [
        f"{name} from {first} in the first week to {end} in the last" for name, (first, end) in told.items()
    ]
    shade = "; shaded: 95% interval of the average" if reading.replications > 1 else ""
    return Figure(
        title(last),
        f"{measure}, {reading.period}; {how}. Mean of {reading.how_many}{shade}.{_left_out(reading)}",
        f"Lines: {'; '.join(ends)}.",
        weekly_table(measure.removesuffix(", four-week mean"), means, unit),
        drawn.svg,
    )


def _line(axes: "Axes", rows: "Series", name: str, colour: str, dash: str) -> None:
    weeks, mean = np.arange(rows.shape[1]), rows.mean(axis=0)
    axes.plot(weeks, mean, dash, color=colour, label=name, linewidth=2)
    if len(rows) > 1:
        from scipy.stats import t

        half = t.ppf(0.975, len(rows) - 1) * rows.std(axis=0, ddof=1) / np.sqrt(len(rows))
        axes.fill_between(weeks, mean - half, mean + half, color=colour, alpha=0.15, linewidth=0)


def _smoothed(rows: "Series", weeks: int) -> "Series":
    if not weeks:
        return rows
    sums = np.cumsum(np.pad(rows, ((0, 0), (1, 0))), axis=1)
    result: Series = (sums[:, weeks:] - sums[:, :-weeks]) / weeks
    return np.pad(result, ((0, 0), (weeks - 1, 0)), constant_values=np.nan)


def _left_out(reading: Reading) -> str:
    more = len(reading.scenarios) - MOST_SERIES
    return f" The first {MOST_SERIES} of {len(reading.scenarios)} scenarios are drawn." if more > 0 else ""


def weekly_table(caption: str, series: "dict[str, Series]", unit: str) -> Table:
    """Return every thirteenth week of series to read, and every week as CSV."""
    import pandas as pd

    frame = pd.DataFrame({"Week": np.arange(1, len(next(iter(series.values()))) + 1), **series})
    weeks = sorted({0, *range(WEEKS_SHOWN - 1, len(frame), WEEKS_SHOWN), len(frame) - 1})
    shown: Any = frame.iloc[weeks].copy()
    for name, values in series.items():
        like = float(np.abs(values).max())
        shown[name] = [number(value, unit, like=like) for value in shown[name]]
    return plain(f"{caption}, every {WEEKS_SHOWN}th week; the CSV has each week", frame, shown)
