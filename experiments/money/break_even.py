"""Break-even: the reduction at which a scheme pays, and how far it is from there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.differences import LEVEL, quantile, summarise
from experiments.money.account import Account

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Share of averted offences that somebody else commits instead, in the second reckoning.
REPLACED = 0.5
#: Runs below which no range is told.
FEWEST = 2


class Told(NamedTuple):
    """A figure with its 95% interval; NaN where there is none."""

    value: float
    low: float
    high: float


NOT_SAID = Told(float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True)
class BreakEven:
    """What it takes for a scenario to pay.

    Attributes
    ----------
    scenario, runs, drawn
        Which, how many runs, and under how many draws of what is not known; 0 for none.
    net, present
        Net benefit and net present value, pounds.
    needed, found
        Share of the area's offences that has to be averted for it to pay, and the share that is.
    pays, pays_replaced
        Share of single runs in which it pays; and were half of what is averted committed by others.
    per_averted, per_managed
        Cost beyond ordinary supervision for each offence averted, and for each person managed, pounds.
    per_averted_replaced
        The same for each offence that nobody commits instead.
    """

    scenario: str
    runs: int
    drawn: int
    net: Told
    present: Told
    needed: Told
    found: Told
    pays: Told
    pays_replaced: Told
    per_averted: Told
    per_averted_replaced: Told
    per_managed: Told


def break_even(account: Account) -> BreakEven:
    """Return what it takes for a scenario to pay.

    Notes
    -----
    The reduction needed is the cost that is left when courts, prisons and orders have saved what they save,
    over what crime without IOM costs victims and police: a reduction of all kinds alike. Ranges are of chance
    alone where nothing is drawn, with runs as their units. Where it is, they are of chance and what is not
    known together, with draws' means as their units. Means have Student's interval, ratios Fieller's, and
    shares Wilson's of the number of runs that would tell as much if none shared a draw (Korn and Graubard).
    """

    def mean(values: "NDArray[np.float64]") -> Told:
        found = summarise(values, account.draws)
        return Told(found.mean, found.low, found.high)

    def ratio(top: "NDArray[np.float64]", bottom: "NDArray[np.float64]") -> Told:
        return _ratio(_units(account, top), _units(account, bottom))

    def share(happens: "NDArray[np.bool_]") -> Told:
        units = _units(account, happens.astype(float))
        error = float(np.std(units, ddof=1)) / np.sqrt(len(units)) if len(units) > 1 else 0.0
        return _share(happens.astype(float), len(units), float(error))

    elsewhere = np.asarray(sum(account.saved.values())) - account.of_crime
    averted = ratio(account.beyond, account.averted)
    # Where all is replaced already, nothing tells what it would have saved.
    told_replaced = account.costs.replacement_share < 1
    return BreakEven(
        account.scenario,
        len(account.net),
        account.drawn,
        mean(account.net),
        mean(account.present),
        ratio(account.beyond - elsewhere, account.at_stake),
        ratio(account.averted, account.committed),
        share(account.net > 0),
        share(account.replacing(REPLACED) > 0) if told_replaced else NOT_SAID,
        averted,
        Told(*(value / (1 - REPLACED) for value in averted)),
        ratio(account.beyond, account.managed),
    )


def _units(account: Account, values: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return what ranges are over: runs or, where something is drawn, the mean of each draw's runs."""
    if account.draws is None or not account.drawn:
        return values
    _, group = np.unique(account.draws, return_inverse=True)
    return np.asarray(np.bincount(group, values) / np.bincount(group))


def _ratio(top: "NDArray[np.float64]", bottom: "NDArray[np.float64]") -> Told:
    """Return a ratio of means with Fieller's interval; nothing where what it is divided by may be nought."""
    k, over = len(top), float(bottom.mean())
    if not over > 0:
        return NOT_SAID
    value = float(top.mean()) / over
    if k < FEWEST:
        return Told(value, float("nan"), float("nan"))
    (of_top, both), (_, of_bottom) = (np.cov(top, bottom) / k).tolist()
    t = quantile(k - 1) / over
    open_ended = t**2 * of_bottom
    if open_ended >= 1:
        return NOT_SAID
    middle = value - t**2 * both
    within = of_top - 2 * value * both + value**2 * of_bottom - t**2 * (of_top * of_bottom - both**2)
    half = t * float(np.sqrt(max(0.0, within)))
    return Told(value, (middle - half) / (1 - open_ended), (middle + half) / (1 - open_ended))


def _share(happens: "NDArray[np.float64]", units: int, error: float) -> Told:
    """Return a share of runs with its interval.

    Parameters
    ----------
    happens
        Nought or one a run.
    units
        Draws that runs are under; runs where they are under none.
    error
        Standard error of the share over units.
    """
    from scipy.special import ndtri

    share, worth, z = float(happens.mean()), float(len(happens)), float(ndtri((1 + LEVEL) / 2))
    if units < len(happens):
        # Where all draws agree, each tells as much as one run.
        told = share * (1 - share) / error**2 if error else units
        worth = min(worth, told) * (z / quantile(units - 1)) ** 2
    middle, spread = share + z**2 / (2 * worth), share * (1 - share) / worth + z**2 / (4 * worth**2)
    half, whole = z * float(np.sqrt(spread)), 1 + z**2 / worth
    return Told(share, max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole))
