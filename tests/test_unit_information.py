"""News: what it takes to reach a team, what is lost on the way, and what finds it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.awareness import Awareness
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES, CoLocation, Form, Forms
from simulation.desk import LookUps
from simulation.information import KINDS, ORIGIN, Information, Kind, ways
from simulation.luck import Luck
from simulation.news import PLACE, News
from simulation.people import People
from simulation.recorder import Recorder
from simulation.staffing import Agencies, Staffing, Team
from simulation.systems import RECORDS, System, Systems

COUNT = 60
HUB = CoLocation(form="hub", members=("police", "probation"))


def staffing(systems: Systems | None = None, place: CoLocation | None = None, **form: object) -> Staffing:
    forms = Forms(hub=Form(**(Forms().hub.model_dump() | form)))
    return Staffing(Agencies(), {"a": Team(co_location=place or CoLocation())}, forms, systems)


def days(
    record: System, information: Information | None = None, systems: Systems | None = None,
    place: CoLocation | None = None, **form: object,
) -> float:  # fmt: skip
    """Return the days from a record to the team's picture, where nothing is dropped."""
    _, found = ways(information or Information(), staffing(systems, place, **form))
    return float(found[0, 0, PLACE[record]])


def post(news: News, kind: Kind, who: np.ndarray, time: float) -> int:
    """Send one piece about each person, written where its kind is written."""
    codes, records = np.full((2, len(who)), [[KINDS.index(kind)], [PLACE[ORIGIN[kind]]]])
    return news.post(codes, who, np.full(len(who), time), records)


class Known:
    """Sixty people carried by one team, and the news about them."""

    def __init__(self, information: Information | None = None, systems: Systems | None = None) -> None:
        people, luck = People(COUNT), Luck(1, 0)
        self.recorder = Recorder(400, keep_events=False)
        self.caseload = Caseload(people, luck, self.recorder, np.ones(1))
        self.caseload.carried[:] = True
        self.news = News(self.caseload, luck)
        self.news.adopt(information or Information(), staffing(systems))
        self.people = people

    def post(self, kind: Kind, who: np.ndarray, time: float) -> int:
        return post(self.news, kind, who, time)

    def known(self, until: int, compared: int = 0) -> dict[int, int]:
        """Return the morning on which each person's news is known; lists are compared on one of them."""
        found = {}
        for day in range(until):
            if day == compared:
                self.news.find(self.news.lost(), day)
            for _, pieces in self.news.arrived(day):
                found |= dict.fromkeys(pieces["person"].tolist(), day)
        return found


EVERYBODY = np.arange(COUNT)


class TestProtocol:
    def test_without_a_protocol_news_is_slow_or_does_not_come(self) -> None:
        signed = Information(protocol=("police", "probation"))
        refused = signed.model_copy(update={"without_protocol": "none"})
        assert days("prison_record", signed) == 3 + 14 + 1 > days("prison_record") == 3 + 3 + 1
        assert days("prison_record", refused) == np.inf
        assert days("probation_record", signed) == days("probation_record")

    def test_sitting_together_does_not_replace_it(self) -> None:
        alone = Information(protocol=("police",))
        assert days("probation_record", place=HUB) < days("probation_record")
        assert days("probation_record", alone, place=HUB) == days("probation_record", alone)

    def test_no_delay_without_one_is_as_good_as_one(self) -> None:
        unneeded = Information(protocol=(), without_protocol_days=0)
        assert days("vcs_record", unneeded) == days("vcs_record")


