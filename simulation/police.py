"""The police at work: the IOM team's roles, the beat, and whoever goes out after a missed appointment."""

import numpy as np
from numpy.typing import NDArray

from simulation.beat import Beat
from simulation.caseload import Caseload
from simulation.contacts import Contacts, Made
from simulation.enforcement import Absences
from simulation.engagement import Trust
from simulation.luck import Luck
from simulation.motivation import Motivation
from simulation.outreach import Outreach
from simulation.parameters import Parameters
from simulation.people import People
from simulation.police_roles import PoliceTeam
from simulation.recorder import Recorder
from simulation.response import Dose
from simulation.staffing import Staffing

Rows = NDArray[np.int64]


class Police:
    """What the police's minutes go to, beside visits that plans ask for.

    Parameters
    ----------
    people, luck, recorder
        The column store, keyed luck and the counts.
    caseload, contacts, trust, motivation, dose, absences
        The people carried, their visits, trust, will and contact so far, and their missed appointments.
    """

    def __init__(
        self, people: People, luck: Luck, recorder: Recorder, caseload: Caseload, contacts: Contacts,
        trust: Trust, motivation: Motivation, dose: Dose, absences: Absences,
    ) -> None:  # fmt: skip
        self.trust, self.motivation, self.absences = trust, motivation, absences
        self.team = PoliceTeam(people, recorder, caseload, contacts, self._act)
        self.beat = Beat(people, luck, recorder, caseload, trust)
        self.outreach = Outreach(people, luck, recorder, caseload, contacts, trust, dose)

    def adopt(self, parameters: Parameters, staffing: Staffing) -> None:
        """Take over parameters."""
        self.parameters = parameters
        self.team.adopt(parameters.police_roles)
        self.beat.adopt(parameters.beat, staffing)
        self.outreach.adopt(parameters.outreach, parameters.engagement, staffing)

    def share_out(
        self, day: int, left: NDArray[np.float64], rows: Rows, band: NDArray[np.int8], team: Rows, *,
        weekday: int,
    ) -> Made:  # fmt: skip
        """Fill the diaries of a working day: the beat, outreach, then the team's roles and all visits.

        Parameters
        ----------
        day
            Today.
        left
            Minutes in the diaries, shape ``(teams, agencies)``; reduced in place.
        rows, band, team
            People carried, their bands and teams, shape ``(n,)``.
        weekday
            Today, 0 for Monday.
        """
        self.beat.patrol(day, rows, left)
        self.outreach.go(day, left)
        return self.team.share_out(day, left, rows, band, team, weekday=weekday)

    def answer_missed(self, day: int, who: Rows, slot: Rows, obliged: Rows) -> None:
        """Answer missed appointments: somebody goes out, and what the law obliges to may be enforced.

        Parameters
        ----------
        day
            Today.
        who, slot
            Who missed which kind of contact, shape ``(n,)``.
        obliged
            Those of them who were obliged to come, shape ``(m,)``.
        """
        self.outreach.ask(day, who, slot)
        self.team.enforce(self.absences.add(self.parameters.enforcement, obliged, day), day)

    def _act(self, who: Rows) -> None:
        self.absences.proceed(self.parameters.enforcement, who)
        self.trust.lose(who, self.parameters.engagement.trust_lost_at_enforcement)
        self.motivation.lower(who, self.parameters.motivation.lowered_by_enforcement)
