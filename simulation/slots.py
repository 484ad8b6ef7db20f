"""Slots: the kinds of contact there are, one column each in every matrix of work."""

from typing import NamedTuple

import numpy as np

from simulation.co_location import AGENCIES


class Slot(NamedTuple):
    """One kind of contact: its name in plans, who makes it, and where."""

    name: str
    agency: int
    at_home: bool
    police: bool


SLOTS = (
    Slot("police", 0, True, True),
    Slot("neighbourhood_police", 1, True, True),
    Slot("probation", 2, False, False),
    Slot("prison", 3, False, False),
    Slot("drug_treatment", 4, False, False),
    Slot("vcs", 5, False, False),
    Slot("disruption", 0, True, True),
)
POLICE, NEIGHBOURHOOD, PROBATION, PRISON, DRUGS, VCS, DISRUPTION = range(len(SLOTS))
AGENCY_OF = np.array([slot.agency for slot in SLOTS])
AT_HOME = np.array([slot.at_home for slot in SLOTS])
#: An agency's first kind of contact, by the agency's position.
SLOT_OF = np.array([[slot.agency for slot in SLOTS].index(place) for place in range(len(AGENCIES))])
#: Who keeps a contact is an agency, by its position, or the youth offending team in its place.
YOUTH_TEAM = len(AGENCIES)
#: Joint visits pair these two.
JOINT = (POLICE, PROBATION)
ALL_KINDS = np.ones(len(SLOTS), dtype=bool)
