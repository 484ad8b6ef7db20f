"""What is done about cases of people carried, with the rest of the model held still."""

from datetime import date

import numpy as np
import pytest
import simpy

from simulation.at_court import AtCourt, CourtRules
from simulation.calendar import Calendar
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES
from simulation.contacts import Contacts
from simulation.dealing import Dealing
from simulation.deskwork import CASE_FILE, COURT_REPORT, Desk, Deskwork
from simulation.luck import Luck
from simulation.offences import NAMES
from simulation.people import People
from simulation.recorder import Recorder
from simulation.sentencing import CUSTODY, ORDER, Bench, Sentencing
from tests.standing_still import partnership

N = 400
FRIDAY = Calendar(date(2010, 1, 1))
THURSDAY = 3


class Scheme:
    """A scheme that carries everybody but the last ten of 400 people, and has all the minutes it needs."""

    def __init__(self, knows: float = 1.0, **rules: object) -> None:
        self.env, people, luck = simpy.Environment(), People(N), Luck(1, 0)
        self.recorder = Recorder(800, keep_events=True)
        self.caseload = Caseload(people, luck, self.recorder, np.ones(1))
        self.caseload.carried[:-10], self.caseload.lead[:] = True, 0
        self.desk = Deskwork(self.caseload, self.recorder)
        self.desk.adopt(Desk())
        self.court = AtCourt(
            self.env, FRIDAY, people, luck, self.recorder, caseload=self.caseload,
            contacts=Contacts(people), desk=self.desk, knows=lambda person: knows,
        )  # fmt: skip
        self.court.adopt(CourtRules(**rules))  # type: ignore[arg-type]

    def work(self, day: int, minutes: float = 1e6) -> np.ndarray:
        """Do the desk work of a day, take it in, and return the minutes left to each agency."""
        left = np.full((1, len(AGENCIES)), minutes)
        self.desk.fill(day, left, urgent=False)
        self.court.done(self.desk.done(), day + 1)
        return left[0]

    def total(self, name: str) -> float:
        return float(self.recorder.daily(name).sum())


class TestSessions:
    def days(self, adjourned: float = 40.0, **sessions: object) -> np.ndarray:
        scheme = Scheme(sessions=sessions)
        scheme.env.run(10.4)
        return np.array([scheme.court.days_to_court(n, 0, 30.0 + adjourned, adjourned) for n in range(N)])

    def test_a_session_hears_cases_on_its_day_and_spares_adjournments(self) -> None:
        """Of 390 half are spared their adjournment; the spread is 10."""
        days = self.days(every_weeks=1)
        heard = np.floor(10.4 + days[:-10]).astype(int)
        assert {FRIDAY.weekday(day) for day in heard.tolist()} == {THURSDAY}
        assert 155 < (days[:-10] < 40).sum() < 235
        assert set(np.round(days[:-10]).tolist()) == {31, 73}
        assert (days[-10:] == 70).all()

    def test_sessions_every_other_week_are_two_weeks_apart(self) -> None:
        scheme = Scheme(sessions={"every_weeks": 2, "spared_share": 0.0})
        heard = {int(scheme.court.days_to_court(0, 0, float(days), 0.0)) for days in range(60)}
        assert set(np.diff(sorted(heard)).tolist()) == {14}

    def test_without_sessions_nothing_moves(self) -> None:
        assert (self.days() == 70).all()

    def test_a_session_that_spares_nothing_only_moves_the_day(self) -> None:
        days = self.days(every_weeks=1, spared_share=0.0)
        assert ((days[:-10] >= 70) & (days[:-10] < 77)).all()


