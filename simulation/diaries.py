"""Diaries: a morning's minutes shared out over the work that waits, and what is left for tomorrow.

One diary belongs to one team of one agency. It is filled in a single sorted, cumulative pass: joint work
first, where every agency has the minutes or none is booked; then by priority and age. A piece of work
larger than what is left keeps its remaining minutes, so that it is finished tomorrow and the queue never
blocks.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Minutes = NDArray[np.float64]
Rows = NDArray[np.int64]


class Filled(NamedTuple):
    """What a morning's pass did with single work."""

    #: Minutes given to each piece, shape ``(n,)``.
    given: Minutes
    #: Whether each piece is finished, shape ``(n,)``.
    done: NDArray[np.bool_]


def fill(left: Minutes, diary: Rows, needed: Minutes, order: Rows) -> Filled:
    """Share out diaries' minutes in order; the piece that meets the end keeps what it still needs.

    Parameters
    ----------
    left
        Minutes left in each diary, shape ``(diaries,)``; reduced in place.
    diary, needed
        Diary and remaining minutes of each piece of work, shape ``(n,)``.
    order
        Positions of the work, most urgent first, shape ``(n,)``.
    """
    place = order[np.argsort(diary[order], kind="stable")]
    before = _before(diary[place], needed[place])
    given_sorted = np.minimum(np.maximum(left[diary[place]] - before, 0.0), needed[place])
    given = np.zeros(len(needed))
    given[place] = given_sorted
    # Sums of floats: what lacks less than a billionth of a minute is done.
    done = given >= needed - 1e-9
    left -= np.bincount(diary, weights=given, minlength=len(left))
    np.maximum(left, 0.0, out=left)
    return Filled(given, done)


def fill_joint(
    left: Minutes, first: Rows, second: Rows, needed_first: Minutes, needed_second: Minutes, order: Rows
) -> NDArray[np.bool_]:
    """Book joint work whose every part fits behind all that is more urgent; return which was booked.

    Parameters
    ----------
    left
        Minutes left in each diary, shape ``(diaries,)``; reduced in place.
    first, second
        The two diaries of each piece, shape ``(n,)``.
    needed_first, needed_second
        Minutes each of them gives, shape ``(n,)``.
    order
        Positions of the work, most urgent first, shape ``(n,)``.
    """
    diary = np.stack([first[order], second[order]], axis=1).ravel()
    needed = np.stack([needed_first[order], needed_second[order]], axis=1).ravel()
    place = np.argsort(diary, kind="stable")
    through = np.empty(len(needed))
    through[place] = _before(diary[place], needed[place]) + needed[place]
    fits = (through <= left[diary] + 1e-9).reshape(-1, 2).all(axis=1)
    taken = order[fits]
    left -= np.bincount(first[taken], weights=needed_first[taken], minlength=len(left))
    left -= np.bincount(second[taken], weights=needed_second[taken], minlength=len(left))
    np.maximum(left, 0.0, out=left)
    booked = np.zeros(len(first), dtype=bool)
    booked[taken] = True
    return booked


def _before(group: Rows, amount: Minutes) -> Minutes:
    """Return, for amounts sorted by group, the sum of those before each in its own group."""
    if not len(group):
        return amount
    through = np.cumsum(amount)
    begins = np.ones(len(group), dtype=bool)
    np.not_equal(group[1:], group[:-1], out=begins[1:])
    starts = np.flatnonzero(begins)
    offset = (through[starts] - amount[starts])[np.cumsum(begins) - 1]
    return np.asarray(np.maximum(through - amount - offset, 0.0))
