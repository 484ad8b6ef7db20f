"""The local mix: what differs between sites and is published of none, on the scales on which it is moved.

Thirteen values of a site file: how the pool grows, how its breaches are recorded, and what the selection
matrix weighs and where its thresholds lie. Thresholds are told relative to a usual candidate, so that moving
a weight does not move them as well.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from scenarios.tree import value_at
from simulation import Parameters

Floats = NDArray[np.float64]
Transform = Callable[[Any], Any]


class Lever(NamedTuple):
    """A value to move: its scale, there and back, and how far it may plausibly go on that scale."""

    to: Transform
    back: Transform
    spread: float


def _same(value: Any) -> Any:
    return value


_LOG, _LOGIT, _PLAIN = (np.log, np.exp), (logit, expit), (_same, _same)
LEVERS = {
    "pool.first_sanctions_per_year": Lever(*_LOG, 0.8),
    "pool.first_sanction_age_years": Lever(*_PLAIN, 1.0),
    "pool.first_sanction_age_spread_years": Lever(*_LOG, 0.3),
    "pool.leaving_per_year": Lever(*_LOG, 0.5),
    "pool.entry_sanctions": Lever(*_PLAIN, 3.0),
    "pool.history_years": Lever(*_PLAIN, 5.0),
    "pool.offences_per_occasion": Lever(*_LOG, 0.05),
    "sentencing.breach_dealt_with_share": Lever(*_LOGIT, 1.0),
    "cohort.weights.ogrs": Lever(*_LOG, 0.6),
    "cohort.weights.record": Lever(*_LOG, 0.5),
    "cohort.weights.unsupervised": Lever(*_PLAIN, 12.0),
    "cohort.entry_score": Lever(*_PLAIN, 5.0),
    "cohort.ppo_score": Lever(*_PLAIN, 5.0),
}
NAMES = tuple(LEVERS)
SPREAD = np.array([lever.spread for lever in LEVERS.values()])


def usual_score(weights: Any) -> float:
    """Return the score of a usual candidate; thresholds are moved relative to it as weights move."""
    return float(weights["record"] * np.log(21) + weights["ogrs"] * 0.85 + weights["recent_offending"] * 2)


def encode(site: Parameters) -> Floats:
    """Return the levers' values on their scales, thresholds relative to a usual candidate."""
    tree = site.model_dump()
    usual = usual_score(tree["cohort"]["weights"])
    relative = {"cohort.entry_score": usual, "cohort.ppo_score": tree["cohort"]["entry_score"]}
    values = [
        lever.to(value_at(tree, tuple(path.split("."))) - relative.get(path, 0))
        for path, lever in LEVERS.items()
    ]
    return np.array(values, dtype=float)


def decode(site: Parameters, point: Floats) -> Parameters:
    """Return a site with the levers of a point.

    Raises
    ------
    pydantic.ValidationError
        Where a lever leaves its declared range.
    """
    tree = site.model_dump()
    gap = tree["cohort"]["entry_score"] - tree["cohort"]["exit_score"]
    for (path, lever), value in zip(LEVERS.items(), point, strict=True):
        *groups, leaf = path.split(".")
        whole = isinstance(value_at(tree, tuple(path.split("."))), int)
        plain = float(lever.back(value))
        value_at(tree, tuple(groups))[leaf] = round(plain) if whole else float(f"{plain:.4g}")
    cohort = tree["cohort"]
    cohort["entry_score"] = round(cohort["entry_score"] + usual_score(cohort["weights"]), 1)
    cohort["exit_score"] = round(cohort["entry_score"] - gap, 1)
    cohort["ppo_score"] = round(cohort["entry_score"] + cohort["ppo_score"], 1)
    return Parameters.model_validate(tree)
