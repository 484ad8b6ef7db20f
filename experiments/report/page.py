"""The page: what a study found, put in order and written as one file."""

import os
from pathlib import Path
from typing import Any

from experiments.differences import TWIN
from experiments.report import over_time, side_by_side
from experiments.report.answer import answer, can_say, cannot_say
from experiments.report.assumptions import assumptions, by_confidence, changes
from experiments.report.reading import Reading
from experiments.report.table import NOT_COMPUTED, differences, levels, money
from experiments.study import Study

HERE = Path(__file__).parent
WORK = (
    "contacts_due", "contacts_made", "contacts_missed", "contacts_expired", "joint_visits",
    "minutes_per_person_week", "contact_wait_days", "court_wait_days",
)  # fmt: skip
NEWS = ("band_lag_days", "wrong_band_share", "lead_changes")
CASELOAD = (
    "caseload_mean", "caseload_census", "entries", "band_red_share", "band_amber_share", "band_green_share",
    "band_blue_share",
)  # fmt: skip


def write(study: Study) -> Path:
    """Write ``report.html`` into a study's folder and return its path.

    The file needs no network, and is the same for the same study.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    room = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    text = room.get_template("report.html.j2").render(_content(study))
    path = study.folder / "report.html"
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(text, encoding="utf-8")
    os.replace(aside, path)
    return path


def _content(study: Study) -> dict[str, Any]:
    reading = Reading(study)
    return {
        "style": (HERE / "style.css").read_text(encoding="utf-8"),
        "reading": reading,
        "question": _question(reading),
        "answer": answer(reading),
        "changes": changes(reading),
        "not_computed": NOT_COMPUTED,
        "against_base": _present(differences(reading, name, reading.base) for name in reading.options),
        "against_twin": _present(differences(reading, name, TWIN) for name in reading.scenarios),
        "money": money(reading),
        "figures": {
            "four": side_by_side.four_outcomes(reading),
            "averted": over_time.averted(reading),
            "before_and_after": side_by_side.before_and_after(reading),
            "bands": over_time.bands(reading),
            "minutes": over_time.minutes(reading),
            "staff": side_by_side.staff(reading),
            "wrong_bands": over_time.wrong_bands(reading),
        },
        "caseload": levels(reading, CASELOAD, f"Caseload, {reading.period}"),
        "work": levels(reading, WORK, f"Contacts and waits, {reading.period}"),
        "news": levels(reading, NEWS, f"News and bands, {reading.period}"),
        "can_say": can_say(reading),
        "cannot_say": cannot_say(),
        "assumptions": assumptions(reading),
        "confidence": by_confidence(reading),
        "failed": [
            (reading.label(row["scenario"]), row["replication"], str(row["error"]).strip().splitlines()[-1])
            for _, row in study.failed.iterrows()
        ],
        "files": _files(study.folder),
    }


def _question(reading: Reading) -> str:
    place, when = reading.study.place.name, f"over {reading.period}"
    if reading.options:
        names = [reading.label(name) for name in reading.options]
        choices = " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        return f"What would {choices} have done in {reading.label(reading.base)}, {when}?"
    options = " and ".join(reading.study.resolved[0].options)
    with_options = f", with {options}," if options else ""
    return (
        f"What does the partnership in {place}{with_options} do, against the same place without it, {when}?"
    )


def _present(found: Any) -> list[Any]:
    return [one for one in found if one is not None]


def _files(folder: Path) -> list[tuple[str, str]]:
    about = {
        "manifest.json": "every parameter of every scenario, hashes, versions, seeds",
        "runs.parquet": "one row a run, every outcome",
        "differences.csv": "paired differences of every outcome with their ranges",
        "weekly.parquet": "weekly series of every run",
        "events.parquet": "the event log",
    }
    return [(name, text) for name, text in about.items() if (folder / name).is_file()]
