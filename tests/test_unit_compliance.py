"""What is done so that people come, and what follows when they do not; each room by itself."""

import numpy as np
import pytest
import simpy

from simulation import bands
from simulation.capacity import Places
from simulation.caseload import Caseload
from simulation.cautions import CautionRules, Cautions
from simulation.co_location import AGENCIES, Forms
from simulation.compact import CompactRules, Compacts
from simulation.contact_plans import Plans
from simulation.contacts import Contacts
from simulation.drop_out import DropOutRules, DropOuts
from simulation.enforcement import Absences, Enforcement
from simulation.engagement import Engagement, Trust
from simulation.luck import Luck
from simulation.nightly import NightlyRules, NightlyVisits
from simulation.offences import NAMES
from simulation.outreach import Outreach, OutreachRules
from simulation.pathways import ATTENDING
from simulation.people import Column, People
from simulation.programmes import PATHWAYS
from simulation.recorder import Recorder
from simulation.reminders import ReminderRules, Reminders
from simulation.response import Dose, Response
from simulation.sanctions import SanctionRules, Sanctions
from simulation.slots import DISRUPTION, DRUGS, NEIGHBOURHOOD, POLICE, PROBATION, SLOTS
from simulation.staffing import Agencies, Staffing, Team
from tests.standing_still import counted, partnership

N = 400
ROWS = np.arange(N)
NOBODY, EVERYBODY = np.zeros(N, dtype=bool), np.ones(N, dtype=bool)
ALWAYS, NEVER = 8.0, -4.0


class Office:
    """A team with 400 people, all in red, in the community and led by drug workers."""

    def __init__(self) -> None:
        self.people, self.luck = People(N), Luck(1, 0)
        self.recorder = Recorder(400, keep_events=True)
        self.people.own(Column("at_liberty", "bool", "custody", "", "", 1))
        self.caseload = Caseload(self.people, self.luck, self.recorder, np.ones(1))
        self.caseload.carried[:], self.caseload.band[:] = True, bands.RED
        self.caseload.lead[:] = AGENCIES.index("drug_treatment")
        self.staffing = Staffing(Agencies(), {"a": Team()}, Forms())
        self.contacts, self.trust = Contacts(self.people), Trust(self.people, self.luck, Engagement())
        self.contacts.adopt(Plans(), self.staffing)
        self.env = simpy.Environment()

    def total(self, name: str) -> float:
        return float(self.recorder.daily(name).sum())


@pytest.fixture
def office() -> Office:
    return Office()


class TestReminders:
    def sent(self, office: Office, slot: int, **rules: float) -> Reminders:
        reminders = Reminders(office.luck, office.recorder, office.caseload, office.contacts)
        reminders.adopt(ReminderRules(**rules))
        office.contacts.remaining[:, slot] = 60.0
        reminders.send(0, ROWS, np.full(N, slot))
        return reminders

    def test_a_reminder_takes_minutes_and_lifts_its_own_appointment(self, office: Office) -> None:
        reminders = self.sent(office, PROBATION, share=1.0, minutes=4, log_odds=0.3)
        assert (office.contacts.remaining[:, PROBATION] == 64).all()
        assert (reminders.pull(ROWS, np.full(N, PROBATION)) == 0.3).all()
        assert (reminders.pull(ROWS, np.full(N, DRUGS)) == 0).all()

    def test_nobody_is_reminded_without_a_share_nor_of_a_visit_at_home(self, office: Office) -> None:
        for slot, share in ((PROBATION, 0.0), (POLICE, 1.0)):
            reminders = self.sent(office, slot, share=share)
            assert (office.contacts.remaining[:, slot] == 60).all()
            assert not reminders.pull(ROWS, np.full(N, slot)).any()

    def test_half_of_appointments_are_reminded_of(self, office: Office) -> None:
        """Of 400 half, 200; the spread is 10."""
        self.sent(office, PROBATION, share=0.5)
        assert 160 < office.total("reminders") < 240


