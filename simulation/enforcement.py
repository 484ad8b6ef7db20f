"""Enforcement: missed appointments that the partnership acts on, beyond ordinary supervision."""

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation.custody import Custody
from simulation.declare import Column, Event, Group, Stream, effect, lever, uncertainty
from simulation.luck import Luck
from simulation.people import People
from simulation.recorder import Recorder

Rows = NDArray[np.int64]
ACTED = Stream("enforcement.acted", "occurrence", "whether the k-th run of missed appointments is acted on")
EXCUSED = Stream("enforcement.excused", "occurrence", "whether the k-th missed appointment is excused")

EVENTS = (
    Event("warned", "enforcement", "a written warning about a missed appointment goes out"),
    Event("enforcement", "enforcement", "the partnership starts breach or recall proceedings"),
)


class Enforcement(Group):
    """What follows from missed appointments of people under supervision."""

    missed_before_action: int = uncertainty(
        2, unit="appointments", low=1, high=20, label="Missed appointments before a return to court",
        source="EX291: two unacceptable absences in twelve months (2008)", confidence="published",
    )  # fmt: skip
    window_days: float = uncertainty(
        365, unit="days", low=1, high=3650, label="Days after which a missed appointment no longer counts",
        source="EX291: within twelve months", confidence="published",
    )  # fmt: skip
    acted_share: float = effect(
        0.05, neutral=0, unit="share", low=0, high=1,
        label="Runs of missed appointments that IOM acts on and ordinary supervision would not",
        likely=(0, 0.15),
        because="none to one run in seven; supervision acts on its own, and this is what IOM adds",
    )  # fmt: skip
    days_to_action: float = uncertainty(
        10,
        unit="days",
        low=0,
        high=365,
        label="Days from the second missed appointment to a return to custody",
    )
    excused_share: float = uncertainty(
        0.0, unit="share", low=0, high=1, label="Missed appointments for which there is an acceptable reason"
    )
    warns: bool = lever(
        False, label="A written warning goes out first; until it has, no missed appointment is acted on"
    )
    warning_minutes: float = uncertainty(
        20, unit="minutes", low=0, high=240, label="Probation minutes that a warning takes"
    )
    warning_within_days: float = lever(
        5, unit="days", low=0, high=60, label="Days in which a warning is to go out"
    )
    warning_log_odds: float = uncertainty(
        0.3, unit="log-odds", low=0, high=2,
        label="What a warning in force adds to attendance of probation appointments",
    )  # fmt: skip


class Absences:
    """Counts of missed appointments since the last action, and the actions that follow."""

    def __init__(
        self, env: simpy.Environment, people: People, luck: Luck, recorder: Recorder, custody: Custody
    ) -> None:
        self.env, self.luck, self.recorder, self.custody = env, luck, recorder, custody
        self.count = people.own(
            Column("absences", "int32", "enforcement", "missed appointments since action")
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
        self.runs = people.own(Column("absence_runs", "int32", "enforcement", "runs of missed appointments"))
        self.warned = people.own(Column("warned", "bool", "enforcement", "a warning about the run is out"))
        #: Whether a warning is being written.
        self.writing = np.zeros(people.count, dtype=bool)
        self._missed = np.zeros(people.count, dtype=np.int32)

    def add(self, enforcement: Enforcement, who: Rows, day: int) -> Rows:
        """Count missed appointments of supervised people, and return those to be proceeded against.

        A run of missed appointments begins anew when its first one has lapsed. Excused ones do not count.
        """
        if enforcement.excused_share:
            excused = self.luck.many(EXCUSED, who, self._missed[who]) < enforcement.excused_share
            self._missed[who] += 1
            who = who[~excused]
        lapsed = who[day - self.since[who] >= enforcement.window_days]
        self.count[lapsed], self.warned[lapsed] = 0, False
        begins = who[self.count[who] == 0]
        self.since[begins] = day
        np.add.at(self.count, who, 1)
        ready = (self.count[who] >= enforcement.missed_before_action) & (
            self.warned[who] | (not enforcement.warns)
        )
        full = np.unique(who[ready])
        if not len(full):
            return full
        self.count[full], self.warned[full] = 0, False
        acted = full[self.luck.many(ACTED, full, self.runs[full]) < enforcement.acted_share]
        self.runs[full] += 1
        return acted

    def to_warn(self, enforcement: Enforcement, who: Rows) -> Rows:
        """Return those who have just missed an appointment that counts, and have no warning yet."""
        if not enforcement.warns:
            return who[:0]
        who = who[(self.count[who] > 0) & ~self.warned[who] & ~self.writing[who]]
        self.writing[who] = True
        return who

    def warn(self, who: Rows, day: int) -> None:
        """Let warnings that have been written go out."""
        self.writing[who] = False
        out = who[self.count[who] > 0]
        self.warned[out] = True
        self.recorder.count("warnings", day, len(out))
        self.recorder.log_many(out, "warned", day)

    def pull(self, enforcement: Enforcement, who: Rows, day: int) -> NDArray[np.float64]:
        """Return what warnings in force add to attendance, log-odds, shape ``(n,)``."""
        in_force = self.warned[who] & (day - self.since[who] < enforcement.window_days)
        return np.asarray(enforcement.warning_log_odds * in_force)

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
