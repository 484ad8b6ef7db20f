"""Small supports: a bus pass, the gym, fishing, a fare to see the children.

Small money that makes it easier to come to a programme, for as long as it is given.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.calendar import WEEK
from simulation.caseload import Caseload
from simulation.declare import Column, Group, Stream, lever, uncertainty
from simulation.ledger import Entry, pay
from simulation.luck import Luck
from simulation.pathways import ATTENDING, Pathways
from simulation.people import People
from simulation.recorder import Recorder

Rows = NDArray[np.int64]
GIVEN = Stream("supports.given", "occurrence", "whether a person on a programme is given small supports")


class SupportRules(Group):
    """Bus passes, activities and fares."""

    share: float = lever(
        0.0, unit="share", low=0, high=1, label="People on a programme who are given small supports",
        source="PE107 and Appendix 2: a weekly bus pass, fares and activities in Bristol; share assumed",
    )  # fmt: skip
    weeks: float = lever(
        12, unit="weeks", low=1, high=520, label="Weeks for which they are given at most, in a stay"
    )
    gbp_a_week: float = uncertainty(
        15, unit="gbp", low=0, high=500, label="What they cost for a person, a week"
    )
    attendance_log_odds: float = uncertainty(
        0.4, unit="log-odds", low=0, high=4, label="What they add to attendance of a programme"
    )


class Supports:
    """Who is given small supports, and what that does to attendance.

    Parameters
    ----------
    people, luck, recorder
        The column store, keyed luck and the counts.
    caseload, pathways
        Who is carried, and who is on a programme.
    """

    def __init__(
        self, people: People, luck: Luck, recorder: Recorder, caseload: Caseload, pathways: Pathways
    ) -> None:
        self.recorder, self.caseload, self.pathways = recorder, caseload, pathways
        self._drawn = luck.many(GIVEN, np.arange(people.count), 0)
        self.days = people.own(
            Column("supported_days", "int32", "supports", "days supported this stay", "days")
        )

    def adopt(self, rules: SupportRules) -> None:
        """Take over parameters."""
        self.rules = rules
        self.pathways.eased[:] = 0.0

    def follow(self, day: int, rows: Rows) -> None:
        """Give supports to those on a programme, until their weeks are over."""
        if not self.rules.share:
            return
        self.days[~self.caseload.carried] = 0
        here = (self.pathways.stage[rows] == ATTENDING).any(axis=1) & (self._drawn[rows] < self.rules.share)
        who = rows[here & (self.days[rows] < self.rules.weeks * WEEK)]
        self.days[who] += 1
        self.pathways.eased[:] = 0.0
        self.pathways.eased[who] = self.rules.attendance_log_odds
        self.recorder.count("supported_days", day, len(who))
        pay(self.recorder, day, Entry("partnership", "supports", len(who) * self.rules.gbp_a_week / WEEK))
