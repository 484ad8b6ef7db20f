"""One person of a caseload: what a row says, checked, and what is kept of it.

What is kept has no reference and no date in it. What is said about a mistake never quotes a cell, so that
messages can be sent on.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from calibration.caseload.dates import AMERICAN, british
from simulation.calendar import DAYS_PER_YEAR
from simulation.needs import NAMES as NEEDS

#: The age of criminal responsibility in England and Wales, and an age that nobody carried has.
YOUNGEST, OLDEST = 10, 100
Band = Literal["red", "amber", "green", "blue", "white"]
Scheme = Literal["ppo", "nso", "deter", "other"]

_YES = ("yes", "y", "true", "t", "1")
_NO = ("no", "n", "false", "f", "0")
#: Orders and licences are stated in words too.
_STATUTORY = ("statutory", "stat", "licence", "on licence", "community order", "suspended sentence order")
_VOLUNTARY = ("non-statutory", "non statutory", "nonstatutory", "non-stat", "none", "voluntary")
_BANDS: Mapping[str, Band] = {
    "red": "red", "r": "red", "gold": "red", "amber": "amber", "a": "amber", "silver": "amber",
    "green": "green", "g": "green", "bronze": "green", "blue": "blue", "b": "blue", "custody": "blue",
    "white": "white", "w": "white", "dormant": "white",
}  # fmt: skip
_SCHEMES: Mapping[str, Scheme] = {
    "ppo": "ppo", "prolific": "ppo", "nso": "nso", "non-statutory": "nso", "deter": "deter", "dyo": "deter",
    "other": "other", "iom": "other", "general": "other", "dip": "other",
}  # fmt: skip
_LEADS = {
    "police": "police", "neighbourhood police": "neighbourhood_police", "npt": "neighbourhood_police",
    "probation": "probation", "nps": "probation", "crc": "probation", "prison": "prison",
    "drug treatment": "drug_treatment", "drugs": "drug_treatment", "dip": "drug_treatment",
    "vcs": "vcs", "voluntary sector": "vcs", "yot": "other", "youth": "other", "housing": "other",
    "health": "other", "other": "other", "none": "none",
}  # fmt: skip


def _chosen(known: Mapping[str, object], wanted: str, text: object) -> object:
    said = re.sub(r"[\s_]+", " ", str(text).strip().casefold())
    if said not in known:
        raise ValueError(f"is none of the words known here; expected {wanted}")
    return known[said]


def _number(low: float, high: float, text: object) -> float:
    said = str(text).strip()
    if not re.fullmatch(r"\d{1,6}(\.\d{1,4})?", said, re.ASCII):
        raise ValueError(f"is not a plain number; expected one from {low:g} to {high:g}")
    if not low <= float(said) <= high:
        raise ValueError(f"is {float(said):g}; expected {low:g} to {high:g}")
    return float(said)


def _count(high: int, text: object) -> int:
    found = _number(0, high, text)
    if not found.is_integer():
        raise ValueError(f"is {found:g}; expected a whole number")
    return int(found)


def _years(text: object) -> float:
    """Return an age; one in whole years is on average half a year more."""
    return _number(YOUNGEST, OLDEST, text) + (0.5 if str(text).strip().isdigit() else 0.0)


def _sort(read: Callable[..., object], *arguments: object) -> BeforeValidator:
    return BeforeValidator(partial(read, *arguments))


_BOTH = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)
_SUPERVISED = _BOTH | dict.fromkeys(_STATUTORY, True) | dict.fromkeys(_VOLUNTARY, False)
_FEMALE = {"female": True, "f": True, "woman": True, "male": False, "m": False, "man": False}
YesNo = Annotated[bool, _sort(_chosen, _BOTH, "yes or no")]
British = Annotated[date, BeforeValidator(british)]
Age = Annotated[float, BeforeValidator(_years)]
Supervised = Annotated[bool, _sort(_chosen, _SUPERVISED, "yes or no, or statutory or non-statutory")]
Female = Annotated[bool, _sort(_chosen, _FEMALE, "male or female")]
Lead = Annotated[str, _sort(_chosen, _LEADS, "police, probation, prison, drug treatment, vcs or other")]


class Entry(BaseModel):
    """A row as it was typed; a blank cell is nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date_of_birth: British | None = None
    age: Age | None = None
    statutory: Supervised | None = None
    previous_occasions: Annotated[int, _sort(_count, 500)] | None = None
    sex: Female | None = None
    first_conviction: British | None = None
    age_at_first_conviction: Age | None = None
    offences: Annotated[int, _sort(_count, 5000)] | None = None
    breaches: Annotated[int, _sort(_count, 500)] | None = None
    scheme: Annotated[Scheme, _sort(_chosen, _SCHEMES, "ppo, nso, deter or other")] | None = None
    band: Annotated[Band, _sort(_chosen, _BANDS, "red, amber, green, blue or white")] | None = None
    in_custody: YesNo | None = None
    team: Annotated[str, Field(max_length=60)] | None = None
    date_selected: British | None = None
    lead: Lead | None = None
    needs: dict[str, YesNo] = Field(default_factory=dict)


