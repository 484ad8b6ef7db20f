"""Reminders: a call or a message before an appointment, which takes minutes and brings more people to it."""

import numpy as np
from numpy.typing import NDArray

from simulation.bands import BLUE
from simulation.caseload import Caseload
from simulation.contacts import Contacts
from simulation.declare import Group, Stream, lever, uncertainty
from simulation.luck import Luck
from simulation.recorder import Recorder
from simulation.slots import AT_HOME, SLOTS

Rows = NDArray[np.int64]
REMINDED = Stream(
    "reminders.sent", "occurrence", "whether a person is reminded of the k-th contact of a kind"
)


class ReminderRules(Group):
    """Which appointments people are reminded of."""

    share: float = lever(0.0, unit="share", low=0, high=1, label="Appointments of which people are reminded")
    minutes: float = uncertainty(
        4, unit="minutes", low=0, high=60, label="Minutes that a reminder takes",
        source="figure 3.3 of the process evaluation names reminders; 1 to 15",
    )  # fmt: skip
    log_odds: float = uncertainty(
        0.3, unit="log-odds", low=0, high=2, label="What a reminder adds to attendance of its appointment",
        source="not looked up for these people; 0 to 0.8",
    )  # fmt: skip


class Reminders:
    """Of which appointments people have been reminded.

    Parameters
    ----------
    luck, recorder
        Keyed luck and the counts.
    caseload, contacts
        The people carried and the appointments that are due.
    """

    def __init__(self, luck: Luck, recorder: Recorder, caseload: Caseload, contacts: Contacts) -> None:
        self.luck, self.recorder, self.caseload, self.contacts = luck, recorder, caseload, contacts
        self.sent = np.zeros(contacts.remaining.shape, dtype=bool)

    def adopt(self, rules: ReminderRules) -> None:
        """Take over parameters."""
        self.rules = rules

    def send(self, day: int, who: Rows, slot: Rows) -> None:
        """Remind people of appointments that fell due today; the work of each grows by the minutes.

        Parameters
        ----------
        day
            Today.
        who, slot
            People and kinds of contact put on the list today, shape ``(n,)``.
        """
        self.sent[who, slot] = False
        if not self.rules.share:
            return
        key = self.contacts.number[who, slot] * len(SLOTS) + slot
        chosen = ~AT_HOME[slot] & (self.caseload.band[who] != BLUE)
        chosen &= self.luck.many(REMINDED, who, key) < self.rules.share
        self.sent[who[chosen], slot[chosen]] = True
        self.contacts.remaining[who[chosen], slot[chosen]] += self.rules.minutes
        self.recorder.count("reminders", day, np.count_nonzero(chosen))

    def pull(self, who: Rows, slot: Rows) -> NDArray[np.float64]:
        """Return what reminders add to the log-odds of appointments, shape ``(n,)``."""
        return np.asarray(self.rules.log_odds * self.sent[who, slot])
