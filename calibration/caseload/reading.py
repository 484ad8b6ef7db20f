"""A caseload read from a CSV file: every row checked, every mistake placed, nobody named."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes

from calibration.caseload.columns import Header, matched
from calibration.caseload.person import Person, person
from calibration.caseload.table import LONGEST_CELL, Row, Table
from scenarios import Problem, ScenarioError

#: A smaller caseload says nothing of its means, and too much of its people.
FEWEST_PEOPLE = 25
MOST_LISTED = 50
#: Mistakes kept to be listed; the rest of a file that has more is only counted.
_MOST_KEPT = 10_000
#: In some countries a spreadsheet takes the wide forms too.
_FORMULA = ("=", "+", "-", "@", "\t", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_UNKNOWN = {"", "-", "n/a", "na", "n/k", "nk", "not known", "unknown", "null"}


@dataclass(frozen=True)
class Caseload:
    """People of one day, without their references.

    Attributes
    ----------
    counted
        The day.
    people
        Those carried, custody included.
    dormant
        Those on the dormant list, who are not carried.
    columns
        The columns the file has.
    notices
        What a user should know of how it was read.
    left_out
        What is wrong with rows that were left out, up to a limit.
    rows_left_out
        How many they are.
    """

    counted: date
    people: tuple[Person, ...]
    dormant: int
    columns: tuple[str, ...]
    notices: tuple[str, ...]
    left_out: tuple[Problem, ...]
    rows_left_out: int


def read(path: Path, today: date, *, leave_out_bad_rows: bool = False) -> Caseload:
    """Return the caseload of a file.

    Parameters
    ----------
    path
        A CSV file; docs/how_to/own_caseload.md says what is in it.
    today
        The day of which it is.
    leave_out_bad_rows
        Whether rows that cannot be used are left out; otherwise they keep the whole file out.

    Raises
    ------
    ScenarioError
        With every mistake, or the first ones and how many more there are.
    """
    table = Table(path)
    header = matched(table.header, table.shown)
    header.problems += _formulas(table.header, table.shown, {})
    if header.problems:
        raise ScenarioError(header.problems)
    rows = _Rows(table.shown, header, today)
    try:
        for row in table.rows():
            rows.add(row)
    except ScenarioError as error:
        raise ScenarioError([*rows.listed(), *error.problems]) from None
    if rows.bad and (not leave_out_bad_rows or rows.doubtful or rows.bad > len(rows.people)):
        raise ScenarioError([*rows.listed(), *_why_not_left_out(rows, leave_out_bad_rows)])
    carried = tuple(one for one in rows.people if one.band != "white")
    if len(carried) < FEWEST_PEOPLE:
        wanted = f"at least {FEWEST_PEOPLE}: fewer say nothing of their means, and too much of themselves"
        wrong = f"has {len(carried)} people who are carried"
        raise ScenarioError([*rows.listed(), Problem(table.shown, 0, 0, "", wrong, wanted)])
    return Caseload(
        today, carried, len(rows.people) - len(carried), tuple(header.places),
        (*table.notices, *header.notices), tuple(rows.problems),
        rows.bad,
    )  # fmt: skip


def _why_not_left_out(rows: "_Rows", asked: bool) -> list[Problem]:
    """Return why bad rows keep the whole file out although they were to be left out."""
    if not asked:
        return []
    if rows.doubtful:
        wrong = "has dates with the month first, so that no other date in it can be trusted"
        return [Problem(rows.file, 0, 0, "", wrong, "every date with the day first", "no rows are left out")]
    wrong = f"has {rows.bad:,} rows that cannot be used and {len(rows.people):,} that can"
    return [Problem(rows.file, 0, 0, "", wrong, "more good rows than bad ones")]


class _Rows:
    """Rows as they come: people, and what is wrong with the others."""

    def __init__(self, file: str, header: Header, today: date) -> None:
        self.file, self.header, self.today = file, header, today
        self.people: list[Person] = []
        self.problems: list[Problem] = []
        self.bad = 0
        self.mistakes = Counter[str]()
        self.doubtful = False
        # A reference is known by a digest with a key that is thrown away, and where it first stood.
        self._key, self._seen = token_bytes(32), dict[bytes, int]()

    def add(self, row: Row) -> None:
        found = self._wrong_as_a_row(row) or self._wrong_as_a_person(row)
        if found:
            self.bad += 1
            self.mistakes.update(problem.key or "the row" for problem in found)
            self.problems += found[: max(0, _MOST_KEPT - len(self.problems))]

    def listed(self) -> list[Problem]:
        """Return the first mistakes, after how many there are if these are not all."""
        first, all_of_them = self.problems[:MOST_LISTED], self.mistakes.total()
        if all_of_them > len(first):
            most = ", ".join(f"{key} ({count:,})" for key, count in self.mistakes.most_common(3))
            wrong = f"has {all_of_them:,} mistakes in {self.bad:,} rows; most in {most}"
            first.append(Problem(self.file, 0, 0, "", wrong, "", f"the first {len(first)} are listed"))
        return first

    def _wrong_as_a_row(self, row: Row) -> list[Problem]:
        width = self.header.width
        if (len(row.cells) != width and any(row.cells[width:])) or len(row.cells) < width:
            wrong = f"has {len(row.cells):,} cells"
            return [Problem(self.file, row.line, 1, "", wrong, f"{width}, as the header has")]
        return _formulas(row, self.file, self.header.places)

    def _wrong_as_a_person(self, row: Row) -> list[Problem]:
        places = self.header.places
        cells = {name: row.cells[place] for name, place in places.items()}
        known = {name: text for name, text in cells.items() if text.casefold() not in _UNKNOWN}
        problems = self._known_twice(row, known.pop("reference", ""))
        one, mistakes = person(known, self.today)
        for column, wrong, wanted, all_rows in mistakes:
            self.doubtful |= all_rows
            place = places.get(column, places["reference"]) + 1
            problems.append(Problem(self.file, row.line, place, column, wrong, wanted))
        if one is not None and not problems:
            self.people.append(one)
        return problems

    def _known_twice(self, row: Row, reference: str) -> list[Problem]:
        place = self.header.places["reference"] + 1
        if not reference:
            wanted = "what tells this person from others"
            return [Problem(self.file, row.line, place, "reference", "is empty", wanted)]
        plain = "".join(reference.split()).casefold()
        digest = blake2b(plain.encode(), key=self._key, digest_size=16).digest()
        first = self._seen.setdefault(digest, row.line)
        if first == row.line:
            return []
        wrong = f"is the person of line {first}"
        return [Problem(self.file, row.line, place, "reference", wrong, "each person once")]


def _formulas(row: Row, file: str, places: Mapping[str, int]) -> list[Problem]:
    """Return a problem for each cell that a spreadsheet would run, or that cannot be a cell of a caseload."""
    names = {place: name for name, place in places.items()}
    return [
        Problem(file, row.line, place + 1, names.get(place, ""), *said)
        for place, cell in enumerate(row.cells)
        if (said := _unsafe(cell))
    ]


def _unsafe(cell: str) -> Sequence[str]:
    if cell.startswith(_FORMULA) and cell != "-":
        mark = "a tab" if cell[0] == "\t" else cell[0]
        return f"begins with {mark}, which a spreadsheet runs as a formula", "plain text, or nothing"
    if len(cell) > LONGEST_CELL:
        return f"is {len(cell):,} letters long", f"at most {LONGEST_CELL}"
    if _CONTROL.search(cell):
        return "holds a control character or a line break", "plain text in one line"
    return ()
