"""Designs: which points of a study's factors are run."""

from itertools import product
from math import floor
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scenarios.factor import Factor

Name = Literal["grid", "latin_hypercube", "sobol", "morris", "saltelli"]
#: Places that a factor can take on a trajectory of Morris.
MORRIS_LEVELS = 4


def points(design: Name, factors: "tuple[Factor, ...]", number: int, seed: int) -> list[tuple[Any, ...]]:
    """Return the points of a design, each with one value a factor.

    Parameters
    ----------
    design
        ``grid`` crosses the factors' lists; the others sample.
    factors
        At least one.
    number
        Points, for the designs that sample.
    seed
        The study's seed: the same seed gives the same points.
    """
    if design == "grid":
        return list(product(*(factor.values for factor in factors)))
    sample = unit_points(design, len(factors), number, seed)
    return [tuple(_value(factor, u) for factor, u in zip(factors, row, strict=True)) for row in sample]


def unfit(design: Name, number: int, factors: int) -> str:
    """Return what number of points a design that samples expects, or nothing if it can use this one."""
    if design == "sobol" and number & (number - 1):
        return "a power of two, for which a Sobol sequence is balanced"
    if design == "morris" and number % (factors + 1):
        return f"a multiple of {factors + 1}: a trajectory has one point more than there are factors"
    if design == "saltelli" and (number % (factors + 2) or (number // (factors + 2)).bit_count() != 1):
        return f"{factors + 2} times a power of two: two samples, and one more a factor that mixes them"
    return ""


def unit_cube(factors: int) -> dict[str, Any]:
    """Return factors as SALib is told of them: without names, each from 0 to 1."""
    return {"num_vars": factors, "names": list(map(str, range(factors))), "bounds": [[0.0, 1.0]] * factors}


def unit_points(design: Name, factors: int, number: int, seed: int) -> "NDArray[np.float64]":
    """Return the points of a design that samples, in the unit cube, shape ``(number, factors)``."""
    if design == "morris":
        from SALib.sample import morris

        rows = morris.sample(unit_cube(factors), number // (factors + 1), num_levels=MORRIS_LEVELS, seed=seed)
        return np.asarray(rows, dtype=np.float64)
    if design == "saltelli":
        from SALib.sample import sobol

        size = number // (factors + 2)
        rows = sobol.sample(unit_cube(factors), size, calc_second_order=False, seed=seed)
        return np.asarray(rows, dtype=np.float64)
    from scipy.stats import qmc

    engine = qmc.Sobol(factors, rng=seed) if design == "sobol" else qmc.LatinHypercube(factors, rng=seed)
    return np.asarray(engine.random(number), dtype=np.float64)


def _value(factor: "Factor", u: float) -> Any:
    """Return what a factor is at a place from 0 to 1: every whole number, and every value, alike often."""
    if factor.values:
        return factor.values[min(floor(u * len(factor.values)), len(factor.values) - 1)]
    low, high = factor.low, factor.high
    if factor.whole:
        return int(min(low + floor(u * (high - low + 1)), high))
    return float(low + u * (high - low))
