"""The emulator: what figures a draw leads to, learned from the bank.

A run takes seconds and inference asks millions of times. For each figure a Gaussian process learns its mean
from parameters and site: a plane and a smooth departure from it, each with a reach of its own in every
parameter. What a run adds by chance (the luck of one area) is smaller where more people are carried; how far
the process itself may be off is known at every point, and is small where rows lie close.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.bank import DONE
from calibration.figures import FIGURES, on_scale
from calibration.local_mix import Floats
from calibration.unknowns import Unknowns

if TYPE_CHECKING:
    import pandas as pd

CASELOAD = FIGURES.index("caseload")
#: Rows that reaches are learned from, as the work grows with their cube, and steps of the search for them.
REACH_ROWS, STEPS = 1000, 60
#: Correlations that few rows suggest are drawn towards none.
SHRINKAGE = 0.02
#: Where the search begins and how far off it may well end, in logarithms: reaches, slopes, size, noise.
_BEGIN, _SPREADS = (1.5, -2.0, 0.0, -3.0), (1.0, 1.4, 2.0, 2.0)


class Process(NamedTuple):
    """The Gaussian process of one figure, in spreads of that figure.

    Attributes
    ----------
    reach, slope
        How far the departure from the plane is alike, and how steep the plane may be, shape ``(inputs,)``.
    size, noise
        Variances: of the departure, and of chance where as many people are carried as usual.
    """

    reach: Floats
    slope: Floats
    size: float
    noise: float

    def covariance(self, some: Any, others: Any, xp: Any = np) -> Any:
        """Return covariances of what is expected at some inputs with that at others, ``(some, others)``."""
        return 1 + (some * self.slope**2) @ others.T + self.departure(some, others, xp)

    def departure(self, some: Any, others: Any, xp: Any = np) -> Any:
        """Return covariances of the departure from the plane, ``(some, others)``."""
        near, far = some / self.reach, others / self.reach
        apart = (near**2).sum(-1)[:, None] + (far**2).sum(-1) - 2 * near @ far.T
        return self.size * xp.exp(-xp.maximum(apart, 0) / 2)

    def variance(self, inputs: Floats) -> Floats:
        """Return what is not known anywhere before a row is seen, shape ``(n,)``."""
        return np.asarray(1 + inputs**2 @ self.slope**2 + self.size)


@dataclass(frozen=True)
class Emulator:
    """What the bank has taught.

    Attributes
    ----------
    sites
        Names, in the order of their columns.
    rows
        The bank's inputs, shape ``(rows, inputs)``.
    processes
        One a figure.
    weights
        Of rows in what is expected, shape ``(rows, figures)``.
    inverses
        Of the covariances of rows, shape ``(figures, rows, rows)``.
    middle, scale
        Of the figures, shape ``(figures,)``.
    usual
        Logarithm of the people usually carried.
    widened
        By how much rows lie farther out than the processes say, shape ``(figures,)``.
    correlation
        Of what is left, shape ``(figures, figures)``.
    explained
        Share of the variance of each figure that is explained in rows left out, shape ``(figures,)``.
    """

    sites: tuple[str, ...]
    rows: Floats
    processes: tuple[Process, ...]
    weights: Floats
    inverses: Floats
    middle: Floats
    scale: Floats
    usual: float
    widened: Floats
    correlation: Floats
    explained: Floats

    def inputs(self, standard: Floats, sites: Sequence[str]) -> Floats:
        """Return inputs for draws in spreads of the prior, shape ``(n, inputs)``."""
        return _inputs(standard, sites, self.sites)

    def mean(self, inputs: Any, xp: Any = np) -> Any:
        """Return expected figures on their scales, shape ``(n, figures)``; ``xp`` may be JAX's NumPy."""
        # A plane of many rows is one plane, and the sampler asks millions of times.
        columns = [
            weights.sum()
            + inputs @ (process.slope**2 * (weights @ self.rows))
            + process.departure(inputs, self.rows, xp) @ weights
            for process, weights in zip(self.processes, self.weights.T, strict=True)
        ]
        return self.middle + self.scale * xp.stack(columns, axis=-1)

    def doubt(self, inputs: Floats) -> Floats:
        """Return how far what is expected may be off, standard deviations on the scales, ``(n, figures)``."""
        columns = []
        for process, inverse in zip(self.processes, self.inverses, strict=True):
            known = process.covariance(inputs, self.rows)
            left = process.variance(inputs) - np.einsum("ij,jk,ik->i", known, inverse, known, optimize=True)
            columns.append(np.sqrt(np.maximum(left, 0)))
        return np.asarray(self.scale * np.stack(columns, axis=-1))

    def deviation(self, people: Floats, doubt: Floats) -> Floats:
        """Return how far a run may lie from what is expected, by chance and by doubt, ``(n, figures)``.

        Parameters
        ----------
        people
            Logarithms of how many are carried, shape ``(n,)``.
        doubt
            As of :meth:`doubt`.
        """
        noise = np.array([process.noise for process in self.processes]) * self.scale**2
        return np.asarray(self.widened * np.sqrt(noise * np.exp(self.usual - people)[:, None] + doubt**2))


