"""Pathways: needs found, referrals made in an order, waits, and weeks attended or not."""

from collections.abc import Generator
from math import exp
from typing import Any, Literal

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation import needs
from simulation.calendar import WEEK
from simulation.capacity import Places
from simulation.custody import Custody
from simulation.declare import Column, Event, Group, Stream, lever, uncertainty
from simulation.luck import Luck
from simulation.people import People
from simulation.programmes import COLUMNS, PATHWAYS, WORKS_ON, Pathway, Programme, Programmes
from simulation.recorder import Recorder
from simulation.relief import Relief, ReliefRules

Rows = NDArray[np.int64]
FOUND = Stream("pathways.found", "occurrence", "whether the k-th assessment finds a need")
ATTENDED = Stream("pathways.attended", "occurrence", "whether the k-th week of a pathway is attended")
OUTSIDE = Stream(
    "pathways.outside", "occurrence", "gap before a pathway's k-th referral from outside", of="thing"
)
NOWHERE, WAITING, ATTENDING = 0, 1, 2
#: Weeks after which National Indicator 40 takes treatment for effective.
RETAINED_WEEKS = 12
#: Needs that the predictor does not weigh and that make programmes harder to attend.
_HINDER: list[int] = np.flatnonzero(needs.LOG_ODDS == 0).tolist()
COMPLETED, LOST, CUT_SHORT = "programme completed", "programme lost", "programme cut short"
LAPSED = "referral lapsed"
#: How a journey ends, and the series that counts it.
ENDINGS = {
    COMPLETED: "programmes_completed", LOST: "programmes_dropped_out",
    CUT_SHORT: "programmes_cut_short", LAPSED: "programmes_lapsed",
}  # fmt: skip
EVENTS = (
    Event("referred", "pathways", "a person is referred to a programme"),
    Event("programme started", "pathways", "a person gets a place on a programme"),
    Event(COMPLETED, "pathways", "a person completes a programme"),
    Event(LOST, "pathways", "a person loses a place by staying away"),
    Event(CUT_SHORT, "pathways", "custody ends a person's place"),
    Event(LAPSED, "pathways", "a referral lapses: the wait was too long, or the person inside"),
)


class Assessment(Group):
    """Finding needs."""

    every_days: int = lever(84, unit="days", low=1, high=1000, label="Days between assessments of needs")
    found: float = uncertainty(
        1.0, unit="log-odds", low=-4, high=10, label="A need being found by an assessment at average trust"
    )
    per_trust: float = uncertainty(
        2.0, unit="log-odds", low=0, high=8, label="Disclosure, for each unit of trust above one half"
    )


class PathwayRules(Group):
    """How pathways are used."""

    programmes: Programmes = Programmes()
    assessment: Assessment = Assessment()
    relief: ReliefRules = ReliefRules()
    order: Literal["stabilise", "severe"] = lever(
        "stabilise", unit="choice", label="Which need first: those of stabilise_first, or the weightiest"
    )
    stabilise_first: tuple[Pathway, ...] = lever(
        ("accommodation", "drugs", "alcohol", "health"), unit="choice", label="Pathways that stabilise a life"
    )
    at_once: int = lever(
        2, unit="places", low=0, high=9, label="Pathways that a person is on or waits for at once"
    )
    referral_minutes: float = uncertainty(
        20, unit="minutes", low=0, high=240, label="Minutes that a referral adds to the lead's next contact"
    )
    per_trust: float = uncertainty(
        1.5, unit="log-odds", low=0, high=6, label="Attendance, for each unit of trust above one half"
    )
    per_hindrance: float = uncertainty(
        0.15, unit="log-odds", low=0, high=2, label="What an unmet health, debt or family need takes off it"
    )


