"""What the police's minutes go to: roles, action on missed appointments, outreach, the beat, and limits."""

from datetime import date

import numpy as np
import pytest
import simpy
from pydantic import ValidationError

from simulation import Parameters, bands
from simulation.calendar import Calendar
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES, CoLocation, Forms
from simulation.contact_plans import Plan, Plans
from simulation.contacts import Contacts
from simulation.declare import Column
from simulation.enforcement import Absences
from simulation.engagement import Trust
from simulation.luck import Luck
from simulation.motivation import Motivation, MotivationRules
from simulation.people import People
from simulation.police import Police
from simulation.police_roles import PoliceRoles
from simulation.proportionality import Proportionality, proportionate
from simulation.recorder import Recorder
from simulation.response import Dose
from simulation.slots import DISRUPTION, NEIGHBOURHOOD, POLICE, PROBATION
from simulation.staffing import Staffing, Team

BEAT = AGENCIES.index("neighbourhood_police")
ROWS = np.arange(200)
RED = np.full(200, bands.RED, dtype=np.int8)
HERE = np.zeros(200, dtype=np.int64)


class Station:
    """The police of a place whose 200 people are all carried, in red and at liberty."""

    def __init__(self, place: CoLocation | None = None, **changes: object) -> None:
        parameters = Parameters(**changes)
        self.staffing = Staffing(parameters.agencies, {"a": Team(co_location=place or CoLocation())}, Forms())
        people, luck, self.recorder = People(200), Luck(1, 0), Recorder(400, keep_events=True)
        people.own(Column("at_liberty", "bool", "custody", "", "", 1))
        caseload = Caseload(people, luck, self.recorder, np.ones(1))
        caseload.carried[:], caseload.band[:] = True, RED
        self.contacts, self.trust = Contacts(people), Trust(people, luck, parameters.engagement)
        self.contacts.adopt(parameters.contacts, self.staffing)
        self.dose = Dose.__new__(Dose)
        self.dose.response = parameters.response
        self.dose.minutes, self.dose.police_minutes = np.zeros(200), np.zeros(200)
        self.env = simpy.Environment()
        absences = Absences(self.env, people, luck, self.recorder, None)  # type: ignore[arg-type]
        self.acted: list[int] = []
        absences.proceed = lambda _, who: self.acted.extend(who.tolist())  # type: ignore[method-assign]
        self.police = Police(
            people,
            luck,
            self.recorder,
            caseload,
            self.contacts,
            self.trust,
            Motivation(people, luck, MotivationRules()),
            self.dose,
            absences,
        )
        self.police.adopt(parameters, self.staffing)

    def owe(self, **minutes: float) -> None:
        """Let everybody be owed visits of so many minutes, all since the same day."""
        for slot, name in ((POLICE, "support"), (DISRUPTION, "disruption"), (NEIGHBOURHOOD, "beat")):
            self.contacts.remaining[:, slot] = minutes.get(name, 0.0)

    def work(self, day: int = 0, police: float = 1000.0, beat: float = 1000.0) -> np.ndarray:
        """Share out a day's minutes, and return what is left of them."""
        left = np.zeros((1, len(AGENCIES)))
        left[0, 0], left[0, BEAT] = police, beat
        self.made = self.police.share_out(day, left, ROWS, RED, HERE, weekday=0)
        return left[0]

    def given(self, role: str) -> float:
        return float(self.recorder.daily(f"police_minutes_{role}").sum())

    def total(self, name: str) -> float:
        return float(self.recorder.daily(name).sum())


def begun(slot: int, station: Station) -> int:
    """Return how many of the visits owed are done or begun."""
    return int((station.contacts.remaining[:, slot] < 10.0).sum())


