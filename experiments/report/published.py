"""The figure of the published count: before and after selection, with IOM and without."""

from typing import TYPE_CHECKING, Any

from experiments.differences import TWIN
from experiments.report.figure import BLUE, INK, ORANGE, PUBLISHED, Figure, sheet, signed
from experiments.report.reading import Reading
from experiments.report.table import RANGES, Table, told
from experiments.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COUNT = "before_after_change"
COMPARED = (
    "Before and after, with IOM",
    "Before and after, no IOM",
    "What IOM adds",
)


def before_and_after(reading: Reading) -> Figure | None:
    """Draw the count a partnership would have published beside what the same people show without it."""
    scenario = reading.base
    row: Any = reading.difference(scenario, TWIN, COUNT)
    if row is None:
        return None
    published, without = reading.level(scenario, COUNT), reading.level(scenario, f"twin_{COUNT}")
    added, *ranges = told(reading, row, "share")
    values = [published, without, row["mean_difference"]]
    with sheet(height=2.7) as drawn:
        _bars(drawn.axes[0], values, (row["low"], row["high"]), added)
    words = [number(published, "share", signed=True), number(without, "share", signed=True), added]
    named = "; ".join(f"{name.lower()}: {text}" for name, text in zip(RANGES, ranges, strict=False))
    return Figure(
        f"A before-and-after count would have published {100 * published:+.0f}%; the same people without any "
        f"IOM show {100 * without:+.0f}%",
        f"Sanction occasions of people first selected in the measured time, {reading.label(scenario)}: "
        "change from the year before selection to the year after, first what would be published, then the "
        "same people with no IOM. The last is the first less the second, in percentage points; its line is "
        "the 95% interval of the average. People are selected at their worst, so they fall back whatever is "
        "done. Time in custody is included; only those followed for a whole year are counted.",
        f"With IOM the count changes by {words[0]}, without IOM by {words[1]}. What IOM adds is {added} "
        f"({named}).",
        _table(reading, values, words, ranges),
        drawn.svg,
    )


def _bars(axes: "Axes", values: list[float], interval: tuple[float, float], added: str) -> None:
    axes.barh(range(3), [100 * value for value in values], color=[PUBLISHED, ORANGE, BLUE], height=0.6)
    ends = [0.0, 0.0, 0.0]
    if interval[0] == interval[0]:
        axes.plot([100 * end for end in interval], [2, 2], color=INK, linewidth=3)
        ends[2] = 100 * interval[1]
    texts = [f"{signed(round(100 * value))}%" for value in values[:2]]
    for place, (value, text) in enumerate(
        zip(values, [*texts, added.replace("-", signed(-1)[0])], strict=True)
    ):
        axes.annotate(text, (max(ends[place], 100 * value), place), (8, 0), textcoords="offset points",
                      va="center", fontweight="bold")  # fmt: skip
    axes.set_yticks(range(3), list(COMPARED))
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.axvline(0, color=INK, linewidth=1.2)
    axes.xaxis.set_major_formatter(lambda value, _: signed(value))
    axes.set_xlabel("per cent change in sanction occasions; in the last row percentage points")
    axes.grid(visible=False, axis="y")


def _table(reading: Reading, values: list[float], words: list[str], ranges: list[str]) -> Table:
    import pandas as pd

    row: Any = reading.difference(reading.base, TWIN, COUNT)
    frame = pd.DataFrame({"what": COMPARED, "unit": "share", "change": values})
    for ends in reading.ranges:
        for end in ends:
            frame[end] = [float("nan"), float("nan"), row[end]]
    shown = [["", "", text] for text in ranges]
    cells = [
        [name, word, *(column[place] for column in shown)]
        for place, (name, word) in enumerate(zip(COMPARED, words, strict=True))
    ]
    headings = ["What is compared", "Change", *RANGES[: len(ranges)]]
    caption = f"Before and after beside no IOM, {reading.label(reading.base)}"
    return Table(caption, headings, cells, frame, "runs.parquet and differences.csv")
