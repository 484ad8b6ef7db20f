"""Regression discontinuity: people who just scored enough at the launch against those who just did not."""

import contextlib
import io
import warnings
from collections.abc import Sequence

import numpy as np

from experiments.evaluating.area import Area
from experiments.evaluating.estimate import Estimate

#: Points above the entry score within which the effect at it is taken to be the same.
NEAR_POINTS = 3.0
#: Fewer people than this on a side are no ground for a local regression.
FEWEST = 20


def discontinuity(areas: Sequence[Area], others: Sequence[Area], months: int) -> Estimate | None:
    """Estimate the jump at the entry score by a local linear regression with robust bias correction."""
    from rdrobust import rdrobust

    stays = [area.stays(months) for area in areas]
    score = np.concatenate([a.people["score"][who] for a, who in zip(areas, stays, strict=True)])
    outcome = np.concatenate(
        [a.yearly("everybody", months)[who] for a, who in zip(areas, stays, strict=True)]
    )
    if min((score >= 0).sum(), (score < 0).sum()) < FEWEST:
        return None
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            found = rdrobust(outcome, score, c=0)
        except (ValueError, np.linalg.LinAlgError, ZeroDivisionError):
            # Too few different scores near the threshold for a bandwidth.
            return None
    effect, (low, high) = float(found.coef.iloc[2, 0]), map(float, found.ci.iloc[2])
    level, used = float(found.tau_bc[0]), int(sum(found.N_h))
    return Estimate(effect, low, high, level, used) if np.isfinite([effect, low, high]).all() else None
