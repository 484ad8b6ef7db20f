"""Inference: draws of shared behaviour and of every site's local mix, given what is published.

The likelihood is the emulator's: normal, with the spread and correlations of what chance and the emulator
leave, and the discrepancy of each published figure. Shared behaviour is one vector for all sites; the local
mixes are draws of one population, whose middle and width are inferred too, so that a site that was never seen
has a prior. NumPyro's no-U-turn sampler draws from all of it at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibration.emulator import Emulator
from calibration.figures import FIGURES
from calibration.local_mix import NAMES, Floats
from calibration.unknowns import Unknowns

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
        Over all unknowns: convergence (1 is best) and draws that count as independent.
    """

    shared: Floats
    local: Mapping[str, Floats]
    middle: Floats
    width: Floats
    worst_rhat: float
    fewest_effective: float

    def standard(self, site: str) -> Floats:
        """Return draws of a site, shape ``(draws, unknowns)``."""
        return np.hstack([self.shared, self.local[site]])


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
        from numpyro.infer import MCMC, NUTS

        self.emulator, self.shared = emulator, len(unknowns.shared)
        self.population = population
        # What is given comes as arguments, so that one compilation serves every question of one shape.
        self._sampler = MCMC(
            NUTS(self._model, target_accept_prob=0.9), num_warmup=warm_up, num_samples=draws,
            num_chains=chains, chain_method="vectorized", progress_bar=False, jit_model_args=True,
        )  # fmt: skip

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
        self._sampler.run(jax.random.PRNGKey(seed), np.nan_to_num(known), noise, there)
        by_chain = {
            name: np.asarray(of) for name, of in self._sampler.get_samples(group_by_chain=True).items()
        }
        told = summary({name: by_chain[name] for name in ("shared", "local")}, group_by_chain=True)
        flat = {name: of.reshape(-1, *of.shape[2:]) for name, of in by_chain.items()}
        empty = np.zeros((len(flat["shared"]), 0))
        return Drawn(
            flat["shared"], {site: flat["local"][:, place] for place, site in enumerate(given)},
            flat.get("middle", empty), flat.get("width", empty),
            max(float(np.max(of["r_hat"])) for of in told.values()),
            min(float(np.min(of["n_eff"])) for of in told.values()),
        )  # fmt: skip

    def _model(self, known: Any, noise: Any, there: Any) -> None:
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
        deviation = self.emulator.deviation(mean, jnp)
        covariance = deviation[:, :, None] * self.emulator.correlation * deviation[:, None, :]
        covariance = covariance + noise[:, :, None] ** 2 * jnp.eye(len(FIGURES))
        numpyro.sample("figures", dist.MultivariateNormal(mean, covariance).to_event(1), obs=known)


#: Noise that leaves nothing of a figure, for those that are not known.
_NOT_KNOWN = 1e3


def foreseen(
    emulator: Emulator, standard: Floats, site: str, discrepancy: Floats, luck: np.random.Generator
) -> Floats:
    """Return what draws foresee for one area, chance and discrepancy in it, shape ``(draws, figures)``."""
    mean = emulator.mean(emulator.inputs(standard, [site] * len(standard)))
    factor = np.linalg.cholesky(emulator.correlation)
    chance = luck.standard_normal(mean.shape) @ factor.T * emulator.deviation(mean)
    return np.asarray(mean + chance + luck.standard_normal(mean.shape) * discrepancy)


def only(given: Given, *names: str) -> Given:
    """Return no more than some figures of what is known."""
    kept = np.array([name in names for name in FIGURES])
    return Given(np.where(kept, given.figures, np.nan), given.discrepancy)
