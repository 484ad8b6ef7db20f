"""Distance: some people are held far from home, and whoever visits or meets them travels for longer.

The day has as many minutes as before, so that fewer visits fit into a diary.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.custody import Custody
from simulation.declare import Group, Stream, uncertainty
from simulation.luck import Luck

Rows = NDArray[np.int64]
FAR = Stream("distance.far", "occurrence", "whether a person is held far away after the k-th sentence")


class Distance(Group):
    """Where people of the area are held."""

    far_share: float = uncertainty(
        0.0, unit="share", low=0, high=1, label="People in custody who are held far away",
        source="Process evaluation, 3.3: prisons have wider constituencies of people, who return to "
        "disparate places; the share is assumed",
    )  # fmt: skip
    far_travel_minutes: float = uncertainty(
        150, unit="minutes", low=0, high=480, label="Travel that a prison far away adds to a visit"
    )


class Prisons:
    """How far from home each person is held.

    Parameters
    ----------
    luck, custody
        Keyed luck, and everybody's sentences: who is moved is settled with each of them.
    """

    def __init__(self, luck: Luck, custody: Custody) -> None:
        self.luck, self.custody = luck, custody

    def adopt(self, distance: Distance) -> None:
        """Take over parameters."""
        self.distance = distance

    def travel(self, who: Rows) -> NDArray[np.float64]:
        """Return the minutes of travel that the place in which people are held adds, shape ``(n,)``."""
        if not self.distance.far_share:
            return np.zeros(len(who))
        far = self.luck.many(FAR, who, self.custody.sentence_number[who]) < self.distance.far_share
        return np.asarray(far * self.distance.far_travel_minutes)