class TestPremium:
    def charged(self, minutes: float = 1e6, **premium: object) -> tuple[float, Scheme]:
        """Return the day of a charge that would come on day 60.3, and the scheme."""
        scheme, came = Scheme(premium=premium), []

        def case():  # type: ignore[no-untyped-def]
            charge = scheme.env.timeout(60.3)
            sooner = scheme.court.hastened(0, 0, 60.3)
            yield charge if sooner is None else charge | sooner
            came.append(scheme.env.now)

        scheme.env.process(case())
        scheme.env.run(1)
        scheme.work(0, minutes)
        scheme.env.run(100)
        return came[0], scheme

    def test_a_ready_file_brings_the_charge_forward(self) -> None:
        day, scheme = self.charged(saved_share=0.5)
        assert day == pytest.approx(30.3)
        assert scheme.total("charge_days_saved") == pytest.approx(30.0)

    def test_without_minutes_or_a_share_the_charge_comes_when_it_comes(self) -> None:
        assert self.charged(minutes=0.0, saved_share=0.5)[0] == 60.3
        day, scheme = self.charged()
        assert day == 60.3
        assert not len(scheme.desk.open.kind)

    def test_it_takes_the_police_and_nobody_else_minutes(self) -> None:
        scheme = Scheme(premium={"saved_share": 0.5, "file_minutes": 90})
        for person in range(N):
            scheme.court.hastened(person, 0, 60.3)
        assert set(scheme.desk.open.kind.tolist()) == {CASE_FILE}
        taken = 1e6 - scheme.work(0)
        assert taken.tolist() == [90 * (N - 10) * (name == "police") for name in AGENCIES]

    def test_a_file_on_somebody_who_has_left_is_forgotten(self) -> None:
        scheme = Scheme(premium={"saved_share": 0.5})
        scheme.court.hastened(0, 0, 60.3)
        scheme.caseload.carried[0] = False
        scheme.court.forget(scheme.caseload.carried)
        scheme.work(0)
        scheme.env.run(70)
        assert scheme.total("charge_days_saved") == 0