class TestRoles:
    def shared(self, **roles: object) -> Station:
        """Share 1,000 minutes where every role could use 2,000."""
        demand = {"intelligence_minutes_a_week": 50.0, "enforcement_minutes": 10.0}
        station = Station(police_roles=demand | roles)
        station.owe(support=10.0, disruption=10.0)
        station.police.team.enforce(ROWS, 0)
        station.work(day=1)
        return station

    def test_minutes_set_aside_for_one_role_are_missing_in_another(self) -> None:
        weights = {"intelligence": 0.3, "support": 0.4, "enforcement": 0.2, "disruption": 0.1}
        station = self.shared(sharing="weights", weights=weights)
        assert (station.given("intelligence"), station.given("enforcement")) == (300, 200)
        assert (begun(POLICE, station), begun(DISRUPTION, station)) == (40, 10)
        assert len(station.acted) == 20

    def test_what_a_role_leaves_the_others_take(self) -> None:
        station = Station(police_roles={"sharing": "weights"})
        station.owe(support=10.0)
        station.work()
        assert begun(POLICE, station) == 200 - (station.contacts.remaining[:, POLICE] > 0).sum() == 100

    @pytest.mark.parametrize("first", ["support", "disruption", "intelligence", "enforcement"])
    def test_in_an_order_the_first_is_served_first(self, first: str) -> None:
        order = [first, *(role for role in PoliceRoles().order if role != first)]
        station = self.shared(sharing="order", order=order)
        done = {
            "intelligence": station.given("intelligence"), "enforcement": station.given("enforcement"),
            "support": 10 * begun(POLICE, station), "disruption": 10 * begun(DISRUPTION, station),
        }  # fmt: skip
        assert done == {role: 1000 if role == first else 0 for role in order}

    def test_roles_without_work_of_their_own_change_no_visit(self) -> None:
        """By urgency and without desk work visits are shared out as by the diaries alone."""
        station, plain = Station(), Station()
        for each in (station, plain):
            each.owe(support=42.0, disruption=42.0)
        station.work()
        left = np.zeros((1, len(AGENCIES)))
        left[0, 0] = 1000.0
        alone = plain.contacts.fill(0, left, ROWS, RED, HERE)
        assert np.array_equal(station.made.person, alone.person)
        assert np.array_equal(station.contacts.remaining, plain.contacts.remaining)

    def test_intelligence_is_so_many_minutes_a_person_week(self) -> None:
        """Ten minutes a week asked for and given over half a year are ten minutes a week."""
        station = Station(police_roles={"intelligence_minutes_a_week": 10.0})
        for day in filter(Calendar(date(2010, 1, 4)).is_working, range(182)):
            station.work(day, police=10_000.0)
        assert station.given("intelligence") == pytest.approx(26 * 10 * 200)
        assert station.police.team.intelligence == pytest.approx(10, rel=0.03)

    def test_each_role_stands_once_in_the_order_and_weights_fit_in_a_day(self) -> None:
        with pytest.raises(ValidationError, match="expected each role once"):
            PoliceRoles(order=("support", "support", "disruption", "intelligence"))
        with pytest.raises(ValidationError, match=r"add up to 1\.2"):
            PoliceRoles(weights={"intelligence": 0.45})


class TestEnforcement:
    def test_no_minutes_no_action_and_after_a_while_it_is_dropped(self) -> None:
        station = Station(police_roles={"enforcement_minutes": 60.0, "enforcement_lapses_days": 10})
        station.police.team.enforce(ROWS[:5], 0)
        for day in range(10):
            station.work(day, police=0.0)
        assert station.acted == []
        station.work(10)
        assert station.acted == []
        assert station.total("enforcements_lapsed") == 5

    def test_minutes_of_several_days_add_up_to_an_action(self) -> None:
        station = Station(police_roles={"enforcement_minutes": 60.0})
        trust = station.trust.level.copy()
        station.police.team.enforce(ROWS[:2], 0)
        station.work(1, police=70.0)
        assert station.acted == [0]
        station.work(2, police=50.0)
        assert station.acted == [0, 1]
        assert (station.trust.level[:2] < trust[:2]).all()

    def test_action_that_takes_no_minutes_is_taken_at_once(self) -> None:
        station = Station()
        station.police.team.enforce(ROWS[:3], 0)
        assert station.acted == [0, 1, 2]


class TestOutreach:
    def out(self, share: float = 1.0, beat: float = 100_000.0, days: int = 1) -> Station:
        station = Station(outreach={"share": share, "minutes": 50, "within_days": 3})
        station.contacts.next_due[:] = 30.0
        station.police.answer_missed(0, ROWS, np.full(200, PROBATION), ROWS[:0])
        for day in range(1, days + 1):
            station.left = station.work(day, beat=beat)
        return station

    def test_whoever_is_found_is_seen_and_has_an_appointment_tomorrow(self) -> None:
        station = self.out()
        found = np.flatnonzero(station.contacts.next_due[:, PROBATION] == 2)
        assert 40 < len(found) == station.total("outreach_found") < 160
        assert (station.dose.police_minutes[found] > 0).all()
        assert (station.dose.minutes > 0).sum() == len(found)
        assert station.left[BEAT] == 100_000 - 200 * 50

    def test_nobody_goes_where_nobody_is_asked_to(self) -> None:
        station = self.out(share=0.0)
        assert station.total("outreach_visits") == 0
        assert (station.contacts.next_due == 30).all()

    def test_half_of_those_who_missed_get_a_visit(self) -> None:
        """Of 200 half, 100; the spread is 7."""
        assert 75 < self.out(share=0.5).total("outreach_visits") < 125

    def test_without_minutes_nobody_goes_and_it_is_not_tried_for_ever(self) -> None:
        assert self.out(beat=1000.0, days=1).total("outreach_visits") == 20
        assert self.out(beat=1000.0, days=6).total("outreach_visits") == 40
        assert self.out(beat=0.0, days=6).total("outreach_visits") == 0

    def test_people_in_custody_are_not_found(self) -> None:
        station = Station(outreach={"share": 1.0})
        station.police.outreach.at_liberty = np.zeros(200, dtype=bool)
        station.police.answer_missed(0, ROWS, np.full(200, PROBATION), ROWS[:0])
        station.work(1, beat=100_000.0)
        assert (station.total("outreach_visits"), station.total("outreach_found")) == (200, 0)


