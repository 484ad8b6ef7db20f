"""A world whose figures follow from parameters by a known rule, for tests of the calibration."""

import numpy as np
import pandas as pd

from calibration.bank import DONE, PRIOR
from calibration.figures import FIGURES, plain
from calibration.unknowns import Unknowns

SITES = ("bristol", "lancashire", "nottingham", "west-midlands", "west-yorkshire")
#: Chance of an area of as many people as usual, on the figures' scales; of fewer people it is more.
CHANCE = np.array([0.05, 0.1, 0.12, 0.02, 0.02, 0.05, 0.008, 0.012, 0.05])
_MIDDLE = np.array([6.0, 0.3, -0.3, 3.95, 3.0, 1.4, 2.83, 3.3, 0.4])
_SIZE = np.array([0.6, 0.5, 0.6, 0.12, 0.12, 0.25, 0.05, 0.08, 0.3])


class World:
    """Figures that are a line in parameters, a little bent, with an own step for every site."""

    def __init__(self, seed: int = 1) -> None:
        self.luck, self.unknowns = np.random.default_rng(seed), Unknowns()
        shared = len(self.unknowns.shared)
        weight = np.r_[np.full(shared, 0.1), np.full(len(self.unknowns) - shared, 0.4)]
        self.slopes = self.luck.standard_normal((len(self.unknowns), len(FIGURES))) * weight[:, None] * _SIZE
        self.steps = self.luck.standard_normal((len(SITES), len(FIGURES))) * 0.1

    def figures(self, standard: np.ndarray, site: np.ndarray) -> np.ndarray:
        """Return figures on their scales for parameters in spreads of the prior, shape ``(n, figures)``."""
        expected = _MIDDLE + standard @ self.slopes + self.steps[site]
        expected += 0.05 * np.tanh(standard[:, -1:]) ** 2
        fewer = np.exp((_MIDDLE[0] - expected[:, :1]) / 2)
        return np.asarray(expected + self.luck.standard_normal(expected.shape) * CHANCE * fewer)

    def bank(self, rows: int) -> pd.DataFrame:
        """Return so many rows of a bank, all from the prior."""
        drawn = self.unknowns.prior(self.luck.random((rows, len(self.unknowns))).clip(1e-4, 1 - 1e-4))
        site = np.arange(rows) % len(SITES)
        found = plain(self.figures(self.unknowns.standard(drawn), site))
        table = pd.DataFrame(found[:, :-1], columns=FIGURES[:-1])
        table["ever"] = table["caseload"] * found[:, -1]
        head = {"site": np.array(SITES)[site], "stage": PRIOR, "number": np.arange(rows) // len(SITES)}
        parameters = pd.DataFrame(drawn, columns=list(self.unknowns.names))
        return pd.DataFrame(head).assign(status=DONE, error="").join([parameters, table])
