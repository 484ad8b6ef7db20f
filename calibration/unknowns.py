"""The unknowns of the calibration: shared behaviour and the local mix, as one vector with a prior.

Every unknown is moved on a scale on which its prior is normal: logarithms of what is positive, log-odds of
shares, and plain values of the rest, kept within what a file may say. Shared behaviour has its prior from the
likely range of its declaration. All sites have one prior of the local mix, which is centred on none of them;
it was set knowing the points at which each site was fitted by hand, and wide enough to hold all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import norm

from calibration import local_mix
from calibration.local_mix import Floats, Transform
from scenarios.tree import Path, declared_at
from simulation import Parameters
from simulation.likely import likely

#: What is taken to be the same everywhere: effects of the partnership, how people answer, news, justice.
SHARED: tuple[str, ...] = (
    "response.log_odds_per_hour", "response.deterrence_log_odds", "response.detection_per_hour",
    "pathways.relief.effect", "enforcement.acted_share",
    "response.saturation_hours", "response.usual_minutes_statutory", "pathways.relief.anyway_statutory",
    "engagement.attendance", "engagement.statutory", "engagement.at_home", "engagement.per_trust",
    "engagement.trust_at_outset", "engagement.trust_per_contact", "motivation.own",
    "information.between_agencies_days", "intelligence.reports_per_offence", "memory.offending_months",
    "offending.conviction_share", "courts.remand_share", "sentencing.custody_first_sanction",
    "sentencing.custody_per_log_sanctions", "sentencing.community_order_share", "sentencing.breach_share",
    "needs.renewed_per_year",
)  # fmt: skip


class _Scale(NamedTuple):
    to: Transform
    back: Transform


_SCALES = {
    "log": _Scale(np.log, np.exp), "log-odds": _Scale(logit, expit),
    "plain": _Scale(np.asarray, np.asarray),
}  # fmt: skip
#: A likely range holds nine cases of ten.
_NINE_IN_TEN = float(norm.ppf(0.95))
#: The middle of the common prior of the local mix, by key, and how wide it is in the spreads of its levers.
_COMMON = {
    "pool.first_sanctions_per_year": float(np.log(6000)),
    "pool.first_sanction_age_years": 14.9,
    "pool.first_sanction_age_spread_years": float(np.log(1.3)),
    "pool.leaving_per_year": float(np.log(0.065)),
    "pool.entry_sanctions": 13.0,
    "pool.history_years": 18.0,
    "pool.offences_per_occasion": float(np.log(2.6)),
    "sentencing.breach_dealt_with_share": float(logit(0.3)),
    "cohort.weights.ogrs": float(np.log(50)),
    "cohort.weights.record": float(np.log(16)),
    "cohort.weights.unsupervised": 8.0,
    "cohort.entry_score": 11.0,
    "cohort.ppo_score": 8.0,
}
_WIDTHS = {"pool.offences_per_occasion": 3.0}


@dataclass(frozen=True)
class Shared:
    """One unknown of shared behaviour: its scale, its prior there, and its limits."""

    key: str
    scale: str
    centre: float
    spread: float
    low: float
    high: float

    @property
    def path(self) -> Path:
        """The key as a path."""
        return tuple(self.key.split("."))

    def value(self, on_scale: Floats) -> Floats:
        """Return plain values, within what a file may say."""
        return np.asarray(np.clip(_SCALES[self.scale].back(on_scale), self.low, self.high))


def shared(key: str) -> Shared:
    """Return an unknown of shared behaviour, as its declaration has it."""
    declared = declared_at(Parameters, key)
    found = likely(declared)
    if found is None:
        raise KeyError(key)
    about: Any = declared.json_schema_extra
    scale = "plain"
    if found.low > 0 and about["unit"] != "log-odds":
        scale = "log-odds" if about["unit"] in ("share", "probability") and found.high < 1 else "log"
    to = _SCALES[scale].to
    low, high = float(to(found.low)), float(to(found.high))
    limits = [-np.inf, np.inf]
    for limit in declared.metadata:
        limits[0] = max(limits[0], getattr(limit, "ge", -np.inf), getattr(limit, "gt", -np.inf))
        limits[1] = min(limits[1], getattr(limit, "le", np.inf))
    return Shared(key, scale, (low + high) / 2, (high - low) / (2 * _NINE_IN_TEN), *limits)


class Unknowns:
    """All unknowns of one site, on their scales: shared behaviour first, then the local mix.

    Parameters
    ----------
    keys
        The shared ones.
    """

    def __init__(self, keys: Sequence[str] = SHARED) -> None:
        self.shared = tuple(shared(key) for key in keys)
        self.names = (*keys, *local_mix.NAMES)
        widths = [_WIDTHS.get(key, 1.0) for key in local_mix.NAMES]
        self.centre = np.array([*(one.centre for one in self.shared), *_COMMON.values()])
        self.spread = np.array([*(one.spread for one in self.shared), *(local_mix.SPREAD * widths)])

    def __len__(self) -> int:
        return len(self.names)

    def local_of(self, site: Parameters) -> Floats:
        """Return the local mix of a site as its file has it, shape ``(local,)``."""
        return local_mix.encode(site)

    def prior(self, unit: Floats) -> Floats:
        """Return points of the prior for points of the unit cube, shape ``(n, unknowns)``."""
        return np.asarray(self.centre + norm.ppf(unit) * self.spread)

    def placed(self, site: Parameters, point: Floats) -> Parameters:
        """Return a site with the values of a point.

        Raises
        ------
        pydantic.ValidationError
            Where values cannot stand together.
        """
        tree = local_mix.decode(site, point[len(self.shared) :]).model_dump()
        for one, on_scale in zip(self.shared, point, strict=False):
            *groups, leaf = one.path
            here = tree
            for name in groups:
                here = here[name]
            here[leaf] = float(one.value(np.asarray(on_scale)))
        return Parameters.model_validate(tree)

    def standard(self, points: NDArray[np.float64]) -> Floats:
        """Return points in spreads from the middle of the prior, shape ``(n, unknowns)``."""
        return np.asarray((points - self.centre) / self.spread)
