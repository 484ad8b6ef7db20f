"""The compact: an agreement that people under no supervision sign, and that lets the team act.

It is put to a person at the lead's first contacts. Whoever has signed comes a little more often, and a missed
appointment gives the team grounds for a visit that it would otherwise need intelligence for.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.caseload import Caseload
from simulation.contacts import Contacts
from simulation.declare import Column, Event, Group, Stream, lever, uncertainty
from simulation.engagement import Trust
from simulation.luck import Luck
from simulation.people import People
from simulation.recorder import Recorder
from simulation.slots import DISRUPTION, SLOT_OF

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]
SIGNS = Stream(
    "compact.signs", "occurrence", "whether a person signs when the compact is put for the k-th time"
)
ANSWERED = Stream("compact.answered", "occurrence", "whether the k-th lapse of a signatory brings a visit")
EVENTS = (Event("compact", "compact", "a person signs the compact"),)


class CompactRules(Group):
    """Whether there is a compact, and what it does.

    The evaluation asked staff and offenders about compacts and prints no answer; every size is assumed.
    """

    used: bool = lever(
        False,
        label="People under no supervision sign a compact: asked as they are taken on, none from before",
    )
    minutes: float = uncertainty(
        20, unit="minutes", low=0, high=240, label="Minutes that going through the compact takes the lead"
    )
    signs: float = uncertainty(
        0.5, unit="log-odds", low=-4, high=8, label="Signing when asked, at average trust"
    )
    per_trust: float = uncertainty(
        2.0, unit="log-odds", low=0, high=8, label="Signing, for each unit of trust above one half"
    )
    attendance: float = uncertainty(
        0.15, unit="log-odds", low=-0.5, high=2, label="What having signed adds to attendance"
    )
    visits_per_missed: float = lever(
        1.0, unit="share", low=0, high=1, label="Missed appointments of signatories that bring a visit"
    )


class Compacts:
    """Who is still to be asked, and who has signed.

    Parameters
    ----------
    people, luck, recorder
        The column store, keyed luck and the counts.
    caseload, contacts, trust
        The people carried, their contacts and their trust.
    """

    def __init__(
        self, people: People, luck: Luck, recorder: Recorder, caseload: Caseload, contacts: Contacts,
        trust: Trust,
    ) -> None:  # fmt: skip
        self.luck, self.recorder = luck, recorder
        self.caseload, self.contacts, self.trust = caseload, contacts, trust
        self.signed = people.own(Column("signed", "bool", "compact", "has signed the compact in this stay"))
        self._to_ask = np.zeros(people.count, dtype=bool)
        self._asked, self._lapses = np.zeros((2, people.count), dtype=np.int32)

    def adopt(self, rules: CompactRules) -> None:
        """Take over parameters; where there is no compact any more nobody is bound by one."""
        self.rules = rules
        self.signed &= rules.used
        self._to_ask &= rules.used

    def enter(self, who: Rows, statutory: Flags) -> None:
        """Begin stays: whoever is under no supervision is to be asked, shape ``(n,)`` each."""
        self.signed[who] = False
        self._to_ask[who] = False
        if self.rules.used:
            asked = who[~statutory]
            self._to_ask[asked] = True
            self.contacts.extra[asked, SLOT_OF[self.caseload.lead[asked]]] += self.rules.minutes

    def seen(self, day: int, who: Rows, slot: Rows) -> None:
        """Put the compact to people whom their lead saw today, shape ``(n,)`` each."""
        who = who[self._to_ask[who] & (slot == SLOT_OF[self.caseload.lead[who]])]
        if not len(who):
            return
        who = np.unique(who)
        z = self.rules.signs + self.rules.per_trust * (self.trust.level[who] - 0.5)
        self.signed[who] = self.luck.many(SIGNS, who, self._asked[who]) < 1 / (1 + np.exp(-z))
        self._asked[who] += 1
        self._to_ask[who] = False
        signed = who[self.signed[who]]
        self.recorder.count("compacts_signed", day, len(signed))
        self.recorder.log_many(signed, "compact", day)

    def miss(self, day: int, who: Rows) -> None:
        """Let missed appointments of signatories bring a visit, whatever their band plans."""
        who = who[self.signed[who]]
        if not len(who):
            return
        visited = who[self.luck.many(ANSWERED, who, self._lapses[who]) < self.rules.visits_per_missed]
        self._lapses[who] += 1
        owed = self.contacts.owe(day, visited, DISRUPTION, self.caseload.team[visited])
        self.recorder.count("compact_visits", day, owed)

    def pull(self, who: Rows) -> NDArray[np.float64]:
        """Return what having signed adds to attendance, log-odds, shape ``(n,)``."""
        return np.asarray(self.rules.attendance * self.signed[who])
