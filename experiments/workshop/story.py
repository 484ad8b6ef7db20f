"""One person's story: what happened to them, and what each agency knew of it when."""

import json
import zlib
from datetime import timedelta
from typing import Any

from experiments.tape.news import LABELS, days_to_agencies
from experiments.trace import tell
from simulation import Parameters, Timeline
from simulation.calendar import Calendar
from simulation.information import Kind
from simulation.staffing import Staffing

#: Agencies whose knowledge has a lane of its own.
LANES = ("police", "probation")
HAPPENED: dict[Kind, str] = {
    "arrest": "Arrested and charged", "sanction": "Sentenced", "reception": "Received into custody",
    "release": "Released",
}  # fmt: skip
#: A delay from which a sentence says that nobody knew.
LONG_DAYS = 2


def story(packed: bytes, person: int, timeline: Timeline) -> dict[str, Any]:
    """Return a person's story as JSON values.

    Parameters
    ----------
    packed
        The person's events, as a worker packed them.
    person
        The row.
    timeline
        Dated parameters, for how long news took at the time.
    """
    opening, team, events = json.loads(zlib.decompress(packed))
    calendar = Calendar(timeline[0][1].iom_start)
    rows = [(person, "queue", *event) for event in sorted(events, key=lambda event: event[1])]
    known = [row for row in rows if row[2] == "known"]
    return {
        "title": f"Person {person}",
        "team": list(timeline[0][1].teams)[team],
        "opening": opening,
        "lines": tell(rows, calendar),
        "first": calendar.first.isoformat(),
        "start": timeline[0][1].start.isoformat(),
        "custody": _custody(rows),
        "bands": [[round(row[3], 1), row[4]] for row in rows if row[2] in ("band", "dormant", "deselected")],
        "news": [
            _news(row[2], row[3], team, timeline, calendar, known) for row in rows if row[2] in HAPPENED
        ],
    }


def _custody(rows: list[tuple[Any, ...]]) -> list[list[float]]:
    """Return spells in custody as begin and end; -1 for one that lasts."""
    spells: list[list[float]] = []
    for row in rows:
        if row[2] == "reception":
            spells.append([round(row[3], 1), -1])
        elif row[2] == "release" and spells and spells[-1][1] < 0:
            spells[-1][1] = round(row[3], 1)
        elif row[2] == "release" and not spells:
            spells.append([0, round(row[3], 1)])
    return spells


def _news(
    kind: Kind, time: float, team: int, timeline: Timeline, calendar: Calendar, known: list[tuple[Any, ...]]
) -> dict[str, Any]:
    """Return what happened, when agencies had heard and when the team's picture had it."""
    date = calendar.date(int(time))
    parameters = _in_force(timeline, calendar, time)
    staffing = Staffing(parameters.agencies, parameters.teams, parameters.forms)
    days = days_to_agencies(parameters, staffing, team, kind)
    at_team = next((row[3] for row in known if row[4] == kind and row[3] >= time), None)
    told = {
        "kind": kind, "what": HAPPENED[kind], "day": round(time, 1), "date": date.isoformat(),
        "agencies": {name: round(time + days[name], 1) if name in days else None for name in LANES},
        "team": at_team,
    }  # fmt: skip
    if at_team is not None and at_team - time >= LONG_DAYS:
        when = date + timedelta(days=int(at_team - int(time)))
        told["said"] = (
            f"{LABELS[kind].capitalize()} on {date.day} {date:%B}: the team did not know for "
            f"{at_team - time:.0f} days, until {when.day} {when:%B %Y}."
        )
    return told


def _in_force(timeline: Timeline, calendar: Calendar, time: float) -> Parameters:
    return [parameters for when, parameters in timeline if calendar.day(when) <= time][-1]
