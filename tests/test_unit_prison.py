"""What is done inside, before and on the day of release, with everything else standing still."""

import numpy as np
import pytest

from simulation.bands import AMBER, BLUE
from simulation.custody import REMAND
from simulation.deskwork import RELEASE, WARNING
from simulation.pathways import NOWHERE, WAITING
from simulation.slots import POLICE, SLOT_OF
from simulation.slots import PRISON as PRISON_SLOT
from simulation.slots import PROBATION as PROBATION_SLOT
from tests.standing_still import DRUGS, PRISON, PROBATION, counted, let_out, minutes, partnership, put_inside

SURE = {"engagement__in_custody": 6.0, "engagement__per_trust": 0.0}
SOME, OTHERS = np.arange(20), np.arange(20, 40)


class TestInReach:
    @pytest.mark.parametrize(("weekly", "visits"), [(0.0, 0), (0.1, 10), (0.5, 50)])
    def test_a_fuller_plan_inside_asks_for_more_visits(self, weekly: float, visits: int) -> None:
        contacts = partnership(contacts__blue__prison_per_week=weekly).contacts
        contacts.next_due[0, PRISON_SLOT] = 0
        person, here, band = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), np.array([BLUE])
        for day in range(700):
            if contacts.next_due[0, PRISON_SLOT] <= day:
                contacts.fall_due(day, person, np.array([PRISON_SLOT]), band, here, np.ones(1))
        assert contacts.due == pytest.approx(visits, abs=1)


class TestShortSentences:
    def test_short_sentences_alone_are_assessed_inside(self) -> None:
        works = partnership(in_reach__short_sentences=True, **SURE)
        put_inside(works, SOME)
        put_inside(works, OTHERS, licence_days=180.0)
        put_inside(works, np.arange(40, 60), place=REMAND)
        left = minutes(works)
        works.partners.in_reach.follow(0, works.caseload.rows())
        works.partners.in_reach.go(0, left)
        assessed = np.flatnonzero(np.isfinite(works.pathways.assessed))
        assert set(assessed) <= set(SOME)
        assert len(assessed) > 15
        assert works.pathways.known[assessed].any(axis=1).mean() > 0.8
        spent = (minutes(works) - left).sum(axis=0)
        visit = works.staffing.footprint[0, PRISON] + works.parameters.in_reach.assessment_minutes
        assert spent[PRISON] == pytest.approx(20 * visit) == pytest.approx(spent.sum())

    def test_a_sentence_is_no_longer_for_being_topped_up_with_supervision(self) -> None:
        """From 2015 on shorter sentences are followed by supervision too."""
        works = partnership(in_reach__short_sentences=True, **SURE)
        put_inside(works, SOME, licence_days=365.0, short=True)
        put_inside(works, OTHERS, licence_days=365.0, short=False)
        works.partners.in_reach.follow(0, works.caseload.rows())
        assert (works.partners.in_reach.assessing[SOME] > 0).all()
        assert not works.partners.in_reach.assessing[OTHERS].any()

    def test_nobody_is_asked_twice_on_one_sentence(self) -> None:
        works = partnership(in_reach__short_sentences=True, **SURE)
        put_inside(works, SOME)
        for day in range(5):
            works.partners.in_reach.follow(day, works.caseload.rows())
            works.partners.in_reach.go(day, minutes(works))
        assert counted(works, "assessed_inside") <= 20
        works.world.custody.sentence_number[SOME] += 1
        works.partners.in_reach.follow(5, works.caseload.rows())
        assert (works.partners.in_reach.assessing[SOME] > 0).all()

    @pytest.mark.parametrize(("asked", "each"), [(False, 100_000.0), (True, 0.0)])
    def test_without_the_rule_or_the_minutes_nothing_is_found(self, asked: bool, each: float) -> None:
        works = partnership(in_reach__short_sentences=asked, **SURE)
        put_inside(works, SOME)
        works.partners.in_reach.follow(0, works.caseload.rows())
        works.partners.in_reach.go(0, minutes(works, each))
        assert not works.pathways.known.any()
        assert counted(works, "in_reach_visits") == 0

    def test_one_officer_has_no_minutes_for_what_three_do(self) -> None:
        seen = []
        for officers in (1, 3):
            works = partnership(in_reach__short_sentences=True, agencies__prison__officers=officers, **SURE)
            put_inside(works, SOME)
            works.partners.in_reach.follow(0, works.caseload.rows())
            works.partners.in_reach.go(0, works.staffing.minutes.copy())
            seen.append(counted(works, "assessed_inside"))
        assert 0 < seen[0] < seen[1] < 20

    def test_where_the_prison_has_nobody_the_lead_goes(self) -> None:
        works = partnership(in_reach__short_sentences=True, agencies__prison__officers=0, **SURE)
        put_inside(works, SOME)
        left = minutes(works)
        works.partners.in_reach.follow(0, works.caseload.rows())
        works.partners.in_reach.go(0, left)
        assert np.flatnonzero((minutes(works) - left).sum(axis=0)).tolist() == [PROBATION]


