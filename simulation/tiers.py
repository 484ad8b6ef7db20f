"""Tiers: how much ordinary supervision a case gets, by its chance of reoffending.

Probation services sort cases into tiers and count what each takes in points. A tier here moves minutes of
ordinary supervision, against which the partnership's contact is set; it moves nothing else.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.declare import Group, uncertainty


class Tiers(Group):
    """Ordinary supervision by tier, as a share of that of the middle one; all alike where each is 1."""

    middle_from: float = uncertainty(
        0.5, unit="probability", low=0, high=1, label="OGRS3 from which a case is of the middle tier",
        likely=(0.4, 0.7), because="tiers are not cut by OGRS alone (EX189)",
    )  # fmt: skip
    high_from: float = uncertainty(
        0.8, unit="probability", low=0, high=1, label="OGRS3 from which a case is of the high tier",
        likely=(0.7, 0.95), because="tiers are not cut by OGRS alone (EX189)",
    )  # fmt: skip
    low: float = uncertainty(
        1.0, unit="ratio", low=0, high=5, label="Ordinary contact in the low tier, over the middle one",
        likely=(0.8, 1.0),
        because="alike, or as 102 points are to 115 (EX142, EX141) if points are shared out as contact",
    )  # fmt: skip
    high: float = uncertainty(
        1.0, unit="ratio", low=0, high=5, label="Ordinary contact in the high tier, over the middle one",
        likely=(1.0, 1.5),
        because="alike, or as 146 points are to 115 (EX140, EX141) if points are shared out as contact",
    )  # fmt: skip

    def share(self, ogrs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return each case's ordinary contact over that of the middle tier, shape ``(n,)``."""
        return np.where(ogrs >= self.high_from, self.high, np.where(ogrs >= self.middle_from, 1.0, self.low))
