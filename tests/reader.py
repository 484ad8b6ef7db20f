"""A reader who does what a page of documentation shows, in order, in a folder of their own.

A block of YAML or Python whose first line names a file, that for editors apart, is saved as that
file. A block of ``diff`` edits the file it names. A block of ``console`` is typed line by line, and
what is printed is compared with what is shown: ``...`` stands for anything, and white space for
white space. What the simulation prints is compared in form, a figure standing for a figure, because
figures are another's on another processor.
"""

import doctest
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from typer.testing import CliRunner

from experiments.command_line import app

NAMED = re.compile(r"(?:# yaml-language-server: .*\n)?# (\S+\.(?:yaml|py))\n")
FIGURE = re.compile(r"[-+]?£?\d[\d,]*(\.\d+)?[k%]?")
SIMULATES = ("iom run", "iom compare", "iom trace")
COMPARED = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def blocks(page: Path, *languages: str) -> list[Token]:
    """Return a page's blocks in some languages, in order."""
    tokens = MarkdownIt().parse(page.read_text(encoding="utf-8"))
    return [token for token in tokens if token.type == "fence" and token.info in languages]


class Shown(NamedTuple):
    """A block of a page: its language, text and line, and why nobody runs it, where nobody does."""

    language: str
    content: str
    line: int
    not_run: str


def shown_blocks(page: Path) -> list[Shown]:
    """Return a page's blocks in all languages, with the comment ``<!-- not run: why -->`` above each."""
    found, why = [], ""
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type in ("fence", "code_block"):
            found.append(Shown(token.info, token.content, (token.map or [0])[0] + 1, why))
        told = re.fullmatch(r"<!-- not run: (.+) -->\n?", token.content)
        why = told[1] if told else ""
    return found


def save(page: Path) -> None:
    """Save the files that a page shows."""
    for block in blocks(page, "yaml", "python"):
        _save(block, page)


def follow(page: Path) -> None:
    """Do what a page shows."""
    does = {"yaml": _save, "python": _save, "diff": _edit, "console": _type}
    for block in blocks(page, *does):
        does[block.info](block, page)


def _save(block: Token, page: Path) -> None:
    name = NAMED.match(block.content)
    assert name, f"{_place(block, page)}: the first line names no file"
    Path(name[1]).write_text(block.content, encoding="utf-8")


def _edit(block: Token, page: Path) -> None:
    head, *lines = block.content.splitlines(keepends=True)
    path = Path(head.removeprefix("--- ").strip())
    old, new = ("".join(line[1:] for line in lines if line[0] in kept) for kept in (" -", " +"))
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{_place(block, page)}: not once in {path}:\n{old}\n{text}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def _type(block: Token, page: Path) -> None:
    for command, shown in _typed(block.content):
        printed = _printed(command)
        if command.startswith(SIMULATES):
            shown, printed = _in_form(shown), _in_form(printed)
        checker = doctest.OutputChecker()
        if not checker.check_output(shown, printed, COMPARED):
            example = doctest.Example(command, shown)
            difference = checker.output_difference(example, printed, doctest.REPORT_NDIFF)
            raise AssertionError(f"{_place(block, page)}: $ {command}\n{difference}")


def _typed(session: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a session with the output shown for it."""
    first, *parts = re.split(r"^\$ (.*)\n", session, flags=re.MULTILINE)
    assert not first.strip(), f"nothing was typed before {first}"
    yield from zip(parts[::2], parts[1::2], strict=True)


def _printed(command: str) -> str:
    """Return what a command prints; ``iom`` is run in this process, which is quick."""
    program, *arguments = shlex.split(command)
    if program == "make" or program.startswith(".venv/bin/"):
        return subprocess.run([program, *arguments], text=True, stdout=subprocess.PIPE, check=True).stdout
    if program == "iom":
        result = CliRunner().invoke(app, arguments, env={"NO_COLOR": "1", "COLUMNS": "80"})
        assert result.exit_code in (0, 2), result.output
        return result.output
    assert program == "python", f"nobody is sure to have {program}"
    return subprocess.run([sys.executable, *arguments], text=True, stdout=subprocess.PIPE, check=True).stdout


def _in_form(text: str) -> str:
    """Return text with every figure, every range and every rule of a table made alike."""
    return re.sub("─+", "─", re.sub("# to #", "#", FIGURE.sub("#", text)))


def _place(block: Token, page: Path) -> str:
    return f"{page.name}:{(block.map or [0])[0] + 1}"