class TestReceptionVisits:
    def visited(self, how: str, **changes: object) -> tuple[float, float, float]:
        """Return the visits to twenty newcomers, their minutes, and the motivation left."""
        works = partnership(in_reach__reception_visits=how, **SURE, **changes)
        put_inside(works, SOME)
        works.stories.tell(SOME, np.zeros(20, dtype=np.int64), np.zeros(20, dtype=bool))
        works.partners.in_reach.follow(0, works.caseload.rows())
        works.partners.in_reach.go(7, minutes(works))
        total = counted(works, "in_reach_minutes")
        return counted(works, "in_reach_visits"), total, float(works.motivation.level[SOME].mean())

    def test_together_a_visit_is_booked_and_the_story_told_once(self) -> None:
        single, joint, none = (self.visited(how) for how in ("single", "joint", "none"))
        assert joint[0] >= 18
        assert single[0] >= 2 * 18
        assert single[1] - joint[1] == pytest.approx(20 * 20)
        assert single[2] < joint[2] < none[2] == 0.5
        assert none[:2] == (0, 0)

    def test_a_story_that_is_read_beforehand_is_not_told_again(self) -> None:
        assert self.visited("single", motivation__story_kept=True)[2] == 0.5

    @pytest.mark.parametrize("booked", [1, 7])
    def test_visits_come_so_many_days_after_the_news(self, booked: int) -> None:
        works = partnership(in_reach__reception_visits="joint", in_reach__booked_days=booked, **SURE)
        put_inside(works, SOME)
        days = []
        for day in range(10):
            works.partners.in_reach.follow(day, works.caseload.rows())
            works.partners.in_reach.go(day, minutes(works))
            days.append(works.recorder.daily("in_reach_visits")[day])
        assert np.flatnonzero(days).tolist() == [booked]

    def test_whoever_is_inside_when_visits_begin_is_no_newcomer(self) -> None:
        works = partnership(in_reach__reception_visits="none", **SURE)
        visits, rules = works.partners.in_reach, works.parameters.in_reach
        put_inside(works, SOME)
        visits.follow(0, works.caseload.rows())
        begun = rules.model_copy(update={"reception_visits": "joint"})
        visits.adopt(begun, works.parameters.engagement, works.staffing, read=False)
        put_inside(works, OTHERS)
        visits.follow(1, works.caseload.rows())
        assert set(np.flatnonzero(np.isfinite(visits.booked))) == set(OTHERS)

    def test_motivation_moves_whether_a_visitor_is_seen(self) -> None:
        seen = []
        for level in (0.0, 1.0):
            works = partnership(
                in_reach__reception_visits="joint", engagement__in_custody=0.0, motivation__per_motivation=6.0
            )
            works.motivation.level[:] = level
            put_inside(works, SOME)
            works.partners.in_reach.follow(0, works.caseload.rows())
            works.partners.in_reach.go(7, minutes(works))
            seen.append(counted(works, "in_reach_visits"))
        assert seen[0] < 5 < 15 < seen[1]

    @pytest.mark.parametrize("told", [0.0, 1.0])
    def test_a_visit_that_finds_nobody_inside_brings_the_news_of_it(self, told: float) -> None:
        works = partnership(
            in_reach__reception_visits="joint", information__found_out_share=told, **SURE
        )  # fmt: skip
        put_inside(works, SOME)
        works.partners.in_reach.follow(0, works.caseload.rows())
        let_out(works, SOME, 6.9)
        works.awareness.read(7)
        news = works.awareness.news
        news.outstanding["due"] = np.inf
        works.partners.in_reach.go(7, minutes(works))
        assert counted(works, "in_reach_visits") == 0
        works.awareness.read(8)
        assert (~works.awareness.team.inside[SOME]).all() == bool(told)

    def test_whoever_is_out_again_is_not_visited(self) -> None:
        works = partnership(in_reach__reception_visits="joint", **SURE)
        put_inside(works, SOME)
        works.partners.in_reach.follow(0, works.caseload.rows())
        let_out(works, SOME, 3.0)
        works.caseload.band[SOME] = 1
        works.partners.in_reach.follow(4, works.caseload.rows())
        works.partners.in_reach.go(7, minutes(works))
        assert counted(works, "in_reach_minutes") == 0

    def test_whoever_is_let_go_by_a_meeting_is_not_visited_that_day(self) -> None:
        works = partnership(in_reach__reception_visits="joint", in_reach__short_sentences=True, **SURE)
        put_inside(works, SOME)
        works.partners.in_reach.follow(0, works.caseload.rows())
        works.caseload.carried[SOME], works.caseload.lead[SOME] = False, -1
        works.partners.in_reach.go(7, minutes(works))
        assert counted(works, "in_reach_minutes") == 0

    def test_both_have_the_minutes_or_neither_goes(self) -> None:
        works = partnership(in_reach__reception_visits="joint", **SURE)
        put_inside(works, SOME)
        left = minutes(works)
        left[:, [PRISON, DRUGS]] = 0
        works.partners.in_reach.follow(0, works.caseload.rows())
        works.partners.in_reach.go(7, left)
        assert counted(works, "in_reach_visits") == 0
        assert (left[:, PROBATION] == 100_000).all()

    def test_one_by_one_each_goes_when_it_has_the_minutes(self) -> None:
        works = partnership(in_reach__reception_visits="single", **SURE)
        put_inside(works, SOME)
        left = minutes(works)
        left[:, [PRISON, DRUGS]] = 0
        works.partners.in_reach.follow(0, works.caseload.rows())
        works.partners.in_reach.go(7, left)
        first = counted(works, "in_reach_visits")
        assert 18 <= first <= 20
        works.partners.in_reach.go(8, minutes(works))
        assert 18 <= counted(works, "in_reach_visits") - first <= 20


