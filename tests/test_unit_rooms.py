"""The rooms, one rule at a time."""

from datetime import date

import networkx as nx
import numpy as np
import pytest
from pydantic import ValidationError

from simulation import bands, leads, meetings, selection
from simulation.bands import Bands
from simulation.calendar import Calendar, years_later
from simulation.co_location import AGENCIES, CoLocation, Form, Forms, Together
from simulation.contact_plans import Plan, Plans
from simulation.contacts import Contacts
from simulation.information import Information, graph
from simulation.people import Column, People
from simulation.picture import Memory, Picture
from simulation.response import Response, answer
from simulation.slots import POLICE, PROBATION, SLOTS
from simulation.staffing import Agencies, Staffing, Team

PLACE = CoLocation(form="hub", members=("police", "probation"))


def days_between(place: CoLocation, one: str, other: str) -> float:
    staffing = Staffing(Agencies(), {"a": Team(co_location=place)}, Forms())
    network = graph(Information(), staffing, 0)
    return float(nx.shortest_path_length(network, one, other, weight="days"))


class TestInformation:
    def test_sitting_together_brings_news_sooner_between_members_only(self) -> None:
        apart = days_between(CoLocation(), "probation", "police")
        assert days_between(PLACE, "probation", "police") < apart
        assert days_between(PLACE, "vcs", "drug_treatment") == apart

    def test_part_of_the_week_together_lies_between(self) -> None:
        half = PLACE.model_copy(update={"time_share": 0.5})
        hub, apart = (days_between(place, "probation", "police") for place in (PLACE, CoLocation()))
        assert days_between(half, "probation", "police") == pytest.approx((hub + apart) / 2)

    def test_unvetted_staff_stay_outside_a_police_station(self) -> None:
        members = ("police", "probation", "vcs")
        assert Together(CoLocation(form="police_station", members=members), Forms()).members == members[:2]
        assert Together(CoLocation(form="hub", members=members), Forms()).members == members

    def test_an_older_move_does_not_undo_a_newer_one(self) -> None:
        picture = Picture(People(1), "team", Memory())
        who = np.array([0])
        picture.learn("release", who, np.array([9.0]), 10)
        picture.learn("reception", who, np.array([5.0]), 11)
        assert not picture.inside[0]


class TestCoLocation:
    def test_it_saves_members_travel_and_talk_and_costs_upkeep(self) -> None:
        apart = Staffing(Agencies(), {"a": Team()}, Forms())
        hub = Staffing(Agencies(), {"a": Team(co_location=PLACE)}, Forms())
        police, vcs = AGENCIES.index("police"), AGENCIES.index("vcs")
        assert hub.footprint[0, police] < apart.footprint[0, police]
        assert hub.footprint[0, vcs] == apart.footprint[0, vcs]
        monday = Calendar(date(2010, 1, 4))
        assert hub.opened(monday, 0)[0, police] < apart.opened(monday, 0)[0, police]
        assert hub.cost_gbp_a_year == pytest.approx(apart.cost_gbp_a_year + Forms().hub.premises_gbp_a_year)

    def test_posts_open_diaries_on_working_days_only(self) -> None:
        halves = {"a": Team(share=0.5), "b": Team(share=0.5)}
        staffing = Staffing(Agencies(probation={"officers": 10, "absence_share": 0.2}), halves, Forms())
        friday = Calendar(date(2010, 1, 8))
        probation = [staffing.opened(friday, day)[:, AGENCIES.index("probation")].tolist() for day in (0, 1)]
        assert probation == [[pytest.approx(5 * 0.8 * 420)] * 2, [0, 0]]

    def test_upkeep_grows_with_the_agencies_inside(self) -> None:
        three = CoLocation(form="hub", members=("police", "probation", "vcs"))
        assert (
            Together(three, Forms()).upkeep_minutes_a_week
            == 2 * Together(PLACE, Forms()).upkeep_minutes_a_week
        )

    def test_a_form_without_mechanisms_changes_nothing(self) -> None:
        forms = Forms().model_copy(update={"hub": Form(news_delay_days=30)})
        apart, hub = (
            Staffing(Agencies(), {"a": Team(co_location=place)}, forms) for place in (CoLocation(), PLACE)
        )
        assert np.array_equal(apart.footprint, hub.footprint)
        assert np.array_equal(apart.minutes - apart.upkeep, hub.minutes - hub.upkeep)