class TestWarnings:
    def book(self, office: Office, **rules: object) -> tuple[Absences, Enforcement]:
        absences = Absences(office.env, office.people, office.luck, office.recorder, None)  # type: ignore[arg-type]
        return absences, Enforcement(acted_share=1.0, **rules)

    def test_nobody_is_proceeded_against_without_a_warning(self, office: Office) -> None:
        absences, rules = self.book(office, warns=True)
        for day in (0, 7, 14):
            assert not len(absences.add(rules, ROWS, day))
            assert len(absences.to_warn(rules, ROWS)) == (N if day == 0 else 0)
        absences.warn(ROWS, 15)
        assert len(absences.add(rules, ROWS, 21)) == N
        assert not absences.warned.any()
        assert office.total("warnings") == N

    def test_without_the_rule_the_second_one_counts_and_nobody_is_warned(self, office: Office) -> None:
        absences, rules = self.book(office)
        assert not len(absences.add(rules, ROWS, 0))
        assert not len(absences.to_warn(rules, ROWS))
        assert len(absences.add(rules, ROWS, 7)) == N

    def test_a_warning_lifts_attendance_until_it_lapses(self, office: Office) -> None:
        absences, rules = self.book(office, warns=True, warning_log_odds=0.5)
        absences.add(rules, ROWS, 0)
        absences.warn(ROWS[:10], 3)
        assert absences.pull(rules, ROWS, 4).sum() == 5.0
        assert absences.pull(rules, ROWS, 365).sum() == 0

    def test_excused_absences_count_for_nothing(self, office: Office) -> None:
        absences, rules = self.book(office, excused_share=1.0)
        assert not any(len(absences.add(rules, ROWS, day)) for day in range(5))
        assert not absences.count.any()

    def test_more_runs_acted_on_return_more_people_to_custody(self, office: Office) -> None:
        """Of 400 runs 20 and 120 are acted on; the spreads are 4 and 9."""
        absences, _ = self.book(office)
        acted = []
        for share in (0.0, 0.05, 0.3):
            absences.count[:], absences.runs[:] = 1, 0
            acted.append(set(absences.add(Enforcement(acted_share=share), ROWS, 1).tolist()))
        assert not acted[0]
        assert acted[1] < acted[2]
        assert 80 < len(acted[2]) < 160


class TestDropOut:
    def rooms(self, office: Office, after: int = 3) -> DropOuts:
        outs = DropOuts(office.people, office.recorder, office.caseload, office.contacts)
        outs.adopt(DropOutRules(after_missed=after, pause_weeks=4))
        return outs

    def away(self, outs: DropOuts, times: int, statutory: np.ndarray = NOBODY) -> None:
        for day in range(times):
            outs.miss(ROWS, day, statutory)

    def test_the_team_stops_trying_with_those_whom_nothing_obliges(self, office: Office) -> None:
        outs = self.rooms(office)
        office.contacts.remaining[:] = 30.0
        self.away(outs, 3, statutory=ROWS < 100)
        tried = {slot.name: int(outs.open_to(ROWS, np.full(N, n)).sum()) for n, slot in enumerate(SLOTS)}
        at_home = {"neighbourhood_police", "disruption"}
        assert tried == {slot.name: N if slot.name in at_home else 100 for slot in SLOTS}
        assert (office.contacts.remaining[200] > 0).tolist() == [slot.name in at_home for slot in SLOTS]
        assert office.total("dropped_out") == 300

    def test_it_tries_again_when_the_pause_is_over(self, office: Office) -> None:
        outs = self.rooms(office)
        self.away(outs, 3)
        outs.follow(2 + 27, NOBODY)
        assert not outs.open_to(ROWS, np.full(N, DRUGS)).any()
        outs.follow(2 + 28, NOBODY)
        assert outs.open_to(ROWS, np.full(N, DRUGS)).all()
        assert office.total("re_engaged") == 0

    def test_people_found_or_moved_are_seen_again_at_once(self, office: Office) -> None:
        outs = self.rooms(office)
        self.away(outs, 3)
        outs.seen(ROWS[:50], 5, kept=np.zeros(50, dtype=bool))
        office.caseload.band[50:80] = bands.BLUE
        outs.follow(6, ROWS == 90)
        assert office.total("re_engaged") == 81
        assert outs.open_to(ROWS, np.full(N, DRUGS)).sum() == 81
        assert (office.contacts.next_due[:50, DRUGS] == 6).all()

    def test_a_kept_appointment_ends_the_row_and_a_visit_at_home_does_not(self, office: Office) -> None:
        outs = self.rooms(office)
        self.away(outs, 2)
        outs.seen(ROWS, 2, kept=ROWS < 10)
        outs.miss(ROWS, 3, NOBODY)
        assert office.total("dropped_out") == N - 10

    def test_nobody_comes_back_by_a_supervision_that_asks_for_no_appointments(self) -> None:
        works = partnership(compliance__drop_out__after_missed=1, sentencing__final_share=0.333)
        who, yes, no = ROWS[:5], EVERYBODY[:5], NOBODY[:5]
        custody, rooms = works.world.custody, works.appointments
        custody.supervised_until[:], custody._obliged_until[:], custody.licence_days[:] = 100, 10, 0
        obliged = custody.obliged(who, 20)
        rooms.take_note(20, who, np.full(5, PROBATION), seen=no, appointment=yes, statutory=obliged)
        rooms.follow(21, works.caseload.rows())
        assert not rooms.drop_outs.open_to(who, np.full(5, PROBATION)).any()
        assert counted(works, "dropped_out") == 5
        assert counted(works, "re_engaged") == 0

    def test_the_team_goes_on_with_those_whom_a_caution_obliges(self) -> None:
        works = partnership(compliance__drop_out__after_missed=1)
        who, yes, no = ROWS[:5], EVERYBODY[:5], NOBODY[:5]
        works.at_court.cautions.bound[who[:2]] = True
        works.appointments.take_note(20, who, np.full(5, DRUGS), seen=no, appointment=yes, statutory=no)
        still = works.appointments.drop_outs.open_to(who, np.full(5, DRUGS))
        assert still.tolist() == [True, True, False, False, False]

    def test_by_default_the_team_never_stops(self, office: Office) -> None:
        outs = self.rooms(office, after=0)
        self.away(outs, 50)
        assert outs.open_to(ROWS, np.full(N, DRUGS)).all()

    def test_whoever_goes_out_brings_people_back(self, office: Office) -> None:
        outs = self.rooms(office)
        self.away(outs, 3)
        dose = Dose.__new__(Dose)
        dose.response, dose.minutes, dose.police_minutes = Response(), np.zeros(N), np.zeros(N)
        outreach = Outreach(
            office.people, office.luck, office.recorder, office.caseload, office.contacts, office.trust, dose
        )
        outreach.adopt(OutreachRules(share=1.0), Engagement(), office.staffing)
        outreach.on_found = outs.welcome
        outreach.ask(3, ROWS, np.full(N, DRUGS))
        outreach.go(4, np.full((1, len(AGENCIES)), 1e6))
        assert 100 < office.total("outreach_found") == office.total("re_engaged") < N


