"""The partnership at work: each phase of its day, over the rooms that do the work."""

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation import bands, contacts, day_book
from simulation.appointments import Appointments
from simulation.aspire import PLANNED
from simulation.at_court import AtCourt
from simulation.awareness import Awareness
from simulation.calendar import Calendar
from simulation.caseload import Caseload
from simulation.choosing import Choosing
from simulation.co_location import AGENCIES
from simulation.contacts import Contacts, Made
from simulation.declare import Event
from simulation.desk import LookUps
from simulation.enforcement import Absences
from simulation.engagement import Trust
from simulation.intelligence import Reports
from simulation.ledger import Entry, pay
from simulation.luck import Luck
from simulation.meeting_room import MeetingRoom
from simulation.motivation import Motivation, Stories
from simulation.parameters import Parameters
from simulation.partners import Partners
from simulation.pathways import Pathways
from simulation.police import Police
from simulation.presence import presence
from simulation.proportionality import proportionate
from simulation.recorder import Recorder
from simulation.relief import Relief
from simulation.response import Dose
from simulation.slots import AGENCY_OF, DISRUPTION, DRUGS, POLICE, SLOT_OF, SLOTS
from simulation.staffing import Staffing
from simulation.steering import Steering
from simulation.vacancies import Vacancies
from simulation.venue import Venue
from simulation.world import World

