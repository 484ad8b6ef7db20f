"""What is published about the caseloads of the five pioneer sites: the targets of the fit.

Two tables of Senior and others (2011) describe different people. Table 3.2 counts everybody carried at the
end of December 2009, for the county or force area where the site stands in one. Table 3.3 describes those
matched to the Police National Computer, which are people *ever* identified: 349 of the city of Nottingham
against 591 carried in Nottinghamshire, 1,152 in West Yorkshire against 670, 1,072 in Lancashire against
421. The model's caseload at the census stands beside both.
"""

from typing import NamedTuple


class Target(NamedTuple):
    """A published figure: what it is, where it stands, of whom, and how near a match is asked for."""

    name: str
    label: str
    source: str
    population: str
    value: float
    #: The difference that still counts as a match, in the figure's own unit.
    bar: float

    def is_met(self, value: float) -> bool:
        """Return whether a value of the model is within the bar."""
        return abs(value - self.value) <= self.bar


#: Name, label, and the bar: a share of the figure, or percentage points.
_TABLE_3_2 = (
    ("caseload", "people carried", 0.10, 0.0),
    ("statutory", "under supervision, %", 0.0, 5.0),
    ("ppo", "PPO, %", 0.0, 5.0),
)
_TABLE_3_3 = (
    ("offences", "offences on record", 0.10, 0.0),
    ("occasions", "previous occasions", 0.10, 0.0),
    ("breaches", "breaches of orders", 0.10, 0.0),
    ("first_conviction_age", "age at first conviction", 0.10, 0.0),
    ("age", "age in January 2010", 0.10, 0.0),
)


def _targets(
    area: str, first_id: int, of_3_2: tuple[float, ...], matched: str, count_id: int,
    of_3_3: tuple[float, ...],
) -> tuple[Target, ...]:  # fmt: skip
    """Return a site's targets; the evidence of a row of either table has consecutive identifiers."""
    people = f"{of_3_3[0]:,.0f} matched people of {matched}"
    rows = [
        *zip(_TABLE_3_2, range(first_id, first_id + 3), of_3_2, [f"all carried in {area}"] * 3, strict=True),
        *zip(_TABLE_3_3, range(count_id + 1, count_id + 6), of_3_3[1:], [people] * 5, strict=True),
    ]
    return tuple(
        Target(name, label, f"PE{number:03}", population, value, share * value + points)
        for (name, label, share, points), number, value, population in rows
    )


#: Table 3.2 (caseload, % statutory, % PPO) and Table 3.3 (n, offences, previous primary offences, breaches,
#: age at first conviction, age in January 2010), with the identifiers of their first figures.
SITES: dict[str, tuple[Target, ...]] = {
    "bristol": _targets(
        "Avon and Somerset", 43, (438, 67, 32), "Bristol", 81, (420, 70.2, 22.4, 3.6, 17.98, 29.76)
    ),
    "lancashire": _targets(
        "Lancashire", 46, (421, 34, 22), "Lancashire", 75, (1072, 51.7, 17.4, 4.0, 17.03, 27.66)
    ),
    "nottingham": _targets(
        "Nottinghamshire", 49, (591, 73, 70), "Nottingham", 69, (349, 52.8, 21.7, 7.4, 16.70, 28.54)
    ),
    "west_midlands": _targets(
        "the West Midlands", 52, (215, 50, 41), "the West Midlands", 87,
        (205, 53.2, 21.0, 3.8, 16.17, 26.29),
    ),
    "west_yorkshire": _targets(
        "West Yorkshire", 55, (670, 74, 48), "West Yorkshire", 63, (1152, 45.9, 19.9, 5.0, 15.47, 25.23)
    ),
}  # fmt: skip
