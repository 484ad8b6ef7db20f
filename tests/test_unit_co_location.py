"""What sitting together does, one mechanism at a time."""

from datetime import date

import numpy as np
import pytest

from simulation import IOMModel, Parameters, bands
from simulation.co_location import AGENCIES, WEEKDAYS, CoLocation, Form, Forms
from simulation.contact_plans import Plans
from simulation.contacts import Contacts
from simulation.engagement import Engagement, Trust
from simulation.information import Information, ways
from simulation.luck import Luck
from simulation.motivation import Motivation, MotivationRules
from simulation.people import People
from simulation.slots import AGENCY_OF, AT_HOME, DRUGS, POLICE, PRISON, PROBATION, SLOTS, VCS
from simulation.staffing import Agencies, Staffing, Team, Workers
from simulation.surgery import Surgery
from simulation.systems import RECORDS
from simulation.venue import Venue

MEMBERS = ("police", "probation", "drug_treatment")
MONDAY, TUESDAY, WEDNESDAY = range(3)
BARE = Form(news_delay_days=30)


def staffing(members: tuple[str, ...] = MEMBERS, *, form: str = "hub", **changes: object) -> Staffing:
    """Return a team in a form that does nothing but what is asked for."""
    place = {name: changes.pop(name) for name in CoLocation.model_fields if name in changes}
    forms = Forms(**{form: Form(**(BARE.model_dump() | changes))})
    return Staffing(Agencies(), {"a": Team(co_location={"form": form, "members": members, **place})}, forms)


def days(found: Staffing) -> dict[str, float]:
    _, way = ways(Information(), found)
    return dict(zip(RECORDS, way[0, 0].tolist(), strict=True))


def test_a_form_that_does_nothing_changes_nothing() -> None:
    apart, bare = staffing(form="virtual"), Staffing(Agencies(), {"a": Team()}, Forms())
    assert days(apart) == days(bare)
    assert np.array_equal(apart.footprint, bare.footprint)
    assert np.array_equal(apart.minutes - apart.upkeep, bare.minutes - bare.upkeep)
    assert apart.cost_gbp_a_year == bare.cost_gbp_a_year
    assert apart.set_up_gbp(bare) == bare.set_up_gbp(None) == 0


class TestVenue:
    every = np.arange(len(SLOTS))
    team = np.zeros(len(SLOTS), dtype=np.int64)

    def venue(self, **changes: object) -> Venue:
        found = staffing((*MEMBERS, "prison"), **changes)
        return Venue(found, Surgery(found, AGENCY_OF, AT_HOME))

    def test_the_venue_counts_at_members_appointments_there_only(self) -> None:
        venue = self.venue(attendance_log_odds=0.4, time_share=0.5, seen_there_share=0.5)
        added = venue.attendance(MONDAY, self.team, self.every)
        assert np.flatnonzero(added).tolist() == [PROBATION, PRISON, DRUGS]
        assert added[PROBATION] == pytest.approx(0.4 * 0.5 * 0.5)
        assert not self.venue().attendance(MONDAY, self.team, self.every).any()

    def test_a_place_that_puts_people_off_costs_attendance(self) -> None:
        added = self.venue(attendance_log_odds=-0.3).attendance(MONDAY, self.team, self.every)
        assert added.min() == pytest.approx(-0.3)
        assert added.max() == 0

    @pytest.mark.parametrize(("share", "moves"), [(0.1, 1), (-0.1, -1), (0.0, 0)])
    def test_an_appointment_at_the_place_builds_or_costs_trust(self, share: float, moves: int) -> None:
        trust = Trust(People(4), Luck(1, 0), Engagement(trust_at_outset=0.5, trust_spread=0.0))
        # Two appointments on a day count once; a visit at home and the voluntary sector's place not at all.
        who, slot = np.array([0, 0, 1, 2, 3]), np.array([PROBATION, DRUGS, DRUGS, POLICE, VCS])
        venue = self.venue(trust_per_appointment=share)
        venue.move_trust(trust, MONDAY, np.zeros(5, dtype=np.int64), who, slot)
        assert trust.level == pytest.approx([0.5 + 0.05 * moves] * 2 + [0.5] * 2)

    def test_on_surgery_days_and_only_then_the_place_is_a_surgery(self) -> None:
        venue = self.venue(attendance_log_odds=0.4, surgery_day="tuesday")
        added = [venue.attendance(day, self.team, self.every)[DRUGS] for day in range(5)]
        assert added == [0, 0.4, 0, 0, 0]


