"""Randomised comparisons: people by lot within places, and places by lot."""

from collections.abc import Sequence

import numpy as np

from experiments.evaluating.area import TWIN, Area
from experiments.evaluating.estimate import Estimate

#: Places in each arm without which they do not vary.
FEWEST_IN_ARM = 2


def people_by_lot(areas: Sequence[Area], others: Sequence[Area], months: int) -> Estimate | None:
    """Compare those who qualify and are managed by lot with those who qualify and are not, place by place."""
    import statsmodels.api as sm

    outcome, arm, place = [], [], []
    for number, area in enumerate(areas):
        listed = area.listed(months)
        outcome.append(area.yearly("first_half", months)[listed])
        arm.append(area.people["lot"][listed] < 0.5)
        place.append(np.full(listed.sum(), number))
    drawn = np.concatenate(arm).astype(float)
    if min(drawn.sum(), (1 - drawn).sum()) < 2:
        return None
    where = np.concatenate(place)
    # A level of its own for each place that has anybody.
    levels = (where[:, None] == np.unique(where)).astype(float)
    fit = sm.OLS(np.concatenate(outcome), np.column_stack([drawn, levels])).fit(cov_type="HC2", use_t=True)
    low, high = fit.conf_int()[0]
    if not np.isfinite([low, high]).all():
        return None
    level = float(np.concatenate(outcome)[drawn == 0].mean())
    return Estimate(float(fit.params[0]), float(low), float(high), level, len(drawn))


def places_by_lot(areas: Sequence[Area], others: Sequence[Area], months: int) -> Estimate | None:
    """Compare places that have a partnership by lot with places that have none; a place counts as one.

    Places are alike but for luck, so that every other one is a lot. Student's t on places' means is what
    Hayes and Moulton (Cluster Randomised Trials, 2009) advise where arms are of one size; with two places in
    each Welch's is too careful. Where an arm has more places than the other, Welch's bears variances that
    differ.
    """
    from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

    with_, without = areas[::2], areas[1::2]
    means = [
        np.array(
            [area.yearly(arm, months)[who].mean() for area in these if (who := area.listed(months)).any()]
        )
        for these, arm in ((with_, "everybody"), (without, TWIN))
    ]
    if min(map(len, means)) < FEWEST_IN_ARM or max(map(np.ptp, means)) == 0:
        return None
    alike = len(means[0]) == len(means[1])
    compared = CompareMeans(*map(DescrStatsW, means))
    low, high = compared.tconfint_diff(usevar="pooled" if alike else "unequal")
    people = sum(int(area.listed(months).sum()) for area in areas)
    return Estimate(
        float(means[0].mean() - means[1].mean()), float(low), float(high), float(means[1].mean()), people
    )
