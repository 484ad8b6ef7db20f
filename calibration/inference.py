"""Inference: draws of shared behaviour and of every site's local mix, given what is published.

The likelihood is the emulator's: normal, with the spread and correlations of what chance and the emulator
leave, and the discrepancy of each published figure. Shared behaviour is one vector for all sites; the local
mixes are draws of one population, whose middle and width are inferred too, so that a site that was never seen
has a prior. NumPyro's no-U-turn sampler draws from all of it at once, twice: a few draws show where the
posterior lies, and so how far off the emulator may be there; with that, those that count are drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np

from calibration.emulator import CASELOAD, Emulator
from calibration.figures import FIGURES
from calibration.local_mix import NAMES, Floats
from calibration.unknowns import Unknowns

#: Of the draws that show where the posterior lies: kept of each chain, and how many of them are asked.
SCOUTS, ASKED = 200, 100
#: How far the middle of the population of sites may be from that of the prior, and how wide it may be, in
#: spreads of the prior: together as wide as the prior of a single site.
MIDDLE, WIDTH = 0.7, 0.8


@dataclass(frozen=True)
class Given:
    """What is known of a site: figures on their scales, ``nan`` where not known, and their discrepancy."""

    figures: Floats
    discrepancy: Floats


@dataclass(frozen=True)
class Drawn:
    """Draws in spreads of the prior.

    Attributes
    ----------
    shared
        Shape ``(draws, shared)``.
    local
        By site, shape ``(draws, local)``.
    middle, width
        Of the population of sites, shape ``(draws, local)``; empty for a single site.
    worst_rhat, fewest_effective
        Over all unknowns and the population of sites: convergence (1 is best) and draws that count as
        independent.
    diverged
        Draws at which the sampler lost its way; with many of them a part of the posterior is not drawn.
    """

    shared: Floats
    local: Mapping[str, Floats]
    middle: Floats
    width: Floats
    worst_rhat: float
    fewest_effective: float
    diverged: int = 0

    def standard(self, site: str) -> Floats:
        """Return draws of a site, shape ``(draws, unknowns)``."""
        return np.hstack([self.shared, self.local[site]])


class Sampler(Protocol):
    """Draws by name and chain, and whether each diverged."""

    def __call__(self, luck: Any, known: Any, covariance: Any, there: Any) -> tuple[dict[str, Any], Any]:
        """Return draws given what is known, by names, and how figures may lie about those expected."""
        ...


class Inference:
    """What is asked of an emulator.

    Parameters
    ----------
    emulator
        What figures draws lead to.
    unknowns
        The unknowns.
    draws, warm_up, chains
        Kept and thrown away by each chain, and how many chains.
    population
        Whether sites are draws of one population; else each has the prior by itself.
    """

    def __init__(
        self, emulator: Emulator, unknowns: Unknowns, *, draws: int, warm_up: int, chains: int = 2,
        population: bool = True,
    ) -> None:  # fmt: skip
        self.emulator, self.shared = emulator, len(unknowns.shared)
        self.population = population
        self._scout = self._sampler(SCOUTS, SCOUTS, chains)
        self._drawer = self._sampler(draws, warm_up, chains)

    def _sampler(self, draws: int, warm_up: int, chains: int) -> "Sampler":
        """Return a sampler of what it is asked, by chain, and of which draws diverged.

        It is compiled whole, so that one compilation serves every question of one shape; NumPyro by itself
        compiles for each, until the system has no more room for compiled code.
        """
        import jax
        from numpyro.infer import MCMC, NUTS

        def sample(luck: Any, known: Any, covariance: Any, there: Any) -> tuple[dict[str, Any], Any]:
            sampler = MCMC(
                NUTS(self._model, target_accept_prob=0.9), num_warmup=warm_up, num_samples=draws,
                num_chains=chains, chain_method="vectorized", progress_bar=False,
            )  # fmt: skip
            sampler.run(luck, known, covariance, there, extra_fields=("diverging",))
            return sampler.get_samples(group_by_chain=True), sampler.get_extra_fields()["diverging"]

        return cast("Sampler", jax.jit(sample))

    def draw(self, given: Mapping[str, Given], *, seed: int = 1) -> Drawn:
        """Return draws given what is known of some sites.

        Parameters
        ----------
        given
            By site.
        seed
            Of the sampler.
        """
        import jax
        from numpyro.diagnostics import summary

        known = np.array([one.figures for one in given.values()])
        noise = np.where(np.isnan(known), _NOT_KNOWN, [one.discrepancy for one in given.values()])
        there = np.eye(len(self.emulator.sites))[[self.emulator.sites.index(site) for site in given]]
        scouting, drawing = jax.random.split(jax.random.PRNGKey(seed))

        def asked(doubt: Floats) -> tuple[Floats, ...]:
            return np.nan_to_num(known), self._covariance(known, noise, doubt), there

        scouts, _ = self._scout(scouting, *asked(self._doubt_at_random(len(given))))
        by_chain, diverging = self._drawer(drawing, *asked(self._doubt(_flat(scouts), tuple(given))))
        drawn = {name: of for name, of in by_chain.items() if name != "own"}
        told = summary(drawn, group_by_chain=True)
        flat = _flat(by_chain)
        empty = np.zeros((len(flat["shared"]), 0))
        return Drawn(
            flat["shared"], {site: flat["local"][:, place] for place, site in enumerate(given)},
            flat.get("middle", empty), flat.get("width", empty),
            max(float(np.max(of["r_hat"])) for of in told.values()),
            min(float(np.min(of["n_eff"])) for of in told.values()),
            int(np.sum(diverging)),
        )  # fmt: skip

    def _doubt_at_random(self, sites: int) -> Floats:
        """Return how far off the emulator is at rows left out, which lie anywhere, ``(sites, figures)``."""
        left = np.sqrt(1 - self.emulator.explained) * self.emulator.scale
        return np.tile(left, (sites, 1))

    def _doubt(self, drawn: Mapping[str, Floats], sites: tuple[str, ...]) -> Floats:
        """Return how far off the emulator may be where draws lie, by site, shape ``(sites, figures)``."""
        chosen = np.linspace(0, len(drawn["shared"]) - 1, ASKED).round().astype(int)
        found = []
        for place, site in enumerate(sites):
            standard = np.hstack([drawn["shared"], drawn["local"][:, place]])[chosen]
            doubt = self.emulator.doubt(self.emulator.inputs(standard, [site] * len(standard)))
            found.append(np.sqrt((doubt**2).mean(axis=0)))
        return np.array(found)

    def _covariance(self, known: Floats, noise: Floats, doubt: Floats) -> Floats:
        """Return how figures may lie about those expected, by site, shape ``(sites, figures, figures)``.

        Chance is that of the people known to be carried. Were it that of those expected, a draw could make
        up for figures that are far off by so few people that anything may happen to them.
        """
        people = known[:, CASELOAD]
        people = np.where(np.isnan(people), self.emulator.usual, people)
        deviation = self.emulator.deviation(people, doubt)
        by_model = deviation[:, :, None] * self.emulator.correlation * deviation[:, None, :]
        return np.asarray(by_model + noise[:, :, None] ** 2 * np.eye(len(FIGURES)))

    def _model(self, known: Any, covariance: Any, there: Any) -> None:
        import jax.numpy as jnp
        import numpyro
        from numpyro import distributions as dist

        sites, local = len(there), len(NAMES)
        shared = numpyro.sample("shared", dist.Normal(jnp.zeros(self.shared), 1).to_event(1))
        own = numpyro.sample("own", dist.Normal(jnp.zeros((sites, local)), 1).to_event(2))
        if self.population:
            middle = numpyro.sample("middle", dist.Normal(jnp.zeros(local), MIDDLE).to_event(1))
            width = numpyro.sample("width", dist.HalfNormal(WIDTH * jnp.ones(local)).to_event(1))
            own = middle + width * own
        own = numpyro.deterministic("local", own)
        everywhere = jnp.broadcast_to(shared, (sites, self.shared))
        mean = self.emulator.mean(jnp.concatenate([everywhere, own, there], axis=1), jnp)
        numpyro.sample("figures", dist.MultivariateNormal(mean, covariance).to_event(1), obs=known)


def _flat(by_chain: Mapping[str, Any]) -> dict[str, Floats]:
    """Return a sampler's draws, chain after chain."""
    drawn = {name: np.asarray(of, dtype=float) for name, of in by_chain.items()}
    return {name: of.reshape(-1, *of.shape[2:]) for name, of in drawn.items()}


#: Noise that leaves nothing of a figure, for those that are not known.
_NOT_KNOWN = 1e3


def foreseen(
    emulator: Emulator, standard: Floats, site: str, discrepancy: Floats, luck: np.random.Generator
) -> Floats:
    """Return what draws foresee for one area, chance and discrepancy in it, shape ``(draws, figures)``."""
    inputs = emulator.inputs(standard, [site] * len(standard))
    mean, factor = emulator.mean(inputs), np.linalg.cholesky(emulator.correlation)
    deviation = emulator.deviation(mean[:, CASELOAD], emulator.doubt(inputs))
    chance = luck.standard_normal(mean.shape) @ factor.T * deviation
    return np.asarray(mean + chance + luck.standard_normal(mean.shape) * discrepancy)


def only(given: Given, *names: str) -> Given:
    """Return no more than some figures of what is known."""
    kept = np.array([name in names for name in FIGURES])
    return Given(np.where(kept, given.figures, np.nan), given.discrepancy)
