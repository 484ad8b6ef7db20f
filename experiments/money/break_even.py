"""Break-even: the reduction at which a scheme pays, and how far it is from there."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.differences import summarise
from experiments.money.account import Account

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVEL = 0.95
RESAMPLES, SEED = 2_000, 1
#: Share of averted offences that somebody else commits instead, in the second reckoning.
REPLACED = 0.5
#: Runs below which no range is told.
FEWEST = 3


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
    alone where nothing is drawn: percentile bootstrap of runs, and Wilson's interval of shares. Where it is,
    they are of chance and what is not known together, with draws' means as their units.
    """

    def ratio(top: "NDArray[np.float64]", bottom: "NDArray[np.float64]") -> Told:
        return _ratio(_units(account, top), _units(account, bottom))

    def share(happens: "NDArray[np.bool_]") -> Told:
        return _share_of_draws(account, happens) if account.drawn else _share(happens)

    elsewhere = np.asarray(sum(account.saved.values())) - account.of_crime
    averted = ratio(account.beyond, account.averted)
    once = np.ones_like(account.net)
    return BreakEven(
        account.scenario,
        len(account.net),
        account.drawn,
        ratio(account.net, once),
        ratio(account.present, once),
        ratio(account.beyond - elsewhere, account.at_stake),
        ratio(account.averted, account.committed),
        share(account.net > 0),
        share(account.replacing(REPLACED) > 0),
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


def _share_of_draws(account: Account, happens: "NDArray[np.bool_]") -> Told:
    """Return a share of runs with its interval over draws, which cannot be below none or above all."""
    found = summarise(happens.astype(float), account.draws)
    return Told(found.mean, max(0.0, found.low), min(1.0, found.high))


def _ratio(top: "NDArray[np.float64]", bottom: "NDArray[np.float64]") -> Told:
    """Return a ratio of means; nothing where what it is divided by may be nought or less."""
    from scipy.stats import bootstrap

    if not bottom.mean() > 0:
        return NOT_SAID
    value = float(top.mean() / bottom.mean())
    if len(top) < FEWEST:
        return Told(value, float("nan"), float("nan"))
    generator = np.random.default_rng(SEED)
    picked = generator.integers(0, len(top), (RESAMPLES, len(top)))
    if np.quantile(bottom[picked].mean(axis=1), (1 - LEVEL) / 2) <= 0:
        return NOT_SAID
    if np.ptp(top) == np.ptp(bottom) == 0:
        return Told(value, value, value)
    found = bootstrap(
        (top, bottom), lambda a, b, axis: a.mean(axis) / b.mean(axis), paired=True, vectorized=True,
        method="percentile", n_resamples=RESAMPLES, confidence_level=LEVEL, rng=np.random.default_rng(SEED),
    ).confidence_interval  # fmt: skip
    return Told(value, float(found.low), float(found.high))


def _share(happens: "NDArray[np.bool_]") -> Told:
    from scipy.stats import binomtest

    found = binomtest(int(happens.sum()), len(happens)).proportion_ci(LEVEL, method="wilson")
    return Told(float(happens.mean()), float(found.low), float(found.high))
