"""The voluntary sector: workers, contracts, volunteers and small supports, one rule at a time."""

from types import SimpleNamespace

import numpy as np
import pytest
import simpy

from simulation.aspire import PLANNED
from simulation.bands import AMBER, BLUE
from simulation.caseload import Caseload
from simulation.commissioning import CommissioningRules, Contract
from simulation.engagement import Engagement, Trust
from simulation.luck import Luck
from simulation.mentoring import Mentoring, MentoringRules
from simulation.motivation import Motivation, MotivationRules
from simulation.pathways import ATTENDING
from simulation.people import People
from simulation.recorder import Recorder
from simulation.slots import PROBATION as PROBATION_SLOT
from simulation.slots import VCS as VCS_SLOT
from tests.standing_still import VCS, counted, minutes, partnership

SOME = np.arange(50)


class TestCapacity:
    def test_workers_beyond_the_work_there_is_make_no_more_contacts(self) -> None:
        made, used = [], []
        for workers in (0, 1, 20, 40):
            works = partnership(agencies__vcs__workers=workers)
            works.contacts.remaining[SOME, VCS_SLOT] = 60.0
            left = works.staffing.minutes.copy()
            rows = works.caseload.rows()
            done = works.contacts.fill(0, left, rows, works.caseload.band[rows], works.caseload.team[rows])
            made.append(len(done.person))
            used.append((works.staffing.minutes - left)[:, VCS].sum())
        assert made[0] == 0 < made[1] < made[2] == made[3] == 50
        assert used[2] == used[3]


def contract(**rules: object) -> tuple[Contract, Caseload, Recorder]:
    """Return a contract, and a caseload of a hundred in amber."""
    people, recorder = People(100), Recorder(800, keep_events=False)
    caseload = Caseload(people, Luck(1, 0), recorder, np.ones(1))
    caseload.carried[:], caseload.band[:] = True, AMBER
    bought = Contract(people, recorder, caseload)
    bought.adopt(CommissioningRules(**rules), 0.0)  # type: ignore[arg-type]
    return bought, caseload, recorder


class TestCommissioning:
    everybody = np.arange(100)
    lead = np.full(100, 4, dtype=np.int8)
    alone = np.zeros(100, dtype=bool)

    def test_a_contract_takes_no_more_people_than_its_year_has_places(self) -> None:
        bought, _, recorder = contract(people_per_year=30)
        led = [int((bought.lead(self.everybody, self.lead, self.alone, day) == VCS).sum()) for day in (0, 9)]
        assert led == [30, 30]
        assert recorder.daily("iom_cost_gbp").sum() == 30 * 1_000
        # A place lasts 26 weeks, and a new year has new ones for new people.
        later = bought.lead(self.everybody, self.lead, self.alone, 400)
        assert np.flatnonzero(later == VCS).tolist() == list(range(30, 60))

    def test_a_contracts_year_begins_when_it_comes_into_force(self) -> None:
        bought, _, _ = contract()
        bought.adopt(CommissioningRules(people_per_year=30, weeks=26), 200)
        taken = [
            int(np.isfinite(bought.until).sum())
            for day in (200, 560, 566)
            if len(bought.lead(self.everybody, self.lead, self.alone, day))
        ]
        assert taken == [30, 30, 60]

    def test_without_a_contract_the_rule_decides(self) -> None:
        bought, _, _ = contract()
        assert bought.lead(self.everybody, self.lead, self.alone, 0) is self.lead
        diaries = np.ones((1, 6))
        assert (bought.add(0, diaries) == 1).all()

    def test_nobody_under_supervision_or_inside_is_taken(self) -> None:
        bought, caseload, _ = contract(people_per_year=100)
        caseload.band[:20] = BLUE
        under = self.everybody >= 60
        led = np.flatnonzero(bought.lead(self.everybody, self.lead, under, 0) == VCS)
        assert led.tolist() == list(range(20, 60))
        # Supervision that begins ends the place.
        again = bought.lead(self.everybody, self.lead, np.ones(100, dtype=bool), 1)
        assert (again == self.lead).all()

    def test_a_place_pays_for_the_time_it_takes(self) -> None:
        bought, caseload, _ = contract(people_per_year=30, hours_a_place=26.0, weeks=26)
        bought.lead(self.everybody, self.lead, self.alone, 0)
        assert bought.add(0, np.ones((1, 6)))[0, VCS] == pytest.approx(1 + 30 * 60 / 5)
        assert (bought.add(0, np.zeros((1, 6))) == 0).all()
        caseload.carried[:10] = False
        assert bought.add(0, np.ones((1, 6)))[0, VCS] == pytest.approx(1 + 20 * 60 / 5)

    def test_people_with_a_place_have_an_appointment_a_week(self) -> None:
        bought, _, _ = contract(people_per_year=30, contacts_per_week=1.0)
        bought.lead(self.everybody, self.lead, self.alone, 0)
        who, slot = np.array([0, 0, 0, 50]), np.array([VCS_SLOT, VCS_SLOT, PROBATION_SLOT, VCS_SLOT])
        lifted = bought.plan(who, slot, np.array([0.25, 0.0, 0.25, 0.25]), 1)
        assert lifted.tolist() == [4, 1, 1, 1]

    def test_when_a_place_ends_the_rule_decides_again(self) -> None:
        works = partnership(commissioning__people_per_year=50, commissioning__weeks=2, leads__others="police")
        steering, lead = works.steering, works.caseload.lead
        works.world.custody.supervised_until[:] = -np.inf
        works.world.custody.licence_days[:] = 0
        steering.set_bands(SOME, 0, reviewed=True)
        assert (lead[SOME] == VCS).all()
        band = works.caseload.band[SOME].copy()
        for day, led in ((13, 50), (14, 0)):
            steering.follow_moves(day)
            assert (lead[SOME] == VCS).sum() == led
        assert (works.caseload.band[SOME] == band).all()
        assert counted(works, "lead_changes") == 2 * 50