class TestCompact:
    def signed(self, office: Office, **rules: object) -> Compacts:
        compacts = Compacts(
            office.people, office.luck, office.recorder, office.caseload, office.contacts, office.trust
        )
        compacts.adopt(CompactRules(**({"used": True, "signs": ALWAYS} | rules)))
        compacts.enter(ROWS, ROWS < 100)
        compacts.seen(0, ROWS, np.full(N, DRUGS))
        return compacts

    def test_people_under_no_supervision_sign_with_their_lead_and_come_more_often(
        self, office: Office
    ) -> None:
        compacts = self.signed(office, minutes=25, attendance=0.2, per_trust=0.0)
        assert (office.contacts.extra[:, DRUGS] == 25 * (ROWS >= 100)).all()
        assert (compacts.pull(ROWS) == 0.2 * compacts.signed).all()
        assert compacts.signed[100:].mean() > 0.98
        assert not compacts.signed[:100].any()

    @pytest.mark.parametrize(("log_odds", "share"), [(-1.0, 0.269), (0.0, 0.5), (1.0, 0.731)])
    def test_who_signs_follows_from_the_log_odds(self, office: Office, log_odds: float, share: float) -> None:
        compacts = self.signed(office, signs=log_odds, per_trust=0.0)
        assert compacts.signed[100:].mean() == pytest.approx(share, abs=0.12)

    def test_only_newcomers_are_asked(self) -> None:
        works = partnership(compliance__compact__used=True)
        asked = works.appointments.compacts._to_ask
        new = works.caseload.rows()[:10]
        works.caseload.carried[new] = False
        works.appointments.follow(0, works.caseload.rows())
        asked[:] = False
        works.caseload.carried[new] = True
        works.appointments.follow(1, works.caseload.rows())
        free = new[~works.world.custody.statutory(new, 1)]
        assert len(free) > 0
        assert np.flatnonzero(asked).tolist() == free.tolist()

    def test_a_lapse_of_a_signatory_brings_a_visit(self, office: Office) -> None:
        compacts = self.signed(office)
        compacts.miss(1, ROWS)
        assert ((office.contacts.remaining[:, DISRUPTION] > 0) == compacts.signed).all()
        assert office.total("compact_visits") == compacts.signed.sum() > 0

    def test_when_the_compact_ends_nobody_is_bound_by_it(self, office: Office) -> None:
        compacts = self.signed(office, attendance=0.2)
        compacts.adopt(CompactRules(used=False))
        compacts.miss(1, ROWS)
        assert not compacts.pull(ROWS).any()
        assert office.total("compact_visits") == 0
        # One that begins anew is put to newcomers, and to nobody else.
        compacts.adopt(CompactRules(used=True, signs=8.0))
        compacts.enter(ROWS[:10], NOBODY[:10])
        compacts.seen(2, ROWS, np.full(N, DRUGS))
        assert 0 < compacts.signed.sum() == compacts.signed[:10].sum()

    @pytest.mark.parametrize("rules", [{"used": False}, {"signs": -4.0, "per_trust": 0.0}])
    def test_where_hardly_anybody_signs_hardly_anything_follows(
        self, office: Office, rules: dict[str, object]
    ) -> None:
        compacts = self.signed(office, **rules)
        compacts.miss(1, ROWS)
        assert office.total("compacts_signed") < 0.05 * N
        assert office.total("compact_visits") < 0.05 * N

    def test_trust_decides_who_signs(self, office: Office) -> None:
        office.trust.level[:] = np.where(ROWS < 250, 1.0, 0.0)
        compacts = self.signed(office, signs=0.0, per_trust=4.0)
        assert compacts.signed[100:250].mean() > 3 * compacts.signed[250:].mean()


