"""Release plans: what has been arranged by the day on which somebody is let out.

The day on which a sentence ends is known, so its plan is desk work with a deadline. With a plan that is ready
the first appointment is on the day after release and referrals are made that morning; without one nobody
expects the person, and contact begins when news of the release has come and a turn is free.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.bands import BLUE
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES, Agency
from simulation.custody import SENTENCED, Custody
from simulation.declare import Column, Event, Group, lever, uncertainty
from simulation.deskwork import RELEASE, Deskwork, Pieces
from simulation.people import People
from simulation.recorder import Recorder
from simulation.slots import SLOT_OF
from simulation.staffing import Staffing

Rows = NDArray[np.int64]
EVENTS = (Event("release planned", "release_plans", "a plan for the day of release is ready"),)
_NONE, _ASKED, _READY = range(3)


class ReleasePlanRules(Group):
    """Planning for a known day of release."""

    notice_days: float = lever(
        0, unit="days", low=0, high=182,
        label="Days before a known release from which it is planned; zero for not at all",
    )  # fmt: skip
    by: Agency = lever(
        "prison", unit="choice", label="Agency that plans releases; the lead where it has nobody"
    )
    minutes: float = uncertainty(
        60, unit="minutes", low=0, high=480, label="Planning a release: an appointment, and the referrals"
    )


class ReleasePlans:
    """Plans asked for and ready, and how long people are without contact once they are out.

    Parameters
    ----------
    people, recorder
        The column store and the counts.
    caseload, custody, desk
        Who is carried, who is held until when, and where the work is done.
    """

    def __init__(
        self, people: People, recorder: Recorder, caseload: Caseload, custody: Custody, desk: Deskwork
    ) -> None:
        self.recorder, self.caseload, self.custody, self.desk = recorder, caseload, custody, desk
        self.stage = people.own(
            Column("release_plan", "int8", "release_plans", "0 none, 1 asked for, 2 ready")
        )
        self._for = people.own(Column("release_planned_for", "float64", "release_plans", "day", "days", -1))
        self._held = people.own(Column("held_yesterday", "bool", "release_plans", "in custody yesterday"))
        self._since = people.own(
            Column("out_since", "float64", "release_plans", "release not yet followed by contact", "days", -1)
        )

    def adopt(self, rules: ReleasePlanRules, staffing: Staffing) -> None:
        """Take over parameters."""
        self.rules, self.staffing = rules, staffing

    def follow(self, day: int, rows: Rows) -> None:
        """Ask for plans for those whose release has come near."""
        if not self.rules.notice_days:
            return
        left = self.custody.due_out[rows] - day
        near = (left > 0) & (left <= self.rules.notice_days) & (self.stage[rows] == _NONE)
        serving = (self.custody.place[rows] == SENTENCED) & (self.caseload.band[rows] == BLUE)
        who = rows[near & serving]
        planner = AGENCIES.index(self.rules.by)
        agency = self.staffing.who_goes(self.caseload.team[who], planner, self.caseload.lead[who])
        self.stage[who], self._for[who] = _ASKED, self.custody.due_out[who]
        self.desk.post(RELEASE, who, agency, self.rules.minutes, np.floor(self.custody.due_out[who]) - 1)

    def done(self, pieces: Pieces, day: int) -> None:
        """Take in plans finished yesterday."""
        ready = pieces.person[self.stage[pieces.person] == _ASKED]
        self.stage[ready] = _READY
        self.recorder.count("release_plans_ready", day, len(ready))
        self.recorder.log_many(ready, "release planned", day)

    def released(self, day: int) -> tuple[Rows, NDArray[np.bool_]]:
        """Return those carried who were let out yesterday, and whose plan was ready, shape ``(n,)``."""
        held = self.custody.holds > 0
        out = np.flatnonzero(self._held & ~held & self.caseload.carried & self.custody.at_liberty)
        self._held[:] = held
        awaited = np.flatnonzero(self._since >= 0)
        self._since[awaited[held[awaited] | ~self.caseload.carried[awaited]]] = -1
        self._since[out] = day - 1
        ready = self.stage[out] == _READY
        # Whoever is held on, or for longer by another sentence, is planned for anew.
        planned = self.stage.nonzero()[0]
        moved = self.custody.due_out[planned] != self._for[planned]
        over = planned[~held[planned] | ~self.caseload.carried[planned] | moved]
        if len(over):
            late = over[self.stage[over] == _ASKED]
            self.desk.drop_about(late, RELEASE)
            self.stage[over] = _NONE
        return out, ready

    def seen(self, day: int, who: Rows, slot: Rows) -> None:
        """Time the first contact with the lead after release, shape ``(n,)``."""
        first = np.unique(who[(slot == SLOT_OF[self.caseload.lead[who]]) & (self._since[who] >= 0)])
        self.recorder.count("release_gap_days", day, float((day - self._since[first]).sum()))
        self.recorder.count("releases_followed", day, len(first))
        self._since[first] = -1
