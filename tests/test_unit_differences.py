"""Paired differences and their three ranges."""

import numpy as np
import pytest
from scipy import stats

from experiments.differences import summarise


def test_ranges_agree_with_the_textbook() -> None:
    pairs = np.array([-7.0, -3.0, -5.0, -6.0, -1.0])
    found = summarise(pairs)
    low, high = stats.t.interval(0.95, 4, loc=pairs.mean(), scale=stats.sem(pairs))
    assert (found.mean, found.n) == (-4.4, 5)
    assert (found.low, found.high) == pytest.approx((low, high))
    spread = pairs.std(ddof=1) * np.sqrt(1 + 1 / 5)
    area = stats.t.interval(0.95, 4, loc=pairs.mean(), scale=spread)
    assert (found.area_low, found.area_high) == pytest.approx(area)


def test_one_pair_has_no_range() -> None:
    found = summarise(np.array([3.0]))
    assert found.mean == 3
    assert np.isnan(found[1:-1]).all()


def test_draws_are_the_units_of_the_average() -> None:
    pairs, draws = np.array([-7.0, -3.0, -5.0, -6.0, -1.0]), np.array([4, 4, 7, 7, 9])
    found = summarise(pairs, draws)
    means = np.array([-5.0, -5.5, -1.0])
    low, high = stats.t.interval(0.95, 2, loc=pairs.mean(), scale=stats.sem(means))
    assert (found.mean, found.n) == (-4.4, 5)
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.area_low < found.low < found.high < found.area_high


@pytest.mark.parametrize(
    ("pairs", "mean", "between", "within"),
    [
        ([0, 2, 4, 4, 2, 4, 6, 6], 3.5, 13 / 3, 1.0),
        ([0, 6, 4, 8, 2, 6, 6, 10], 5.25, 59 / 12, 10.5),
        ([0, 4, 4, 8, 2, 6, 6, 10], 5.0, 20 / 3, 8.0),
    ],
)
def test_all_three_ranges_by_hand(pairs: list[float], mean: float, between: float, within: float) -> None:
    """Two runs under each of four draws: 4 degrees of freedom within, h = 1 / 2."""
    found = summarise(np.array(pairs), np.repeat(np.arange(4), 2))
    assert found.mean == mean
    average = stats.t.ppf(0.975, 3) * np.sqrt(between / 4)
    assert (found.low, found.high) == pytest.approx((mean - average, mean + average))
    parts = between * 5 / 4, within / 2
    freedom = sum(parts) ** 2 / (parts[0] ** 2 / 3 + parts[1] ** 2 / 4)
    area = stats.t.ppf(0.975, freedom) * np.sqrt(sum(parts))
    assert (found.area_low, found.area_high) == pytest.approx((mean - area, mean + area))
    error = np.sqrt(2 * between**2 / 3 + 2 * (within / 2) ** 2 / 4)
    unknown = max(between - within / 2, 0) + error / 2
    wrong = min(area, stats.t.ppf(0.975, 3) * np.sqrt(unknown + between / 4))
    assert (found.wrong_low, found.wrong_high) == pytest.approx((mean - wrong, mean + wrong))


@pytest.mark.parametrize(
    ("draws", "why"),
    [
        ([0, 0, 0, 0, 0], "one draw only, as where nothing is drawn"),
        ([0, 0, 0, 1, 1], "two draws"),
        ([0, 1, 2, 3, 4], "no draw with two runs"),
    ],
)
def test_what_too_few_draws_cannot_tell_is_not_told(draws: list[int], why: str) -> None:
    pairs = np.array([-7.0, -3.0, -5.0, -6.0, -1.0])
    found = summarise(pairs, np.array(draws))
    assert np.isnan([found.wrong_low, found.wrong_high]).all(), why
    assert not np.isnan([found.low, found.area_low]).any()
    if "two draws" not in why:
        assert found == pytest.approx(summarise(pairs), nan_ok=True)


def test_both_ranges_cover_what_they_promise() -> None:
    """4,000 studies of 12 pairs: coverage off by 1.5 points is found with a power of 0.99, two-sided."""
    studies = np.random.default_rng(5).normal(2.0, 3.0, size=(4000, 13))
    average = area = 0
    for study in studies:
        found = summarise(study[:12])
        average += found.low < 2.0 < found.high
        area += found.area_low < study[12] < found.area_high
    for covered in (average, area):
        assert stats.binomtest(int(covered), 4000, 0.95).pvalue > 0.001
