"""Appointments: what is done so that they are kept, and what follows when they are not.

Appointments are contacts away from home with people thought to be in the community. Reminders, the compact,
warnings, sanctions and conditions of a caution move whether people come; what it does to offending comes of
the contact made.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.at_court import AtCourt
from simulation.awareness import Awareness
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES
from simulation.compact import Compacts
from simulation.compliance import ComplianceRules
from simulation.contacts import Contacts
from simulation.custody import Custody
from simulation.deskwork import WARNING, Deskwork, Pieces
from simulation.drop_out import DropOuts
from simulation.engagement import Trust
from simulation.luck import Luck
from simulation.nightly import NightlyVisits
from simulation.people import People
from simulation.police import Police
from simulation.recorder import Recorder
from simulation.reminders import Reminders
from simulation.sanctions import Sanctions
from simulation.slots import AGENCY_OF, AT_HOME, PROBATION
from simulation.systems import WRITTEN_BY

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Appointments:
    """Appointments before, at and after their time.

    Parameters
    ----------
    people, luck, recorder
        The column store, keyed luck and the counts.
    caseload, contacts, desk, trust
        The people carried, their contacts, desk work about them, and their trust.
    custody, awareness, police, at_court
        Who is supervised, where news goes, who answers missed appointments, and conditions of cautions.
    stage
        Where everybody stands on each pathway, shape ``(n, pathways)``.
    """

    def __init__(
        self, people: People, luck: Luck, recorder: Recorder, *, caseload: Caseload, contacts: Contacts,
        desk: Deskwork, trust: Trust, custody: Custody, awareness: Awareness, police: Police,
        at_court: AtCourt, stage: NDArray[np.int8],
    ) -> None:  # fmt: skip
        self.recorder, self.caseload, self.contacts, self.desk = recorder, caseload, contacts, desk
        self.custody, self.awareness, self.police, self.at_court = custody, awareness, police, at_court
        self.reminders = Reminders(luck, recorder, caseload, contacts)
        self.drop_outs = DropOuts(people, recorder, caseload, contacts)
        self.compacts = Compacts(people, luck, recorder, caseload, contacts, trust)
        self.sanctions = Sanctions(people, luck, recorder, trust, stage)
        self.nightly = NightlyVisits(people, recorder, caseload, contacts)
        self._carried = np.zeros(people.count, dtype=bool)
        police.outreach.on_found = self.drop_outs.welcome

    def adopt(self, rules: ComplianceRules) -> None:
        """Take over parameters."""
        self.reminders.adopt(rules.reminders)
        self.drop_outs.adopt(rules.drop_out)
        self.compacts.adopt(rules.compact)
        self.sanctions.adopt(rules.sanctions)
        self.nightly.adopt(rules.nightly)

    def done(self, pieces: Pieces, day: int) -> None:
        """Take in yesterday's desk work: warnings go out, files and reports are ready."""
        self.police.absences.warn(pieces.of(WARNING).person, day)
        self.at_court.done(pieces, day)

    def follow(self, day: int, rows: Rows) -> None:
        """Begin a working day: who has come, who is back, who has just been released; shape ``(n,)``."""
        carried = self.caseload.carried
        new = rows[~self._carried[rows]]
        self.compacts.enter(new, self.custody.statutory(new, day))
        self.police.absences.writing &= carried
        self.at_court.forget(carried)
        bound = np.flatnonzero(self.at_court.cautions.bound)
        self.at_court.cautions.end(bound[~carried[bound] | (self.custody.holds[bound] > 0)])
        self._carried = carried.copy()
        if self.drop_outs.anybody():
            everybody = np.arange(len(carried))
            obliged = self.obliged(everybody, self.custody.obliged(everybody, day))
            self.drop_outs.follow(day, obliged)
        self.nightly.follow(day, rows)

    def pull(self, day: int, who: Rows, slot: Rows) -> NDArray[np.float64]:
        """Return what is done for attendance adds to the log-odds of appointments, shape ``(n,)``."""
        pull = self.reminders.pull(who, slot) + self.compacts.pull(who) + self.sanctions.pull(who, slot)
        warned = self.police.absences.pull(self.police.parameters.enforcement, who, day)
        return np.asarray((pull + warned * (slot == PROBATION)) * ~AT_HOME[slot])

    def obliged(self, who: Rows, statutory: Flags) -> Flags:
        """Return whom supervision, or the conditions of a caution, oblige to come, shape ``(n,)``."""
        return np.asarray(statutory | self.at_court.cautions.bound[who])

    def take_note(
        self, day: int, who: Rows, slot: Rows, *, seen: Flags, appointment: Flags, statutory: Flags
    ) -> None:
        """Take note of the day's contacts with people at liberty, and answer those that were missed.

        Parameters
        ----------
        day
            Today.
        who, slot
            People and kinds of contact, shape ``(n,)``.
        seen
            Whether they were there.
        appointment
            Whether it was an appointment of somebody at liberty, and known to be.
        statutory
            Whether supervision obliges them.
        """
        absent, kept = appointment & ~seen, appointment & seen
        for name, group in (("statutory", statutory), ("others", ~statutory)):
            self.recorder.count(f"appointments_{name}", day, np.count_nonzero(appointment & group))
            self.recorder.count(f"missed_{name}", day, np.count_nonzero(absent & group))
        self.drop_outs.seen(who[seen], day, kept=kept[seen])
        self.compacts.seen(day, who[kept | (seen & AT_HOME[slot])], slot[kept | (seen & AT_HOME[slot])])
        self.sanctions.take_note(day, who, slot, kept=kept, absent=absent)
        people, first = np.unique(who[absent], return_index=True)
        for person, kind in zip(people.tolist(), slot[absent][first], strict=True):
            self.awareness.hear("missed", person, float(day), WRITTEN_BY[AGENCIES[AGENCY_OF[kind]]])
        self.drop_outs.miss(people, day, self.obliged(people, statutory[absent][first]))
        self.compacts.miss(day, people)
        self.at_court.cautions.miss(people)
        duty = who[absent & statutory & (slot == PROBATION)]
        self.police.answer_missed(day, who[absent], slot[absent], duty)
        self._warn(day, duty)

    def _warn(self, day: int, duty: Rows) -> None:
        """Ask probation to warn those who missed what they were obliged to keep."""
        enforcement = self.police.parameters.enforcement
        who = self.police.absences.to_warn(enforcement, duty)
        agency = np.full(len(who), AGENCY_OF[PROBATION])
        due = day + enforcement.warning_within_days
        self.desk.post(WARNING, who, agency, enforcement.warning_minutes, due)
