"""Regression ABC: the rows of the bank nearest to what is published, moved to where a regression has them.

The second way to the posterior, without an emulator of the likelihood. A line tells parameters from figures
and site among the accepted rows, a second one how far off it is, and each row's residual, scaled by that, is
put where the published figures are (Beaumont and others 2002; Blum and François 2010). Rows of all sites are
taken together, as those of one alone are few.
"""

from typing import TYPE_CHECKING

import numpy as np

from calibration.bank import DONE, PRIOR
from calibration.figures import on_scale
from calibration.inference import Given
from calibration.local_mix import Floats
from calibration.unknowns import Unknowns

if TYPE_CHECKING:
    import pandas as pd

#: Share of the rows that is accepted, and how strongly slopes that few rows suggest are drawn to none.
ACCEPTED, RIDGE = 0.5, 1.0


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
        rows = bank[(bank["status"] == DONE) & (bank["stage"] == PRIOR)]
        self.figures = on_scale(rows)
        self.standard = unknowns.standard(rows[list(unknowns.names)].to_numpy())
        self.sites = rows["site"].to_numpy()

    def draw(self, given: Given, site: str, *, seed: int = 1) -> tuple[Floats, Floats]:
        """Return draws in spreads of the prior, shape ``(accepted, unknowns)``, and their weights.

        Parameters
        ----------
        given
            What is known of the site: figures that are ``nan`` are left out.
        site
            Which it is.
        seed
            Of the discrepancy that is put on the model's figures, as published ones have it.
        """
        from sklearn.linear_model import Ridge

        luck = np.random.default_rng(seed)
        seen = ~np.isnan(given.figures)
        figures = self.figures[:, seen]
        figures = figures + luck.standard_normal(figures.shape) * given.discrepancy[seen]
        size, wanted = figures.std(axis=0), given.figures[seen]
        distance = np.sqrt((((figures - wanted) / size) ** 2).sum(axis=1))
        nearest = np.argsort(distance)[: round(ACCEPTED * len(distance))]
        weights = 1 - (distance[nearest] / distance[nearest[-1]]) ** 2
        others = [name for name in np.unique(self.sites) if name != site]
        elsewhere = self.sites[nearest][:, None] == np.array(others)
        inputs = np.hstack([(figures[nearest] - wanted) / size, elsewhere])
        drawn = self.standard[nearest]
        mean = Ridge(RIDGE).fit(inputs, drawn, weights)
        left = drawn - mean.predict(inputs)
        size_of_left = Ridge(RIDGE).fit(inputs, np.log(left**2 + 1e-6), weights)
        there = np.zeros((1, inputs.shape[1]))
        ratio = np.exp((size_of_left.predict(there) - size_of_left.predict(inputs)) / 2)
        return mean.predict(there) + left * ratio, weights / weights.sum()
