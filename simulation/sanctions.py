"""Sanctions: a prescription is stopped after a missed drug appointment, until the person comes again."""

import numpy as np
from numpy.typing import NDArray

from simulation.declare import Column, Event, Group, Stream, lever, uncertainty
from simulation.engagement import Trust
from simulation.luck import Luck
from simulation.pathways import ATTENDING
from simulation.people import People
from simulation.programmes import PATHWAYS
from simulation.recorder import Recorder
from simulation.slots import DRUGS

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]
STOPPED = Stream("sanctions.stopped", "occurrence", "whether the k-th missed drug appointment has a sanction")
EVENTS = (Event("prescription stopped", "sanctions", "no prescription until the next kept appointment"),)
DRUG_PROGRAMME = PATHWAYS.index("drugs")


class SanctionRules(Group):
    """What follows for people on a drug programme who miss an appointment or the test taken there."""

    share: float = lever(
        0.0, unit="share", low=0, high=1, label="Missed drug appointments that are sanctioned",
        source="Process evaluation, managing compliance: a stop on methadone until the next appointment",
    )  # fmt: skip
    log_odds: float = uncertainty(
        0.4, unit="log-odds", low=-0.5, high=2, label="What a stopped prescription adds to drug appointments"
    )
    trust_lost_share: float = uncertainty(
        0.05, unit="share", low=0, high=1, label="Share of trust lost at a sanction"
    )


class Sanctions:
    """Whose prescription is stopped.

    Parameters
    ----------
    people, luck, recorder
        The column store, keyed luck and the counts.
    trust, stage
        Trust of each person, and where each stands on each pathway.
    """

    def __init__(
        self, people: People, luck: Luck, recorder: Recorder, trust: Trust, stage: NDArray[np.int8]
    ) -> None:
        self.luck, self.recorder, self.trust, self.stage = luck, recorder, trust, stage
        self.stopped = people.own(Column("prescription_stopped", "bool", "sanctions", "no prescription now"))
        self._number = np.zeros(people.count, dtype=np.int32)

    def adopt(self, rules: SanctionRules) -> None:
        """Take over parameters."""
        self.rules = rules

    def take_note(self, day: int, who: Rows, slot: Rows, *, kept: Flags, absent: Flags) -> None:
        """Stop prescriptions of some who stayed away, and begin those of people who came again.

        Parameters
        ----------
        day
            Today.
        who, slot
            People and kinds of contact, shape ``(n,)``.
        kept, absent
            Whether it was an appointment that was kept, or missed, shape ``(n,)``.
        """
        drugs = slot == DRUGS
        self.stopped &= self.stage[:, DRUG_PROGRAMME] == ATTENDING
        self.stopped[who[kept & drugs]] = False
        if not self.rules.share:
            return
        away = who[absent & drugs & (self.stage[who, DRUG_PROGRAMME] == ATTENDING)]
        drawn = self.luck.many(STOPPED, away, self._number[away])
        self._number[away] += 1
        out = away[(drawn < self.rules.share) & ~self.stopped[away]]
        self.stopped[out] = True
        self.trust.lose(out, self.rules.trust_lost_share)
        self.recorder.count("prescriptions_stopped", day, len(out))
        self.recorder.log_many(out, "prescription stopped", day)

    def pull(self, who: Rows, slot: Rows) -> NDArray[np.float64]:
        """Return what a stopped prescription adds to drug appointments, log-odds, shape ``(n,)``."""
        without = self.stopped[who] & (self.stage[who, DRUG_PROGRAMME] == ATTENDING)
        return np.asarray(self.rules.log_odds * (without & (slot == DRUGS)))