class TestSystems:
    def test_every_system_typed_into_takes_minutes(self) -> None:
        footprint = [
            Staffing(Agencies(police={"officers": 1, "systems": number}), {"a": Team()}, Forms()).footprint[
                0, 0
            ]
            for number in (0, 1, 2, 17)
        ]
        assert np.diff(footprint).tolist() == [8, 8, 120]

    def test_a_shared_record_serves_only_those_with_access(self) -> None:
        shared = Systems(shared_record={"members": ("police", "probation")})
        assert days("court_record", systems=shared) == 4 + 0.5 < days("court_record")
        # Without access one still has to tell somebody who enters it.
        assert days("vcs_record", systems=shared) == 1 + 3 + 0.5
        assert [shared.typed(agency, 3) for agency in ("probation", "vcs")] == [4, 3]
        once = Systems(shared_record={"members": ("police", "probation"), "double_entry": False})
        assert [once.typed(agency, 3) for agency in ("probation", "vcs")] == [1, 3]

    def test_a_shared_record_nobody_can_open_changes_and_costs_nothing(self) -> None:
        assert staffing().set_up_gbp(None) == 0
        assert (
            staffing().cost_gbp_a_year == staffing(Systems(shared_record={"set_up_gbp": 0})).cost_gbp_a_year
        )
        shared = staffing(Systems(shared_record={"members": ("police",)}))
        assert shared.set_up_gbp(staffing()) == 700_000
        assert shared.set_up_gbp(shared) == 0
        assert shared.cost_gbp_a_year == staffing().cost_gbp_a_year + 50_000

    def test_a_download_brings_arrests_the_next_morning(self) -> None:
        daily = Systems(police_computer={"arrests": "daily"})
        team = Known(systems=daily)
        team.post("arrest", EVERYBODY, 3.5)
        assert set(team.known(20).values()) == {4}
        # What is slower by the police computer goes as before.
        assert days("court_record", systems=daily) == 7 < days("court_record") == 8
        late = Systems(police_computer={"arrests": "daily", "court_days": 60, "prison_days": 60})
        assert days("court_record", systems=late) == days("court_record")

    def test_an_arrest_nobody_tells_waits_until_lists_are_compared(self) -> None:
        team = Known(systems=Systems(police_computer={"arrests": "looked_up"}))
        assert team.post("arrest", EVERYBODY, 3.5) == COUNT
        assert set(team.known(30, compared=14).values()) == {14}

    def test_access_to_a_record_brings_what_is_in_it_sooner(self) -> None:
        access = Systems(court_record={"read_by": ("police",)})
        assert days("court_record", systems=access) == 1 + 1
        assert days("prison_record", systems=access) == days("prison_record")
        slow = Systems(court_record={"read_by": ("police",), "read_days": 30})
        assert days("court_record", systems=slow) == days("court_record")
        own = Systems(prison_record={"read_by": ("prison",), "read_days": 0})
        assert days("prison_record", systems=own) == days("prison_record") - 3


class TestFidelity:
    def test_what_is_dropped_is_found_when_lists_are_compared(self) -> None:
        shares = {}
        for kept in (0.0, 0.5, 1.0):
            team = Known(Information(kept_share=kept))
            lost = team.post("release", EVERYBODY, 2.35)
            known = team.known(60, compared=40)
            assert len(known) == COUNT
            assert lost == sum(day == 40 for day in known.values())
            shares[kept] = lost / COUNT
        assert (shares[0.0], shares[1.0]) == (1, 0)
        assert 0.3 < shares[0.5] < 0.7

    def test_arrests_reach_the_police_whatever_agencies_drop(self) -> None:
        assert Known(Information(kept_share=0)).post("arrest", EVERYBODY, 0.5) == 0

    def test_a_shared_record_drops_nothing(self) -> None:
        shared = Systems(shared_record={"members": ("prison",)})
        assert Known(Information(kept_share=0), shared).post("release", EVERYBODY, 0.35) == 0

    def test_beside_one_another_nobody_forgets(self) -> None:
        for share, lost in ((1.0, False), (0.5, True)):
            place = HUB.model_copy(update={"members": ("police", "prison"), "time_share": share})
            kept, _ = ways(Information(kept_share=0.2), staffing(place=place))
            assert ((share + 0.2 * (1 - share)) in kept) is True
            assert (len(kept) > 2) is lost

    def test_a_piece_kept_at_a_share_is_kept_at_any_larger_one(self) -> None:
        known = []
        for kept in (0.2, 0.5, 0.8):
            team = Known(Information(kept_share=kept))
            team.post("sanction", EVERYBODY, 0.5)
            known.append({person for person, day in team.known(30).items() if day})
        assert known[0] < known[1] < known[2]


DELAYS = ("between_agencies_days", "arrest_days", "court_result_days", "prison_days", "appointment_days",
          "lead_to_meeting_days", "without_protocol_days")  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    which=st.sampled_from(DELAYS),
    first=st.fixed_dictionaries({name: st.floats(0, 20) for name in DELAYS}),
    more=st.floats(0, 10),
    kept=st.floats(0, 1),
    signed=st.sets(st.sampled_from(AGENCIES)),
    shared=st.sets(st.sampled_from(AGENCIES)),
    together=st.booleans(),
)
def test_a_longer_delay_never_shortens_any_news(
    which: str, first: dict[str, float], more: float, kept: float, signed: set[str], shared: set[str],
    together: bool,
) -> None:  # fmt: skip
    """Whatever is signed, shared or dropped, each piece of news comes as early or later."""
    systems = Systems(shared_record={"members": tuple(sorted(shared))})
    place = HUB if together else CoLocation()
    due = []
    for longer in (0.0, more):
        values = first | {which: first[which] + longer, "kept_share": kept, "protocol": tuple(sorted(signed))}
        news = Known().news
        news.adopt(Information(**values), staffing(systems, place))
        for kind in KINDS:
            post(news, kind, EVERYBODY, 0.4)
        due.append(news.outstanding["due"])
    assert (due[1] >= due[0]).all()


