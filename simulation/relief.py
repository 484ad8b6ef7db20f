"""Relief: needs that are met, what that takes off risk, and how they come back.

A need that is met lowers a person's log-odds of reoffending by what the official predictor gives the item,
times ``effect``. Ordinary supervision meets needs as well, and the predictor was fitted to people who had
it: a share of what is met would have been met anyway, and lowers nothing.
"""

from collections import Counter
from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation import needs
from simulation.calendar import DAYS_PER_YEAR
from simulation.course import Course
from simulation.declare import Column, Event, Group, Stream, effect, uncertainty
from simulation.luck import Luck
from simulation.motivation import Motivation
from simulation.people import People
from simulation.recorder import Recorder

Rows = NDArray[np.int64]
MET = Stream("relief.met", "occurrence", "whether the k-th completed programme meets a need")
ANYWAY = Stream("relief.anyway", "occurrence", "whether the k-th met need would have been met anyway")
RELAPSE = Stream("relief.relapse", "occurrence", "when a need met for the k-th time comes back")
EVENTS = (
    Event("need met", "relief", "a need is met"),
    Event("relapse", "relief", "a need that was met comes back"),
)


class ReliefRules(Group):
    """What a met need is worth, and how much of it IOM can call its own."""

    anyway_statutory: float = uncertainty(
        0.3, unit="share", low=0, high=1, label="Met needs that ordinary supervision would have met",
        likely=(0.1, 0.6),
        because="ordinary supervision refers people too; how often it meets a need is not published",
    )  # fmt: skip
    anyway_others: float = uncertainty(
        0.1, unit="share", low=0, high=1, label="Met needs of others that would have been met anyway",
        likely=(0.0, 0.3), because="less than under supervision, for want of anybody who refers",
    )  # fmt: skip
    effect: float = effect(
        1.0, neutral=0, unit="ratio", low=0, high=2,
        label="Weight of a met need in risk: 1 as in the current predictor, 1.75 as in the one before",
        source="EX106 to EX122: needs of the dynamic predictor", confidence="expert", likely=(0, 1.75),
        because="none, since items were never shown to be causal, to their weight in the predictor "
        "before this one",
    )  # fmt: skip


class Relief:
    """Needs met beyond the ordinary, item by item.

    Parameters
    ----------
    env, luck, recorder
        The clock, keyed luck and the counts.
    people
        The column store.
    course, motivation
        Everybody's needs, and their will to change.
    rules
        Parameters.
    """

    def __init__(
        self, env: simpy.Environment, luck: Luck, recorder: Recorder, people: People, course: Course,
        motivation: Motivation, rules: ReliefRules,
    ) -> None:  # fmt: skip
        self.env, self.luck, self.recorder, self.course = env, luck, recorder, course
        self.motivation, self.rules = motivation, rules
        #: Whether each need is met at present, and whether it would have been anyway, shape ``(n, items)``.
        self.met = np.zeros(course.score.shape, dtype=bool)
        self._anyway = np.zeros(course.score.shape, dtype=bool)
        #: Programmes completed, by person and item: most people complete none.
        self._tries: Counter[tuple[int, int]] = Counter()
        self.fall = people.own(
            Column("relief", "float64", "relief", "fall of risk by needs met beyond the ordinary", "log-odds")
        )

    def unmet(self, who: Rows) -> NDArray[np.int8]:
        """Return the scores of people's needs that are not met, shape ``(n, items)``."""
        return np.asarray(self.course.score[who] * ~self.met[who])

    def unmet_of(self, person: int, items: list[int]) -> int:
        """Return how many of some needs a person has and are not met."""
        score, met = self.course.score.item, self.met.item
        return sum([score(person, item) > 0 and not met(person, item) for item in items])

    def weigh(self, who: Rows) -> None:
        """Work out anew by how much met needs lower the risk of people."""
        own = self.course.score[who] * (self.met[who] & ~self._anyway[who])
        self.fall[who] = self.rules.effect * (own @ needs.LOG_ODDS)

    def complete(
        self, person: int, items: Rows, *, met_share: float, relapse_per_year: float, statutory: bool
    ) -> None:
        """Let a completed programme meet the needs it works on, each with its own luck.

        Parameters
        ----------
        person
            Who completed it.
        items
            Columns of the needs it works on.
        met_share, relapse_per_year
            The programme's chance of meeting a need, and how often a met one comes back.
        statutory
            Whether the person is under supervision, where more would have been met anyway.
        """
        for item in items[self.unmet(np.array([person]))[0, items] > 0].tolist():
            key = self._tries[person, item] * len(needs.NAMES) + item
            self._tries[person, item] += 1
            if self.luck.one(MET, person, key) >= met_share:
                continue
            anyway = self.rules.anyway_statutory if statutory else self.rules.anyway_others
            self.met[person, item] = True
            self._anyway[person, item] = self.luck.one(ANYWAY, person, key) < anyway
            self.recorder.log(person, "need met", self.env.now, detail=needs.NAMES[item])
            self.recorder.count("needs_met", self.env.now)
            if relapse_per_year > 0:
                years = -np.log(self.luck.one(RELAPSE, person, key)) / relapse_per_year
                self.env.process(self._relapse(person, item, years * DAYS_PER_YEAR))

    def _relapse(self, person: int, item: int, days: float) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(days)
        self.met[person, item] = False
        self.motivation.lower(np.array([person]), self.motivation.rules.lowered_by_failure)
        self.recorder.log(person, "relapse", self.env.now, detail=needs.NAMES[item])
        self.recorder.count("relapses", self.env.now)
