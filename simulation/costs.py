"""Costs: what crime, police, courts, prison and orders cost, and how pounds of later years are weighed.

All pounds are in the prices of one year, :data:`simulation.prices.PRICE_YEAR`. What a crime costs society
holds what police, courts and prisons spend on it on average; that share is taken off, since these are
counted here by the offence, the hearing and the day.
"""

from typing import Literal

from simulation.declare import Group, fact, uncertainty

_BROAD = "Police-Supply-Demand, mean hours times mean officers"
_FINE = "Police-Supply-Demand, hours"
_NOT_IN_TABLE = "not in the table"


class AttendanceHours(Group):
    """Officer hours at the scene of a recorded offence."""

    burglary_dwelling: float = uncertainty(
        4.8, unit="hours", low=0, label="Domestic burglary", source=f"EX452, {_BROAD}", likely=(2, 10),
        because="half to double the table's mean, whose spread is wide",
    )  # fmt: skip
    burglary_other: float = uncertainty(
        4.8, unit="hours", low=0, label="Other burglary", source=f"EX452, {_BROAD}"
    )  # fmt: skip
    robbery: float = uncertainty(12.6, unit="hours", low=0, label="Robbery", source=f"EX453, {_BROAD}")
    vehicle_crime: float = uncertainty(
        2, unit="hours", low=0, label="Vehicle crime", source=f"EX454, {_BROAD}"
    )  # fmt: skip
    theft: float = uncertainty(1, unit="hours", low=0, label="Theft", source=f"EX455, {_BROAD}")
    handling: float = uncertainty(1, unit="hours", low=0, label="Handling", source=_NOT_IN_TABLE)
    damage: float = uncertainty(1, unit="hours", low=0, label="Criminal damage", source=_NOT_IN_TABLE)
    violence: float = uncertainty(44, unit="hours", low=0, label="Violence", source=f"EX457, {_BROAD}")
    drugs: float = uncertainty(4.6, unit="hours", low=0, label="Drugs", source=f"EX456, {_BROAD}")
    public_order: float = uncertainty(2, unit="hours", low=0, label="Public order", source=_NOT_IN_TABLE)


class InvestigationHours(Group):
    """Officer hours that the whole investigation of a recorded offence takes."""

    burglary_dwelling: float = uncertainty(
        38.2, unit="hours", low=0, label="Domestic burglary", source=f"EX458, {_FINE}"
    )  # fmt: skip
    burglary_other: float = uncertainty(
        38.2, unit="hours", low=0, label="Other burglary", source=f"EX458, {_FINE}"
    )  # fmt: skip
    robbery: float = uncertainty(86.9, unit="hours", low=0, label="Robbery", source=f"EX459, {_FINE}")
    vehicle_crime: float = uncertainty(
        32.5, unit="hours", low=0, label="Vehicle crime", source=f"EX460, {_FINE}"
    )  # fmt: skip
    theft: float = uncertainty(4.7, unit="hours", low=0, label="Theft", source=f"EX461, {_FINE}")
    handling: float = uncertainty(4.7, unit="hours", low=0, label="Handling", source=_NOT_IN_TABLE)
    damage: float = uncertainty(4.7, unit="hours", low=0, label="Criminal damage", source=_NOT_IN_TABLE)
    violence: float = uncertainty(44, unit="hours", low=0, label="Violence", source=_NOT_IN_TABLE)
    drugs: float = uncertainty(4.7, unit="hours", low=0, label="Drugs", source=_NOT_IN_TABLE)
    public_order: float = uncertainty(4.7, unit="hours", low=0, label="Public order", source=_NOT_IN_TABLE)


