"""Mentoring: volunteers who meet one person each, week after week.

Mentors are few, have to be matched, and leave. An hour with somebody who is not paid for it raises
motivation, and with it whether other appointments are kept; it is also time with a person like any other.
"""

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation.aspire import PLANNED
from simulation.bands import BLUE
from simulation.calendar import DAYS_PER_YEAR, WEEK
from simulation.capacity import Places
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES
from simulation.custody import Custody
from simulation.declare import Column, Event, Group, Stream, lever, uncertainty
from simulation.engagement import Engagement, Trust
from simulation.ledger import Entry, pay
from simulation.luck import Luck
from simulation.motivation import Motivation
from simulation.people import People
from simulation.recorder import Recorder
from simulation.response import Dose
from simulation.staffing import WORKING_DAYS_A_WEEK

Rows = NDArray[np.int64]
REFERRED = Stream("mentoring.referred", "occurrence", "whether a person is referred in the k-th stay")
MET = Stream("mentoring.met", "occurrence", "whether the k-th meeting with a mentor is kept")
LEFT = Stream("mentoring.left", "occurrence", "when the mentor of the k-th match leaves")
EVENTS = (
    Event("matched", "mentoring", "a person gets a mentor"),
    Event("unmatched", "mentoring", "a match with a mentor ends"),
)


class MentoringRules(Group):
    """Volunteer mentors."""

    mentors: int = lever(
        0, unit="places", low=0, high=1000, label="Volunteer mentors, each for one person at a time",
        source="Process evaluation, 3.6, and Efficiency Toolkit: mentors in the West Midlands",
    )  # fmt: skip
    referred_share: float = lever(
        0.3, unit="share", low=0, high=1, label="People with a plan who are referred to a mentor"
    )
    longest_wait_days: float = uncertainty(
        120, unit="days", low=1, high=1000, label="Days of waiting after which a referral lapses"
    )
    matching_days: float = uncertainty(
        21, unit="days", low=0, high=182, label="Days to match a mentor who is free and to meet first"
    )
    minutes_a_week: float = uncertainty(
        60, unit="minutes a week", low=1, high=600, label="Minutes of a weekly meeting"
    )
    weeks: int = uncertainty(26, unit="weeks", low=1, high=156, label="Weeks for which a match is meant")
    leaving_per_year: float = uncertainty(
        1.0, unit="per year", low=0, high=20, label="How often mentors leave before that"
    )
    attendance: float = uncertainty(
        0.6, unit="log-odds", low=-4, high=6, label="Attendance of a meeting at average trust and motivation"
    )
    raised_by_meeting: float = uncertainty(
        0.03, unit="share", low=0, high=1, label="Share of missing motivation that a meeting raises"
    )
    coordination_minutes_a_week: float = uncertainty(
        20, unit="minutes a week", low=0, high=300, label="Voluntary sector staff time for each match"
    )
    gbp_a_week: float = uncertainty(10, unit="gbp", low=0, high=500, label="Expenses of a match, a week")


