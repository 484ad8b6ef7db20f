"""Stepped start: half of the places begin at once, the others a year later, and all are seen throughout."""

from collections.abc import Sequence

import numpy as np

from experiments.evaluating.area import MONTHS_PER_YEAR, Area
from experiments.evaluating.estimate import Estimate
from experiments.evaluating.randomised import FEWEST_IN_ARM
from scenarios.evaluation import STEP_MONTHS, Arm


def periods(months: int) -> range:
    """Return the years of the panel by the month in which each begins: one before the launch, then each."""
    return range(-MONTHS_PER_YEAR, months - months % MONTHS_PER_YEAR, MONTHS_PER_YEAR)


def begins(arm: Arm) -> int:
    """Return the month in which an arm begins."""
    return STEP_MONTHS if arm == "later" else 0


def stepped_start(areas: Sequence[Area], others: Sequence[Area], months: int) -> Estimate | None:
    """Estimate by a regression with a level for each place and for each year, clustered by place."""
    import statsmodels.api as sm

    cells = [
        (place, period, float(period >= begins(arm)), area.yearly(arm, MONTHS_PER_YEAR, period)[who].mean())
        for place, area in enumerate(areas)
        for arm in (("everybody", "later")[place % 2],)
        if (who := area.listed(months)).any()
        for period in periods(months)
    ]
    place, period, managed, rate = (np.array(column) for column in zip(*cells, strict=True))
    there = np.unique(place)
    if min((there % 2 == 0).sum(), (there % 2 == 1).sum()) < FEWEST_IN_ARM or not managed.any():
        return None
    levels = [place[:, None] == there, period[:, None] == np.unique(period)[1:]]
    fit = sm.OLS(rate, np.column_stack([managed, *levels]).astype(float)).fit(
        cov_type="cluster", cov_kwds={"groups": place}, use_t=True
    )
    low, high = fit.conf_int()[0]
    people = sum(int(area.listed(months).sum()) for area in areas)
    # What places that wait do after the launch; the year before it is that of people at their worst.
    waiting = float(rate[(managed == 0) & (period >= 0)].mean())
    return Estimate(float(fit.params[0]), float(low), float(high), waiting, people)
