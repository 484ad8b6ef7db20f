"""The figure of the diaries: how much of each agency's time is used."""

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.report.figure import INK, MOST_SERIES, SERIES, Figure, left_out, sheet
from experiments.report.reading import Reading, words
from experiments.report.table import Table
from experiments.words import number
from simulation.co_location import AGENCIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.differences import Range

    Uses = dict[str, dict[str, Range]]


def staff(reading: Reading) -> Figure | None:
    """Draw the use of each agency's time, a mark a scenario with the interval of its average."""
    whole: Uses = {
        agency: {name: reading.spread(name, f"utilisation_{agency}") for name in reading.scenarios}
        for agency in AGENCIES
    }
    uses = {agency: own for agency, own in whole.items() if any(use.n for use in own.values())}
    if not uses:
        return None
    first = reading.scenarios[0]
    fullest = max(uses, key=lambda agency: uses[agency][first].mean if uses[agency][first].n else 0.0)
    table = _table(reading, uses)
    drawn = reading.scenarios[:MOST_SERIES]
    names = table.headings[1:]
    rows = [
        f"{row[0]}: {', '.join(f'{name} {use}' for name, use in zip(names, row[1:], strict=True))}."
        for row in table.rows
    ]
    return Figure(
        f"The fullest diary in {reading.label(first)} is that of {words(fullest)}: "
        f"{number(uses[fullest][first].mean, 'share')} used",
        f"Share of the minutes of staff on duty that was used, {reading.period}; mean of "
        f"{reading.how_many}{reading.interval('line through a mark')}. Near 100% work waits or "
        f"lapses.{left_out(len(drawn), len(reading.scenarios))}",
        " ".join(rows),
        table,
        _draw(reading, uses, drawn),
    )


def _draw(reading: Reading, uses: "Uses", scenarios: list[str]) -> bytes:
    with sheet(height=0.9 + 0.21 * len(uses) * (len(scenarios) + 1)) as drawn:
        axes = drawn.axes[0]
        for place, (name, look) in enumerate(zip(scenarios, SERIES, strict=False)):
            _marks(
                axes,
                [own[name] for own in uses.values()],
                (place + 1) / (len(scenarios) + 1),
                look,
                reading.label(name),
            )
        axes.set_yticks(np.arange(len(uses)) + 0.5, [words(agency) for agency in uses])
        axes.set_ylim(len(uses), 0)
        most = max(100 * use.mean for own in uses.values() for use in own.values() if use.n)
        axes.set_xlim(0, max(101.0, 1.05 * most))
        axes.axvline(100, color=INK, linewidth=1)
        axes.grid(visible=False, axis="y")
        for edge in range(1, len(uses)):
            axes.axhline(edge, color="#E5E5E5", linewidth=1)
        axes.set_xlabel("per cent of the minutes of staff on duty")
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=MOST_SERIES, frameon=False)
    return drawn.svg


def _marks(axes: "Axes", uses: "list[Range]", offset: float, look: tuple[str, str, str], name: str) -> None:
    colour, _, marker = look
    places = np.arange(len(uses)) + offset
    axes.plot([100 * use.mean for use in uses], places, marker, color=colour, label=name, markersize=6.5)
    for use, place in zip(uses, places, strict=True):
        axes.plot([100 * use.low, 100 * use.high], [place, place], color=colour, linewidth=2)


def _table(reading: Reading, uses: "Uses") -> Table:
    import pandas as pd

    raw: list[dict[str, Any]] = []
    for agency, own in uses.items():
        row: dict[str, Any] = {"outcome": f"utilisation_{agency}", "unit": "share"}
        for name, use in own.items():
            row |= {name: use.mean, f"{name}, low": use.low, f"{name}, high": use.high}
        raw.append(row)
    rows = [
        [words(agency), *(number(use.mean, "share") for use in own.values())] for agency, own in uses.items()
    ]
    headings = ["Agency", *(reading.label(name) for name in reading.scenarios)]
    caption = f"Use of staff time, {reading.period}; mean of {reading.how_many}"
    return Table(caption, headings, rows, pd.DataFrame(raw), "runs.parquet")
