"""The answer: at most three sentences, none of which claims more than its ranges do."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from experiments.differences import TWIN
from experiments.report.reading import Reading
from experiments.study import MAIN_OUTCOME

#: More replications than this are not worth advising.
MOST_MORE = 1000


def answer(reading: Reading) -> list[str]:
    """Return what was found, in at most three sentences."""
    told = [_against_base(reading), _against_twin(reading)]
    last = (
        "These ranges hold chance alone: the size of every effect of IOM is an assumption, and what the "
        "answer would be if the assumptions are wrong is not computed yet."
    )
    return [text for text in (*told, last) if text]


def _against_base(reading: Reading) -> str:
    found = []
    for option in reading.options:
        row = reading.difference(option, reading.base, MAIN_OUTCOME)
        if row is not None:
            found.append(f"for {reading.label(option)} {finding(row)}")
    if not found:
        return ""
    return (
        f"Over {reading.period}, against {reading.label(reading.base)} as it is, in offences committed in "
        f"the whole area the runs show {'; '.join(found)}."
    )


def _against_twin(reading: Reading) -> str:
    row = reading.difference(reading.base, TWIN, MAIN_OUTCOME)
    if row is None:
        return ""
    without = reading.level(reading.base, f"twin_{MAIN_OUTCOME}")
    carried = reading.level(reading.base, "caseload_mean")
    size = []
    if without and clear(row):
        size.append(f"{100 * abs(row['mean_difference']) / without:.1f}%")
    if carried > 0 and clear(row):
        a_year = 100 * row["mean_difference"] / carried / reading.years
        size.append(f"{_about(a_year)} a year for every 100 people carried")
    opening = "Against" if reading.options else f"Over {reading.period}, against"
    return (
        f"{opening} the same people with the same luck and no IOM, who commit {_about(without)} offences, "
        f"the runs show for {reading.label(reading.base)} {finding(row, size)}."
    )


def clear(row: Any) -> bool:
    """Return whether the interval of the average leaves zero out."""
    return bool(row["low"] > 0 or row["high"] < 0)


def finding(row: Any, size: Sequence[str] = ()) -> str:
    """Return a difference in words, with its size in other measures and two of its ranges."""
    if row["n"] < 2:
        return "one pair of runs only, which says nothing about chance"
    if row["low"] == row["high"] == 0:
        return "no difference at all"
    if not clear(row):
        return (
            f"no clear direction (the average: {_between(row['low'], row['high'])}; one real area: "
            f"{_between(row['area_low'], row['area_high'])}{_more_runs(row)})"
        )
    way = "fewer" if row["mean_difference"] < 0 else "more"
    sizes = ", or ".join([f"about {_about(row['mean_difference'])} {way}", *size])
    return (
        f"{sizes} (the average: {_between(row['low'], row['high'])}; one real area: "
        f"{_between(row['area_low'], row['area_high'])})"
    )


def _more_runs(row: Any) -> str:
    half = (row["high"] - row["low"]) / 2
    mean = abs(row["mean_difference"])
    more = ceil(row["n"] * ((half / mean) ** 2 - 1)) if mean else MOST_MORE + 1
    if more > MOST_MORE:
        return ""
    return f"; about {_about(more)} more replications would settle chance, not the assumptions"


def _about(value: float) -> str:
    """Return a size with two significant figures."""
    rounded = float(f"{abs(value):.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"


def _between(low: float, high: float) -> str:
    if low >= 0 or high <= 0:
        least, most = sorted((abs(low), abs(high)))
        return f"{_about(least)} to {_about(most)} {'more' if low >= 0 else 'fewer'}"
    return f"from {_about(low)} fewer to {_about(high)} more"


def can_say(reading: Reading) -> list[str]:
    """Return what the study supports."""
    base = reading.label(reading.base)
    said = []
    for option in reading.options:
        row = reading.difference(option, reading.base, MAIN_OUTCOME)
        if row is None or row["n"] < 2:
            continue
        if clear(row):
            way = "fewer" if row["mean_difference"] < 0 else "more"
            text = f"In this model, with these assumptions, {reading.label(option)} has {way} offences than "
            said.append(f"{text}{base} on the average of many runs.")
        else:
            text = f"These runs do not show whether {reading.label(option)} has more or fewer offences than "
            said.append(f"{text}{base}.")
    return [
        *said,
        "How minutes, waits, bands and news move when a choice is made, given the staff and the rules "
        "written below.",
        "What a single area could see by luck alone, if the model and its assumptions held.",
    ]


def cannot_say() -> list[str]:
    """Return what the study does not support, whatever its numbers."""
    return [
        "That any of this would happen in a real place: nothing here was observed.",
        "How strongly contact, visits or enforcement work: their size was put in, not found out.",
        "That a choice makes no difference, where the runs do not show which way it goes.",
        "That fewer offences mean people changed: part of the difference can be time in custody, which "
        "stands in the table.",
        "Anything about a person: everybody in here is made up.",
    ]
