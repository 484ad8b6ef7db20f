"""Turns: each one's place in the queue of their own group."""

import numpy as np
from numpy.typing import NDArray


def turns(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many of the same group come before each one, shape ``(n,)``."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    before = np.empty(len(group), dtype=np.int64)
    before[order] = np.arange(len(group)) - np.searchsorted(ordered, ordered)
    return before
