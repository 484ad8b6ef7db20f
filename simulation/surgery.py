"""Surgery days: one appointment after the other, at one place, on a fixed day of the week.

A person who is due with several of the agencies that hold a surgery is booked in with all of them on the
next surgery day, as far as that day has minutes. The appointments wait for it, and are kept together:
whoever comes to the first comes to all.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.calendar import WEEK
from simulation.co_location import AGENCIES
from simulation.staffing import WORKING_DAYS_A_WEEK, Staffing

Rows = NDArray[np.int64]
Minutes = NDArray[np.float64]


class Surgery:
    """The surgery days of every team.

    Parameters
    ----------
    staffing
        How each team sits together, and its minutes.
    agency_of, at_home
        The agency that makes each kind of contact, and whether it is a visit, shape ``(slots,)``.
    """

    def __init__(self, staffing: Staffing, agency_of: Rows, at_home: NDArray[np.bool_]) -> None:
        self.weekday = np.array([t.surgery_weekday for t in staffing.together])
        self._wait_days = np.array([t.form.surgery_wait_days for t in staffing.together])
        held = [[t.surgery_weekday >= 0 and name in t.members and name != "prison" for name in AGENCIES]
                for t in staffing.together]  # fmt: skip
        #: Kinds of contact that take place at a team's surgery, shape ``(teams, slots)``.
        self.here = np.array(held)[:, agency_of] & ~at_home
        day = np.array([min(1.0, t.time_share * WORKING_DAYS_A_WEEK) for t in staffing.together])
        self._minutes = staffing.minutes * day[:, None]
        self._agency_of = agency_of

    def is_today(self, weekday: int, team: Rows, slot: Rows) -> NDArray[np.bool_]:
        """Return which contacts of a day take place at a surgery, shape ``(n,)``."""
        return np.asarray(self.here[team, slot] & (self.weekday[team] == weekday))

    def book(
        self, weekday: int, left: Minutes, needed: Minutes, due_since: Minutes, rows: Rows, team: Rows,
        urgency: NDArray[np.int8],
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:  # fmt: skip
        """Book people in whose appointments at the surgery are due together, most urgent first.

        Parameters
        ----------
        weekday
            Today, 0 for Monday.
        left
            Minutes left in today's diaries, shape ``(teams, agencies)``; reduced in place.
        needed, due_since
            Minutes that everybody's due contacts still need, 0 where nothing is due, and since which day
            they are due, shape ``(people, slots)``.
        rows, team, urgency
            People carried, their teams, -1 for those who cannot come, and their urgency, shape ``(n,)``.

        Returns
        -------
        tuple
            Contacts that are made at the surgery today, and contacts that wait for the next one, shape
            ``(n, slots)``.
        """
        today, waiting = np.zeros((2, len(rows), needed.shape[1]), dtype=bool)
        for place in np.flatnonzero(self.weekday >= 0):
            days = (self.weekday[place] - weekday) % WEEK
            if days > self._wait_days[place]:
                continue
            due = needed[rows] * self.here[place] * (team == place)[:, None]
            who = np.flatnonzero(np.count_nonzero(due, axis=1) > 1)
            since = np.where(due[who] > 0, due_since[rows[who]], np.inf).min(axis=1, initial=np.inf)
            who = who[np.lexsort((who, since, -urgency[who]))]
            minutes = due[who]
            most = np.minimum(left[place], self._minutes[place]) if days == 0 else self._minutes[place]
            fits = (minutes.cumsum(axis=0) <= most[self._agency_of] + 1e-9).all(axis=1)
            (waiting if days else today)[who[fits]] = minutes[fits] > 0
            if days == 0:
                np.subtract.at(left[place], self._agency_of, minutes[fits].sum(axis=0))
        np.maximum(left, 0.0, out=left)
        return today, waiting

    def answered(
        self, weekday: int, team: Rows, who: Rows, slot: Rows, at_place: NDArray[np.bool_]
    ) -> tuple[Rows, NDArray[np.bool_]]:
        """Return the first of each person's appointments at a surgery today, and who has several.

        Parameters
        ----------
        weekday
            Today, 0 for Monday.
        team, who, slot
            Team, person and kind of the contacts of a day, shape ``(n,)``.
        at_place
            Whether whoever keeps a contact is at the surgery at all, shape ``(n,)``.

        Returns
        -------
        tuple
            The kind of contact that decides whether the person is there, its own if there is no other; and
            whether it is one of several, shape ``(n,)``.
        """
        first, several = slot.copy(), np.zeros(len(slot), dtype=bool)
        rows = np.flatnonzero(self.is_today(weekday, team, slot) & at_place) if self.here.any() else ()
        if len(rows):
            rows = rows[np.lexsort((slot[rows], who[rows]))]
            _, start, place, count = np.unique(
                who[rows], return_index=True, return_inverse=True, return_counts=True
            )
            first[rows] = slot[rows[start]][place]
            several[rows] = count[place] > 1
        return first, several
