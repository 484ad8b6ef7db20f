"""Meetings, agendas and actions, in a world that stands still but for what the meeting does."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation import Parameters
from simulation.actions import Actions, ActionWork
from simulation.bands import RED
from simulation.calendar import Calendar
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES, CoLocation, Forms
from simulation.deskwork import ACTION, Desk, Deskwork
from simulation.information import KINDS, ORIGIN, Information, Kind
from simulation.luck import Luck
from simulation.meeting_room import MeetingRoom
from simulation.meetings import Meeting, agenda
from simulation.news import PLACE, News
from simulation.people import People
from simulation.recorder import Recorder
from simulation.selection import Choice, Cohort, reached
from simulation.staffing import Agencies, Staffing, Team

DAYS, PEOPLE = 360, 40
ALL = ("police", "probation", "drug_treatment")
MONDAY = date(2010, 1, 4)
HUB = CoLocation(form="hub", members=ALL)


def staffing(place: CoLocation | None = None) -> Staffing:
    return Staffing(Agencies(), {"a": Team(co_location=place or CoLocation())}, Forms())


class Still:
    """Decisions are noted and change nothing but the day of the last review."""

    def __init__(self, recorder: Recorder, cases_to_select: int = 0) -> None:
        self.caseload = Caseload(People(PEOPLE), Luck(1, 0), recorder, np.ones(1))
        self.caseload.carried[:] = True
        self.caseload.band[:] = 0
        self.caseload.reviewed[:] = -np.arange(PEOPLE)
        self.cases_to_select = cases_to_select
        self.selected: list[int] = []
        self.reviewed: list[int] = []
        self.told: list[tuple[str, ...]] = []
        self.able: list[tuple[str, ...]] = []
        self.awareness = SimpleNamespace(team=None, bring=self._bring, compare_lists=lambda day: None)
        self.actions = SimpleNamespace(give=self._give)
        # Whoever is chosen is chosen here as well.
        self.steering = self
        self.habits = SimpleNamespace(present=lambda attending, team, day: np.ones(len(AGENCIES), dtype=bool))

    def select(self, day: int, places: np.ndarray) -> np.ndarray:
        done = np.minimum(self.cases_to_select, places)
        self.selected.append(int(done.sum()))
        return done

    def colour(self, picture: Any, rows: np.ndarray) -> np.ndarray:
        return np.full(len(rows), RED, dtype=np.int8)

    def set_bands(self, who: np.ndarray, day: int, *, reviewed: bool) -> None:
        self.reviewed.append(len(who))
        self.caseload.reviewed[who] = day

    def follow(self, who: np.ndarray, day: int) -> None:
        pass

    def _bring(self, day: int, who: np.ndarray, able: np.ndarray) -> int:
        self.told.append(tuple(np.array(AGENCIES)[able]))
        return 0

    def _give(self, meeting: Meeting, who: np.ndarray, able: np.ndarray, day: int) -> None:
        self.able.append(tuple(np.array(AGENCIES)[able]))


def year(
    table: dict[str, Meeting], *, place: CoLocation | None = None, cases_to_select: int = 0
) -> tuple[Still, np.ndarray]:
    """Return the decisions of a year of meetings, and the minutes they took of each agency."""
    calendar, recorder = Calendar(MONDAY), Recorder(DAYS, keep_events=False)
    steering, staff = Still(recorder, cases_to_select), staffing(place)
    room = MeetingRoom(calendar, Luck(1, 0), recorder, steering)
    if not any("selection" in meeting.purposes for meeting in table.values()):
        table = table | {"selection": Meeting(purposes=("selection",), minutes_per_case=0)}
    room.adopt(Parameters(meetings=table), staff)
    taken = np.zeros(len(AGENCIES))
    for day in range(DAYS):
        left = staff.opened(calendar, day)
        before = left.copy()
        room.meet(day, left)
        taken += (before - left)[0]
    assert recorder.daily("meeting_minutes").sum() == pytest.approx(taken.sum())
    return steering, taken


SEPARATE = {
    "selection": Meeting(purposes=("selection",), every_days=14, opening_minutes=15, minutes_per_case=0),
    "review": Meeting(every_days=14, opening_minutes=15, agenda_minutes=80),
}  # fmt: skip
MERGED = {
    "selection": Meeting(purposes=(), every_days=14),
    "review": Meeting(
        purposes=("selection", "review"), every_days=14, opening_minutes=15, agenda_minutes=80
    ),
}  # fmt: skip


class TestHolding:
    def test_merging_saves_the_opening_and_a_full_agenda_drops_cases(self) -> None:
        two, minutes_of_two = year(SEPARATE, place=HUB, cases_to_select=5)
        one, minutes_of_one = year(MERGED, place=HUB, cases_to_select=5)
        held = len(two.reviewed)
        assert minutes_of_two.sum() - minutes_of_one.sum() == 15 * len(ALL) * held
        assert set(two.reviewed) == {20}
        assert set(one.reviewed[1:]) == {15}
        assert set(one.selected[1:]) == set(two.selected[1:]) == {5}

    def test_agencies_that_sit_together_do_not_travel_to_it(self) -> None:
        table = {"review": Meeting(travel_minutes=30, agenda_minutes=0)}
        _, apart = year(table)
        _, together = year(table, place=HUB)
        assert apart[AGENCIES.index("police")] == 30 * 13
        assert not together.any()

    def test_a_meeting_that_is_for_nothing_is_not_held(self) -> None:
        steering, taken = year({"review": Meeting(purposes=())})
        assert not taken.any()
        assert not steering.reviewed

    @pytest.mark.parametrize(("opening", "held"), [(15.0, False), (0.0, True)])
    def test_a_team_without_a_minute_meets_only_where_that_takes_no_time(
        self, opening: float, held: bool
    ) -> None:
        steering = Still(recorder := Recorder(DAYS, keep_events=False), 5)
        room = MeetingRoom(Calendar(MONDAY), Luck(1, 0), recorder, steering)
        meeting = Meeting(purposes=("selection",), opening_minutes=opening, minutes_per_case=0)
        room.adopt(Parameters(meetings={"selection": meeting}), staffing(HUB))
        for day in range(DAYS):
            room.meet(day, np.zeros((1, len(AGENCIES))))
        # The first list is drawn up before there is a meeting.
        assert (sum(steering.selected[1:]) > 0) is held

    def test_an_agenda_of_no_minutes_gets_to_nobody(self) -> None:
        steering, taken = year({"review": Meeting(agenda_minutes=0)})
        assert steering.reviewed == []
        assert not taken.any()


class TestAttendance:
    daily = Meeting(
        purposes=("review", "sharing", "tasking"), every_days=1, order="exception", agenda_minutes=20
    )

    def test_absent_agencies_give_no_minutes_bring_no_news_and_take_no_actions(self) -> None:
        always, minutes = year({"daily": self.daily})
        half, minutes_of_half = year({"daily": self.daily.model_copy(update={"attendance_share": 0.5})})
        assert set(always.told) == set(always.able) == {ALL}
        assert half.told == half.able
        assert {len(present) for present in half.able} == {1, 2, 3}
        # Three standard errors of half of the days for each of three agencies.
        assert minutes_of_half.sum() / minutes.sum() == pytest.approx(0.5, abs=3 * 0.5 / np.sqrt(3 * 257))

    def test_a_meeting_to_which_nobody_comes_is_not_held(self) -> None:
        never = {
            name: meeting.model_copy(update={"attendance_share": 0.0}) for name, meeting in SEPARATE.items()
        }
        steering, taken = year(never, cases_to_select=5)
        assert not taken.any()
        assert steering.reviewed == []
        assert sum(steering.selected[1:]) == 0  # the first is the scheme's beginning


waits = st.integers(min_value=0, max_value=60)


@settings(max_examples=60, deadline=None)
@given(
    wrong_from=st.lists(st.tuples(waits, st.integers(1, 2)), min_size=1, max_size=25),
    order=st.sampled_from(["turn", "exception"]),
    every=st.integers(1, 20),
    minutes=st.integers(0, 40),
    more=st.integers(1, 40),
    left_over_first=st.booleans(),
)
def test_a_longer_agenda_never_lengthens_the_wait_for_a_review(
    wrong_from: list[tuple[int, int]], order: str, every: int, minutes: int, more: int, left_over_first: bool
) -> None:
    """Bands called for from given days on, and nothing else moves."""
    shorter, longer = (
        _wait(
            Meeting(order=order, every_days=every, agenda_minutes=length, left_over_first=left_over_first),
            np.array([since for since, _ in wrong_from]),
            np.array([band for _, band in wrong_from], dtype=np.int8),
        )
        for length in (minutes, minutes + more)
    )
    assert longer <= shorter


def _wait(meeting: Meeting, since: np.ndarray, called_for: np.ndarray) -> float:
    """Return person-days until bands are set by exception, or since they were last set in turn."""
    rows = np.arange(len(since))
    reviewed, band = -rows.astype(float), np.zeros(len(rows), dtype=np.int8)
    left_over = np.zeros(len(rows), dtype=bool)
    waited = 0.0
    for day in range(120):
        if day % meeting.every_days == 0:
            proposed = np.where(since <= day, called_for, 0).astype(np.int8)
            order = agenda(
                meeting, rows, reviewed=reviewed, band=band, proposed=proposed, left_over=left_over
            )
            who, fallen = order[: meeting.cases], order[meeting.cases :]
            band[who], reviewed[who] = proposed[who], day
            left_over[:] = False
            left_over[fallen] = True
        wrong = (since <= day) & (band != called_for)
        waited += float((day - reviewed).sum() if meeting.order == "turn" else wrong.sum())
    return waited


def test_what_fell_off_comes_first_by_rule() -> None:
    rows, nobody = np.arange(3), np.zeros(3)
    band, proposed = np.zeros(3, dtype=np.int8), np.array([1, 2, 1], dtype=np.int8)
    fell = np.array([False, False, True])
    found = {
        rule: agenda(
            Meeting(order="exception", left_over_first=rule), rows, reviewed=nobody, band=band,
            proposed=proposed, left_over=fell,
        ).tolist()
        for rule in (False, True)
    }  # fmt: skip
    assert found == {False: [1, 0, 2], True: [2, 1, 0]}


class TestSelectionAgenda:
    choice = Choice(enter=np.array([0, 1, 2]), leave=np.array([3, 4]))
    points = np.array([90.0, 99.0, 95.0, 10.0, 10.0])
    team = np.zeros(5, dtype=np.int64)

    def test_a_full_agenda_takes_those_who_leave_first_and_then_the_highest_scores(self) -> None:
        cut = reached(Cohort(), self.choice, self.points, self.team, np.array([4]), 100)
        assert (cut.enter.tolist(), cut.leave.tolist()) == ([1, 2], [3, 4])

    def test_nobody_enters_a_place_that_nobody_has_left(self) -> None:
        full = Cohort(sizing="resources", ceiling=100)
        cut = reached(full, self.choice, self.points, self.team, np.array([1]), 100)
        assert (cut.enter.tolist(), cut.leave.tolist()) == ([], [3])

    def test_an_agenda_long_enough_changes_nothing(self) -> None:
        assert reached(Cohort(), self.choice, self.points, self.team, np.array([5]), 100) is self.choice


class TestSharing:
    def news(self) -> News:
        caseload = Caseload(People(3), Luck(1, 0), Recorder(30, keep_events=False), np.ones(1))
        news = News(caseload, Luck(1, 0))
        news.adopt(Information(), staffing())
        news.arrived(9)
        kinds: list[Kind] = ["arrest", "arrest", "sanction"]
        code = np.array([KINDS.index(kind) for kind in kinds])
        records = np.array([PLACE[ORIGIN[kind]] for kind in kinds])
        news.post(code, np.array([0, 1, 0]), np.full(3, 9.2), records)
        return news

    def present(self, *agencies: str) -> np.ndarray:
        return np.array([agency in agencies for agency in AGENCIES])

    def test_what_an_agency_knows_is_told_at_the_meeting(self) -> None:
        news = self.news()
        told = news.brought(10, np.array([0]), self.present(*ALL))
        # Probation has not heard of the sentence itself yet.
        assert [(kind, pieces["person"].tolist()) for kind, pieces in told] == [("arrest", [0])]
        days = range(10, 30)
        later = [(kind, pieces["person"].tolist()) for day in days for kind, pieces in news.arrived(day)]
        assert later == [("arrest", [1]), ("sanction", [0])]

    def test_nobody_tells_what_only_an_absent_agency_knows(self) -> None:
        assert self.news().brought(10, np.array([0, 1]), self.present("probation")) == []


class TestActions:
    meeting = Meeting(purposes=("tasking",), action_share=0.5, action_days=7)

    def given(self, meeting: Meeting, *able: str) -> tuple[Actions, Recorder]:
        recorder, people = Recorder(DAYS, keep_events=False), People(400)
        caseload = Caseload(people, Luck(1, 0), recorder, np.ones(1))
        desk = Deskwork(caseload, recorder)
        desk.adopt(Desk())
        actions = Actions(Luck(1, 0), recorder, desk, 400)
        actions.adopt(ActionWork())
        actions.give(meeting, np.arange(400), np.array([name in able for name in AGENCIES]), 0)
        return actions, recorder

    def test_actions_are_raised_by_their_chance(self) -> None:
        _, recorder = self.given(self.meeting, *ALL)
        # Three standard errors of half of 400.
        assert recorder.daily("actions_raised").sum() == pytest.approx(200, abs=30)
        for share, number in ((0.0, 0), (1.0, 400)):
            certain = self.meeting.model_copy(update={"action_share": share})
            assert self.given(certain, *ALL)[1].daily("actions_raised").sum() == number

    def test_only_agencies_at_the_table_take_them_and_share_them_out(self) -> None:
        actions, _ = self.given(self.meeting, "police", "vcs")
        takers = np.bincount(actions.desk.open.agency, minlength=len(AGENCIES))
        assert {AGENCIES[place] for place in np.flatnonzero(takers)} == {"police", "vcs"}
        assert takers.max() < 0.7 * takers.sum()
        assert not len(self.given(self.meeting)[0].desk.open.kind)

    def test_they_take_minutes_and_are_done_late_or_dropped_without_them(self) -> None:
        actions, recorder = self.given(self.meeting, "police")
        posted = len(actions.desk.open.kind)
        left = np.zeros((1, len(AGENCIES)))
        left[0, AGENCIES.index("police")] = 50 * 10 + 20
        actions.desk.fill(3, left, urgent=False)
        assert not left.any()
        actions.done(actions.desk.done().of(ACTION), 4)
        left[0, AGENCIES.index("police")] = 30 + 50 * 4
        actions.desk.fill(8, left, urgent=True)
        looked_up, arranged = actions.done(actions.desk.done().of(ACTION), 9)
        assert (len(looked_up), len(arranged.person)) == (5, 0)
        actions.lapse(36)
        total = {
            name: recorder.daily(name).sum() for name in ("actions_done", "actions_in_time", "actions_lapsed")
        }
        assert total == {"actions_done": 15, "actions_in_time": 10, "actions_lapsed": posted - 15}
