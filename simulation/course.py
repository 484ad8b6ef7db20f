"""The course of needs: some begin and some end, with or without anybody's help."""

import numpy as np
from numpy.typing import NDArray

from simulation import needs
from simulation.calendar import DAYS_PER_YEAR, WEEK
from simulation.careers import Careers
from simulation.declare import Stream
from simulation.luck import Luck
from simulation.people import People
from simulation.record import Record

Rows = NDArray[np.int64]
RENEWED = Stream("needs.renewed", "day", "whether what is a person's own in an item is renewed, by week")


class Course:
    """Everybody's needs as they stand.

    Parameters
    ----------
    people, careers
        The column store, and the needs with which people begin.
    parameters
        How needs are spread and renewed.
    luck, record
        Keyed luck, and the records whose risk follows needs.
    """

    def __init__(
        self, people: People, careers: Careers, parameters: needs.Needs, luck: Luck, record: Record
    ) -> None:
        self._people, self.parameters, self.luck, self.record = people, parameters, luck, record
        self._disposition = careers.disposition
        #: Scores, shape ``(n, items)``, items in the order of :data:`simulation.needs.NAMES`.
        self.score = np.stack([careers.needs[item] for item in needs.NAMES], axis=1)
        self._renewals = np.zeros(self.score.shape, dtype=np.int16)
        self._weekly = -np.expm1(-parameters.renewed_per_year * WEEK / DAYS_PER_YEAR)

    def step(self, day: int) -> None:
        """Let needs begin and end, for a seventh of the people each day."""
        people = self._people.turn(day)
        items = len(needs.NAMES)
        key = day * items + np.arange(items)
        renewed = self.luck.many(RENEWED, people[:, None], key) < self._weekly
        # The place in the flat matrix: NumPy looks through a flat one ten times as fast.
        found = np.flatnonzero(renewed)
        if not len(found):
            return
        row, place = np.divmod(found, items)
        who = people[row]
        self._renewals[who, place] += 1
        score = needs.score(
            self.luck, who, self._disposition[who], self.parameters, place,
            self._renewals[who, place].astype(np.int64),
        )  # fmt: skip
        moved = score != self.score[who, place]
        self.score[who, place] = score
        changed = np.unique(who[moved])
        self.record.need_is(changed, self.score[changed] @ needs.LOG_ODDS)
