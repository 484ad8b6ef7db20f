"""The register: every number that the model uses or the pages cite, and where it stands."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from calibration.evidence.known import is_known
from scenarios import ScenarioError
from scenarios.problem import Problem, echo

HERE = Path(__file__).parent
REGISTER, SOURCES = HERE / "register.csv", HERE / "sources.csv"
COLUMNS = (
    "id", "quantity", "value", "unit", "low", "high", "population", "year", "source", "place",
    "confidence", "informs", "not_a_target", "quotation",
)  # fmt: skip
#: How sure a number is, and what the word means.
CONFIDENCE = {
    "seed": "stands in a document about the pioneer areas, which is quoted",
    "published": "was read in its source: a report, an answer in Parliament, code",
    "secondary": "was read where somebody else tells of the source",
    "unverified": "was not checked against a source, or none was found",
}
_ID = re.compile(r"[A-Z]{2}\d{3}")


@dataclass(frozen=True)
class Evidence:
    """One number.

    Attributes
    ----------
    id
        Two letters for the document, three digits.
    quantity, value, unit
        What it is; a value is a number, a date or a word.
    low, high
        What the source gives as a range; ``None`` where it gives none.
    population, year
        Of whom and when.
    source, place
        A document, as :func:`sources` lists it, and where in it.
    confidence
        One of :data:`CONFIDENCE`.
    informs
        Keys of parameters (``*`` for any name in its place), names of targets, and rooms of the model.
    not_a_target
        Why a number of the published tables is no target; empty for all others.
    quotation
        A few words of a document about the pioneer sites, with the value in them.
    """

    id: str
    quantity: str
    value: str
    unit: str
    low: float | None
    high: float | None
    population: str
    year: str
    source: str
    place: str
    confidence: str
    informs: tuple[str, ...]
    not_a_target: str
    quotation: str

    @property
    def number(self) -> float | None:
        """The value, if it is a number."""
        return _number(self.value)


@dataclass(frozen=True)
class Source:
    """A document: its name here, words by which texts cite it, in lower case, and its title."""

    name: str
    cited_as: tuple[str, ...]
    title: str


@cache
def sources(path: Path = SOURCES) -> Mapping[str, Source]:
    """Return the documents of the register by name."""
    return {
        row["name"]: Source(row["name"], _words(row["cited_as"], ";") or (row["name"].lower(),), row["title"])
        for _, row in _rows(path, ("name", "cited_as", "title"))
    }


@cache
def register(path: Path = REGISTER) -> Mapping[str, Evidence]:
    """Return all evidence by id, in the order of the file.

    Parameters
    ----------
    path
        A file like the shipped one.

    Raises
    ------
    ScenarioError
        With everything that is wrong in it, line by line.
    """
    found: dict[str, Evidence] = {}
    problems: list[Problem] = []
    for line, row in _rows(path, COLUMNS):
        problems += [
            Problem(path.name, line, 0, row["id"], wrong, expected)
            for wrong, expected in _wrong(row, row["id"] in found)
        ]
        found[row["id"]] = Evidence(
            **{name: row[name] for name in COLUMNS if name not in ("low", "high", "informs")},
            low=_number(row["low"]), high=_number(row["high"]), informs=_words(row["informs"]),
        )  # fmt: skip
    if problems:
        raise ScenarioError(problems)
    return found


def _wrong(row: Mapping[str, str], again: bool) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a row, and what was expected."""
    if not _ID.fullmatch(row["id"]):
        yield f"id is {echo(row['id'])}", "two capital letters and three digits"
    if again:
        yield "is there already", "an id of its own"
    for name in ("quantity", "value", "unit", "population", "year", "source"):
        if not row[name].strip():
            yield f"{name} is empty", "a word at least"
    if row["confidence"] not in CONFIDENCE:
        yield f"confidence is {echo(row['confidence'])}", f"one of {', '.join(CONFIDENCE)}"
    if row["source"] not in sources():
        yield f"source {echo(row['source'])} is not listed", f"a name of {SOURCES.name}"
    for name in ("low", "high"):
        if row[name] and _number(row[name]) is None:
            yield f"{name} is {echo(row[name])}", "a number, or nothing"
    low, value, high = (_number(row[name]) for name in ("low", "value", "high"))
    if None not in (low, value, high) and not low <= value <= high:  # type: ignore[operator]
        yield f"value {row['value']} is outside {row['low']} to {row['high']}", "low, value and high in order"
    for name in _words(row["informs"]):
        if not is_known(name):
            yield f"informs {echo(name)}", "a parameter, a target or a room of the model"
    if row["confidence"] == "seed" and not row["quotation"]:
        yield "has no quotation", "a few words of the document"


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a file with their lines."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        head = next(reader, [])
        if tuple(head) != columns:
            raise ScenarioError([Problem(path.name, 1, 0, "", "other columns", ", ".join(columns))])
        for row in reader:
            if len(row) != len(columns):
                wrong = f"{len(row)} cells"
                raise ScenarioError(
                    [Problem(path.name, reader.line_num, 0, "", wrong, f"{len(columns)} cells")]
                )
            yield reader.line_num, dict(zip(columns, row, strict=True))


def _words(text: str, by: str | None = None) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(by) if word.strip())


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
