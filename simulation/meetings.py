"""Meetings: what each is for, when it is held, and which cases its agenda gets to."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulation.calendar import WEEK, Calendar
from simulation.co_location import AGENCIES, Agency
from simulation.declare import Group, fact, lever, uncertainty

Rows = NDArray[np.int64]
Purpose = Literal["selection", "review", "sharing", "tasking", "handover"]
#: Purposes that go through an agenda of cases.
CASEWORK = frozenset(("review", "sharing", "tasking"))
#: Meetings of a cycle are held on these of its days.
SELECTION_DAY, REVIEW_DAY = 0, 3
#: More cases than any agenda asks for.
ALL_CASES = 1_000_000


class Meeting(Group):
    """A regular meeting of each team; one that is for nothing is not held."""

    name: str = fact("", unit="name", label="Local name; empty to use the key")
    purposes: tuple[Purpose, ...] = lever(
        ("review",), unit="choice",
        label="What it is for: taking people on and letting them go, setting bands, sharing news, "
        "giving actions, preparing the end of supervision",
    )  # fmt: skip
    every_days: int = lever(28, unit="days", low=1, high=365, label="Days between meetings")
    opening_minutes: float = uncertainty(
        0, unit="minutes", low=0, high=120, label="Minutes before the first case"
    )
    travel_minutes: float = uncertainty(
        0, unit="minutes", low=0, high=240, label="Travel to the meeting of an agency that sits elsewhere"
    )
    agenda_minutes: float = lever(240, unit="minutes", low=0, high=480, label="Minutes of the agenda")
    minutes_per_case: float = uncertainty(
        4, unit="minutes", low=0, high=60, label="Minutes a case takes; zero for a list read in no time"
    )
    order: Literal["turn", "exception"] = lever(
        "turn",
        unit="choice",
        label="How cases come up: everyone in turn, or those whose picture changed most",
    )
    left_over_first: bool = lever(
        False, unit="choice",
        label="By exception, what fell off the last agenda comes first; in turn it always does",
    )  # fmt: skip
    attending: tuple[Agency, ...] = lever(
        ("police", "probation", "drug_treatment"), unit="choice", label="Agencies that send somebody"
    )
    attendance_share: float = uncertainty(
        1.0, unit="probability", low=0, high=1, label="Chance that an agency that should attend does"
    )
    action_share: float = lever(
        0.0, unit="probability", low=0, high=1, label="Chance that a case raises an action, where it tasks"
    )
    action_days: int = lever(28, unit="days", low=1, high=182, label="Days in which an action is to be done")

    def local_name(self, key: str) -> str:
        """Return what it is called here."""
        return self.name or f"{key} meeting"

    @property
    def cases(self) -> int:
        """Cases that the agenda holds."""
        return int(self.agenda_minutes / self.minutes_per_case) if self.minutes_per_case else ALL_CASES

    @property
    def takes_time(self) -> bool:
        """Whether it takes anybody a minute."""
        return bool(self.opening_minutes or self.travel_minutes or self.minutes_per_case)

    @property
    def phase(self) -> int:
        """The day of its cycle on which it is held."""
        return SELECTION_DAY if "selection" in self.purposes else REVIEW_DAY


def usual_meetings() -> dict[str, Meeting]:
    """Return the meetings that were common to all sites, to some degree (PE115, PE116, PE288)."""
    return {
        "selection": Meeting(purposes=("selection",), every_days=14, minutes_per_case=0),
        "review": Meeting(purposes=("review", "tasking")),
        "tasking": Meeting(
            purposes=("review", "tasking"), every_days=1, agenda_minutes=20, order="exception",
            attending=("police",),
        ),
    }  # fmt: skip


def is_due(meeting: Meeting, day: int, calendar: Calendar) -> bool:
    """Return whether a meeting is held: on its day of the cycle, or on the Monday after a weekend."""
    if not calendar.is_working(day):
        return False
    since_last_working_day = next(gap for gap in range(1, WEEK) if calendar.is_working(day - gap))
    return (day - meeting.phase) % meeting.every_days < since_last_working_day


def agenda(
    meeting: Meeting, rows: Rows, *, reviewed: NDArray[np.float64], band: NDArray[np.int8],
    proposed: NDArray[np.int8], left_over: NDArray[np.bool_],
) -> Rows:  # fmt: skip
    """Return the people who should come up, in their order; a meeting gets to the first so many.

    Parameters
    ----------
    meeting
        The meeting.
    rows
        The team's people, shape ``(n,)``.
    reviewed, band, proposed
        Day of the last review, band, and the band that today's picture proposes, shape ``(n,)``.
    left_over
        Who fell off this meeting's last agenda, shape ``(n,)``.

    Returns
    -------
    numpy.ndarray
        Positions in ``rows``. In turn those not reviewed for longest come first, so that what falls off
        leads the next agenda. By exception only those whose band would change come up, worst first.
    """
    if meeting.order == "turn":
        return np.lexsort((rows, reviewed))
    changed = np.flatnonzero(band != proposed)
    first = ~left_over[changed] & meeting.left_over_first
    return changed[np.lexsort((rows[changed], reviewed[changed], -proposed[changed], first))]


def minutes_taken(meeting: Meeting, cases: int) -> NDArray[np.float64]:
    """Return the minutes each agency's diary gives to a meeting with so many cases, shape ``(agencies,)``.

    Travel comes on top, for those who sit elsewhere.
    """
    used = meeting.opening_minutes + cases * meeting.minutes_per_case
    return np.array([used if agency in meeting.attending else 0.0 for agency in AGENCIES])
