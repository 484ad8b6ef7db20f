"""The ranges of drawn studies cover what they promise, whatever is chance and whatever is not known."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from experiments.differences import Range, summarise

STUDIES, MEAN = 2000, 2.0


def studies(unknown: float, draws: int, seed: int) -> tuple[list[Range], np.ndarray, np.ndarray]:
    """Return studies of two runs a draw, the last draw cut short; and a further draw's mean and run for each.

    Chance has a standard deviation of 1 about a draw's mean, and draws' means one of ``unknown``.
    """
    luck = np.random.default_rng(seed)
    draw = np.repeat(np.arange(draws), 2)[:-1]
    means = MEAN + unknown * luck.standard_normal((STUDIES, draws))
    runs = means[:, draw] + luck.standard_normal((STUDIES, len(draw)))
    further = MEAN + unknown * luck.standard_normal(STUDIES)
    return [summarise(own, draw) for own in runs], further, further + luck.standard_normal(STUDIES)


def covered(low: list[float], high: list[float], truth: np.ndarray | float) -> Any:
    inside = (np.array(low) < truth) & (truth < np.array(high))
    return stats.binomtest(int(inside.sum()), STUDIES, 0.95)


@pytest.mark.parametrize("draws", [6, 10, 20])
@pytest.mark.parametrize("unknown", [0.0, 0.5, 1.0, 3.0])
def test_the_average_and_one_real_area_hold_chance_and_what_is_not_known(unknown: float, draws: int) -> None:
    """Of 2,000 studies, coverage off by 2.5 points is found with a power of 0.95, two-sided."""
    found, _, run = studies(unknown, draws, seed=11)
    average = covered([it.low for it in found], [it.high for it in found], MEAN)
    area = covered([it.area_low for it in found], [it.area_high for it in found], run)
    for name, result in (("the average", average), ("one real area", area)):
        assert result.pvalue > 0.0005, (name, result.statistic, result.proportion_ci(0.99))


@pytest.mark.parametrize("draws", [6, 10, 20])
@pytest.mark.parametrize("unknown", [0.5, 1.0, 3.0])
def test_if_we_are_wrong_holds_the_means_of_draws_and_rather_more_than_fewer(
    unknown: float, draws: int
) -> None:
    """It is made to err on the wide side: its coverage is not below 93%, and not above 99%."""
    found, mean, _ = studies(unknown, draws, seed=8)
    result = covered([it.wrong_low for it in found], [it.wrong_high for it in found], mean)
    low, high = result.proportion_ci(0.99)
    assert high > 0.93, (result.statistic, low, high)
    assert low < 0.99, (result.statistic, low, high)


def test_where_everything_is_known_the_third_range_is_narrow_and_narrows_with_draws() -> None:
    """Nothing but chance: its range is a part of one real area's, and less of it the more draws there are."""
    shares = []
    for draws in (10, 40):
        found, *_ = studies(0.0, draws, seed=9)
        assert np.mean([it.wrong_low < MEAN < it.wrong_high for it in found]) > 0.98
        shares.append(
            np.median([(it.wrong_high - it.wrong_low) / (it.area_high - it.area_low) for it in found])
        )
    assert shares[0] < 0.65
    assert shares[1] < 0.4
