"""Tables of text, one row a line, as CSV files that are the same on every machine."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path


def as_csv(rows: Iterable[Sequence[object]]) -> str:
    """Return rows, the head first, as the text of a CSV file."""
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def write_table(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """Write rows, the head first, as a CSV file, which is there whole or as it was."""
    aside = path.with_name(f".{path.name}.part")
    aside.write_text(as_csv(rows), encoding="utf-8", newline="")
    aside.replace(path)
