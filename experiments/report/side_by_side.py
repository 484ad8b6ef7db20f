"""Figures of levels and differences: options, staff, and the count a partnership would have published."""

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.differences import TWIN, Range
from experiments.report.answer import clear
from experiments.report.figure import BLUE, GREY, INK, MOST_SERIES, ORANGE, SERIES, Figure, sheet
from experiments.report.reading import Reading
from experiments.report.table import Table, labelled, plain, told
from experiments.words import number, span
from simulation import OUTCOMES
from simulation.co_location import AGENCIES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: What a planner asks first: offences, contacts, waits, money.
FOUR = ("committed_offences", "contacts_made", "contact_wait_days", "net_benefit_gbp")
MOST_OPTIONS = 8


def four_outcomes(reading: Reading) -> Figure | None:
    """Draw each option's paired differences to the base in the four outcomes asked for first."""
    import pandas as pd

    options = [name for name in reading.options if name in reading.scenarios][:MOST_OPTIONS]
    known = {outcome for option, reference, outcome in reading.known if reference == reading.base}
    outcomes = [name for name in FOUR if name in known and options]
    if not outcomes:
        return None
    rows = -(-len(outcomes) // 2)
    found: list[dict[str, Any]] = []
    with sheet(2, rows, height=rows * (1.3 + 0.42 * len(options))) as drawn:
        for axes, name in zip(drawn.axes, outcomes, strict=False):
            found += _dots(axes, reading, options, name)
        for axes in drawn.axes[len(outcomes) :]:
            axes.set_axis_off()
    headings = ["Scenario", "Outcome", "Difference", "The average", "One real area"]
    cells = []
    for row in found:
        outcome = OUTCOMES[row["outcome"]]
        ranges = told(reading, row, outcome.unit)[:3]
        cells.append([reading.label(row["option"]), labelled(outcome), *ranges])
    caption = f"Differences to {reading.label(reading.base)}, {reading.period}"
    return Figure(
        f"Against {reading.label(reading.base)} as it is, on the average: {_directions(reading, options)}",
        f"Paired differences, {reading.period}, {reading.how_many}. Dot: mean; thick line: "
        "the average (95% interval of the mean, shrinks with more replications); thin line: one real area "
        "(where 95% of single paired runs fall, does not shrink); grey dots: the replications. Ranges "
        "that touch the line at zero do not show which way it goes.",
        " ".join(
            f"{name}, {what.lower()}: {mean}; the average {average}; one real area {area}."
            for name, what, mean, average, area in cells
        ),
        Table(caption, headings, cells, pd.DataFrame(found).to_csv(index=False)),
        drawn.svg,
    )


def _directions(reading: Reading, options: list[str]) -> str:
    ways = []
    for option in options:
        row: Any = reading.difference(option, reading.base, FOUR[0])
        if row is None or row["n"] < 2 or not clear(row):
            way = "shows no direction in"
        else:
            way = "has fewer" if row["mean_difference"] < 0 else "has more"
        ways.append(f"{reading.label(option)} {way} offences")
    return ", ".join(ways)


def _dots(axes: "Axes", reading: Reading, options: list[str], name: str) -> list[dict[str, Any]]:
    """Draw an outcome's differences, an option a line, and return them."""
    outcome, found = OUTCOMES[name], []
    scale = 1000 if outcome.unit == "gbp" else 1
    for place, option in enumerate(options):
        row: Any = reading.difference(option, reading.base, name)
        if row is None:
            continue
        pairs = reading.pairs(option, name) / scale
        axes.plot(pairs, np.full(len(pairs), place + 0.25), "o", color=GREY, markersize=3.5)
        for ends, width in ((("area_low", "area_high"), 1.5), (("low", "high"), 6)):
            axes.plot([row[end] / scale for end in ends], [place, place], color=BLUE, linewidth=width,
                      solid_capstyle="butt")  # fmt: skip
        mean = row["mean_difference"] / scale
        axes.plot(mean, place, "o", color="white", markeredgecolor=BLUE, markersize=7)
        found.append(row)
    axes.axvline(0, color=INK, linewidth=1.2)
    axes.set_title(labelled(outcome) + (" thousand" if scale > 1 else ""), loc="left", fontsize=10)
    axes.set_yticks(range(len(options)), [reading.label(option) for option in options])
    axes.set_ylim(len(options) - 0.5, -0.5)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+,.10g}" if value else "0")
    axes.locator_params(axis="x", nbins=5)
    axes.grid(visible=False, axis="y")
    return found


