"""At court: what a partnership does about cases of the people it carries.

A premium service charges sooner, once the police have found the minutes for the file. A session of their own
hears their cases on one weekday, where fewer are adjourned. A report before sentence, for which probation
needs minutes, moves the court from custody towards an order, the more so the more the team knows. Minor
offences can end in a conditional caution. Each treats people carried otherwise than others are, and is an
effect with a value at which it does nothing.
"""

from collections.abc import Callable, Generator
from typing import Any, Literal

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation.calendar import WEEK, Calendar
from simulation.caseload import Caseload
from simulation.cautions import CautionRules, Cautions
from simulation.co_location import AGENCIES
from simulation.contacts import Contacts
from simulation.dealing import Dealing
from simulation.declare import Event, Group, Stream, effect, lever, uncertainty
from simulation.deskwork import CASE_FILE, COURT_REPORT, Deskwork, Pieces
from simulation.luck import Luck
from simulation.people import People
from simulation.recorder import Recorder

SPARED = Stream("at_court.spared", "occurrence", "whether a session spares the adjournment of the k-th case")
ASKED = Stream("at_court.asked", "occurrence", "whether a report is asked for in the k-th case")
EVENTS = (Event("court report", "at_court", "a report before sentence is ready"),)
_POLICE, _PROBATION = AGENCIES.index("police"), AGENCIES.index("probation")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


class SessionRules(Group):
    """Sessions for managed offenders (Efficiency Toolkit: West Midlands, one appearance, no extra cost)."""

    every_weeks: int = effect(
        0, neutral=0, unit="weeks", low=0, high=12,
        label="Weeks between sessions for people carried; 0 for none", likely=(0, 0),
        because="none, unless a partnership holds them",
    )  # fmt: skip
    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday"] = lever(
        "thursday", unit="choice", label="Day of the session"
    )
    spared_share: float = uncertainty(
        0.5, unit="share", low=0, high=1, label="Adjournments that a session spares",
        source="TK005: the aim was one appearance; what was reached is not published",
    )  # fmt: skip


class PremiumRules(Group):
    """A premium service: the case of a person carried goes first on the police's desks."""

    saved_share: float = effect(
        0.0, neutral=0, unit="share", low=0, high=1,
        label="Days from a ready file to the charge that a premium service saves", likely=(0, 0),
        because="none, unless a partnership has such a service",
    )  # fmt: skip
    file_minutes: float = uncertainty(
        60, unit="minutes", low=0, high=960, label="Police minutes to get the file ready ahead of others"
    )
    within_days: float = lever(5, unit="days", low=0, high=60, label="Days in which the file is to be ready")


class ReportRules(Group):
    """Reports before sentence by those who know the person (Efficiency Toolkit: Bristol's improved)."""

    share: float = lever(
        0.0, unit="share", low=0, high=1, label="Cases of people carried in which the team writes the report"
    )
    minutes: float = uncertainty(
        180, unit="minutes", low=0, high=960, label="Probation minutes that a report takes beyond the usual"
    )
    log_odds: float = effect(
        0.4, neutral=0, unit="log-odds", low=0, high=2,
        label="Fall in the log-odds of custody by a report that knows every need of a person who trusts",
        likely=(0, 1.0), because="none to a fall from 50% to 27% custody; never measured",
    )  # fmt: skip


class CourtRules(Group):
    """What is done about cases of people carried."""

    sessions: SessionRules = SessionRules()
    premium: PremiumRules = PremiumRules()
    reports: ReportRules = ReportRules()
    cautions: CautionRules = CautionRules()


