"""What is published about the caseloads of the five pioneer sites: the targets.

Two tables of Senior and others (2011) describe different people. Table 3.2 counts everybody carried at the
end of December 2009, for the county or force area where the site stands in one. Table 3.3 describes those
matched to the Police National Computer, which are people *ever* identified: 349 of the city of Nottingham
against 591 carried in Nottinghamshire, 1,152 in West Yorkshire against 670, 1,072 in Lancashire against
421. The model's caseload at the census stands beside both.

Two more figures are looser. Table 3.1 tells who left within a month of being taken on, in one site that is
not named and of an unknown number of people. How many people pass through follows from counts of those
*ever* identified over those carried, which are of different places and matched to different records.
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
    "west-midlands": _targets(
        "the West Midlands", 52, (215, 50, 41), "the West Midlands", 87,
        (205, 53.2, 21.0, 3.8, 16.17, 26.29),
    ),
    "west-yorkshire": _targets(
        "West Yorkshire", 55, (670, 74, 48), "West Yorkshire", 63, (1152, 45.9, 19.9, 5.0, 15.47, 25.23)
    ),
}  # fmt: skip

_QUICK_EXITS_OF = "entrants of one site that is not named, their number unknown"
#: Table 3.1, by cell: de-selected less than a month after their start, per cent. The site is not named and
#: the number of people not given, so that five points either way count as a match: with a hundred entrants
#: in a cell, chance alone would move it by as much.
QUICK_EXITS: dict[str, Target] = {
    cell: Target(cell, f"left within a month, {label}, %", source, _QUICK_EXITS_OF, value, 5.0)
    for cell, label, source, value in (
        ("ppo_statutory", "PPO under supervision", "PE025", 8.8),
        ("ppo_non_statutory", "PPO under no supervision", "PE024", 10.9),
        ("other_statutory", "others under supervision", "PE023", 6.3),
        ("other_non_statutory", "others under no supervision", "PE022", 9.0),
    )
}
#: All four cells together. The numbers of people are not published, so that it adds nothing to the cells.
QUICK_EXITS_TOTAL = Target("all", "left within a month, all, %", "PE026", _QUICK_EXITS_OF, 8.3, 5.0)


def _throughput(name: str, ever: float, carried: float, source: str, population: str) -> Target:
    """Return people ever identified for each one carried; half of it either way counts as a match."""
    return Target(
        name, "ever identified, over carried", source, population, ever / carried, ever / carried / 2
    )


#: People ever identified since each site began, for each one carried at the end of December 2009: in all,
#: and by site as far as Table 3.3 tells, which holds those matched to the Police National Computer alone and,
#: in Nottingham and Bristol, those of the city over those carried in the county.
THROUGHPUT: dict[str, Target] = {
    "all": _throughput("identified_per_carried", 3321, 2335, "PE015 over PE058", "all five sites"),
    "bristol": _throughput(
        "matched_per_carried", 420, 438, "PE081 over PE043", "Bristol, over Avon and Somerset"
    ),
    "lancashire": _throughput("matched_per_carried", 1072, 421, "PE075 over PE046", "Lancashire"),
    "nottingham": _throughput(
        "matched_per_carried", 349, 591, "PE069 over PE049", "Nottingham, over Nottinghamshire"
    ),
    "west-midlands": _throughput("matched_per_carried", 205, 215, "PE087 over PE052", "the West Midlands"),
    "west-yorkshire": _throughput("matched_per_carried", 1152, 670, "PE063 over PE055", "West Yorkshire"),
}