class TestMembership:
    def test_the_unwilling_stay_outside_a_police_station(self) -> None:
        members = ("police", "vcs")
        saved = {"travel_saved_share": 0.5, "news_delay_days": 0.0}
        shares = (1.0, 0.5, 0.0)
        found = [staffing(members, vcs_willing_share=share, **saved) for share in shares]
        assert [team.footprint[0, AGENCIES.index("vcs")] for team in found] == [55.5, 59.25, 63]
        assert [days(team)["vcs_record"] for team in found] == [2, 3.5, 5]
        # Police who are willing save what they did.
        assert len({team.footprint[0, 0] for team in found}) == 1

    def test_the_unvetted_save_nothing_there(self) -> None:
        found = staffing(("police", "probation", "vcs"), form="police_station", vetted_only=True)
        assert found.together[0].inside("vcs") == 0 < found.together[0].inside("probation")

    def test_whoever_sits_inside_hears_later_from_those_outside(self) -> None:
        silo, open_house = days(staffing(silo_days=2.0)), days(staffing())
        later = {name: silo[name] - open_house[name] for name in RECORDS}
        # Members hear later from their own houses, and police, who are to hear of it, from those outside.
        assert later == pytest.approx(dict.fromkeys(RECORDS, 2.0))
        assert days(staffing(silo_days=0.0)) == open_house
        half = days(staffing(silo_days=2.0, time_share=0.5))
        assert half["police_computer"] - open_house["police_computer"] == pytest.approx(1.0)

    def test_a_second_manager_takes_minutes_of_every_member_of_staff(self) -> None:
        found, half = staffing(supervision_minutes_a_week=30.0), staffing(
            supervision_minutes_a_week=30.0, time_share=0.5
        )  # fmt: skip
        by_post = dict(zip(AGENCIES, found.upkeep[0] / np.maximum(found.posts[0], 1), strict=True))
        assert {name for name, minutes in by_post.items() if minutes > 0} == set(MEMBERS)
        assert by_post["probation"] == pytest.approx(6.0)
        assert half.upkeep.sum() == pytest.approx(found.upkeep.sum() / 2)
        assert staffing().upkeep.sum() == 0

    def test_travel_is_saved_only_for_those_seen_at_the_place(self) -> None:
        shares = (0.0, 0.25, 1.0)
        found = [staffing(travel_saved_share=0.4, seen_there_share=share) for share in shares]
        saved = [staffing().footprint[0, 0] - team.footprint[0, 0] for team in found]
        assert saved == pytest.approx([0, 15 * 0.1, 15 * 0.4])

    def test_a_new_place_is_set_up_once(self) -> None:
        apart = Staffing(Agencies(), {"a": Team()}, Forms())
        hub, station = staffing(set_up_gbp=50_000.0), staffing(form="police_station", set_up_gbp=15_000.0)
        assert hub.set_up_gbp(None) == hub.set_up_gbp(apart) == 50_000
        assert hub.set_up_gbp(staffing(set_up_gbp=50_000.0, silo_days=1.0)) == apart.set_up_gbp(hub) == 0
        assert station.set_up_gbp(hub) == 15_000


