"""Who sits in the posts, who pays for them, and how well agencies work together: one rule at a time."""

from datetime import date

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from simulation import Parameters, bands
from simulation.calendar import DAYS_PER_YEAR, Calendar
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES, Forms
from simulation.contact_plans import Plans
from simulation.contacts import Contacts
from simulation.engagement import Engagement, Trust
from simulation.governance import Governance, Habits
from simulation.information import Information
from simulation.luck import Luck
from simulation.people import People
from simulation.recorder import Recorder
from simulation.slots import AGENCY_OF, SLOT_OF
from simulation.staffing import Agencies, Officers, Staffing, Team
from simulation.vacancies import Vacancies

MONDAY = Calendar(date(2010, 1, 4))
POLICE, PROBATION, VCS = (AGENCIES.index(name) for name in ("police", "probation", "vcs"))
QUICK = {"leaving_per_year": 2.0, "days_to_fill": 60, "training_weeks": 0}


def test_an_agency_that_says_nothing_of_posts_has_none() -> None:
    assert Officers().posts == Officers().funded == 0


class Site:
    """Posts of a place of 300 people, and nothing else."""

    def __init__(self, days: int, **changes: object) -> None:
        self.parameters = Parameters(**changes)
        self.staffing = Staffing(self.parameters.agencies, self.parameters.teams, Forms())
        self.env, luck, self.recorder = simpy.Environment(), Luck(1, 0), Recorder(days, keep_events=False)
        people = People(300)
        shares = np.array([team.share for team in self.parameters.teams.values()])
        self.caseload = Caseload(people, luck, self.recorder, shares)
        self.caseload.lead[:] = PROBATION
        self.trust = Trust(people, luck, Engagement())
        self.contacts, self.with_youth = Contacts(people), np.zeros(300, dtype=bool)
        self.vacancies = Vacancies(
            self.env, MONDAY, luck, self.recorder, self.caseload, self.trust, self.contacts, self.with_youth
        )
        self.vacancies.adopt(self.parameters, self.staffing)
        self.opened = np.zeros((days, *self.staffing.minutes.shape))
        for day in range(days):
            self.env.run(until=day + 1e-9)
            self.opened[day] = self.vacancies.open(day)
        self.env.run(until=days)

    def total(self, name: str) -> float:
        return float(self.recorder.daily(name).sum())


class TestTurnover:
    def test_where_nobody_leaves_every_minute_is_there(self) -> None:
        site = Site(14)
        assert np.array_equal(site.opened[0], site.staffing.opened(MONDAY, 0))
        assert site.total("posts_vacant") == site.total("minutes_lost") == 0
        assert site.vacancies.cost_gbp_a_year == site.staffing.cost_gbp_a_year

    def test_the_share_of_vacant_posts_is_that_of_the_rates(self) -> None:
        """Two a year and sixty days to fill: of 1,000 posts a share of 0.247, its spread about 0.005."""
        site = Site(730, turnover=QUICK, agencies=Agencies(police=Officers(officers=500, funded_posts=0)))
        away = 2 * 60 / DAYS_PER_YEAR
        vacant, number = (
            site.recorder.daily(name)[200:].sum() for name in ("posts_vacant", "posts_in_force")
        )
        assert vacant / number == pytest.approx(away / (1 + away), abs=0.02)

    def test_a_post_filled_at_once_by_somebody_trained_loses_no_minute(self) -> None:
        site = Site(365, turnover={"leaving_per_year": 5.0, "days_to_fill": 0, "training_weeks": 0})
        assert site.total("staff_left") > 100
        assert site.total("minutes_lost") == 0

    def test_a_starter_does_a_part_of_the_work(self) -> None:
        rates = {"leaving_per_year": 2.0, "days_to_fill": 0, "training_weeks": 8}
        lost = [Site(365, turnover=rates | {"training_speed_share": speed}).total("minutes_lost")
                for speed in (1.0, 0.5, 0.0)]  # fmt: skip
        assert lost == [0, pytest.approx(lost[2] / 2), lost[2]]
        assert lost[2] > 0

    def test_whoever_a_leaver_led_loses_trust_and_is_handed_over(self) -> None:
        before = Site(1).trust.level
        site = Site(90, turnover=QUICK)
        handed = site.contacts.extra[:, SLOT_OF[PROBATION]] > 0
        assert 0 < handed.sum() < 300
        assert (site.trust.level[handed] < before[handed]).all()
        assert np.array_equal(site.trust.level[~handed], before[~handed])

    def test_each_post_leads_its_part_of_the_people(self) -> None:
        site = Site(1, agencies={"probation": {"officers": 10}})
        for post in range(10):
            site.vacancies._hand_over(PROBATION, post)
        assert (site.contacts.extra[:, SLOT_OF[PROBATION]] == site.parameters.leads.handover_minutes).all()

    def test_the_same_people_leave_however_many_colleagues_they_have(self) -> None:
        few, many = (Site(400, turnover=QUICK, agencies={"vcs": {"workers": number}}) for number in (3, 40))
        assert np.array_equal(few.vacancies.posts.state[VCS, :3], many.vacancies.posts.state[VCS, :3])

    def test_a_post_on_the_border_of_two_teams_is_missed_in_both(self) -> None:
        """Three posts over two halves: the second post's minutes are shared."""
        teams = {"a": {"share": 0.5}, "b": {"share": 0.5}}
        site = Site(1, teams=teams, agencies={"vcs": {"workers": 3}})
        vacant = np.zeros_like(site.vacancies.posts.state, dtype=bool)
        vacant[VCS, 1] = True
        assert site.vacancies._spread(vacant)[:, VCS].tolist() == [0.5, 0.5]


