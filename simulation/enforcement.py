"""Enforcement: missed appointments that the partnership acts on, beyond ordinary supervision."""

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation.custody import Custody
from simulation.declare import Column, Event, Group, Stream, effect, uncertainty
from simulation.luck import Luck
from simulation.people import People
from simulation.recorder import Recorder

Rows = NDArray[np.int64]
ACTED = Stream("enforcement.acted", "occurrence", "whether the k-th run of missed appointments is acted on")

EVENTS = (Event("enforcement", "enforcement", "the partnership starts breach or recall proceedings"),)


class Enforcement(Group):
    """What follows from missed appointments of people under supervision."""

    missed_before_action: int = uncertainty(
        2, unit="points", low=1, high=20, label="Missed appointments before a return to court",
        source="EX291: two unacceptable absences in twelve months (2008)", confidence="published",
    )  # fmt: skip
    window_days: float = uncertainty(
        365, unit="days", low=1, high=3650, label="Days after which a missed appointment no longer counts",
        source="EX291: within twelve months", confidence="published",
    )  # fmt: skip
    acted_share: float = effect(
        0.05, neutral=0, unit="share", low=0, high=1,
        label="Runs of missed appointments that IOM acts on and ordinary supervision would not",
    )  # fmt: skip
    days_to_action: float = uncertainty(
        10,
        unit="days",
        low=0,
        high=365,
        label="Days from the second missed appointment to a return to custody",
    )


class Absences:
    """Counts of missed appointments since the last action, and the actions that follow."""

    def __init__(
        self, env: simpy.Environment, people: People, luck: Luck, recorder: Recorder, custody: Custody
    ) -> None:
        self.env, self.luck, self.recorder, self.custody = env, luck, recorder, custody
        self.count = people.own(
            Column("absences", "int64", "enforcement", "missed appointments since action")
        )
        self.since = people.own(
            Column(
                "absent_since",
                "float64",
                "enforcement",
                "first missed appointment of the run",
                "days",
                -np.inf,
            )
        )
        self.runs = people.own(Column("absence_runs", "int64", "enforcement", "runs of missed appointments"))

    def add(self, enforcement: Enforcement, who: Rows, day: int) -> Rows:
        """Count missed appointments of supervised people, and return those to be proceeded against.

        A run of missed appointments begins anew when its first one has lapsed.
        """
        lapsed = who[day - self.since[who] >= enforcement.window_days]
        self.count[lapsed] = 0
        begins = who[self.count[who] == 0]
        self.since[begins] = day
        np.add.at(self.count, who, 1)
        full = np.unique(who[self.count[who] >= enforcement.missed_before_action])
        self.count[full] = 0
        acted = full[self.luck.many(ACTED, full, self.runs[full]) < enforcement.acted_share]
        self.runs[full] += 1
        return acted

    def proceed(self, enforcement: Enforcement, who: Rows) -> None:
        """Start proceedings against people, shape ``(n,)``."""
        for person in who:
            self.env.process(self._proceed(int(person), enforcement.days_to_action))

    def _proceed(self, person: int, days: float) -> Generator[simpy.Event, Any, None]:
        self.recorder.log(person, "enforcement", self.env.now)
        self.recorder.count("enforcements", self.env.now)
        yield self.env.timeout(np.floor(days) + 0.6)
        supervised = self.custody.supervised_until[person] > self.env.now
        if supervised and self.custody.at_liberty[person]:
            yield from self.custody.recall(person)
