"""Hand-over: when supervision ends, somebody else leads; prepared beforehand, or not."""

import numpy as np
from numpy.typing import NDArray

from simulation.bands import BLUE
from simulation.caseload import Caseload
from simulation.contacts import Contacts
from simulation.custody import Custody
from simulation.declare import Column
from simulation.deskwork import HANDOVER, Deskwork, Pieces
from simulation.engagement import Engagement, Trust
from simulation.leads import Leads
from simulation.people import People
from simulation.recorder import Recorder
from simulation.slots import SLOT_OF

Rows = NDArray[np.int64]
NOBODY = -1


def change_hands(
    who: Rows, prepared: NDArray[np.bool_], *, trust: Trust, contacts: Contacts, lead: NDArray[np.int8],
    leads: Leads, engagement: Engagement,
) -> None:  # fmt: skip
    """Let people lose trust, and their next leads read the file; less of both where it was prepared.

    Parameters
    ----------
    who, prepared
        People, and whether their next lead has been introduced, shape ``(n,)``.
    trust, contacts
        The trust that is lost, and the contacts that take longer.
    lead
        Everybody's lead by now.
    leads, engagement
        Parameters.
    """
    lost = np.where(prepared, leads.prepared_loss_share, 1.0)
    trust.lose(who, lost * engagement.trust_lost_at_handover)
    reading = who[~prepared]
    contacts.extra[reading, SLOT_OF[lead[reading]]] += leads.handover_minutes


class Handovers:
    """Whose supervision ends, and whose next lead has been introduced.

    Parameters
    ----------
    people, recorder
        The column store and the counts.
    caseload, custody, desk
        Who leads on whom, who is supervised until when, and where the work is done.
    """

    def __init__(
        self, people: People, recorder: Recorder, caseload: Caseload, custody: Custody, desk: Deskwork
    ) -> None:
        self.recorder, self.caseload, self.custody, self.desk = recorder, caseload, custody, desk
        self.asked = people.own(
            Column("handover_asked", "int8", "handover", "next lead asked to prepare, or -1", "", NOBODY)
        )
        self.introduced = people.own(
            Column("handover_introduced", "bool", "handover", "whether the next lead has been introduced")
        )
        self.supervised = people.own(
            Column("handover_supervised", "bool", "handover", "under supervision yesterday, if carried")
        )

    def adopt(self, leads: Leads) -> None:
        """Take over parameters."""
        self.leads = leads

    def ended(self, day: int, rows: Rows) -> Rows:
        """Return those carried whose supervision has ended since yesterday."""
        now = self.custody.statutory(rows, day)
        ended = rows[self.supervised[rows] & ~now]
        self.supervised[rows] = now
        self.recorder.count("supervision_ended", day, len(ended))
        return ended if self.leads.at_supervision_end == "at_once" else ended[:0]

    def ending(self, day: int, rows: Rows) -> Rows:
        """Return those whose supervision ends soon and whom nobody has been asked to prepare for."""
        left = self.custody.supervised_until[rows] - day
        self.forget(rows[(left > self.leads.notice_days) & (self.asked[rows] != NOBODY)])
        soon = (left > 0) & (left <= self.leads.notice_days) & ~(self.custody.licence_days[rows] > 0)
        found: Rows = rows[soon & (self.asked[rows] == NOBODY) & (self.caseload.band[rows] != BLUE)]
        return found

    def ask(self, who: Rows, lead: NDArray[np.int8]) -> None:
        """Ask the next leads to read the files and meet the people while the present lead is there."""
        self.asked[who], self.introduced[who] = lead, False
        due = self.custody.supervised_until[who]
        self.desk.post(HANDOVER, who, lead, self.leads.handover_minutes, due)

    def done(self, pieces: Pieces) -> None:
        """Take in that next leads were introduced yesterday."""
        self.introduced[pieces.person[self.asked[pieces.person] == pieces.agency]] = True

    def hand(self, who: Rows, day: int) -> NDArray[np.bool_]:
        """Return for whom the lead that they have from now on was introduced before, shape ``(n,)``."""
        prepared = self.introduced[who] & (self.asked[who] == self.caseload.lead[who])
        self.recorder.count("handovers_prepared", day, np.count_nonzero(prepared))
        self.forget(who)
        return np.asarray(prepared)

    def forget(self, who: Rows) -> None:
        """Drop what was prepared for people: they have been handed over, or have left."""
        if not len(who):
            return
        self.asked[who], self.introduced[who] = NOBODY, False
        self.desk.drop_about(who, HANDOVER)