class TestFunding:
    funded = {"probation": {"officers": 10, "funded_posts": 4}}  # noqa: RUF012

    def minutes(self, day: int, **funding: object) -> float:
        """Return probation's minutes on a day in weeks 1 and 2; money ends on the first Sunday."""
        site = Site(14, agencies=self.funded, funding={"ends": date(2010, 1, 10), **funding})
        return float(site.opened[day, 0, PROBATION] / site.staffing.on_duty[PROBATION])

    def test_posts_end_with_their_money_unless_kept(self) -> None:
        assert self.minutes(4, kept_share=0.0) == pytest.approx(10)
        assert self.minutes(7, kept_share=0.0) == pytest.approx(6)
        assert self.minutes(7, kept_share=0.5) == pytest.approx(8)
        assert self.minutes(7, kept_share=1.0) == pytest.approx(10)

    def test_what_ended_costs_nothing_and_its_people_are_handed_over(self) -> None:
        site = Site(14, agencies=self.funded, funding={"ends": date(2010, 1, 10), "kept_share": 0})
        assert site.vacancies.cost_gbp_a_year == site.staffing.cost_gbp_a_year - 4 * 40_000
        assert 0 < site.total("handovers") < 300
        assert site.recorder.daily("time_limited_gbp")[[0, 13]].tolist() == [160_000 / DAYS_PER_YEAR, 0]

    def test_seconded_staff_return_on_their_date(self) -> None:
        seconded = {"prison": {"officers": 3, "seconded_posts": 2}}
        rules = {"secondments_end": date(2010, 1, 10), "secondments_kept_share": 0.0}
        site = Site(14, agencies=seconded, funding=rules)
        prison = AGENCIES.index("prison")
        assert site.opened[7, 0, prison] == pytest.approx(site.opened[4, 0, prison] / 3)

    def test_each_post_that_ends_hands_over_once(self) -> None:
        """Two posts end with their money and two with their secondment, on one day or on two."""
        posts = {"probation": {"officers": 10, "funded_posts": 2, "seconded_posts": 2}}
        total = []
        for second in (date(2010, 1, 6), date(2010, 1, 10)):
            rules = {"ends": date(2010, 1, 6), "kept_share": 0, "secondments_end": second,
                     "secondments_kept_share": 0}  # fmt: skip
            total.append(Site(14, agencies=posts, funding=rules).total("handovers"))
        assert total[0] == total[1] > 0

    def test_an_agency_whose_last_post_ended_leads_on_nobody(self) -> None:
        funded = {"vcs": {"workers": 2, "funded_posts": 2}}
        site = Site(14, agencies=funded, funding={"ends": date(2010, 1, 10), "kept_share": 0})
        assert not site.staffing.staffed[0, VCS]
        assert site.staffing.staffed[0, PROBATION]

    def test_no_more_are_for_a_time_than_there_are(self) -> None:
        few = Officers(officers=4, funded_posts=3, seconded_posts=2)
        assert (few.seconded, few.funded) == (2, 2)
        none = Officers(officers=0, funded_posts=3, seconded_posts=2)
        assert (none.seconded, none.funded) == (0, 0)

    def test_the_pool_buys_minutes_with_the_money_of_vacant_posts(self) -> None:
        """At the price of a post the money of probation's vacancies buys its minutes back, and no others."""
        own = {"pooled": ("probation",), "pool_pays": "probation", "pool_price_ratio": 1.0}
        lost, pooled = (Site(100, turnover=QUICK, funding=money) for money in ({}, own))
        full = Site(100).opened[:, 0]
        assert lost.opened[90:, 0, PROBATION].max() < full[:, PROBATION].max()
        assert pooled.opened[:, 0, PROBATION] == pytest.approx(full[:, PROBATION])
        assert np.array_equal(pooled.opened[:, 0, POLICE], lost.opened[:, 0, POLICE])
        assert pooled.vacancies.cost_gbp_a_year > lost.vacancies.cost_gbp_a_year
        dear = own | {"pool_price_ratio": 2.0}
        assert 2 * Site(100, turnover=QUICK, funding=dear).total("minutes_pooled") == pytest.approx(
            pooled.total("minutes_pooled")
        )


def test_whom_the_youth_team_leads_on_no_adult_officer_leaves() -> None:
    site = Site(1)
    site.with_youth[:150] = True
    before = site.trust.level.copy()
    for post in range(int(site.staffing.posts[0, PROBATION])):
        site.vacancies._hand_over(PROBATION, post)
    assert (site.trust.level[:150] == before[:150]).all()
    assert (site.trust.level[150:] < before[150:]).all()
    assert not site.contacts.extra[:150].any()


