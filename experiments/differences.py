"""Paired differences: the same luck in every scenario, so that chance cancels.

Two ranges are kept apart. The *average*: the 95% interval of the mean paired difference, which shrinks
with more replications. *One real area*: the range in which 95% of single paired runs would fall, which
does not, because an area lives through its luck once.
"""

from collections.abc import Mapping
from functools import cache
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
    n = len(difference)
    mean = float(np.mean(difference)) if n else float("nan")
    if n < 2:
        return Range(mean, np.nan, np.nan, np.nan, np.nan, n)
    half = float(_quantile(n - 1, level) * np.std(difference, ddof=1))
    average, area = half / np.sqrt(n), half * np.sqrt(1 + 1 / n)
    return Range(mean, mean - average, mean + average, mean - area, mean + area, n)


@cache
def _quantile(freedom: int, level: float) -> float:
    from scipy.stats import t

    return float(t.ppf((1 + level) / 2, freedom))


def table(runs: "pd.DataFrame", references: Mapping[str, str]) -> "pd.DataFrame":
    """Return paired differences of every outcome: to the reference of each scenario, and to its twin.

    Parameters
    ----------
    runs
        One row a run, as in ``runs.parquet``. Runs that failed lose their pairs.
    references
        Scenarios, each with the one that it is compared with; nothing for none but its twin.

    Returns
    -------
    pandas.DataFrame
        Columns ``outcome, option, reference, mean_difference, low, high, area_low, area_high, n``.
    """
    import pandas as pd

    done = Done(runs)
    rows: list[tuple[object, ...]] = []
    for name, reference in references.items():
        for outcome in done.outcomes if name in done else ():
            found = {TWIN: done.to_twin(name, outcome), reference: done.to_scenario(name, reference, outcome)}
            rows += [
                (outcome, name, to, *summarise(pairs)) for to, pairs in found.items() if pairs is not None
            ]
    return pd.DataFrame(
        rows, columns=["outcome", "option", "reference", "mean_difference", *Range._fields[1:]]
    )


class Done:
    """Runs that did not fail, and how their outcomes are paired.

    Parameters
    ----------
    runs
        One row a run, as in ``runs.parquet``.
    """

    def __init__(self, runs: "pd.DataFrame") -> None:
        done = runs[runs["status"] == "done"]
        known = set(map(str, done.columns))
        #: Outcomes that have a difference, in the order of the table.
        self.outcomes = [str(name) for name in done.columns if f"twin_{name}" in known or _is_outcome(name)]
        columns = [*self.outcomes, *(f"twin_{name}" for name in self.outcomes if f"twin_{name}" in known)]
        self._place = {name: place for place, name in enumerate(columns)}
        self._values: dict[str, NDArray[np.float64]] = {}
        self._keys: dict[str, NDArray[np.int64]] = {}
        for name, own in done.groupby("scenario", sort=False):
            self._values[str(name)] = own[columns].to_numpy(float)
            self._keys[str(name)] = own["draw"].to_numpy(np.int64) * 10**9 + own["replication"].to_numpy(
                np.int64
            )

    def __contains__(self, scenario: str) -> bool:
        return scenario in self._values

    def levels(self, scenario: str, outcome: str) -> "NDArray[np.float64]":
        """Return an outcome of each run of a scenario that has it; empty if there is none."""
        if scenario not in self or outcome not in self._place:
            return np.empty(0)
        return _known(self._values[scenario][:, self._place[outcome]])

    def to_twin(self, scenario: str, outcome: str) -> "NDArray[np.float64] | None":
        """Return differences of runs to their twins, if the outcome has a meaning without a partnership."""
        own = self._values[scenario]
        if outcome == NET_BENEFIT:
            # Each run's own figure is its difference to its twin already.
            return _known(own[:, self._place[outcome]])
        if f"twin_{outcome}" not in self._place:
            return None
        return _known(own[:, self._place[outcome]] - own[:, self._place[f"twin_{outcome}"]])

    def to_scenario(self, scenario: str, reference: str, outcome: str) -> "NDArray[np.float64] | None":
        """Return differences of runs to those of a reference with the same luck, if they can be compared."""
        if reference not in self or not _comparable(outcome):
            return None
        _, own, other = np.intersect1d(self._keys[scenario], self._keys[reference], return_indices=True)
        place = self._place[outcome]
        return _known(self._values[scenario][own, place] - self._values[reference][other, place])


def _known(values: "NDArray[np.float64]") -> "NDArray[np.float64]":
    return values[~np.isnan(values)]


def _is_outcome(name: object) -> bool:
    from simulation import OUTCOMES

    return name in OUTCOMES


def _comparable(outcome: str) -> bool:
    """Return whether options can be compared: those selected differ between them, so cohorts cannot."""
    return not outcome.startswith("cohort_") and outcome != "before_after_change"
