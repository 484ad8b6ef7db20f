"""Commissioning: a contract by which the voluntary sector leads on so many new people a year.

Places are bought one by one. Each pays for a number of hours of case managers over some weeks, and takes a
person under no supervision from whoever would have led. When a year's places are used up, the next person
has to wait for the next year.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.bands import BLUE
from simulation.calendar import DAYS_PER_YEAR, WEEK
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES
from simulation.declare import Column, Event, Group, lever, uncertainty
from simulation.ledger import Entry, pay
from simulation.people import People
from simulation.recorder import Recorder
from simulation.slots import VCS
from simulation.staffing import WORKING_DAYS_A_WEEK

Rows = NDArray[np.int64]
EVENTS = (Event("commissioned", "commissioning", "the voluntary sector takes a person under its contract"),)
_VCS = AGENCIES.index("vcs")
_NOBODY: Rows = np.zeros(0, dtype=np.int64)


class CommissioningRules(Group):
    """The contract with the voluntary sector."""

    people_per_year: int = lever(
        0, unit="people", low=0, high=10_000,
        label="New people a year whom the voluntary sector is paid to lead on; zero for no contract",
        source="PE102: 200 a year in Leeds; no other site has a published number",
    )  # fmt: skip
    weeks: float = uncertainty(26, unit="weeks", low=1, high=156, label="Weeks that a place lasts")
    hours_a_place: float = uncertainty(
        30, unit="hours", low=0, high=500, label="Hours of case managers that a place pays for"
    )
    contacts_per_week: float = lever(
        1.0, unit="per week", low=0, high=5,
        label="Appointments with the case manager, at least, where a band's plan asks for any; never fewer",
    )  # fmt: skip
    gbp_a_place: float = uncertainty(
        1_000, unit="gbp", low=0, label="Price of a place",
        source="EX337: 30,000 pounds for a case worker, about 1,400 hours on duty a year; a half on top",
    )  # fmt: skip


class Contract:
    """Places bought, and who has one.

    Parameters
    ----------
    people, recorder, caseload
        The column store, the counts, and who is carried.
    """

    def __init__(self, people: People, recorder: Recorder, caseload: Caseload) -> None:
        self.recorder, self.caseload = recorder, caseload
        self.until = people.own(
            Column("commissioned_until", "float64", "commissioning", "end of a place", "days", -np.inf)
        )
        self._since, self._used = 0.0, 0
        #: Whether anybody has ever had a place; nothing is looked up where nobody had.
        self._placed = False
        self.rules = CommissioningRules()

    def adopt(self, rules: CommissioningRules, day: float) -> None:
        """Take over parameters; a contract's year begins on the day it comes into force."""
        if rules.people_per_year and not self.rules.people_per_year:
            self._since, self._used = day, 0
        self.rules = rules

    def lead(
        self, who: Rows, lead: NDArray[np.int8], statutory: NDArray[np.bool_], day: int
    ) -> NDArray[np.int8]:
        """Return people's leads with the contract, shape ``(n,)``.

        Parameters
        ----------
        who, lead, statutory
            People, the lead that the rule gives them, and whether they are under supervision, shape ``(n,)``.
        day
            Today.
        """
        rules = self.rules
        if not rules.people_per_year and not self._placed:
            return lead
        self.until[who[statutory]] = -np.inf
        if not rules.people_per_year and not (self.until[who] > day).any():
            return lead
        if day - self._since >= DAYS_PER_YEAR:
            self._since, self._used = self._since + DAYS_PER_YEAR, 0
        able = ~statutory & (self.until[who] == -np.inf) & (self.caseload.band[who] != BLUE)
        new = who[able][: max(0, rules.people_per_year - self._used)]
        self._used += len(new)
        self.until[new] = day + rules.weeks * WEEK
        self._placed = self._placed or len(new) > 0
        self.recorder.count("commissioned", day, len(new))
        pay(self.recorder, day, Entry("partnership", "contracts", rules.gbp_a_place * len(new)))
        self.recorder.log_many(new, "commissioned", day)
        return np.where(self.until[who] > day, _VCS, lead).astype(np.int8)

    def ended(self, day: int) -> Rows:
        """Return those carried whose place has ended since yesterday."""
        if not self._placed:
            return _NOBODY
        return np.flatnonzero((self.until > day - 1) & (self.until <= day) & self.caseload.carried)

    def add(self, day: int, opened: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add the minutes that places pay for to diaries that open today, shape ``(teams, agencies)``."""
        placed = np.flatnonzero((self.until > day) & self.caseload.carried) if self._placed else _NOBODY
        if len(placed) and opened.any():
            each = self.rules.hours_a_place * 60 / (self.rules.weeks * WORKING_DAYS_A_WEEK)
            opened[:, _VCS] += np.bincount(self.caseload.team[placed], minlength=len(opened)) * each
        return opened

    def plan(self, who: Rows, slot: Rows, weekly: NDArray[np.float64], day: int) -> NDArray[np.float64]:
        """Return by how much the contract lifts the plan for some kinds of contact, shape ``(n,)``.

        Parameters
        ----------
        who, slot, weekly
            People, the kind of contact, and what the plan asks for of it a week, shape ``(n,)``.
        day
            Today.
        """
        if not self._placed:
            return np.ones(len(who))
        placed = (slot == VCS) & (self.until[who] > day) & (weekly > 0)
        wanted = self.rules.contacts_per_week / np.where(placed, weekly, 1.0)
        return np.where(placed, np.maximum(wanted, 1.0), 1.0)
