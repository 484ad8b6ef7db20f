"""Chance and parameters told apart: a point's replications differ by luck, its mean by what is assumed."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.differences import quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Spread(NamedTuple):
    """Where the variance of single runs comes from.

    Attributes
    ----------
    mean
        Over all runs.
    parameters
        Variance between points, which is what the factors bring.
    luck
        Variance between replications that all points share, as they share their people and their luck.
    left
        Variance of single runs that is neither.
    replications
        Runs a point.
    """

    mean: float
    parameters: float
    luck: float
    left: float
    replications: int

    @property
    def chance_share(self) -> float:
        """Share of the variance of single runs that is chance; NaN with one replication or no variance."""
        whole = self.parameters + self.luck + self.left
        return (self.luck + self.left) / whole if whole else float("nan")

    @property
    def noise(self) -> float:
        """Variance that chance leaves in the mean of a point, beyond what all points share."""
        return self.left / self.replications


def spread(values: "NDArray[np.float64]") -> Spread:
    """Return where the variance comes from, by points and replications crossed.

    Parameters
    ----------
    values
        A quantity, shape ``(points, replications)``.

    Notes
    -----
    The method of moments of the two-way layout without repetition: with mean squares ``P`` of points, ``R``
    of replications and ``E`` of what is left, the variances are ``(P - E) / replications``,
    ``(R - E) / points`` and ``E``; one that comes out below 0 is 0. With one replication chance is NaN.
    """
    points, replications = values.shape
    mean, by_point, by_luck = float(values.mean()), values.mean(axis=1), values.mean(axis=0)
    between = float(np.var(by_point, ddof=1)) if points > 1 else 0.0
    if replications < 2 or points < 2:
        return Spread(mean, between, float("nan"), float("nan"), replications)
    rest = values - by_point[:, None] - by_luck + mean
    left = float((rest**2).sum() / ((points - 1) * (replications - 1)))
    luck = max(0.0, float(np.var(by_luck, ddof=1)) - left / points)
    return Spread(mean, max(0.0, between - left / replications), luck, left, replications)


def interval(values: "NDArray[np.float64]") -> tuple[float, float, float]:
    """Return the mean of a quantity over all points, and its interval: of points, and of the luck they share.

    Parameters
    ----------
    values
        Shape ``(points, replications)``. With one replication luck is in no interval.

    Notes
    -----
    ``mean ± t sqrt(P + L)``, where ``P`` is the variance of points' means over their number and ``L`` that of
    the shared luck over the replications, on Satterthwaite's degrees of freedom.
    """
    found, (points, replications) = spread(values), values.shape
    if points < 2:
        return found.mean, float("nan"), float("nan")
    of_points = float(np.var(values.mean(axis=1), ddof=1)) / points
    of_luck = found.luck / replications if replications > 1 else 0.0
    error = of_points + of_luck
    if not error:
        return (found.mean,) * 3
    freedom = error**2 / (of_points**2 / (points - 1) + of_luck**2 / max(replications - 1, 1))
    half = float(quantile(freedom) * np.sqrt(error))
    return found.mean, found.mean - half, found.mean + half
