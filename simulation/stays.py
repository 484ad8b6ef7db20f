"""Stays: every time somebody was carried, what they were on the first day, and how it ended."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
#: Why people leave, with words for it. The first that holds is counted.
REASONS = {
    "recalled": "recalled to custody",
    "other_scheme": "carried by another scheme",
    "wrong_intelligence": "reports refuted without which they would not have been taken on",
    "out_of_reach": "left the area, or in custody for years, or no longer of a category that is carried",
    "lower_threat": "lower score",
}
#: The cells of the published table, with words for them.
CELLS = {
    "ppo_statutory": "PPOs under supervision",
    "ppo_non_statutory": "PPOs under none",
    "other_statutory": "others under supervision",
    "other_non_statutory": "others under none",
}
#: What is asked of a quick exit: to have left fewer days after the first than this.
QUICK_DAYS = 30


class Stay(NamedTuple):
    """All stays as columns, shape ``(stays,)``; ``left`` is infinite and ``reason`` -1 while they last."""

    person: Rows
    entered: NDArray[np.float64]
    ppo: NDArray[np.bool_]
    statutory: NDArray[np.bool_]
    left: NDArray[np.float64]
    reason: Rows


class Stays:
    """The book of who came and went.

    Parameters
    ----------
    count
        People in the pool.
    """

    def __init__(self, count: int) -> None:
        self._open = np.full(count, -1)
        self._begun: list[tuple[int, float, bool, bool]] = []
        self._ended: dict[int, tuple[float, int]] = {}

    def begin(self, who: Rows, day: int, *, ppo: NDArray[np.bool_], statutory: NDArray[np.bool_]) -> None:
        """Note people taken on, and what they are on that day, shape ``(n,)``."""
        self._open[who] = len(self._begun) + np.arange(len(who))
        rows = zip(who.tolist(), ppo.tolist(), statutory.tolist(), strict=True)
        self._begun.extend((person, float(day), *what) for person, *what in rows)

    def end(self, who: Rows, day: int, reason: Rows) -> None:
        """Note people who leave, and why, as positions in :data:`REASONS`."""
        for stay, why in zip(self._open[who].tolist(), reason.tolist(), strict=True):
            self._ended[stay] = (float(day), why)
        self._open[who] = -1

    def all(self) -> Stay:
        """Return every stay so far."""
        person, entered, ppo, statutory = zip(*self._begun, strict=True) if self._begun else ((),) * 4
        ended = [self._ended.get(stay, (np.inf, -1)) for stay in range(len(self._begun))]
        return Stay(
            np.array(person, dtype=np.int64), np.array(entered, dtype=float), np.array(ppo, dtype=bool),
            np.array(statutory, dtype=bool), np.array([left for left, _ in ended], dtype=float),
            np.array([why for _, why in ended], dtype=np.int64),
        )  # fmt: skip

    def quick_exits(self, since: float, until: float) -> dict[str, tuple[int, int]]:
        """Return, cell by cell of the published table, how many came and how many left within 30 days.

        Parameters
        ----------
        since, until
            People taken on from ``since``, and followed for 30 days by ``until``, are counted, days.
        """
        stays = self.all()
        followed = (stays.entered >= since) & (stays.entered + QUICK_DAYS <= until)
        quick = followed & (stays.left - stays.entered < QUICK_DAYS)
        designated, status = (stays.ppo, ~stays.ppo), (stays.statutory, ~stays.statutory)
        cells = [one & other for one in designated for other in status]
        counts = [(int((followed & cell).sum()), int((quick & cell).sum())) for cell in cells]
        return dict(zip(CELLS, counts, strict=True))
