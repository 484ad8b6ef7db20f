"""The youth offending team and the move to adult services, with everything else standing still."""

import numpy as np
import pytest

from simulation.calendar import DAYS_PER_YEAR
from simulation.contacts import Made
from simulation.slots import AT_HOME, POLICE, SLOT_OF, VCS
from simulation.slots import PROBATION as PROBATION_SLOT
from tests.standing_still import PROBATION, counted, minutes, partnership

YOUNG, OLDER = np.arange(20), np.arange(20, 40)
TEAM = {"youth__workers": 3}


def place(**changes: object) -> object:
    """Return a partnership of twenty people who turn 18 on day 30, and others who are long past it."""
    works = partnership(**(TEAM | changes))
    works.world.record.birth_day[:] = -30 * DAYS_PER_YEAR
    works.world.record.birth_day[YOUNG] = 30 - 18 * DAYS_PER_YEAR
    works.contacts.next_due[:] = np.inf
    return works


def live(works: object, days: range, each: float = 100_000.0) -> None:
    """Let days pass in which nothing else is done than desk work, and the youth team's days."""
    for day in days:
        works.steering.take_in_desk_work(day)
        works.steering.youth.follow(day, works.caseload.rows())
        works.steering.desk.fill(day, minutes(works, each), urgent=False)


