"""Paired differences: the same luck in every scenario, so that chance cancels.

Three ranges are kept apart. The *average*: the 95% interval of the mean paired difference, which shrinks
with more replications. *One real area*: the range in which 95% of single paired runs would fall, which
does not, because an area lives through its luck once. *If we are wrong*, where parameters are drawn: the
range in which the true mean differences of 95% of draws lie, chance taken off.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

TWIN = "twin"
NET_BENEFIT = "net_benefit_gbp"
LEVEL = 0.95
#: Draws below which nothing is said of how far they differ.
FEWEST_DRAWS = 3


class Range(NamedTuple):
    """A mean paired difference with its three ranges; NaN where there is too little for one."""

    mean: float
    low: float
    high: float
    area_low: float
    area_high: float
    wrong_low: float
    wrong_high: float
    n: int


class Figures(NamedTuple):
    """A figure of each of some runs or pairs, and the draw each was run under, both of shape ``(n,)``."""

    values: "NDArray[np.float64]"
    draws: "NDArray[np.int64]"


def summarise(
    values: "NDArray[np.float64]", draws: "NDArray[np.int64] | None" = None, level: float = LEVEL
) -> Range:
    """Return the mean of paired differences and its three ranges.

    Parameters
    ----------
    values
        One paired difference a replication, shape ``(n,)``.
    draws
        The draw of each, shape ``(n,)``. Without it, or where there is one draw only, the ranges hold
        chance alone, and the third is NaN.
    level
        Coverage of the ranges.

    Notes
    -----
    Draws are random groups of runs. Of ``k`` of them, with ``n_i`` runs each and ``n`` in all, ``B`` is the
    variance of their means, ``W`` the pooled variance within them on ``n - k`` degrees of freedom, and ``h``
    the mean of ``1 / n_i``. ``B - h W``, not below zero, estimates the variance of what is not known, and
    ``W`` that of chance. Runs that are not drawn are a group each: ``h`` is 1, and ``W`` plays no part.

    The mean is that of all pairs, so that figures add up. The average is ``mean ± t sqrt(B / k)``, with
    Student's ``t`` on ``k - 1`` degrees of freedom: draws' means are its units. One real area has a draw and
    a luck of its own: ``mean ± t sqrt(V)``, ``V`` being ``B (1 + 1 / k) + (1 - h) W`` on Satterthwaite's
    degrees of freedom; without draws this is the prediction interval ``mean ± t s sqrt(1 + 1 / n)``. If we
    are wrong, a draw's own mean lies in ``mean ± t sqrt(U + B / k)``, where ``U`` is the variance of what is
    not known and half a standard error of it more: it is estimated from few draws, and a range that holds
    its estimate alone would be too narrow where it is no larger than chance. It is no wider than one real
    area, and needs three draws, one of them with two runs.
    """
    group = _groups(values, draws)
    sizes = np.bincount(group)
    n, k = len(values), len(sizes)
    means = np.bincount(group, values) / sizes
    mean = float(np.mean(values)) if n else float("nan")
    if k < 2:
        return Range(mean, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, n)
    between, freedom = float(np.var(means, ddof=1)), n - k
    within = float(np.sum((values - means[group]) ** 2)) / freedom if freedom else 0.0
    chance = within * float(np.mean(1 / sizes))
    own = quantile(k - 1, level)
    average = float(own * np.sqrt(between / k))
    area = _area(between * (1 + 1 / k), k - 1, within - chance, freedom, level)
    wrong = np.nan
    if freedom and k >= FEWEST_DRAWS:
        error = np.sqrt(2 * between**2 / (k - 1) + 2 * chance**2 / freedom)
        wrong = min(area, float(own * np.sqrt(max(0.0, between - chance) + error / 2 + between / k)))
    return Range(
        mean, mean - average, mean + average, mean - area, mean + area, mean - wrong, mean + wrong, n
    )  # fmt: skip


def _groups(values: "NDArray[np.float64]", draws: "NDArray[np.int64] | None") -> "NDArray[np.int64]":
    """Return the number of each value's group: its draw or, without several, itself."""
    if draws is not None:
        unique, group = np.unique(draws, return_inverse=True)
        if len(unique) > 1:
            return group
    return np.arange(len(values))


def _area(of_draws: float, draws: int, of_chance: float, runs: int, level: float) -> float:
    """Return half the prediction interval of two variances, each with its degrees of freedom."""
    whole = of_draws + of_chance
    if not of_chance or not whole:
        return float(quantile(draws, level) * np.sqrt(whole))
    freedom = whole**2 / (of_draws**2 / draws + of_chance**2 / runs)
    return float(quantile(freedom, level) * np.sqrt(whole))