class Severity(Group):
    """Harm of an offence on the crime severity scale, where a number was found; the rest is assumed."""

    burglary_dwelling: float = uncertainty(465.38, unit="points", low=0, label="Domestic burglary",
                                           source="EX458, crime severity score")  # fmt: skip
    burglary_other: float = uncertainty(230, unit="points", low=0, label="Other burglary")
    robbery: float = uncertainty(799.63, unit="points", low=0, label="Robbery",
                                 source="EX459, crime severity score")  # fmt: skip
    vehicle_crime: float = uncertainty(
        128.43, unit="points", low=0, label="Vehicle crime", likely=(30, 130),
        source="EX460, crime severity score of theft of a vehicle",
        because="most vehicle crime is theft from a vehicle, which weighs less than the table's theft of one",
    )  # fmt: skip
    theft: float = uncertainty(
        80.41, unit="points", low=0, label="Theft", likely=(10, 81),
        source="EX461, crime severity score of theft from the person",
        because="most theft is from shops, which weighs less than the table's theft from the person",
    )  # fmt: skip
    handling: float = uncertainty(40, unit="points", low=0, label="Handling stolen goods")
    damage: float = uncertainty(30, unit="points", low=0, label="Criminal damage")
    violence: float = uncertainty(200, unit="points", low=0, label="Violence")
    drugs: float = uncertainty(30, unit="points", low=0, label="Drugs")
    public_order: float = uncertainty(30, unit="points", low=0, label="Public order")


class Costs(Group):
    """Public money that people in custody and in court cost, and how pounds are weighed."""

    custody_gbp_a_year: float = fact(
        39_000,
        unit="gbp a year",
        low=0,
        label="Cost of a prisoner",
        source="EX296, 2007/08",
        confidence="published",
    )
    crime_price_ratio: float = uncertainty(
        0.88, unit="ratio", low=0.1, high=2, label="Price level here over that of the costs of crime",
        source="2007/08 over 2015/16, EX450, not checked against the published table", likely=(0.8, 0.95),
        because="one general price level over eight years, and crime's costs may have moved otherwise",
    )  # fmt: skip
    court_case_gbp: float = fact(
        500, unit="gbp", low=0, label="Cost of a case in court",
        source="between EX304 (magistrates, 174) and EX305 (Crown Court, 1,488)",
    )  # fmt: skip
    community_order_gbp: float = uncertainty(
        1_360, unit="gbp", low=0, label="Cost of a community order",
        source="EX265, 1,400 pounds for a year with drug treatment, in 2007/08 prices", likely=(800, 4_100),
        because="less than a year's order with drug treatment to a highly intensive one (EX264)",
    )  # fmt: skip
    crime_response_share: float = uncertainty(
        0.25, unit="share", low=0, high=1,
        label="Part of the cost of a crime that is police and justice, which is counted by itself",
        likely=(0.1, 0.4), because="the published table gives it by crime, and was not read",
    )  # fmt: skip
    police_effort: Literal["attendance", "investigation"] = uncertainty(
        "attendance", unit="choice", label="Which table of police effort an offence is reckoned by"
    )
    attendance_hours: AttendanceHours = AttendanceHours()
    investigation_hours: InvestigationHours = InvestigationHours()
    police_hour_gbp: float = uncertainty(
        34, unit="gbp", low=0, label="Cost of an officer's hour",
        source="EX297: 45,500 pounds in 2005 over 1,420 hours on duty, in 2007/08 prices", likely=(25, 50),
        because="pay alone, to the 50 pounds that the table of investigations reckons with",
    )  # fmt: skip
    replacement_share: float = uncertainty(
        0.0, unit="share", low=0, high=1, label="Offences averted that somebody else commits instead",
        likely=(0, 0.5), because="none for an addict's thefts, half where a market waits to be served",
    )  # fmt: skip
    discount_rate: float = fact(
        0.035, unit="share", low=0, high=0.2, label="Yearly discount of later pounds",
        source="EX462, Green Book", confidence="expert",
    )  # fmt: skip
    optimism_cost_share: float = uncertainty(
        0.1, unit="share", low=0, high=2, label="Optimism bias: added to what the partnership costs",
        likely=(0, 0.41), because="nothing where costs are known, to the Green Book's 41% (EX463)",
    )  # fmt: skip
    optimism_benefit_share: float = uncertainty(
        0.15, unit="share", low=0, high=1, label="Optimism bias: taken off what it saves",
        likely=(0, 0.4), because="the Green Book has no generic value for benefits and asks for one",
    )  # fmt: skip
    severity: Severity = Severity()
