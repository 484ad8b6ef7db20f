"""Steering: what meetings decide. Who is carried, in which band, with which lead."""

import numpy as np
from numpy.typing import NDArray

from simulation import bands, leads, meetings, ogrs3, selection
from simulation.awareness import Awareness
from simulation.calendar import DAYS_PER_YEAR, Calendar
from simulation.caseload import Caseload
from simulation.contacts import SLOT_OF, Contacts
from simulation.declare import Stream
from simulation.engagement import Trust
from simulation.governance import Habits
from simulation.luck import Luck
from simulation.offences import OGRS3_LOG_ODDS
from simulation.parameters import Parameters
from simulation.picture import Picture
from simulation.recorder import Recorder
from simulation.staffing import Staffing
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
        self.habits = Habits(luck)
        needs = world.careers.needs
        self.drug_user = (needs["heroin"] + needs["crack"]) > 0
        self.ogrs = np.zeros(world.people.count)
        #: The record of each person at first selection, arrays of shape ``(n,)``.
        self.at_selection = {name: np.full(world.people.count, np.nan) for name in AT_SELECTION}

    def adopt(self, parameters: Parameters, staffing: Staffing) -> None:
        """Take over parameters."""
        self.parameters, self.staffing = parameters, staffing
        self.habits.adopt(parameters.governance)

    def follow_moves(self, day: int) -> None:
        """Act at once on the morning's news: returns from the dormant list, moves in and out of custody."""
        self._instant_return(day)
        rows = self.caseload.rows()
        blue = self.caseload.band[rows] == bands.BLUE
        moved = rows[blue != self.awareness.team.inside[rows]]
        self._set_bands(moved, day, reviewed=False)
        self._begin_contacts(moved, day)

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
        return bands.colour(rules, points, picture.inside[rows])

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
            drug_user=self.drug_user[who], staffed=self.staffing.staffed[caseload.team[who]],
        )  # fmt: skip
        handed = caseload.set_lead(who, lead, day)
        self.trust.lose(handed, self.parameters.engagement.trust_lost_at_handover)
        self.contacts.extra[handed, SLOT_OF[caseload.lead[handed]]] += rule.handover_minutes
        self.recorder.count("lead_changes", day, len(handed))

    def _begin_contacts(self, who: Rows, day: int) -> None:
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
        points = self._matrix(everybody, day)
        choice = selection.choose(cohort, points, caseload.carried, self._eligible(day))
        caseload.leave(choice.leave, day, cohort.dormant_days)
        self.contacts.end(choice.leave)
        self._take_on(choice.enter, day)
        # PPOs are designated for the threat they pose, whoever else supervises them.
        caseload.designate(caseload.carried & (self.threat(everybody) >= cohort.ppo_score))

    def threat(self, who: Rows) -> NDArray[np.float64]:
        """Return the threat that people pose by the site's matrix, points, shape ``(n,)``."""
        return selection.threat(
            self.parameters.cohort.weights, self.awareness.team.offending[who],
            self.world.record.sanctions[who], self.ogrs[who],
        )  # fmt: skip

    def _matrix(self, who: Rows, day: int) -> NDArray[np.float64]:
        """Return selection scores: the threat, and what the site adds for people nobody else carries."""
        alone = ~self.world.custody.statutory(who, day)
        return np.asarray(self.threat(who) + self.parameters.cohort.weights.unsupervised * alone)

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

    def _hold(self, meeting: meetings.Meeting, day: int, left: NDArray[np.float64]) -> None:
        caseload = self.caseload
        for team in range(len(self.staffing.team_names)):
            rows = np.flatnonzero(caseload.in_community() & (caseload.team == team))
            proposed = self.colour(self.awareness.team, rows)
            place = meetings.agenda(
                meeting, rows, reviewed=caseload.reviewed[rows], band=caseload.band[rows], proposed=proposed
            )
            # Nothing is decided on people whose lead stays away.
            present = self.habits.present(meeting.attending, team, day)
            decided = present[caseload.lead[rows[place]]]
            self.recorder.count("cases_put_off", day, int((~decided).sum()))
            place = place[decided]
            able = np.minimum(meetings.minutes_taken(meeting, len(place)) * present, left[team])
            # Whoever attends gives the minutes they have; a meeting nobody can attend is not held.
            if not len(place) or not able.any():
                continue
            left[team] -= able
            self._set_bands(rows[place], day, reviewed=True)
            self.recorder.count("meeting_minutes", day, float(able.sum()))
            self.recorder.count("cases_discussed", day, len(place))
