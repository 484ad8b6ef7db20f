"""The columns of a caseload: what each is called, what else it may be called, and which a header has."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from calibration.caseload.table import Row
from scenarios import Problem
from scenarios.tree import did_you_mean
from simulation.needs import NAMES as NEEDS


class Column(NamedTuple):
    """A column: its name, what stands in it, and other headers by which it goes."""

    name: str
    about: str
    others: tuple[str, ...] = ()


AGES = ("date_of_birth", "age")
REQUIRED = ("reference", "statutory", "previous_occasions")
COLUMNS = (
    Column("reference", "whatever tells people apart; only used to find a person twice", (
        "person_reference", "person_ref", "ref", "id", "person_id", "offender_id", "nominal",
        "nominal_reference", "pnc_id", "crn", "urn",
    )),
    Column("date_of_birth", "31/12/1979", ("dob", "birth_date")),
    Column("age", "in years, if there is no date of birth", ("age_years", "current_age")),
    Column("statutory", "yes or no: under supervision by order or licence", (
        "statutory_status", "under_supervision", "supervised",
    )),
    Column("previous_occasions", "sanction occasions before now", (
        "previous_convictions", "previous_primary_offences", "conviction_occasions",
        "number_of_previous_convictions",
    )),
    Column("sex", "male or female", ("gender",)),
    Column("first_conviction", "date of the first conviction", (
        "first_conviction_date", "date_of_first_conviction",
    )),
    Column("age_at_first_conviction", "in years", ("first_conviction_age",)),
    Column("offences", "offences on record", (
        "previous_offences", "offences_on_record", "number_of_offences",
    )),
    Column("breaches", "breaches of orders on record", ("previous_breaches", "breaches_of_orders")),
    Column("scheme", "ppo, nso, deter or other", ("cohort", "strand", "category")),
    Column("band", "red, amber, green, blue (custody) or white (dormant list)", (
        "rag", "rag_status", "rag_band", "colour",
    )),
    Column("in_custody", "yes or no", ("custody", "currently_in_custody")),
    Column("team", "the team or hub that carries the person", ("hub", "location")),
    Column("date_selected", "day the scheme took the person on", (
        "selected", "date_of_selection", "adoption_date", "date_adopted", "date_added",
    )),
    Column("lead", "police, probation, prison, drug_treatment, vcs or another agency", (
        "lead_agency", "lead_professional_agency",
    )),
    *(Column(f"need_{name}", "yes or no") for name in NEEDS),
)  # fmt: skip


def _plain(header: str) -> str:
    return re.sub(r"[\W_]+", "", header.casefold())


_KNOWN = {_plain(name): column.name for column in COLUMNS for name in (column.name, *column.others)}
_NAMES = {_plain(column.name) for column in COLUMNS}


@dataclass
class Header:
    """Which cell of a row holds which column, what is wrong with the header, and what to tell about it."""

    places: dict[str, int] = field(default_factory=dict)
    width: int = 0
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def matched(row: Row, file: str) -> Header:
    """Return what the header of a file says.

    A file without a header has a person where the names of columns belong: unknown ones are named only where
    the required ones are there.
    """
    found = Header(width=len(row.cells))
    unread: list[tuple[int, str]] = []
    for place, cell in enumerate(row.cells):
        name = _KNOWN.get(_plain(cell))
        if name is None:
            unread.append((place, cell))
        elif name in found.places:
            wrong = f"is there twice, in cells {found.places[name] + 1} and {place + 1}"
            found.problems.append(Problem(file, row.line, place + 1, name, wrong, "each column once"))
        else:
            found.places[name] = place
            if _plain(cell) not in _NAMES:
                found.notices.append(f"column {_safe(cell)} is read as {name}")
    missing = [name for name in REQUIRED if name not in found.places]
    if not any(name in found.places for name in AGES):
        missing.append(" or ".join(AGES))
    for name in missing:
        hint = f"columns are {', '.join(column.name for column in COLUMNS[:16])} and need_..."
        if len(missing) < len(REQUIRED):
            hint = next((_near(cell, name) for _, cell in unread if _near(cell, name)), hint)
        found.problems.append(Problem(file, row.line, 1, name, "this column is missing", "it", hint))
    if not missing and unread:
        names = ", ".join(_safe(cell) if cell else f"cell {place + 1}" for place, cell in unread)
        found.notices.append(f"not read, and better left out of the export: {names}")
    return found


def _near(cell: str, name: str) -> str:
    close = did_you_mean(re.sub(r"[\W_]+", "_", cell.casefold()), [name])
    return f"is {_safe(cell)} that column? Name it {name}" if "?" in close else ""


def _safe(cell: str) -> str:
    """Return a header as it can be printed: cut, and without what moves a cursor."""
    return "".join(letter if letter.isprintable() else " " for letter in cell[:40])
