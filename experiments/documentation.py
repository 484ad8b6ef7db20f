"""Tables that commands wrote, put into the pages of the documentation that show them.

A page marks the place with a comment that names the file: ``<!-- table: tables/match.csv -->``.
"""

import csv
import re
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
_PLACE = re.compile(r"(<!-- table: (\S+) -->\n)(?:\n(?:\|.*\n)*)?")


def shown(page: Path) -> str:
    """Return a page's text with every table as its file has it."""

    def table(place: re.Match[str]) -> str:
        with (page.parent / place[2]).open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        lines = [head, ["---"] * len(head), *rows]
        return place[1] + "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)

    return _PLACE.sub(table, page.read_text(encoding="utf-8"))


def main() -> None:
    """Write the tables into all pages."""
    for page in sorted(DOCS.rglob("*.md")):
        page.write_text(shown(page), encoding="utf-8")


if __name__ == "__main__":
    main()