class TestBands:
    def test_scores_custody_and_thresholds_make_the_colour(self) -> None:
        rules = Bands()
        points = bands.score(rules, np.array([0.0, 3.0, 6.0, 6.0]), np.zeros(4), np.array([0.5] * 4))
        found = bands.colour(rules, points, np.array([False, False, False, True]))
        assert [bands.COLOURS[code] for code in found] == ["green", "amber", "red", "blue"]

    def test_gold_silver_and_bronze_are_local_names(self) -> None:
        names = {"red": "Gold", "amber": "Silver", "green": "Bronze"}
        dumped = Bands().model_dump()
        for colour, name in names.items():
            dumped[colour]["name"] = name
        rules = Bands(**dumped)
        assert [rules.local_name(colour) for colour in (*names, "blue")] == [
            "Gold",
            "Silver",
            "Bronze",
            "blue",
        ]

    def test_crossed_thresholds_are_refused(self) -> None:
        with pytest.raises(ValidationError, match="thresholds cross"):
            Bands(red={"from_score": 2.0}, amber={"from_score": 3.0})


class TestSelection:
    points = np.array([95.0, 85.0, 80.0, 60.0])
    carried = np.array([False, False, True, True])

    def test_by_threat_people_enter_above_one_score_and_leave_below_another(self) -> None:
        cohort = selection.Cohort(entry_score=90, exit_score=70)
        choice = selection.choose(cohort, self.points, self.carried, np.ones(4, dtype=bool))
        assert (choice.enter.tolist(), choice.leave.tolist()) == ([0], [3])

    def test_by_resources_the_ceiling_is_filled_by_score_and_those_carried_keep_an_edge(self) -> None:
        cohort = selection.Cohort(sizing="resources", ceiling=2, entry_score=90, exit_score=80)
        choice = selection.choose(cohort, self.points, self.carried, np.ones(4, dtype=bool))
        assert (choice.enter.tolist(), choice.leave.tolist()) == ([0], [3])  # 85 does not beat 80 + 10

    def test_whoever_is_not_eligible_leaves(self) -> None:
        cohort = selection.Cohort(entry_score=90, exit_score=50)
        eligible = np.array([False, True, True, False])
        choice = selection.choose(cohort, self.points, self.carried, eligible)
        assert (choice.enter.tolist(), choice.leave.tolist()) == ([], [3])


class TestMeetings:
    rows = np.array([10, 11, 12, 13])
    reviewed = np.array([5.0, 1.0, 9.0, 3.0])
    band = np.array([0, 1, 2, 1], dtype=np.int8)
    proposed = np.array([0, 2, 1, 1], dtype=np.int8)
    left_over = np.array([False, False, True, False])

    def agenda(self, order: str, minutes: float = 8.0) -> list[int]:
        meeting = meetings.Meeting(order=order, agenda_minutes=minutes, minutes_per_case=4)
        order = meetings.agenda(
            meeting, self.rows, reviewed=self.reviewed, band=self.band, proposed=self.proposed,
            left_over=self.left_over,
        )  # fmt: skip
        return order[: meeting.cases].tolist()

    def test_in_turn_the_longest_waiting_come_up(self) -> None:
        assert self.agenda("turn") == [1, 3]

    def test_by_exception_only_changes_come_up_worst_first(self) -> None:
        assert self.agenda("exception") == [1, 2]
        assert self.agenda("exception", minutes=4.0) == [1]

    def test_a_cycle_is_kept_whatever_weekday_the_scheme_began_on(self) -> None:
        review = meetings.Meeting(every_days=28)
        held = {}
        for weekday in range(7):
            calendar = Calendar(date(2010, 1, 4 + weekday))
            days = [meetings.is_due(review, day, calendar) for day in range(364)]
            held[weekday] = sum(days)
        assert set(held.values()) == {13}, held

    def test_a_full_round_of_438_at_four_minutes_takes_29_hours(self) -> None:
        meeting = meetings.Meeting(attending=("police",), minutes_per_case=4)
        assert meetings.minutes_taken(meeting, 438)[0] / 60 == pytest.approx(29.2)