Rows = NDArray[np.int64]
EVENTS = (
    Event("contact", "partnership", "a person is seen"),
    Event("missed", "partnership", "staff set out to see a person and do not find them"),
)
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
        self.env, self.calendar, self.recorder, self.world = env, calendar, recorder, world
        self.count, self.day = people.count, 0
        shares = np.array([team.share for team in parameters.teams.values()])
        self.caseload = Caseload(people, luck, recorder, shares)
        self.awareness = Awareness(
            people, self.caseload, luck, recorder, world.careers, 1 / parameters.offending.conviction_share,
            parameters.memory,
        )  # fmt: skip
        self.dose = Dose(people, world.record)
        world.offending.noticed = people.read("noticed")
        self.reports = Reports(people, world.record, luck, self.awareness)
        world.offending.on_undetected = self.reports.overhear
        self.motivation = Motivation(people, luck, parameters.motivation)
        self.trust = Trust(people, luck, parameters.engagement, self.motivation)
        rules = parameters.pathways
        self.stories = Stories(people.count, len(AGENCIES) + 1)
        self.relief = Relief(env, luck, recorder, people, world.course, self.motivation, rules.relief)
        self.pathways = Pathways(
            env, luck, recorder, people, self.relief, world.custody, self.trust.level, rules
        )
        self.contacts = Contacts(people)
        self.look_ups = LookUps(people, self.caseload, recorder, self.awareness.news)
        self.absences = Absences(env, people, luck, recorder, world.custody)
        self.steering = Steering(
            luck, recorder, world, self.caseload, self.awareness, self.contacts, self.trust
        )
        self.choosing = Choosing(self.steering)
        self.meeting_room = MeetingRoom(calendar, luck, recorder, self.choosing)
        self.vacancies = Vacancies(
            env, calendar, luck, recorder, self.caseload, self.trust, self.contacts,
            self.steering.youth.leads_on,
        )  # fmt: skip
        self.police = Police(
            people, luck, recorder, self.caseload, self.contacts, self.trust, self.motivation, self.dose,
            self.absences,
        )  # fmt: skip
        self.at_court = world.justice.dealing = AtCourt(
            env, calendar, people, luck, recorder, caseload=self.caseload, contacts=self.contacts,
            desk=self.steering.desk, knows=self.pathways.knows,
        )  # fmt: skip
        self.appointments = Appointments(
            people, luck, recorder, caseload=self.caseload, contacts=self.contacts, desk=self.steering.desk,
            trust=self.trust, custody=world.custody, awareness=self.awareness, police=self.police,
            at_court=self.at_court, stage=self.pathways.stage,
        )  # fmt: skip
        self.partners = Partners(
            env, luck, recorder, self.steering, self.pathways, self.motivation, self.stories, self.dose
        )
        self.adopt(parameters, 0)

    def adopt(self, parameters: Parameters, day: int) -> None:
        """Take over parameters, on the first day and whenever they change."""
        self.parameters, self.day = parameters, day
        before = getattr(self, "staffing", None)
        self.staffing = Staffing(parameters.agencies, parameters.teams, parameters.forms, parameters.systems)
        pay(self.recorder, self.env.now, Entry("partnership", "set_up", self.staffing.set_up_gbp(before)))
        self.vacancies.adopt(parameters, self.staffing)
        self.steering.adopt(parameters, self.staffing, day)
        information = self.steering.habits.slowed(parameters.information)
        self.awareness.adopt(information, parameters.memory, self.staffing)
        self.choosing.adopt(parameters, self.staffing)
        self.reports.adopt(parameters.intelligence)
        self.meeting_room.adopt(parameters, self.staffing)
        self.police.adopt(parameters, self.staffing)
        self.appointments.adopt(parameters.compliance)
        self.at_court.adopt(parameters.at_court)
        self.partners.adopt(parameters, self.staffing)
        self.dose.adopt(parameters.response)
        self.pathways.adopt(parameters.pathways)
        self.motivation.rules = parameters.motivation
        self.caseload.band_names = parameters.bands.local_names()
        if self.contacts.adopt(parameters.contacts, self.staffing):
            rows = self.caseload.rows()
            self.contacts.replan(rows, self.caseload.band[rows], day)
        self.venue = Venue(self.staffing, self.contacts.surgery)
        self.look_ups.adopt(self.staffing)
        # The youth team, which has a place of its own, comes after all agencies.
        self._with_person = np.append(self.staffing.with_person, parameters.youth.minutes_with_person)
        self._inside = np.pad(self.staffing.inside, ((0, 0), (0, 1)))

    # The phases of a day, in their order. -----------------------------------------------------------------

    def read_news(self, day: int) -> None:
        """Read the morning's news, and act on what cannot wait for a meeting."""
        self.day = day
        self.reports.mislead(day)
        if self.steering.habits.moved_on(day):
            self.awareness.news.adopt(self.steering.habits.slowed(self.parameters.information), self.staffing)
        self.awareness.read(day)
        self.appointments.done(self.steering.take_in_desk_work(day), day)
        self.choosing.instant_return(day)
        self.steering.follow_moves(day)
        self.partners.follow(day)

    def meet(self, day: int) -> None:
        """Open the day's diaries and hold its meetings."""
        self.left = self.steering.contract.add(day, self.vacancies.open(day))
        self.opened = self.left.copy()
        self.meeting_room.meet(day, self.left)

    def find_work(self, day: int) -> None:
        """Let contacts fall due."""
        self.rows = rows = self.caseload.rows()
        self.band_now = band = self.caseload.band[rows]
        self.team_now = team = self.caseload.team[rows]
        if self.calendar.is_working(day):
            self.look_ups.work(day)
            self.appointments.follow(day, rows)
            place, slot = self.contacts.look(day, rows)
            who = rows[place]
            gets = self._gets(who, slot, band[place], self.world.custody.statutory(who, day))
            asked = gets * self.contacts.asks(who, slot, band[place])
            self.partners.travel(who, slot, asked)
            due = self.contacts.fall_due(day, who, slot, band[place], team[place], gets)
            self.appointments.reminders.send(day, *due)
            carried = np.bincount(team, minlength=len(self.left))[:, None]
            self.left = np.maximum(self.left - carried * self.staffing.caseload_minutes, 0.0)
            if self.steering.exits.leaving.dormant_minutes_a_week:
                dormant = self.caseload.team[self.caseload.band == bands.WHITE]
                minutes = self.steering.exits.dormant_minutes(np.bincount(dormant, minlength=len(self.left)))
                self.left = np.maximum(self.left - minutes, 0.0)

    def fill_diaries(self, day: int) -> None:
        """Share out what is left of the day's minutes."""
        if not self.left.any():
            nobody = np.zeros(0, dtype=np.int64)
            nothing = nobody.astype(float)
            self.made = Made(nobody, nobody, nobody.astype(bool), nothing, nothing, nobody)
            return
        met = self.choosing.introduce(day, self.left)
        self.dose.give(met.person, self.staffing.with_person[met.agency], met.agency == POLICE)
        self.partners.work(day, self.left)
        self.steering.desk.fill(day, self.left, urgent=True)
        youth = self.steering.youth.see(day)
        self.made = self.police.share_out(
            day, self.left, self.rows, self.band_now, self.team_now, weekday=self.calendar.weekday(day)
        )
        self.made = self.made.joined(youth)
        self.steering.desk.fill(day, self.left, urgent=False)

    def make_contacts(self, day: int) -> None:
        """See people, or find them gone: at home, at the appointment, or in custody."""
        who, slot, _, _, given, by = self.made
        if not len(who):
            return
        parameters = self.parameters
        found = presence(self, self.made, day)
        seen, outside = found.seen, found.seen & ~found.inside
        self.steering.planning.seen(day, who, slot, seen)
        self.steering.release_plans.seen(day, who[outside], slot[outside])
        minutes = self._with_person[by]
        self.dose.give(who[seen], minutes[seen], (_POLICE[slot] & found.at_place)[seen])
        met = np.unique(who[seen])
        self.trust.build(met, parameters.engagement.trust_per_contact)
        self.awareness.team.refute(met, parameters.intelligence.refuted_per_contact)
        here, weekday = seen & found.at_place, self.calendar.weekday(day)
        self.venue.move_trust(self.trust, weekday, self.caseload.team[who[here]], who[here], slot[here])
        self.awareness.correct(day, who, found.occurrence, seen=seen, astray=found.astray)
        self.dose.deter(who[seen & (slot == DISRUPTION)], day)
        self._review_needs(who[outside & (slot == SLOT_OF[self.caseload.lead[who]])], day)
        self._tell_stories(who[seen], by[seen])
        self._take_back(who[~seen], slot[~seen], given[~seen], parameters.contacts.missed_share)
        self.appointments.take_note(
            day, who, slot, seen=seen, appointment=found.appointment, statutory=found.statutory
        )
        day_book.enter_contacts(self, day, seen, minutes)
        contacts.log(self.recorder, day, who[seen], slot[seen], "contact")
        contacts.log(self.recorder, day, who[~seen], slot[~seen], "missed")

    def respond(self, day: int) -> None:
        """Let risk answer to contact: everyone once a week, and those whose deterrence begins or ends."""
        deterred = self.dose.deterred_until
        moving = ((deterred > day) & (deterred >= day + self.parameters.response.deterrence_days)) | (
            (deterred <= day) & (deterred > day - 1)
        )
        turn = self.world.people.turn(day)
        moving[turn] |= np.isfinite(self.caseload.first_entered[turn])
        moving_rows = np.flatnonzero(moving)
        self.relief.weigh(moving_rows)
        self.motivation.pass_day(day, self.pathways.waiting())
        self.dose.shift(day, moving_rows, self.relief.fall[moving_rows])
        rows = self.rows[self.world.custody.at_liberty[self.rows]]
        replaced = self.dose.pass_day(rows, self.world.custody.obliged(rows, day), self.steering.ogrs[rows])
        self.recorder.daily("ordinary_cost_gbp")[day] = replaced * self.staffing.ordinary_gbp_per_minute

    def record(self, day: int) -> None:
        """Count the day."""
        day_book.enter(self, day)

    # What the phases are made of. ---------------------------------------------------------------------

    def _gets(
        self, who: Rows, slot: Rows, band: NDArray[np.int8], statutory: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Return the share that people get of a kind of contact that their band's plan asks for."""
        known = self.awareness.team.offending[who] >= self.parameters.contacts.intelligence_needed
        gets = np.where(slot == DRUGS, self.steering.drug_user[who], True)
        gets = gets & (statutory | ~self.choosing.introductions.waiting[who])
        gets = gets & self.appointments.drop_outs.open_to(who, slot)
        rules, weekly = self.parameters.proportionality, self.contacts.weekly[band]
        gets = gets * self.steering.opens(who, slot, weekly, self.day)
        gets = np.where(slot == DISRUPTION, known | statutory, gets)
        return gets * proportionate(rules, weekly, slot, known | statutory)

    def _review_needs(self, who: Rows, day: int) -> None:
        """Let leads who saw people today refer those with a plan; what they arrange takes minutes."""
        who = np.unique(who)
        self.motivation.lift(who, self.parameters.motivation.raised_by_contact)
        referred = self.pathways.review(who[self.steering.planning.stage[who] == PLANNED], day)
        minutes = self.parameters.pathways.referral_minutes
        np.add.at(self.contacts.extra, (referred, SLOT_OF[self.caseload.lead[referred]]), minutes)

    def _tell_stories(self, who: Rows, agency: Rows) -> None:
        """Let people tell their story to agencies that see them for the first time and have not read it."""
        rules = self.parameters.motivation
        together = self._inside[self.caseload.team[who], agency]
        told_again = self.stories.tell(who, agency, together | rules.story_kept)
        self.motivation.lower(told_again, rules.lowered_by_retelling)

    def _take_back(self, who: Rows, slot: Rows, given: NDArray[np.float64], share: float) -> None:
        """Give diaries back the minutes that missed contacts did not take."""
        team = self.caseload.team[who]
        agency = AGENCY_OF[slot]
        # What earlier days gave is gone.
        back = np.minimum((1 - share) * self.contacts.footprint[team, slot], given)
        np.add.at(self.left, (team, agency), back)