class AtCourt(Dealing):
    """Cases of people carried, from the file to the sentence.

    Parameters
    ----------
    env, calendar, people, luck, recorder
        The clock, the calendar, the column store, keyed luck and the counts.
    caseload, contacts, desk
        The people carried, their contacts, and where files and reports are written.
    knows
        Returns how much the team knows of a person, 0 to 1.
    """

    def __init__(
        self, env: simpy.Environment, calendar: Calendar, people: People, luck: Luck, recorder: Recorder, *,
        caseload: Caseload, contacts: Contacts, desk: Deskwork, knows: Callable[[int], float],
    ) -> None:  # fmt: skip
        self.env, self.calendar, self.luck, self.recorder = env, calendar, luck, recorder
        self.caseload, self.desk, self.knows = caseload, desk, knows
        self.cautions = Cautions(env, people, luck, recorder, caseload, contacts)
        #: Files asked for: when the charge would come, and what lets it come sooner, by person.
        self._files: dict[int, list[tuple[float, simpy.Event]]] = {}
        #: Whether a report is asked for or ready.
        self._writing, self._ready = np.zeros((2, people.count), dtype=bool)
        #: The offence in whose case the report was asked for.
        self._report_in = np.zeros(people.count, dtype=np.int32)

    def adopt(self, rules: CourtRules) -> None:
        """Take over parameters."""
        self.rules = rules
        self.cautions.adopt(rules.cautions)

    def done(self, pieces: Pieces, day: int) -> None:
        """Take in files and reports that were finished yesterday."""
        for person in pieces.of(CASE_FILE).person.tolist():
            if self._files.get(person):
                self.env.process(self._charge_sooner(*self._files[person].pop(0)))
        ready = pieces.of(COURT_REPORT).person
        wanted = ready[self._writing[ready]]
        self._writing[wanted], self._ready[wanted] = False, True
        self.recorder.count("court_reports", day, len(ready))
        self.recorder.log_many(ready, "court report", day)

    def forget(self, carried: NDArray[np.bool_]) -> None:
        """Forget papers about people who are no longer carried, shape ``(n,)``: nobody writes them now."""
        self._writing &= carried
        self._ready &= carried
        for person in [person for person in self._files if not carried[person]]:
            del self._files[person]

    def hastened(self, person: int, kind: int, charge: float) -> simpy.Event | None:
        """Ask for the file of a person carried; the charge comes sooner once it is ready."""
        premium = self.rules.premium
        if not premium.saved_share or not self.caseload.carried[person]:
            return None
        sooner = self.env.event()
        self._files.setdefault(person, []).append((charge, sooner))
        self._post(CASE_FILE, person, _POLICE, premium.file_minutes, self.env.now + premium.within_days)
        return sooner

    def _charge_sooner(self, charge: float, sooner: simpy.Event) -> Generator[simpy.Event, Any, None]:
        now = self.env.now
        left = charge - now
        day = np.floor(now + left * (1 - self.rules.premium.saved_share))
        yield self.env.timeout(max(0.0, day + charge % 1 - now))
        self.recorder.count("charge_days_saved", self.env.now, max(0.0, charge - self.env.now))
        sooner.succeed()

    def diverted(
        self, person: int, number: int, kind: int, *, proven: bool
    ) -> Generator[simpy.Event, Any, bool]:
        """Caution a person carried for an admitted minor offence; return whether that ended the case.

        A new charge breaks the conditions of an earlier caution.
        """
        self.cautions.end(np.array([person]))
        return proven and (yield from self.cautions.give(person, number, kind))

    def days_to_court(self, person: int, number: int, days: float, adjourned: float) -> float:
        """List a case of a person carried in the next session, and ask for the report."""
        if not self.caseload.carried[person]:
            return days
        sessions, now = self.rules.sessions, self.env.now
        if sessions.every_weeks:
            if self.luck.one(SPARED, person, number) < sessions.spared_share:
                days, adjourned = days - adjourned, 0.0
            days = max(0.0, self._session(int(now + max(0.0, days))) + now % 1 - now)
        self.recorder.count("managed_cases", now)
        self.recorder.count("managed_case_days", now, days)
        self.recorder.count("managed_adjournments", now, adjourned > 0)
        self._ask_for_report(person, number, np.floor(now + days) - 1)
        return days

    def _session(self, day: int) -> int:
        """Return the day of the first session from a day on."""
        every = self.rules.sessions.every_weeks * WEEK
        first = _WEEKDAYS.index(self.rules.sessions.weekday) - self.calendar.weekday(0)
        return day + (first - day) % every

    def _ask_for_report(self, person: int, number: int, due: float) -> None:
        reports = self.rules.reports
        asked = reports.share and self.luck.one(ASKED, person, number) < reports.share
        if asked and not (self._writing[person] or self._ready[person]):
            self._writing[person], self._report_in[person] = True, number
            self._post(COURT_REPORT, person, _PROBATION, reports.minutes, due)

    def closed(self, person: int, number: int) -> None:
        """Put away the report of a case in which it was not heard: no other court gets it."""
        if self._report_in[person] == number and (self._writing[person] or self._ready[person]):
            self._writing[person] = self._ready[person] = False
            pieces = self.desk.open
            self.desk.drop((pieces.kind == COURT_REPORT) & (pieces.person == person))

    def leaning(self, person: int) -> float:
        """Return what a report that is ready takes off the log-odds of custody: more, the more is known.

        A person who is sentenced breaks the conditions of a caution.
        """
        self.cautions.end(np.array([person]))
        if not self._ready[person]:
            return 0.0
        self._ready[person] = False
        knows = self.knows(person)
        self.recorder.count("reports_heard", self.env.now)
        self.recorder.count("report_knowledge", self.env.now, knows)
        return self.rules.reports.log_odds * knows

    def _post(self, kind: int, person: int, agency: int, minutes: float, due: float) -> None:
        self.desk.post(kind, np.array([person]), np.array([agency]), minutes, due)
