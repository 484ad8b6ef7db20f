"""Matched comparison: people managed here against people like them where there is no partnership."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from experiments.evaluating.area import TWIN, Area
from experiments.evaluating.estimate import Estimate

Numbers = NDArray[np.float64]

#: Widest gap between a pair, in standard deviations of the propensity's log-odds, as is usual.
CALIPER = 0.2


def matched(areas: Sequence[Area], others: Sequence[Area], months: int) -> Estimate | None:
    """Compare each person managed with the nearest by propensity in places without a partnership.

    The propensity is estimated from what an evaluator has: age, sex, OGRS3, convictions, supervision and
    the proven occasions of the year before. A person without anybody near enough is left out.
    """
    import statsmodels.api as sm

    here = [area.listed(months) for area in areas]
    there = [other.stays(months) for other in others]
    treated = _known(areas, here)
    untreated = _known(others, there)
    if min(len(treated), len(untreated)) < 10:
        return None
    pair, near = _pairs(treated, untreated)
    if near.sum() < 10:
        return None
    ours = np.concatenate([a.yearly("everybody", months)[who] for a, who in zip(areas, here, strict=True)])
    theirs = np.concatenate([o.yearly(TWIN, months)[who] for o, who in zip(others, there, strict=True)])
    # Whoever is matched to several people counts as often, and once as somebody who varies.
    used, times = np.unique(pair[near], return_counts=True)
    outcome = np.concatenate([ours[near], theirs[used]])
    arm = np.concatenate([np.ones(near.sum()), np.zeros(len(used))])
    weights = np.concatenate([np.ones(near.sum()), times])
    fit = sm.WLS(outcome, sm.add_constant(arm), weights=weights).fit(cov_type="HC1", use_t=True)
    low, high = fit.conf_int()[1]
    return Estimate(float(fit.params[1]), float(low), float(high), float(fit.params[0]), int(near.sum()))


def _known(areas: Sequence[Area], chosen: Sequence[NDArray[np.bool_]]) -> Numbers:
    """Return what an evaluator knows of people, shape ``(people, items)``."""
    return np.concatenate(
        [
            np.column_stack(
                [
                    area.people["age"], area.people["female"], area.people["ogrs3"],
                    np.log(area.people["convictions"]), area.people["statutory"], area.before,
                ]
            )[who]
            for area, who in zip(areas, chosen, strict=True)
        ]
    )  # fmt: skip


def _pairs(treated: Numbers, untreated: Numbers) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return for each person treated the nearest untreated one, and whether that is near enough."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import NearestNeighbors
    from sklearn.preprocessing import StandardScaler

    known = StandardScaler().fit_transform(np.concatenate([treated, untreated]))
    arm = np.concatenate([np.ones(len(treated)), np.zeros(len(untreated))])
    log_odds = LogisticRegression(C=1e6, max_iter=1000).fit(known, arm).decision_function(known)[:, None]
    nearest = NearestNeighbors(n_neighbors=1).fit(log_odds[len(treated) :])
    gap, place = nearest.kneighbors(log_odds[: len(treated)])
    return place[:, 0], gap[:, 0] <= CALIPER * log_odds.std()
