"""What is promised of any file: a value or placed complaints, quickly, in little memory, and nothing else."""

import re
import resource
import sys
import time
import traceback
from datetime import date
from pathlib import Path
from typing import NamedTuple

from calibration import caseload as room
from scenarios import Problem, ScenarioError
from scenarios.check import answer
from scenarios.library import FOLDERS, HERE

#: Of computing, so that a busy machine is no fault of the file.
MOST_SECONDS = 2.0
MOST_MB = 500.0
TODAY = date(2026, 9, 30)
LINES = re.compile("\r\n|[\n\r]")
#: What is wrong with a file as a whole stands nowhere in it.
WHOLE = re.compile(
    r"is empty|is not text in UTF-8|has [\d,]+ bytes|something changes on [\d,]+ dates|is a workbook|"
    r"has [\d,]+ (people who are carried|mistakes in|rows that cannot be used)|has dates with the month first"
)
SHIPPED = {path.name: path for folder in FOLDERS.values() for path in (HERE / folder).glob("*.yaml")}


class Verdict(NamedTuple):
    """What became of a file; ``fault`` is empty where every promise was kept."""

    accepted: bool
    seconds: float
    megabytes: float
    fault: str = ""


def judge(kind: str, path: Path) -> Verdict:
    """Read a file as the commands do, and say what became of it."""
    complaints: list[Problem] = []
    fault = ""
    before, begun = _megabytes(), time.process_time()
    try:
        _read(kind, path)
    except ScenarioError as error:
        complaints = error.problems
        fault = "" if complaints else "refused without a word"
    except Exception as error:
        fault = _kind_of(error)
    seconds, grown = time.process_time() - begun, _megabytes() - before
    if seconds > MOST_SECONDS:
        fault = fault or "too slow"
    if grown > MOST_MB:
        fault = fault or "too much memory"
    for complaint in complaints:
        fault = fault or _out_of_place(complaint, path)
    return Verdict(not complaints and not fault, seconds, grown, fault)


def _read(kind: str, path: Path) -> None:
    if kind != "caseload":
        answer([path], "nottingham")
        return
    found = room.read(path, TODAY)
    parent = room.parent_for(len(found.people), "")
    room.summary(found, 5)
    room.text(path.stem, found, parent, room.settings(found, parent, 5), 5)


def _out_of_place(complaint: Problem, path: Path) -> str:
    """Return what is wrong with a complaint, or nothing."""
    if not complaint.wrong or not str(complaint).isprintable():
        return "a complaint that cannot be printed"
    other = SHIPPED.get(Path(complaint.file).name)
    if complaint.file != str(path) and other is None:
        return f"a complaint about {complaint.file}"
    if complaint.line == 0:
        return (
            "" if WHOLE.match(complaint.wrong) else f"no place: {re.sub('[0-9]+', '#', complaint.wrong)[:60]}"
        )
    lines = _lines((path if complaint.file == str(path) else other or path).read_bytes())
    if complaint.line > len(lines) or complaint.column < 1:
        return f"a place that is not there: {complaint.wrong[:40]}"
    if path.suffix == ".yaml" and complaint.column > len(lines[complaint.line - 1]) + 1:
        return f"a column that is not there: {complaint.wrong[:40]}"
    return ""


def _lines(content: bytes) -> list[str]:
    """Return a file's lines; where a stray byte parts the pairs of UTF-16, by the bytes that end lines."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    found = LINES.split(content.decode("utf-16" if wide else "utf-8", errors="replace"))
    return found + [""] * (content.count(b"\n") + 1 - len(found)) if wide else found


def _kind_of(error: Exception) -> str:
    """Return an unforeseen error as it is counted: its type, and where in this project it arose."""
    here = str(HERE.parent)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(here)]
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "elsewhere"
    return f"{type(error).__name__} at {place}"


def _megabytes() -> float:
    """Return the most memory this process has held until now."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024**2 if sys.platform == "darwin" else 1024)