def staff(reading: Reading) -> Figure | None:
    """Draw how much of each agency's time is used."""
    import pandas as pd

    shares = pd.DataFrame(
        {
            reading.label(scenario): [reading.level(scenario, f"utilisation_{agency}") for agency in AGENCIES]
            for scenario in reading.scenarios
        },
        index=[agency.replace("_", " ") for agency in AGENCIES],
    ).dropna(how="all")
    if shares.empty:
        return None
    drawn_names = list(shares.columns)[:MOST_SERIES]
    with sheet(height=3.8) as drawn:
        axes = drawn.axes[0]
        places = np.arange(len(shares))
        for name, (colour, _, marker) in zip(drawn_names, SERIES, strict=False):
            axes.plot(100 * shares[name], places, marker, color=colour, label=name, markersize=8, alpha=0.9)
        axes.set_yticks(places, list(shares.index))
        axes.set_ylim(len(shares) - 0.5, -0.5)
        axes.set_xlim(0, max(100.0, 105 * shares.to_numpy().max()))
        axes.axvline(100, color=INK, linewidth=1)
        axes.set_xlabel("per cent of the minutes of staff on duty")
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=MOST_SERIES, frameon=False)
    fullest = int(shares[drawn_names[0]].fillna(0).argmax())
    words = shares.map(lambda share: number(share, "share"))
    rows = [
        f"{agency}: {', '.join(f'{name} {share}' for name, share in row.items())}"
        for agency, row in words.iterrows()
    ]
    frame, shown = (table.rename_axis("Agency").reset_index() for table in (shares, words))
    return Figure(
        f"The fullest diary in {drawn_names[0]} is that of {shares.index.to_list()[fullest]}: "
        f"{words.iloc[fullest].to_list()[0]} used",
        f"Share of the minutes of staff on duty that was used, {reading.period}; mean of "
        f"{reading.how_many}. Near 100% work waits or lapses.",
        f"{'; '.join(rows)}.",
        plain("Use of staff time", frame, shown),
        drawn.svg,
    )


def before_and_after(reading: Reading) -> Figure | None:
    """Draw the count a partnership would have published beside what the same people do without it."""
    scenario, measure = reading.base, "cohort_occasions_per_person_year"
    published = reading.level(scenario, "before_after_change")
    without = reading.level(scenario, "twin_before_after_change")
    row: Any = reading.difference(scenario, TWIN, measure)
    twin = reading.level(scenario, f"twin_{measure}")
    if row is None or not twin or published != published or without != without:
        return None
    paired = {key: row[key] / twin for key in ("mean_difference", *Range._fields[1:-1])}
    changes = {
        "Before and after, with IOM\n(what would be published)": published,
        "Before and after, no IOM\n(the same people)": without,
        "With IOM against no IOM\n(paired difference)": paired["mean_difference"],
    }
    with sheet(height=2.7) as drawn:
        _bars(drawn.axes[0], changes, (paired["low"], paired["high"]))
    words = [number(value, "share", signed=True) for value in changes.values()]
    ranges = [span(paired, "share", *ends, 1) for ends in (("low", "high"), ("area_low", "area_high"))]
    return Figure(
        f"A before-and-after count says {100 * published:+.0f}%; the same people without any IOM show "
        f"{100 * without:+.0f}%",
        f"Sanction occasions of people first selected in the measured time, {reading.label(scenario)}: the "
        "year after selection against the year before (first two bars), and the year after selection with "
        "IOM against the same year without (last bar; its line is the 95% interval of the average). People "
        "are selected at their worst, so they fall back whatever is done. Time in custody is included; only "
        "those followed for a whole year are counted.",
        f"With IOM the count changes by {words[0]}, without IOM by {words[1]}. The paired difference, with "
        f"IOM against without, is {words[2]} (the average: {ranges[0]}; one real area: {ranges[1]}).",
        _beside(
            f"Before and after beside the paired difference, {reading.label(scenario)}",
            changes,
            words,
            ranges,
        ),
        drawn.svg,
    )


def _bars(axes: "Axes", changes: dict[str, float], interval: tuple[float, float]) -> None:
    values = [100 * value for value in changes.values()]
    axes.barh(range(3), values, color=["#8C8C8C", ORANGE, BLUE], height=0.6)
    ends = [0.0, 0.0, 0.0]
    if interval[0] == interval[0]:
        axes.plot([100 * end for end in interval], [2, 2], color=INK, linewidth=3)
        ends[2] = 100 * interval[1]
    for place, value in enumerate(values):
        axes.annotate(f"{value:+.{0 if abs(value) >= 10 else 1}f}%", (max(ends[place], value), place), (8, 0),
                      textcoords="offset points", va="center", fontweight="bold")  # fmt: skip
    axes.set_yticks(range(3), list(changes))
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.axvline(0, color=INK, linewidth=1.2)
    axes.set_xlabel("per cent change in sanction occasions a person-year")
    axes.grid(visible=False, axis="y")


def _beside(caption: str, changes: dict[str, float], words: list[str], ranges: list[str]) -> Table:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "What is compared": [name.replace("\n", " ") for name in changes],
            "Change": list(changes.values()),
            "The average": ["", "", ranges[0]],
            "One real area": ["", "", ranges[1]],
        }
    )
    return plain(caption, frame, frame.assign(Change=words))
