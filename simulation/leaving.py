"""Leaving: how people come off the caseload before, at and after their score falls.

A person whose score has fallen can be let go at the next meeting, or be kept for some time, in lower bands,
before they leave. Others leave because another scheme has them or because they are recalled to custody.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.bands import AMBER, GREEN, RED
from simulation.co_location import AGENCIES
from simulation.declare import Column, Group, Stream, lever, uncertainty
from simulation.luck import Luck
from simulation.people import People
from simulation.staffing import WORKING_DAYS_A_WEEK

Rows = NDArray[np.int64]
MOVED_ON = Stream("leaving.moved_on", "occurrence", "whether another scheme has a person in their k-th stay")
MOVED_WHEN = Stream("leaving.moved_when", "occurrence", "when the k-th stay ends if another scheme ends it")


class Leaving(Group):
    """How people leave, and what the dormant list costs."""

    below_exit_days: int = lever(
        0, unit="days", low=0, high=3650, label="Days below the exit score before a person leaves"
    )
    steps_down: bool = lever(
        False, label="People below the exit score are in amber at most, and in green for the second half"
    )
    recalled_leave: bool = lever(
        False, label="People recalled to custody leave, and come back when they are released"
    )
    misled_leave: bool = lever(
        True, label="People leave when the reports on which they were taken on have been refuted"
    )
    other_scheme_share: float = uncertainty(
        0.0, unit="share", low=0, high=1, label="Stays that end because another scheme has the person"
    )
    other_scheme_days: float = uncertainty(
        21, unit="days", low=0, high=365, label="Mean days until the schemes find that out"
    )
    other_scheme_stay_days: float = uncertainty(
        182, unit="days", low=0, high=3650, label="Days for which the other scheme has them"
    )
    dormant_minutes_a_week: float = lever(
        0.0, unit="minutes a week", low=0, high=120,
        label="Police time for each person on the dormant list: looking through what has come in",
    )  # fmt: skip


class Exits:
    """Who steps down, who has moved on, and what the dormant list takes.

    Parameters
    ----------
    people, luck
        The column store and keyed luck.
    """

    def __init__(self, people: People, luck: Luck) -> None:
        def own(name: str, about: str, unit: str = "days") -> NDArray[np.float64]:
            return people.own(Column(name, "float64", "leaving", about, unit, np.inf))

        self.luck = luck
        self.below_since = own("below_exit_since", "day since which the score is below that of leaving")
        self._margin = own(
            "entry_margin", "points above the entry score when taken on; infinite if not carried", "points"
        )
        self._away_from = own("other_scheme_from", "day from which another scheme has the person")
        self._away_until = own("other_scheme_until", "day until which another scheme has the person")
        self._stay = people.own(Column("stays", "int32", "leaving", "stays on the caseload so far"))

    def adopt(self, leaving: Leaving) -> None:
        """Take over parameters."""
        self.leaving = leaving

    def begin(self, who: Rows, day: int, margin: NDArray[np.float64]) -> None:
        """Begin people's stays: some will turn out to be another scheme's.

        Parameters
        ----------
        who, day
            People taken on today.
        margin
            Points by which each was above the score that was needed, shape ``(n,)``.
        """
        leaving, number = self.leaving, self._stay[who]
        self.below_since[who] = np.inf
        self._margin[who] = margin
        moves = self.luck.many(MOVED_ON, who, number) < leaving.other_scheme_share
        found = day + leaving.other_scheme_days * self.luck.exponential(MOVED_WHEN, who, number)
        self._away_from[who] = np.where(moves, found, np.inf)
        self._away_until[who] = self._away_from[who] + leaving.other_scheme_stay_days
        self._stay[who] += 1

    def end(self, who: Rows) -> None:
        """End people's stays."""
        self._margin[who] = np.inf

    def misled(self, who: Rows, refuted: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return who would not have been taken on without the points that have been refuted since."""
        return np.asarray((refuted > self._margin[who]) & self.leaving.misled_leave)

    def elsewhere(self, who: Rows, day: int) -> NDArray[np.bool_]:
        """Return whom of some people another scheme has, shape ``(n,)``."""
        return np.asarray((self._away_from[who] <= day) & (day < self._away_until[who]))

    def hold(self, who: Rows, day: int) -> Rows:
        """Return those whose scores have fallen, and no others have, who are kept for now."""
        since = np.minimum(self.below_since[who], day)
        self.below_since[:] = np.inf
        self.below_since[who] = since
        return who[day - since < self.leaving.below_exit_days]

    def highest_band(self, who: Rows, day: int) -> NDArray[np.int8]:
        """Return the highest band that people who step down can be in, shape ``(n,)``."""
        if not self.leaving.steps_down:
            return np.full(len(who), RED, dtype=np.int8)
        below = day - self.below_since[who]
        stepped = np.where(below < self.leaving.below_exit_days / 2, AMBER, GREEN)
        return np.where(below >= 0, stepped, RED).astype(np.int8)

    def dormant_minutes(self, dormant_by_team: Rows) -> NDArray[np.float64]:
        """Return what a day with so many dormant people takes, shape ``(teams, agencies)``."""
        daily = self.leaving.dormant_minutes_a_week / WORKING_DAYS_A_WEEK
        minutes = np.zeros((len(dormant_by_team), len(AGENCIES)))
        minutes[:, AGENCIES.index("police")] = dormant_by_team * daily
        return minutes