def _inputs(standard: Floats, sites: Sequence[str], columns: Sequence[str]) -> Floats:
    return np.hstack([standard, np.eye(len(columns))[[columns.index(site) for site in sites]]])


def learn(bank: "pd.DataFrame", unknowns: Unknowns, *, seed: int = 1) -> Emulator:
    """Return an emulator of a bank's finished rows.

    Parameters
    ----------
    bank
        Rows, as of :func:`calibration.bank.table`.
    unknowns
        What was drawn.
    seed
        Of the choice of rows that reaches are learned from.
    """
    rows = bank[bank["status"] == DONE]
    sites = tuple(sorted(rows["site"].unique()))
    figures = on_scale(rows)
    inputs = _inputs(unknowns.standard(rows[list(unknowns.names)].to_numpy()), rows["site"].tolist(), sites)
    middle, scale = figures.mean(axis=0), figures.std(axis=0)
    wanted = (figures - middle) / scale
    usual = float(middle[CASELOAD])
    chosen = np.random.default_rng(seed).permutation(len(inputs))[:REACH_ROWS]
    # Chance is that of the people who were to be expected. By those who came of it, a row that had few by
    # chance would count for less, and what is expected would be drawn towards many.
    _, (expected,), _ = _taught(inputs, wanted[:, [CASELOAD]], np.ones(len(inputs)), chosen)
    fewer = np.exp(-scale[CASELOAD] * expected)
    processes, leaving_out, inverses = _taught(inputs, wanted, fewer, chosen)
    certainty = np.array([np.diag(inverse) for inverse in inverses]).T
    left = wanted - leaving_out.T
    apart = left * np.sqrt(certainty)
    correlation = (1 - SHRINKAGE) * np.corrcoef(apart, rowvar=False) + SHRINKAGE * np.eye(len(FIGURES))
    return Emulator(
        sites, inputs, processes, left * certainty, inverses, middle, scale, usual,
        np.sqrt((apart**2).mean(axis=0)), correlation, 1 - (left**2).mean(axis=0),
    )  # fmt: skip


def _taught(
    inputs: Floats, wanted: Floats, fewer: Floats, chosen: NDArray[np.int64]
) -> tuple[tuple[Process, ...], Floats, Floats]:
    """Return processes, what each row is expected to be had it been left out, and inverse covariances.

    The expected comes without leaving a row out (Rasmussen and Williams 2006, equations 5.10 to 5.12); shape
    ``(figures, rows)``. The inverses are of shape ``(figures, rows, rows)``.
    """
    processes = tuple(_process(inputs[chosen], column[chosen], fewer[chosen]) for column in wanted.T)
    inverses = np.array(
        [
            np.linalg.inv(process.covariance(inputs, inputs) + np.diag(process.noise * fewer))
            for process in processes
        ]
    )
    leaving_out = np.array(
        [
            column - inverse @ column / np.diag(inverse)
            for column, inverse in zip(wanted.T, inverses, strict=True)
        ]
    )
    return processes, leaving_out, inverses


def _process(inputs: Floats, wanted: Floats, fewer: Floats) -> Process:
    """Return the process under which a figure's rows are likeliest, given what reaches usually are."""
    import jax
    from scipy.optimize import minimize

    number = inputs.shape[1]
    begin, spreads = (np.repeat(of, (number, number, 1, 1)) for of in (_BEGIN, _SPREADS))

    def unlikely(at: Floats) -> tuple[float, Floats]:
        value, slopes = _unlikely()(at, inputs, wanted, fewer, begin, spreads)
        return float(value), np.asarray(slopes)

    with jax.enable_x64(True):
        found = minimize(unlikely, begin, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return _at(found.x, number)


def _at(logarithms: Any, number: int, xp: Any = np) -> Process:
    values = xp.exp(logarithms)
    return Process(values[:number], values[number : 2 * number], values[-2], values[-1])


@cache
def _unlikely() -> Any:
    """Return the function that says how unlikely rows are under a process, with its gradient, compiled."""
    import jax
    import jax.numpy as jnp

    def unlikely(at: Any, inputs: Any, wanted: Any, fewer: Any, begin: Any, spreads: Any) -> Any:
        process = _at(at, inputs.shape[1], jnp)
        covariance = process.covariance(inputs, inputs, jnp) + jnp.diag(process.noise * fewer)
        root = jnp.linalg.cholesky(covariance)
        weights = jax.scipy.linalg.cho_solve((root, True), wanted)
        rows = wanted @ weights / 2 + jnp.log(jnp.diag(root)).sum()
        return rows + (((at - begin) / spreads) ** 2).sum() / 2

    return jax.jit(jax.value_and_grad(unlikely))
