"""The answer: at most three sentences, then what can be said from it and what cannot."""

from typing import NamedTuple

from experiments.differences import TWIN
from experiments.report.finding import about, clear, finding, narrow
from experiments.report.reading import Reading, listed
from experiments.sentences import FEW
from experiments.study import MAIN_OUTCOME

#: More options than this are told by their direction only; their sizes stand in the tables.
MOST_TOLD = 3
PROVEN = "proven_offences"


def caveats(reading: Reading) -> list[str]:
    """Return what must be known before any number is read."""
    values = reading.study.place.provenance.values()
    assumed = sum(leaf.confidence == "assumed" for leaf in values)
    told = [
        f"How much IOM changes people was put into the model, not found out by it; {assumed} of the "
        f"{len(values)} values that describe {reading.place} are assumed."
    ]
    if 0 < reading.replications < FEW:
        told.append(
            f"{reading.how_many.capitalize()} {'is' if reading.replications == 1 else 'are'} few: use {FEW} "
            "or more before you lean on a number."
        )
    return told


class Sentence(NamedTuple):
    """A sentence, with the clauses it goes on with, which a page sets one below the other."""

    opening: str
    clauses: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.opening}: {'; '.join(self.clauses)}." if self.clauses else f"{self.opening}."


def answer(reading: Reading) -> list[Sentence]:
    """Return what was found, in at most three sentences."""
    found = (_against_base(reading), _against_twin(reading), _and_if_wrong(reading))
    return [sentence for sentence in found if sentence is not None]


def _opening(reading: Reading) -> str:
    if reading.wrong_known or reading.draws > 1:
        return f"Over {reading.period}"
    under = "one draw of what is not known, which may lie far from the middle," if reading.drawn else ""
    return f"Under {under or 'the central assumptions'} and over {reading.period}"


def _against_base(reading: Reading) -> Sentence | None:
    rows = {name: reading.difference(name, reading.base, MAIN_OUTCOME) for name in reading.options}
    found = {reading.label(name): row for name, row in rows.items() if row is not None}
    if not found:
        return None
    level, base = reading.level(reading.base, MAIN_OUTCOME), reading.label(reading.base)
    opening = f"{_opening(reading)}, against the {about(level)} offences committed in {base} as it is"
    if len(found) <= MOST_TOLD:
        return Sentence(opening, tuple(finding(name, row, level) for name, row in found.items()))
    groups = {
        "fewer on the average with": [name for name, row in found.items() if row["high"] < 0],
        "more with": [name for name, row in found.items() if row["low"] > 0],
        "no clear direction with": [name for name, row in found.items() if not clear(row)],
    }
    told = [f"{words} {listed(names)}" for words, names in groups.items() if names]
    opening = f"{opening}, the runs show the following, whose sizes and ranges stand under Differences"
    return Sentence(opening, tuple(told))


def _against_twin(reading: Reading) -> Sentence | None:
    row = reading.difference(reading.base, TWIN, MAIN_OUTCOME)
    if row is None:
        return None
    without = reading.level(reading.base, f"twin_{MAIN_OUTCOME}")
    carried = reading.level(reading.base, "caseload_mean")
    per_hundred = 100 * row["mean_difference"] / carried / reading.years if carried > 0 else 0.0
    opening = "Against" if reading.options else f"{_opening(reading)}, against"
    told = [finding(reading.label(reading.base), row, without, per_hundred)]
    proven = reading.difference(reading.base, TWIN, PROVEN)
    if proven is not None and proven["n"] > 1:
        known = finding("it", proven, reading.level(reading.base, f"twin_{PROVEN}"))
        told.append(f"in proven offences, which are what records show, {known}")
    whole = (
        f"{opening} the {about(without)} offences that the same people with the same luck commit without IOM"
    )
    return Sentence(whole, tuple(told))


def _and_if_wrong(reading: Reading) -> Sentence:
    if reading.wrong_known:
        return Sentence(
            "The average and one real area hold chance and what is not known together, if we are wrong what "
            "is not known alone: what contact, visits and enforcement do to people is assumed, not found, "
            "and these ranges go no further than what was drawn"
        )
    if reading.draws > 1:
        return Sentence(
            "What is not known was drawn, too few times to tell how far it moves the answer by itself: the "
            "ranges hold it and chance together"
        )
    if reading.replications < 2:
        return Sentence(
            "One run has no ranges: what contact, visits and enforcement do to people is assumed, and "
            "neither chance nor how far the answer moves if that is wrong is in it"
        )
    return Sentence(
        "These ranges hold chance alone: what contact, visits and enforcement do to people is assumed, and "
        "how far the answer moves if that is wrong is not computed yet"
    )


def can_say(reading: Reading) -> list[str]:
    """Return what the study supports."""
    base, level = reading.label(reading.base), reading.level(reading.base, MAIN_OUTCOME)
    said = []
    for option in reading.options:
        row = reading.difference(option, reading.base, MAIN_OUTCOME)
        if row is None or row["n"] < 2:
            continue
        name = reading.label(option)
        if clear(row):
            way = "fewer" if row["mean_difference"] < 0 else "more"
            said.append(
                f"In this model, with these assumptions, {name} has {way} offences than {base} as it is, on "
                f"the average of {row['n']:.0f} pairs of runs."
            )
        else:
            small = ", only that any difference is smaller than 0.5%" if narrow(row, level) else ""
            said.append(
                f"These runs do not show whether {name} has more or fewer offences than {base}{small}."
            )
    said.append(
        "How minutes, waits, bands and news move when a choice is made, given the staff and the rules "
        "written below."
    )
    if reading.replications > 1:
        said.append("What a single area could see by luck alone, if the model and its assumptions held.")
    return said


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
