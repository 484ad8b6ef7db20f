"""After prison: people who leave it after a short sentence, here and where there is no partnership."""

from collections.abc import Sequence

import numpy as np

from experiments.evaluating.area import TWIN, Area
from experiments.evaluating.estimands import out_and_back
from experiments.evaluating.estimate import Estimate


def after_prison(areas: Sequence[Area], others: Sequence[Area], months: int) -> Estimate | None:
    """Compare the shares proven to reoffend in the year after release, as the Diamond evaluation did.

    People count whether or not anybody took them on. The interval is Newcombe's.
    """
    here = np.concatenate([out_and_back(area, "everybody", months) for area in areas])
    there = np.concatenate([out_and_back(other, TWIN, months) for other in others])
    if min(len(here), len(there)) < 2:
        return None
    effect, low, high = difference(int(here.sum()), len(here), int(there.sum()), len(there))
    return Estimate(effect, low, high, float(there.mean()), len(here) + len(there))


def difference(these: int, of: int, those: int, of_others: int) -> tuple[float, float, float]:
    """Return the difference of two shares with its 95% interval (Newcombe)."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(these, of, those, of_others, method="newcomb", compare="diff")
    return these / of - those / of_others, float(low), float(high)