class TestDistance:
    def reached(self, share: float, each: float) -> tuple[float, float]:
        """Return how many of twenty are assessed inside with so many minutes, and the minutes taken."""
        works = partnership(in_reach__short_sentences=True, distance__far_share=share, **SURE)
        put_inside(works, SOME)
        works.partners.in_reach.follow(0, works.caseload.rows())
        works.partners.in_reach.go(0, minutes(works, each))
        return counted(works, "assessed_inside"), counted(works, "in_reach_minutes")

    def test_distance_takes_travel_so_that_fewer_visits_fit(self) -> None:
        near, half, far = (self.reached(share, 100_000.0) for share in (0.0, 0.5, 1.0))
        assert near[0] == half[0] == far[0]
        assert near[1] < half[1] < far[1] == pytest.approx(near[1] + 20 * 150)
        assert self.reached(1.0, 600.0)[0] < self.reached(0.0, 600.0)[0]

    def test_a_first_contact_inside_takes_the_travel(self) -> None:
        taken = []
        for far in (0.0, 1.0):
            works = partnership(distance__far_share=far, first_contact__in_prison="visit")
            put_inside(works, SOME)
            first = works.choosing.introductions
            first._told[:], first.waiting[:] = False, False
            first.ask_for(SOME, 0)
            works.choosing.introduce(0, minutes(works))
            taken.append(counted(works, "introduction_minutes"))
        assert taken[1] - taken[0] == pytest.approx(20 * 150)

    def test_planned_visits_inside_take_the_travel_and_no_others(self) -> None:
        works = partnership(distance__far_share=1.0)
        put_inside(works, SOME)
        who, slot = np.array([0, 1, 30]), np.array([PRISON_SLOT] * 3)
        works.partners.travel(who, slot, np.array([1.0, 0.0, 1.0]))
        assert works.contacts.extra[who, slot].tolist() == [150, 0, 0]


