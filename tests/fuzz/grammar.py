"""The kinds of file, and a strategy for the bytes of each: from nearly right to nearly nothing."""

import csv
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from scenarios.library import FOLDERS, HERE
from scenarios.yaml_file import LARGEST_BYTES, read
from tests.fuzz import declared
from tests.fuzz.spoiling import (
    as_bytes,
    byte_slips,
    number,
    spoil_text,
    spoil_tree,
    text_slips,
    tree,
    tree_slips,
    written,
)
from tests.fuzz.vocabulary import CELLS, HEADERS

EXAMPLE = Path(__file__).parent.parent.parent / "docs" / "examples" / "caseload.csv"
#: Kinds of file that are fuzzed; an era is an option about the law.
KINDS = ("site", "option", "study", "exercise", "evaluation", "caseload")
DRAWN: dict[str, Callable[[], st.SearchStrategy[dict[str, Any]]]] = {
    "site": declared.sites, "option": declared.options, "study": declared.studies,
}  # fmt: skip
LONGEST_CSV = 4 * 1024 * 1024


@cache
def _shipped(kind: str) -> tuple[dict[str, Any], ...]:
    """Return what shipped files of a kind say, the shortest first."""
    kinds = ("option", "era") if kind == "option" else (kind,)
    paths = sorted(
        (path for name in kinds for path in (HERE / FOLDERS[name]).glob("*.yaml")),
        key=lambda p: p.stat().st_size,
    )
    return tuple(read(path, path.name).plain() for path in paths)


@st.composite
def _yaml(draw: st.DrawFn, kind: str) -> bytes:
    shipped = st.integers(0, len(_shipped(kind)) - 1).map(lambda n: _shipped(kind)[n])
    said = draw(shipped | DRAWN[kind]() if kind in DRAWN else shipped)
    root = spoil_tree(tree(said), draw(tree_slips))
    text = spoil_text(written(root, draw(number)), draw(text_slips), LARGEST_BYTES * 2)
    return as_bytes(text, draw(byte_slips))


@cache
def _people() -> tuple[tuple[str, ...], ...]:
    with EXAMPLE.open(newline="", encoding="utf-8") as file:
        return tuple(tuple(row) for row in csv.reader(file))


cell_slips = st.lists(
    st.tuples(
        st.sampled_from(["cell", "cell", "header", "column", "row", "more", "column twice"]), number, number
    ),
    max_size=4,
)


@st.composite
def _csv(draw: st.DrawFn) -> bytes:
    rows = [list(row) for row in _people()[: draw(st.sampled_from([1, 27, 40, 400]))]]
    for what, at, how in draw(cell_slips):
        row = rows[at % len(rows)]
        if what == "cell" and row:
            row[how % len(row)] = CELLS[how % len(CELLS)]
        elif what == "header" and rows[0]:
            rows[0][at % len(rows[0])] = HEADERS[how % len(HEADERS)]
        elif what in ("column", "column twice"):
            for one in rows:
                if how % len(rows[0] or [""]) < len(one):
                    one[how % len(rows[0]) : how % len(rows[0]) + 1] = [one[how % len(rows[0])]] * (
                        2 * (what != "column")
                    )
        elif what == "row":
            rows[at % len(rows) : at % len(rows) + how % 3] = []
            rows = rows or [[]]
        elif what == "more":
            # Each with a reference of its own, so that a large file can be a good one.
            rows += [[f"N{n}", *row[1:]] for n in range(how * 6)]
    out = io.StringIO()
    dialect = draw(
        st.sampled_from(
            [
                (",", csv.QUOTE_MINIMAL),
                (";", csv.QUOTE_ALL),
                ("\t", csv.QUOTE_MINIMAL),
                ("|", csv.QUOTE_MINIMAL),
            ]
        )
    )
    csv.writer(
        out,
        delimiter=dialect[0],
        quoting=dialect[1],
        lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"])),
    ).writerows(rows)
    text = spoil_text(out.getvalue(), draw(text_slips), LONGEST_CSV)
    return as_bytes(text, draw(byte_slips))


def files(kind: str) -> st.SearchStrategy[bytes]:
    """Return the content of files of a kind."""
    return _csv() if kind == "caseload" else _yaml(kind)
