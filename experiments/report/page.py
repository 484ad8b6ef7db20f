"""The page: what a study found, put in order and written as one file."""

import re
from pathlib import Path

from experiments.files import write_bytes
from experiments.hiding import hiding
from experiments.report import workbook
from experiments.report.answer import answer, can_say, cannot_say, caveats
from experiments.report.assumptions import by_confidence, drawn_in_words
from experiments.report.contents import HEADINGS, Contents, gather
from experiments.report.figure import MINUS
from experiments.report.play import ANIMATION, PAGE, play
from experiments.report.reading import Reading, listed
from experiments.report.table import NOT_COMPUTED
from experiments.study import Study

HERE = Path(__file__).parent
WORKBOOK = "results.xlsx"


def write(study: Study, *, excel: bool = False) -> Path:
    """Write ``report.html`` into a study's folder, and its tables as a workbook if asked; return its path.

    The page needs no network, and is the same for the same study.
    """
    with hiding(study.place.own_caseload):
        contents = gather(study)
        if excel:
            write_bytes(study.folder / WORKBOOK, workbook.content(contents))
        path = study.folder / PAGE
        write_bytes(path, _page(contents).encode())
    return path


def _page(contents: Contents) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    room = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    room.filters["minus"] = _minus
    reading = contents.reading
    return room.get_template("report.html.j2").render(
        style=(HERE / "style.css").read_text(encoding="utf-8"),
        reading=reading,
        contents=contents,
        headings=HEADINGS,
        own=reading.study.place.own_caseload,
        question=_question(reading),
        caveats=caveats(reading),
        answer=answer(reading),
        not_computed=NOT_COMPUTED,
        can_say=can_say(reading),
        cannot_say=cannot_say(),
        confidence=by_confidence(reading),
        drawn=drawn_in_words(reading),
        failed=[
            (reading.label(row["scenario"]), row["replication"], str(row["error"]).strip().splitlines()[-1])
            for _, row in reading.study.failed.iterrows()
        ],
        play=play(reading.study.folder),
        files=_files(reading.study.folder),
    )


def _minus(text: str) -> str:
    """Return a text with real minus signs, which do not break a line and are read aloud."""
    return re.sub(r"(?<![\w-])-(?=\d)", MINUS, text)


def _question(reading: Reading) -> str:
    when = f"over {reading.period}"
    if reading.options:
        choices = listed([reading.label(name) for name in reading.options], "or")
        return f"What would {choices} have done in {reading.label(reading.base)}, {when}?"
    return (
        f"What does the partnership in {reading.label(reading.base)} do, against the same place without it, "
        f"{when}?"
    )


def _files(folder: Path) -> list[tuple[str, str]]:
    about = {
        "manifest.json": "every parameter of every scenario with its source, hashes, versions, seeds",
        "runs.parquet": "one row a run, every outcome",
        "differences.csv": "paired differences of every outcome with their ranges",
        "weekly.parquet": "weekly series of every run",
        "events.parquet": "the event log",
        ANIMATION: "the runs week by week, to play in a browser",
        WORKBOOK: "the tables of this page, unrounded",
    }
    return [(name, text) for name, text in about.items() if (folder / name).is_file()]
