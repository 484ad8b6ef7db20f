"""Keyed luck is fair, independent across its keys, and the same however it is asked for."""

import numpy as np
import pytest
from scipy import stats

from simulation.declare import Stream
from simulation.luck import Luck

COIN = Stream("coin", "occurrence", "a test coin")
OTHER = Stream("other", "occurrence", "another")


def test_one_and_many_agree():
    luck = Luck(7, 3)
    people = np.arange(50)
    many = luck.many(COIN, people, 11)
    assert many.tolist() == [luck.one(COIN, int(p), 11) for p in people]
    assert many.tolist() == [luck.bound(COIN)(int(p), 11) for p in people]


def test_rows_only_append_and_skipping_shifts_nothing():
    luck = Luck(7, 3)
    few, more = luck.many(COIN, np.arange(10), 5), luck.many(COIN, np.arange(1000), 5)
    assert (few == more[:10]).all()
    assert luck.many(COIN, np.array([4, 900]), 5).tolist() == more[[4, 900]].tolist()


@pytest.mark.parametrize("axis", ["person", "index", "replication", "seed"])
def test_uniform_along_every_key(axis):
    """Kolmogorov-Smirnov and lag-one correlation on 50,000 draws; a bias of 0.01 would be seen."""
    n = 50_000
    k = np.arange(n)
    draws = {
        "person": lambda: Luck(1, 0).many(COIN, k, 0),
        "index": lambda: Luck(1, 0).many(COIN, np.zeros(n, int), k),
        "replication": lambda: np.array([Luck(1, int(r)).one(COIN, 5, 5) for r in k]),
        "seed": lambda: np.array([Luck(int(s), 0).one(COIN, 5, 5) for s in k]),
    }[axis]()
    assert stats.kstest(draws, "uniform").pvalue > 1e-4
    assert abs(np.corrcoef(draws[1:], draws[:-1])[0, 1]) < 4 / np.sqrt(n)
    assert ((draws > 0) & (draws < 1)).all()


def test_streams_are_independent():
    luck, k = Luck(1, 0), np.arange(50_000)
    pair = np.corrcoef(luck.many(COIN, k, 0), luck.many(OTHER, k, 0))[0, 1]
    assert abs(pair) < 4 / np.sqrt(len(k))


def test_exponential_has_unit_mean():
    draws = Luck(1, 0).exponential(COIN, np.arange(100_000), 0)
    assert draws.mean() == pytest.approx(1, abs=4 / np.sqrt(100_000))


def test_several_streams_in_one_pass_give_the_same_numbers() -> None:
    luck = Luck(7, 2)
    streams = [Stream(name, "occurrence", "test") for name in ("one", "two", "three")]
    people, index = np.arange(5), np.array([0, 3, 1, 1, 9])
    together = luck.several(streams, people, index)
    for row, stream in zip(together, streams, strict=True):
        assert np.array_equal(row, luck.many(stream, people, index))
        assert row.tolist() == [luck.one(stream, int(p), int(i)) for p, i in zip(people, index, strict=True)]
