"""Partners: what the prison, its gate, mentors and small supports add to the partnership's day."""

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation.bands import BLUE
from simulation.gate import Gate
from simulation.in_reach import InReach
from simulation.luck import Luck
from simulation.mentoring import Mentoring
from simulation.motivation import Motivation, Stories
from simulation.parameters import Parameters
from simulation.pathways import Pathways
from simulation.recorder import Recorder
from simulation.response import Dose
from simulation.slots import AT_HOME, SLOT_OF
from simulation.staffing import Staffing
from simulation.steering import Steering
from simulation.supports import Supports

Rows = NDArray[np.int64]


class Partners:
    """In-reach, distance, the gate, mentoring and small supports, joined.

    Parameters
    ----------
    env, luck, recorder
        The clock, keyed luck and the counts.
    steering
        Bands, leads, plans and what goes with them.
    pathways, motivation, stories, dose
        The rooms that time with people moves.
    """

    def __init__(
        self, env: simpy.Environment, luck: Luck, recorder: Recorder, steering: Steering, pathways: Pathways,
        motivation: Motivation, stories: Stories, dose: Dose,
    ) -> None:  # fmt: skip
        self.recorder, self.steering, self.pathways = recorder, steering, pathways
        self.caseload, self.contacts = steering.caseload, steering.contacts
        custody, people, trust = steering.world.custody, steering.world.people, steering.trust
        caseload = self.caseload
        self.prisons = steering.prisons
        self.in_reach = InReach(
            people, recorder, caseload, custody, self.prisons, steering.awareness, trust, motivation, stories,
            pathways, dose, steering.drug_user,
        )  # fmt: skip
        self.gate = Gate(people, luck, recorder, caseload, custody, self.prisons, trust, dose)
        self.mentoring = Mentoring(
            env, people, luck, recorder, caseload, custody, steering.planning.stage, trust, motivation, dose
        )
        self.supports = Supports(people, luck, recorder, caseload, pathways)

    def adopt(self, parameters: Parameters, staffing: Staffing) -> None:
        """Take over parameters."""
        engagement, read = parameters.engagement, parameters.motivation.story_kept
        self.in_reach.adopt(parameters.in_reach, engagement, staffing, read=read)
        self.gate.adopt(parameters.gate, engagement, staffing)
        self.mentoring.adopt(parameters.mentoring, engagement)
        self.supports.adopt(parameters.supports)

    def follow(self, day: int) -> None:
        """Follow people in and out of prison, and refer to those who help."""
        out, ready = self.steering.release_plans.released(day)
        met = self.gate.met(day, out)
        if len(out):
            self._expect(np.union1d(out[ready], met), day)
        self.recorder.count("referrals", day, len(self.pathways.refer(out[ready])))
        rows = self.caseload.rows()
        self.in_reach.follow(day, rows)
        self.mentoring.follow(day, rows)
        self.supports.follow(day, rows)

    def _expect(self, who: Rows, day: int) -> None:
        """Know that people are out, and see them today, because somebody waited for them."""
        if len(who):
            self.steering.awareness.confirm(who, day)
            self.steering.follow(who, day)
            self.contacts.bring_forward(who, SLOT_OF[self.caseload.lead[who]], day)

    def travel(self, who: Rows, slot: Rows, asked: NDArray[np.float64]) -> None:
        """Add travel to visits inside that fall due and are asked for, shape ``(n,)``."""
        inside = (self.caseload.band[who] == BLUE) & (asked > 0)
        self.contacts.extra[who[inside], slot[inside]] += self.prisons.travel(who[inside])

    def pull(self, who: Rows, slot: Rows, day: int) -> NDArray[np.float64]:
        """Return what having been met adds to the log-odds of appointments, shape ``(n,)``."""
        return np.asarray(self.gate.pull(who, day) * ~AT_HOME[slot])

    def work(self, day: int, left: NDArray[np.float64]) -> None:
        """Do what cannot wait for another day, and visit inside; ``left`` has shape ``(teams, agencies)``."""
        self.mentoring.coordinate(left)
        self.gate.go(day, left)
        self.in_reach.go(day, left)
