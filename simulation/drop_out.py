"""Drop-out: people under no supervision stay away, the team stops trying, and some come back.

After so many missed appointments in a row the appointments and support visits of a person whom nothing
obliges are paused. Beat officers and disruption visits go on; whoever is found by one of them, or by somebody
who goes out after a missed appointment, or moves into or out of custody, or comes under supervision, is
seen again; so is everybody when the pause is over.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.bands import BLUE
from simulation.calendar import WEEK
from simulation.caseload import Caseload
from simulation.contacts import Contacts
from simulation.declare import Column, Event, Group, lever, uncertainty
from simulation.people import People
from simulation.recorder import Recorder
from simulation.slots import AT_HOME, POLICE

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]
EVENTS = (
    Event("dropped out", "drop_out", "the team stops trying to see a person who stays away"),
    Event("re-engaged", "drop_out", "a person who had dropped out is seen again"),
)
#: What the team stops: all appointments, and support visits.
PAUSED = ~AT_HOME
PAUSED[POLICE] = True


class DropOutRules(Group):
    """When the team stops trying, and for how long. No source says; participation was voluntary (3.5)."""

    after_missed: int = lever(
        0, low=0, high=100,
        label="Missed appointments in a row of a person under no supervision after which the team stops "
        "trying; 0 for never",
    )  # fmt: skip
    pause_weeks: float = uncertainty(
        8, unit="weeks", low=1, high=104, label="Weeks after which the team tries again"
    )


class DropOuts:
    """Who stays away, and with whom the team has stopped trying.

    Parameters
    ----------
    people, recorder
        The column store and the counts.
    caseload, contacts
        The people carried and their appointments.
    """

    def __init__(self, people: People, recorder: Recorder, caseload: Caseload, contacts: Contacts) -> None:
        self.recorder, self.caseload, self.contacts = recorder, caseload, contacts

        def own(name: str, dtype: str, about: str, unit: str = "", start: float = 0.0) -> NDArray:  # type: ignore[type-arg]
            return people.own(Column(name, dtype, "drop_out", about, unit, start))

        self.in_a_row = own("missed_in_a_row", "int64", "appointments missed since one was last kept")
        self.until = own("paused_until", "float64", "end of the pause after dropping out", "days", -np.inf)
        self._paused = np.zeros(people.count, dtype=bool)

    def adopt(self, rules: DropOutRules) -> None:
        """Take over parameters."""
        self.rules = rules

    def anybody(self) -> bool:
        """Return whether there is anybody with whom the team has stopped trying."""
        return bool(self._paused.any())

    def follow(self, day: int, obliged: Flags) -> None:
        """End pauses that are over, and those of people who moved or are obliged now, shape ``(people,)``."""
        paused = np.flatnonzero(self._paused)
        carried = self.caseload.carried[paused]
        moved = carried & (obliged[paused] | (self.caseload.band[paused] == BLUE))
        self.welcome(paused[moved], day)
        self._end(paused[~carried | (self.until[paused] <= day)])

    def open_to(self, who: Rows, slot: Rows) -> Flags:
        """Return whether the team still tries to make contacts of some kinds, shape ``(n,)``."""
        return np.asarray(~(self._paused[who] & PAUSED[slot]))

    def seen(self, who: Rows, day: int, *, kept: Flags) -> None:
        """Let people who were found today be seen again; only a kept appointment ends a row of missed ones.

        Parameters
        ----------
        who
            People found, shape ``(n,)``.
        day
            Today.
        kept
            Whether it was at an appointment, shape ``(n,)``.
        """
        self.in_a_row[who[kept]] = 0
        self.welcome(who, day)

    def welcome(self, who: Rows, day: int) -> None:
        """End the pauses of people who have been found: appointments fall due again tomorrow."""
        back = who[self._paused[who]]
        if len(back):
            self._end(back)
            due = self.contacts.next_due[back]
            self.contacts.next_due[back] = np.where(PAUSED, np.minimum(due, day + 1), due)
        self.recorder.count("re_engaged", day, len(back))
        self.recorder.log_many(back, "re-engaged", day)

    def miss(self, who: Rows, day: int, obliged: Flags) -> None:
        """Count a missed appointment; the team stops trying with those whom nothing obliges.

        Parameters
        ----------
        who
            People who missed an appointment today, each once, shape ``(n,)``.
        day
            Today.
        obliged
            Whether supervision or the conditions of a caution oblige them, shape ``(n,)``.
        """
        self.in_a_row[who] += 1
        if not self.rules.after_missed:
            return
        out = who[(self.in_a_row[who] >= self.rules.after_missed) & ~obliged & ~self._paused[who]]
        self._paused[out], self.in_a_row[out] = True, 0
        self.until[out] = day + self.rules.pause_weeks * WEEK
        self.contacts.strike_out(out, ~PAUSED)
        self.recorder.count("dropped_out", day, len(out))
        self.recorder.log_many(out, "dropped out", day)

    def _end(self, who: Rows) -> None:
        self._paused[who], self.until[who], self.in_a_row[who] = False, -np.inf, 0
