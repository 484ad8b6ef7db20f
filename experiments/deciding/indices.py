"""Indices of sensitivity: Morris's elementary effects, and Sobol's shares of variance, cleared of chance."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.deciding.chance import Spread, spread
from scenarios.design import MORRIS_LEVELS, unit_cube, unit_points

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

RESAMPLES = 500


def morris(values: "NDArray[np.float64]", factors: Sequence[str], seed: int) -> "pd.DataFrame":
    """Return how much moving each factor from one end to the other moves a quantity.

    Parameters
    ----------
    values
        The quantity over a ``morris`` design, shape ``(points, replications)``.
    factors
        In the order of the design.
    seed
        The study's, which made the points.

    Returns
    -------
    pandas.DataFrame
        A row a factor: ``effect``, the mean absolute elementary effect, with the ends of its 95% interval;
        ``direction``, the mean one with its sign; ``bends``, the standard deviation of elementary effects,
        large where the factor acts in curves or with others; and ``chance``, the effect that a factor
        without any would seem to have, from chance alone.
    """
    import pandas as pd
    from SALib.analyze import morris as analysis

    unit = unit_points("morris", len(factors), len(values), seed)
    found: dict[str, Any] = analysis.analyze(
        unit_cube(len(factors)), unit, values.mean(axis=1), num_resamples=RESAMPLES,
        num_levels=MORRIS_LEVELS, seed=seed,
    )  # fmt: skip
    effect, half = np.asarray(found["mu_star"], float), np.asarray(found["mu_star_conf"], float)
    return pd.DataFrame(
        {
            "factor": list(factors), "effect": effect, "effect_low": np.maximum(effect - half, 0),
            "effect_high": effect + half, "direction": np.asarray(found["mu"], float),
            "bends": np.asarray(found["sigma"], float), "chance": _by_chance(unit, values, len(factors)),
        }
    )  # fmt: skip


def _by_chance(
    unit: "NDArray[np.float64]", values: "NDArray[np.float64]", factors: int
) -> "NDArray[np.float64]":
    """Return the mean absolute effect that chance alone would give each factor.

    Two points of a trajectory share their luck, so that chance is what is left in their differences,
    replication by replication: its standard deviation ``s`` in a mean gives absolute values of
    ``s * sqrt(2 / pi)``.
    """
    if values.shape[1] < 2:
        return np.full(factors, np.nan)
    shape = (-1, factors + 1)
    steps = np.diff(unit.reshape(*shape, factors), axis=1)
    moved = np.argmax(np.abs(steps), axis=2)
    apart = np.diff(values.reshape(*shape, values.shape[1]), axis=1)
    variance = np.var(apart, axis=2, ddof=1) / values.shape[1] / np.abs(steps).max(axis=2) ** 2
    left = [variance[moved == place].mean() for place in range(factors)]
    return np.asarray(np.sqrt(left) * np.sqrt(2 / np.pi), dtype=np.float64)


def sobol(values: "NDArray[np.float64]", factors: Sequence[str], seed: int) -> "pd.DataFrame":
    """Return the share of a quantity's variance that each factor decides, alone and with others.

    Parameters
    ----------
    values
        The quantity over a ``saltelli`` design, shape ``(points, replications)``.
    factors
        In the order of the design.
    seed
        Of the resampling.

    Returns
    -------
    pandas.DataFrame
        A row a factor: ``first``, the share that goes when the factor alone is known, and ``total``, the
        share that stays when all but it are known, each with the ends of its 95% interval over resampled
        points. All 0 where the quantity is the same everywhere; NaN where chance hides all there is.

    Notes
    -----
    SALib's estimators (Saltelli and others 2010) on the means of replications. What chance adds to their
    numerators and to the variance is estimated from the replications, pair by pair, and taken off: the
    shares are of the variance that parameters bring.
    """
    import pandas as pd
    from SALib.analyze import sobol as analysis

    means = values.mean(axis=1)
    columns = ["first", "first_low", "first_high", "total", "total_low", "total_high"]
    if not np.ptp(means):
        return pd.DataFrame({"factor": list(factors), **dict.fromkeys(columns, 0.0)})
    found: dict[str, Any] = analysis.analyze(
        unit_cube(len(factors)), means, calc_second_order=False, num_resamples=RESAMPLES, seed=seed
    )
    variance, noise, first_noise, total_noise = _noise(values, len(factors))
    clear = variance - noise if variance > noise else np.nan
    first = (np.asarray(found["S1"], float) * variance - first_noise) / clear
    total = (np.asarray(found["ST"], float) * variance - total_noise) / clear
    halves = [np.asarray(found[name], float) * variance / clear for name in ("S1_conf", "ST_conf")]
    ends = [first, first - halves[0], first + halves[0], total, total - halves[1], total + halves[1]]
    return pd.DataFrame({"factor": list(factors), **dict(zip(columns, ends, strict=True))})


def independent(values: "NDArray[np.float64]", design: str, factors: int) -> "NDArray[np.float64]":
    """Return the points of a design that are independent of each other, where that is some of them only."""
    if design != "saltelli":
        return values
    step = factors + 2
    return np.concatenate([values[::step], values[step - 1 :: step]])


def _noise(
    values: "NDArray[np.float64]", factors: int
) -> "tuple[float, float, NDArray[np.float64], NDArray[np.float64]]":
    """Return the variance of means, and what chance adds to it and to the numerators of both indices."""
    replications = values.shape[1]
    own = independent(values, "saltelli", factors)
    variance = float(np.var(own.mean(axis=1)))
    if replications < 2:
        return variance, 0.0, np.zeros(factors), np.zeros(factors)
    here: Spread = spread(own)
    blocks = values.reshape(-1, factors + 2, replications)
    first, other, mixed = blocks[:, :1], blocks[:, -1:], blocks[:, 1:-1]
    apart = mixed - first
    away, rest = apart - apart.mean(axis=2, keepdims=True), other - other.mean(axis=2, keepdims=True)
    free = replications * (replications - 1)
    return (
        variance, here.noise, (away * rest).sum(axis=2).mean(axis=0) / free,
        (away**2).sum(axis=2).mean(axis=0) / free / 2,
    )  # fmt: skip