class Volunteers:
    """Mentors, and a hundred people who live as the test says."""

    def __init__(self, **rules: object) -> None:
        people, luck, self.env = People(100), Luck(1, 0), simpy.Environment()
        self.recorder = Recorder(1000, keep_events=False)
        self.caseload = Caseload(people, luck, self.recorder, np.ones(1))
        self.caseload.carried[:], self.caseload.band[:], self.caseload.entered[:] = True, AMBER, 0
        self.custody = SimpleNamespace(at_liberty=np.ones(100, dtype=bool))
        self.motivation = Motivation(people, luck, MotivationRules(own=0.4, spread=0))
        self.stage = np.full(100, PLANNED, dtype=np.int8)
        self.given: list[int] = []
        dose = SimpleNamespace(give=lambda who, *_: self.given.extend(who.tolist()))
        self.mentoring = Mentoring(
            self.env, people, luck, self.recorder, self.caseload, self.custody,  # type: ignore[arg-type]
            self.stage, Trust(people, luck, Engagement()), self.motivation, dose,  # type: ignore[arg-type]
        )  # fmt: skip
        kept = {
            "referred_share": 1.0,
            "attendance": 6.0,
            "leaving_per_year": 0.0,
            "longest_wait_days": 1000.0,
        }
        self.mentoring.adopt(MentoringRules(**(kept | rules)), Engagement())  # type: ignore[arg-type]

    def live(self, until: int) -> "Volunteers":
        for day in range(int(self.env.now), until):
            self.mentoring.follow(day, self.caseload.rows())
            self.env.run(until=day + 1)
        return self

    def total(self, name: str) -> float:
        return float(self.recorder.daily(name).sum())


