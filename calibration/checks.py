"""Checks of a calibration that can fail: ranks, sites held out, what the data moved, what they contradict."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.bank import FEWEST, MOST
from calibration.emulator import CASELOAD, Emulator
from calibration.figures import (
    FIGURES,
    NINE_IN_TEN,
    discrepancy,
    has_throughput,
    observed,
    on_scale,
    plain,
)
from calibration.inference import Drawn, Given, Inference, foreseen, only
from calibration.local_mix import Floats
from calibration.unknowns import Unknowns

if TYPE_CHECKING:
    import pandas as pd

#: Draws among which the truth is ranked: a rank is 0 to 99.
RANKED, BINS = 99, 10
#: Figures of which a new area always knows its own: how many it carries.
LOCAL_INPUTS = ("caseload",)
#: Points of the prior at which figures are foreseen to see whether what is published surprises it.
PRIOR_DRAWS = 4000
#: Draws a method returns, shape ``(n, unknowns)``, for what is known of a site and a seed.
Method = Callable[[Given, str, int], Floats]


def given_published(site: str) -> Given:
    """Return what is published of a site."""
    return Given(observed(site), discrepancy(site))


def ranks(
    method: Method, held: "pd.DataFrame", unknowns: Unknowns, emulator: Emulator, *, seed: int = 1
) -> NDArray[np.int64]:
    """Return where the truth lies among draws of the posterior, 0 to 99, shape ``(datasets, quantities)``.

    Each held-out row is a data set whose parameters are known: its figures, with the discrepancy that
    published ones have. If a method is right, ranks are uniform; piled up at both ends it is too sure. The
    quantities are the unknowns and then the expected figures, which the data move most.

    Parameters
    ----------
    method
        The way to the posterior.
    held
        Finished rows of the prior that it has not learned from.
    unknowns
        What was drawn.
    emulator
        What figures are expected, of truth and draws alike.
    seed
        Of the discrepancies.
    """
    luck = np.random.default_rng(seed)
    truth, figures = unknowns.standard(held[list(unknowns.names)].to_numpy()), on_scale(held)
    found = []
    for place, site in enumerate(held["site"]):
        noise = discrepancy(site)
        known = Given(figures[place] + noise * luck.standard_normal(len(noise)), noise)
        drawn = method(known, site, seed + place)
        chosen = drawn[np.linspace(0, len(drawn) - 1, RANKED).round().astype(int)]
        both = np.vstack([truth[place], chosen])
        told = np.hstack([both, emulator.mean(emulator.inputs(both, [site] * len(both)))])
        found.append((told[1:] < told[0]).sum(axis=0))
    return np.array(found)


def tenths(found: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many ranks lie in each tenth, shape ``(10,)``."""
    return np.bincount(found.ravel() * BINS // (RANKED + 1), minlength=BINS)


class Uniform(NamedTuple):
    """Whether ranks are uniform: the test's probability, and how wide the truth lies (1 is right)."""

    #: Not a number where ranks of one data set are taken together, because they hang together.
    probability: float
    #: Spread of the ranks over that of uniform ones: above 1 too sure or off, below 1 too careful.
    width: float
    #: Its 95% interval, over data sets.
    low: float
    high: float


def uniformity(found: NDArray[np.int64]) -> Uniform:
    """Return the chi-square test of ranks, ``(datasets,)`` or ``(datasets, quantities)``, and their width."""
    from scipy.stats import bootstrap, chisquare

    away = ((found + 0.5) / (RANKED + 1) - 0.5) ** 2
    # Data sets are what is independent.
    by_set = away.reshape(len(away), -1).mean(axis=1)
    interval = bootstrap((by_set,), np.mean, rng=1, method="percentile").confidence_interval
    probability = float(chisquare(tenths(found)).pvalue) if found.ndim == 1 else float("nan")
    width, low, high = np.sqrt(12 * np.array([by_set.mean(), *interval])).tolist()
    return Uniform(probability, width, low, high)


class Held(NamedTuple):
    """A figure of a site that was held out: published, foreseen and the naive forecast."""

    site: str
    figure: str
    published: float
    foreseen: float
    low: float
    high: float
    crps: float
    naive: float
    naive_crps: float

    @property
    def inside(self) -> bool:
        """Whether the published figure lies in the range that was foreseen in nine cases of ten."""
        return self.low <= self.published <= self.high


def leave_one_out(inference: Inference, sites: tuple[str, ...], *, seed: int = 1) -> list[Held]:
    """Return every figure of every site as the others, and the site's own local inputs, foresee it.

    The naive forecast of a figure is the mean of the other sites, with the spread between them and Student's
    t. Both are scored by CRPS on the figure's scale: lower is better. A throughput that is that of all sites
    is not held out by leaving one of them out, and not scored.
    """
    from scoringrules import crps_ensemble

    luck, found = np.random.default_rng(seed), []
    for site in sites:
        given = {other: given_published(other) for other in sites}
        given[site] = only(given[site], *LOCAL_INPUTS)
        drawn = inference.draw(given, seed=seed)
        known = given_published(site)
        ensemble = foreseen(inference.emulator, drawn.standard(site), site, known.discrepancy, luck)
        others = np.array([observed(other) for other in sites if other != site])
        n = len(others)
        naive = others.mean(axis=0) + others.std(axis=0, ddof=1) * np.sqrt(1 + 1 / n) * luck.standard_t(
            n - 1, (len(ensemble), 1)
        )
        scores = crps_ensemble(known.figures, ensemble.T), crps_ensemble(known.figures, naive.T)
        told = np.column_stack(
            [
                plain(known.figures),
                *plain(np.quantile(ensemble, [0.5, 0.05, 0.95], axis=0)),
                scores[0],
                plain(others.mean(axis=0)),
                scores[1],
            ]
        )
        found += [
            Held(site, figure, *row.tolist())
            for figure, row in zip(FIGURES, told, strict=True)
            if figure not in LOCAL_INPUTS and (figure != "throughput" or has_throughput(site))
        ]
    return found


class Moved(NamedTuple):
    """What the data did to an unknown, in spreads of its prior."""

    unknown: str
    site: str
    #: Posterior mean less prior mean.
    shift: float
    #: Posterior spread over prior spread: 1 where the data say nothing.
    width: float


def moved(drawn: Drawn, unknowns: Unknowns) -> list[Moved]:
    """Return what the data moved, and what they did not."""
    shared = len(unknowns.shared)
    found = [
        Moved(name, "", float(column.mean()), float(column.std()))
        for name, column in zip(unknowns.names[:shared], drawn.shared.T, strict=True)
    ]
    for site, local in drawn.local.items():
        found += [
            Moved(name, site, float(column.mean()), float(column.std()))
            for name, column in zip(unknowns.names[shared:], local.T, strict=True)
        ]
    return found


def conflict(
    emulator: Emulator, unknowns: Unknowns, sites: tuple[str, ...], *, seed: int = 1
) -> Mapping[tuple[str, str], float]:
    """Return how surprising each published figure is under the prior alone: a two-sided tail share.

    Small shares say that the prior and the figure contradict one another. Draws that are to carry fewer or
    more people than any partnership are none of the prior's, here as in the bank.
    """
    luck = np.random.default_rng(seed)
    standard = luck.standard_normal((PRIOR_DRAWS, len(unknowns)))
    found = {}
    for site in sites:
        known = given_published(site)
        people = np.exp(emulator.mean(emulator.inputs(standard, [site] * len(standard)))[:, CASELOAD])
        here = standard[(people >= FEWEST) & (people <= MOST)]
        below = (foreseen(emulator, here, site, known.discrepancy, luck) < known.figures).mean(axis=0)
        for name, share in zip(FIGURES, below.tolist(), strict=True):
            found[site, name] = 2 * min(share, 1 - share)
    return found


class Unseen(NamedTuple):
    """How an emulator does at a figure of rows that it has not learned from."""

    figure: str
    rows: int
    #: Of the figure's variance in these rows.
    explained: float
    #: Spread of what is left over that which was said: 1 is right, above 1 too sure.
    spread: float
    #: Share of the rows in the range that was said for nine in ten.
    inside: float


def unseen(emulator: Emulator, held: "pd.DataFrame", unknowns: Unknowns) -> list[Unseen]:
    """Return how an emulator does at rows that were held out."""
    standard, figures = unknowns.standard(held[list(unknowns.names)].to_numpy()), on_scale(held)
    inputs = emulator.inputs(standard, held["site"].tolist())
    mean = emulator.mean(inputs)
    left = figures - mean
    apart = left / emulator.deviation(mean[:, CASELOAD], emulator.doubt(inputs))
    told = np.column_stack(
        [
            1 - (left**2).mean(axis=0) / figures.var(axis=0),
            np.sqrt((apart**2).mean(axis=0)),
            (np.abs(apart) < NINE_IN_TEN).mean(axis=0),
        ]
    )
    return [Unseen(figure, len(held), *row) for figure, row in zip(FIGURES, told.tolist(), strict=True)]


def by_emulator(emulator: Emulator, unknowns: Unknowns, *, draws: int, warm_up: int) -> Method:
    """Return inference by an emulator as a method for single sites."""
    inference = Inference(
        emulator, unknowns, draws=draws, warm_up=warm_up, chains=1, population=False
    )  # fmt: skip

    def method(given: Given, site: str, seed: int) -> Floats:
        return inference.draw({site: given}, seed=seed).standard(site)

    return method
