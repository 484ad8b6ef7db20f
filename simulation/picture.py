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
from simulation.offences import SERIOUS_ACQUISITIVE
from simulation.people import People

Rows = NDArray[np.int64]
_OFFENDING: tuple[Kind, ...] = ("arrest", "sanction", "sac_arrest", "sac_sanction")


class Memory(Group):
    """How long news counts."""

    offending_months: float = uncertainty(
        6.0, unit="months", low=0.5, high=60, label="Months after which an arrest or sanction counts half",
        likely=(3, 12), because="a judgement: half gone after a season or after a year",
    )  # fmt: skip
    report_months: float = uncertainty(
        3.0, unit="months", low=0.5, high=60, label="Months after which a police report counts half",
        likely=(1, 6), because="intelligence ages faster than arrests",
    )  # fmt: skip
    missed_days: float = uncertainty(
        28, unit="days", low=1, high=365, label="Days after which a missed appointment counts half",
        likely=(14, 84), because="two weeks to three months",
    )  # fmt: skip


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
        self.sac = own("sac", "of these, for serious acquisitive crime")
        self.arrested = people.own(
            Column(f"{name}_arrested", "float64", "picture", "day of the latest arrest", "days", -np.inf)
        )
        self.reports = own("reports", "police reports held, fading")
        self._unfounded = own("unfounded", "of these, false ones, which nobody can tell")
        self.refuted = own("refuted", "false reports that contact has shown to be so in this stay")
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
        self._reports_fade = 0.5 ** (1 / (memory.report_months * DAYS_PER_MONTH))
        self._missed_fades = 0.5 ** (1 / memory.missed_days)

    def remember(self, careers: Careers, arrests_per_sanction: float) -> None:
        """Start from the records: each earlier sanction with its arrests, as faded as it is by now.

        People who join later bring the sanctions they will have had by then: what is counted for a future
        day is so much larger now that it has faded to its right size on that day.
        """
        faded = self._offending_fades**-careers.history_day
        acquisitive = faded * SERIOUS_ACQUISITIVE[careers.history_kind]
        for held, counts in ((self.offending, faded), (self.sac, acquisitive)):
            known = np.bincount(careers.history_person, weights=counts, minlength=len(held))
            held += (1 + arrests_per_sanction) * known

    def know_inside(self, other: "Picture") -> None:
        """Know of everybody what another picture knows about who is in custody."""
        self.inside[:] = other.inside

    def fade(self) -> None:
        """Let a day pass."""
        self.offending *= self._offending_fades
        self.sac *= self._offending_fades
        self.missed *= self._missed_fades
        self.reports *= self._reports_fade
        self._unfounded *= self._reports_fade

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
        if kind in _OFFENDING:
            faded = self._offending_fades ** (day - times)
            np.add.at(self.offending, people, faded)
            if kind.startswith("sac_"):
                np.add.at(self.sac, people, faded)
            if kind.endswith("arrest"):
                np.maximum.at(self.arrested, people, times)
        elif kind.endswith("report"):
            faded = self._reports_fade ** (day - times)
            np.add.at(self.reports, people, faded)
            np.add.at(self._unfounded, people, faded * (kind == "false_report"))
        elif kind == "missed":
            np.add.at(self.missed, people, self._missed_fades ** (day - times))
        else:
            newer = people[self._moved[people] <= times]
            self.inside[newer] = kind == "reception"
            np.maximum.at(self._moved, people, times)

    def begin_stay(self, people: Rows) -> None:
        """Count anew, for people taken on, what is refuted."""
        self.refuted[people] = 0.0

    def refute(self, people: Rows, share: float) -> None:
        """Take back a share of the false reports held on people; each appears once."""
        gone = share * self._unfounded[people]
        for held, change in ((self.reports, -gone), (self._unfounded, -gone), (self.refuted, gone)):
            held[people] += change
