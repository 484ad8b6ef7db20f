"""Conditional cautions: an admitted minor offence is dealt with out of court if the person keeps coming.

The case waits while the conditions last. Whoever keeps to them has a caution on record, which is a sanction.
Whoever misses too many appointments, is charged or convicted again, goes inside or leaves the scheme before
the conditions are over goes to court for the offence.
"""

from collections.abc import Generator
from typing import Any, Literal

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation.calendar import WEEK
from simulation.caseload import Caseload
from simulation.contacts import Contacts
from simulation.declare import Column, Event, Group, Stream, effect, lever, uncertainty
from simulation.luck import Luck
from simulation.offences import NAMES
from simulation.people import People
from simulation.recorder import Recorder
from simulation.slots import SLOT_OF

Rows = NDArray[np.int64]
CAUTIONED = Stream("cautions.given", "occurrence", "whether the k-th offence, if admitted, ends in a caution")
EVENTS = (
    Event("cautioned", "cautions", "a person is cautioned on condition that appointments are kept"),
    Event("conditions broken", "cautions", "a cautioned person goes to court after all"),
)
Minor = Literal["theft", "handling", "damage", "drugs", "public_order", "violence", "vehicle_crime"]


class CautionRules(Group):
    """Conditional cautions for people who are carried."""

    share: float = effect(
        0.0, neutral=0, unit="share", low=0, high=1,
        label="Admitted minor offences of people carried that end in a conditional caution",
        source="West Yorkshire had a pilot (Appendix 2); its size is not published", likely=(0, 0),
        because="none, unless a partnership uses them",
    )  # fmt: skip
    kinds: tuple[Minor, ...] = lever(
        ("theft", "handling", "damage", "drugs", "public_order"), unit="choice", label="Minor offences"
    )
    weeks: float = uncertainty(
        16, unit="weeks", low=1, high=52, label="Length of the conditions",
        source="Criminal Justice Act 2003 and its Code of Practice: 16 weeks or so for summary offences",
    )  # fmt: skip
    missed_before_court: int = uncertainty(
        3, low=1, high=50, label="Missed appointments at which the conditions are broken"
    )
    minutes: float = uncertainty(
        45, unit="minutes", low=0, high=480, label="Minutes of the lead's next contact that conditions take"
    )


class Cautions:
    """Conditions in force.

    Parameters
    ----------
    env, people, luck, recorder
        The clock, the column store, keyed luck and the counts.
    caseload, contacts
        The people carried and their contacts.
    """

    def __init__(
        self, env: simpy.Environment, people: People, luck: Luck, recorder: Recorder, caseload: Caseload,
        contacts: Contacts,
    ) -> None:  # fmt: skip
        self.env, self.luck, self.recorder = env, luck, recorder
        self.caseload, self.contacts = caseload, contacts
        self.bound = people.own(Column("bound", "bool", "cautions", "under the conditions of a caution"))
        self._missed = np.zeros(people.count, dtype=np.int32)
        self._broken: dict[int, simpy.Event] = {}

    def adopt(self, rules: CautionRules) -> None:
        """Take over parameters."""
        self.rules = rules
        self._minor = {NAMES.index(kind) for kind in rules.kinds}

    def give(self, person: int, number: int, kind: int) -> Generator[simpy.Event, Any, bool]:
        """Caution a person for their n-th offence, and return whether the conditions were kept."""
        rules = self.rules
        minor = kind in self._minor and self.caseload.carried[person] and not self.bound[person]
        if not minor or self.luck.one(CAUTIONED, person, number) >= rules.share:
            return False
        self.recorder.count("cautions", self.env.now)
        self.recorder.log(person, "cautioned", self.env.now)
        self.contacts.extra[person, SLOT_OF[self.caseload.lead[person]]] += rules.minutes
        self.bound[person], self._missed[person] = True, 0
        broken = self._broken[person] = self.env.event()
        yield broken | self.env.timeout(rules.weeks * WEEK)
        self.bound[person] = False
        del self._broken[person]
        kept = not broken.triggered
        self.recorder.count("cautions_kept" if kept else "cautions_broken", self.env.now)
        if not kept:
            self.recorder.log(person, "conditions broken", self.env.now)
        return kept

    def miss(self, who: Rows) -> None:
        """Count missed appointments of people under conditions, each person once a day."""
        bound = who[self.bound[who]]
        self._missed[bound] += 1
        self.end(bound[self._missed[bound] >= self.rules.missed_before_court])

    def end(self, who: Rows) -> None:
        """Break the conditions of those who are under any, shape ``(n,)``."""
        for person in who[self.bound[who]].tolist():
            if not self._broken[person].triggered:
                self._broken[person].succeed()
