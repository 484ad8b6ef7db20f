"""Kinds of offence, and what the official instruments and the statistics call them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from pydantic import model_validator

from simulation import ogrs3, predictor
from simulation.declare import Group, uncertainty


@dataclass(frozen=True)
class Kind:
    """One kind of offence, with its group in each predictor."""

    name: str
    predictor: str
    ogrs3: str
    serious_acquisitive: bool = False


KINDS = (
    Kind("burglary_dwelling", "burglary_domestic", "burglary_domestic", True),
    Kind("burglary_other", "burglary_other", "burglary_other"),
    Kind("robbery", "acquisitive_violence", "robbery", True),
    Kind("vehicle_crime", "vehicle_related_theft", "theft_from_vehicles", True),
    Kind("theft", "theft_non_motor", "theft_non_motor"),
    Kind("handling", "handling_stolen_goods", "handling_stolen_goods"),
    Kind("damage", "criminal_damage", "criminal_damage"),
    Kind("violence", "violence_against_the_person_sub_abh", "violence"),
    Kind("drugs", "drug_possession_or_supply", "drug_possession_supply"),
    Kind("public_order", "public_order_and_harassment", "public_order"),
)
NAMES = tuple(kind.name for kind in KINDS)

#: Log-odds of each kind in the dynamic predictor and in OGRS3, in the order of :data:`KINDS`.
PREDICTOR_LOG_ODDS = np.array([predictor.DYNAMIC.offence[kind.predictor] for kind in KINDS])
OGRS3_LOG_ODDS = np.array([ogrs3.OFFENCE[kind.ogrs3] for kind in KINDS])
#: Serious acquisitive crime: domestic burglary, robbery and vehicle crime.
SERIOUS_ACQUISITIVE = np.array([kind.serious_acquisitive for kind in KINDS])

_DETECTION = "Home Office sanction detections 2006/07"
_RECORDED = "Dubourg and others 2005 (HO Online 30/05), recorded-to-actual multiplier"
_COST = "Heeks and others 2018 (HO Research Report 99), 2015/16 prices"


class ProvenMix(Group):
    """What prolific offenders are sanctioned for: weights, made to sum to one."""

    burglary_dwelling: float = uncertainty(0.12, unit="share", low=0, high=1, label="Domestic burglary")
    burglary_other: float = uncertainty(0.07, unit="share", low=0, high=1, label="Other burglary")
    robbery: float = uncertainty(0.03, unit="share", low=0, high=1, label="Robbery")
    vehicle_crime: float = uncertainty(0.10, unit="share", low=0, high=1, label="Vehicle crime")
    theft: float = uncertainty(0.50, unit="share", low=0, high=1, label="Theft, not of vehicles")
    handling: float = uncertainty(0.04, unit="share", low=0, high=1, label="Handling stolen goods")
    damage: float = uncertainty(0.05, unit="share", low=0, high=1, label="Criminal damage")
    violence: float = uncertainty(0.08, unit="share", low=0, high=1, label="Violence")
    drugs: float = uncertainty(0.08, unit="share", low=0, high=1, label="Drugs")
    public_order: float = uncertainty(0.07, unit="share", low=0, high=1, label="Public order")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not by_kind(self).any():
            raise ValueError("every kind has a weight of 0; expected at least one above 0")
        return self


class Detection(Group):
    """Share of recorded offences that end in a sanction detection.

    All of it is taken as detection of the offence itself. Published figures count offences taken into
    consideration too, which here come on top, so that committed offences are rather too few.
    """

    burglary_dwelling: float = uncertainty(
        0.14, unit="share", low=0.02, high=1, label="Domestic burglary", source=f"EX282, {_DETECTION}",
        confidence="published",
    )  # fmt: skip
    burglary_other: float = uncertainty(
        0.14, unit="share", low=0.02, high=1, label="Other burglary", source=f"EX282, {_DETECTION}",
        confidence="published",
    )  # fmt: skip
    robbery: float = uncertainty(
        0.18, unit="share", low=0.02, high=1, label="Robbery", source=f"EX283, {_DETECTION}",
        confidence="published",
    )  # fmt: skip
    vehicle_crime: float = uncertainty(
        0.10, unit="share", low=0.02, high=1, label="Vehicle crime", source=f"EX284, {_DETECTION}",
        confidence="published",
    )  # fmt: skip
    theft: float = uncertainty(
        0.22, unit="share", low=0.02, high=1, label="Theft", source=f"EX285, {_DETECTION}",
        confidence="published",
    )  # fmt: skip
    handling: float = uncertainty(0.9, unit="share", low=0.02, high=1, label="Handling stolen goods")
    damage: float = uncertainty(
        0.13, unit="share", low=0.02, high=1, label="Criminal damage", source=f"EX286, {_DETECTION}",
        confidence="published",
    )  # fmt: skip
    violence: float = uncertainty(
        0.46, unit="share", low=0.02, high=1, label="Violence", source=f"EX287, {_DETECTION}",
        confidence="published",
    )  # fmt: skip
    drugs: float = uncertainty(0.95, unit="share", low=0.02, high=1, label="Drugs")
    public_order: float = uncertainty(0.7, unit="share", low=0.02, high=1, label="Public order")


class ActualPerRecorded(Group):
    """Offences committed for each one the police record."""

    burglary_dwelling: float = uncertainty(
        2.8, unit="ratio", low=1, high=20, label="Domestic burglary", source=f"EX320, {_RECORDED}, unverified"
    )
    burglary_other: float = uncertainty(
        1.9, unit="ratio", low=1, high=20, label="Other burglary", source="no source; between EX320 and EX326"
    )
    robbery: float = uncertainty(
        4.8, unit="ratio", low=1, high=20, label="Robbery", source=f"EX322, {_RECORDED}, unverified"
    )
    vehicle_crime: float = uncertainty(
        2.4, unit="ratio", low=1, high=20, label="Vehicle crime",
        source=f"middle of EX326 (1.3, of vehicles) and EX328 (3.5, from vehicles), {_RECORDED}, unverified",
    )  # fmt: skip
    theft: float = uncertainty(
        2.7, unit="ratio", low=1, high=20, label="Theft", source=f"EX324, {_RECORDED}, unverified"
    )
    handling: float = uncertainty(3.0, unit="ratio", low=1, high=20, label="Handling stolen goods")
    damage: float = uncertainty(
        5.9, unit="ratio", low=1, high=20, label="Criminal damage", source=f"EX330, {_RECORDED}, unverified"
    )
    violence: float = uncertainty(
        1.5, unit="ratio", low=1, high=20, label="Violence", source=f"EX332, {_RECORDED}, unverified"
    )
    drugs: float = uncertainty(10.0, unit="ratio", low=1, high=100, label="Drugs")
    public_order: float = uncertainty(3.0, unit="ratio", low=1, high=20, label="Public order")


class CrimeCost(Group):
    """Cost to society of one committed offence."""

    burglary_dwelling: float = uncertainty(
        5930, unit="gbp", low=0, label="Domestic burglary", source=f"EX308, {_COST}, unverified"
    )
    burglary_other: float = uncertainty(
        5930, unit="gbp", low=0, label="Other burglary",
        source=f"as domestic (EX308); commercial is EX309, 15,460, {_COST}, unverified",
    )  # fmt: skip
    robbery: float = uncertainty(
        11320, unit="gbp", low=0, label="Robbery", source=f"EX310, {_COST}, unverified"
    )
    vehicle_crime: float = uncertainty(
        3220, unit="gbp", low=0, label="Vehicle crime",
        source=f"one quarter EX312 (10,290) and three quarters EX313 (870), {_COST}, unverified",
    )  # fmt: skip
    theft: float = uncertainty(970, unit="gbp", low=0, label="Theft", source=f"EX315, {_COST}, unverified")
    handling: float = uncertainty(0, unit="gbp", low=0, label="Handling stolen goods")
    damage: float = uncertainty(
        1350, unit="gbp", low=0, label="Criminal damage", source=f"EX316, {_COST}, unverified"
    )
    violence: float = uncertainty(
        5930, unit="gbp", low=0, label="Violence", source=f"EX318 (without injury), {_COST}, unverified"
    )
    drugs: float = uncertainty(0, unit="gbp", low=0, label="Drugs")
    public_order: float = uncertainty(0, unit="gbp", low=0, label="Public order")


def by_kind(mix: Group) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the values of a one-field-a-kind group, in the order of :data:`KINDS`."""
    return np.array([getattr(mix, name) for name in NAMES], dtype=float)
