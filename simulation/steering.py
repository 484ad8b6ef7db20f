"""Steering: what meetings decide. Who is carried, in which band, with which lead."""

import numpy as np
from numpy.typing import NDArray

from simulation import bands, leads, meetings, ogrs3, selection
from simulation.awareness import Awareness
from simulation.calendar import DAYS_PER_YEAR, Calendar
from simulation.caseload import Caseload
from simulation.categories import Scope
from simulation.contacts import NEIGHBOURHOOD, SLOT_OF, SLOTS, Contacts
from simulation.custody import RECALLED
from simulation.declare import Stream
from simulation.engagement import Trust
from simulation.first_contact import Introduced, Introductions, Where
from simulation.leaving import Exits
from simulation.luck import Luck
from simulation.offences import OGRS3_LOG_ODDS
from simulation.parameters import Parameters
from simulation.picture import Picture
from simulation.recorder import Recorder
from simulation.staffing import Staffing
from simulation.stays import REASONS, Stays
from simulation.world import World

Rows = NDArray[np.int64]
SPREAD = Stream("contacts.first", "occurrence", "when in the first week of a spell contacts begin")
#: Selection and review meetings of a cycle are held on these of its days.
SELECTION_DAY, REVIEW_DAY = 0, 3
#: The columns of the published table of records, noted at first selection.
AT_SELECTION = ("age", "first_conviction_age", "previous_occasions", "offences", "breaches")


