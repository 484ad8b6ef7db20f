"""A partnership in which time stands still: all its rooms, and people put where a test wants them."""

import numpy as np

from simulation import IOMModel, Parameters
from simulation.bands import AMBER, BLUE
from simulation.co_location import AGENCIES
from simulation.custody import LIBERTY, SENTENCED
from simulation.partnership import Partnership

PROBATION, PRISON, DRUGS, VCS = (
    AGENCIES.index(name) for name in ("probation", "prison", "drug_treatment", "vcs")
)
Rows = np.ndarray


def partnership(**changes: object) -> Partnership:
    """Return a partnership that carries everybody, in amber and at liberty, led by probation.

    ``changes`` are keys with two underscores between their parts.
    """
    values = Parameters().model_dump()
    values["pool"]["first_sanctions_per_year"] = 100
    for key, value in changes.items():
        *groups, last = key.split("__")
        place = values
        for group in groups:
            place = place[group]
        place[last] = value
    parameters = Parameters(**values)
    works = IOMModel(((parameters.iom_start, parameters),), years=0.1).partnership
    assert works is not None
    custody, caseload = works.world.custody, works.caseload
    custody.at_liberty[:], custody.place[:], custody.holds[:] = True, LIBERTY, 0
    caseload.carried[:], caseload.band[:], caseload.lead[:], caseload.entered[:] = True, AMBER, PROBATION, 0
    works.trust.level[:] = 0.5
    works.motivation.level[:] = 0.5
    return works


def put_inside(
    works: Partnership,
    who: Rows,
    *,
    due_out: float = 60.35,
    licence_days: float = 0.0,
    place: int = SENTENCED,
    short: bool | None = None,
) -> None:
    """Let people be in custody, and known to be; too short for a licence unless they will have one."""
    custody = works.world.custody
    custody.at_liberty[who], custody.holds[who], custody.place[who] = False, 1, place
    custody.due_out[who], custody.licence_days[who] = due_out, licence_days
    custody.supervised_until[who] = -np.inf
    custody._short[who] = licence_days <= 0 if short is None else short
    works.caseload.band[who], works.awareness.team.inside[who] = BLUE, True


def let_out(works: Partnership, who: Rows, time: float) -> None:
    """Let people out of custody; the news of it is on its way."""
    custody = works.world.custody
    custody.at_liberty[who], custody.holds[who], custody.place[who] = True, 0, LIBERTY
    custody.due_out[who] = -np.inf
    for person in who.tolist():
        works.awareness.hear("release", person, time)


def minutes(works: Partnership, each: float = 100_000.0) -> np.ndarray:
    """Return diaries with so many minutes for every agency of every team."""
    return np.full(works.staffing.minutes.shape, each)


def counted(works: Partnership, name: str) -> float:
    """Return the sum of a count."""
    return float(works.recorder.daily(name).sum())
