"""Tables and figures that commands wrote, put into the pages of the documentation that show them.

A page marks the place of a table with a comment that names the file: ``<!-- table: tables/match.csv -->``.
What an option was measured to do stands between two: ``<!-- measured: hub -->`` and ``<!-- end -->``.
"""

import csv
import re
from functools import cache
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
MEASURED = DOCS / "tables" / "practices.csv"
_PLACE = re.compile(r"(<!-- table: (\S+) -->\n)(?:\n(?:\|.*\n)*)?")
_FIGURE = re.compile(r"(<!-- measured: (\S+) -->)[^<]*(<!-- end -->)")


def shown(page: Path) -> str:
    """Return a page's text with every table and figure as its file has it."""

    def table(place: re.Match[str]) -> str:
        with (page.parent / place[2]).open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        lines = [head, ["---"] * len(head), *rows]
        return place[1] + "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)

    def figure(place: re.Match[str]) -> str:
        return f"{place[1]}{measured()[place[2]]}{place[3]}"

    return _FIGURE.sub(figure, _PLACE.sub(table, page.read_text(encoding="utf-8")))


@cache
def measured() -> dict[str, str]:
    """Return what each option was measured to do, with the range of its mean."""
    with MEASURED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["option"]: f"{_plain(row['measured'])} ({_plain(row['95% range'])})" for row in rows}


def _plain(figures: str) -> str:
    """Return a figure, or a range of them, as people write it: no powers of ten, thousands apart."""
    values = [float(figure) for figure in figures.split(" to ")]
    return " to ".join(f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}" for value in values)


def main() -> None:
    """Write the tables into all pages."""
    for page in sorted(DOCS.rglob("*.md")):
        page.write_text(shown(page), encoding="utf-8")


if __name__ == "__main__":
    main()