class TestReports:
    def leanings(self, knows: float = 1.0, minutes: float = 1e6, **reports: object) -> np.ndarray:
        scheme = Scheme(knows, reports={"share": 1.0, "log_odds": 0.4} | reports)
        for person in range(N):
            scheme.court.days_to_court(person, 0, 30.0, 0.0)
        scheme.work(0, minutes)
        self.scheme = scheme
        return np.array([scheme.court.leaning(person) for person in range(N)])

    def test_a_report_is_worth_what_the_team_knows_and_is_heard_once(self) -> None:
        assert self.leanings().tolist() == [0.4] * (N - 10) + [0.0] * 10
        assert self.scheme.court.leaning(0) == 0
        assert set(self.leanings(knows=0.5).tolist()) == {0.2, 0.0}
        assert not self.leanings(knows=0.0).any()

    def test_no_report_without_minutes_a_share_or_an_effect(self) -> None:
        assert not self.leanings(minutes=0.0).any()
        assert not self.leanings(share=0.0).any()
        assert not self.leanings(log_odds=0.0).any()
        assert self.scheme.total("court_reports") == N - 10

    def test_one_report_is_written_at_a_time(self) -> None:
        scheme = Scheme(reports={"share": 1.0})
        for number in range(3):
            scheme.court.days_to_court(0, number, 30.0, 0.0)
        assert scheme.desk.open.kind.tolist() == [COURT_REPORT]

    def test_a_report_on_somebody_who_has_left_is_not_heard(self) -> None:
        scheme = Scheme(reports={"share": 1.0})
        for person in (0, 1):
            scheme.court.days_to_court(person, 7, 30.0, 0.0)
        scheme.caseload.carried[0] = False
        scheme.court.forget(scheme.caseload.carried)
        scheme.work(0)
        assert [scheme.court.leaning(person) > 0 for person in (0, 1, 2)] == [False, True, False]
        scheme.court.days_to_court(2, 8, 30.0, 0.0)
        assert scheme.desk.open.person.tolist() == [2]

    @pytest.mark.parametrize("written", ["in time", "that day", "never"])
    def test_a_report_that_was_not_heard_is_no_use_to_the_next_case(self, written: str) -> None:
        scheme = Scheme(reports={"share": 1.0})
        court = scheme.court
        court.days_to_court(0, 7, 30.0, 0.0)
        if written == "in time":
            scheme.work(0)
        elif written == "that day":
            scheme.desk.fill(0, np.full((1, len(AGENCIES)), 1e6), urgent=False)
        # The end of another case leaves the report where it is.
        court.closed(0, 6)
        assert court._writing[0] or court._ready[0]
        court.closed(0, 7)
        court.done(scheme.desk.done(), 1)
        assert court.leaning(0) == 0
        assert not len(scheme.desk.open.kind)
        court.days_to_court(0, 8, 30.0, 0.0)
        scheme.work(1)
        assert court.leaning(0) > 0

    def test_every_case_that_comes_to_court_is_closed_convicted_or_not(self) -> None:
        works = partnership()
        justice, closed = works.world.justice, []
        works.at_court.closed = lambda person, number: closed.append((person, number))  # type: ignore[method-assign]
        works.world.record.leaves = np.full_like(works.world.record.leaves, np.inf)
        who, number = np.arange(20), np.full(20, 999)
        justice.detected(who, number, np.full(20, NAMES.index("theft")), np.ones(20))
        works.env.run(2500)
        assert {person for person, number in closed if number == 999} == set(range(20))

    def test_a_report_moves_sentences_from_custody_to_orders(self) -> None:
        bench = Bench(Sentencing())
        draws = {"length": np.full(1000, 0.5), "breach": np.ones(1000)}
        disposal = (np.arange(1000) + 0.5) / 1000

        def passed(leaning: float) -> np.ndarray:
            kind = NAMES.index("theft")
            case = bench.sentence(kind=kind, sanctions=20, disposal=disposal, leaning=leaning, **draws)
            return np.asarray(case.disposal)

        before, after, none = passed(0.0), passed(0.4), passed(0.0)
        spared = (before == CUSTODY) & (after != CUSTODY)
        assert spared.sum() > 50
        assert (after[spared] == ORDER).all()
        assert not ((before != CUSTODY) & (after == CUSTODY)).any()
        assert (none == before).all()

    def test_sentences_that_a_report_kept_from_custody_are_counted(self) -> None:
        def sentenced(leaning: float) -> tuple[np.ndarray, float]:
            works = partnership()
            justice = works.world.justice
            justice.dealing.leaning = lambda person: leaning  # type: ignore[method-assign]
            before = len(justice.sanctions)
            counted = float(justice.recorder.daily("custody_spared").sum())
            for person in (*range(80), *range(80), *range(80)):
                justice._sentence(person, NAMES.index("burglary_dwelling"), 0.0)
            passed = np.array([disposal for *_, disposal in justice.sanctions[before:]])
            return passed, float(justice.recorder.daily("custody_spared").sum()) - counted

        without, none = sentenced(0.0)
        leant, spared = sentenced(0.4)
        assert none == 0
        assert spared == ((without == CUSTODY) & (leant != CUSTODY)).sum() > 5


class TestCautions:
    THEFT, ROBBERY = NAMES.index("theft"), NAMES.index("robbery")

    @pytest.mark.parametrize("again", ["charged", "sentenced", "left alone"])
    def test_a_new_charge_or_sentence_breaks_conditions(self, again: str) -> None:
        scheme, kept = Scheme(cautions={"share": 1.0, "weeks": 4}), []

        def case(kind: int):  # type: ignore[no-untyped-def]
            kept.append((yield from scheme.court.diverted(0, 0, kind, proven=True)))

        scheme.env.process(case(self.THEFT))
        scheme.env.run(5)
        if again == "charged":
            scheme.env.process(case(self.ROBBERY))
        if again == "sentenced":
            scheme.court.leaning(0)
        scheme.env.run(40)
        assert kept == {"charged": [False, False], "sentenced": [False], "left alone": [True]}[again]


def test_without_a_partnership_nothing_is_done_for_a_case() -> None:
    dealing = Dealing()
    assert dealing.hastened(0, 0, 9.0) is None
    assert dealing.days_to_court(0, 0, 33.3, 12.0) == 33.3
    assert dealing.leaning(0) == 0
    with pytest.raises(StopIteration) as ended:
        next(dealing.diverted(0, 0, 0, proven=True))
    assert ended.value.value is False
