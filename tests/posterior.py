"""A small posterior for tests: what contact does is not known, nor how Nottinghamshire's pool grows."""

import numpy as np
import pandas as pd

from calibration.posterior import EVERYWHERE, Posterior

EFFECT, POOL = "response.log_odds_per_hour", "pool.first_sanctions_per_year"


def table(draws: int = 12, spread: float = 0.05) -> pd.DataFrame:
    """Return draws of one value that holds everywhere, and of one of a site's mix."""
    effect = 0.15 + spread * np.random.default_rng(3).standard_normal(draws)
    pool = 500 + 20.4 * np.arange(draws)
    return pd.concat(
        [
            pd.DataFrame({"draw": np.arange(draws), "site": site, "key": key, "value": values})
            for site, key, values in ((EVERYWHERE, EFFECT, effect.clip(0, 0.3)), ("nottingham", POOL, pool))
        ],
        ignore_index=True,
    )


def posterior(draws: int = 12, spread: float = 0.05) -> Posterior:
    """Return the table as a posterior."""
    return Posterior(table(draws, spread))