def quantile(freedom: float, level: float = LEVEL) -> float:
    """Return how many standard errors half of an interval is, by Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + level) / 2))


def table(runs: "pd.DataFrame", references: Mapping[str, Sequence[str]]) -> "pd.DataFrame":
    """Return paired differences of every outcome: to the references of each scenario, and to its twin.

    Parameters
    ----------
    runs
        One row a run, as in ``runs.parquet``. Runs that failed lose their pairs.
    references
        Scenarios, each with those that it is compared with; none for its twin alone.

    Returns
    -------
    pandas.DataFrame
        Columns ``outcome, option, reference, mean_difference, low, high, area_low, area_high, wrong_low,
        wrong_high, n``.
    """
    import pandas as pd

    done = Done(runs)
    rows: list[tuple[object, ...]] = []
    for name, others in references.items():
        for outcome in done.outcomes if name in done else ():
            found = {TWIN: done.to_twin(name, outcome)}
            found |= {other: done.to_scenario(name, other, outcome) for other in others}
            rows += [
                (outcome, name, to, *summarise(*pairs)) for to, pairs in found.items() if pairs is not None
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
        self._draws: dict[str, NDArray[np.int64]] = {}
        self._keys: dict[str, NDArray[np.int64]] = {}
        for name, own in done.groupby("scenario", sort=False):
            self._values[str(name)] = own[columns].to_numpy(float)
            draws = self._draws[str(name)] = own["draw"].to_numpy(np.int64)
            self._keys[str(name)] = draws * 10**9 + own["replication"].to_numpy(np.int64)

    def __contains__(self, scenario: str) -> bool:
        return scenario in self._values

    def levels(self, scenario: str, outcome: str) -> Figures:
        """Return an outcome of each run of a scenario that has it; empty if there is none."""
        if scenario not in self or outcome not in self._place:
            return Figures(np.empty(0), np.empty(0, dtype=np.int64))
        return _known(self._values[scenario][:, self._place[outcome]], self._draws[scenario])

    def to_twin(self, scenario: str, outcome: str) -> Figures | None:
        """Return differences of runs to their twins, if the outcome has a meaning without a partnership."""
        own, draws = self._values[scenario], self._draws[scenario]
        if outcome == NET_BENEFIT:
            # Each run's own figure is its difference to its twin already.
            return _known(own[:, self._place[outcome]], draws)
        if f"twin_{outcome}" not in self._place:
            return None
        return _known(own[:, self._place[outcome]] - own[:, self._place[f"twin_{outcome}"]], draws)

    def to_scenario(self, scenario: str, reference: str, outcome: str) -> Figures | None:
        """Return differences of runs to those of a reference with the same luck, if they can be compared."""
        if reference not in self or not _comparable(outcome):
            return None
        _, own, other = np.intersect1d(self._keys[scenario], self._keys[reference], return_indices=True)
        place = self._place[outcome]
        pairs = self._values[scenario][own, place] - self._values[reference][other, place]
        return _known(pairs, self._draws[scenario][own])


def third_known(differences: "pd.DataFrame") -> bool:
    """Return whether a table of differences can tell what if we are wrong."""
    return "wrong_low" in differences and bool(differences["wrong_low"].notna().any())


def has_third(row: Any) -> bool:
    """Return whether a row of such a table can."""
    return bool(row.get("wrong_low", float("nan")) == row.get("wrong_low"))


def over_draws(rows: "pd.DataFrame", by: Sequence[str], values: Sequence[str]) -> "pd.DataFrame":
    """Return rows with the runs of a draw averaged, which are the units of the average; as they are without.

    Parameters
    ----------
    rows
        With a column ``draw``.
    by
        Columns that say what a row is of, beside its draw.
    values
        Columns to average.
    """
    if rows["draw"].nunique() < 2:
        return rows
    return rows.groupby([*by, "draw"], sort=False)[list(values)].mean().reset_index()


def _known(values: "NDArray[np.float64]", draws: "NDArray[np.int64]") -> Figures:
    known = ~np.isnan(values)
    return Figures(values[known], draws[known])


def _is_outcome(name: object) -> bool:
    from simulation import OUTCOMES

    return name in OUTCOMES


def _comparable(outcome: str) -> bool:
    """Return whether options can be compared: those selected differ between them, so cohorts cannot."""
    return not outcome.startswith("cohort_") and outcome != "before_after_change"
