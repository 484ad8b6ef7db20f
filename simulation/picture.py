"""The picture: what is known of each person, by news.

Two pictures are kept by the same rules. The *team's* is built from news as it arrives; the *true* one
from the same events as they happen. Bands and selection read the first; how far it lags behind the second
is an outcome.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.calendar import DAYS_PER_MONTH
from simulation.careers import Careers
from simulation.declare import Column, Group, uncertainty
from simulation.information import Kind
from simulation.people import People

Rows = NDArray[np.int64]


class Memory(Group):
    """How long news counts."""

    offending_months: float = uncertainty(
        6.0, unit="months", low=0.5, high=60, label="Months after which an arrest or sanction counts half"
    )
    missed_days: float = uncertainty(
        28, unit="days", low=1, high=365, label="Days after which a missed appointment counts half"
    )


class Picture:
    """One picture of everybody: fading counts of events, and whether they are inside.

    Parameters
    ----------
    people
        The column store.
    name
        ``team`` or ``true``; a prefix of the columns.
    memory
        How long news counts.
    """

    def __init__(self, people: People, name: str, memory: Memory) -> None:
        def own(column: str, about: str) -> NDArray[np.float64]:
            return people.own(Column(f"{name}_{column}", "float64", "picture", about))

        self.offending = own("offending", "arrests and sanctions known, fading")
        self.missed = own("missed", "missed appointments known, fading")
        self.inside = people.own(Column(f"{name}_inside", "bool", "picture", "known to be in custody"))
        self._moved = people.own(
            Column(
                f"{name}_moved", "float64", "picture", "when the latest known move happened", "days", -np.inf
            )
        )
        self.adopt(memory)

    def adopt(self, memory: Memory) -> None:
        """Take over parameters."""
        self._offending_fades = 0.5 ** (1 / (memory.offending_months * DAYS_PER_MONTH))
        self._missed_fades = 0.5 ** (1 / memory.missed_days)

    def remember(self, careers: Careers, arrests_per_sanction: float) -> None:
        """Start from the records: each earlier sanction with its arrests, as faded as it is by now.

        People who join later bring the sanctions they will have had by then: what is counted for a future
        day is so much larger now that it has faded to its right size on that day.
        """
        faded = self._offending_fades**-careers.history_day
        known = np.bincount(careers.history_person, weights=faded, minlength=len(self.offending))
        self.offending += (1 + arrests_per_sanction) * known

    def know_inside(self, other: "Picture") -> None:
        """Know of everybody what another picture knows about who is in custody."""
        self.inside[:] = other.inside

    def fade(self) -> None:
        """Let a day pass."""
        self.offending *= self._offending_fades
        self.missed *= self._missed_fades

    def learn(self, kind: Kind, people: Rows, times: NDArray[np.float64], day: float) -> None:
        """Take in news of one kind; an older move does not undo a newer one.

        Parameters
        ----------
        kind
            What happened.
        people, times
            To whom and when, shape ``(n,)``; a person may appear more than once.
        day
            Today: what happened a while ago has faded by as much when it is learnt.
        """
        if kind in ("arrest", "sanction"):
            np.add.at(self.offending, people, self._offending_fades ** (day - times))
        elif kind == "missed":
            np.add.at(self.missed, people, self._missed_fades ** (day - times))
        else:
            newer = people[self._moved[people] <= times]
            self.inside[newer] = kind == "reception"
            np.maximum.at(self._moved, people, times)
