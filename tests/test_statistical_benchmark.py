"""The model and a plain SimPy program of the same reduced rules do the same."""

import pytest
from scipy import stats

from experiments.benchmark.compare import OUTCOMES, Case, holm, small_world, time_ours, time_plain

REPEATS = 6


@pytest.fixture(scope="module")
def both() -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    values, careers = small_world(Case("small", 900, 120, 0.0))
    ours = [time_ours(values, careers, replication).counts for replication in range(REPEATS)]
    plain = [time_plain(values, careers, replication).counts for replication in range(REPEATS)]
    return ours, plain


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_two_sided(both: tuple[list[dict[str, float]], list[dict[str, float]]], outcome: str) -> None:
    """A difference of three standard deviations of one run is found with a power of 0.95 at 0.01."""
    ours, plain = ([counts[outcome] for counts in runs] for runs in both)
    assert stats.ttest_ind(ours, plain, equal_var=False).pvalue > 0.01


def test_holm_adjusts_in_order_and_never_beyond_one() -> None:
    assert holm([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.09, 0.09, 0.5])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
