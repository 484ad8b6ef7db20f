"""Lead professionals: which agency leads on a person, by rule."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulation.bands import AMBER, RED
from simulation.co_location import AGENCIES, Agency
from simulation.declare import Group, lever

Led = Literal["none", Agency]


class Leads(Group):
    """The rule: the first line that fits decides; a line that names none is passed over."""

    first: Literal["status", "band"] = lever(
        "status", unit="choice", label="What decides first: supervision, or the band"
    )
    statutory: Led = lever("probation", unit="choice", label="Lead on people under supervision")
    red: Led = lever("police", unit="choice", label="Lead on people in red")
    amber: Led = lever("none", unit="choice", label="Lead on people in amber")
    drug_users: Led = lever("drug_treatment", unit="choice", label="Lead on other heroin and crack users")
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
        Whether each agency has anybody in the person's team, shape ``(n, agencies)``; a line whose agency
        has nobody is passed over, and police lead where no line is left.
    """
    by_status = [(leads.statutory, statutory)]
    by_band = [(leads.red, band == RED), (leads.amber, band == AMBER)]
    by_rank = by_status + by_band if leads.first == "status" else by_band + by_status
    rest = [(leads.drug_users, drug_user), (leads.others, np.ones(len(band), dtype=bool))]
    lines = [(AGENCIES.index(agency), fits) for agency, fits in by_rank + rest if agency != "none"]
    fits = [applies & staffed[:, place] for place, applies in lines]
    places = [place for place, _ in lines]
    return np.select(fits, places, AGENCIES.index("police")).astype(np.int8)
