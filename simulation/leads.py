"""Lead professionals: which agency leads on a person, by rule, as far as its staff can carry them."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.bands import AMBER, RED
from simulation.co_location import AGENCIES, Agency
from simulation.declare import Group, lever, uncertainty
from simulation.turns import turns

Led = Literal["none", Agency]
Rows = NDArray[np.int64]


class Leads(Group):
    """The rule: the first line that fits decides; a line that names none is passed over."""

    first: Literal["status", "band"] = lever(
        "status", unit="choice", label="What decides first: supervision, or the band"
    )
    statutory: Led = lever("probation", unit="choice", label="Lead on people under supervision")
    red: Led = lever("police", unit="choice", label="Lead on people in red")
    amber: Led = lever("none", unit="choice", label="Lead on people in amber")
    women: Led = lever("none", unit="choice", label="Lead on other women")
    drug_users: Led = lever("drug_treatment", unit="choice", label="Lead on other heroin and crack users")
    unhoused: Led = lever("none", unit="choice", label="Lead on others who need somewhere to live")
    others: Agency = lever("vcs", unit="choice", label="Lead on everybody else")
    most_per_post: float = lever(
        1_000, unit="people", low=0, high=1_000,
        label="People that an agency leads on for each of its posts; the next line decides on the others",
    )  # fmt: skip
    handover_minutes: float = lever(
        45, unit="minutes", low=0, high=480, label="Minutes a new lead takes to read and meet a person"
    )
    at_supervision_end: Literal["review", "at_once"] = lever(
        "review", unit="choice",
        label="When the lead is looked at again as supervision ends: the same day, or with the band",
    )  # fmt: skip
    notice_days: float = lever(
        56, unit="days", low=1, high=365,
        label="Days before supervision ends from which a meeting for hand-overs prepares them",
    )  # fmt: skip
    prepared_loss_share: float = uncertainty(
        0.5, unit="share", low=0, high=1,
        label="Share of the usual loss of trust when the new lead was introduced beforehand",
    )  # fmt: skip


class Cases(NamedTuple):
    """What the rule reads of people, each of shape ``(n,)``."""

    statutory: NDArray[np.bool_]
    band: NDArray[np.int8]
    drug_user: NDArray[np.bool_]
    woman: NDArray[np.bool_]
    unhoused: NDArray[np.bool_]


def lead_agency(
    leads: Leads, cases: Cases, *, team: Rows, now: NDArray[np.int8], room: NDArray[np.float64]
) -> NDArray[np.int8]:
    """Return the position of each person's lead agency, shape ``(n,)``.

    Parameters
    ----------
    leads, cases
        The rule, and the people.
    team, now
        Each person's team, and the lead they have (-1 for none), shape ``(n,)``.
    room
        People that each team's agency can lead on, these among them, shape ``(teams, agencies)``; reduced
        in place where it is short. Whom an agency leads on already it keeps; a line whose agency has no room
        left is passed over, and police lead where no line is left.
    """
    lead = np.full(len(team), AGENCIES.index("police"), dtype=np.int8)
    lines = _lines(leads, cases)
    short = np.asarray((room < len(team)).any(axis=0))
    if not any(short[agency] for agency, _ in lines):
        # With room for everybody the first line that fits decides: it is written last.
        for agency, fits in reversed(lines):
            lead[fits] = agency
        return lead
    unled = np.ones(len(team), dtype=bool)
    for agency, fits in lines:
        takes = np.asarray(unled & fits)
        if short[agency]:
            takes = _within(takes, agency, team, now, room)
        lead[takes] = agency
        unled &= ~takes
    return lead


def _within(
    wanted: NDArray[np.bool_], agency: int, team: Rows, now: NDArray[np.int8], room: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return whom of those wanted an agency has room for, shape ``(n,)``, and take that off its room."""
    who = np.flatnonzero(wanted)
    who = who[np.argsort(now[who] != agency, kind="stable")]
    who = who[turns(team[who]) < np.floor(room[team[who], agency])]
    room[:, agency] -= np.bincount(team[who], minlength=len(room))
    taken = np.zeros(len(wanted), dtype=bool)
    taken[who] = True
    return taken


def _lines(leads: Leads, cases: Cases) -> list[tuple[int, NDArray[np.bool_]]]:
    """Return the lines of the rule in their order: an agency, and whom the line fits."""
    by_status = [(leads.statutory, cases.statutory)]
    by_band = [(leads.red, cases.band == RED), (leads.amber, cases.band == AMBER)]
    by_rank = by_status + by_band if leads.first == "status" else by_band + by_status
    by_need = [
        (leads.women, cases.woman), (leads.drug_users, cases.drug_user), (leads.unhoused, cases.unhoused),
    ]  # fmt: skip
    rest = [(leads.others, np.ones(len(cases.band), dtype=bool))]
    lines = by_rank + by_need + rest
    return [(AGENCIES.index(agency), fits) for agency, fits in lines if agency != "none"]
