"""The plain way: one SimPy process a person, one more for each contact plan, each contact a request.

Written as a competent modeller would write it without columns: people are objects with slots, staff are
SimPy resources, random numbers come from one local generator drawn in blocks. A person's process wakes once
a day at liberty to look at risk, which in the whole model anything can move on any day. Under the reduced
rules alone it could sleep until the next offence instead, by inverting the hazard, which would be faster,
most of all where few are managed.
"""

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy

from experiments.benchmark.rules import CONTACT_MINUTES, MINUTES_A_DAY, WEEKLY
from simulation import Parameters
from simulation.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from simulation.careers import Careers, risk
from simulation.hazard import HORIZON_MONTHS, from_log_odds
from simulation.needs import log_odds
from simulation.offences import by_kind
from simulation.sentencing import CUSTODY, Bench

Story = Generator[simpy.Event, Any, None]
MINUTES_IN_A_DAY = 24 * 60
OPENS = 9 / 24
CLOSES = OPENS + MINUTES_A_DAY / MINUTES_IN_A_DAY


@dataclass(slots=True)
class Person:
    """One person."""

    female: bool
    birth: float
    age_first: float
    need: float
    sanctions: int
    kind: int
    #: Start of offence-free time, and end of the custody being served.
    origin: float
    out: float
    sanctioned: float
    threshold: float
    accrued: float = 0.0
    floor: float = 0.0
    excess: float = 0.0
    free: bool = False
    received: float = -1.0