class TestContacts:
    """Contacts fall due as often as the plan asks; two hundred people and one kind of contact."""

    def fall_due(self, contacts: Contacts, days: range, band: int) -> float:
        """Return contacts with police a person and week over working days."""
        calendar, rows, before = Calendar(date(2010, 1, 4)), np.arange(200), contacts.due
        for day in filter(calendar.is_working, days):
            who, slot = contacts.look(day, rows)
            bands_now, team = np.full(len(who), band, dtype=np.int8), np.zeros(len(who), dtype=np.int64)
            contacts.fall_due(day, who, slot, bands_now, team, np.ones(len(who), dtype=bool))
        return (contacts.due - before) / 200 / (len(days) / 7)

    def begun(self, plans: Plans) -> Contacts:
        contacts = Contacts(People(200))
        contacts.adopt(plans, Staffing(Agencies(), {"a": Team()}, Forms()))
        contacts.begin(np.arange(200), 0, np.linspace(0, 1, 201)[1:])
        return contacts

    @pytest.mark.parametrize("rate", [0.15, 1.0, 2.0, 3.0])
    def test_weekends_make_no_plan_thinner(self, rate: float) -> None:
        contacts = self.begun(Plans(red=Plan(police_per_week=rate)))
        assert self.fall_due(contacts, range(1, 729), bands.RED) == pytest.approx(rate, rel=0.04)

    def test_a_plan_that_cannot_be_kept_leaves_no_debt_to_a_lighter_one(self) -> None:
        contacts = self.begun(Plans(red=Plan(police_per_week=5.0), amber=Plan(police_per_week=1.0)))
        assert self.fall_due(contacts, range(1, 141), bands.RED) == pytest.approx(5, rel=0.1)
        contacts.replan(np.arange(200), np.full(200, bands.AMBER, dtype=np.int8), 140)
        assert self.fall_due(contacts, range(141, 169), bands.AMBER) < 1.6

    def test_what_the_next_one_overtakes_expires_and_a_band_that_does_not_ask_strikes_it_out(self) -> None:
        contacts = self.begun(Plans(red=Plan(police_per_week=1.0), green=Plan()))
        self.fall_due(contacts, range(1, 15), bands.RED)
        assert contacts.expired == 200
        contacts.replan(np.arange(200), np.full(200, bands.GREEN, dtype=np.int8), 15)
        assert not contacts.remaining.any()
        assert contacts.expired == 200


class TestFillingDiaries:
    """Three people with one contact each with police and probation; diaries of the first team."""

    def set_out(
        self, contacts: Contacts, day: int, band: list[int], **minutes: float
    ) -> list[tuple[int, str]]:
        """Return who is visited by whom on a day on which agencies have so many minutes."""
        left = np.array([[minutes.get(name, 0.0) for name in AGENCIES]])
        team = np.zeros(3, dtype=np.int64)
        made = contacts.fill(day, left, np.arange(3), np.array(band, dtype=np.int8), team)
        return [(person, SLOTS[slot].name) for person, slot in zip(made.person, made.slot, strict=True)]

    def begun(self, place: CoLocation, *, probation: bool = True) -> Contacts:
        contacts = Contacts(People(3))
        contacts.adopt(Plans(), Staffing(Agencies(), {"a": Team(co_location=place)}, Forms()))
        contacts.remaining[:, POLICE] = 50
        contacts.remaining[:, PROBATION] = 60 * probation
        return contacts

    def test_red_comes_before_amber_and_green_and_among_equals_the_longest_waiting(self) -> None:
        contacts = self.begun(CoLocation(), probation=False)
        contacts.due_since[:, POLICE] = [1, 3, 2]
        band = [bands.AMBER, bands.RED, bands.AMBER]
        found = [self.set_out(contacts, day, band, police=40) for day in (3, 4, 5, 6)]
        # Fifty minutes are more than a day's: what a day gave is kept, and the rest follows tomorrow.
        assert [[person for person, _ in day] for day in found] == [[], [1], [0], [2]]

    def test_members_visit_together_or_wait_some_days_and_then_go_alone(self) -> None:
        contacts, band = self.begun(PLACE), [bands.RED] * 3
        assert self.set_out(contacts, 0, band, police=50, probation=60) == [(0, "police"), (0, "probation")]
        assert self.set_out(contacts, 1, band, police=500) == []
        assert self.set_out(contacts, 2, band, police=500) == [(1, "police"), (2, "police")]

    def test_agencies_apart_go_alone_at_once(self) -> None:
        contacts = self.begun(CoLocation())
        assert self.set_out(contacts, 0, [bands.RED] * 3, police=50) == [(0, "police")]


