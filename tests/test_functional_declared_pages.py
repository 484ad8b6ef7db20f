"""What the pages say of the code is what the code declares."""

import re
from pathlib import Path

import pytest

from experiments import documentation
from experiments.documentation import glossary
from experiments.documentation.__main__ import pages
from experiments.documentation.house import FLOORS, arrows, rooms
from experiments.documentation.picture import PICTURE, drawn
from simulation import DAY_PLAN, Parameters

DOCS = documentation.DOCS
#: Abbreviations that everybody knows, or that stand in a path, a licence or a name.
EVERYDAY = {
    "API", "BBC", "CONTRIBUTING", "CSV", "GDP", "HTML", "IT", "JP", "JSON", "KB", "MB", "MIT", "README",
    "SHA", "UTF", "YAML",
}  # fmt: skip
DIGITS = "0123456789"
#: What is code, an address, a comment, or a title as its document has it.
NOT_PROSE = re.compile(
    r"<!-- table: sources -->\n\n(?:\|[^\n]*\n)*|```.*?```|`[^`]*`|\]\([^)]*\)|<!--.*?-->", re.DOTALL
)
#: Numbers of the evidence: two letters for the document, three digits.
NUMBERED = re.compile(r"(PE|TK|LE|KP|EX)\d{3}")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_a_page_says_what_is_declared(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == documentation.shown(page), (
        "python -m experiments.documentation brings it up to date"
    )


def test_the_picture_is_of_the_house_as_it_stands() -> None:
    picture = drawn()
    assert PICTURE.read_text(encoding="utf-8") == picture, (
        "python -m experiments.documentation brings it up to date"
    )
    for name in (*FLOORS, *(room.name for floor in FLOORS for room in rooms(floor))):
        assert f">{name}<" in picture
    for phase in DAY_PLAN:
        assert f">{phase.name}<" in picture


def test_no_arrow_points_up() -> None:
    assert arrows()["experiments", "simulation"] > 10
    for above, below in arrows():
        assert FLOORS.index(above) > FLOORS.index(below), f"{above} imports {below}"


def test_every_room_says_what_it_is() -> None:
    for floor in FLOORS:
        assert [room.name for room in rooms(floor) if not room.phrase] == []


@pytest.mark.parametrize("name", ["odd", "stress"])
def test_no_number_of_the_description_is_typed_by_hand(name: str) -> None:
    """Years, the usual 95% and numbers of headings apart."""
    text = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    text = re.sub(r"^#.*$|^\|.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"<!-- number: \S+ -->[^<]*<!-- / -->|<!--.*?-->|`[^`]*`|!?\[[^]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\b(19|20)\d\d\b|95%|OGRS3|SplitMix64", "", text)
    assert re.findall(r".{0,20}\d.{0,20}", text) == []


def test_the_descriptions_have_every_heading_of_their_protocols() -> None:
    odd = (DOCS / "odd.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (\d)\. (.*)$", odd, re.MULTILINE)
    assert [number for number, _ in headings] == list("1234567")
    stress = (DOCS / "stress.md").read_text(encoding="utf-8")
    items = ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", *(f"2.5.{n}" for n in range(1, 6))]
    items += ["3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1"]
    assert re.findall(r"^### ([\d.]+) ", stress, re.MULTILINE) == items


def test_every_parameter_is_listed() -> None:
    listed = re.findall(r"<!-- table: parameters/(\S+) -->", (DOCS / "parameters.md").read_text("utf-8"))
    assert sorted(",".join(listed).split(",")) == sorted(Parameters.model_fields)


def test_every_abbreviation_is_in_the_glossary() -> None:
    known = {*glossary.terms(), *EVERYDAY}
    for page in pages():
        text = NOT_PROSE.sub("", page.read_text(encoding="utf-8"))
        used = {word.removesuffix("s") for word in re.findall(r"\b[A-Z][A-Z0-9]+(?:s\b|\b)", text)}
        used = {word for word in used if not NUMBERED.fullmatch(word) and len(word.rstrip(DIGITS)) > 1}
        assert [word for word in used if not {word, word.rstrip(DIGITS)} & known] == [], page.name


def test_an_entry_of_the_glossary_is_a_sentence() -> None:
    lines = glossary.GLOSSARY.read_text(encoding="utf-8").split("\n- ")[1:]
    assert len(lines) == len({anchor for anchor in glossary.terms().values()}) > 60
    for line in lines:
        assert line.partition("\n\n")[0].rstrip().endswith("."), line