class TestDesk:
    def worked(self, databases: int, officers: int = 1, days: int = 10) -> Known:
        systems = Systems(desk={"officers": officers, "databases": databases, "minutes_a_day": 60})
        team = Known(systems=systems)
        self.desk = LookUps(team.people, team.caseload, team.recorder, team.news)
        self.desk.adopt(staffing(systems))
        for day in range(days):
            self.desk.work(day)
        return team

    def test_fewer_databases_bring_everybodys_turn_round_sooner(self) -> None:
        looked_up = {n: self.worked(n).recorder.daily("look_ups").sum() for n in (3, 17, 50)}
        # Sixty minutes a day for ten days, at six, 34 and 100 minutes a person.
        assert looked_up == {3: 100, 17: 17, 50: 6}

    def test_everyone_is_looked_up_before_anybody_is_again(self) -> None:
        self.worked(3, days=6)
        assert (self.desk.looked_up >= 0).all()

    def test_with_nothing_to_search_all_are_found_and_without_officers_nobody_is(self) -> None:
        assert self.worked(0).recorder.daily("look_ups").sum() == 10 * COUNT
        assert self.worked(3, officers=0).recorder.daily("look_ups").sum() == 0

    def test_a_look_up_finds_what_is_on_its_way_and_what_is_lost(self) -> None:
        team = self.worked(3, days=0)
        team.news.adopt(Information(kept_share=0), staffing())
        team.post("release", EVERYBODY, 0.35)
        assert team.news.lost().all()
        self.desk.work(1)
        assert sorted(team.known(3, compared=-1)) == list(range(10))

    def test_an_agency_that_tells_the_desk_is_heard_sooner(self) -> None:
        desk = Systems(desk={"officers": 1, "members": ("prison",)})
        assert days("prison_record", systems=desk) == 3 + 1 < days("prison_record")
        assert days("vcs_record", systems=desk) == days("vcs_record")
        nobody = Systems(desk={"officers": 0, "members": ("prison",)})
        assert days("prison_record", systems=nobody) == days("prison_record")


class TestFeedback:
    def corrected(self, said: float, found_out: float) -> set[int]:
        """Return who is known of the next morning: the first half were seen, the others were elsewhere."""
        information = Information(
            kept_share=0, told_at_contact_share=said, found_out_share=found_out, lead_to_meeting_days=30
        )
        team = Known(information)
        awareness = object.__new__(Awareness)
        awareness.news, awareness.luck, awareness.information = team.news, Luck(1, 0), information
        team.post("arrest", EVERYBODY, 0.5)
        team.post("reception", EVERYBODY, 0.5)
        seen = EVERYBODY < COUNT // 2
        awareness.correct(1, EVERYBODY, np.ones(COUNT, dtype=int), seen=seen, astray=~seen)
        self.kinds = {kind for kind, _ in team.news.arrived(2)}
        return set(team.news.outstanding["person"].tolist()) ^ set(EVERYBODY.tolist())

    def test_contacts_correct_the_picture_of_those_they_are_about(self) -> None:
        assert self.corrected(1.0, 0.0) == set(range(COUNT // 2))
        assert self.kinds == {"arrest", "reception"}
        some = self.corrected(0.5, 0.0)
        assert 0 < len(some) < COUNT // 2

    def test_a_visit_to_the_wrong_place_finds_out_where_somebody_is_and_no_more(self) -> None:
        assert self.corrected(0.0, 1.0) == set()  # the arrest remains unknown
        assert self.kinds == {"reception"}

    def test_without_feedback_nothing_is_corrected(self) -> None:
        self.corrected(0.0, 0.0)
        assert self.kinds == set()


def test_every_kind_of_news_starts_in_a_record_and_every_agency_writes_one() -> None:
    assert set(ORIGIN) == set(KINDS)
    assert set(ORIGIN.values()) <= set(RECORDS)


@pytest.mark.parametrize("record", RECORDS)
def test_news_reaches_a_team_from_every_record(record: System) -> None:
    assert 0 < days(record) < 10
