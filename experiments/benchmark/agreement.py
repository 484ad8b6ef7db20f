"""Do two programs do the same? Two-sided tests, and what difference they would find."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

#: Chance of calling any outcome different when none is, and of missing the difference that is printed.
ALPHA, MISSED = 0.05, 0.1


class Test(NamedTuple):
    """Both means, Welch's two-sided p, and the smallest relative difference that would hardly be missed."""

    ours: float
    theirs: float
    p: float
    seen_from_share: float


def agree(ours: Sequence[float], theirs: Sequence[float], tests: int) -> Test:
    """Test whether two samples of runs have the same mean.

    The difference that is hardly missed is the one found with a power of ``1 - MISSED`` at the strictest of
    Holm's levels for all tests, in the normal-shift approximation to the noncentral t.

    Parameters
    ----------
    ours, theirs
        One outcome of each run.
    tests
        How many tests are made together.
    """
    from scipy import stats

    mean = float(np.mean(ours))
    if not (np.ptp(ours) or np.ptp(theirs)):
        # Runs that never differ leave nothing to chance: any difference is one.
        same = ours[0] == theirs[0]
        return Test(mean, float(theirs[0]), float(same), 0.0)
    test = stats.ttest_ind(ours, theirs, equal_var=False)
    error = np.sqrt(np.var(ours, ddof=1) / len(ours) + np.var(theirs, ddof=1) / len(theirs))
    reach = stats.t.isf(ALPHA / tests / 2, test.df) + stats.t.isf(MISSED, test.df)
    return Test(mean, float(np.mean(theirs)), float(test.pvalue), float(reach * error / mean))


def holm(p: Sequence[float]) -> list[float]:
    """Return p-values adjusted after Holm (1979) for being one of several."""
    order = np.argsort(p)
    stepped = np.maximum.accumulate(np.array(p)[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(stepped, 1.0)
    return [float(each) for each in adjusted]
