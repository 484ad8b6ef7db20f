"""The falls that before-and-after counts find where nobody is managed, by who is chosen and how long."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.evaluating.area import TWIN, Area

if TYPE_CHECKING:
    import pandas as pd

#: Shares of the pool that are chosen, those of highest score first, and months that are counted on each side.
SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
WINDOWS = (6, 12, 18, 24)


def falls(areas: Sequence[Area], followed: int) -> "pd.DataFrame":
    """Return a row for each share and window: what a count would call the scheme's effect, without a scheme.

    Parameters
    ----------
    areas
        Places; what they did with nobody managed is looked at.
    followed
        Months for which they can be followed.

    Returns
    -------
    pandas.DataFrame
        ``change`` is that of all places together, a share of what was before; ``area_low`` and ``area_high``
        are where 95% of single places fall.
    """
    import pandas as pd

    rows = []
    for window in (months for months in WINDOWS if months <= followed and areas):
        for share in SHARES:
            counts = np.array([_counts(area, share, window) for area in areas])
            before, after, people = counts.sum(axis=0)
            some = counts[counts[:, 0] > 0]
            if not len(some):
                continue
            low, high = np.quantile(some[:, 1] / some[:, 0] - 1, (0.025, 0.975))
            about = {"share": share, "months": window, "people": people / len(areas)}
            rows.append(about | {"change": after / before - 1, "area_low": low, "area_high": high})
    return pd.DataFrame(rows)


def _counts(area: Area, share: float, months: int) -> tuple[float, float, int]:
    """Return proven occasions before and after the launch of the highest scores, and how many people."""
    here = np.flatnonzero(area.stays(months))
    ranked = here[np.argsort(-area.people["score"][here], kind="stable")]
    chosen = ranked[: max(1, round(share * len(here)))]
    before, after = (area.occasions(TWIN, *window)[chosen].sum() for window in ((-months, 0), (0, months)))
    return float(before), float(after), len(chosen)