class TestBeat:
    def calls(self, place: CoLocation | None = None, beat: float = 100_000.0, **rules: object) -> Station:
        """Walk the beat for twenty days, five calls a week on each of 200 people if nobody is told."""
        station = Station(place, beat={"visits_per_week": 2.5, **rules})
        for day in range(20):
            station.left = station.work(day, beat=beat)
        return station

    def test_beat_officers_call_only_if_nobody_told_them(self) -> None:
        """Not told, they call on half of 200 people each day; the spread over twenty days is 32."""
        known, not_told = self.calls(), self.calls(told="nobody")
        assert known.total("beat_visits") == 0
        assert not_told.total("beat_visits") == pytest.approx(2000, abs=130)
        assert not_told.trust.level.mean() < known.trust.level.mean()
        assert not_told.left[BEAT] < known.left[BEAT] == 100_000

    def test_a_briefing_takes_minutes_of_every_officer_and_stops_the_calls(self) -> None:
        briefed = self.calls(told="briefing", briefing_minutes_a_week=25)
        assert briefed.total("beat_visits") == 0
        assert briefed.left[BEAT] == 100_000 - 20 * 5

    def test_sitting_with_the_team_stops_the_calls_for_as_long_as_they_do(self) -> None:
        members = ("police", "neighbourhood_police")
        always, half = (CoLocation(form="hub", members=members, time_share=share) for share in (1.0, 0.5))
        assert self.calls(always, told="nobody").total("beat_visits") == 0
        assert self.calls(half, told="nobody").total("beat_visits") == pytest.approx(1000, abs=110)

    def test_calls_take_no_more_minutes_than_there_are(self) -> None:
        station = self.calls(told="nobody", beat=100.0)
        assert station.total("beat_visits") == 20 * int(100 / station.staffing.footprint[0, BEAT])
        assert station.left[BEAT] >= 0


class TestProportionality:
    weekly = Plans(red=Plan(police_per_week=3.0, neighbourhood_police_per_week=1.0)).matrix()[[bands.RED] * 4]
    slot = np.array([POLICE, NEIGHBOURHOOD, PROBATION, POLICE])
    warranted = np.array([False, False, False, True])

    def share(self, cap: float) -> list[float]:
        rules = Proportionality(unsupervised_visits_per_week=cap)
        return proportionate(rules, self.weekly, self.slot, self.warranted).tolist()

    def test_visits_without_a_ground_are_capped(self) -> None:
        """Four visits a week capped at one: a quarter of each kind, and all of anything else."""
        assert self.share(1.0) == [0.25, 0.25, 1, 1]

    def test_a_cap_of_nothing_stops_them_and_a_high_one_changes_nothing(self) -> None:
        assert self.share(0.0) == [0, 0, 1, 1]
        assert self.share(20.0) == [1, 1, 1, 1]

    def test_a_capped_plan_makes_visits_fall_due_that_often(self) -> None:
        contacts, rows = Contacts(People(200)), np.arange(200)
        contacts.adopt(
            Plans(red=Plan(police_per_week=2.0)), Staffing(Parameters().agencies, {"a": Team()}, Forms())
        )
        contacts.begin(rows, 0, np.linspace(0, 1, 201)[1:])
        for day in filter(Calendar(date(2010, 1, 4)).is_working, range(1, 365)):
            place, slot = contacts.look(day, rows)
            team = np.zeros(len(place), dtype=np.int64)
            gets = np.where(slot == POLICE, 0.25, 0.0)
            contacts.fall_due(day, place, slot, RED[place], team, gets)
        assert contacts.due / 200 / 52 == pytest.approx(0.5, rel=0.04)
