"""Through the gate: somebody meets a person on the day of release, and sees them to the first appointment.

The day must be known beforehand and a working day, and whoever goes needs the minutes that morning: what
does not fit does not happen later. Having been met makes the appointments of the first weeks easier to keep.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.bands import BLUE
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES, Agency
from simulation.custody import SENTENCED, Custody
from simulation.declare import Column, Event, Group, Stream, lever, uncertainty
from simulation.diaries import fill
from simulation.distance import Prisons
from simulation.engagement import Engagement, Trust
from simulation.luck import Luck
from simulation.people import People
from simulation.recorder import Recorder
from simulation.response import Dose
from simulation.staffing import Staffing

Rows = NDArray[np.int64]
ASKED = Stream("gate.asked", "occurrence", "whether a person is to be met at the end of the k-th sentence")
EVENTS = (Event("met at the gate", "gate", "somebody meets a person on the day of release"),)


class GateRules(Group):
    """Meeting people on the day of release."""

    share: float = lever(
        0.0,
        unit="share",
        low=0,
        high=1,
        label="Releases on a known day at which somebody is to meet the person",
    )
    by: Agency = lever("vcs", unit="choice", label="Agency that meets people; the lead where it has nobody")
    minutes: float = uncertainty(
        90, unit="minutes", low=1, high=480, label="Minutes with the person on the day of release"
    )
    travel_minutes: float = uncertainty(
        40, unit="minutes", low=0, high=480, label="Travel to a prison nearby and back"
    )
    attendance_log_odds: float = uncertainty(
        0.5, unit="log-odds", low=0, high=4, label="What having been met adds to keeping appointments"
    )
    for_days: float = uncertainty(
        14, unit="days", low=0, high=182, label="Days for which having been met is felt"
    )


class Gate:
    """People to be met, met, and still helped by it.

    Parameters
    ----------
    people, luck, recorder
        The column store, keyed luck and the counts.
    caseload, custody, prisons
        Who is carried, who is let out when, and where.
    trust, dose
        What a meeting moves: trust, and time with people.
    """

    def __init__(
        self, people: People, luck: Luck, recorder: Recorder, caseload: Caseload, custody: Custody,
        prisons: Prisons, trust: Trust, dose: Dose,
    ) -> None:  # fmt: skip
        self.luck, self.recorder, self.caseload, self.custody = luck, recorder, caseload, custody
        self.prisons, self.trust, self.dose = prisons, trust, dose
        self.waited_for = people.own(Column("waited_for", "bool", "gate", "somebody went to the gate today"))
        self._went = np.zeros(people.count, dtype=np.int32)
        self._helped_until = people.own(
            Column("met_until", "float64", "gate", "end of what having been met adds", "days", -np.inf)
        )

    def adopt(self, rules: GateRules, engagement: Engagement, staffing: Staffing) -> None:
        """Take over parameters."""
        self.rules, self.engagement, self.staffing = rules, engagement, staffing

    def go(self, day: int, left: NDArray[np.float64]) -> None:
        """Set out to meet those who are let out today.

        Parameters
        ----------
        day
            Today.
        left
            Minutes in the diaries, shape ``(teams, agencies)``; reduced by those who go.
        """
        if not self.rules.share:
            return
        custody, sentence = self.custody, self.custody.sentence_number
        today = (np.floor(custody.due_out) == day) & (custody.place == SENTENCED) & (custody.holds == 1)
        who = np.flatnonzero(today & self.caseload.carried & (self.caseload.band == BLUE))
        who = who[self.luck.many(ASKED, who, sentence[who]) < self.rules.share]
        agency, needed = self._agency(who), self.rules.minutes + self.rules.travel_minutes
        needs = needed + self.prisons.travel(who)
        diary = self.caseload.team[who] * len(AGENCIES) + agency
        filled = fill(left.reshape(-1), diary, needs, np.arange(len(who)))
        self.waited_for[who[filled.done]], self._went[who[filled.done]] = True, agency[filled.done]
        # Whoever goes has gone, even if the person is held on for something else.
        self.recorder.count("in_reach_minutes", day, float(needs[filled.done].sum()))

    def met(self, day: int, out: Rows) -> Rows:
        """Return those let out yesterday whom somebody met, shape ``(n,)``, and let it count."""
        met = out[self.waited_for[out]]
        self.waited_for[:] = False
        minutes = np.full(len(met), self.rules.minutes)
        self.dose.give(met, minutes, self._went[met] == AGENCIES.index("police"))
        self.trust.build(met, self.engagement.trust_per_contact)
        self._helped_until[met] = day + self.rules.for_days
        self.recorder.count("gate_meetings", day - 1, len(met))
        self.recorder.count("contact_minutes", day - 1, float(minutes.sum()))
        self.recorder.log_many(met, "met at the gate", day - 1)
        return np.asarray(met)

    def pull(self, who: Rows, day: int) -> NDArray[np.float64]:
        """Return what having been met adds to people's log-odds of being there, shape ``(n,)``."""
        helped = (self._helped_until[who] > day) & (self.caseload.band[who] != BLUE)
        return np.asarray(self.rules.attendance_log_odds * helped)

    def _agency(self, who: Rows) -> Rows:
        goes = AGENCIES.index(self.rules.by)
        return self.staffing.who_goes(self.caseload.team[who], goes, self.caseload.lead[who])