class TestSanctions:
    def rooms(self, office: Office, **rules: float) -> Sanctions:
        stage = np.zeros((N, len(PATHWAYS)), dtype=np.int8)
        stage[:200, PATHWAYS.index("drugs")] = ATTENDING
        sanctions = Sanctions(office.people, office.luck, office.recorder, office.trust, stage)
        sanctions.adopt(SanctionRules(**rules))
        return sanctions

    def test_a_stopped_prescription_brings_people_back_and_costs_trust(self, office: Office) -> None:
        sanctions, before = self.rooms(office, share=1.0, log_odds=0.4), office.trust.level.copy()
        drugs = np.full(N, DRUGS)
        sanctions.take_note(0, ROWS, drugs, kept=NOBODY, absent=EVERYBODY)
        assert (sanctions.stopped == (ROWS < 200)).all()
        assert (office.trust.level[:200] < before[:200]).all()
        assert (office.trust.level[200:] == before[200:]).all()
        assert (sanctions.pull(ROWS, drugs) == 0.4 * (ROWS < 200)).all()
        assert not sanctions.pull(ROWS, np.full(N, PROBATION)).any()
        sanctions.take_note(1, ROWS, drugs, kept=EVERYBODY, absent=NOBODY)
        assert not sanctions.stopped.any()

    def test_the_end_of_a_programme_ends_the_stop(self, office: Office) -> None:
        sanctions, drugs = self.rooms(office, share=1.0, log_odds=0.4), np.full(N, DRUGS)
        sanctions.take_note(0, ROWS, drugs, kept=NOBODY, absent=EVERYBODY)
        sanctions.stage[:] = 0
        assert not sanctions.pull(ROWS, drugs).any()
        sanctions.take_note(1, ROWS, drugs, kept=NOBODY, absent=NOBODY)
        assert not sanctions.stopped.any()

    def test_without_a_share_nothing_is_stopped(self, office: Office) -> None:
        sanctions, before = self.rooms(office), office.trust.level.copy()
        sanctions.take_note(0, ROWS, np.full(N, DRUGS), kept=NOBODY, absent=EVERYBODY)
        assert not sanctions.stopped.any()
        assert (office.trust.level == before).all()


class TestNightlyVisits:
    def owed(self, office: Office, **rules: object) -> list[float]:
        """Let ten people come out on day 1; return visits owed day by day, each made by the next day."""
        visits = NightlyVisits(office.people, office.recorder, office.caseload, office.contacts)
        visits.adopt(NightlyRules(**rules))
        office.caseload.band[:10] = bands.BLUE
        visits.follow(0, ROWS)
        office.caseload.band[:10] = bands.RED
        for day in range(1, 8):
            visits.follow(day, ROWS)
            office.contacts.remaining[:] = 0
        return office.recorder.daily("nightly_visits")[:8].tolist()

    def test_visits_are_owed_every_working_day_for_some_days_after_a_release(self, office: Office) -> None:
        assert self.owed(office, days=5) == [0, 10, 10, 10, 10, 10, 0, 0]

    def test_by_default_nobody_visits(self, office: Office) -> None:
        assert sum(self.owed(office)) == 0

    def test_a_visit_that_waits_is_not_owed_twice(self, office: Office) -> None:
        assert office.contacts.owe(0, ROWS[:5], NEIGHBOURHOOD, np.zeros(5, dtype=np.int64)) == 5
        assert office.contacts.owe(1, ROWS[:9], NEIGHBOURHOOD, np.zeros(9, dtype=np.int64)) == 4
        assert (office.contacts.due_since[:5, NEIGHBOURHOOD] == 0).all()


