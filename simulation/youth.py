"""The youth offending team: who leads on the youngest, and how they move to adult services.

Where the team takes part it keeps the lead's appointments with everybody below an age, from a diary of its
own. At that age the case moves: to a lead whom the person does not know, with the loss of trust that a change
of lead costs, and some fall out between the two and are not seen for weeks. A case conference of both teams
beforehand prepares the move. Where the team does not take part, adult agencies lead from the first day.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.calendar import DAYS_PER_YEAR, WEEK
from simulation.caseload import Caseload
from simulation.contacts import Contacts, Made
from simulation.declare import Column, Event, Group, Stream, lever, uncertainty
from simulation.deskwork import CONFERENCE, Deskwork, Pieces
from simulation.diaries import fill
from simulation.engagement import Engagement, Trust
from simulation.handover import change_hands
from simulation.leads import Leads
from simulation.ledger import Entry, pay
from simulation.luck import Luck
from simulation.people import People
from simulation.recorder import Recorder
from simulation.slots import AT_HOME, SLOT_OF, YOUTH_TEAM
from simulation.staffing import Staffing

Rows = NDArray[np.int64]
FALLS_OUT = Stream("youth.falls_out", "occurrence", "whether a person falls out at the k-th move")
EVENTS = (
    Event("moved to adult services", "youth", "an adult agency takes over from the youth offending team"),
    Event("fell out", "youth", "a person who moves to adult services is not seen for weeks"),
)


class YouthRules(Group):
    """The youth offending team and the move to adult services."""

    workers: int = lever(
        0, unit="posts", low=0, high=200,
        label="Youth offending team workers who take part; zero where the team stays out",
        source="Process evaluation, 3.3: integrated in West Midlands and West Yorkshire alone",
    )  # fmt: skip
    until_age_years: float = lever(
        18, unit="years", low=10, high=30, label="Age at which people move to adult services",
        source="PE062, LE015, KP011", confidence="seed",
    )  # fmt: skip
    minutes_a_day: float = uncertainty(
        328, unit="minutes a day", low=0, high=1440,
        label="Minutes a worker gives in a working day, leave and training taken off",
    )  # fmt: skip
    contact_minutes: float = uncertainty(
        65, unit="minutes", low=1, high=480, label="Minutes of an appointment, travel and recording included"
    )
    minutes_with_person: float = uncertainty(
        30, unit="minutes", low=0, high=480, label="Minutes of an appointment that are spent with the person"
    )
    cost_gbp_a_year: float = uncertainty(38_000, unit="gbp a year", low=0, label="Cost of a post")
    conference_notice_days: float = lever(
        0, unit="days", low=0, high=365,
        label="Days before the move on which a case conference prepares it; zero for none",
        source="Appendix 2: in Leeds the most prolific were managed within case conferencing arrangements",
    )  # fmt: skip
    conference_minutes: float = uncertainty(
        72, unit="minutes", low=0, high=480, label="Minutes of a case conference, for each of the two teams",
        source="EX181: 18 points, of about four minutes (2021); 36 to 104 minutes", confidence="expert",
    )  # fmt: skip
    falls_out_share: float = uncertainty(
        0.3, unit="share", low=0, high=1, label="People who fall out at a move that nobody prepared",
        source="Senior (2014): people who fall out of the system, do not get transferred properly; the share "
        "is assumed",
    )  # fmt: skip
    prepared_falls_out_share: float = uncertainty(
        0.1, unit="share", low=0, high=1, label="People who fall out at a move that was prepared"
    )
    out_weeks: float = uncertainty(
        8, unit="weeks", low=0, high=104, label="Weeks for which people who fall out keep no appointment"
    )


class YouthTeam:
    """Whom the youth offending team leads on, and who moves on.

    Parameters
    ----------
    people, luck, recorder
        The column store, keyed luck and the counts.
    birth_day
        Day of birth, shape ``(n,)``.
    caseload, contacts, trust, desk
        Who is carried, their appointments, their trust, and where the next lead prepares.
    """

    def __init__(
        self, people: People, luck: Luck, recorder: Recorder, birth_day: NDArray[np.float64],
        caseload: Caseload, contacts: Contacts, trust: Trust, desk: Deskwork,
    ) -> None:  # fmt: skip
        self.luck, self.recorder, self.birth_day = luck, recorder, birth_day
        self.caseload, self.contacts, self.trust, self.desk = caseload, contacts, trust, desk

        def own(name: str, dtype: str, about: str, start: float = 0.0) -> NDArray:  # type: ignore[type-arg]
            return people.own(Column(name, dtype, "youth", about, "", start))

        self.leads_on = own("with_youth_team", "bool", "led by the youth offending team")
        self._conferred = own("youth_conference", "int8", "0 none, 1 asked for, 2 held")
        self._out_until = own("out_of_touch_until", "float64", "day until which fallen out", -np.inf)
        self._moves = own("youth_moves", "int32", "moves to adult services so far")
        #: Minutes that the team has already given to conferences, shape ``(teams,)``.
        self._owed: NDArray[np.float64] = np.zeros(0)

    def adopt(self, rules: YouthRules, engagement: Engagement, leads: Leads, staffing: Staffing) -> None:
        """Take over parameters."""
        self.rules, self.engagement, self.leads = rules, engagement, leads
        self.minutes = rules.workers * rules.minutes_a_day * staffing.share
        if len(self._owed) != len(self.minutes):
            self._owed = np.zeros(len(self.minutes))

    def follow(self, day: int, rows: Rows) -> None:
        """Let a day pass: some come to the team, some have a conference before them, some move on."""
        rules = self.rules
        posts = rules.workers * rules.cost_gbp_a_year / DAYS_PER_YEAR
        pay(self.recorder, day, Entry("youth_offending_team", "posts", posts))
        if not rules.workers and not self.leads_on.any():
            return
        self.leads_on &= self.caseload.carried
        # What was asked for about people who have left is off the desks.
        self._conferred[(self._conferred == 1) & ~self.caseload.carried] = 0
        age = (day - self.birth_day[rows]) / DAYS_PER_YEAR
        young = (age < rules.until_age_years) & (rules.workers > 0)
        self._move(rows[self.leads_on[rows] & ~young], day)
        self.leads_on[rows[young]] = True
        self.recorder.count("youth_days", day, np.count_nonzero(young))
        if rules.conference_notice_days:
            days_left = (rules.until_age_years - age) * DAYS_PER_YEAR
            who = rows[young & (days_left <= rules.conference_notice_days)]
            who = who[self._conferred[who] == 0]
            self._conferred[who] = 1
            due = self.birth_day[who] + rules.until_age_years * DAYS_PER_YEAR - 1
            self.desk.post(CONFERENCE, who, self.caseload.lead[who], rules.conference_minutes, due)

    def done(self, pieces: Pieces, day: int) -> None:
        """Take in conferences held yesterday, at which the youth team sat as long as the next lead."""
        who = pieces.person
        self._conferred[who] = 2
        np.add.at(self._owed, self.caseload.team[who], self.rules.conference_minutes)
        self.recorder.count("youth_conferences", day, len(who))

    def _move(self, who: Rows, day: int) -> None:
        """Let adult agencies take over; unprepared moves cost more trust and lose more people."""
        if not len(who):
            return
        rules, prepared = self.rules, self._conferred[who] == 2
        self.leads_on[who], self._conferred[who] = False, 0
        change_hands(
            who, prepared, trust=self.trust, contacts=self.contacts, lead=self.caseload.lead,
            leads=self.leads, engagement=self.engagement,
        )  # fmt: skip
        share = np.where(prepared, rules.prepared_falls_out_share, rules.falls_out_share)
        fallen = who[self.luck.many(FALLS_OUT, who, self._moves[who]) < share]
        self._moves[who] += 1
        self._out_until[fallen] = day + rules.out_weeks * WEEK
        self.contacts.strike_out(fallen, AT_HOME)
        count = self.recorder.count
        count("youth_moves", day, len(who))
        count("youth_moves_prepared", day, np.count_nonzero(prepared))
        count("youth_fallen_out", day, len(fallen))
        self.recorder.log_many(who, "moved to adult services", day)
        self.recorder.log_many(fallen, "fell out", day)

    def in_touch(self, who: Rows, slot: Rows, day: int) -> NDArray[np.bool_]:
        """Return whether appointments of some kinds are made with people, shape ``(n,)``; visits go on."""
        return np.asarray((self._out_until[who] <= day) | AT_HOME[slot])

    def see(self, day: int) -> Made | None:
        """Return the appointments that the team keeps in the lead's place today.

        It does what was to be done at them beyond the usual, a reminder for instance. What it has no minutes
        for is left to the adult agency that would lead.
        """
        who = np.flatnonzero(self.leads_on & self.caseload.carried)
        if not len(who):
            return None
        slot, team = SLOT_OF[self.caseload.lead[who]], self.caseload.team[who]
        due = self.contacts.remaining[who, slot] > 0
        who, slot, team = who[due], slot[due], team[due]
        left = np.maximum(self.minutes - self._owed, 0.0)
        conferences = float(np.minimum(self._owed, self.minutes).sum())
        self._owed = np.maximum(self._owed - self.minutes, 0.0)
        since = self.contacts.due_since[who, slot]
        beyond = self.contacts.remaining[who, slot] - self.contacts.footprint[team, slot]
        needed = self.rules.contact_minutes + np.maximum(beyond, 0.0)
        done = fill(left, team, needed, np.argsort(since, kind="stable")).done
        who, slot, waited = who[done], slot[done], (day - since)[done]
        self.contacts.remaining[who, slot] = 0
        self.contacts.number[who, slot] += 1
        self.recorder.count("youth_contacts", day, len(who))
        self.recorder.count("youth_minutes", day, conferences + float(needed[done].sum()))
        by = np.full(len(who), YOUTH_TEAM)
        return Made(who, slot, np.zeros(len(who), dtype=bool), waited, np.zeros(len(who)), by)