class Mentoring:
    """Mentors, matches, and people who wait for one.

    Parameters
    ----------
    env, people, luck, recorder
        The clock, the column store, keyed luck and the counts.
    caseload, custody, plan_stage
        Who is carried, where they are, and whether their plans are made, shape ``(n,)``.
    trust, motivation, dose
        What meetings rest on and move.
    """

    def __init__(
        self, env: simpy.Environment, people: People, luck: Luck, recorder: Recorder, caseload: Caseload,
        custody: Custody, plan_stage: NDArray[np.int8], trust: Trust, motivation: Motivation, dose: Dose,
    ) -> None:  # fmt: skip
        self.env, self.luck, self.recorder, self.caseload = env, luck, recorder, caseload
        self.custody, self.plan_stage = custody, plan_stage
        self.trust, self.motivation, self.dose = trust, motivation, dose
        self.places = Places(env, 0)
        self._asked = people.own(
            Column("mentor_asked", "float64", "mentoring", "stay for which considered", "days", -1.0)
        )
        self.matched = people.own(Column("mentored", "int32", "mentoring", "1 with a mentor"))
        self._stays, self._matches, self._meetings = np.zeros((3, people.count), dtype=np.int32)

    def adopt(self, rules: MentoringRules, engagement: Engagement) -> None:
        """Take over parameters."""
        self.rules, self.engagement = rules, engagement
        self.places.resize(rules.mentors)

    def follow(self, day: int, rows: Rows) -> None:
        """Refer people whose plans are made, each once in a stay."""
        if not self.rules.mentors:
            return
        entered = self.caseload.entered[rows]
        ready = (self.plan_stage[rows] == PLANNED) & (self.caseload.band[rows] != BLUE)
        new = rows[ready & (self._asked[rows] != entered)]
        self._asked[new] = self.caseload.entered[new]
        referred = self.luck.many(REFERRED, new, self._stays[new]) < self.rules.referred_share
        self._stays[new] += 1
        for person in new[referred].tolist():
            self.env.process(self._match(person))

    def coordinate(self, left: NDArray[np.float64]) -> None:
        """Take what a working day's matches need of voluntary sector staff from their diaries."""
        if not self.places.busy:
            return
        matches = np.bincount(self.caseload.team[self.matched > 0], minlength=len(left))
        vcs = AGENCIES.index("vcs")
        daily = matches * self.rules.coordination_minutes_a_week / WORKING_DAYS_A_WEEK
        left[:, vcs] = np.maximum(left[:, vcs] - daily, 0.0)

    def _match(self, person: int) -> Generator[simpy.Event, Any, None]:
        """Wait for a mentor, be matched, meet week by week, and part."""
        rules, stay = self.rules, self.caseload.entered[person]
        turn = self.places.ask()
        yield turn | self.env.timeout(rules.longest_wait_days)
        if turn.triggered:
            yield self.env.timeout(rules.matching_days)
            if self._still(person, stay):
                yield from self._meet(person, stay)
        self.places.withdraw(turn)

    def _meet(self, person: int, stay: float) -> Generator[simpy.Event, Any, None]:
        rules, began = self.rules, self.env.now
        self.matched[person] += 1
        self.recorder.count("mentor_matches", began)
        self.recorder.log(person, "matched", began)
        hazard = -np.log(self.luck.one(LEFT, person, int(self._matches[person])))
        self._matches[person] += 1
        for _ in range(rules.weeks):
            yield self.env.timeout(WEEK)
            gone = (self.env.now - began) / DAYS_PER_YEAR * rules.leaving_per_year >= hazard
            if gone or not self._still(person, stay):
                break
            pay(self.recorder, self.env.now, Entry("partnership", "mentors", rules.gbp_a_week))
            if self.custody.at_liberty[person]:
                self._come(person)
        self.matched[person] -= 1
        self.recorder.log(person, "unmatched", self.env.now)

    def _come(self, person: int) -> None:
        """Let a person keep this week's meeting, or not."""
        rules, who = self.rules, np.array([person])
        base = np.full(1, rules.attendance)
        kept = self.trust.attends(
            self.engagement, who, self._meetings[who], base=base, statutory=np.zeros(1, dtype=bool),
            stream=MET,
        )  # fmt: skip
        self._meetings[person] += 1
        if kept[0]:
            self.motivation.lift(who, rules.raised_by_meeting)
            self.dose.give(who, np.array([rules.minutes_a_week]), np.zeros(1, dtype=bool))
            self.recorder.count("mentor_meetings", self.env.now)
            self.recorder.count("contact_minutes", self.env.now, rules.minutes_a_week)

    def _still(self, person: int, stay: float) -> bool:
        return bool(self.caseload.carried[person] and self.caseload.entered[person] == stay)
