"""What must hold at the end of every day; checked in strict mode."""

from typing import TYPE_CHECKING

import numpy as np

from simulation.aspire import UNKNOWN
from simulation.bands import BLUE, NONE, WHITE

if TYPE_CHECKING:
    from simulation.model import IOMModel


class BrokenInvariantError(AssertionError):
    """Something that must always hold does not."""


def check(model: "IOMModel") -> None:
    """Check the invariants.

    Raises
    ------
    BrokenInvariantError
        Naming what is broken, the day and the first people concerned.
    """
    found = _of_world(model) | (_of_partnership(model) if model.partnership else {})
    for what, wrong in found.items():
        if np.any(wrong):
            raise BrokenInvariantError(
                f"day {model.day}: {what}; first at {np.flatnonzero(wrong)[:5].tolist()}"
            )


def _of_world(model: "IOMModel") -> dict[str, "np.ndarray[tuple[int], np.dtype[np.bool_]]"]:
    custody, offending, record = model.world.custody, model.world.offending, model.world.record
    here = (record.joins < model.day) & (record.leaves > model.day)
    return {
        "somebody is at liberty and held, or neither": here & (custody.at_liberty == (custody.holds > 0)),
        "somebody is held fewer than no times": custody.holds < 0,
        "a place does not fit the holds": (custody.place > 0) != (custody.holds > 0),
        "an offence is overdue": offending.accrued >= offending.threshold,
        "a hazard is negative": (record.floor < 0) | (record.excess < 0),
        "offence-free time began in the future": custody.at_liberty & (record.origin > model.day),
        "more hearings than places": np.array(
            [model.world.justice.hearings.busy > model.world.justice.hearings.capacity]
        ),
    }


def _of_partnership(model: "IOMModel") -> dict[str, "np.ndarray[tuple[int], np.dtype[np.bool_]]"]:
    works = model.works
    caseload, cohort = works.caseload, works.parameters.cohort
    known_inside = works.awareness.team.inside
    carried = caseload.carried
    # A ceiling that comes down is met at the next selection meeting that gets to all its cases.
    met = works.choosing.all_chosen_on == model.day - 1
    over = met and cohort.sizing == "resources" and carried.sum() > cohort.ceiling
    return {
        "a diary gave more minutes than it had": (works.left < -1e-6).ravel(),
        "a diary has more minutes than it opened with": (works.left > works.opened + 1e-6).ravel(),
        "blue does not follow what is known": carried & ((caseload.band == BLUE) != known_inside),
        "carried without a band": carried & (caseload.band >= WHITE),
        "a band without being carried": ~carried & (caseload.band < WHITE),
        "a lead without being carried": (caseload.lead >= 0) != carried,
        "no band and still dormant": (caseload.band == NONE) & (caseload.dormant_until > model.day),
        "carried and nobody assesses": carried & (works.steering.planning.stage == UNKNOWN),
        "work for somebody not carried": ~carried & (works.contacts.remaining > 0).any(axis=1),
        "minutes of work are negative": (works.contacts.remaining < 0).any(axis=1),
        "minutes of desk work are negative": works.steering.desk.open.minutes < 0,
        "trust outside 0 to 1": (works.trust.level < 0) | (works.trust.level > 1),
        "more people than the ceiling": np.array([over]),
    }
