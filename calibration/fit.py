"""Fit a site's pool and thresholds to what is published about its caseload.

Thirteen values that nobody published are moved until eight figures that were published come out. Runs are
drawn around the best point known, a linear surrogate of the figures is fitted to the runs near it, and the
next point is where the surrogate matches best without going far from a prior. The result is one good point
for a site file, not a distribution: it says that the model *can* match, not that nothing else would.
"""

from argparse import ArgumentParser
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError
from scipy.optimize import least_squares
from scipy.special import expit, logit
from scipy.stats import norm, qmc

from calibration.census import at_census
from calibration.local_mix import LEVERS, NAMES, SPREAD, decode, encode
from calibration.published import SITES, Target
from scenarios import load
from scenarios.tree import value_at
from simulation import Parameters

Floats = NDArray[np.float64]


#: Runs a round; how far they scatter at first and at last, and how far a step goes, in spreads.
RUNS, WIDE, NARROW, STEP = 24, 0.25, 0.08, 2.2
#: A caseload below this says nothing of its means.
FEWEST = 25
#: Weight of the prior against a figure half a bar away.
PRIOR = 0.15


def _on_scale(target: Target, value: float) -> float:
    """Return a figure on the scale on which the surrogate is linear: log counts, logit shares."""
    if target.label.endswith("%"):
        return float(logit(np.clip(value / 100, 0.005, 0.995)))
    return float(np.log(max(value, 1e-3)))


def _off_scale(target: Target, value: float) -> float:
    return float(100 * expit(value) if target.label.endswith("%") else np.exp(value))


class Fit:
    """One site's fit.

    Parameters
    ----------
    base
        The site as its file has it, which is where the fit begins.
    targets
        What is to come out.
    pool
        Where runs are made.
    """

    def __init__(self, base: Parameters, targets: Sequence[Target], pool: Executor) -> None:
        self.base, self.targets, self.pool = base, targets, pool
        self.wanted = np.array([_on_scale(target, target.value) for target in self.targets])
        above = np.array([_on_scale(target, target.value + target.bar / 2) for target in self.targets])
        self.half_bar = above - self.wanted
        self.prior = self.centre = encode(self.base)
        self.points, self.figures = np.zeros((0, len(NAMES))), np.zeros((0, len(self.targets)))
        self.sampler = qmc.LatinHypercube(len(NAMES), rng=1)
        self.best = (np.inf, self.centre, self.wanted)

    def found(self) -> list[float]:
        """Return the figures at the best point, in the targets' own units."""
        return [_off_scale(it, value) for it, value in zip(self.targets, self.best[2], strict=True)]

    def round(self, width: float, number: int) -> None:
        """Run around the centre, and move it to where the surrogate matches best."""
        scatter = norm.ppf(self.sampler.random(RUNS).clip(1e-3, 1 - 1e-3)) * width * SPREAD
        points = np.vstack([self.centre + scatter, self.centre, self.centre])
        kept, figures = self._run(points, number)
        self.points = np.vstack([self.points, points[kept]])
        self.figures = np.vstack([self.figures, figures])
        at_centre = figures[kept[:-2].sum() :]
        if len(at_centre):
            found = at_centre.mean(axis=0)
            loss = float((((found - self.wanted) / self.half_bar) ** 2).sum())
            self.best = min(self.best, (loss, self.centre, found), key=lambda one: one[0])
        self.centre = self._step(width)

    def _run(self, points: Floats, number: int) -> tuple[NDArray[np.bool_], Floats]:
        running: list[Future[dict[str, float]] | None] = []
        for place, point in enumerate(points):
            try:
                parameters = decode(self.base, point)
            except ValidationError:
                running.append(None)
            else:
                running.append(self.pool.submit(at_census, parameters, number * len(points) + place))
        found = [one.result() if one else {"caseload": 0.0} for one in running]
        kept = np.array([one["caseload"] >= FEWEST for one in found])
        figures = [
            [_on_scale(target, one[target.name]) for target in self.targets]
            for one, keep in zip(found, kept, strict=True)
            if keep
        ]
        return kept, np.array(figures).reshape(-1, len(self.targets))

    def _step(self, width: float) -> Floats:
        away = (self.points - self.centre) / SPREAD
        near = np.exp(-(away**2).sum(axis=1) / (2 * len(NAMES) * (1.5 * width) ** 2))[:, None]
        design = np.hstack([np.ones((len(away), 1)), away])
        ridge = np.diag([0.0] + [0.02] * len(NAMES))
        slopes = np.linalg.solve(design.T @ (near * design) + ridge, design.T @ (near * self.figures))
        begun = (self.centre - self.prior) / SPREAD

        def misses(move: Floats) -> Floats:
            figures = (slopes[0] + move @ slopes[1:] - self.wanted) / self.half_bar
            return np.concatenate([figures, PRIOR * (begun + move)])

        found = least_squares(misses, np.zeros(len(NAMES)), bounds=(-STEP * width, STEP * width))
        return np.asarray(self.centre + found.x * SPREAD)


def values(site: Parameters) -> dict[str, Any]:
    """Return what a fit sets, by dotted key."""
    tree = site.model_dump()
    return {path: value_at(tree, tuple(path.split("."))) for path in (*LEVERS, "cohort.exit_score")}


def report(site: str, fit: Fit) -> None:
    """Print how near the best point is, and its values for the site's file."""
    loss, point, _ = fit.best
    print(f"{site}: misses in half bars, squared {loss:.1f}")
    for path, value in values(decode(fit.base, point)).items():
        print(f"  {path}: {value}", flush=True)


def main() -> None:
    """Fit the sites named, so many rounds each, and print every better point."""
    asked = ArgumentParser(description=main.__doc__)
    asked.add_argument("site", nargs="+", choices=SITES)
    asked.add_argument("--rounds", type=int, default=12)
    given = asked.parse_args()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for site in given.site:
            fit = Fit(load(site).timeline[0][1], SITES[site], pool)
            for number in range(given.rounds):
                before = fit.best[0]
                fit.round(max(NARROW, WIDE * 0.85**number), number)
                if fit.best[0] < before:
                    report(site, fit)


if __name__ == "__main__":
    main()