class Steering:
    """Selection, bands and leads, on what is known.

    Parameters
    ----------
    calendar, luck, recorder
        The calendar, keyed luck and the counts.
    world
        The locality.
    caseload, awareness, contacts, trust
        The rooms whose people, news, work and trust the decisions touch.
    """

    def __init__(
        self, calendar: Calendar, luck: Luck, recorder: Recorder, world: World, caseload: Caseload,
        awareness: Awareness, contacts: Contacts, trust: Trust,
    ) -> None:  # fmt: skip
        self.calendar, self.luck, self.recorder, self.world = calendar, luck, recorder, world
        self.caseload, self.awareness, self.contacts, self.trust = caseload, awareness, contacts, trust
        needs = world.careers.needs
        self.drug_user = (needs["heroin"] + needs["crack"]) > 0
        self.ogrs = np.zeros(world.people.count)
        self.scope, self.exits = Scope(world.people), Exits(world.people, luck)
        self.stays = Stays(world.people.count)
        self.introductions = Introductions(world.people, recorder, trust)
        self.day = 0
        #: The record of each person at first selection, arrays of shape ``(n,)``.
        self.at_selection = {name: np.full(world.people.count, np.nan) for name in AT_SELECTION}

    def adopt(self, parameters: Parameters, staffing: Staffing) -> None:
        """Take over parameters."""
        self.parameters, self.staffing = parameters, staffing
        self.scope.adopt(parameters.categories)
        self.exits.adopt(parameters.cohort.leaving)
        self.introductions.adopt(parameters.first_contact, parameters.engagement, staffing)

    def follow_moves(self, day: int) -> None:
        """Act at once on the morning's news: returns from the dormant list, moves in and out of custody."""
        self.day = day
        self._instant_return(day)
        rows = self.caseload.rows()
        blue = self.caseload.band[rows] == bands.BLUE
        moved = rows[blue != self.awareness.team.inside[rows]]
        self._set_bands(moved, day, reviewed=False)
        self.begin_contacts(moved, day)

    def meet(self, day: int, left: NDArray[np.float64]) -> None:
        """Hold the meetings of the day: selection, review, tasking.

        Parameters
        ----------
        day
            Today.
        left
            Minutes in the diaries, shape ``(teams, agencies)``; reduced by those who attend.
        """
        parameters = self.parameters
        self.caseload.forget(day)
        if (day - SELECTION_DAY) % parameters.cohort.meeting_days == 0:
            self._select(day)
        for meeting, phase in ((parameters.meetings.review, REVIEW_DAY), (parameters.meetings.tasking, 0)):
            if meetings.is_due(meeting, day, self.calendar, phase):
                self._hold(meeting, day, left)

    def colour(self, picture: Picture, rows: Rows) -> NDArray[np.int8]:
        """Return the bands that a picture gives people, shape ``(n,)``."""
        rules = self.parameters.bands
        points = bands.score(rules, picture.offending[rows], picture.missed[rows], self.ogrs[rows])
        found = bands.colour(rules, points, picture.inside[rows])
        stepped = np.minimum(found, self.exits.highest_band(rows, self.day))
        return np.where(found == bands.BLUE, found, stepped)

    def _set_bands(self, who: Rows, day: int, *, reviewed: bool) -> None:
        if len(who):
            band = self.colour(self.awareness.team, who)
            self.caseload.set_band(who, band, day, reviewed=reviewed)
            self.contacts.replan(who, band, day)
            self._set_leads(who, day)

    def _set_leads(self, who: Rows, day: int) -> None:
        caseload, rule = self.caseload, self.parameters.leads
        lead = leads.lead_agency(
            rule, statutory=self.world.custody.statutory(who, day), band=caseload.band[who],
            drug_user=self.drug_user[who], staffed=self.staffing.posts[caseload.team[who]] > 0,
        )  # fmt: skip
        handed = caseload.set_lead(who, lead, day)
        self.trust.lose(handed, self.parameters.engagement.trust_lost_at_handover)
        self.contacts.extra[handed, SLOT_OF[caseload.lead[handed]]] += rule.handover_minutes
        self.recorder.count("lead_changes", day, len(handed))

    def begin_contacts(self, who: Rows, day: int) -> None:
        """Plan people's first contacts anew."""
        self.contacts.begin(who, day, self.luck.many(SPREAD, who, self.contacts.spells[who]))

    def _instant_return(self, day: int) -> None:
        """Take back people on the dormant list who are known to have offended."""
        caseload, cohort = self.caseload, self.parameters.cohort
        dormant = np.flatnonzero((caseload.dormant_until > day) & self._eligible(day))
        points = self._matrix(dormant, day)
        worst_first = np.argsort(-points, kind="stable")
        back = dormant[worst_first][points[worst_first] >= cohort.entry_score]
        if cohort.sizing == "resources":
            back = back[: max(0, cohort.ceiling - int(caseload.carried.sum()))]
        self._take_on(np.sort(back), day)

    def _select(self, day: int) -> None:
        caseload, cohort = self.caseload, self.parameters.cohort
        self._score_ogrs()
        everybody = np.arange(self.world.people.count)
        self._sort(everybody, day)
        points, eligible = self._matrix(everybody, day), self._eligible(day)
        choice = selection.choose(cohort, points, caseload.carried, eligible)
        held = self.exits.hold(choice.leave[eligible[choice.leave]], day)
        if len(held):
            kept = points.copy()
            kept[held] = np.inf
            choice = selection.choose(cohort, kept, caseload.carried, eligible)
        self._let_go(choice.leave, day, eligible)
        self._take_on(choice.enter, day)
        # PPOs are designated for the threat they pose, whoever else supervises them.
        caseload.designate(caseload.carried & (self.threat(everybody) >= cohort.ppo_score))

    def threat(self, who: Rows, picture: Picture | None = None) -> NDArray[np.float64]:
        """Return the threat that people pose by the site's matrix, points, shape ``(n,)``."""
        return selection.threat(
            self.parameters.cohort.weights, picture or self.awareness.team, who,
            sanctions=self.world.record.sanctions[who], ogrs=self.ogrs[who],
        )  # fmt: skip

    def _matrix(self, who: Rows, day: int, picture: Picture | None = None) -> NDArray[np.float64]:
        """Return selection scores: the threat, and what the site adds for some kinds of people."""
        alone = ~self.world.custody.statutory(who, day)
        extra = self.parameters.cohort.weights.unsupervised * alone
        return np.asarray(self.threat(who, picture) + extra + self.scope.points(who))

    def _sort(self, everybody: Rows, day: int) -> None:
        """Put everybody into a category, and see that those carried get its share of the plan."""
        record, ppo_score = self.world.record, self.parameters.cohort.ppo_score
        self.scope.sort(
            age=(day - record.birth_day) / DAYS_PER_YEAR, female=record.female, drug_user=self.drug_user,
            statutory=self.world.custody.statutory(everybody, day),
            ppo=self.caseload.ppo | (self.threat(everybody) >= ppo_score),
        )  # fmt: skip
        self.contacts.share[:] = self.scope.shares(everybody, NEIGHBOURHOOD, len(SLOTS))

    def _eligible(self, day: int) -> NDArray[np.bool_]:
        """Return who may be carried: prolific by now, still in the area, and not away for years."""
        record, cohort = self.world.record, self.parameters.cohort
        here = (record.joins <= day) & (record.leaves > day)
        away = self.world.custody.due_out > day + cohort.left_after_years * DAYS_PER_YEAR
        sought = (self.scope.category >= 0) & ~self.exits.elsewhere(day) & ~self._recalled()
        return np.asarray(here & ~away & sought & ~self._misled())

    def _misled(self) -> NDArray[np.bool_]:
        """Return who was taken on because of reports that have been refuted."""
        return self.exits.misled(self.parameters.cohort.weights.intelligence * self.awareness.team.refuted)

    def _recalled(self) -> NDArray[np.bool_]:
        """Return who is let go because they are known to be recalled to custody."""
        inside = self.awareness.team.inside & (self.world.custody.place == RECALLED)
        return np.asarray(inside & self.parameters.cohort.leaving.recalled_leave)

    def _let_go(self, who: Rows, day: int, eligible: NDArray[np.bool_]) -> None:
        """Let people leave, and note why."""
        cohort, misled = self.parameters.cohort, self._misled()[who]
        why = [self._recalled()[who], self.exits.elsewhere(day)[who], misled, ~eligible[who]]
        reason = np.select(why, list(range(len(why))), len(why))
        self.stays.end(who, day, reason)
        for place, name in enumerate(REASONS):
            self.recorder.count(f"exits_{name}", day, int((reason == place).sum()))
        self.exits.end(who)
        self.caseload.leave(who, day, cohort.dormant_days)
        self.contacts.end(who)
        self.introductions.drop(who)

    def _take_on(self, who: Rows, day: int) -> None:
        if len(who):
            # Sized by resources nobody is wrong who would still score with the last of those taken on.
            points = self._matrix(who, day)
            bar = min(self.parameters.cohort.entry_score, float(points.min()))
            wrong = self._matrix(who, day, self.awareness.true) < bar
            self.recorder.count("wrong_selections", day, int(wrong.sum()))
            self._note_record(who[np.isinf(self.caseload.first_entered[who])], day)
            self.caseload.enter(who, day)
            self.exits.begin(who, day, points - bar)
            self.awareness.team.begin_stay(who)
            self.introductions.ask_for(who, day)
            self.stays.begin(
                who, day, ppo=self.threat(who) >= self.parameters.cohort.ppo_score,
                statutory=self.world.custody.statutory(who, day),
            )  # fmt: skip
            self._set_bands(who, day, reviewed=True)
            self.begin_contacts(who, day)

    def _note_record(self, who: Rows, day: int) -> None:
        record, note = self.world.record, self.at_selection
        note["age"][who] = (day - record.birth_day[who]) / DAYS_PER_YEAR
        note["first_conviction_age"][who] = record.age_convicted[who]
        note["previous_occasions"][who] = record.sanctions[who] - 1
        note["offences"][who] = record.offences[who]
        note["breaches"][who] = record.breaches[who]

    def _score_ogrs(self) -> None:
        """Score everybody by OGRS3, which agencies have from the records."""
        record = self.world.record
        age_now = (record.sanctioned - record.birth_day) / DAYS_PER_YEAR
        z = ogrs3.log_odds(
            female=record.female, age_start=record.age_start, age_now=age_now, age_first=record.age_first,
            sanctions=record.sanctions, offence=OGRS3_LOG_ODDS[record.kind],
        )  # fmt: skip
        self.ogrs[:] = np.nan_to_num(ogrs3.probability(z, years=2))

    def introduce(self, day: int, left: NDArray[np.float64]) -> Introduced:
        """Tell people that they have been chosen; contacts of those under no supervision begin then."""
        caseload, custody = self.caseload, self.world.custody
        met = self.introductions.make(day, left, Where(
            caseload.team, caseload.lead, self.awareness.team.inside, custody.holds > 0,
            self.awareness.true.arrested, self.drug_user,
        ))  # fmt: skip
        if len(met.told):
            self.begin_contacts(met.told[~custody.statutory(met.told, day)], day)
        return met

    def _hold(self, meeting: meetings.Meeting, day: int, left: NDArray[np.float64]) -> None:
        caseload = self.caseload
        for team in range(len(self.staffing.team_names)):
            rows = np.flatnonzero(caseload.in_community() & (caseload.team == team))
            proposed = self.colour(self.awareness.team, rows)
            place = meetings.agenda(
                meeting, rows, reviewed=caseload.reviewed[rows], band=caseload.band[rows], proposed=proposed
            )
            able = np.minimum(meetings.minutes_taken(meeting, len(place)), left[team])
            # Whoever attends gives the minutes they have; a meeting nobody can attend is not held.
            if not len(place) or not able.any():
                continue
            left[team] -= able
            self._set_bands(rows[place], day, reviewed=True)
            self.recorder.count("meeting_minutes", day, float(able.sum()))
            self.recorder.count("cases_discussed", day, len(place))
