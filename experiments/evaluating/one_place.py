"""Looking at those managed alone: before and after, and observed against predicted."""

from collections.abc import Sequence

import numpy as np
from scipy.special import expit, logit

from experiments.evaluating.area import Area
from experiments.evaluating.estimate import Estimate, mean_change
from simulation.ogrs3 import INTERCEPT_ONE_YEAR, INTERCEPT_TWO_YEARS

#: Months for which OGRS3 predicts, each with its intercept.
PREDICTED = {12: INTERCEPT_ONE_YEAR, 24: INTERCEPT_TWO_YEARS}


def before_and_after(areas: Sequence[Area], others: Sequence[Area], months: int) -> Estimate | None:
    """Compare people's proven occasions a year after the launch with those of the year before it."""
    listed = [(area, area.listed(months)) for area in areas]
    after = np.concatenate([area.yearly("everybody", months)[who] for area, who in listed])
    return mean_change(after, np.concatenate([area.before[who] for area, who in listed]))


def observed_and_predicted(areas: Sequence[Area], others: Sequence[Area], months: int) -> Estimate | None:
    """Compare the share proven to have reoffended with what OGRS3 predicted of the same people.

    OGRS3 predicts for one year and for two; for other follow-ups there is no estimate.
    """
    if months not in PREDICTED:
        return None
    observed, predicted = [], []
    for area in areas:
        listed = area.listed(months)
        two_years = np.clip(area.people["ogrs3"][listed], 1e-6, 1 - 1e-6)
        shift = PREDICTED[months] - INTERCEPT_TWO_YEARS
        predicted.append(expit(logit(two_years) + shift))
        observed.append(area.occasions("everybody", 0, months)[listed] > 0)
    return mean_change(np.concatenate(observed).astype(float), np.concatenate(predicted))
