"""Steering: in which band people are, with which lead, and what their plans and hand-overs come to."""

import numpy as np
from numpy.typing import NDArray

from simulation import bands, leads, ogrs3
from simulation.actions import Actions
from simulation.aspire import Planning
from simulation.awareness import Awareness
from simulation.calendar import DAYS_PER_YEAR
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES
from simulation.commissioning import Contract
from simulation.contacts import Contacts
from simulation.declare import Stream
from simulation.deskwork import ACTION, CONFERENCE, HANDOVER, RELEASE, Deskwork, Pieces
from simulation.distance import Prisons
from simulation.engagement import Trust
from simulation.governance import Habits
from simulation.handover import Handovers, change_hands
from simulation.leaving import Exits
from simulation.luck import Luck
from simulation.offences import OGRS3_LOG_ODDS
from simulation.parameters import Parameters
from simulation.picture import Picture
from simulation.recorder import Recorder
from simulation.release_plans import ReleasePlans
from simulation.slots import SLOT_OF
from simulation.staffing import Staffing
from simulation.world import World
from simulation.youth import YouthTeam

Rows = NDArray[np.int64]
SPREAD = Stream("contacts.first", "occurrence", "when in the first week of a spell contacts begin")


class Steering:
    """Bands, leads and desk work, on what is known.

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
        self.habits = Habits(luck)
        needs = world.careers.needs
        self.drug_user = (needs["heroin"] + needs["crack"]) > 0
        self.unhoused = needs["accommodation"] > 0
        self.ogrs = np.zeros(world.people.count)
        people = world.people
        self.exits = Exits(people, luck)
        self.desk = Deskwork(caseload, recorder)
        self.planning = Planning(people, recorder, caseload, contacts, self.desk, self.drug_user)
        self.actions = Actions(luck, recorder, self.desk, people.count)
        self.handovers = Handovers(people, recorder, caseload, world.custody, self.desk)
        self.release_plans = ReleasePlans(people, recorder, caseload, world.custody, self.desk)
        self.prisons = Prisons(luck, world.custody)
        self.contract = Contract(people, recorder, caseload)
        self.youth = YouthTeam(
            people, luck, recorder, world.record.birth_day, caseload, contacts, trust, self.desk
        )

    def adopt(self, parameters: Parameters, staffing: Staffing, day: int) -> None:
        """Take over parameters."""
        self.parameters, self.staffing, self.day = parameters, staffing, day
        self.habits.adopt(parameters.governance, day)
        self.desk.adopt(parameters.desk)
        self.planning.adopt(parameters.aspire)
        self.actions.adopt(parameters.actions)
        self.handovers.adopt(parameters.leads)
        self.release_plans.adopt(parameters.release_plans, staffing)
        self.prisons.adopt(parameters.distance)
        self.contract.adopt(parameters.commissioning, day)
        self.youth.adopt(parameters.youth, parameters.engagement, parameters.leads, staffing)

    def follow_moves(self, day: int) -> None:
        """Act at once on the morning's news: moves in and out of custody, ends of supervision."""
        self.day = day
        rows = self.caseload.rows()
        self.follow(rows, day)
        over = self.handovers.ended(day, rows), self.contract.ended(day)
        if any(map(len, over)):
            self._set_leads(np.union1d(*over), day)
        self.planning.follow(day, rows)
        self.actions.lapse(day)
        self.release_plans.follow(day, rows)
        self.youth.follow(day, rows)

    def take_in_desk_work(self, day: int) -> Pieces:
        """Let yesterday's desk work take effect: plans, actions, introductions of a next lead; return it."""
        done = self.desk.done()
        if not len(done.kind):
            return done
        self.planning.done(done, day)
        self.handovers.done(done.of(HANDOVER))
        self.release_plans.done(done.of(RELEASE), day)
        self.youth.done(done.of(CONFERENCE), day)
        actions = done.of(ACTION)
        if len(actions.kind):
            looked_up, arranged = self.actions.done(actions, day)
            self.awareness.bring(day, looked_up, np.ones(len(AGENCIES), dtype=bool))
            self.contacts.bring_forward(arranged.person, SLOT_OF[arranged.agency], day)
        return done

    def follow(self, rows: Rows, day: int) -> None:
        """Turn those blue who are known to have gone inside, and back those known to be out."""
        blue = self.caseload.band[rows] == bands.BLUE
        moved = rows[blue != self.awareness.team.inside[rows]]
        self.set_bands(moved, day, reviewed=False)
        self.begin_contacts(moved, day)

    def colour(self, picture: Picture, rows: Rows) -> NDArray[np.int8]:
        """Return the bands that a picture gives people, shape ``(n,)``."""
        rules = self.parameters.bands
        points = bands.score(rules, picture.offending[rows], picture.missed[rows], self.ogrs[rows])
        found = bands.colour(rules, points, picture.inside[rows])
        if not self.exits.leaving.steps_down:
            return found
        stepped = np.minimum(found, self.exits.highest_band(rows, self.day))
        return np.where(found == bands.BLUE, found, stepped)

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
        statutory = self.world.custody.statutory(who, day)
        lead = self.contract.lead(who, self.lead_by_rule(who, statutory), statutory, day)
        handed = self.caseload.set_lead(who, lead, day)
        # Whoever the youth team leads on does not notice which adult agency would.
        handed = handed[~self.youth.leads_on[handed]]
        self.recorder.count("lead_changes", day, len(handed))
        if len(handed):
            change_hands(
                handed, self.handovers.hand(handed, day), trust=self.trust, contacts=self.contacts,
                lead=self.caseload.lead, leads=rule, engagement=self.parameters.engagement,
            )  # fmt: skip

    def lead_by_rule(self, who: Rows, statutory: NDArray[np.bool_]) -> NDArray[np.int8]:
        """Return the lead that people would have with or without supervision, shape ``(n,)``."""
        caseload, rule = self.caseload, self.parameters.leads
        cases = leads.Cases(
            statutory, caseload.band[who], self.drug_user[who], self.world.record.female[who],
            self.unhoused[who],
        )  # fmt: skip
        posts = self.staffing.posts * self.staffing.staffed
        room = posts * rule.most_per_post
        carried = caseload.rows()
        if (room[posts > 0] < len(carried)).any():
            led = np.bincount(caseload.desk_of_lead(carried), minlength=posts.size)
            led -= np.bincount(caseload.desk_of_lead(who), minlength=posts.size)
            room -= led.reshape(posts.shape)
        return leads.lead_agency(rule, cases, team=caseload.team[who], now=caseload.lead[who], room=room)

    def begin_contacts(self, who: Rows, day: int) -> None:
        """Plan people's first contacts anew."""
        self.contacts.begin(who, day, self.luck.many(SPREAD, who, self.contacts.spells[who]))

    def open(self, who: Rows, back: NDArray[np.bool_], day: int) -> None:
        """Give people who are taken on a band, a lead and a plan; ``back`` says who returns."""
        self.set_bands(who, day, reviewed=True)
        self.begin_contacts(who, day)
        self.planning.begin(who, back, day)

    def opens(self, who: Rows, slot: Rows, weekly: NDArray[np.float64], day: int) -> NDArray[np.float64]:
        """Return the share of a plan's contacts that people's cases have come to, shape ``(n,)``.

        ``weekly`` is what each person's plan asks for a week, shape ``(n, slots)``.
        """
        begun = self.planning.open_to(who, slot) & self.youth.in_touch(who, slot, day)
        return begun * self.contract.plan(who, slot, weekly[np.arange(len(who)), slot], day)

    def close(self, who: Rows, day: int) -> None:
        """End the plans of people who leave."""
        self.planning.end(who, day)
        self.handovers.forget(who)

    def score_ogrs(self) -> None:
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
