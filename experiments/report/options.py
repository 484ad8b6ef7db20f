"""The figure of the choices: each option's paired differences in what is asked for first."""

from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.differences import NET_BENEFIT
from experiments.report.figure import BLUE, GREY, INK, Figure, left_out, sheet, signed
from experiments.report.finding import clear
from experiments.report.reading import AREA, AVERAGE, WRONG, Reading, listed
from experiments.report.table import RANGES, Table, labelled, named, told
from experiments.study import MAIN_OUTCOME
from simulation import OUTCOMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: What a planner asks first: offences, contacts, waits, money.
FOUR = (MAIN_OUTCOME, "contacts_made", "contact_wait_days", NET_BENEFIT)
MOST_OPTIONS = 8


def four_outcomes(reading: Reading) -> Figure | None:
    """Draw each option's paired differences to the base in the four outcomes asked for first."""
    whole = [name for name in reading.options if name in reading.scenarios]
    options = whole[:MOST_OPTIONS]
    known = {outcome for option, reference, outcome in reading.known if reference == reading.base}
    outcomes = [name for name in FOUR if name in known and options]
    if not outcomes:
        return None
    rows = -(-len(outcomes) // 2)
    with sheet(2, rows, height=rows * (1.3 + 0.42 * len(options))) as drawn:
        for axes, name in zip(drawn.axes, outcomes, strict=False):
            _dots(axes, reading, options, name)
        for axes in drawn.axes[len(outcomes) :]:
            axes.set_axis_off()
    table = _table(reading, whole, outcomes)
    third = " Dotted line above: if we are wrong (over what is not known)." if reading.wrong_known else ""
    return Figure(
        f"Against {reading.label(reading.base)} as it is: {_directions(reading, options)}",
        f"Paired differences, {reading.period}, {reading.how_many}. Dot: mean. Thick line: "
        "the average (95% interval of the mean, shrinks with more replications). Thin line: one real area "
        f"(where 95% of single paired runs fall, does not shrink).{third} Grey dots: the replications. A "
        "range that touches the line at zero does not show which way it goes."
        f"{left_out(len(options), len(whole))}",
        " ".join(
            f"{what}: {'; '.join(f'{row[0]} {row[2]} (the average {row[3]})' for row in rows)}."
            for what, rows in groupby(table.rows, key=lambda row: row[1])
        ),
        table,
        drawn.svg,
    )


def _table(reading: Reading, options: list[str], outcomes: list[str]) -> Table:
    import pandas as pd

    cells, raw = [], []
    for name in outcomes:
        for option in options:
            row: Any = reading.difference(option, reading.base, name)
            if row is not None:
                texts = told(reading, row, OUTCOMES[name].unit)
                cells.append([reading.label(option), labelled(OUTCOMES[name]), *texts])
                raw.append({**named(name), **row})
    headings = ["Scenario", "Outcome", "Difference", *RANGES[: len(reading.ranges)]]
    caption = f"Differences to {reading.label(reading.base)} asked for first, {reading.period}"
    return Table(caption, headings, cells, pd.DataFrame(raw), "differences.csv", words=2)


def _directions(reading: Reading, options: list[str]) -> str:
    rows: dict[str, Any] = {name: reading.difference(name, reading.base, FOUR[0]) for name in options}
    known = {name: row for name, row in rows.items() if row is not None and row["n"] > 1 and clear(row)}
    groups = {
        "fewer offences with": [name for name, row in known.items() if row["high"] < 0],
        "more offences with": [name for name, row in known.items() if row["low"] > 0],
        "no clear direction in offences with": [name for name in options if name not in known],
    }
    found = [
        f"{text} {listed([reading.label(name) for name in names])}" for text, names in groups.items() if names
    ]
    return "; ".join(found)


def _dots(axes: "Axes", reading: Reading, options: list[str], name: str) -> None:
    """Draw an outcome's differences, an option a line."""
    outcome = OUTCOMES[name]
    scale = 1000 if outcome.unit == "gbp" else 1
    for place, option in enumerate(options):
        row: Any = reading.difference(option, reading.base, name)
        if row is None:
            continue
        pairs = reading.pairs(option, name) / scale
        axes.plot(pairs, np.full(len(pairs), place + 0.25), "o", color=GREY, markersize=3.5)
        for ends, width in ((AREA, 1.5), (AVERAGE, 6)):
            axes.plot([row[end] / scale for end in ends], [place, place], color=BLUE, linewidth=width,
                      solid_capstyle="butt")  # fmt: skip
        if reading.wrong_known:
            axes.plot([row[end] / scale for end in WRONG], [place - 0.25] * 2, ":", color=INK, linewidth=2)
        mean = row["mean_difference"] / scale
        axes.plot(mean, place, "o", color="white", markeredgecolor=BLUE, markersize=7)
    axes.axvline(0, color=INK, linewidth=1.2)
    axes.set_title(labelled(outcome) + (" thousand" if scale > 1 else ""), loc="left", fontsize=10)
    axes.set_yticks(range(len(options)), [reading.label(option) for option in options])
    axes.set_ylim(len(options) - 0.5, -0.5)
    axes.xaxis.set_major_formatter(lambda value, _: signed(value))
    axes.locator_params(axis="x", nbins=5)
    axes.grid(visible=False, axis="y")
