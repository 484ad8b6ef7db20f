"""Paired differences: the same luck in every scenario, so that chance cancels.

Two ranges are kept apart. The *average*: the 95% interval of the mean paired difference, which shrinks
with more replications. *One real area*: the range in which 95% of single paired runs would fall, which
does not, because an area lives through its luck once.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

TWIN = "twin"
NET_BENEFIT = "net_benefit_gbp"
LEVEL = 0.95


class Range(NamedTuple):
    """A mean paired difference with its two ranges; NaN where one pair is too few for any."""

    mean: float
    low: float
    high: float
    area_low: float
    area_high: float
    n: int


def summarise(difference: "NDArray[np.float64]", level: float = LEVEL) -> Range:
    """Return the mean of paired differences and its two ranges.

    Parameters
    ----------
    difference
        One paired difference a replication, shape ``(n,)``.
    level
        Coverage of both ranges.

    Notes
    -----
    With Student's ``t`` on ``n - 1`` degrees of freedom and the standard deviation ``s``: the average is
    ``mean ± t s / sqrt(n)``, one real area is the prediction interval ``mean ± t s sqrt(1 + 1 / n)``.
    """
    from scipy.stats import t

    n = len(difference)
    mean = float(np.mean(difference)) if n else float("nan")
    if n < 2:
        return Range(mean, np.nan, np.nan, np.nan, np.nan, n)
    half = float(t.ppf((1 + level) / 2, n - 1) * np.std(difference, ddof=1))
    average, area = half / np.sqrt(n), half * np.sqrt(1 + 1 / n)
    return Range(mean, mean - average, mean + average, mean - area, mean + area, n)


def table(runs: "pd.DataFrame", scenarios: list[str]) -> "pd.DataFrame":
    """Return paired differences of every outcome: each option to the base, and every scenario to its twin.

    Parameters
    ----------
    runs
        One row a run, as in ``runs.parquet``. Runs that failed lose their pairs.
    scenarios
        Names; the first is the base.

    Returns
    -------
    pandas.DataFrame
        Columns ``outcome, option, reference, mean_difference, low, high, area_low, area_high, n``.
    """
    import pandas as pd

    done = runs[runs["status"] == "done"].set_index(["draw", "replication"])
    by_name = {name: group for name, group in done.groupby("scenario", sort=False)}
    base = by_name.get(scenarios[0])
    outcomes = [name for name in done.columns if f"twin_{name}" in done.columns or _is_outcome(name)]
    rows: list[tuple[object, ...]] = []
    for name in scenarios:
        own = by_name.get(name)
        if own is None:
            continue
        for outcome in outcomes:
            if outcome == NET_BENEFIT:
                # Each run's own figure is its difference to its twin already.
                rows.append((outcome, name, TWIN, *summarise(own[outcome].dropna().to_numpy(float))))
            if f"twin_{outcome}" in own.columns:
                pairs = (own[outcome] - own[f"twin_{outcome}"]).dropna().to_numpy(float)
                rows.append((outcome, name, TWIN, *summarise(pairs)))
            if base is not None and name != scenarios[0] and _comparable(outcome):
                pairs = (own[outcome] - base[outcome]).dropna().to_numpy(float)
                rows.append((outcome, name, scenarios[0], *summarise(pairs)))
    columns = [
        "outcome",
        "option",
        "reference",
        "mean_difference",
        "low",
        "high",
        "area_low",
        "area_high",
        "n",
    ]
    return pd.DataFrame(rows, columns=columns)


def _is_outcome(name: str) -> bool:
    from simulation import OUTCOMES

    return name in OUTCOMES


def _comparable(outcome: str) -> bool:
    """Return whether options can be compared: those selected differ between them, so cohorts cannot."""
    return not outcome.startswith("cohort_") and outcome != "before_after_change"
