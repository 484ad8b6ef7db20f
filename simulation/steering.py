"""Steering: what meetings decide. Who is carried, in which band, with which lead."""

import numpy as np
from numpy.typing import NDArray

from simulation import bands, leads, ogrs3, selection
from simulation.actions import Actions
from simulation.aspire import Planning
from simulation.awareness import Awareness
from simulation.calendar import DAYS_PER_YEAR
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES
from simulation.contacts import SLOT_OF, Contacts
from simulation.declare import Stream
from simulation.deskwork import ACTION, HANDOVER, Deskwork
from simulation.engagement import Trust
from simulation.handover import Handovers
from simulation.luck import Luck
from simulation.offences import OGRS3_LOG_ODDS
from simulation.parameters import Parameters
from simulation.picture import Picture
from simulation.recorder import Recorder
from simulation.staffing import Staffing
from simulation.world import World

Rows = NDArray[np.int64]
SPREAD = Stream("contacts.first", "occurrence", "when in the first week of a spell contacts begin")
#: The columns of the published table of records, noted at first selection.
AT_SELECTION = ("age", "first_conviction_age", "previous_occasions", "offences", "breaches")


class Steering:
    """Selection, bands and leads, on what is known.

    Parameters
    ----------
    luck, recorder
        Keyed luck and the counts.
    world
        The locality.
    caseload, awareness, contacts, trust
        The rooms whose people, news, work and trust the decisions touch.
    """

    def __init__(
        self, luck: Luck, recorder: Recorder, world: World, caseload: Caseload, awareness: Awareness,
        contacts: Contacts, trust: Trust,
    ) -> None:  # fmt: skip
        self.luck, self.recorder, self.world = luck, recorder, world
        self.caseload, self.awareness, self.contacts, self.trust = caseload, awareness, contacts, trust
        needs = world.careers.needs
        self.drug_user = (needs["heroin"] + needs["crack"]) > 0
        self.unhoused = needs["accommodation"] > 0
        self.ogrs = np.zeros(world.people.count)
        #: The record of each person at first selection, arrays of shape ``(n,)``.
        self.at_selection = {name: np.full(world.people.count, np.nan) for name in AT_SELECTION}
        people = world.people
        self.desk = Deskwork(caseload, recorder)
        self.planning = Planning(people, recorder, caseload, contacts, self.desk, self.drug_user)
        self.actions = Actions(luck, recorder, self.desk, people.count)
        self.handovers = Handovers(people, recorder, caseload, world.custody, self.desk)
        #: The latest day on which a meeting got to everybody who was to enter or leave.
        self.all_chosen_on = -1

    def adopt(self, parameters: Parameters, staffing: Staffing) -> None:
        """Take over parameters."""
        self.parameters, self.staffing = parameters, staffing
        self.desk.adopt(parameters.desk)
        self.planning.adopt(parameters.aspire)
        self.actions.adopt(parameters.actions)
        self.handovers.adopt(parameters.leads)

    def follow_moves(self, day: int) -> None:
        """Act at once on the morning's news: returns from the dormant list, moves in and out of custody."""
        self._take_in_desk_work(day)
        self._instant_return(day)
        rows = self.caseload.rows()
        self.follow(rows, day)
        self._set_leads(self.handovers.ended(day, rows), day)
        self.planning.follow(day, rows)
        self.actions.lapse(day)

    def _take_in_desk_work(self, day: int) -> None:
        """Let yesterday's desk work take effect: plans, actions, introductions of a next lead."""
        done = self.desk.done()
        if not len(done.kind):
            return
        self.planning.done(done, day)
        self.handovers.done(done.of(HANDOVER))
        actions = done.of(ACTION)
        if len(actions.kind):
            looked_up, arranged = self.actions.done(actions, day)
            self.awareness.bring(day, looked_up, np.ones(len(AGENCIES), dtype=bool))
            self.contacts.bring_forward(arranged.person, SLOT_OF[arranged.agency], day)

    def follow(self, rows: Rows, day: int) -> None:
        """Turn those blue who are known to have gone inside, and back those known to be out."""
        blue = self.caseload.band[rows] == bands.BLUE
        moved = rows[blue != self.awareness.team.inside[rows]]
        self.set_bands(moved, day, reviewed=False)
        self._begin_contacts(moved, day)

    def colour(self, picture: Picture, rows: Rows) -> NDArray[np.int8]:
        """Return the bands that a picture gives people, shape ``(n,)``."""
        rules = self.parameters.bands
        points = bands.score(rules, picture.offending[rows], picture.missed[rows], self.ogrs[rows])
        return bands.colour(rules, points, picture.inside[rows])

    def set_bands(self, who: Rows, day: int, *, reviewed: bool) -> None:
        """Set people's bands, and their leads with them, on what is known today."""
        if len(who):
            band = self.colour(self.awareness.team, who)
            self.caseload.set_band(who, band, day, reviewed=reviewed)
            self.contacts.replan(who, band, day)
            self._set_leads(who, day)

    def _set_leads(self, who: Rows, day: int) -> None:
        if not len(who):
            return
        rule = self.parameters.leads
        lead = self.lead_by_rule(who, self.world.custody.statutory(who, day))
        handed = self.caseload.set_lead(who, lead, day)
        prepared = self.handovers.hand(handed, day)
        lost = np.where(prepared, rule.prepared_loss_share, 1.0)
        self.trust.lose(handed, lost * self.parameters.engagement.trust_lost_at_handover)
        read = handed[~prepared]
        self.contacts.extra[read, SLOT_OF[self.caseload.lead[read]]] += rule.handover_minutes
        self.recorder.count("lead_changes", day, len(handed))

    def lead_by_rule(self, who: Rows, statutory: NDArray[np.bool_]) -> NDArray[np.int8]:
        """Return the lead that people would have with or without supervision, shape ``(n,)``."""
        caseload, rule = self.caseload, self.parameters.leads
        cases = leads.Cases(
            statutory, caseload.band[who], self.drug_user[who], self.world.record.female[who],
            self.unhoused[who],
        )  # fmt: skip
        posts = self.staffing.posts
        room = posts * rule.most_per_post
        carried = caseload.rows()
        if (room[posts > 0] < len(carried)).any():
            led = np.bincount(caseload.desk_of_lead(carried), minlength=posts.size)
            led -= np.bincount(caseload.desk_of_lead(who), minlength=posts.size)
            room -= led.reshape(posts.shape)
        return leads.lead_agency(rule, cases, team=caseload.team[who], now=caseload.lead[who], room=room)

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

    def select(self, day: int, places: Rows) -> Rows:
        """Take people on and let them go as far as agendas reach; return the cases, shape ``(teams,)``."""
        caseload, cohort = self.caseload, self.parameters.cohort
        self._score_ogrs()
        everybody = np.arange(self.world.people.count)
        points = self._matrix(everybody, day)
        whole = selection.choose(cohort, points, caseload.carried, self._eligible(day))
        carried = int(caseload.carried.sum())
        choice = selection.reached(cohort, whole, points, caseload.team, places, carried)
        fallen = sum(map(len, whole)) - sum(map(len, choice))
        self.all_chosen_on = self.all_chosen_on if fallen else day
        self.recorder.count("cases_not_reached", day, fallen)
        self.planning.end(choice.leave, day)
        self.handovers.forget(choice.leave)
        caseload.leave(choice.leave, day, cohort.dormant_days)
        self.contacts.end(choice.leave)
        self._take_on(choice.enter, day)
        # PPOs are designated for the threat they pose, whoever else supervises them.
        caseload.designate(caseload.carried & (self.threat(everybody) >= cohort.ppo_score))
        return np.bincount(caseload.team[np.concatenate(choice)], minlength=len(places))

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
            back = self.caseload.dormant_until[who] > day
            self.caseload.enter(who, day)
            self.set_bands(who, day, reviewed=True)
            self._begin_contacts(who, day)
            self.planning.begin(who, back, day)

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

    def prepare_handovers(self, rows: Rows, day: int, places: int) -> int:
        """Ask next leads to prepare for the end of supervision; return how many people were discussed."""
        ending = self.handovers.ending(day, rows)[:places]
        lead = self.lead_by_rule(ending, np.zeros(len(ending), dtype=bool))
        other = lead != self.caseload.lead[ending]
        self.handovers.ask(ending[other], lead[other])
        return len(ending)

    def record(self, day: int) -> None:
        """Count how long ago bands were set at a meeting, and whom each agency leads on."""
        caseload, daily = self.caseload, self.recorder.daily
        daily("review_days")[day] = (day - caseload.reviewed[caseload.in_community()]).sum()
        for place, number in enumerate(np.bincount(caseload.lead[caseload.rows()], minlength=len(AGENCIES))):
            daily(f"led_by_{AGENCIES[place]}")[day] = number
