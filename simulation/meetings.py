"""Meetings: agendas with minutes, where bands are set."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulation.calendar import WEEK, Calendar
from simulation.co_location import AGENCIES, Agency
from simulation.declare import Group, lever, uncertainty

Rows = NDArray[np.int64]


class Meeting(Group):
    """A regular meeting of each team."""

    every_days: int = lever(28, unit="days", low=1, high=365, label="Days between meetings")
    agenda_minutes: float = lever(240, unit="minutes", low=0, high=480, label="Minutes of the agenda")
    minutes_per_case: float = uncertainty(4, unit="minutes", low=0.5, high=60, label="Minutes a case takes")
    order: Literal["turn", "exception"] = lever(
        "turn",
        unit="choice",
        label="How cases come up: everyone in turn, or those whose picture changed most",
    )
    attending: tuple[Agency, ...] = lever(
        ("police", "probation", "drug_treatment"), unit="choice", label="Agencies that send somebody"
    )


class Meetings(Group):
    """The rhythm of a team."""

    review: Meeting = Meeting()
    tasking: Meeting = Meeting(every_days=1, agenda_minutes=20, order="exception", attending=("police",))


def is_due(meeting: Meeting, day: int, calendar: Calendar, phase: int) -> bool:
    """Return whether a meeting is held: on its day of the cycle, or on the Monday after a weekend."""
    if not calendar.is_working(day):
        return False
    since_last_working_day = next(gap for gap in range(1, WEEK) if calendar.is_working(day - gap))
    return (day - phase) % meeting.every_days < since_last_working_day


def agenda(
    meeting: Meeting, rows: Rows, *, reviewed: NDArray[np.float64], band: NDArray[np.int8],
    proposed: NDArray[np.int8],
) -> Rows:  # fmt: skip
    """Return the people a meeting gets to.

    Parameters
    ----------
    meeting
        The meeting.
    rows
        The team's people, shape ``(n,)``.
    reviewed, band, proposed
        Day of the last review, band, and the band that today's picture proposes, shape ``(n,)``.

    Returns
    -------
    numpy.ndarray
        Positions in ``rows``. By exception only those whose band would change come up, worst first.
    """
    cases = int(meeting.agenda_minutes / meeting.minutes_per_case)
    if meeting.order == "turn":
        return np.lexsort((rows, reviewed))[:cases]
    changed = np.flatnonzero(band != proposed)
    return changed[np.lexsort((rows[changed], reviewed[changed], -proposed[changed]))][:cases]


def minutes_taken(meeting: Meeting, cases: int) -> NDArray[np.float64]:
    """Return the minutes each agency's diary gives to a meeting with so many cases, shape ``(agencies,)``."""
    used = cases * meeting.minutes_per_case
    return np.array([used if agency in meeting.attending else 0.0 for agency in AGENCIES])
