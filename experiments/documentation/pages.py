"""Tables and numbers that commands wrote or the code declares, put into the pages that show them.

A page marks the place of a table with a comment that names its file or what is declared,
``<!-- table: tables/match.csv -->`` or ``<!-- table: streams -->``, and that of a number within a line with
two: ``<!-- number: phases -->10<!-- / -->``.
"""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

from experiments.documentation import numbers, tables

DOCS = Path(__file__).parent.parent.parent / "docs"
_TABLE = re.compile(r"(<!-- table: (\S+) -->\n)(?:\n(?:\|.*\n)*\n?)?")
_NUMBER = re.compile(r"(<!-- number: (\S+) -->)[^<]*(<!-- / -->)")


def shown(page: Path) -> str:
    """Return a page's text with every table and number as its file or declaration has it.

    Raises
    ------
    KeyError
        If a page names what nobody declares.
    """

    def table(place: re.Match[str]) -> str:
        head, *rows = _read(page.parent / place[2]) if place[2].endswith(".csv") else tables.table(place[2])
        lines = [head, ["---"] * len(head), *rows]
        return place[1] + "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n"

    def number(place: re.Match[str]) -> str:
        return place[1] + numbers.number(place[2]) + place[3]

    return _NUMBER.sub(number, _TABLE.sub(table, page.read_text(encoding="utf-8")))


def _read(file: Path) -> Sequence[Sequence[str]]:
    with file.open(encoding="utf-8", newline="") as rows:
        return list(csv.reader(rows))
