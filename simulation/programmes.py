"""Programmes: what each pathway offers, with places that people outside the scheme want as well."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Literal, Self

import numpy as np
from pydantic import model_validator

from simulation import needs
from simulation.declare import Group, lever, uncertainty

Pathway = Literal[
    "accommodation", "employment", "health", "drugs", "alcohol", "finance", "family", "attitudes",
    "activities",
]  # fmt: skip
PATHWAYS: tuple[Pathway, ...] = (
    "accommodation", "employment", "health", "drugs", "alcohol", "finance", "family", "attitudes",
    "activities",
)  # fmt: skip
#: The needs that each pathway works on.
MEETS: Mapping[Pathway, tuple[str, ...]] = {
    "accommodation": ("accommodation",),
    "employment": ("unemployed",),
    "health": ("mental_health",),
    "drugs": ("heroin", "crack", "cannabis", "drug_motivation"),
    "alcohol": ("chronic_drinking", "binge_drinking"),
    "finance": ("debt",),
    "family": ("family",),
    "attitudes": ("impulsivity", "pro_criminal_attitudes"),
    "activities": ("activities_encourage_offending",),
}
#: Columns of the needs that each pathway works on, and whether each need is one of a pathway's.
COLUMNS = tuple(np.array([needs.NAMES.index(item) for item in MEETS[pathway]]) for pathway in PATHWAYS)
WORKS_ON = np.array([[item in MEETS[pathway] for item in needs.NAMES] for pathway in PATHWAYS])


class Programme(Group):
    """One pathway's programme in the area. No source gives waits or drop-out for these people but one."""

    places: int = lever(20, unit="places", low=0, high=10_000, label="Places")
    outside_per_week: float = uncertainty(
        1.0, unit="per week", low=0, high=500, label="People from outside the scheme referred"
    )
    weeks: int = uncertainty(12, unit="weeks", low=1, high=156, label="Length")
    longest_wait_days: float = uncertainty(
        120, unit="days", low=1, high=1000, label="Days of waiting after which a referral lapses"
    )
    missed_weeks: int = uncertainty(
        3, unit="weeks", low=1, high=52, label="Weeks missed in a row after which the place is lost"
    )
    attendance: float = uncertainty(
        0.8, unit="log-odds", low=-4, high=6, label="Attendance of a week's sessions at average trust"
    )
    met_share: float = uncertainty(
        0.5, unit="share", low=0, high=1, label="Chance that completing it meets a need"
    )
    relapse_per_year: float = uncertainty(
        0.5, unit="per year", low=0, high=20, label="How often a met need comes back"
    )
    requires: tuple[Pathway, ...] = lever(
        (), unit="choice", label="Pathways whose known needs have to be met or worked on first"
    )
    fast_track: bool = lever(False, label="People from the scheme go ahead of others who wait for a place")
    cost_gbp_a_place_year: float = uncertainty(3_000, unit="gbp a year", low=0, label="Cost of a place")


class Programmes(Group):
    """The programmes of the area."""

    accommodation: Programme = Programme(
        places=110, outside_per_week=1.5, weeks=26, attendance=1.5, met_share=0.6, cost_gbp_a_place_year=8_000
    )
    employment: Programme = Programme(
        places=60, outside_per_week=2.0, weeks=16, met_share=0.25, requires=("accommodation",)
    )
    health: Programme = Programme(places=50, outside_per_week=1.0, weeks=16, met_share=0.4)
    drugs: Programme = Programme(
        places=420, outside_per_week=6.0, weeks=26, attendance=1.2, missed_weeks=4, met_share=0.35,
        relapse_per_year=0.8, longest_wait_days=60, cost_gbp_a_place_year=4_500,
    )  # fmt: skip
    alcohol: Programme = Programme(places=60, outside_per_week=1.5, weeks=12, met_share=0.4)
    finance: Programme = Programme(places=25, outside_per_week=1.5, weeks=6, met_share=0.6)
    family: Programme = Programme(places=20, outside_per_week=0.7, weeks=12, met_share=0.4)
    attitudes: Programme = Programme(
        places=60, outside_per_week=1.5, weeks=16, met_share=0.35, relapse_per_year=0.3
    )
    activities: Programme = Programme(places=60, outside_per_week=0.5, weeks=12, cost_gbp_a_place_year=600)

    @model_validator(mode="after")
    def _none_waits_for_itself(self) -> Self:
        try:
            TopologicalSorter({one: getattr(self, one).requires for one in PATHWAYS}).prepare()
        except CycleError as error:
            circle = ", ".join(error.args[1][1:])
            raise ValueError(
                f"pathways {circle} wait for each other; expected requires that lead nowhere back"
            ) from None
        return self

    def each(self) -> tuple[Programme, ...]:
        """Return the programmes in the order of :data:`PATHWAYS`."""
        return tuple(getattr(self, pathway) for pathway in PATHWAYS)
