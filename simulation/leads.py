"""Lead professionals: which agency leads on a person, by rule."""

import numpy as np
from numpy.typing import NDArray

from simulation.bands import RED
from simulation.co_location import AGENCIES, Agency
from simulation.declare import Group, lever


class Leads(Group):
    """The rule: the first that fits, in this order."""

    statutory: Agency = lever("probation", unit="choice", label="Lead on people under supervision")
    red: Agency = lever("police", unit="choice", label="Lead on others in red")
    drug_users: Agency = lever("drug_treatment", unit="choice", label="Lead on other heroin and crack users")
    others: Agency = lever("vcs", unit="choice", label="Lead on everybody else")
    handover_minutes: float = lever(
        45, unit="minutes", low=0, high=480, label="Minutes a new lead takes to read and meet a person"
    )


def lead_agency(
    leads: Leads, *, statutory: NDArray[np.bool_], band: NDArray[np.int8], drug_user: NDArray[np.bool_],
    staffed: NDArray[np.bool_],
) -> NDArray[np.int8]:  # fmt: skip
    """Return the position of each person's lead agency, shape ``(n,)``.

    Parameters
    ----------
    leads
        The rule.
    statutory, band, drug_user
        Status, band and heroin or crack use, shape ``(n,)``.
    staffed
        Whether each agency has anybody in the person's team, shape ``(n, agencies)``; a rule whose agency
        has nobody is passed over, and police lead where no rule is left.
    """
    rules = [
        (leads.statutory, statutory),
        (leads.red, band == RED),
        (leads.drug_users, drug_user),
        (leads.others, np.ones(len(band), dtype=bool)),
    ]
    positions = [AGENCIES.index(agency) for agency, _ in rules]
    fits = [applies & staffed[:, place] for (_, applies), place in zip(rules, positions, strict=True)]
    return np.select(fits, positions, AGENCIES.index("police")).astype(np.int8)
