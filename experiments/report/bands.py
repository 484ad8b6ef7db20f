"""The figure of the bands: who is carried in which, week by week, a panel a scenario."""

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.hiding import PEOPLE
from experiments.report.figure import BANDS, INK, MOST_SERIES, Figure, left_out, sheet
from experiments.report.reading import Reading, half_width
from experiments.report.table import Table, cells
from experiments.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    Series = NDArray[np.float64]

#: Least distance of two names beside a panel, as a share of its height.
APART = 0.075
#: Weeks from one row of the table to the next.
HALF_YEAR = 26


def bands(reading: Reading) -> Figure | None:
    """Draw who is carried in which band."""
    whole = {scenario: _bands(reading, scenario) for scenario in reading.scenarios}
    found = {scenario: own for scenario, own in whole.items() if own is not None}
    if not found:
        return None
    drawn = dict(list(found.items())[:MOST_SERIES])
    names = {band: _local(reading, band) for band in BANDS}
    means = {
        scenario: {band: rows.mean(axis=0) for band, rows in own.items()} for scenario, own in found.items()
    }
    told = [f"{reading.label(scenario)}: {_ends(own, names)}." for scenario, own in means.items()]
    total = sum(means[next(iter(found))].values())
    return Figure(
        f"{reading.label(next(iter(found)))} carries {_people(total[0])} people in the first week and "
        f"{_people(total[-1])} in the last",
        f"People carried on the last day of each week, by band, {reading.period}; mean of {reading.how_many}"
        f"{reading.interval('dotted lines, for all')}. The height of a colour is the number of people "
        f"in that band, as far as the partnership knows.{left_out(len(drawn), len(found))}",
        " ".join(told),
        _table(reading, found, names),
        _draw(reading, drawn, names),
    )


def _bands(reading: Reading, scenario: str) -> "dict[str, Series] | None":
    found = {band: reading.weekly(scenario, f"caseload_{band}") for band in BANDS}
    known = {band: rows for band, rows in found.items() if rows is not None}
    return known if len(known) == len(BANDS) else None


def _table(reading: Reading, found: "dict[str, dict[str, Series]]", names: dict[str, str]) -> Table:
    import pandas as pd

    parts = []
    for scenario, own in found.items():
        whole = np.add.reduce(list(own.values()))
        total, half = whole.mean(axis=0), half_width(whole)
        columns: dict[str, Any] = {"scenario": scenario, "week": np.arange(1, len(total) + 1)}
        columns |= {band: rows.mean(axis=0) for band, rows in own.items()}
        parts.append(pd.DataFrame({**columns, "all": total, "low": total - half, "high": total + half}))
    frame = pd.concat(parts, ignore_index=True)
    last = frame.groupby("scenario")["week"].transform("max")
    shown: Any = frame[(frame["week"] % HALF_YEAR == 0) | frame["week"].isin([1]) | (frame["week"] == last)]
    texts: dict[str, Any] = {name: [_people(x) for x in shown[name]] for name in [*own, "all"]}
    texts["scenario"] = [reading.label(name) for name in shown["scenario"]]
    read = shown.assign(**texts)[["scenario", "week", *own, "all"]]
    headings = ["Scenario", "Week", *(names[band] for band in own), "All"]
    more = "each week, with the 95% interval of all"
    return Table(
        "People carried, by band and week",
        headings,
        cells(read),
        frame,
        "weekly.parquet",
        "people",
        more=more,
    )


def _draw(reading: Reading, found: "dict[str, dict[str, Series]]", names: dict[str, str]) -> bytes:
    columns = min(2, len(found))
    rows = -(-len(found) // columns)
    with sheet(columns, rows, height=0.6 + 2.7 * rows, share_y=True) as drawn:
        top = max(
            float(np.add.reduce([rows.mean(axis=0) for rows in own.values()]).max()) for own in found.values()
        )
        for axes, (scenario, own) in zip(drawn.axes, found.items(), strict=False):
            axes.set_ylim(0, 1.08 * top)
            _stack(axes, own, names)
            axes.set_title(reading.label(scenario), loc="left")
        for axes in drawn.axes[len(found) :]:
            axes.set_axis_off()
        for axes in drawn.axes[::columns]:
            axes.set_ylabel("people")
    return drawn.svg


def _stack(axes: "Axes", own: "dict[str, Series]", names: dict[str, str]) -> None:
    means = {band: rows.mean(axis=0) for band, rows in own.items()}
    weeks = np.arange(1, len(next(iter(means.values()))) + 1)
    axes.stackplot(
        weeks, *means.values(), colors=[BANDS[band] for band in own], edgecolor="white", linewidth=1
    )
    total, half = sum(means.values()), half_width(np.add.reduce(list(own.values())))
    for edge, colour in ((total - half, "white"), (total + half, INK)):
        axes.plot(weeks, edge, ":", color=colour, linewidth=1.2)
    ends = np.array([series[-1] for series in means.values()])
    middles, apart = np.cumsum(ends) - ends / 2, APART * axes.get_ylim()[1]
    place = -np.inf
    for band, middle in zip(means, middles, strict=True):
        place = max(float(middle), place + apart)
        axes.annotate(names[band], (1, place), (5, 0), ("axes fraction", "data"), "offset points",
                      color=INK, va="center", fontsize=9, annotation_clip=False)  # fmt: skip
    axes.set_xlim(1, max(int(weeks[-1]), 2))
    axes.set_xlabel("week from the decision date")


def _local(reading: Reading, band: str) -> str:
    name = reading.study.band_names.get(band, band)
    return f"{name} (custody)" if band == "blue" else name


def _people(count: float) -> str:
    return number(count, PEOPLE, like=100)


def _ends(own: "dict[str, Series]", names: dict[str, str]) -> str:
    return ", ".join(
        f"{names[band]} from {_people(row[0])} to {_people(row[-1])}" for band, row in own.items()
    )
