"""The emulator: what figures a draw leads to, learned from the bank.

A run takes seconds and inference asks millions of times. A few small neural networks of scikit-learn learn
the mean of the figures from parameters and site; what is left of rows that a network has not seen is chance
(the luck of one area) and the network's own error, whose size and correlations are learned as well, smaller
where more people are carried.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from calibration.bank import DONE
from calibration.figures import FIGURES, on_scale
from calibration.local_mix import Floats
from calibration.unknowns import Unknowns

if TYPE_CHECKING:
    import pandas as pd

HIDDEN = (64, 64)
FOLDS = 5
#: Correlations that few rows suggest are drawn towards none.
SHRINKAGE = 0.02


class Network(NamedTuple):
    """Weights of one network, layer by layer; hidden layers are hyperbolic tangents."""

    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]


@dataclass(frozen=True)
class Emulator:
    """What the bank has taught.

    Attributes
    ----------
    sites
        Names, in the order of their columns.
    networks
        Whose mean is the answer.
    middle, scale
        Of the figures, shape ``(figures,)``.
    spread
        Logarithm of the standard deviation left at a caseload of one, and its slope in the logarithm of
        the caseload, shape ``(2, figures)``.
    correlation
        Of what is left, shape ``(figures, figures)``.
    explained
        Share of the variance of each figure that is explained in rows not seen, shape ``(figures,)``.
    """

    sites: tuple[str, ...]
    networks: tuple[Network, ...]
    middle: Floats
    scale: Floats
    spread: Floats
    correlation: Floats
    explained: Floats

    def inputs(self, standard: Floats, sites: Sequence[str]) -> Floats:
        """Return the networks' inputs for draws in spreads of the prior, shape ``(n, unknowns)``."""
        place = np.array([self.sites.index(site) for site in sites])
        return np.hstack([standard, np.eye(len(self.sites))[place]])

    def mean(self, inputs: Any, xp: Any = np) -> Any:
        """Return expected figures on their scales, shape ``(n, figures)``; ``xp`` may be JAX's NumPy."""
        total = sum(_through(network, inputs, xp) for network in self.networks)
        return self.middle + self.scale * total / len(self.networks)

    def deviation(self, mean: Any, xp: Any = np) -> Any:
        """Return standard deviations of what is left, at expected figures, shape ``(n, figures)``."""
        people = mean[..., FIGURES.index("caseload")][..., None]
        return xp.exp(self.spread[0] + self.spread[1] * people)


def _through(network: Network, values: Any, xp: Any) -> Any:
    *hidden, last = zip(network.weights, network.biases, strict=True)
    for weight, bias in hidden:
        values = xp.tanh(values @ weight + bias)
    return values @ last[0] + last[1]


def learn(bank: "pd.DataFrame", unknowns: Unknowns, *, seed: int = 1) -> Emulator:
    """Return an emulator of a bank's finished rows.

    Parameters
    ----------
    bank
        Rows, as of :func:`calibration.bank.table`.
    unknowns
        What was drawn.
    seed
        Of the networks' first weights and of the folds.
    """
    from sklearn.model_selection import KFold

    rows = bank[bank["status"] == DONE]
    sites = tuple(sorted(rows["site"].unique()))
    figures = on_scale(rows)
    middle, scale = figures.mean(axis=0), figures.std(axis=0)
    blank = Emulator(sites, (), middle, scale, np.zeros((2, len(FIGURES))), np.eye(len(FIGURES)), middle)
    inputs = blank.inputs(unknowns.standard(rows[list(unknowns.names)].to_numpy()), rows["site"].tolist())
    wanted = (figures - middle) / scale
    networks, left, expected = [], np.zeros_like(figures), np.zeros_like(figures)
    for fold, (seen, unseen) in enumerate(KFold(FOLDS, shuffle=True, random_state=seed).split(inputs)):
        network = _train(inputs[seen], wanted[seen], seed + fold)
        networks.append(network)
        expected[unseen] = middle + scale * _through(network, inputs[unseen], np)
    left = figures - expected
    spread, correlation = _left_over(left, expected[:, FIGURES.index("caseload")])
    explained = 1 - left.var(axis=0) / figures.var(axis=0)
    return Emulator(sites, tuple(networks), middle, scale, spread, correlation, explained)


def _train(inputs: Floats, wanted: Floats, seed: int) -> Network:
    from sklearn.neural_network import MLPRegressor

    network = MLPRegressor(
        hidden_layer_sizes=HIDDEN, activation="tanh", alpha=1e-2, learning_rate_init=3e-3,
        early_stopping=True, validation_fraction=0.1, n_iter_no_change=25, max_iter=600, random_state=seed,
    ).fit(inputs, wanted)  # fmt: skip
    return Network(tuple(network.coefs_), tuple(network.intercepts_))


def _left_over(left: Floats, people: Floats) -> tuple[Floats, Floats]:
    """Return the size of what is left, falling with the logarithm of people carried, and its correlations."""
    design = np.column_stack([np.ones_like(people), people])
    sizes = np.log(np.abs(left) + 1e-9)
    # Of a normal number of spread one, the logarithm of its size is -0.635 in the mean.
    slopes, *_ = np.linalg.lstsq(design, sizes + 0.635, rcond=None)
    standard = left / np.exp(design @ slopes)
    # What is heavier in the tails than normal is let count as it is.
    slopes[0] += np.log(standard.std(axis=0))
    correlation = np.corrcoef(standard, rowvar=False)
    shrunk = (1 - SHRINKAGE) * correlation + SHRINKAGE * np.eye(len(correlation))
    return np.asarray(slopes, dtype=float), np.asarray(shrunk)