class TestTeam:
    def test_the_team_keeps_the_appointments_of_the_young_from_its_own_diary(self) -> None:
        works = place()
        live(works, range(1))
        assert np.flatnonzero(works.steering.youth.leads_on).tolist() == YOUNG.tolist()
        works.contacts.remaining[:40, PROBATION_SLOT] = 50.0
        works.contacts.remaining[:40, VCS] = 50.0
        made = works.steering.youth.see(0)
        # Fifteen appointments of 65 minutes fit into three workers' day; adult services keep the others.
        assert len(made.person) == 3 * 328 // 65
        assert works.recorder.daily("youth_minutes")[0] == 65 * len(made.person)
        assert set(made.person) <= set(YOUNG)
        assert (made.slot == SLOT_OF[PROBATION]).all()
        assert (works.contacts.remaining[made.person, PROBATION_SLOT] == 0).all()
        assert np.count_nonzero(works.contacts.remaining[:40, PROBATION_SLOT]) == 40 - len(made.person)
        assert (works.contacts.remaining[:40, VCS] == 50).all()

    def test_the_team_does_what_was_to_be_done_at_the_appointment_beyond_the_usual(self) -> None:
        kept = []
        for share in (0.0, 1.0):
            works = place(compliance__reminders__share=share, compliance__reminders__minutes=30.0)
            live(works, range(1))
            works.contacts.remaining[YOUNG, PROBATION_SLOT] = works.contacts.footprint[0, PROBATION_SLOT]
            works.appointments.reminders.send(0, YOUNG, np.full(20, PROBATION_SLOT))
            kept.append(len(works.steering.youth.see(0).person))
        assert kept == [3 * 328 // 65, 3 * 328 // (65 + 30)]

    def test_what_the_team_keeps_is_no_contact_of_the_adult_agency(self) -> None:
        """Its own minutes and place; and the adult lead hears the story anew when people move on."""
        shared = {"form": "hub", "members": ("police", "probation"), "time_share": 1.0}
        works = place(
            youth__workers=30, youth__minutes_with_person=200.0, teams__area__co_location=shared,
            forms__hub__trust_per_appointment=-0.5, engagement__attendance=10.0,
            engagement__trust_per_contact=0.0, motivation__raised_by_contact=0.0,
        )  # fmt: skip
        live(works, range(1))
        works.contacts.remaining[:40, PROBATION_SLOT] = 1.0
        works.left = minutes(works)
        by_team = works.steering.youth.see(0)
        adults = Made(OLDER, np.full(20, PROBATION_SLOT), OLDER < 0, np.zeros(20), np.zeros(20),
                      np.full(20, PROBATION))  # fmt: skip
        works.made = adults.joined(by_team)
        works.make_contacts(0)
        usual = works.staffing.with_person[PROBATION]
        assert counted(works, "contact_minutes") == 20 * (200 + usual)
        assert works.dose.minutes[[0, 20]] == pytest.approx(np.array([200, usual]) / 4)
        assert (works.trust.level[YOUNG] == 0.5).all()
        assert (works.trust.level[OLDER] == 0.25).all()
        for who, told_again in ((OLDER, []), (YOUNG, YOUNG.tolist())):
            heard = works.stories.tell(who, np.full(20, PROBATION), np.zeros(20, dtype=bool))
            assert heard.tolist() == told_again

    def test_where_the_team_stays_out_nothing_is_different(self) -> None:
        works = place(youth__workers=0)
        live(works, range(40))
        assert not works.steering.youth.leads_on.any()
        assert works.steering.youth.see(0) is None
        assert counted(works, "youth_moves") == counted(works, "iom_cost_gbp") == 0
        assert (works.trust.level == 0.5).all()

    def test_posts_cost_what_they_cost_whoever_is_there(self) -> None:
        works = place()
        before = counted(works, "iom_cost_gbp")
        live(works, range(10))
        assert counted(works, "iom_cost_gbp") - before == pytest.approx(3 * 38_000 * 10 / DAYS_PER_YEAR)

    def test_a_change_of_the_adult_lead_costs_no_trust_meanwhile(self) -> None:
        works = place(leads__statutory="none")
        live(works, range(1))
        works.steering.set_bands(np.arange(40), 1, reviewed=True)
        assert (works.trust.level[YOUNG] == 0.5).all()
        assert (works.trust.level[OLDER] < 0.5).all()


class TestMove:
    def test_an_unprepared_move_costs_trust_and_some_fall_out(self) -> None:
        works = place(youth__falls_out_share=0.5)
        live(works, range(30))
        assert counted(works, "youth_moves") == 0
        live(works, range(30, 32))
        youth = works.steering.youth
        assert counted(works, "youth_moves") == 20
        assert works.trust.level[YOUNG] == pytest.approx(0.5 * (1 - 0.2))
        assert (works.trust.level[OLDER] == 0.5).all()
        assert (works.contacts.extra[YOUNG, PROBATION_SLOT] == 45).all()
        fallen = counted(works, "youth_fallen_out")
        assert 4 <= fallen <= 16
        for day, out in ((31, fallen), (31 + 8 * 7, 0)):
            away = ~youth.in_touch(YOUNG, np.full(20, PROBATION_SLOT), day)
            assert away.sum() == out
        assert youth.in_touch(YOUNG, np.full(20, POLICE), 31).all()

    @pytest.mark.parametrize("share", [0.0, 1.0])
    def test_nobody_falls_out_or_everybody(self, share: float) -> None:
        works = place(youth__falls_out_share=share)
        live(works, range(30))
        works.contacts.remaining[YOUNG] = 50.0
        live(works, range(30, 31))
        assert counted(works, "youth_fallen_out") == 20 * share
        # Appointments are struck out, visits at home are not.
        assert (works.contacts.remaining[YOUNG][:, AT_HOME] == 50).all()
        assert (works.contacts.remaining[YOUNG][:, ~AT_HOME] == 50 * (1 - share)).all()

    def test_the_age_is_a_lever(self) -> None:
        works = place(youth__until_age_years=17.0)
        live(works, range(5))
        assert not works.steering.youth.leads_on.any()

    def test_a_team_that_leaves_hands_everybody_over(self) -> None:
        works = place()
        live(works, range(1))
        gone = works.parameters.youth.model_copy(update={"workers": 0})
        works.steering.youth.rules = gone
        live(works, range(1, 2))
        assert counted(works, "youth_moves") == 20


class TestConferences:
    def test_a_conference_prepares_the_move_and_takes_both_teams_minutes(self) -> None:
        works = place(youth__conference_notice_days=20.0, youth__prepared_falls_out_share=0.0)
        live(works, range(12))
        assert counted(works, "youth_conferences") == 20
        assert counted(works, "desk_minutes") == pytest.approx(20 * 72)
        works.contacts.remaining[YOUNG, PROBATION_SLOT] = 50.0
        # The team sat in conferences for more than its day.
        assert len(works.steering.youth.see(12).person) == 0
        live(works, range(12, 31))
        assert counted(works, "youth_moves_prepared") == 20
        assert counted(works, "youth_fallen_out") == 0
        assert works.trust.level[YOUNG] == pytest.approx(0.5 * (1 - 0.2 * 0.5))
        assert not works.contacts.extra.any()

    def test_a_conference_for_which_nobody_has_time_prepares_nothing(self) -> None:
        works = place(youth__conference_notice_days=20.0)
        live(works, range(31), each=0.0)
        assert counted(works, "youth_moves") == 20
        assert counted(works, "youth_moves_prepared") == 0

    def test_whoever_leaves_and_comes_back_has_a_conference_all_the_same(self) -> None:
        works = place(youth__conference_notice_days=20)
        live(works, range(12), each=0.0)
        works.steering.close(YOUNG, 12)
        works.caseload.carried[YOUNG] = False
        live(works, range(12, 13), each=0.0)
        works.caseload.carried[YOUNG] = True
        live(works, range(13, 32))
        assert counted(works, "youth_moves_prepared") == 20
