"""The partnership at work: each phase of its day, over the rooms that do the work."""

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation import bands, contacts
from simulation.awareness import Awareness
from simulation.calendar import DAYS_PER_YEAR, Calendar
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES
from simulation.contacts import AGENCY_OF, SLOTS, Contacts, Made
from simulation.declare import Event
from simulation.enforcement import Absences
from simulation.engagement import Trust
from simulation.intelligence import Reports
from simulation.luck import Luck
from simulation.parameters import Parameters
from simulation.recorder import Recorder
from simulation.response import Dose
from simulation.staffing import Staffing
from simulation.steering import Steering
from simulation.world import World

Rows = NDArray[np.int64]
EVENTS = (
    Event("contact", "partnership", "a person is seen"),
    Event("missed", "partnership", "staff set out to see a person and do not find them"),
)
_HOME = np.array([slot.at_home for slot in SLOTS])
_POLICE = np.array([slot.police for slot in SLOTS])


class Partnership:
    """Agencies that manage a caseload together.

    Parameters
    ----------
    env, calendar, luck, recorder
        The clock, the calendar, keyed luck and the counts.
    world
        The locality, whose people it works with.
    parameters
        The parameters of the first day.
    """

    def __init__(
        self, env: simpy.Environment, calendar: Calendar, luck: Luck, recorder: Recorder, world: World,
        parameters: Parameters,
    ) -> None:  # fmt: skip
        people = world.people
        self.calendar, self.recorder, self.world = calendar, recorder, world
        self.count, self.day = people.count, 0
        shares = np.array([team.share for team in parameters.teams.values()])
        self.caseload = Caseload(people, luck, recorder, shares)
        self.awareness = Awareness(
            people, self.caseload, recorder, world.careers, 1 / parameters.offending.conviction_share,
            parameters.memory,
        )  # fmt: skip
        self.dose = Dose(people, world.record, parameters.response)
        world.offending.noticed = people.read("noticed")
        self.reports = Reports(people, world.record, luck, self.awareness)
        world.offending.on_undetected = self.reports.overhear
        self.trust = Trust(people, luck, parameters.engagement)
        self.contacts = Contacts(people)
        self.absences = Absences(env, people, luck, recorder, world.custody)
        self.steering = Steering(
            calendar, luck, recorder, world, self.caseload, self.awareness, self.contacts, self.trust
        )
        self.adopt(parameters)

    def adopt(self, parameters: Parameters) -> None:
        """Take over parameters, on the first day and whenever they change."""
        self.parameters = parameters
        self.staffing = Staffing(parameters.agencies, parameters.teams, parameters.forms)
        self.awareness.adopt(parameters.information, parameters.memory, self.staffing)
        self.steering.adopt(parameters, self.staffing)
        self.reports.adopt(parameters.intelligence)
        self.dose.adopt(parameters.response)
        self.caseload.band_names = parameters.bands.local_names()
        self.contacts.adopt(parameters.contacts, self.staffing)
        rows = self.caseload.rows()
        self.contacts.replan(rows, self.caseload.band[rows], self.day)
        form = [[t.form.attendance_log_odds * t.time_share * (name in t.members) for name in AGENCIES]
                for t in self.staffing.together]  # fmt: skip
        self._venue = np.array(form)[:, AGENCY_OF] * ~_HOME

    # The phases of a day, in their order. -----------------------------------------------------------------

    def read_news(self, day: int) -> None:
        """Read the morning's news, and act on what cannot wait for a meeting."""
        self.day = day
        self.reports.mislead(day)
        self.awareness.read(day)
        self.steering.follow_moves(day)

    def meet(self, day: int) -> None:
        """Open the day's diaries and hold its meetings."""
        self.left = self.staffing.opened(self.calendar, day)
        self.opened = self.left.copy()
        self.steering.meet(day, self.left)

    def find_work(self, day: int) -> None:
        """Let contacts fall due."""
        self.rows = rows = self.caseload.rows()
        self.band_now = band = self.caseload.band[rows]
        self.team_now = team = self.caseload.team[rows]
        if self.calendar.is_working(day):
            place, slot = self.contacts.look(day, rows)
            who = rows[place]
            gets = self._gets(who, slot, self.world.custody.statutory(who, day))
            self.contacts.fall_due(day, who, slot, band[place], team[place], gets)
            carried = np.bincount(team, minlength=len(self.left))[:, None]
            self.left = np.maximum(self.left - carried * self.staffing.caseload_minutes, 0.0)
            dormant = np.bincount(
                self.caseload.team[self.caseload.band == bands.WHITE], minlength=len(self.left)
            )
            self.left = np.maximum(self.left - self.steering.exits.dormant_minutes(dormant), 0.0)

    def fill_diaries(self, day: int) -> None:
        """Share out what is left of the day's minutes."""
        if not self.left.any():
            nobody = np.zeros(0, dtype=np.int64)
            nothing = nobody.astype(float)
            self.made = Made(nobody, nobody, nobody.astype(bool), nothing, nothing)
            return
        met = self.steering.introduce(day, self.left)
        self.dose.give(met.person, self.staffing.with_person[met.agency], met.agency == contacts.POLICE)
        self.made = self.contacts.fill(day, self.left, self.rows, self.band_now, self.team_now)

    def make_contacts(self, day: int) -> None:
        """See people, or find them gone: at home, at the appointment, or in custody."""
        who, slot, joint, waited, given = self.made
        if not len(who):
            return
        parameters, engagement = self.parameters, self.parameters.engagement
        blue = self.caseload.band[who] == bands.BLUE
        inside = ~self.world.custody.at_liberty[who]
        statutory = self.world.custody.statutory(who, day)
        # One person answers one visit: both agencies of a joint visit find the same.
        asked = np.where(joint, contacts.POLICE, slot)
        base = np.where(_HOME[asked], engagement.at_home, engagement.attendance)
        base = base + self._venue[self.caseload.team[who], asked] + engagement.same_day * joint
        base = np.where(blue, engagement.in_custody, base)
        occurrence = self.contacts.number[who, asked] * len(SLOTS) + asked
        there = self.trust.attends(
            engagement, who, occurrence, base=base, statutory=statutory & ~_HOME[asked]
        )
        seen = there & (inside == blue)
        minutes = self.staffing.with_person[AGENCY_OF[slot]]
        self.dose.give(who[seen], minutes[seen], _POLICE[slot[seen]])
        met = np.unique(who[seen])
        self.trust.build(met, engagement.trust_per_contact)
        self.awareness.team.refute(met, parameters.intelligence.refuted_per_contact)
        self.dose.deter(who[seen & (slot == contacts.DISRUPTION)], day)
        self._take_back(who[~seen], slot[~seen], given[~seen], parameters.contacts.missed_share)
        self._missed(day, who, slot, ~seen & ~blue & ~inside & ~_HOME[asked], statutory)
        count = self.recorder.count
        count("contacts_made", day, int(seen.sum()))
        count("contacts_missed", day, int((~seen).sum()))
        count("contact_wait_days", day, float(waited.sum()))
        count("joint_visits", day, int(joint.sum()) // 2)
        count("contact_minutes", day, float(minutes[seen].sum()))
        if self.recorder.keep_events:
            for person, kind in zip(who[seen], slot[seen], strict=True):
                self.recorder.log(int(person), "contact", day, detail=SLOTS[kind].name)
            for person, kind in zip(who[~seen], slot[~seen], strict=True):
                self.recorder.log(int(person), "missed", day, detail=SLOTS[kind].name)

    def respond(self, day: int) -> None:
        """Let risk answer to contact: everyone once a week, and those whose deterrence begins or ends."""
        deterred = self.dose.deterred_until
        turn = (np.arange(self.count) + day) % 7 == 0
        moving = (turn & (np.isfinite(self.caseload.first_entered))) | (
            (deterred > day) & (deterred >= day + self.parameters.response.deterrence_days)
        ) | ((deterred <= day) & (deterred > day - 1))  # fmt: skip
        self.dose.shift(day, np.flatnonzero(moving))
        rows = self.rows[self.world.custody.at_liberty[self.rows]]
        replaced = self.dose.pass_day(rows, self.world.custody.statutory(rows, day))
        self.recorder.daily("ordinary_cost_gbp")[day] = replaced * self.staffing.ordinary_gbp_per_minute

    def record(self, day: int) -> None:
        """Count the caseload by band, and how far the team's picture lags."""
        caseload, daily = self.caseload, self.recorder.daily
        rows = caseload.rows()
        band = caseload.band[rows]
        for code, name in enumerate(bands.COLOURS[:4]):
            daily(f"caseload_{name}")[day] = np.count_nonzero(band == code)
        daily("caseload_white")[day] = np.count_nonzero(caseload.band == bands.WHITE)
        daily("caseload")[day] = len(rows)
        daily("caseload_statutory")[day] = np.count_nonzero(self.world.custody.statutory(rows, day))
        self.steering.scope.count(self.recorder, day, rows)
        daily("caseload_ppo")[day] = np.count_nonzero(caseload.ppo[rows])
        wrong = self.steering.colour(self.awareness.true, rows) != band
        daily("wrong_bands")[day] = np.count_nonzero(wrong)
        self.awareness.measure_lag(day, rows, wrong)
        used, opened = (self.opened - self.left).sum(axis=0), self.opened.sum(axis=0)
        for agency, minutes, available in zip(AGENCIES, used, opened, strict=True):
            daily(f"minutes_used_{agency}")[day] = minutes
            daily(f"minutes_open_{agency}")[day] = available
        daily("contacts_due")[day] += self.contacts.due
        daily("contacts_expired")[day] += self.contacts.expired
        daily("contacts_struck_out")[day] += self.contacts.struck_out
        daily("expired_wait_days")[day] += self.contacts.expired_wait_days
        self.contacts.clear_counts()
        daily("iom_cost_gbp")[day] += self.staffing.cost_gbp_a_year / DAYS_PER_YEAR

    # What the phases are made of. ---------------------------------------------------------------------

    def _gets(self, who: Rows, slot: Rows, statutory: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return whether people get a kind of contact that their band's plan asks for."""
        known = self.awareness.team.offending[who] >= self.parameters.contacts.intelligence_needed
        gets = np.where(slot == contacts.DRUGS, self.steering.drug_user[who], True)
        gets &= statutory | ~self.steering.introductions.waiting[who]
        return np.where(slot == contacts.DISRUPTION, known | statutory, gets)

    def _take_back(self, who: Rows, slot: Rows, given: NDArray[np.float64], share: float) -> None:
        """Give diaries back the minutes that missed contacts did not take."""
        team = self.caseload.team[who]
        agency = AGENCY_OF[slot]
        # What earlier days gave is gone.
        back = np.minimum((1 - share) * self.contacts.footprint[team, slot], given)
        np.add.at(self.left, (team, agency), back)

    def _missed(
        self, day: int, who: Rows, slot: Rows, absent: NDArray[np.bool_], statutory: NDArray[np.bool_]
    ) -> None:
        for person in np.unique(who[absent]).tolist():
            self.awareness.hear("missed", person, float(day))
        obliged = who[absent & statutory & (slot == contacts.PROBATION)]
        acted = self.absences.add(self.parameters.enforcement, obliged, day)
        self.trust.lose(acted, self.parameters.engagement.trust_lost_at_enforcement)
