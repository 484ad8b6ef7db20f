"""ASPIRE and hand-over: desk work, deadlines and what waits for them."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from simulation import IOMModel, Parameters
from simulation.aspire import PLANNED, Aspire, Planning
from simulation.bands import AMBER, BLUE
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES, Forms
from simulation.contact_plans import Plans
from simulation.contacts import Contacts
from simulation.deskwork import EVALUATION, PLAN, Desk, Deskwork
from simulation.handover import Handovers
from simulation.leads import Leads
from simulation.luck import Luck
from simulation.people import People
from simulation.recorder import Recorder
from simulation.slots import DISRUPTION, POLICE, PRISON, PROBATION
from simulation.staffing import Agencies, Staffing, Team

PEOPLE, DAYS = 50, 140
LEAD = AGENCIES.index("probation")
ENOUGH = 100_000.0
OFF = Aspire(
    assessment_contacts=0, assessment_minutes=0, plan_minutes=0, review_minutes=0, evaluation_minutes=0
)


class Case:
    """Fifty people in amber led by probation, who keep every appointment; every day is a working day."""

    def __init__(
        self, aspire: Aspire, *, minutes: float = ENOUGH, first: float = 1.0, keeps: bool = True
    ) -> None:
        people, self.recorder = People(PEOPLE), Recorder(DAYS, keep_events=False)
        self.caseload = Caseload(people, Luck(1, 0), self.recorder, np.ones(1))
        self.contacts = Contacts(people)
        self.contacts.adopt(Plans(), Staffing(Agencies(), {"a": Team()}, Forms()))
        self.desk = Deskwork(self.caseload, self.recorder)
        self.desk.adopt(Desk())
        nobody = np.zeros(PEOPLE, dtype=bool)
        self.planning = Planning(people, self.recorder, self.caseload, self.contacts, self.desk, nobody)
        self.planning.adopt(aspire)
        self.minutes, self.keeps, self.day = minutes, keeps, 0
        self.who = np.arange(PEOPLE)
        self.caseload.carried[:] = True
        self.caseload.band[:], self.caseload.lead[:] = AMBER, LEAD
        self.contacts.begin(self.who, 0, np.full(PEOPLE, first))
        self.planning.begin(self.who, nobody, 0)

    def live(self, days: int) -> "Case":
        for day in range(self.day, self.day + days):
            self.planning.done(self.desk.done(), day)
            self.planning.follow(day, self.who)
            place, slot = self.contacts.look(day, self.who)
            gets = self.planning.open_to(place, slot)
            band, team = self.caseload.band[place], np.zeros(len(place), dtype=np.int64)
            self.contacts.fall_due(day, place, slot, band, team, gets)
            person, slot = np.nonzero(self.contacts.remaining)
            self.contacts.remaining[:] = 0
            self.planning.seen(day, person, slot, np.full(len(person), self.keeps))
            self.desk.fill(day, np.full((1, len(AGENCIES)), self.minutes), urgent=False)
        self.day += days
        return self

    def total(self, name: str) -> float:
        return float(self.recorder.daily(name).sum())

    @property
    def mean_days(self) -> float:
        return self.total("plan_days") / self.total("plans_made")


def test_a_nearer_deadline_brings_plans_sooner() -> None:
    found = [Case(Aspire(plan_within_days=days)).live(100) for days in (6, 12, 21)]
    assert [case.total("plans_made") for case in found] == [PEOPLE] * 3
    assert found[0].mean_days < found[1].mean_days < found[2].mean_days
    assert [case.total("plans_late") for case in found] == [0, 0, 0]


def test_more_contacts_for_an_assessment_take_longer() -> None:
    one, three = (Case(Aspire(assessment_contacts=n, plan_within_days=21)).live(100) for n in (1, 3))
    assert one.mean_days < three.mean_days <= 21


def test_plans_that_nobody_has_minutes_for_are_late_and_others_wait_for_them() -> None:
    case = Case(Aspire(review_minutes=0), minutes=0.0).live(60)
    assert (case.total("plans_made"), case.total("plans_late")) == (0, PEOPLE)
    assert not case.planning.open_to(case.who, np.full(PEOPLE, POLICE)).any()
    assert case.planning.open_to(case.who, np.full(PEOPLE, PROBATION)).all()
    assert case.planning.open_to(case.who, np.full(PEOPLE, DISRUPTION)).all()


def test_who_is_never_met_is_never_planned_for() -> None:
    case = Case(Aspire(), keeps=False).live(60)
    assert (case.total("plans_made"), case.total("plans_late")) == (0, PEOPLE)


def test_other_agencies_begin_within_a_week_of_the_plan() -> None:
    case = Case(Aspire())
    begun = {}
    for day in range(60):
        case.live(1)
        if POLICE not in begun and (case.contacts.due_since[:, POLICE] == day).any() and day > 0:
            begun[POLICE] = day
        if PLAN not in begun and case.planning.stage[0] == PLANNED:
            begun[PLAN] = day
    assert begun[PLAN] <= begun[POLICE] <= begun[PLAN] + 7


def test_a_lead_whose_plan_asks_for_no_contact_plans_from_the_files() -> None:
    case = Case(Aspire(), keeps=False)
    case.caseload.lead[:] = AGENCIES.index("prison")
    case.live(3)
    assert case.total("plans_made") == PEOPLE


def test_the_clock_stands_still_in_custody_and_prison_staff_do_not_wait() -> None:
    case = Case(Aspire(), keeps=False)
    case.caseload.band[:] = BLUE
    case.live(50)
    assert case.total("plans_late") == 0
    assert case.planning.open_to(case.who, np.full(PEOPLE, PRISON)).all()
    case.caseload.band[:] = AMBER
    case.live(25)
    assert case.total("plans_late") == PEOPLE


def test_at_nothing_everybody_is_planned_for_at_once_and_no_desk_has_work() -> None:
    case = Case(OFF)
    assert (case.planning.stage == PLANNED).all()
    case.live(DAYS)
    case.planning.end(case.who, DAYS)
    assert case.total("desk_minutes") == len(case.desk.open.kind) == 0
    assert not case.contacts.extra.any()


def test_plans_are_reviewed_in_their_turn_and_work_is_evaluated_at_the_end() -> None:
    aspire = Aspire(review_every_days=30, review_minutes=25, assessment_contacts=0)
    case = Case(aspire).live(100)
    assert case.total("desk_minutes") == PEOPLE * (aspire.plan_minutes + 3 * 25)
    case.planning.end(case.who, 100)
    assert case.desk.open.kind.tolist() == [EVALUATION] * PEOPLE
    assert set(case.desk.open.agency.tolist()) == {LEAD}


def test_whoever_is_back_from_the_dormant_list_keeps_a_plan() -> None:
    case = Case(Aspire()).live(60)
    case.planning.end(case.who, 60)
    back = case.who < 10
    case.planning.begin(case.who, back, 60)
    assert ((case.planning.stage == PLANNED) == back).all()


def test_work_close_to_its_deadline_comes_first_and_the_rest_waits_for_contacts() -> None:
    case = Case(OFF)
    probation = np.full(2, LEAD)
    case.desk.post(PLAN, np.arange(2), probation, 60.0, np.array([20.0, 3.0]))
    left = np.full((1, len(AGENCIES)), 90.0)
    case.desk.fill(1, left, urgent=True)
    assert left[0, LEAD] == 30
    assert case.desk.done().person.tolist() == [1]
    case.desk.fill(1, left, urgent=False)
    assert (left[0, LEAD], case.desk.open.minutes.tolist()) == (0, [30])


class TestHandover:
    def handovers(self) -> tuple[Handovers, Deskwork]:
        people, recorder = People(6), Recorder(DAYS, keep_events=False)
        caseload = Caseload(people, Luck(1, 0), recorder, np.ones(1))
        caseload.lead[:], caseload.band[:] = LEAD, AMBER
        desk = Deskwork(caseload, recorder)
        desk.adopt(Desk())
        until = np.array([5.0, 50.0, 90.0, -np.inf, 30.0, 30.0])
        licence = np.array([0.0, 0.0, 0.0, 0.0, 100.0, 0.0])
        caseload.band[5] = BLUE
        custody = SimpleNamespace(
            supervised_until=until, licence_days=licence,
            statutory=lambda who, day: (until[who] > day) | (licence[who] > 0),
        )  # fmt: skip
        found = Handovers(people, recorder, caseload, custody, desk)
        found.adopt(Leads(notice_days=56, at_supervision_end="at_once"))
        return found, desk

    def test_it_is_prepared_for_those_whose_supervision_ends_soon(self) -> None:
        handovers, _ = self.handovers()
        assert handovers.ending(0, np.arange(6)).tolist() == [0, 1]

    def test_the_lead_is_looked_at_on_the_day_supervision_ends(self) -> None:
        handovers, _ = self.handovers()
        ended = {day: handovers.ended(day, np.arange(6)).tolist() for day in range(120)}
        assert {day: who for day, who in ended.items() if who} == {5: [0], 30: [5], 50: [1], 90: [2]}

    def test_only_an_introduction_to_the_lead_that_follows_counts(self) -> None:
        handovers, desk = self.handovers()
        drugs = AGENCIES.index("drug_treatment")
        handovers.ask(np.array([0, 1]), np.array([drugs, drugs], dtype=np.int8))
        assert handovers.ending(0, np.arange(6)).tolist() == []
        desk.fill(1, np.full((1, len(AGENCIES)), 45.0), urgent=False)  # enough for one of them
        handovers.done(desk.done())
        handovers.caseload.lead[:2] = drugs
        assert handovers.hand(np.array([0, 1]), 5).tolist() == [True, False]
        assert not len(desk.open.kind)


@pytest.fixture(scope="module")
def parameters() -> Parameters:
    values = Parameters().model_dump()
    values["pool"] |= {"first_sanctions_per_year": 400, "history_years": 15}
    values["iom_start"], values["start"] = date(2009, 9, 1), date(2010, 1, 1)
    values["cohort"] |= {"sizing": "resources", "ceiling": 40}
    values["leads"] |= {"at_supervision_end": "at_once"}
    return Parameters(**values)


def test_a_prepared_handover_takes_minutes_before_and_loses_less_trust(parameters: Parameters) -> None:
    lost, extra = {}, {}
    for prepared in (False, True):
        model = IOMModel(((parameters.iom_start, parameters),), years=0.1, strict=True)
        while model.day < 10:
            model.step()
        steering = model.partnership.steering
        custody, caseload = model.world.custody, steering.caseload
        led = np.flatnonzero(
            (caseload.lead == LEAD) & (custody.supervised_until > 10) & caseload.in_community()
        )
        who = led[:1]
        custody.supervised_until[who] = 10.0
        custody.licence_days[who] = 0.0
        following = steering.lead_by_rule(who, np.zeros(1, dtype=bool))
        if prepared:
            steering.handovers.ask(who, following)
            steering.desk.fill(9, np.full((1, len(AGENCIES)), ENOUGH), urgent=False)
            steering.handovers.done(steering.desk.done())
        trust = steering.trust.level[who].item()
        steering._set_leads(steering.handovers.ended(10, caseload.rows()), 10)
        assert caseload.lead[who] == following != LEAD
        lost[prepared] = 1 - steering.trust.level[who].item() / trust
        extra[prepared] = steering.contacts.extra[who].sum().item()
    usual = parameters.engagement.trust_lost_at_handover
    assert lost == pytest.approx({False: usual, True: usual * parameters.leads.prepared_loss_share})
    assert extra[False] - extra[True] == parameters.leads.handover_minutes


@pytest.mark.parametrize("aspire", [Aspire(), Aspire(plan_within_days=5), Aspire(assessment_contacts=4)])
def test_an_assessment_without_a_miss_leaves_time_for_the_plan(aspire: Aspire) -> None:
    assert aspire.spacing_days * aspire.assessment_contacts < aspire.plan_within_days


def test_appointments_of_an_assessment_are_a_day_apart_at_the_least() -> None:
    assert Aspire(plan_within_days=5, assessment_contacts=4).spacing_days == 1
    assert Aspire(plan_within_days=3, assessment_contacts=4).spacing_days == 1
    assert Aspire(plan_within_days=6, assessment_contacts=3).spacing_days == 1.5


def test_a_new_lead_is_told_in_the_log_and_the_same_one_is_not() -> None:
    recorder = Recorder(DAYS, keep_events=True)
    caseload = Caseload(People(PEOPLE), Luck(1, 0), recorder, np.ones(1))
    who, lead = np.arange(3), np.full(3, LEAD, dtype=np.int8)
    assert not len(caseload.set_lead(who[:2], lead[:2], 4))
    police = np.full(3, AGENCIES.index("police"), dtype=np.int8)
    assert not len(caseload.set_lead(who, lead, 5))
    assert caseload.set_lead(who[:1], police[:1], 6).tolist() == [0]
    told = [(person, day, detail) for person, _, what, day, detail, _ in recorder.events if what == "lead"]
    assert told == [(0, 4, "probation"), (1, 4, "probation"), (2, 5, "probation"), (0, 6, "police")]