class TestCautions:
    THEFT, ROBBERY = NAMES.index("theft"), NAMES.index("robbery")

    def given(self, office: Office, kind: int, missed: int, **rules: object) -> list[bool]:
        """Caution everybody, let them miss appointments, and return who kept to the conditions."""
        cautions = Cautions(
            office.env, office.people, office.luck, office.recorder, office.caseload, office.contacts
        )
        cautions.adopt(CautionRules(**({"share": 1.0, "weeks": 4} | rules)))
        ended: list[bool] = []

        def case(person: int):  # type: ignore[no-untyped-def]
            ended.append((yield from cautions.give(person, 0, kind)))

        for person in range(N):
            office.env.process(case(person))
        office.env.run(1)
        self.bound = cautions.bound.copy()
        for _ in range(missed):
            cautions.miss(ROWS)
        office.env.run(40)
        assert not cautions.bound.any()
        return ended

    def test_conditions_kept_end_a_case_and_conditions_broken_do_not(self, office: Office) -> None:
        assert self.given(office, self.THEFT, missed=2, missed_before_court=3) == [True] * N
        assert self.bound.all()
        again = Office()
        assert self.given(again, self.THEFT, missed=3, missed_before_court=3) == [False] * N
        assert again.total("cautions_broken") == N

    def test_leaving_and_going_inside_break_conditions(self) -> None:
        works = partnership(at_court__cautions__share=1.0)
        works.env.run(1)
        works.world.custody.holds[:] = 0
        court, kept = works.at_court, {}

        def case(person: int):  # type: ignore[no-untyped-def]
            kept[person] = yield from court.diverted(person, 0, self.THEFT, proven=True)

        for person in range(3):
            works.env.process(case(person))
        works.env.run(1.001)
        assert court.cautions.bound[:3].all()
        works.caseload.carried[0] = False
        works.world.custody.holds[1] = 1
        works.appointments.follow(1, works.caseload.rows())
        works.env.run(1.002)
        assert kept == {0: False, 1: False}
        assert court.cautions.bound[:3].tolist() == [False, False, True]

    @pytest.mark.parametrize(("share", "kind"), [(0.0, THEFT), (1.0, ROBBERY)])
    def test_without_a_share_or_for_a_grave_offence_there_is_no_caution(
        self, office: Office, share: float, kind: int
    ) -> None:
        assert self.given(office, kind, missed=0, share=share) == [False] * N
        assert office.total("cautions") == 0
        assert not self.bound.any()

    def test_nobody_who_is_not_carried_is_cautioned(self, office: Office) -> None:
        office.caseload.carried[:] = False
        assert not any(self.given(office, self.THEFT, missed=0))


class TestRapidPrescribing:
    def served(self, *ahead: bool) -> list[int]:
        """Let people ask for the one place in turn, and return the order in which they got it."""
        env = simpy.Environment()
        places, order = Places(env, 0), []
        turns = [places.ask(ahead=first) for first in ahead]
        for number, turn in enumerate(turns):
            turn.callbacks.append(lambda _, number=number: order.append(number))  # type: ignore[union-attr]
        for _ in ahead:
            places.resize(places.capacity + 1)
        env.run()
        return order

    def test_whoever_goes_ahead_is_served_first(self) -> None:
        assert self.served(False, True, False, True) == [1, 3, 0, 2]
        assert self.served(False, False, False) == self.served(True, True, True) == [0, 1, 2]

    def test_whoever_leaves_the_queue_moves_nobody_else(self) -> None:
        places = Places(simpy.Environment(), 0)
        others, first, second = places.ask(), places.ask(ahead=True), places.ask(ahead=True)
        places.withdraw(first)
        last = places.ask(ahead=True)
        assert places.waiting == [second, last, others]
        places.withdraw(others)
        assert (places.waiting, places.ahead) == ([second, last], 2)