class TestReleasePlans:
    def released(self, notice: float) -> tuple[object, int]:
        """Let twenty people out a month from now, planned for or not; the morning after is returned."""
        works = partnership(release_plans__notice_days=notice)
        put_inside(works, SOME, due_out=20.35)
        works.pathways.known[:] = True
        works.contacts.next_due[:] = np.inf
        for day in (0, 1):
            works.day = day
            works.steering.take_in_desk_work(day)
            works.steering.release_plans.follow(day, works.caseload.rows())
            works.steering.desk.fill(day, minutes(works), urgent=False)
        works.partners.follow(20)
        let_out(works, SOME, 20.35)
        works.awareness.read(21)
        works.partners.follow(21)
        return works, 21

    def test_a_plan_that_is_ready_brings_contact_and_referrals_forward(self) -> None:
        works, today = self.released(28.0)
        assert counted(works, "release_plans_ready") == 20
        assert not works.awareness.team.inside[SOME].any()
        due = works.contacts.next_due[SOME, SLOT_OF[works.caseload.lead[SOME]]]
        assert (due <= today).all()
        needy = SOME[(works.relief.unmet(SOME) > 0).any(axis=1)]
        assert (works.pathways.stage[needy] == WAITING).any(axis=1).all()

    @pytest.mark.parametrize("notice", [0.0, 14.0])
    def test_without_a_plan_nobody_expects_them(self, notice: float) -> None:
        works, _ = self.released(notice)
        assert works.awareness.team.inside[SOME].all()
        assert (works.pathways.stage[SOME] == NOWHERE).all()

    def test_a_plan_that_is_made_is_told_in_the_log(self) -> None:
        works = partnership(release_plans__notice_days=28.0)
        works.recorder.keep_events = True
        put_inside(works, SOME, due_out=20.35)
        works.steering.release_plans.follow(0, works.caseload.rows())
        works.steering.desk.fill(0, minutes(works), urgent=False)
        works.steering.take_in_desk_work(1)
        told = [line[0] for line in works.recorder.events if line[2] == "release planned"]
        assert told == SOME.tolist()

    def test_a_remand_ends_on_a_day_that_nobody_plans_for(self) -> None:
        works = partnership(release_plans__notice_days=28.0)
        put_inside(works, SOME, place=REMAND, due_out=-np.inf)
        works.steering.release_plans.follow(0, works.caseload.rows())
        assert not len(works.steering.desk.open.kind)

    @pytest.mark.parametrize("due_out", [-np.inf, 400.35])
    def test_a_plan_is_for_one_day_of_release(self, due_out: float) -> None:
        """Whoever is held on by a remand or another sentence is let out on a day that nobody planned for."""
        works = partnership(release_plans__notice_days=28.0)
        put_inside(works, SOME, due_out=20.35)
        plans = works.steering.release_plans
        plans.follow(0, works.caseload.rows())
        works.steering.desk.fill(0, minutes(works), urgent=False)
        works.steering.take_in_desk_work(1)
        plans.released(20)
        works.world.custody.due_out[SOME] = due_out
        plans.released(21)
        let_out(works, SOME, 90.35)
        out, ready = plans.released(91)
        assert set(out) == set(SOME)
        assert not ready.any()

    def test_a_plan_is_asked_for_those_who_are_known_to_serve_a_sentence(self) -> None:
        works = partnership(release_plans__notice_days=28.0)
        put_inside(works, SOME, due_out=20.35)
        put_inside(works, OTHERS, due_out=20.35, place=REMAND)
        unknown = SOME[:5]
        works.caseload.band[unknown] = AMBER
        works.steering.release_plans.follow(0, works.caseload.rows())
        assert set(works.steering.desk.open.person) == set(SOME[5:])

    def test_a_plan_that_nobody_needs_any_more_leaves_all_other_work_on_the_desks(self) -> None:
        desk = partnership().steering.desk
        for kind in (RELEASE, WARNING):
            desk.post(kind, SOME, np.full(20, PROBATION), 30.0, 5.0)
        desk.drop_about(SOME[:4], RELEASE)
        assert desk.open.of(RELEASE).person.tolist() == SOME[4:].tolist()
        assert desk.open.of(WARNING).person.tolist() == SOME.tolist()

    def test_the_first_contact_with_the_lead_ends_the_gap(self) -> None:
        works, today = self.released(28.0)
        lead = SLOT_OF[works.caseload.lead[SOME]]
        works.steering.release_plans.seen(today + 4, SOME[:5], lead[:5])
        works.steering.release_plans.seen(today + 9, SOME[:5], lead[:5])
        assert counted(works, "releases_followed") == 5
        assert counted(works, "release_gap_days") == 5 * 5


