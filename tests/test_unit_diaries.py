"""Diaries give every minute once, in order, and carry the rest over."""

from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.diaries import fill, fill_joint

DIARIES = 3
work = st.lists(
    st.tuples(st.integers(0, DIARIES - 1), st.floats(0.5, 500), st.integers(0, 5)), min_size=1, max_size=40
)
opening = st.lists(st.floats(0, 600), min_size=DIARIES, max_size=DIARIES)


@settings(deadline=None, max_examples=200)
@given(work, opening)
def test_no_minute_is_given_twice_and_none_lies_idle_while_work_waits(
    pieces: list[tuple[int, float, int]], minutes: list[float]
) -> None:
    diary = np.array([piece[0] for piece in pieces])
    needed = np.array([piece[1] for piece in pieces])
    order = np.lexsort((np.arange(len(pieces)), [-piece[2] for piece in pieces]))
    left = np.array(minutes)
    filled = fill(left, diary, needed, order)
    given_by = np.bincount(diary, weights=filled.given, minlength=DIARIES)
    assert np.allclose(given_by + left, minutes)
    assert (filled.given >= 0).all()
    assert (filled.given <= needed + 1e-9).all()
    assert (left >= 0).all()
    waits = np.bincount(diary, weights=needed - filled.given, minlength=DIARIES)
    assert np.minimum(waits, left).max() < 1e-6
    # Nothing gets a minute while something more urgent in the same diary lacks one.
    for place in range(DIARIES):
        lacking = [filled.given[n] < needed[n] - 1e-6 for n in order if diary[n] == place]
        started = [filled.given[n] > 1e-6 for n in order if diary[n] == place]
        first = lacking.index(True) if True in lacking else len(lacking)
        assert not any(started[first + 1 :])


def test_a_day_of_work_carried_over_agrees_with_lindley() -> None:
    """The backlog follows W' = max(0, W + work - minutes), pieces larger than a day among them."""
    generator = np.random.default_rng(11)
    remaining = np.zeros(0)
    backlog = 0.0
    for _ in range(400):
        new = generator.exponential(45, generator.poisson(6))
        new = np.append(new, 700.0) if generator.random() < 0.05 else new
        remaining = np.append(remaining[remaining > 1e-9], new)
        minutes = float(generator.choice([0.0, 300.0, 420.0]))
        backlog = max(0.0, backlog + new.sum() - minutes)
        left = np.array([minutes])
        filled = fill(left, np.zeros(len(remaining), dtype=np.int64), remaining, np.arange(len(remaining)))
        remaining = remaining - filled.given
        assert np.isclose(remaining.sum(), backlog, atol=1e-6)


def test_a_piece_larger_than_a_day_is_finished_and_blocks_nobody_for_ever() -> None:
    remaining = np.array([1000.0, 30.0])
    done_on = {}
    for day in range(5):
        left = np.array([300.0])
        filled = fill(left, np.zeros(2, dtype=np.int64), remaining, np.array([0, 1]))
        remaining = remaining - filled.given
        for piece in np.flatnonzero(filled.done):
            done_on.setdefault(int(piece), day)
    assert done_on == {0: 3, 1: 3}


joint = st.lists(
    st.tuples(st.floats(1, 200), st.floats(1, 200), st.sampled_from([(0, 1), (1, 2), (0, 2)])),
    min_size=1, max_size=30,
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(joint, opening)
def test_joint_work_is_booked_by_both_or_by_neither(
    pieces: list[tuple[float, float, tuple[int, int]]], minutes: list[float]
) -> None:
    one, other = (np.array([piece[side] for piece in pieces]) for side in (0, 1))
    first, second = (np.array([piece[2][side] for piece in pieces]) for side in (0, 1))
    left = np.array(minutes)
    booked = fill_joint(left, first, second, one, other, np.arange(len(pieces)))
    used = np.bincount(first[booked], weights=one[booked], minlength=DIARIES)
    used += np.bincount(second[booked], weights=other[booked], minlength=DIARIES)
    assert np.allclose(used + left, minutes)
    assert (left >= 0).all()
    # The most urgent piece is booked whenever both have the minutes for it.
    fits = minutes[first[0]] >= one[0] and minutes[second[0]] >= other[0]
    assert bool(booked[0]) == fits


whole = st.lists(
    st.tuples(st.integers(1, 200), st.integers(1, 200), st.sampled_from([(0, 1), (1, 2), (0, 2)])),
    min_size=2, max_size=30,
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(whole, st.lists(st.integers(0, 900), min_size=DIARIES, max_size=DIARIES), st.randoms())
def test_less_urgent_joint_work_never_costs_more_urgent_its_booking(
    pieces: list[tuple[int, int, tuple[int, int]]], minutes: list[int], shuffle: Random
) -> None:
    """Striking out the less urgent half changes nothing for the more urgent one."""
    needed = np.array([piece[:2] for piece in pieces], dtype=float).T
    diaries = np.array([piece[2] for piece in pieces]).T
    order = np.array(shuffle.sample(range(len(pieces)), len(pieces)))
    urgent = order[: len(order) // 2]
    both = fill_joint(np.array(minutes, dtype=float), *diaries, *needed, order)
    alone = fill_joint(
        np.array(minutes, dtype=float), *diaries[:, urgent], *needed[:, urgent], np.arange(len(urgent))
    )
    assert np.array_equal(both[urgent], alone)
