"""The workbook: tables for a spreadsheet, one a sheet, with a sheet that lists them."""

import re
from collections.abc import Iterable
from io import BytesIO
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from experiments.report.contents import Contents
from experiments.report.table import Table

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from experiments.study import Study

#: A spreadsheet's longest name of a sheet.
LONGEST = 31
MOST_WIDTH = 60
MADE_UP = "A simulation of made-up people; not a forecast."


def content(contents: Contents) -> bytes:
    """Return a workbook of every table of the report, unrounded."""
    reading = contents.reading
    head = [
        f"{', '.join(reading.label(name) for name in reading.study.scenarios)}: {reading.period}",
        f"{MADE_UP} report.html says what can be said from it.",
        "The tables of report.html in its order; numbers are not rounded. Shares are 0 to 1.",
    ]
    return book_of(head, contents.tables())


def of_sweep(study: "Study") -> bytes:
    """Return a workbook of a sweep's tables, unrounded."""
    differences = Table("Differences", [], [], study.differences, "differences.csv", "of the outcome")
    runs = Table("Runs", [], [], study.runs, "runs.parquet", "of each outcome")
    head = [
        f"Every point of a study of {study.place.name}",
        MADE_UP,
        "Numbers are not rounded. Shares are 0 to 1.",
    ]
    return book_of(head, (("Study", table) for table in (differences, runs)))


def book_of(head: list[str], tables: Iterable[tuple[str, Table]]) -> bytes:
    """Return a workbook of tables, each with the heading that it stands under; three lines head its list."""
    from openpyxl import Workbook

    book = Workbook()
    first: Any = book.active
    first.title = "Contents"
    listed = [_sheet(book, place, section, table) for place, (section, table) in enumerate(tables, 1)]
    _lines(
        first,
        [
            *([line] for line in head),
            [],
            ["Sheet", "Table", "Section", "Unit", "Numbers from", "Not known"],
            *listed,
        ],
        head=5,
    )
    for row in first.iter_rows(min_row=6, max_col=1):
        row[0].hyperlink = f"#'{row[0].value}'!A1"
        row[0].style = "Hyperlink"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: "Workbook", place: int, section: str, table: Table) -> list[str]:
    """Add a table's sheet and return its line in the list."""
    short = re.sub(r"[^\w +-]", "", table.caption)
    name = shorten(f"{place} {short}", LONGEST, placeholder="")
    shared = table.shared
    unknown = f"{table.headings[-1]}: {table.last_for_all}" if table.last_for_all else ""
    head: list[list[Any]] = [
        [table.caption],
        [f"Unit: {table.unit}. Numbers from {table.source}. {unknown}".strip()],
        [],
    ]
    frame = shared.astype(object).where(shared.notna(), None)
    _lines(book.create_sheet(name), [*head, list(frame.columns), *frame.to_numpy().tolist()], head=4)
    return [name, table.caption, section, table.unit, table.source, unknown]


def _lines(sheet: "Worksheet", lines: list[list[Any]], head: int) -> None:
    """Write lines, texts as texts whatever they begin with; the line ``head`` holds the headings."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for row, line in enumerate(lines, 1):
        for column, value in enumerate(line, 1):
            cell: Any = sheet.cell(row, column, value)
            if isinstance(value, str):
                cell.data_type = "s"
            if row in (1, head):
                cell.font = Font(bold=True)
    sheet.freeze_panes = f"B{head + 1}"
    for column in range(1, len(lines[head - 1]) + 1):
        widths = [len(str(line[column - 1])) for line in lines[head - 1 :] if len(line) >= column]
        sheet.column_dimensions[get_column_letter(column)].width = min(max(widths) + 2, MOST_WIDTH)