class TestGovernance:
    attending = ("police", "probation")

    def habits(self, day: int, **changes: object) -> Habits:
        habits = Habits(Luck(1, 0))
        habits.adopt(Governance(**changes), day)
        return habits

    def present(self, habits: Habits) -> float:
        days = [habits.present(self.attending, 0, day)[[POLICE, PROBATION]] for day in range(2000)]
        return float(np.mean(days))

    def test_habits_grow_towards_settled_ones(self) -> None:
        delays = [self.habits(day, habits="growing").news_delay_ratio for day in (0, 200, 5000)]
        assert delays == [2.0, pytest.approx(1 + np.exp(-200 / 30.4375 / 12)), pytest.approx(1, abs=1e-5)]
        chairs = [self.habits(day, habits="growing").attendance[0] for day in (0, 200, 5000)]
        assert chairs[0] == 0.7 < chairs[1] < chairs[2] == pytest.approx(1, abs=1e-5)

    def test_months_together_before_count_like_months_since(self) -> None:
        before = self.habits(0, habits="growing", months_together=12)
        since = self.habits(round(365.25), habits="growing")
        assert before.news_delay_ratio == pytest.approx(since.news_delay_ratio, rel=0.001)

    def test_settled_and_shared_changes_nothing(self) -> None:
        habits = self.habits(0)
        assert habits.slowed(Information()) == Information()
        assert self.present(habits) == 1

    def test_contested_leadership_empties_chairs_and_slows_news(self) -> None:
        """Of 4,000 attendances 80% are kept; the spread of the share is 0.006."""
        habits = self.habits(0, leadership="contested")
        assert self.present(habits) == pytest.approx(0.8, abs=0.025)
        assert habits.slowed(Information()).between_agencies_days == 4.5

    def test_where_one_agency_leads_it_comes_and_others_miss_some(self) -> None:
        habits = self.habits(0, leadership="one_agency", led_by="probation")
        kept = np.mean([habits.present(self.attending, 0, day) for day in range(500)], axis=0)
        assert kept[PROBATION] == 1 > kept[POLICE]

    def test_an_agency_not_expected_or_by_itself_hinders_nothing(self) -> None:
        habits = self.habits(0, leadership="contested", contested={"attendance_share": 0})
        assert habits.present(self.attending, 0, 0)[VCS]
        assert habits.present(("police",), 0, 0).all()


def made(agencies: Agencies, days: int = 42) -> np.ndarray:
    """Return contacts that each agency makes, bands and behaviour held still, shape ``(agencies,)``."""
    staffing = Staffing(agencies, {"a": Team()}, Forms())
    contacts, rows = Contacts(People(40)), np.arange(40)
    contacts.adopt(Plans(), staffing)
    contacts.begin(rows, 0, np.linspace(0, 1, 41)[1:])
    band, team = np.arange(40, dtype=np.int8) % (bands.BLUE + 1), np.zeros(40, dtype=np.int64)
    number = np.zeros(len(AGENCIES))
    for day in filter(MONDAY.is_working, range(days)):
        place, slot = contacts.look(day, rows)
        contacts.fall_due(day, place, slot, band[place], team[place], np.ones(len(place)))
        done = contacts.fill(day, staffing.opened(MONDAY, day), rows, band, team)
        number += np.bincount(AGENCY_OF[done.slot], minlength=len(AGENCIES))
    return number


STAFF = st.builds(
    lambda posts, share, absent: {"officers": posts, "iom_share": share, "absence_share": absent},
    st.integers(0, 6), st.floats(0, 1), st.floats(0, 1),
)  # fmt: skip


class TestStaff:
    @settings(max_examples=60, deadline=None)
    @given(staff=STAFF, fewer=st.integers(1, 6), less=st.floats(0, 1), sick=st.floats(0, 1))
    def test_less_staff_never_gives_an_agency_more_contacts(
        self, staff: dict[str, float], fewer: int, less: float, sick: float
    ) -> None:
        reduced = {
            "officers": max(0, staff["officers"] - fewer), "iom_share": staff["iom_share"] * less,
            "absence_share": staff["absence_share"] + (1 - staff["absence_share"]) * sick,
        }  # fmt: skip
        for change in ("officers", "iom_share", "absence_share"):
            one = staff | {change: reduced[change]}
            few, many = (made(Agencies(police=Officers(**chosen))) for chosen in (one, staff))
            assert few[POLICE] <= many[POLICE]
            assert np.array_equal(np.delete(few, POLICE), np.delete(many, POLICE))

    def test_an_agency_without_time_hears_and_does_nothing(self) -> None:
        absent = Agencies(probation=Officers(officers=18, iom_share=0))
        assert made(absent)[PROBATION] == 0 < made(Agencies())[PROBATION]
        assert not Staffing(absent, {"a": Team()}, Forms()).staffed[0, PROBATION]
        with pytest.raises(ValidationError, match="probation are mandatory and nobody is there"):
            Parameters(agencies=absent)
        assert Parameters(agencies=absent, mandatory=()).agencies == absent