class TestMentoring:
    def test_meetings_with_a_mentor_raise_motivation(self) -> None:
        here = Volunteers(mentors=20, weeks=10).live(60)
        matched = here.mentoring.matched > 0
        assert matched.sum() == 20
        assert (here.motivation.level[matched] > 0.42).all()
        assert (here.motivation.level[~matched] == 0.4).all()
        assert set(here.given) == set(np.flatnonzero(matched))

    def test_a_mentor_has_one_person_at_a_time_and_the_others_wait(self) -> None:
        here = Volunteers(mentors=10, weeks=4, matching_days=14).live(150)
        # Six weeks for each: three times ten by now, and ten who are being met or matched.
        assert here.total("mentor_matches") == 40
        assert here.mentoring.matched.sum() <= 10

    def test_a_match_takes_its_time_to_be_made(self) -> None:
        made = [
            Volunteers(mentors=5, matching_days=days).live(90).recorder.daily("mentor_matches")
            for days in (0, 21, 60)
        ]
        first = [np.flatnonzero(matches)[0] for matches in made]
        assert first == [0, 21, 60]

    @pytest.mark.parametrize("why", [{"mentors": 0}, {"mentors": 50, "referred_share": 0.0}])
    def test_without_mentors_or_referrals_nobody_is_met(self, why: dict[str, float]) -> None:
        here = Volunteers(**why).live(90)
        assert here.total("mentor_meetings") == 0
        assert (here.motivation.level == 0.4).all()

    def test_mentors_who_leave_end_matches_early(self) -> None:
        stays, leaves = (Volunteers(mentors=100, leaving_per_year=rate).live(250) for rate in (0.0, 6.0))
        assert leaves.total("mentor_meetings") < 0.6 * stays.total("mentor_meetings")
        assert stays.total("mentor_meetings") == pytest.approx(100 * 26, rel=0.03)

    def test_nobody_meets_a_mentor_inside_or_after_leaving(self) -> None:
        here = Volunteers(mentors=100)
        here.custody.at_liberty[:30] = False
        here.live(22)
        here.caseload.carried[30:60] = False
        here.live(100)
        assert set(here.given) == set(range(60, 100))

    def test_each_match_takes_staff_minutes(self) -> None:
        here = Volunteers(mentors=10, coordination_minutes_a_week=25.0).live(30)
        left = np.full((1, 6), 1000.0)
        here.mentoring.coordinate(left)
        assert left[0, VCS] == 1000 - 10 * 5
        assert left.sum() == 6000 - 50


class TestSupports:
    def given(self, day: int, **changes: object) -> object:
        works = partnership(**changes)
        works.pathways.stage[SOME, 0] = ATTENDING
        for each in range(day + 1):
            works.partners.supports.follow(each, works.caseload.rows())
        return works

    def kept(self, works: object) -> int:
        """Return how many of a thousand weeks of a programme are attended, with the same luck every time."""
        works.pathways._weeks[:] = 0
        return sum(works.pathways._keeps(person, 0.0) for person in SOME.tolist() * 20)

    def test_small_supports_lift_attendance_as_long_as_they_are_given(self) -> None:
        works = self.given(0, supports__share=1.0, supports__weeks=2)
        assert np.flatnonzero(works.pathways.eased).tolist() == SOME.tolist()
        kept = self.kept(works)
        for day in range(1, 15):
            works.partners.supports.follow(day, works.caseload.rows())
        assert not works.pathways.eased.any()
        assert kept > self.kept(works) + 50

    def test_they_are_paid_for_by_the_week(self) -> None:
        works, nothing = self.given(6, supports__share=1.0), self.given(6)
        assert counted(works, "iom_cost_gbp") - counted(nothing, "iom_cost_gbp") == pytest.approx(50 * 15)
        assert not nothing.pathways.eased.any()

    def test_a_share_of_them_is_given_supports(self) -> None:
        some, more = (self.given(0, supports__share=share).pathways.eased > 0 for share in (0.3, 0.7))
        assert 5 < some.sum() < more.sum() < 45
        assert (more[some]).all()

    def test_whoever_is_on_no_programme_gets_none(self) -> None:
        works = partnership(supports__share=1.0)
        works.partners.supports.follow(0, works.caseload.rows())
        assert not works.pathways.eased.any()
        assert minutes(works).all()


def test_a_contract_and_a_plan_begin_on_the_day_they_are_in_force() -> None:
    works = partnership()
    rules = works.parameters.commissioning.model_copy(update={"people_per_year": 10})
    plan = works.parameters.contacts.green.model_copy(update={"police_per_week": 3.0})
    contacts = works.parameters.contacts.model_copy(update={"green": plan})
    seen: list[int] = []
    works.contacts.replan = lambda rows, band, day: seen.append(day)  # type: ignore[method-assign]
    works.adopt(works.parameters.model_copy(update={"commissioning": rules, "contacts": contacts}), 7)
    assert (works.steering.contract._since, works.steering.habits.day, seen) == (7, 7, [7])
