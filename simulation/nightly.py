"""Nightly visits: in the first weeks after a release somebody looks in on every working day."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulation.bands import BLUE
from simulation.caseload import Caseload
from simulation.contacts import Contacts
from simulation.declare import Column, Group, lever
from simulation.people import People
from simulation.recorder import Recorder
from simulation.slots import SLOTS

Rows = NDArray[np.int64]
_NAMES = [slot.name for slot in SLOTS]


class NightlyRules(Group):
    """Visits at home after a release that the team knows of."""

    days: int = lever(
        0, unit="days", low=0, high=365,
        label="Days after a known release in which a visit is owed on every working day; 0 for none",
        source="Process evaluation, intensity of engagement: every night for the first three weeks, as one "
        "person told; no site is named",
    )  # fmt: skip
    by: Literal["police", "neighbourhood_police"] = lever(
        "neighbourhood_police", unit="choice", label="Who visits"
    )


class NightlyVisits:
    """Visits owed to people who are known to have come out.

    Parameters
    ----------
    people, recorder
        The column store and the counts.
    caseload, contacts
        Who is known to be inside, and the visits that are due.
    """

    def __init__(self, people: People, recorder: Recorder, caseload: Caseload, contacts: Contacts) -> None:
        self.recorder, self.caseload, self.contacts = recorder, caseload, contacts
        self.out_since = people.own(
            Column("known_out_since", "float64", "nightly", "day a release became known", "days", -np.inf)
        )
        self._blue = np.zeros(people.count, dtype=bool)

    def adopt(self, rules: NightlyRules) -> None:
        """Take over parameters."""
        self.rules = rules
        self.slot = _NAMES.index(rules.by)

    def follow(self, day: int, rows: Rows) -> None:
        """Note who has come out since the last working day, and owe visits to those who did lately.

        Parameters
        ----------
        day
            A working day.
        rows
            People carried, shape ``(n,)``.
        """
        blue = self.caseload.band == BLUE
        self.out_since[self._blue & ~blue & self.caseload.carried] = day
        self._blue = blue
        if not self.rules.days:
            return
        lately = rows[~blue[rows] & (day - self.out_since[rows] < self.rules.days)]
        owed = self.contacts.owe(day, lately, self.slot, self.caseload.team[lately])
        self.recorder.count("nightly_visits", day, owed)