class TestSurgeryDays:
    """Five people on two agencies' lists; a surgery on Tuesdays."""

    people = 5

    def contacts(self, **changes: object) -> Contacts:
        contacts = Contacts(People(self.people))
        contacts.adopt(Plans(), staffing(**{"surgery_day": "tuesday", **changes}))
        contacts.remaining[:, PROBATION] = 60
        contacts.remaining[:3, DRUGS] = 50
        return contacts

    def out(self, contacts: Contacts, weekday: int, minutes: float = 1000.0) -> set[tuple[int, str]]:
        left = np.full((1, len(AGENCIES)), minutes)
        rows, team = np.arange(self.people), np.zeros(self.people, dtype=np.int64)
        band = np.full(self.people, bands.AMBER, dtype=np.int8)
        made = contacts.fill(7 + weekday, left, rows, band, team, weekday=weekday)
        assert made.given.sum() <= minutes * len(AGENCIES) - left.sum() + 1e-9
        kept = [(int(who), SLOTS[slot].name) for who, slot in zip(made.person, made.slot, strict=True)]
        assert len(set(kept)) == len(kept)
        return set(kept)

    def test_appointments_due_together_wait_for_the_surgery_and_are_kept_together(self) -> None:
        contacts = self.contacts()
        assert self.out(contacts, MONDAY) == {(3, "probation"), (4, "probation")}
        expected = {(who, name) for who in range(3) for name in ("probation", "drug_treatment")}
        assert self.out(contacts, TUESDAY) == expected

    def test_what_the_surgery_has_no_minutes_for_is_not_booked(self) -> None:
        contacts = self.contacts(time_share=1 / 36)
        # Drug workers have 3,931 minutes a day, 546 of them for the surgery: two people of 250 minutes.
        contacts.remaining[:, DRUGS] = 250
        assert len({who for who, name in self.out(contacts, MONDAY) if name == "probation"}) == 3

    def test_on_the_day_itself_both_have_the_minutes_or_neither_is_kept(self) -> None:
        made = self.out(self.contacts(), TUESDAY, minutes=110.0)
        assert {(0, "probation"), (0, "drug_treatment")} <= made

    def test_without_a_minute_nothing_is_kept(self) -> None:
        assert self.out(self.contacts(), TUESDAY, minutes=0.0) == set()

    def test_nobody_waits_where_no_day_is_fixed_or_it_is_too_far_off(self) -> None:
        for changes in ({"surgery_day": "none"}, {"surgery_wait_days": 2}):
            assert len(self.out(self.contacts(**changes), WEDNESDAY)) == 8

    def test_whoever_comes_to_the_first_comes_to_all(self) -> None:
        surgery = self.contacts().surgery
        who, slot = np.array([0, 1, 0, 2]), np.array([DRUGS, PROBATION, PROBATION, POLICE])
        team = np.zeros(4, dtype=np.int64)
        there = np.ones(len(who), dtype=bool)
        first, several = surgery.answered(TUESDAY, team, who, slot, there)
        assert first.tolist() == [PROBATION, PROBATION, PROBATION, POLICE]
        assert several.tolist() == [True, False, True, False]
        assert not surgery.answered(WEDNESDAY, team, who, slot, there)[1].any()
        assert not surgery.answered(TUESDAY, team, who, slot, ~there)[1].any()

    def test_a_day_of_the_week_is_named(self) -> None:
        for place, name in enumerate(WEEKDAYS):
            assert staffing(surgery_day=name).together[0].surgery_weekday == place


def test_a_surgery_brings_more_people_to_their_appointments() -> None:
    """One year, everything else alike: of appointments with both agencies fewer are missed."""
    shares = []
    for day in ("none", "tuesday"):
        values = Parameters().model_dump()
        values["pool"] |= {"first_sanctions_per_year": 500, "history_years": 15}
        values["iom_start"], values["start"] = date(2009, 1, 1), date(2009, 4, 1)
        values["cohort"] |= {"sizing": "resources", "ceiling": 60}
        values["forms"]["hub"] |= {"surgery_day": day, "joint_visits": False}
        values["teams"]["area"]["co_location"] |= {"form": "hub", "members": MEMBERS}
        parameters = Parameters(**values)
        model = IOMModel(((parameters.iom_start, parameters),), years=0.25, strict=True).run()
        made, missed = (model.recorder.daily(f"contacts_{name}").sum() for name in ("made", "missed"))
        shares.append(missed / (made + missed))
    assert shares[1] < shares[0]


def test_where_an_agency_has_nobody_today_the_lead_goes() -> None:
    """Posts without minutes for the scheme, and posts that have ended, are nobody."""
    lead, team = np.array([PROBATION] * 3), np.zeros(3, dtype=np.int64)
    asked = np.array([PRISON, DRUGS, PROBATION])
    agencies = Agencies(drug_treatment=Workers(workers=12, iom_share=0.0))
    found = Staffing(agencies, {"a": Team()}, Forms())
    assert found.posts[0, DRUGS] > 0
    assert found.who_goes(team, asked, lead).tolist() == [PRISON, PROBATION, PROBATION]
    found.staffed[0, PRISON] = False
    assert found.who_goes(team, asked, lead).tolist() == [PROBATION, PROBATION, PROBATION]


def test_what_people_want_moves_every_contact() -> None:
    people, who = People(2000), np.arange(2000)
    motivation = Motivation(people, Luck(1, 0), MotivationRules(per_motivation=4.0))
    trust, nobody = Trust(people, Luck(1, 0), Engagement(), motivation), np.zeros(2000, dtype=bool)
    shares = []
    for level in (0.0, 1.0):
        motivation.level[:] = level
        there = trust.attends(
            Engagement(), who, np.zeros(2000, dtype=np.int64), base=np.zeros(2000), statutory=nobody
        )
        shares.append(there.mean())
    assert shares[0] < 0.2 < 0.8 < shares[1]