class TestLeads:
    """Four people in one team; probation has nobody for the last, where a test says so."""

    cases = leads.Cases(
        statutory=np.array([True, False, False, True]),
        band=np.array([bands.RED, bands.RED, bands.GREEN, bands.AMBER], dtype=np.int8),
        drug_user=np.array([True, True, False, True]),
        woman=np.array([False, False, True, False]),
        unhoused=np.array([False, True, True, False]),
    )

    def led(self, rule: leads.Leads, *, now: str = "", **room: float) -> list[str]:
        nobody = np.full(4, -1 if not now else AGENCIES.index(now), dtype=np.int8)
        places = np.array([[room.get(name, 100.0) for name in AGENCIES]])
        team = np.zeros(4, dtype=np.int64)
        found = leads.lead_agency(rule, self.cases, team=team, now=nobody, room=places)
        return [AGENCIES[place] for place in found]

    def test_the_first_line_that_fits_decides(self) -> None:
        assert self.led(leads.Leads()) == ["probation", "police", "vcs", "probation"]

    def test_a_line_whose_agency_has_nobody_is_passed_over(self) -> None:
        assert self.led(leads.Leads(), probation=0) == ["police", "police", "vcs", "drug_treatment"]
        assert self.led(leads.Leads(), **dict.fromkeys(AGENCIES, 0.0)) == ["police"] * 4

    def test_lancashire_looks_at_the_band_before_supervision(self) -> None:
        lancashire = leads.Leads(
            first="band", red="police", amber="neighbourhood_police", drug_users="none", others="vcs"
        )
        assert self.led(lancashire) == ["police", "police", "vcs", "neighbourhood_police"]

    def test_needs_decide_where_neither_status_nor_band_does(self) -> None:
        by_need = leads.Leads(red="none", women="vcs", unhoused="neighbourhood_police")
        assert self.led(by_need) == ["probation", "drug_treatment", "vcs", "probation"]
        unhoused_first = leads.Leads(red="none", drug_users="none", unhoused="neighbourhood_police")
        assert self.led(unhoused_first)[1:3] == ["neighbourhood_police"] * 2

    def test_a_full_agency_keeps_whom_it_has_and_the_next_line_decides_on_the_others(self) -> None:
        assert self.led(leads.Leads(), probation=1) == ["probation", "police", "vcs", "drug_treatment"]
        assert self.led(leads.Leads(), now="probation", probation=2) == self.led(leads.Leads())

    def test_room_for_everybody_is_no_limit(self) -> None:
        assert self.led(leads.Leads(), probation=2) == self.led(leads.Leads())


@pytest.mark.parametrize("shape", ["linear", "saturating", "threshold"])
def test_every_shape_of_response_is_odd_and_gives_its_size_at_the_first_hour(shape: str) -> None:
    response = Response(shape=shape, log_odds_per_hour=0.2)
    hours = np.array([0.0, 1.0, -1.0, 3.0])
    none, one, harm, three = answer(response, hours)
    assert (none, one, harm) == pytest.approx((0.0, 0.2, -0.2))
    assert three >= one - 1e-12
    assert np.all(answer(response.model_copy(update={"log_odds_per_hour": 0.0}), hours) == 0)


def test_a_column_has_one_owner_and_others_only_read() -> None:
    people = People(3)
    mine = people.own(Column("band", "int8", "caseload", "band"))
    with pytest.raises(ValueError, match="already belongs to caseload"):
        people.own(Column("band", "int8", "meetings", "band"))
    view = people.read("band")
    mine[1] = 2
    assert view[1] == 2
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 1


def test_the_calendar_counts_the_first_day_and_not_the_end() -> None:
    calendar = Calendar(date(2010, 1, 1))
    assert calendar.day(date(2010, 1, 1)) == 0
    assert calendar.day(years_later(date(2010, 1, 1), 2)) == 730
    assert calendar.date(730) == date(2012, 1, 1)
    assert years_later(date(2008, 2, 29), 1) == date(2009, 2, 28)
    assert [calendar.is_working(day) for day in range(4)] == [True, False, False, True]  # a Friday