@dataclass(frozen=True)
class Person:
    """What is kept of a person; ages and times are years, ``None`` where nothing is known."""

    age: float | None = None
    statutory: bool | None = None
    occasions: int | None = None
    female: bool | None = None
    first_conviction_age: float | None = None
    offences: int | None = None
    breaches: int | None = None
    scheme: Scheme | None = None
    band: Band | None = None
    in_custody: bool | None = None
    team: str | None = None
    years_carried: float | None = None
    lead: str | None = None
    needs: Mapping[str, bool | None] | None = None


class Mistake(NamedTuple):
    """What is wrong in one column of a row; of ``all_rows`` if the whole file must be doubted for it."""

    column: str
    wrong: str
    expected: str
    all_rows: bool = False


def person(cells: Mapping[str, str], today: date) -> tuple[Person | None, list[Mistake]]:
    """Return what a row says of a person, and everything that is wrong with it.

    Parameters
    ----------
    cells
        What stands in the columns that are read, blank ones left out, the reference left out.
    today
        The day of which the caseload is.
    """
    said: dict[str, object] = {name: text for name, text in cells.items() if not name.startswith("need_")}
    needs = {name: cells[f"need_{name}"] for name in NEEDS if f"need_{name}" in cells}
    try:
        entry = Entry.model_validate(said | {"needs": needs})
    except ValidationError as error:
        return None, [_mistake(detail["loc"], detail["type"], detail["msg"]) for detail in error.errors()]
    found = _crossed(entry, today)
    return (None, found) if found else (_kept(entry, today), [])


def _mistake(loc: tuple[int | str, ...], kind: str, text: str) -> Mistake:
    column = f"need_{loc[1]}" if loc[0] == "needs" and len(loc) > 1 else str(loc[0])
    wrong, _, wanted = text.removeprefix("Value error, ").partition("; expected ")
    if not wanted:
        wrong, wanted = "is too long", "the name of a team, of at most 60 letters"
    return Mistake(column, wrong, wanted, kind == AMERICAN)


def _crossed(entry: Entry, today: date) -> list[Mistake]:
    """Return what is wrong between the columns of a row."""
    found = [
        Mistake(column, "lies in the future", f"a day up to {today:%d/%m/%Y}")
        for column in ("date_of_birth", "first_conviction", "date_selected")
        if (when := getattr(entry, column)) is not None and when > today
    ]
    if found:
        return found
    born, age = entry.date_of_birth, _age(entry, today)
    if age is None:
        return []
    if not YOUNGEST <= age <= OLDEST + 1:
        wanted = f"{YOUNGEST} to {OLDEST} years"
        return [Mistake("date_of_birth", f"makes an age of {age:.0f}", wanted)]
    if born is not None and entry.age is not None and abs(age - entry.age) > 1.5:
        wrong = f"is {entry.age:g}, and by the date of birth {age:.0f}"
        found.append(Mistake("age", wrong, "one of the two"))
    for column in ("first_conviction", "date_selected"):
        when = getattr(entry, column)
        then = age - (today - when).days / DAYS_PER_YEAR if when is not None else OLDEST
        # An age that was not reckoned from a date of birth can be half a year off.
        if then < YOUNGEST - (0.01 if born is not None else 0.5):
            found.append(Mistake(column, f"is at an age of {then:.0f}", f"{YOUNGEST} years or more"))
    first = entry.age_at_first_conviction
    if first is not None and first > age + 1:
        found.append(Mistake("age_at_first_conviction", "is above the age now", "the age then"))
    return found


def _age(entry: Entry, today: date) -> float | None:
    if entry.date_of_birth is None:
        return entry.age
    return (today - entry.date_of_birth).days / DAYS_PER_YEAR


def _kept(entry: Entry, today: date) -> Person:
    age, first = _age(entry, today), entry.age_at_first_conviction
    if first is None and entry.first_conviction is not None and age is not None:
        first = max(float(YOUNGEST), age - (today - entry.first_conviction).days / DAYS_PER_YEAR)
    selected = entry.date_selected
    return Person(
        age=age, statutory=entry.statutory, occasions=entry.previous_occasions, female=entry.sex,
        first_conviction_age=first, offences=entry.offences, breaches=entry.breaches, scheme=entry.scheme,
        band=entry.band, in_custody=entry.in_custody, team=entry.team,
        years_carried=(today - selected).days / DAYS_PER_YEAR if selected is not None else None,
        lead=entry.lead, needs=entry.needs,
    )  # fmt: skip
