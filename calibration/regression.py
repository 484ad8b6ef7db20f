"""Regression ABC: the rows of the bank nearest to what is published, moved to where a regression has them.

The second way to the posterior, without an emulator of the likelihood. A network learns parameters from
figures among the accepted rows, a second one how far off it is, and each row's residual, scaled by that, is
put where the published figures are (Blum and François 2010, non-linear regression ABC).
"""

import warnings
from typing import TYPE_CHECKING

import numpy as np

from calibration.bank import DONE, PRIOR
from calibration.figures import on_scale
from calibration.inference import Given
from calibration.local_mix import Floats
from calibration.unknowns import Unknowns

if TYPE_CHECKING:
    import pandas as pd

#: Rows accepted: enough for a network, near enough for it to be about the place asked for.
ACCEPTED = 600
HIDDEN = (32,)


class Regression:
    """Posteriors of single sites by regression ABC.

    Parameters
    ----------
    bank
        Rows, of which those drawn from the prior are used.
    unknowns
        What was drawn.
    """

    def __init__(self, bank: "pd.DataFrame", unknowns: Unknowns) -> None:
        self.rows = bank[(bank["status"] == DONE) & (bank["stage"] == PRIOR)]
        self.figures = on_scale(self.rows)
        self.standard = unknowns.standard(self.rows[list(unknowns.names)].to_numpy())
        self.sites = self.rows["site"].to_numpy()

    def draw(self, given: Given, site: str, *, seed: int = 1) -> tuple[Floats, Floats]:
        """Return draws in spreads of the prior, shape ``(accepted, unknowns)``, and their weights.

        Parameters
        ----------
        given
            What is known of the site: figures that are ``nan`` are left out.
        site
            Whose rows are used.
        seed
            Of the networks.
        """
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.neural_network import MLPRegressor

        luck = np.random.default_rng(seed)
        here = np.flatnonzero(self.sites == site)
        seen = ~np.isnan(given.figures)
        figures = self.figures[here][:, seen]
        # The published figures have a discrepancy that the model's do not.
        figures = figures + luck.standard_normal(figures.shape) * given.discrepancy[seen]
        size = figures.std(axis=0)
        wanted = given.figures[seen]
        distance = np.sqrt((((figures - wanted) / size) ** 2).sum(axis=1))
        nearest = np.argsort(distance)[:ACCEPTED]
        weights = 1 - (distance[nearest] / distance[nearest[-1]]) ** 2
        inputs = (figures[nearest] - wanted) / size
        drawn = self.standard[here][nearest]

        def network() -> MLPRegressor:
            return MLPRegressor(
                hidden_layer_sizes=HIDDEN, activation="tanh", alpha=1.0, max_iter=2000, solver="lbfgs",
                random_state=seed,
            )  # fmt: skip

        with warnings.catch_warnings():
            # A search that cannot be bettered in the last digit counts as one that has not ended.
            warnings.simplefilter("ignore", ConvergenceWarning)
            mean = network().fit(inputs, drawn)
            left = drawn - mean.predict(inputs)
            size_of_left = network().fit(inputs, np.log(left**2 + 1e-6))
        there = np.zeros((1, inputs.shape[1]))
        ratio = np.exp((size_of_left.predict(there) - size_of_left.predict(inputs)) / 2)
        return mean.predict(there) + left * ratio, weights / weights.sum()
