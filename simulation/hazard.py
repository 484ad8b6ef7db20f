"""From the predictor's two-year probability to a hazard of proven reoffending.

The predictor gives, at each offence-free month ``m``, a probability over the next 24 months. A hazard
``h(t) = floor + excess * exp(-t / 24)`` with ``t`` in months since the start of follow-up reproduces it
exactly at months 0 and 36 and within 1.3 percentage points between. The exponential's time constant is
the predictor's own horizon, so the two coefficients have a closed form.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.predictor import DYNAMIC, MONTHS_CAP

#: Months ahead over which the predictor counts a reoffence; also the time constant of the decay.
HORIZON_MONTHS = 24.0

_WINDOW = HORIZON_MONTHS * (1.0 - np.exp(-1.0))
_WINDOW_AT_CAP = _WINDOW * np.exp(-MONTHS_CAP / HORIZON_MONTHS)
#: Change in the dynamic predictor's log-odds from 0 to 36 offence-free months.
DECAY_TO_CAP = float(sum(c * MONTHS_CAP ** (k + 1) for k, c in enumerate(DYNAMIC.months)))


class Hazard(NamedTuple):
    """A falling exponential on a floor, per month; arrays of shape ``(n,)``."""

    floor: NDArray[np.float64]
    excess: NDArray[np.float64]


def from_log_odds(z0: ArrayLike) -> Hazard:
    """Return the hazard of people whose dynamic log-odds at month 0 are ``z0``.

    Parameters
    ----------
    z0
        Log-odds at zero offence-free months, shape ``(n,)``.

    Returns
    -------
    Hazard
        Per month. Both parts are positive for ``z0`` from -3 to 4, the range the form was checked on.
    """
    z = np.asarray(z0, dtype=float)
    at_start = np.logaddexp(0.0, z)
    at_cap = np.logaddexp(0.0, z + DECAY_TO_CAP)
    excess = (at_start - at_cap) / (_WINDOW - _WINDOW_AT_CAP)
    return Hazard((at_cap - _WINDOW_AT_CAP * excess) / HORIZON_MONTHS, excess)


def rate(hazard: Hazard, months: ArrayLike) -> NDArray[np.float64]:
    """Return the hazard per month at ``months`` since the start of follow-up."""
    return np.asarray(hazard.floor + hazard.excess * np.exp(-np.asarray(months, float) / HORIZON_MONTHS))


def cumulative(hazard: Hazard, months: ArrayLike) -> NDArray[np.float64]:
    """Return the hazard integrated from 0 to ``months``."""
    t = np.asarray(months, dtype=float)
    fallen = HORIZON_MONTHS * (1.0 - np.exp(-t / HORIZON_MONTHS))
    return np.asarray(hazard.floor * t + hazard.excess * fallen)


def rate_and_cumulative(
    hazard: Hazard, months: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return :func:`rate` and :func:`cumulative` for one exponential, which is most of what each takes."""
    left = np.exp(-months / HORIZON_MONTHS)
    falling = HORIZON_MONTHS * (1.0 - left)
    return hazard.floor + hazard.excess * left, hazard.floor * months + hazard.excess * falling


def two_year_probability(hazard: Hazard, months: ArrayLike) -> NDArray[np.float64]:
    """Return the probability of an event in the 24 months that follow ``months``."""
    t = np.asarray(months, dtype=float)
    return np.asarray(1.0 - np.exp(cumulative(hazard, t) - cumulative(hazard, t + HORIZON_MONTHS)))
