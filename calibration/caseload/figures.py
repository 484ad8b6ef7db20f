"""What a caseload comes to: counts and means, those left out that could point at somebody."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import fmean

from calibration.caseload.person import Person
from calibration.caseload.reading import FEWEST_PEOPLE, Caseload
from scenarios.own_caseload import small

#: Figures by the names of :class:`calibration.Target`: per cent of people, and means.
SHARES: Mapping[str, Callable[[Person], bool | None]] = {
    "statutory": lambda one: one.statutory,
    "ppo": lambda one: None if one.scheme is None else one.scheme == "ppo",
    "women": lambda one: one.female,
}
MEANS: Mapping[str, Callable[[Person], float | None]] = {
    "offences": lambda one: one.offences,
    "occasions": lambda one: one.occasions,
    "breaches": lambda one: one.breaches,
    "first_conviction_age": lambda one: one.first_conviction_age,
    "age": lambda one: one.age,
    "years_carried": lambda one: one.years_carried,
}
#: What the people of a caseload are counted by.
KINDS: Mapping[str, Callable[[Person], object]] = {
    "sex": lambda one: None if one.female is None else ("female" if one.female else "male"),
    "statutory": lambda one: _yes(one.statutory),
    "scheme": lambda one: one.scheme,
    "band": lambda one: one.band,
    "in_custody": lambda one: _yes(one.in_custody),
    "team": lambda one: one.team,
    "lead": lambda one: one.lead,
}
#: What is possible and yet worth a look, in words.
ODD: Mapping[str, Callable[[Person], bool]] = {
    "no previous occasion": lambda one: one.occasions == 0,
    "more than 100 previous occasions": lambda one: (one.occasions or 0) > 100,
    "fewer offences than occasions": lambda one: (
        one.offences is not None and one.occasions is not None and one.offences < one.occasions
    ),
    "under 16, whom the predictor does not score": lambda one: one.age is not None and one.age < 16,
    "over 65": lambda one: (one.age or 0) > 65,
    "selected more than ten years ago": lambda one: (one.years_carried or 0) > 10,
    "blue, and not in custody": lambda one: one.band == "blue" and one.in_custody is False,
    "in custody, and not blue": lambda one: bool(one.in_custody) and one.band not in (None, "blue"),
    "non-statutory by scheme, and statutory": lambda one: one.scheme == "nso" and one.statutory is True,
    "breaches, and no previous occasion": lambda one: bool(one.breaches) and one.occasions == 0,
}


def _yes(value: bool | None) -> str | None:
    return None if value is None else ("yes" if value else "no")


@dataclass(frozen=True)
class Figure:
    """A figure that may be shown, and of how many people it is."""

    value: float
    known: int


def figures(caseload: Caseload, below: int) -> dict[str, Figure]:
    """Return the figures of a caseload that may be shown.

    Shares are per cent. A share is left out if those it counts, or all others, are fewer than ``below``; a
    mean if it is of fewer than ``FEWEST_PEOPLE``.
    """
    people = caseload.people
    found = {"caseload": Figure(float(len(people)), len(people))}
    for name, share_of in SHARES.items():
        share = share_where([share_of(one) for one in people], below)
        if share is not None:
            found[name] = Figure(100 * share.value, share.known)
    for name, mean_of in MEANS.items():
        known = [value for one in people if (value := mean_of(one)) is not None]
        if len(known) >= FEWEST_PEOPLE:
            found[name] = Figure(fmean(known), len(known))
    return found


def share_where(said: list[bool | None], below: int) -> Figure | None:
    """Return the share of yes among those of whom it is known, or nothing if it may not be shown."""
    known = [value for value in said if value is not None]
    yes = sum(known)
    if len(known) < FEWEST_PEOPLE or small(yes, below) or small(len(known) - yes, below):
        return None
    return Figure(yes / len(known), len(known))


def needs(caseload: Caseload, below: int) -> dict[str, Figure]:
    """Return the share with each need that may be shown."""
    named = [column.removeprefix("need_") for column in caseload.columns if column.startswith("need_")]
    found = {
        name: share_where([(one.needs or {}).get(name) for one in caseload.people], below) for name in named
    }
    return {name: share for name, share in found.items() if share is not None}


def offences_an_occasion(caseload: Caseload) -> Figure | None:
    """Return offences on record over occasions, of the people of whom both are known."""
    both = [
        (one.offences, one.occasions)
        for one in caseload.people
        if one.offences is not None and one.occasions is not None
    ]
    offences, occasions = (sum(part) for part in zip(*both, strict=True)) if both else (0, 0)
    if len(both) < FEWEST_PEOPLE or not occasions:
        return None
    return Figure(offences / occasions, len(both))


def counted(caseload: Caseload, kind: str, below: int) -> dict[str, int | None]:
    """Return how many people are of each kind, largest first; ``None`` for what may not be shown."""
    said = [KINDS[kind](one) for one in caseload.people]
    return protected(Counter(str(value) for value in said if value is not None), below)


def protected(counts: Mapping[str, int], below: int) -> dict[str, int | None]:
    """Return counts without small ones, and without what would give a small one away by subtraction."""
    order = sorted(counts, key=lambda name: (-counts[name], name))
    hidden = [name for name in order if small(counts[name], below)]
    for name in reversed(order):
        if not hidden or (len(hidden) > 1 and sum(counts[one] for one in hidden) >= below):
            break
        if name not in hidden and counts[name]:
            hidden.append(name)
    return {name: None if name in hidden else counts[name] for name in order}


def odd(caseload: Caseload) -> dict[str, int]:
    """Return how many people each odd thing is true of, of those that happen."""
    found = {what: sum(is_so(one) for one in caseload.people) for what, is_so in ODD.items()}
    return {what: count for what, count in found.items() if count}


def missing(caseload: Caseload) -> dict[str, int]:
    """Return of how many people each column says nothing."""
    said: dict[str, Callable[[Person], object]] = {
        "date_of_birth": MEANS["age"], "age": MEANS["age"], "previous_occasions": MEANS["occasions"],
        "first_conviction": MEANS["first_conviction_age"],
        "age_at_first_conviction": MEANS["first_conviction_age"],
        "offences": MEANS["offences"], "breaches": MEANS["breaches"], "date_selected": MEANS["years_carried"],
        **KINDS,
    }  # fmt: skip
    found = {}
    for column in caseload.columns:
        if column.startswith("need_"):
            need = column.removeprefix("need_")
            found[column] = sum((one.needs or {}).get(need) is None for one in caseload.people)
        elif column != "reference":
            found[column] = sum(said[column](one) is None for one in caseload.people)
    return found
