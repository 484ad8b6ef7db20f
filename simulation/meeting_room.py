"""The meeting room: which meetings are held, who comes, how far they get, and what they take from diaries."""

import numpy as np
from numpy.typing import NDArray

from simulation.bands import BLUE
from simulation.calendar import Calendar
from simulation.choosing import Choosing
from simulation.co_location import AGENCIES
from simulation.declare import Stream
from simulation.luck import Luck
from simulation.meetings import ALL_CASES, CASEWORK, Meeting, agenda, is_due, minutes_taken
from simulation.parameters import Parameters
from simulation.recorder import Recorder
from simulation.staffing import Staffing

Rows = NDArray[np.int64]
ATTENDS = Stream("meetings.attends", "day", "whether an agency comes to a team's meeting", of="thing")


class MeetingRoom:
    """Where each team's meetings are held.

    Parameters
    ----------
    calendar, luck, recorder
        The calendar, keyed luck and the counts.
    choosing
        What meetings decide: who is carried and, beyond it, in which band and with which lead.
    """

    def __init__(self, calendar: Calendar, luck: Luck, recorder: Recorder, choosing: Choosing) -> None:
        self.calendar, self.luck, self.recorder = calendar, luck, recorder
        self.choosing, self.steering = choosing, choosing.steering
        self.caseload = choosing.caseload
        #: Who fell off each meeting's last agenda, shape ``(n,)`` a meeting.
        self.left_over: dict[str, NDArray[np.bool_]] = {}

    def adopt(self, parameters: Parameters, staffing: Staffing) -> None:
        """Take over parameters."""
        self.table, self.staffing = parameters.meetings, staffing
        for name in self.table:
            self.left_over.setdefault(name, np.zeros(len(self.caseload.carried), dtype=bool))
        #: Whether each agency is asked to a meeting, shape ``(agencies,)`` a meeting.
        self._asked = {
            name: np.array([agency in meeting.attending for agency in AGENCIES])
            for name, meeting in self.table.items()
        }
        shape = (len(self.table), *staffing.staffed.shape)
        self._seats = dict(zip(self.table, np.arange(np.prod(shape)).reshape(shape), strict=True))
        #: Share of their time that agencies sit elsewhere, shape ``(teams, agencies)``.
        self._elsewhere = np.array(
            [[1 - together.saved(agency, 1.0) for agency in AGENCIES] for together in staffing.together]
        )

    def meet(self, day: int, left: NDArray[np.float64]) -> None:
        """Hold the meetings of the day.

        Parameters
        ----------
        day
            Today.
        left
            Minutes in the diaries, shape ``(teams, agencies)``; reduced by those who attend.
        """
        self.caseload.forget(day)
        if day == 0:
            # The scheme begins with everybody who is on the list.
            self.choosing.select(day, np.full(len(left), ALL_CASES))
        for name, meeting in self.table.items():
            if meeting.purposes and is_due(meeting, day, self.calendar):
                self._hold(name, meeting, day, left)

    def _hold(self, name: str, meeting: Meeting, day: int, left: NDArray[np.float64]) -> None:
        """Hold one meeting in every team, with cases as long as its agenda lasts."""
        habits = self.steering.habits
        free = np.array([habits.present(meeting.attending, team, day) for team in range(len(left))])
        here = self._present(name, meeting, day, left, free)
        places = np.where(here.any(axis=1), meeting.cases, 0)
        cases = np.zeros(len(places), dtype=np.int64)
        if "selection" in meeting.purposes and day > 0:
            if here.any():
                self.choosing.awareness.compare_lists(day)
            cases += self.choosing.select(day, places)
        for team in np.flatnonzero(places).tolist():
            rows = self._of_team(team)
            if "handover" in meeting.purposes:
                cases[team] += self.steering.prepare_handovers(rows, day, int(places[team] - cases[team]))
            if not CASEWORK.isdisjoint(meeting.purposes):
                able = here[team] & self.staffing.staffed[team]
                # Nothing is decided on people whose lead stays away.
                decided = free[team][self.caseload.lead[rows]]
                self.recorder.count("cases_put_off", day, np.count_nonzero(~decided))
                rows = rows[decided]
                room = int(places[team] - cases[team])
                cases[team] += self._go_through(name, meeting, rows, able, day, room)
        self._book(meeting, day, left, here, cases)

    def _present(
        self, name: str, meeting: Meeting, day: int, left: NDArray[np.float64], free: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Return which of the agencies free to come sit at each team's table, shape ``(teams, agencies)``.

        A team of which nobody who came has a minute does not meet, unless the meeting takes no time.
        """
        here = self._asked[name] & free
        if meeting.attendance_share < 1:
            here &= self.luck.many(ATTENDS, self._seats[name], day) < meeting.attendance_share
        able = (here & (left > 0)).any(axis=1, keepdims=True)
        return here & able if meeting.takes_time else here

    def _of_team(self, team: int) -> Rows:
        """Return those of a team's people who are not known to be in custody."""
        rows = self.caseload.rows()
        ours = (self.caseload.team[rows] == team) & (self.caseload.band[rows] != BLUE)
        return np.asarray(rows[ours])

    def _go_through(
        self, name: str, meeting: Meeting, rows: Rows, able: NDArray[np.bool_], day: int, room: int
    ) -> int:
        """Go through the agenda as far as it lasts; return how many were discussed."""
        steering, left_over = self.steering, self.left_over[name]
        order = agenda(
            meeting, rows, reviewed=self.caseload.reviewed[rows], band=self.caseload.band[rows],
            proposed=steering.colour(steering.awareness.team, rows), left_over=left_over[rows],
        )  # fmt: skip
        who, fallen = rows[order[:room]], rows[order[room:]]
        left_over[rows] = False
        left_over[fallen] = True
        if meeting.order == "exception":
            # Whoever is only waiting for their turn has not been missed.
            self.recorder.count("cases_not_reached", day, len(fallen))
        if "sharing" in meeting.purposes:
            self.recorder.count("news_shared", day, steering.awareness.bring(day, who, able))
            steering.follow(who, day)
        if "review" in meeting.purposes:
            steering.set_bands(who, day, reviewed=True)
        if "tasking" in meeting.purposes:
            steering.actions.give(meeting, who, able, day)
        return len(who)

    def _book(
        self, meeting: Meeting, day: int, left: NDArray[np.float64], here: NDArray[np.bool_], cases: Rows
    ) -> None:
        """Take a meeting's minutes from the diaries of those present, who give what they have."""
        taken = np.array([minutes_taken(meeting, int(number)) for number in cases])
        given = np.minimum((taken + meeting.travel_minutes * self._elsewhere) * here, left)
        left -= given
        self.recorder.count("meeting_minutes", day, float(given.sum()))
        self.recorder.count("cases_discussed", day, int(cases.sum()))
