"""Intelligence: police reports about people, some of them wrong.

True reports arise from offences that are not detected. False ones arise about anybody in the pool: a wrong
name, an old grudge. Nobody can tell them apart when they come in. Both count alike on the selection matrix
and fade alike; only contact with the person shows, in time, that there is nothing in a false one.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.awareness import Awareness
from simulation.calendar import DAYS_PER_YEAR
from simulation.declare import Column, Group, Stream, uncertainty
from simulation.luck import Luck
from simulation.people import People
from simulation.record import Record

Rows = NDArray[np.int64]
REPORTED = Stream(
    "intelligence.reported", "occurrence", "whether the k-th offence, undetected, is reported on"
)
FALSE = Stream("intelligence.false", "occurrence", "integrated rate at which the k-th false report comes in")


class Intelligence(Group):
    """How reports arise, and how contact corrects them."""

    reports_per_offence: float = uncertainty(
        0.1, unit="probability", low=0, high=1, label="Chance that an undetected offence leads to a report",
        likely=(0.03, 0.3), because="one offence in thirty to one in three; not published anywhere",
    )  # fmt: skip
    false_reports_per_year: float = uncertainty(
        0.3, unit="per year", low=0, high=50, label="False reports about each person in the pool",
        likely=(0.05, 1.0), because="one in twenty years to one a year; not published anywhere",
    )  # fmt: skip
    refuted_per_contact: float = uncertainty(
        0.3, unit="share", low=0, high=1,
        label="Share of the false reports held on a person that a kept contact refutes", likely=(0.1, 0.6),
        because="one contact to seven until half are gone; a judgement",
    )  # fmt: skip


class Reports:
    """Reports as they arise.

    Parameters
    ----------
    people, record, luck
        The column store, the records, which say who is in the area, and keyed luck.
    awareness
        Where reports go.
    """

    def __init__(self, people: People, record: Record, luck: Luck, awareness: Awareness) -> None:
        self.record, self.luck, self.awareness = record, luck, awareness

        def own(name: str, dtype: str, about: str) -> NDArray:  # type: ignore[type-arg]
            return people.own(Column(name, dtype, "intelligence", about))

        self._number = own("false_reports", "int32", "false reports so far")
        self._next = own("next_false_report", "float64", "integrated rate of the next false report")
        self._next[:] = luck.exponential(FALSE, np.arange(people.count), 0)
        self._rate = 0.0

    def adopt(self, intelligence: Intelligence) -> None:
        """Take over parameters."""
        self.intelligence = intelligence

    def overhear(self, who: Rows, number: Rows, time: NDArray[np.float64]) -> None:
        """Let undetected offences lead to reports.

        Parameters
        ----------
        who, number, time
            Person, running number and day of each offence, shape ``(n,)``.
        """
        told = self.luck.many(REPORTED, who, number) < self.intelligence.reports_per_offence
        self.awareness.hear_many("report", who[told], time[told])

    def mislead(self, day: int) -> None:
        """Let a day's false reports come in, about people who are in the area."""
        self._rate += self.intelligence.false_reports_per_year / DAYS_PER_YEAR
        due = np.flatnonzero(self._next <= self._rate)
        while len(due):
            here = due[(self.record.joins[due] <= day) & (self.record.leaves[due] > day)]
            self.awareness.hear_many("false_report", here, np.full(len(here), float(day)))
            self._number[due] += 1
            self._next[due] += self.luck.exponential(FALSE, due, self._number[due])
            due = due[self._next[due] <= self._rate]