class Plain:
    """The plain program.

    Parameters
    ----------
    parameters
        From :func:`experiments.benchmark.rules.parameters`.
    careers
        The pool.
    managed
        Rows of the people carried, all the time.
    seed
        Seed of its generator.
    """

    def __init__(
        self, parameters: Parameters, careers: Careers, managed: "np.ndarray[Any, Any]", seed: int
    ) -> None:
        self.env = simpy.Environment()
        self.random = np.random.default_rng(seed)
        self._block: Iterator[float] = iter(())
        self.courts, self.conviction = parameters.courts, parameters.offending.conviction_share
        self.bench = Bench(parameters.sentencing)
        offending = parameters.offending
        mix = by_kind(offending.proven_mix)
        self.detected = by_kind(offending.detection) / by_kind(offending.actual_per_recorded)
        weights = mix / mix.sum() / self.detected
        self.per_proven = float(weights.sum()) / self.conviction
        self.edges = np.cumsum(weights / weights.sum()).tolist()
        self.contacts = self.offences = self.sanctions = 0
        self.custody_days = 0.0
        self.weekday = parameters.iom_start.weekday()
        self.people: list[Person] = []
        staff = {name: getattr(parameters.agencies, name).posts for name in WEEKLY}
        self.staff = {name: simpy.Resource(self.env, posts) for name, posts in staff.items()}
        need = log_odds(careers.needs)
        everybody = self.people
        for row in range(len(careers)):
            person = self._person(careers, row, float(need[row]))
            everybody.append(person)
            self.env.process(self._life(person, float(careers.joins[row])))
        for row in managed:
            for name, weekly in WEEKLY.items():
                self.env.process(self._contacts(everybody[row], name, weekly))

    def run(self, days: int) -> "Plain":
        """Run for some days and return the program."""
        self.env.run(until=days)
        # Those still inside have served since they were received, or since the beginning.
        self.custody_days += sum(days - one.received for one in self.people if one.received >= 0)
        return self

    def uniform(self) -> float:
        """Return a uniform number, drawn in blocks."""
        try:
            return next(self._block)
        except StopIteration:
            self._block = iter(self.random.random(4096).tolist())
            return next(self._block)

    def _person(self, careers: Careers, row: int, need: float) -> Person:
        released = float(careers.released[row])
        person = Person(
            bool(careers.female[row]), float(careers.birth_day[row]), float(careers.age_first[row]), need,
            int(careers.sanctions[row]), int(careers.kind[row]), released, released,
            float(careers.sanctioned[row]), -math.log(self.uniform()),
        )  # fmt: skip
        self._assess(person, person.sanctioned)
        return person

    def _assess(self, person: Person, sanctioned: float) -> None:
        z = risk(
            female=np.array([person.female]),
            age_start=np.array([(person.origin - person.birth) / DAYS_PER_YEAR]),
            age_now=np.array([(sanctioned - person.birth) / DAYS_PER_YEAR]),
            age_first=np.array([person.age_first]), sanctions=np.array([person.sanctions]),
            kind=np.array([person.kind]), need=np.array([person.need]),
        )  # fmt: skip
        shape = from_log_odds(np.clip(z, -3.0, 4.0))
        person.floor, person.excess = float(shape.floor[0]), float(shape.excess[0])

    def _life(self, person: Person, joins: float) -> Story:
        """Look at risk every day at liberty; sit out custody."""
        env = self.env
        if joins > 0:
            yield env.timeout(joins)
        scale = self.per_proven / DAYS_PER_MONTH
        while True:
            if person.out > env.now:
                person.free = False
                begun = person.received = env.now
                while person.out > env.now:
                    yield env.timeout(person.out - env.now)
                self.custody_days += env.now - begun
                person.received = -1.0
                if person.sanctioned >= begun or begun == 0:
                    person.origin = env.now
                    self._assess(person, person.sanctioned)
                else:
                    person.origin += env.now - begun
            person.free = True
            months = max(0.0, (env.now + 0.5 - person.origin) / DAYS_PER_MONTH)
            person.accrued += scale * (person.floor + person.excess * math.exp(-months / HORIZON_MONTHS))
            while person.accrued >= person.threshold:
                self._offend(person)
            yield env.timeout(1.0)

    def _offend(self, person: Person) -> None:
        self.offences += 1
        person.threshold -= math.log(self.uniform())
        draw = self.uniform()
        kind = next((place for place, edge in enumerate(self.edges) if draw < edge), len(self.edges) - 1)
        if self.uniform() < self.detected[kind]:
            self.env.process(self._case(person, kind))

    def _case(self, person: Person, kind: int) -> Story:
        courts, env = self.courts, self.env
        spread = courts.arrest_spread
        days = courts.arrest_days * math.exp(spread * self.random.standard_normal() - spread**2 / 2)
        yield env.timeout(days)
        arrested = env.now
        remanded = self.uniform() < courts.remand_share
        listing = -courts.listing_days * math.log(self.uniform())
        if self.uniform() >= courts.completed_at_once_share:
            listing -= (
                courts.completion_days / (1 - courts.completed_at_once_share) * math.log(self.uniform())
            )
        listing += 1.0
        if remanded:
            person.out = max(person.out, arrested + listing)
        yield env.timeout(listing)
        if self.uniform() >= self.conviction:
            return
        self.sanctions += 1
        person.sanctions += 1
        person.kind = kind
        passed = self.bench.sentence(
            kind=kind, sanctions=person.sanctions, disposal=self.uniform(), length=self.uniform(), breach=1.0
        )
        person.origin = person.sanctioned = env.now
        if passed.disposal == CUSTODY:
            served = listing if remanded else 0.0
            person.out = max(person.out, env.now) + max(1.0, float(passed.custody_days) - served)
        self._assess(person, env.now)

    def _contacts(self, person: Person, agency: str, weekly: float) -> Story:
        """Ask for a member of staff whenever a contact falls due; keep it if the person is at liberty."""
        env, staff = self.env, self.staff[agency]
        due = self.uniform() * 7
        while True:
            yield env.timeout(max(0.0, due - env.now))
            due = env.now + 7 / weekly
            if not person.free:
                continue
            with staff.request() as turn:
                yield turn
                left = CONTACT_MINUTES / MINUTES_IN_A_DAY
                while left > 0:
                    closed = self._until_open()
                    if closed > 0:
                        yield env.timeout(closed)
                    part = min(left, CLOSES - env.now % 1.0)
                    yield env.timeout(part)
                    left = left - part if left - part > 1e-9 else 0.0
            self.contacts += person.free

    def _until_open(self) -> float:
        """Return how long it is until staff are at work: Mondays to Fridays, from nine for their minutes."""
        now = self.env.now
        day, hour = divmod(now, 1.0)
        weekday = (self.weekday + int(day)) % 7
        if weekday < 5 and OPENS <= hour < CLOSES - 1e-9:
            return 0.0
        ahead = 0 if hour < OPENS else 1
        while (weekday + ahead) % 7 >= 5:
            ahead += 1
        return day + ahead + OPENS - now
