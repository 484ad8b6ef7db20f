"""What an evaluation reports: an estimate with its 95% interval."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


class Estimate(NamedTuple):
    """An estimated effect and its 95% interval.

    ``level`` is what it is told as a share of: what people did before, were predicted to do, or do who are
    compared with. ``people`` are those it rests on.
    """

    effect: float
    low: float
    high: float
    level: float
    people: int

    @property
    def finds(self) -> bool:
        """Whether the interval leaves zero out, either side."""
        return self.low > 0 or self.high < 0


def mean_change(now: Numbers, then: Numbers) -> Estimate | None:
    """Return the mean change of people with its interval by the t distribution, if there are enough."""
    from statsmodels.stats.weightstats import DescrStatsW

    values = now - then
    if len(values) < 2 or np.ptp(values) == 0:
        return None
    found = DescrStatsW(values)
    low, high = found.tconfint_mean()
    return Estimate(float(found.mean), float(low), float(high), float(then.mean()), len(values))
