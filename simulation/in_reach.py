"""In-reach: visits to people in custody that no weekly plan asks for.

Soon after a reception two agencies visit, together or one after the other. Whoever serves less than twelve
months, and so will have no supervision, is assessed inside, while there is still time to arrange something.
Both are work with a person, from the diaries of those who go, with travel to wherever the person is held.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulation.awareness import Awareness
from simulation.bands import BLUE
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES, Agency
from simulation.custody import SENTENCED, Custody
from simulation.declare import Column, Event, Group, Stream, lever, uncertainty
from simulation.diaries import fill, fill_joint
from simulation.distance import Prisons
from simulation.engagement import Engagement, Trust
from simulation.motivation import Motivation, Stories
from simulation.pathways import Pathways
from simulation.people import People
from simulation.recorder import Recorder
from simulation.response import Dose
from simulation.staffing import Staffing

Rows = NDArray[np.int64]
Minutes = NDArray[np.float64]
THERE = Stream("in_reach.there", "occurrence", "whether the k-th visit beyond the plan sees a person inside")
SAYS = Stream(
    "in_reach.says", "occurrence", "whether the k-th visit beyond the plan brings what is not known"
)
EVENTS = (Event("in-reach", "in_reach", "a person in custody is visited beyond the plan"),)
_DRUGS, _PRISON = AGENCIES.index("drug_treatment"), AGENCIES.index("prison")


class InReachRules(Group):
    """Who is visited inside, beyond what the plan of people in custody asks for."""

    short_sentences: bool = lever(
        False, label="People sentenced to less than twelve months are assessed inside",
        source="Process evaluation, 3.3: pathway based assessments for short sentenced prisoners were "
        "undertaken in local prisons in West Yorkshire",
    )  # fmt: skip
    assessed_by: Agency = lever("prison", unit="choice", label="Agency that assesses inside")
    assessment_minutes: float = uncertainty(
        40, unit="minutes", low=0, high=240, label="Minutes that an assessment inside adds to a visit"
    )
    reception_visits: Literal["none", "single", "joint"] = lever(
        "none", unit="choice", label="Visits by two agencies after a reception: none, one by one, or together"
    )
    booked_days: float = lever(
        7, unit="days", low=1, high=60,
        label="Days from knowing of a reception until a visit is booked; one where prison staff arrange it",
        source="TK021: next-day visits where prison staff sit with the team; a week without is assumed",
    )  # fmt: skip
    booking_minutes: float = uncertainty(
        20, unit="minutes", low=0, high=240, label="Minutes to book one visit and to get clearance"
    )
    tried_days: int = uncertainty(
        14, unit="days", low=1, high=182, label="Days for which a visit that is booked is tried for"
    )


class InReach:
    """Visits owed to people inside.

    Parameters
    ----------
    people, recorder
        The column store and the counts.
    caseload, custody, prisons, awareness
        Who is carried and known to be inside, who is, and how far away; and what a visit tells the team.
    trust, motivation, stories, pathways, dose
        What a visit moves: trust, what people have to tell once more, what is known of their needs, and time
        with people.
    drug_user
        Who uses heroin or crack, shape ``(n,)``.
    """

    def __init__(
        self, people: People, recorder: Recorder, caseload: Caseload, custody: Custody, prisons: Prisons,
        awareness: Awareness, trust: Trust, motivation: Motivation, stories: Stories, pathways: Pathways,
        dose: Dose, drug_user: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        self.recorder, self.caseload, self.custody, self.prisons = recorder, caseload, custody, prisons
        self.awareness = awareness
        self.trust, self.motivation, self.stories, self.pathways = trust, motivation, stories, pathways
        self.dose, self.drug_user = dose, drug_user
        self.short_sentence = people.read("short_sentence")

        def own(name: str, dtype: str, about: str, unit: str = "", start: float = 0.0) -> NDArray:  # type: ignore[type-arg]
            return people.own(Column(name, dtype, "in_reach", about, unit, start))

        self.assessing = own("assessment_inside", "float64", "minutes an assessment inside needs", "minutes")
        self._sentence = own("assessed_sentence", "int32", "sentence assessed for or asked to be", "", -1)
        self.booked = own("visit_booked", "float64", "day a visit after reception is for", "days", np.inf)
        self._then = own("second_visit_booked", "float64", "day another agency comes", "days", np.inf)
        self._known_inside = own("was_inside", "bool", "known yesterday to be in custody")
        self._visits = own("in_reach_visits", "int32", "visits beyond the plan so far")
        #: Whether there have ever been visits beyond the plan, so that some may be owed.
        self._used = False

    def adopt(self, rules: InReachRules, engagement: Engagement, staffing: Staffing, *, read: bool) -> None:
        """Take over parameters; ``read`` says whether agencies read a person's story beforehand."""
        self.rules, self.engagement, self.staffing, self.read = rules, engagement, staffing, read
        self._used = self._used or rules.reception_visits != "none" or rules.short_sentences

    def follow(self, day: int, rows: Rows) -> None:
        """Owe visits to those known to have gone inside, and assessments to those on short sentences."""
        inside = np.zeros(len(self.booked), dtype=bool)
        inside[rows[self.caseload.band[rows] == BLUE]] = True
        if not self._used:
            self._known_inside[:] = inside
            return
        rules, custody = self.rules, self.custody
        self.assessing[~inside], self.booked[~inside], self._then[~inside] = 0.0, np.inf, np.inf
        if rules.reception_visits != "none":
            new_inside = np.flatnonzero(inside & ~self._known_inside)
            self.booked[new_inside] = day + rules.booked_days
            if rules.reception_visits == "single":
                other = new_inside[self._second(new_inside) != self.caseload.lead[new_inside]]
                self._then[other] = day + rules.booked_days
        if rules.short_sentences:
            short = inside & (custody.place == SENTENCED) & self.short_sentence
            new = np.flatnonzero(short & (self._sentence != custody.sentence_number))
            self._sentence[new] = custody.sentence_number[new]
            agency = self._staffed(new, np.full(len(new), AGENCIES.index(rules.assessed_by)))
            visit = self.staffing.footprint[self.caseload.team[new], agency] + self.prisons.travel(new)
            self.assessing[new] = visit + rules.assessment_minutes
        self._known_inside[:] = inside

    def go(self, day: int, left: Minutes) -> None:
        """Make the visits that the day's minutes allow.

        Parameters
        ----------
        day
            Today.
        left
            Minutes in the diaries, shape ``(teams, agencies)``; reduced by those who go.
        """
        if not self._used:
            return
        # Whoever a meeting let go this morning is visited no more.
        carried = self.caseload.carried
        owed = np.flatnonzero((self.assessing > 0) & carried)
        if len(owed):
            self._assess(day, owed, left.reshape(-1))
        due = np.flatnonzero((self.booked <= day) & carried)
        if self.rules.reception_visits == "joint":
            self._visit_together(day, due, left.reshape(-1))
            return
        self._visit_alone(day, due, self.caseload.lead[due].astype(np.int64), self.booked, left.reshape(-1))
        due = np.flatnonzero((self._then <= day) & carried)
        self._visit_alone(day, due, self._second(due), self._then, left.reshape(-1))

    def _assess(self, day: int, who: Rows, left: Minutes) -> None:
        agency = self._staffed(who, np.full(len(who), AGENCIES.index(self.rules.assessed_by)))
        order = np.argsort(self.custody.due_out[who], kind="stable")
        needed = self.assessing[who]
        filled = fill(left, self._diary(who, agency), needed, order)
        self.assessing[who] = needed - filled.given
        self.recorder.count("in_reach_minutes", day, float(filled.given.sum()))
        done = filled.done
        # Whoever would not come out of the cell is not asked again on this sentence.
        self.assessing[who[done]] = 0.0
        seen = self._see(day, who[done], agency[done])
        self.pathways.assess(seen, day)
        self.recorder.count("assessed_inside", day, len(seen))

    def _visit_together(self, day: int, who: Rows, left: Minutes) -> None:
        """Visit people after their reception, both agencies or neither."""
        if not len(who):
            return
        lead, second = self.caseload.lead[who].astype(np.int64), self._second(who)
        first_needs, second_needs = self._needs(who, lead), self._needs(who, second)
        second_needs = np.where(second == lead, 0.0, second_needs - self.rules.booking_minutes)
        order = np.argsort(self.booked[who], kind="stable")
        went = fill_joint(
            left, self._diary(who, lead), self._diary(who, second), first_needs, second_needs, order
        )
        self._tick_off(day, who, went, self.booked, first_needs + second_needs)
        seen = self._see(day, who[went], lead[went])
        also = went & (second != lead) & np.isin(who, seen)
        self._hear(day, who[also], second[also], together=True)

    def _visit_alone(self, day: int, who: Rows, agency: Rows, booked: Minutes, left: Minutes) -> None:
        """Let one agency visit people by itself, on a day for which it has ``booked``."""
        if not len(who):
            return
        needs, diary = self._needs(who, agency), self._diary(who, agency)
        order = np.argsort(booked[who], kind="stable")
        went = fill_joint(left, diary, diary, needs, np.zeros(len(who)), order)
        self._tick_off(day, who, went, booked, needs)
        self._see(day, who[went], agency[went])

    def _needs(self, who: Rows, agency: Rows) -> Minutes:
        visit = self.staffing.footprint[self.caseload.team[who], agency] + self.prisons.travel(who)
        return np.asarray(visit + self.rules.booking_minutes)

    def _tick_off(
        self, day: int, who: Rows, went: NDArray[np.bool_], booked: Minutes, needs: Minutes
    ) -> None:
        """Book no more whom somebody went to see, or whom it has been tried for long enough."""
        self.recorder.count("in_reach_minutes", day, float(needs[went].sum()))
        over = went | (day - booked[who] >= self.rules.tried_days)
        booked[who[over]] = np.inf

    def _second(self, who: Rows) -> Rows:
        """Return the agency that visits beside the lead, shape ``(n,)``; the lead where there is no other."""
        second = np.where(self.drug_user[who] & (self.caseload.lead[who] != _DRUGS), _DRUGS, _PRISON)
        return self._staffed(who, second)

    def _see(self, day: int, who: Rows, agency: Rows) -> Rows:
        """See people in custody, or find them unwilling or gone; return who was seen."""
        nobody_obliged, number = np.zeros(len(who), dtype=bool), self._visits[who]
        there = self.trust.attends(
            self.engagement, who, number, base=np.full(len(who), self.engagement.in_custody),
            statutory=nobody_obliged, stream=THERE,
        )  # fmt: skip
        self._visits[who] += 1
        held = self.custody.holds[who] > 0
        there &= held
        self.awareness.correct(day, who, number, seen=there, astray=~held, stream=SAYS)
        seen = who[there]
        self._hear(day, seen, agency[there], together=False)
        self.recorder.count("in_reach_visits", day, len(seen))
        self.recorder.log_many(seen, "in-reach", day)
        return seen

    def _hear(self, day: int, who: Rows, agency: Rows, *, together: bool) -> None:
        """Let an agency spend its time with people; heard in the same room a story is told but once."""
        minutes = self.staffing.with_person[agency]
        self.dose.give(who, minutes, agency == AGENCIES.index("police"))
        self.recorder.count("contact_minutes", day, float(minutes.sum()))
        self.trust.build(who, self.engagement.trust_per_contact)
        shared = self.staffing.inside[self.caseload.team[who], agency] | together | self.read
        again = self.stories.tell(who, agency, shared)
        self.motivation.lower(again, self.motivation.rules.lowered_by_retelling)

    def _staffed(self, who: Rows, agency: Rows) -> Rows:
        """Return the agencies that go, shape ``(n,)``: the lead where an agency has nobody."""
        return self.staffing.who_goes(self.caseload.team[who], agency, self.caseload.lead[who])

    def _diary(self, who: Rows, agency: Rows) -> Rows:
        return np.asarray(self.caseload.team[who] * len(AGENCIES) + agency)
