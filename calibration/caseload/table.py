"""An untrusted CSV file as rows of cells, each with its place, or refused in words.

The whole file is small enough to hold (its size is looked at before a byte is read); what it holds is
counted while it is read, so that a hostile file costs no more than an honest one.
"""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from scenarios import Problem, ScenarioError

#: Whatever is within these limits is read in two seconds.
LARGEST_BYTES = 4 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST_CELL = 500
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
#: What workbooks begin with: a zip archive, and the older compound file.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SAVE_AS = "save it from the spreadsheet as CSV UTF-8"


class Row(NamedTuple):
    """One row: the line on which it begins, from 1, and its cells without surrounding spaces."""

    line: int
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in any cell."""
        return not any(self.cells)


class Table:
    """A CSV file.

    Parameters
    ----------
    path
        The file.

    Attributes
    ----------
    header
        The first row.
    notices
        What a user should know of how it was read.

    Raises
    ------
    ScenarioError
        If it cannot be read as text, or has no header.
    """

    def __init__(self, path: Path) -> None:
        self.shown = str(path)
        self.notices: list[str] = []
        text = self._text(_content(path, self.shown))
        first = text.lstrip("\r\n").split("\n", 1)[0]
        separator = max(SEPARATORS, key=first.count)
        if separator != ",":
            self.notices.append(f"cells are separated by {SEPARATORS[separator]}")
        self._reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
        header = next((row for row in self._rows() if not row.is_blank), None)
        if header is None:
            raise self._refuse(0, 0, "is empty", "a header and a row for each person")
        if len(header.cells) > MOST_COLUMNS:
            raise self._refuse(
                header.line, 0, f"has {len(header.cells):,} columns", f"at most {MOST_COLUMNS}"
            )
        self.header = header

    def rows(self) -> Iterator[Row]:
        """Yield each row below the header that is not blank.

        Raises
        ------
        ScenarioError
            If the rest cannot be split into cells, or there are too many rows.
        """
        count = 0
        for row in self._rows():
            if row.is_blank:
                continue
            count += 1
            if count > MOST_ROWS:
                raise self._refuse(
                    row.line, 1, f"has more than {MOST_ROWS:,} rows", f"at most {MOST_ROWS:,} people",
                    "one area's caseload is a few hundred",
                )  # fmt: skip
            yield row

    def _rows(self) -> Iterator[Row]:
        while True:
            line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                wrong = f"cannot be split into cells from here on ({error})"
                raise self._refuse(line, 1, wrong, "every quotation mark closed, or none", _SAVE_AS) from None
            # A tab is kept: before a formula it is as bad as the formula.
            yield Row(line, [cell.strip(" \r\n\xa0") for cell in cells])

    def _text(self, content: bytes) -> str:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = self._decoded(content, "utf-16")
            self.notices.append("read as UTF-16")
            self._without_zero(text)
            return text
        # Before a code page is guessed at, which would make letters of the bytes around a zero.
        self._without_zero(content.decode("latin-1"))
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            text = self._decoded(content, "cp1252")
            self.notices.append(f"read as Windows-1252, because of line {_line(content, error.start)}")
            return text

    def _without_zero(self, text: str) -> None:
        at = text.find("\0")
        if at >= 0:
            line, begins = text.count("\n", 0, at) + 1, text.rfind("\n", 0, at) + 1
            cell = text.count(",", begins, at) + 1
            raise self._refuse(line, cell, "holds a byte of zero (NUL)", "text in UTF-8", _SAVE_AS)

    def _decoded(self, content: bytes, encoding: str) -> str:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            wrong = "is text neither in UTF-8 nor in Windows-1252" if encoding == "cp1252" else "is cut short"
            raise self._refuse(_line(content, error.start), 1, wrong, "text in UTF-8", _SAVE_AS) from None

    def _refuse(self, line: int, column: int, wrong: str, wanted: str, hint: str = "") -> ScenarioError:
        return ScenarioError([Problem(self.shown, line, max(column, int(line > 0)), "", wrong, wanted, hint)])


def _content(path: Path, shown: str) -> bytes:
    def refuse(wrong: str, wanted: str, hint: str = "") -> ScenarioError:
        return ScenarioError([Problem(shown, 0, 0, "", wrong, wanted, hint)])

    try:
        if path.is_dir():
            raise refuse("is a directory", "a CSV file")
        if not path.is_file():
            raise refuse("is not a plain file" if path.exists() else "there is no such file", "a CSV file")
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            hint = "one area's caseload is a few hundred people; leave columns and rows out that are no use"
            raise refuse(f"has {size:,} bytes", f"at most {LARGEST_BYTES:,}", hint)
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise refuse(f"cannot be read ({getattr(error, 'strerror', error)})", "a CSV file") from None
    if content.startswith(_WORKBOOKS):
        raise refuse("is a workbook or an archive", "a CSV file", _SAVE_AS)
    return content


def _line(content: bytes, at: int) -> int:
    return content.count(b"\n", 0, at) + 1
