"""The knee of a curve: where more people begin to bring less each, with its probability.

A curve over a factor is a straight line, or two lines that meet at one of its values; which, and where, is
chosen by the Bayesian information criterion, with the noise that the replications show. Replications, or
draws where there are any, as runs of one draw are much alike, are resampled, and the share of resamples that
choose a value is its probability. 'No knee' is a choice like the others.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.deciding.chance import spread

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

RESAMPLES, SEED = 1_000, 1
#: Points below which two lines fit anything, and lives below which resampling them says nothing.
FEWEST, FEWEST_LIVES = 5, 4
MINUTES = "minutes_per_person_week"


@dataclass(frozen=True)
class Knee:
    """Where a curve bends.

    Attributes
    ----------
    line
        Which curve: its option and further factors.
    value, minutes
        The value that most resamples choose, and the minutes a person and week there; NaN for no knee.
    probability
        Share of resamples that choose it, or choose none.
    none
        Share of resamples without a knee.
    by_value
        Share of resamples by value.
    """

    line: str
    value: float
    minutes: float
    probability: float
    none: float
    by_value: dict[float, float]


def knee(
    x: "NDArray[np.float64]", y: "NDArray[np.float64]", minutes: "NDArray[np.float64]", line: str = ""
) -> Knee:
    """Return the knee of a curve.

    Parameters
    ----------
    x
        Values of the factor, ascending, shape ``(points,)``.
    y, minutes
        The outcome, and the minutes a person and week, shape ``(lives, points)``: a row a replication, or the
        mean of each draw.
    line
        What the curve is called.

    Raises
    ------
    ValueError
        If there are fewer than :data:`FEWEST` points, or :data:`FEWEST_LIVES` lives.
    """
    if len(y) < FEWEST_LIVES:
        wanted = f"{FEWEST_LIVES} or more to tell a knee from chance"
        raise ValueError(f"{len(y)} replications, or draws of two each; expected {wanted}")
    if len(x) < FEWEST:
        raise ValueError(f"{len(x)} points; expected {FEWEST} or more to tell a knee from a straight line")
    generator = np.random.default_rng(SEED)
    # Luck that all points share moves the curve as a whole, and is no reason to bend it. A few replications
    # tell the noise of one point badly, and that of all points together well.
    noise = max(spread(y.T).noise, 1e-12 * max(float((y**2).mean()), 1e-300))
    picks = generator.integers(0, len(y), (RESAMPLES, len(y)))
    chosen = _bends_at(x, y[picks].mean(axis=1).T, noise, y.size)
    none = float((chosen < 0).mean())
    shares = {float(x[place]): float((chosen == place).mean()) for place in range(len(x))}
    by_value = {value: share for value, share in shares.items() if share}
    best = max(by_value, key=by_value.__getitem__, default=float("nan"))
    if not by_value or none >= by_value[best]:
        return Knee(line, float("nan"), float("nan"), none, none, by_value)
    there = float(minutes.mean(axis=0)[np.flatnonzero(x == best)[0]])
    return Knee(line, best, there, by_value[best], none, by_value)


def _bends_at(
    x: "NDArray[np.float64]", curves: "NDArray[np.float64]", noise: float, runs: int
) -> "NDArray[np.int64]":
    """Return where two lines meet that bring less beyond it, a curve a column; -1 for a single line."""
    best = _left(np.column_stack([np.ones(len(x)), x]), curves)[0] / noise
    found = np.full(curves.shape[1], -1)
    # The second slope has to be paid for, and where the two lines meet.
    price = 2 * float(np.log(runs))
    for place in range(1, len(x) - 1):
        bent = np.maximum(x - x[place], 0.0)
        left, slopes = _left(np.column_stack([np.ones(len(x)), x, bent]), curves)
        better = (left / noise + price < best) & (slopes[2] < 0)
        best, found = np.where(better, left / noise + price, best), np.where(better, place, found)
    return found


def _left(
    design: "NDArray[np.float64]", curves: "NDArray[np.float64]"
) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
    """Return the sums of squares that fits leave, and their coefficients, a curve a column."""
    slopes = np.linalg.lstsq(design, curves, rcond=None)[0]
    return ((curves - design @ slopes) ** 2).sum(axis=0), np.asarray(slopes, dtype=np.float64)


def knees(runs: "pd.DataFrame", factor: str, lines: "list[str]", outcome: str) -> list[Knee]:
    """Return the knee of every curve of a grid.

    Parameters
    ----------
    runs
        The runs of a sweep, none of them failed.
    factor
        The factor along the curves.
    lines
        Columns that tell the curves apart.
    outcome
        One that is better when it is more.
    """
    life = "draw" if "draw" in runs.columns and runs["draw"].nunique() > 1 else "replication"
    found = []
    for values, own in runs.groupby(lines, sort=False):
        y, minutes = (own.pivot_table(index=life, columns=factor, values=name) for name in (outcome, MINUTES))
        name = ", ".join(str(value) for value in values)
        found.append(knee(y.columns.to_numpy(float), y.to_numpy(), minutes.to_numpy(), name))
    return found


def told(found: list[Knee], factor: str) -> "pd.DataFrame":
    """Return knees as a table, a row a curve."""
    import pandas as pd

    rows = [
        {
            "line": one.line, "factor": factor, "knee": one.value, "probability": one.probability,
            "minutes_per_person_week": one.minutes, "no_knee_probability": one.none,
        }
        for one in found
    ]  # fmt: skip
    return pd.DataFrame(rows)
