"""Trials: people who qualify and are left to ordinary supervision by lot, and what a first list looked like.

A fair comparison needs people who could have been managed and were not, for no reason but luck.
"""

from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from simulation.declare import Column, Group, Stream, lever
from simulation.luck import Luck
from simulation.people import People

LOT = Stream("trial.lot", "occurrence", "the lot that a person draws, once for good")


class Lots(Group):
    """Which lots are managed. Everybody's are, unless a trial says otherwise."""

    lowest: float = lever(
        0.0, unit="share", low=0, high=1, label="Lot from which people who qualify are managed"
    )
    highest: float = lever(
        1.0, unit="share", low=0, high=1, label="Lot below which people who qualify are managed"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.lowest > self.highest:
            raise ValueError(
                f"lots cross: from {self.lowest:g} to {self.highest:g}; expected lowest at or below highest"
            )
        return self


class Trial:
    """Everybody's lot, and the list of the first selection meeting.

    Parameters
    ----------
    people, luck
        The column store and keyed luck.
    """

    def __init__(self, people: People, luck: Luck) -> None:
        self.lot = people.own(
            Column("lot", "float64", "trial", "lot, from 0 to 1", "share"),
            luck.many(LOT, np.arange(people.count), 0),
        )
        self.first_score = people.own(
            Column(
                "first_score",
                "float64",
                "trial",
                "score at the first selection meeting; none for people who could not be taken then",
                "points",
                np.nan,
            )
        )
        #: Day of the first selection meeting; -1 before it.
        self.began = -1

    def adopt(self, lots: Lots) -> None:
        """Take over which lots are managed; what is drawn stays."""
        self.admits: NDArray[np.bool_] = (self.lot >= lots.lowest) & (self.lot < lots.highest)

    def list(self, day: int, points: NDArray[np.float64], eligible: NDArray[np.bool_]) -> None:
        """Keep the first meeting's list: the score of everybody who could be taken, whatever their lot."""
        if self.began < 0:
            self.began = day
            self.first_score[eligible] = points[eligible]
