"""Assertive outreach: after a missed appointment somebody goes out, and finds the person or does not.

Whoever is found has been seen, and the next appointment is made for tomorrow instead of at its turn.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simulation.caseload import Caseload
from simulation.co_location import AGENCIES, Agency
from simulation.contacts import Contacts
from simulation.declare import Event, Group, Stream, lever, uncertainty
from simulation.diaries import fill
from simulation.engagement import Engagement, Trust
from simulation.luck import Luck
from simulation.people import People
from simulation.recorder import Recorder
from simulation.response import Dose
from simulation.staffing import Staffing

Rows = NDArray[np.int64]
GOES = Stream("outreach.goes", "occurrence", "whether somebody goes out after the k-th missed appointment")
FOUND = Stream("outreach.found", "occurrence", "whether the k-th visit finds the person")
EVENTS = (Event("outreach", "outreach", "somebody goes out after a missed appointment and finds the person"),)


class OutreachRules(Group):
    """Who goes out after a missed appointment, and how often."""

    share: float = lever(
        0.0, unit="share", low=0, high=1, label="Missed appointments after which somebody goes out"
    )
    by: Agency = lever(
        "neighbourhood_police", unit="choice", label="Agency that goes out", confidence="seed",
        source="Process evaluation, figure 3.3: outreach normally initiated by beat police",
    )  # fmt: skip
    minutes: float = uncertainty(
        45, unit="minutes", low=1, high=480, label="Minutes to go out to a person, travel included"
    )
    within_days: int = lever(
        7, unit="days", low=1, high=60, label="Days for which it is tried to find the minutes"
    )


class Outreach:
    """Visits that are owed after missed appointments.

    Parameters
    ----------
    people, luck, recorder
        The column store, keyed luck and the counts.
    caseload, contacts, trust, dose
        The people carried, their appointments, their trust, and the contact they have had.
    """

    def __init__(
        self, people: People, luck: Luck, recorder: Recorder, caseload: Caseload, contacts: Contacts,
        trust: Trust, dose: Dose,
    ) -> None:  # fmt: skip
        self.luck, self.recorder, self.caseload = luck, recorder, caseload
        self.contacts, self.trust, self.dose = contacts, trust, dose
        self.at_liberty = people.read("at_liberty")
        self.remaining = np.zeros(people.count)
        self.since = np.zeros(people.count)
        self.slot = np.zeros(people.count, dtype=np.int32)
        self.missed = np.zeros(people.count, dtype=np.int32)
        self.visits = np.zeros(people.count, dtype=np.int64)
        #: Called with people found and the day.
        self.on_found: Callable[[Rows, int], None] = lambda who, day: None

    def adopt(self, rules: OutreachRules, engagement: Engagement, staffing: Staffing) -> None:
        """Take over parameters."""
        self.rules, self.engagement = rules, engagement
        self.agency = AGENCIES.index(rules.by)
        self.minutes_with_person = staffing.with_person[self.agency]

    def ask(self, day: int, who: Rows, slot: Rows) -> None:
        """Take note of missed appointments, shape ``(n,)``; a visit owed already is not owed twice."""
        if not self.rules.share:
            return
        who, first = np.unique(who, return_index=True)
        goes = (self.luck.many(GOES, who, self.missed[who]) < self.rules.share) & (self.remaining[who] == 0)
        self.missed[who] += 1
        chosen = who[goes]
        self.remaining[chosen] = self.rules.minutes
        self.since[chosen] = day
        self.slot[chosen] = slot[first[goes]]

    def go(self, day: int, left: NDArray[np.float64]) -> None:
        """Go out to those who are owed a visit, the longest waiting first.

        Parameters
        ----------
        day
            Today.
        left
            Minutes in the diaries, shape ``(teams, agencies)``; reduced by those who go out.
        """
        owed = np.flatnonzero(self.remaining)
        if not len(owed):
            return
        here = self.caseload.carried[owed] & (day - self.since[owed] < self.rules.within_days)
        self.remaining[owed[~here]] = 0
        who = owed[here]
        diary = self.caseload.team[who] * len(AGENCIES) + self.agency
        order = np.argsort(self.since[who], kind="stable")
        filled = fill(left.reshape(-1), diary, self.remaining[who], order)
        self.remaining[who] -= filled.given
        visited = who[filled.done]
        self.remaining[visited] = 0
        self._find(day, visited)

    def _find(self, day: int, who: Rows) -> None:
        """Find people at home, or not; whoever is found has a new appointment tomorrow."""
        base, nobody_obliged = np.full(len(who), self.engagement.at_home), np.zeros(len(who), dtype=bool)
        there = self.trust.attends(
            self.engagement, who, self.visits[who], base=base, statutory=nobody_obliged, stream=FOUND
        )
        self.visits[who] += 1
        found = who[there & self.at_liberty[who]]
        by_police = "police" in self.rules.by
        minutes = np.full(len(found), self.minutes_with_person)
        self.dose.give(found, minutes, np.full(len(found), by_police))
        self.trust.build(found, self.engagement.trust_per_contact)
        due = self.contacts.next_due
        due[found, self.slot[found]] = np.minimum(due[found, self.slot[found]], day + 1)
        self.recorder.count("outreach_visits", day, len(who))
        self.recorder.count("outreach_found", day, len(found))
        self.recorder.count("contact_minutes", day, float(minutes.sum()))
        self.recorder.log_many(found, "outreach", day)
        self.on_found(found, day)
