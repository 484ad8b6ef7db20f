"""Boxes: conditions under which something happens, found by peeling (the patient rule induction method)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

#: Share of the points in a box that one step peels away; share of all points that a box keeps at least.
PEELED, KEPT = 0.05, 0.05
#: A limit that chance would do as well as more often than this is dropped.
BY_CHANCE = 0.05


@dataclass(frozen=True)
class Limit:
    """What a box asks of one factor: from ``low`` to ``high``, or one of ``values``."""

    factor: str
    low: float = -np.inf
    high: float = np.inf
    values: tuple[Any, ...] = ()

    def holds(self, points: "pd.DataFrame") -> "NDArray[np.bool_]":
        """Return which points are within the limit."""
        own = points[self.factor]
        if self.values:
            return own.isin(self.values).to_numpy()
        return ((own >= self.low) & (own <= self.high)).to_numpy()

    def __str__(self) -> str:
        if self.values:
            return f"{self.factor} is {' or '.join(map(str, self.values))}"
        if np.isinf(self.low):
            return f"{self.factor} up to {self.high:.4g}"
        if np.isinf(self.high):
            return f"{self.factor} from {self.low:.4g}"
        return f"{self.factor} from {self.low:.4g} to {self.high:.4g}"


@dataclass(frozen=True)
class Box:
    """Limits, and what is found within them.

    Attributes
    ----------
    limits
        All of them together; none for all points.
    inside, hits
        Points within, and those of them where it happens.
    of
        Points where it happens in all.
    """

    limits: tuple[Limit, ...]
    inside: int
    hits: int
    of: int

    @property
    def density(self) -> float:
        """Share of the points within where it happens."""
        return self.hits / self.inside if self.inside else 0.0

    @property
    def coverage(self) -> float:
        """Share of the points where it happens that are within."""
        return self.hits / self.of if self.of else 0.0

    @property
    def merit(self) -> float:
        """Harmonic mean of density and coverage."""
        both = self.density + self.coverage
        return 2 * self.density * self.coverage / both if both else 0.0

    def __str__(self) -> str:
        return " and ".join(map(str, self.limits)) or "anywhere"


def peel(points: "pd.DataFrame", happens: "NDArray[np.bool_]") -> list[Box]:
    """Return the boxes of a peeling, from all points to the smallest.

    Parameters
    ----------
    points
        A row a point and a column a factor; numbers, or values without order.
    happens
        Where it does, shape ``(points,)``.

    Notes
    -----
    Friedman and Fisher (1999), without pasting: each step takes away the twentieth of the points in the
    box at either end of a factor, or one value of it, that leaves the densest box.
    """
    limits: dict[str, Limit] = {}
    path = [_box(points, happens, limits)]
    while path[-1].density < 1 and path[-1].hits:
        within = _within(points, limits)
        smaller = [
            (_box(points, happens, limits | {limit.factor: limit}), limit)
            for limit in _steps(points[within], limits)
        ]
        smaller = [(box, limit) for box, limit in smaller if box.inside >= max(KEPT * len(points), 2)]
        if not smaller:
            break
        box, limit = max(smaller, key=lambda entry: (entry[0].density, entry[0].inside))
        limits[limit.factor] = limit
        path.append(box)
    return path


def best(points: "pd.DataFrame", happens: "NDArray[np.bool_]", path: list[Box]) -> Box:
    """Return the box of most merit, without limits that chance would do as well as."""
    chosen = max(path, key=lambda box: box.merit)
    while chosen.limits:
        chances = [(_by_chance(points, happens, chosen, limit), limit) for limit in chosen.limits]
        worst, limit = max(chances, key=lambda entry: entry[0])
        if worst <= BY_CHANCE:
            break
        chosen = _without(points, happens, chosen, limit)
    return chosen


def _by_chance(points: "pd.DataFrame", happens: "NDArray[np.bool_]", box: Box, limit: Limit) -> float:
    """Return how often a limit that picks points blindly from the box without it would hold so many hits."""
    from scipy.stats import binom

    wider = _without(points, happens, box, limit)
    return float(binom.sf(box.hits - 1, box.inside, wider.density))


def _without(points: "pd.DataFrame", happens: "NDArray[np.bool_]", box: Box, limit: Limit) -> Box:
    return _box(points, happens, {other.factor: other for other in box.limits if other is not limit})


def _box(points: "pd.DataFrame", happens: "NDArray[np.bool_]", limits: dict[str, Limit]) -> Box:
    within = _within(points, limits)
    return Box(tuple(limits.values()), int(within.sum()), int(happens[within].sum()), int(happens.sum()))


def _within(points: "pd.DataFrame", limits: dict[str, Limit]) -> "NDArray[np.bool_]":
    found = np.ones(len(points), dtype=bool)
    for limit in limits.values():
        found &= limit.holds(points)
    return found


def _steps(inside: "pd.DataFrame", limits: dict[str, Limit]) -> Iterator[Limit]:
    """Yield every limit that is one step narrower."""
    for factor in map(str, inside.columns):
        own, now = inside[factor], limits.get(factor, Limit(factor))
        if not is_number(own):
            there = list(dict.fromkeys(own))
            for gone in there if len(there) > 1 else []:
                yield Limit(factor, values=tuple(value for value in there if value != gone))
            continue
        values = np.sort(own.to_numpy(dtype=np.float64))
        step = max(1, int(PEELED * len(values)))
        above, below = values[values > values[step - 1]], values[values < values[-step]]
        if len(above):
            yield replace(now, low=float(above[0]))
        if len(below):
            yield replace(now, high=float(below[-1]))


def is_number(column: "pd.Series[Any]") -> bool:
    """Return whether a factor has an order."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    return bool(is_numeric_dtype(column) and not is_bool_dtype(column))
