"""Contact plans: how many contacts a week each band asks of each agency, and the rules around them."""

import numpy as np
from numpy.typing import NDArray

from simulation.declare import Group, lever, uncertainty
from simulation.slots import SLOTS


class Plan(Group):
    """Contacts a week that a band asks for."""

    police_per_week: float = lever(0.0, unit="per week", low=0, high=5, label="Police visits")
    neighbourhood_police_per_week: float = lever(
        0.0, unit="per week", low=0, high=5, label="Visits by neighbourhood police"
    )
    probation_per_week: float = lever(0.0, unit="per week", low=0, high=5, label="Probation appointments")
    prison_per_week: float = lever(0.0, unit="per week", low=0, high=5, label="Visits by prison staff")
    drug_treatment_per_week: float = lever(
        0.0, unit="per week", low=0, high=5, label="Drug treatment appointments of heroin and crack users"
    )
    vcs_per_week: float = lever(
        0.0, unit="per week", low=0, high=5, label="Contacts with the voluntary sector"
    )
    disruption_per_week: float = lever(0.0, unit="per week", low=0, high=5, label="Disruption visits")

    def weekly(self) -> list[float]:
        """Return contacts a week in the order of :data:`SLOTS`."""
        return [getattr(self, f"{slot.name}_per_week") for slot in SLOTS]


class Plans(Group):
    """The contact plan of each band, and the rules around it."""

    red: Plan = Plan(
        police_per_week=2.0, neighbourhood_police_per_week=0.5, probation_per_week=1.0,
        drug_treatment_per_week=1.0, vcs_per_week=0.25, disruption_per_week=0.25,
    )  # fmt: skip
    amber: Plan = Plan(
        police_per_week=0.5, neighbourhood_police_per_week=0.1, probation_per_week=1.0,
        drug_treatment_per_week=0.5, vcs_per_week=0.15,
    )  # fmt: skip
    green: Plan = Plan(
        police_per_week=0.15, probation_per_week=0.5, drug_treatment_per_week=0.25, vcs_per_week=0.1
    )
    blue: Plan = Plan(probation_per_week=0.05, prison_per_week=0.1)
    intelligence_needed: float = lever(
        0.5, unit="points", low=0, high=100,
        label="Known offending without which people under no supervision get no disruption visit",
    )  # fmt: skip
    joint_wait_days: float = uncertainty(
        2, unit="days", low=0, high=60, label="Days a joint visit is tried for before agencies go alone"
    )
    missed_share: float = uncertainty(
        0.4, unit="share", low=0, high=1, label="Share of the work that a missed contact takes all the same"
    )

    def matrix(self) -> NDArray[np.float64]:
        """Return contacts a week, shape ``(bands, slots)``, bands by code; white and none ask for nothing."""
        none = [0.0] * len(SLOTS)
        return np.array(
            [self.green.weekly(), self.amber.weekly(), self.red.weekly(), self.blue.weekly(), none, none]
        )
