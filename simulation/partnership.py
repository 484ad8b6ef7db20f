"""The partnership at work: each phase of its day, over the rooms that do the work."""

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation import bands, contacts, leads, meetings, selection
from simulation import ogrs3 as predictor3
from simulation.calendar import DAYS_PER_YEAR, Calendar
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES
from simulation.contacts import AGENCY_OF, SLOT_OF, SLOTS, Contacts, Made
from simulation.declare import Stream
from simulation.enforcement import Absences
from simulation.engagement import Trust
from simulation.information import KINDS, Kind, News
from simulation.luck import Luck
from simulation.offences import OGRS3_LOG_ODDS
from simulation.parameters import Parameters
from simulation.picture import Picture
from simulation.recorder import Recorder
from simulation.response import Dose
from simulation.staffing import Staffing
from simulation.world import World

Rows = NDArray[np.int64]
SPREAD = Stream("contacts.first", "occurrence", "when in the first week of a spell contacts begin")
#: Selection and review meetings of a cycle are held on these of its days.
SELECTION_DAY, REVIEW_DAY = 0, 3
AT_SELECTION = ("age", "first_conviction_age", "previous_occasions", "offences", "breaches")
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
        self.calendar, self.luck, self.recorder, self.world = calendar, luck, recorder, world
        self.count, self.day = people.count, 0
        shares = np.array([team.share for team in parameters.teams.values()])
        self.caseload = Caseload(people, luck, recorder, shares)
        self.news = News(self.caseload.team)
        self._heard: dict[Kind, list[tuple[int, float]]] = {kind: [] for kind in KINDS}
        self.team_picture = Picture(people, "team", parameters.memory)
        self.true_picture = Picture(people, "true", parameters.memory)
        for picture in (self.team_picture, self.true_picture):
            picture.remember(world.careers, 1 / parameters.offending.conviction_share)
        self.dose = Dose(people, world.record, parameters.response)
        world.offending.noticed = people.read("noticed")
        self.trust = Trust(people, luck, parameters.engagement)
        self.contacts = Contacts(people)
        self.absences = Absences(env, people, luck, recorder, world.custody)
        needs = world.careers.needs
        self.drug_user = (needs["heroin"] + needs["crack"]) > 0
        self.ogrs = np.zeros(self.count)
        self.true_band = np.full(self.count, bands.NONE, dtype=np.int8)
        self.wrong_since = np.full(self.count, np.inf)
        self.lags: list[float] = []
        #: The record of each person at first selection, arrays of shape ``(n,)``.
        self.at_selection = {name: np.full(self.count, np.nan) for name in AT_SELECTION}
        self.adopt(parameters)

    def adopt(self, parameters: Parameters) -> None:
        """Take over parameters, on the first day and whenever they change."""
        self.parameters = parameters
        self.staffing = Staffing(parameters.agencies, parameters.teams, parameters.forms)
        self.news.adopt(parameters.information, self.staffing)
        self.team_picture.adopt(parameters.memory)
        self.true_picture.adopt(parameters.memory)
        self.dose.adopt(parameters.response)
        self.caseload.band_names = parameters.bands.local_names()
        self.contacts.adopt(parameters.contacts, self.staffing)
        rows = self.caseload.rows()
        self.contacts.replan(rows, self.caseload.band[rows], self.day)
        form = [[t.form.attendance_log_odds * t.time_share * (name in t.members) for name in AGENCIES]
                for t in self.staffing.together]  # fmt: skip
        self._venue = np.array(form)[:, AGENCY_OF] * ~_HOME
        self._members = np.array([[name in t.members for name in AGENCIES] for t in self.staffing.together])

    def begin(self) -> None:
        """Know on the first day who is in custody: lists were compared when the scheme was set up."""
        self._pass_on()
        self.team_picture.inside[:] = self.true_picture.inside

    def hear(self, kind: Kind, person: int, time: float) -> None:
        """Take note of what the world did; the next morning it is true, and on its way to being known."""
        self._heard[kind].append((person, time))

    def _pass_on(self) -> None:
        """Send yesterday's events on their way; nothing looks at either picture between two mornings."""
        for kind, events in self._heard.items():
            if events:
                people = np.array([person for person, _ in events])
                times = np.array([time for _, time in events])
                self.true_picture.learn(kind, people, times)
                self.news.post(kind, people, times)
                events.clear()

    # The phases of a day, in their order. -----------------------------------------------------------------

    def read_news(self, day: int) -> None:
        """Read the morning's news; known receptions and releases change the band at once."""
        self.day = day
        self.team_picture.fade()
        self.true_picture.fade()
        self._pass_on()
        for kind, people, times in self.news.arrived(day):
            self.team_picture.learn(kind, people, times)
        caseload = self.caseload
        self._instant_return(day)
        rows = caseload.rows()
        blue = caseload.band[rows] == bands.BLUE
        moved = rows[blue != self.team_picture.inside[rows]]
        self._set_bands(moved, day, reviewed=False)
        self._begin_contacts(moved, day)

    def meet(self, day: int) -> None:
        """Hold the meetings of the day: selection, review, tasking."""
        parameters = self.parameters
        self.left = self.staffing.opened(self.calendar, day)
        self.opened = self.left.copy()
        self.caseload.forget(day)
        if (day - SELECTION_DAY) % parameters.cohort.meeting_days == 0:
            self._select(day)
        for meeting, phase in ((parameters.meetings.review, REVIEW_DAY), (parameters.meetings.tasking, 0)):
            if meetings.is_due(meeting, day, self.calendar, phase):
                self._hold(meeting, day)

    def find_work(self, day: int) -> None:
        """Let contacts fall due."""
        self.rows = rows = self.caseload.rows()
        self.band_now = band = self.caseload.band[rows]
        self.team_now = team = self.caseload.team[rows]
        if self.calendar.is_working(day):
            place, slot = self.contacts.look(day, rows)
            who = rows[place]
            gets = self._gets(who, slot, self.statutory(who, day))
            self.contacts.fall_due(day, who, slot, band[place], team[place], gets)
            carried = np.bincount(team, minlength=len(self.left))[:, None]
            self.left = np.maximum(self.left - carried * self.staffing.caseload_minutes, 0.0)

    def fill_diaries(self, day: int) -> None:
        """Share out what is left of the day's minutes."""
        if not self.left.any():
            nobody = np.zeros(0, dtype=np.int64)
            nothing = nobody.astype(float)
            self.made = Made(nobody, nobody, nobody.astype(bool), nothing, nothing)
            return
        self.made = self.contacts.fill(day, self.left, self.rows, self.band_now, self.team_now)

    def make_contacts(self, day: int) -> None:
        """See people, or find them gone: at home, at the appointment, or in custody."""
        who, slot, joint, waited, given = self.made
        if not len(who):
            return
        parameters, engagement = self.parameters, self.parameters.engagement
        blue = self.caseload.band[who] == bands.BLUE
        inside = ~self.world.custody.at_liberty[who]
        statutory = self.statutory(who, day)
        base = np.where(_HOME[slot], engagement.at_home, engagement.attendance)
        base = base + self._venue[self.caseload.team[who], slot] + engagement.same_day * joint
        base = np.where(blue, engagement.in_custody, base)
        # One person answers one visit: both agencies of a joint visit find the same.
        asked = np.where(joint, contacts.POLICE, slot)
        occurrence = self.contacts.number[who, asked] * len(SLOTS) + asked
        there = self.trust.attends(
            engagement, who, occurrence, base=base, statutory=statutory & ~_HOME[asked]
        )
        seen = there & (inside == blue)
        minutes = self.staffing.with_person[AGENCY_OF[slot]]
        self.dose.give(who[seen], minutes[seen], _POLICE[slot[seen]])
        self.trust.build(np.unique(who[seen]), engagement.trust_per_contact)
        self.dose.deter(who[seen & (slot == contacts.DISRUPTION)], day)
        self._take_back(who[~seen], slot[~seen], given[~seen], parameters.contacts.missed_share)
        self._missed(day, who, slot, ~seen & ~blue & ~inside, statutory)
        count = self.recorder.count
        count("contacts_made", day, int(seen.sum()))
        count("contacts_missed", day, int((~seen).sum()))
        count("contact_wait_days", day, float(waited.sum()))
        count("joint_visits", day, int(joint.sum()) // 2)
        count("contact_minutes", day, float(minutes[seen].sum()))
        if self.recorder.keep_events:
            for person, kind in zip(who[seen], slot[seen], strict=True):
                self.recorder.log(int(person), "contact", day, detail=SLOTS[kind].name)

    def respond(self, day: int) -> None:
        """Let risk answer to contact: everyone once a week, and those whose deterrence begins or ends."""
        deterred = self.dose.deterred_until
        turn = (np.arange(self.count) + day) % 7 == 0
        moving = (turn & (np.isfinite(self.caseload.first_entered))) | (
            (deterred > day) & (deterred >= day + self.parameters.response.deterrence_days)
        ) | ((deterred <= day) & (deterred > day - 1))  # fmt: skip
        self.dose.shift(day, np.flatnonzero(moving))
        rows = self.rows[self.world.custody.at_liberty[self.rows]]
        self.dose.pass_day(rows, self.statutory(rows, day))

    def record(self, day: int) -> None:
        """Count the caseload by band, and how far the team's picture lags."""
        caseload, daily = self.caseload, self.recorder.daily
        rows = caseload.rows()
        band = caseload.band[rows]
        for code, name in enumerate(bands.COLOURS[:4]):
            daily(f"caseload_{name}")[day] = np.count_nonzero(band == code)
        daily("caseload_white")[day] = np.count_nonzero(caseload.band == bands.WHITE)
        daily("caseload")[day] = len(rows)
        daily("caseload_statutory")[day] = np.count_nonzero(self.statutory(rows, day))
        daily("caseload_ppo")[day] = np.count_nonzero(caseload.ppo[rows])
        true = self._colour(self.true_picture, rows)
        wrong = true != band
        daily("wrong_bands")[day] = np.count_nonzero(wrong)
        self._measure_lag(day, rows, wrong)
        used, opened = (self.opened - self.left).sum(axis=0), self.opened.sum(axis=0)
        for agency, minutes, available in zip(AGENCIES, used, opened, strict=True):
            daily(f"minutes_used_{agency}")[day] = minutes
            daily(f"minutes_open_{agency}")[day] = available
        daily("contacts_due")[day] += self.contacts.due
        daily("contacts_expired")[day] += self.contacts.expired
        self.contacts.due = self.contacts.expired = 0
        daily("iom_cost_gbp")[day] += self.staffing.cost_gbp_a_year / DAYS_PER_YEAR

    # What the phases are made of. ---------------------------------------------------------------------

    def statutory(self, who: Rows, day: int) -> NDArray[np.bool_]:
        """Return who is under supervision, or will be on licence after the sentence they serve."""
        custody = self.world.custody
        return np.asarray((custody.supervised_until[who] > day) | (custody.licence_days[who] > 0))

    def _gets(self, who: Rows, slot: Rows, statutory: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return whether people get a kind of contact that their band's plan asks for."""
        known = self.team_picture.offending[who] >= self.parameters.contacts.intelligence_needed
        gets = np.where(slot == contacts.DRUGS, self.drug_user[who], True)
        return np.where(slot == contacts.DISRUPTION, known | statutory, gets)

    def _colour(self, picture: Picture, rows: Rows) -> NDArray[np.int8]:
        rules = self.parameters.bands
        points = bands.score(rules, picture.offending[rows], picture.missed[rows], self.ogrs[rows])
        return bands.colour(rules, points, picture.inside[rows])

    def _set_bands(self, who: Rows, day: int, *, reviewed: bool) -> None:
        if len(who):
            band = self._colour(self.team_picture, who)
            self.caseload.set_band(who, band, day, reviewed=reviewed)
            self.contacts.replan(who, band, day)
            self._set_leads(who, day)

    def _set_leads(self, who: Rows, day: int) -> None:
        caseload, rule = self.caseload, self.parameters.leads
        lead = leads.lead_agency(
            rule, statutory=self.statutory(who, day), band=caseload.band[who], drug_user=self.drug_user[who],
            staffed=self.staffing.posts[caseload.team[who]] > 0,
        )  # fmt: skip
        handed = caseload.set_lead(who, lead, day)
        self.trust.lose(handed, self.parameters.engagement.trust_lost_at_handover)
        self.contacts.extra[handed, SLOT_OF[caseload.lead[handed]]] += rule.handover_minutes
        self.recorder.count("lead_changes", day, len(handed))

    def _begin_contacts(self, who: Rows, day: int) -> None:
        spells = self.contacts.number[who].sum(axis=1)
        self.contacts.begin(who, day, self.luck.many(SPREAD, who, spells))

    def _instant_return(self, day: int) -> None:
        """Take back people on the dormant list who are known to have offended."""
        caseload, cohort = self.caseload, self.parameters.cohort
        dormant = np.flatnonzero((caseload.dormant_until > day) & self._eligible(day))
        points = self._matrix(dormant, day)
        back = dormant[points >= cohort.entry_score]
        if cohort.sizing == "resources":
            back = back[: max(0, cohort.ceiling - int(caseload.carried.sum()))]
        self._take_on(back, day)

    def _select(self, day: int) -> None:
        caseload, cohort = self.caseload, self.parameters.cohort
        self._score_ogrs()
        everybody = np.arange(self.count)
        self.points = self._matrix(everybody, day)
        choice = selection.choose(cohort, self.points, caseload.carried, self._eligible(day))
        caseload.leave(choice.leave, day, cohort.dormant_days)
        self.contacts.end(choice.leave)
        self._take_on(choice.enter, day)
        # PPOs are designated for the threat they pose, whoever else supervises them.
        designated = caseload.carried & (self._threat(everybody) >= cohort.ppo_score)
        caseload.ppo |= designated

    def _threat(self, who: Rows) -> NDArray[np.float64]:
        weights, record = self.parameters.cohort.weights, self.world.record
        return selection.threat(
            weights, self.team_picture.offending[who], record.sanctions[who], self.ogrs[who]
        )

    def _matrix(self, who: Rows, day: int) -> NDArray[np.float64]:
        """Return selection scores: the threat, and what the site adds for people nobody else carries."""
        return self._threat(who) + self.parameters.cohort.weights.unsupervised * ~self.statutory(who, day)

    def _eligible(self, day: int) -> NDArray[np.bool_]:
        """Return who may be carried: prolific by now, still in the area, and not away for years."""
        record, cohort = self.world.record, self.parameters.cohort
        here = (record.joins <= day) & (record.leaves > day)
        away = self.world.custody.due_out > day + cohort.left_after_years * DAYS_PER_YEAR
        return np.asarray(here & ~away)

    def _take_on(self, who: Rows, day: int) -> None:
        if len(who):
            self._note_record(who[np.isinf(self.caseload.first_entered[who])], day)
            self.caseload.enter(who, day)
            self._set_bands(who, day, reviewed=True)
            self._begin_contacts(who, day)

    def _note_record(self, who: Rows, day: int) -> None:
        """Note the record with which people are first selected: the columns of the published table."""
        record, note = self.world.record, self.at_selection
        note["age"][who] = (day - record.birth_day[who]) / DAYS_PER_YEAR
        note["first_conviction_age"][who] = record.age_convicted[who]
        note["previous_occasions"][who] = record.sanctions[who] - 1
        note["offences"][who] = record.offences[who]
        note["breaches"][who] = record.breaches[who]

    def _score_ogrs(self) -> None:
        record = self.world.record
        age_now = (record.sanctioned - record.birth_day) / DAYS_PER_YEAR
        z = predictor3.log_odds(
            female=record.female, age_start=record.age_start, age_now=age_now, age_first=record.age_first,
            sanctions=record.sanctions, offence=OGRS3_LOG_ODDS[record.kind],
        )  # fmt: skip
        self.ogrs[:] = np.nan_to_num(predictor3.probability(z, years=2))

    def _hold(self, meeting: meetings.Meeting, day: int) -> None:
        caseload = self.caseload
        for team in range(len(self.staffing.team_names)):
            rows = np.flatnonzero(caseload.in_community() & (caseload.team == team))
            proposed = self._colour(self.team_picture, rows)
            place = meetings.agenda(
                meeting, rows, reviewed=caseload.reviewed[rows], band=caseload.band[rows], proposed=proposed
            )
            needed = meetings.minutes_taken(meeting, len(place))
            able = np.minimum(needed, self.left[team])
            # Whoever attends gives the minutes they have; a meeting nobody can attend is not held.
            if not len(place) or not able.any():
                continue
            self.left[team] -= able
            self._set_bands(rows[place], day, reviewed=True)
            self.recorder.count("meeting_minutes", day, float(able.sum()))
            self.recorder.count("cases_discussed", day, len(place))

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
        appointment = absent & ~_HOME[slot]
        people = np.unique(who[appointment])
        if len(people):
            self._heard["missed"].extend((person, float(day)) for person in people.tolist())
        obliged = who[appointment & statutory & (slot == contacts.PROBATION)]
        acted = self.absences.add(self.parameters.enforcement, obliged)
        self.trust.lose(acted, self.parameters.engagement.trust_lost_at_enforcement)

    def _measure_lag(self, day: int, rows: Rows, wrong: NDArray[np.bool_]) -> None:
        """Time how long each wrong band lasts, until it is put right."""
        since = self.wrong_since[rows]
        righted = ~wrong & np.isfinite(since)
        lags = day - since[righted]
        self.recorder.count("band_lag_days", day, float(lags.sum()))
        self.recorder.count("bands_righted", day, int(righted.sum()))
        self.wrong_since[rows] = np.where(wrong, np.minimum(since, day), np.inf)