class TestGate:
    def met(self, each: float = 100_000.0, place: int | None = None, **changes: object) -> object:
        """Let twenty people out on day 20; the next morning is returned."""
        works = partnership(**({"gate__share": 1.0} | changes))
        put_inside(works, SOME, due_out=20.35, **({} if place is None else {"place": place}))
        works.partners.follow(20)
        self.left = minutes(works, each)
        works.partners.gate.go(20, self.left)
        let_out(works, SOME, 20.35)
        works.awareness.read(21)
        works.partners.follow(21)
        return works

    def test_whoever_is_met_comes_to_more_appointments_for_a_time(self) -> None:
        works = self.met()
        pull = works.partners.gate.pull
        assert works.recorder.daily("gate_meetings")[20] == counted(works, "gate_meetings") == 20
        assert (pull(SOME, 21) == works.parameters.gate.attendance_log_odds).all()
        assert not pull(SOME, 35).any()
        assert not pull(OTHERS, 21).any()
        assert (works.dose.minutes[SOME] > 0).all()
        assert not works.awareness.team.inside[SOME].any()
        lead = SLOT_OF[works.caseload.lead[SOME]]
        assert (works.contacts.next_due[SOME, lead] <= 21).all()

    def test_having_been_met_keeps_nobody_at_home(self) -> None:
        works = self.met()
        works.motivation.level[:] = 0.5
        slots = np.array([PROBATION_SLOT, POLICE])
        assert works.partners.pull(SOME[:2], slots, 21).tolist() == [0.5, 0.0]

    @pytest.mark.parametrize("why", [{"gate__share": 0.0}, {"each": 100.0}, {"place": REMAND}])
    def test_nobody_is_met_without_the_rule_the_minutes_or_a_known_day(self, why: dict[str, object]) -> None:
        works = self.met(**why)  # type: ignore[arg-type]
        assert counted(works, "gate_meetings") == 0
        assert not works.dose.minutes.any()
        assert works.awareness.team.inside[SOME].all()

    def test_meeting_takes_the_minutes_and_more_of_them_far_away(self) -> None:
        taken = []
        for share in (0.0, 1.0):
            self.met(distance__far_share=share)
            taken.append(float((100_000.0 - self.left).sum()))
        assert taken == pytest.approx([20 * 130, 20 * (130 + 150)])

    def test_going_in_vain_meets_nobody(self) -> None:
        works = partnership(gate__share=1.0)
        put_inside(works, SOME, due_out=20.35)
        works.partners.follow(20)
        works.partners.gate.go(20, minutes(works))
        works.partners.follow(21)
        assert counted(works, "gate_meetings") == 0
        assert counted(works, "in_reach_minutes") == 20 * 130

    def test_a_meeting_is_that_of_the_agency_that_went_whoever_leads_the_day_after(self) -> None:
        works = partnership(gate__share=1.0, gate__by="vcs", agencies__vcs__workers=0)
        put_inside(works, SOME, due_out=20.35)
        works.partners.follow(20)
        works.partners.gate.go(20, minutes(works))
        let_out(works, SOME, 20.35)
        works.caseload.lead[SOME] = POLICE
        works.partners.gate.met(21, SOME)
        assert (works.dose.minutes[SOME] > 0).all()
        assert not works.dose.police_minutes.any()