class Pathways:
    """Which needs are known, who waits for what, and who attends.

    Parameters
    ----------
    env, luck, recorder
        The clock, keyed luck and the counts.
    people
        The column store.
    relief
        Needs, and those that are met.
    custody
        Where everybody is.
    trust
        Trust of each person, shape ``(n,)``.
    rules
        Parameters.
    """

    def __init__(
        self, env: simpy.Environment, luck: Luck, recorder: Recorder, people: People, relief: Relief,
        custody: Custody, trust: NDArray[np.float64], rules: PathwayRules,
    ) -> None:  # fmt: skip
        self.env, self.luck, self.recorder = env, luck, recorder
        self.relief, self.custody, self.trust = relief, custody, trust
        #: Whether each need is known, shape ``(n, items)``.
        self.known = np.zeros(relief.met.shape, dtype=bool)
        #: Where people stand on each pathway, shape ``(n, pathways)``.
        self.stage = np.full((people.count, len(PATHWAYS)), NOWHERE, dtype=np.int8)
        #: When each referral that waits was made, by person and pathway.
        self._asked: dict[tuple[int, int], float] = {}
        #: What eases attendance of programmes beside trust and motivation, log-odds, shape ``(n,)``.
        self.eased = np.zeros(people.count)
        self.assessed = people.own(
            Column("assessed", "float64", "pathways", "latest assessment of needs", "days", -np.inf)
        )
        self._attended = luck.bound(ATTENDED)
        self._assessments, self._weeks = np.zeros((2, people.count), dtype=np.int32)
        self.places = [Places(env, programme.places) for programme in rules.programmes.each()]
        self._of_the_area = [programme.places for programme in rules.programmes.each()]
        self.adopt(rules)
        for path in range(len(PATHWAYS)):
            env.process(self._others(path))

    def adopt(self, rules: PathwayRules) -> None:
        """Take over parameters."""
        self.rules, self.programmes = rules, rules.programmes.each()
        self.relief.rules = rules.relief
        for queue, programme in zip(self.places, self.programmes, strict=True):
            queue.resize(programme.places)
        #: What places cost beyond those that the area had on the first day, pounds a year.
        self.bought_gbp_a_year = sum(
            (programme.places - before) * programme.cost_gbp_a_place_year
            for programme, before in zip(self.programmes, self._of_the_area, strict=True)
        )
        first = [pathway in rules.stabilise_first for pathway in PATHWAYS]
        self._stabilises = np.array(first) & (rules.order == "stabilise")
        self._requires = np.array([[p in one.requires for p in PATHWAYS] for one in self.programmes])

    def waited(self, day: int, since: int) -> dict[str, tuple[float, int]]:
        """Return days waited for each pathway and by how many, from a day on; those still waiting count.

        Parameters
        ----------
        day, since
            Now, and the day from which ended waits count.
        """
        found: dict[str, tuple[float, int]] = {}
        for path, pathway in enumerate(PATHWAYS):
            days, number = (
                self.recorder.daily(f"{name}_{pathway}")[since:] for name in ("wait_days", "waits")
            )
            waiting = np.flatnonzero(self.stage[:, path] == WAITING).tolist()
            still = day - np.array([self._asked[person, path] for person in waiting], dtype=float)
            found[pathway] = float(days.sum() + still.sum()), int(number.sum()) + len(still)
        return found

    def waiting(self) -> NDArray[np.bool_]:
        """Return who waits for a place on some pathway, shape ``(n,)``."""
        found = np.zeros(len(self.stage), dtype=bool)
        found[np.flatnonzero(self.stage == WAITING) // len(PATHWAYS)] = True
        return found

    def knows(self, person: int) -> float:
        """Return how much is known of a person: the mean of the share of needs known, and of trust."""
        needed = self.relief.course.score[person] > 0
        known = (needed & self.known[person]).sum() / max(1, needed.sum())
        return float(known + self.trust[person]) / 2

    def review(self, who: Rows, day: int) -> Rows:
        """Assess those whose turn it is, and refer people to what comes next.

        Parameters
        ----------
        who
            People seen by their lead today, each once, shape ``(n,)``.
        day
            Today.

        Returns
        -------
        numpy.ndarray
            The person of each referral made, shape ``(referrals,)``.
        """
        self.assess(who[self.assessed[who] + self.rules.assessment.every_days <= day], day)
        referred = self.refer(who)
        self.recorder.count("referrals", day, len(referred))
        return referred

    def refer(self, who: Rows) -> Rows:
        """Refer people to what comes next of what is known; return the person of each referral."""
        if not len(who):
            return who
        row, path = self._next(who)
        for person, place in zip(who[row].tolist(), path.tolist(), strict=True):
            self.env.process(self._journey(person, place))
        self.stage[who[row], path] = WAITING
        return np.asarray(who[row])

    def assess(self, who: Rows, day: int) -> None:
        """Assess people: an assessment finds some of their needs, more of them where there is trust."""
        rules, items = self.rules.assessment, len(needs.NAMES)
        z = rules.found + rules.per_trust * (self.trust[who] - 0.5)
        key = self._assessments[who][:, None] * items + np.arange(items)
        found = self.luck.many(FOUND, who[:, None], key) < 1 / (1 + np.exp(-z))[:, None]
        self.known[who] |= found & (self.relief.unmet(who) > 0)
        self._assessments[who] += 1
        self.assessed[who] = day
        self.recorder.count("assessments", day, len(who))

    def _next(self, who: Rows) -> tuple[Rows, Rows]:
        """Return rows of ``who`` and the pathways they are referred to, most urgent first by the rules."""
        asked = self.relief.unmet(who) * self.known[who]
        wanted = (asked @ WORKS_ON.T) > 0
        busy = self.stage[who] != NOWHERE
        # What a pathway requires is settled once it is met, not known to be wanted, or worked on.
        unsettled = wanted & ~busy
        ready = unsettled & ~((unsettled[:, None, :] & self._requires).any(axis=2))
        free = self.rules.at_once - busy.sum(axis=1)
        some = np.flatnonzero(ready.any(axis=1) & (free > 0))
        if not len(some):
            return some, some
        asked, ready, free = asked[some], ready[some], free[some]
        # The weightiest by the predictor first; what stabilises a life before anything else, if so ruled.
        rank = (asked * needs.LOG_ODDS) @ WORKS_ON.T + 10.0 * self._stabilises
        order = np.argsort(np.where(ready, -rank, np.inf), axis=1, kind="stable")
        nth = np.argsort(order, axis=1)
        row, path = np.nonzero(ready & (nth < free[:, None]))
        return some[row], path

    def _journey(self, person: int, path: int) -> Generator[simpy.Event, Any, None]:
        """Wait for a place, attend week by week, and complete or not."""
        programme, queue, asked = self.programmes[path], self.places[path], self.env.now
        self._asked[person, path] = asked
        self.recorder.log(person, "referred", asked, detail=PATHWAYS[path])
        turn = queue.ask(ahead=programme.fast_track)
        yield turn | self.env.timeout(programme.longest_wait_days)
        del self._asked[person, path]
        self.recorder.count(f"wait_days_{PATHWAYS[path]}", self.env.now, self.env.now - asked)
        self.recorder.count(f"waits_{PATHWAYS[path]}", self.env.now)
        if turn.triggered and self.custody.at_liberty[person]:
            self.stage[person, path] = ATTENDING
            self.recorder.log(person, "programme started", self.env.now, detail=PATHWAYS[path])
            ending = yield from self._attend(person, path, programme)
        else:
            ending = LAPSED
        queue.withdraw(turn)
        self.stage[person, path] = NOWHERE
        self.recorder.log(person, ending, self.env.now, detail=PATHWAYS[path])
        self.recorder.count(ENDINGS[ending], self.env.now)
        motivation, who = self.relief.motivation, np.array([person])
        if ending in (LAPSED, LOST):
            motivation.lower(who, motivation.rules.lowered_by_failure)
        if ending == COMPLETED:
            motivation.lift(who, motivation.rules.raised_by_completion)
            self.relief.complete(
                person, COLUMNS[path], met_share=programme.met_share,
                relapse_per_year=programme.relapse_per_year,
                statutory=bool(self.custody.supervised_until[person] > self.env.now),
            )  # fmt: skip

    def _attend(self, person: int, path: int, programme: Programme) -> Generator[simpy.Event, Any, str]:
        missed = 0
        for week in range(1, programme.weeks + 1):
            yield self.env.timeout(WEEK)
            if not self.custody.at_liberty[person]:
                return CUT_SHORT
            missed = 0 if self._keeps(person, programme.attendance) else missed + 1
            if missed >= programme.missed_weeks:
                return LOST
            if week == min(RETAINED_WEEKS, programme.weeks):
                self.recorder.count(f"retained_{PATHWAYS[path]}", self.env.now)
        return COMPLETED

    def _keeps(self, person: int, base: float) -> bool:
        self._weeks[person] += 1
        # Plain numbers: everybody on a programme comes by here every week.
        rules, relief, trust = self.rules, self.relief, self.trust.item(person)
        hindrances = relief.unmet_of(person, _HINDER)
        z = base + rules.per_trust * (trust - 0.5) - rules.per_hindrance * hindrances
        z += relief.motivation.pull_one(person) + self.eased.item(person)
        return self._attended(person, self._weeks.item(person)) < 1 / (1 + exp(-z))

    def _others(self, path: int) -> Generator[simpy.Event, Any, None]:
        """Let people from outside the scheme ask for places, for as long as the run lasts."""
        for nth in range(10**9):
            programme = self.programmes[path]
            # A pathway that nobody else asks for is looked at again in a week.
            weekly = programme.outside_per_week
            gap = -np.log(self.luck.one(OUTSIDE, path, nth)) * WEEK / weekly if weekly else WEEK
            yield self.env.timeout(gap)
            if weekly:
                self.env.process(self.places[path].hold(programme.weeks * WEEK))
