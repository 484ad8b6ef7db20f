"""Presence: whom a day's contacts find, at home, at the appointment or in custody."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation import bands
from simulation.contacts import Made
from simulation.slots import AT_HOME, POLICE, SLOTS, YOUTH_TEAM

if TYPE_CHECKING:
    from simulation.partnership import Partnership


class Presence(NamedTuple):
    """What became of a day's contacts, each of shape ``(contacts,)``.

    Attributes
    ----------
    asked
        The slot whose staff were answered: one for both agencies of a joint visit, and for a surgery.
    at_place
        Whether staff of the partnership's own places set out, not the youth offending team.
    blue, inside
        Whether the person is in blue, and whether in custody, which the team need not know.
    statutory
        Whether the person is under supervision.
    occurrence
        The number of the occasion, which keys its luck.
    seen
        Whether the person was seen.
    """

    asked: NDArray[np.int64]
    at_place: NDArray[np.bool_]
    blue: NDArray[np.bool_]
    inside: NDArray[np.bool_]
    statutory: NDArray[np.bool_]
    occurrence: NDArray[np.int64]
    seen: NDArray[np.bool_]

    @property
    def astray(self) -> NDArray[np.bool_]:
        """Whether staff went where the person could not be, and so learn of it."""
        return np.asarray((self.inside != self.blue) & (AT_HOME[self.asked] | self.blue))

    @property
    def appointment(self) -> NDArray[np.bool_]:
        """Whether it was an appointment that the person could have kept."""
        return np.asarray(~self.blue & ~self.inside & ~AT_HOME[self.asked])


def presence(works: "Partnership", made: Made, day: int) -> Presence:
    """Return whom a day's contacts find: by place, venue, trust, obligation and luck."""
    who, slot, joint, *_, by = made
    engagement = works.parameters.engagement
    blue = works.caseload.band[who] == bands.BLUE
    inside = ~works.world.custody.at_liberty[who]
    statutory = works.world.custody.obliged(who, day)
    # One person answers one visit: both agencies of a joint visit find the same, and so do all those of
    # a surgery.
    weekday, team = works.calendar.weekday(day), works.caseload.team[who]
    at_place = by != YOUTH_TEAM
    first, several = works.contacts.surgery.answered(weekday, team, who, slot, at_place)
    asked = np.where(joint, POLICE, first)
    base = np.where(AT_HOME[asked], engagement.at_home, engagement.attendance)
    base = base + works.venue.attendance(weekday, team, asked) * at_place
    base = base + engagement.same_day * (joint | several)
    base = np.where(blue, engagement.in_custody, base + works.appointments.pull(day, who, asked))
    base = base + works.partners.pull(who, asked, day)
    occurrence = works.contacts.number[who, asked] * len(SLOTS) + asked
    obliged = works.appointments.obliged(who, statutory) & ~AT_HOME[asked]
    there = works.trust.attends(engagement, who, occurrence, base=base, statutory=obliged)
    return Presence(asked, at_place, blue, inside, statutory, occurrence, there & (inside == blue))
