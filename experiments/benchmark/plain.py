"""The plain way in SimPy: one process a person, one more for each contact plan, each contact a request.

Written as a competent modeller would write it without columns: people are objects with slots, staff are
SimPy resources, random numbers come from one local generator drawn in blocks. A person's process wakes once
a day at liberty to look at risk, which in the whole model anything can move on any day. Under the reduced
rules alone it could sleep until the next offence instead, by inverting the hazard, which would be faster,
most of all where few are managed.
"""

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import simpy

from experiments.benchmark import law as the
from experiments.benchmark.law import Law
from experiments.benchmark.rules import CONTACT_MINUTES, FIRST_REVIEW, MINUTES_A_DAY, REVIEW_EVERY_DAYS
from experiments.benchmark.start import Counts, Start
from simulation.bands import AMBER, BLUE, GREEN, RED
from simulation.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from simulation.hazard import HORIZON_MONTHS

Story = Generator[simpy.Event, Any, None]
MINUTES_IN_A_DAY = 24 * 60
OPENS = 9 / 24
CLOSES = OPENS + MINUTES_A_DAY / MINUTES_IN_A_DAY


@dataclass(slots=True)
class Visits:
    """One agency's visits to one person: the next is due at a time, and until then its process sleeps."""

    agency: int
    due: float = math.inf
    asleep: bool = False
    process: simpy.Process | None = None

    def bring_forward(self, due: float) -> None:
        """Let the next visit fall due no later than then."""
        if due < self.due:
            self.due = due
            if self.asleep and self.process is not None:
                self.process.interrupt()


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
    known: float
    known_on: float = 0.0
    accrued: float = 0.0
    floor: float = 0.0
    excess: float = 0.0
    free: bool = False
    received: float = -1.0
    band: int = GREEN
    banded: float = 0.0
    visits: list[Visits] = field(default_factory=list)


class Plain:
    """The plain program.

    Parameters
    ----------
    law, start
        The rules' numbers, and the pool.
    seed
        Seed of its generator.
    """

    def __init__(self, law: Law, start: Start, seed: int) -> None:
        self.env, self.law = simpy.Environment(), law
        self.random = np.random.default_rng(seed)
        self._uniform: Iterator[float] = iter(())
        self._normal: Iterator[float] = iter(())
        self.contacts = self.offences = self.sanctions = 0
        self.custody_days = 0.0
        self.band_days = [0.0] * 4
        self.staff = [simpy.Resource(self.env, posts) for posts in law.posts]
        self.carried: list[Person] = []
        columns = (column.tolist() for column in start)
        self.people = [self._person(*row) for row in zip(*columns, strict=True)]
        self.env.process(self._reviews())

    def run(self, days: int) -> Counts:
        """Run for some days and return what happened."""
        self.env.run(until=days)
        # Those still inside have served since they were received, or since the beginning.
        self.custody_days += sum(days - one.received for one in self.people if one.received >= 0)
        for person in self.carried:
            self.band_days[person.band] += days - person.banded
        per_band = (self.band_days[band] for band in (RED, AMBER, GREEN))
        return Counts(self.contacts, self.offences, self.sanctions, self.custody_days, *per_band)

    def uniform(self) -> float:
        """Return a uniform number, drawn in blocks."""
        try:
            return next(self._uniform)
        except StopIteration:
            self._uniform = iter(self.random.random(4096).tolist())
            return next(self._uniform)

    def normal(self) -> float:
        """Return a standard normal number, drawn in blocks."""
        try:
            return next(self._normal)
        except StopIteration:
            self._normal = iter(self.random.standard_normal(1024).tolist())
            return next(self._normal)

    def exponential(self) -> float:
        """Return a unit exponential number."""
        return -math.log(1.0 - self.uniform())

    def _person(
        self, female: bool, birth: float, age_first: float, need: float, sanctions: int, kind: int,
        sanctioned: float, released: float, known: float, managed: bool,
    ) -> Person:  # fmt: skip
        person = Person(
            female, birth, age_first, need, sanctions, kind, origin=released, out=released,
            sanctioned=sanctioned, threshold=self.exponential(), known=known,
        )  # fmt: skip
        self._assess(person)
        if managed:
            self.carried.append(person)
            person.visits = [Visits(agency) for agency in range(len(self.staff))]
            for visits in person.visits:
                visits.process = self.env.process(self._contacts(person, visits))
        self.env.process(self._life(person))
        return person

    def _assess(self, person: Person) -> None:
        z = the.log_odds(
            person.female, (person.origin - person.birth) / DAYS_PER_YEAR,
            (person.sanctioned - person.birth) / DAYS_PER_YEAR, person.age_first, person.sanctions,
            person.kind, person.need,
        )  # fmt: skip
        person.floor, person.excess = the.hazard(z)

    def _life(self, person: Person) -> Story:
        """Look at risk every morning at liberty; sit out custody."""
        env = self.env
        pace = self.law.pace
        while True:
            if person.out > env.now:
                begun = person.received = env.now
                person.free = False
                if person.visits:
                    self._into(person, BLUE)
                yield from self._sit_out(person)
                self.custody_days += env.now - begun
                person.received = -1.0
                # Noticed on a morning; what led to it happened on the day before.
                if person.sanctioned >= begun - 1 or begun == 0:
                    person.origin = person.out
                    self._assess(person)
                else:
                    person.origin += env.now - begun
            if not person.free:
                person.free = True
                if person.visits:
                    self._come_out(person)
            months = max(0.0, (env.now + 0.5 - person.origin) / DAYS_PER_MONTH)
            person.accrued += pace * (person.floor + person.excess * math.exp(-months / HORIZON_MONTHS))
            while person.accrued >= person.threshold:
                self._offend(person)
            yield env.timeout(1.0)

    def _sit_out(self, person: Person) -> Story:
        while person.out > self.env.now:
            yield self.env.timeout(math.ceil(person.out) - self.env.now)

    def _offend(self, person: Person) -> None:
        law = self.law
        self.offences += 1
        person.threshold += self.exponential()
        draw = self.uniform()
        kind = next((place for place, edge in enumerate(law.kind_edges) if draw < edge), -1)
        if self.uniform() < law.detected[kind]:
            self.env.process(self._case(person, kind % len(law.kind_edges)))

    def _case(self, person: Person, kind: int) -> Story:
        law, env = self.law, self.env
        yield env.timeout(the.days_to_arrest(law, self.normal()))
        self._learn(person)
        remanded = self.uniform() < law.remand_share
        waits = the.days_to_court(law, self.exponential(), self.exponential(), self.uniform())
        if remanded:
            person.out = max(person.out, env.now + waits)
        yield env.timeout(waits)
        if self.uniform() >= law.conviction_share:
            return
        self._learn(person)
        self.sanctions += 1
        person.sanctions += 1
        person.kind = kind
        person.origin = person.sanctioned = env.now
        served = the.days_served(law, kind, person.sanctions, self.uniform(), self.normal())
        if served:
            person.out = max(person.out, env.now) + max(1.0, served - waits * remanded)
        self._assess(person)

    def _learn(self, person: Person) -> None:
        """Let an arrest or a sanction be known."""
        now = self.env.now
        person.known = 1.0 + person.known * self.law.fades ** (now - person.known_on)
        person.known_on = now

    def _into(self, person: Person, band: int) -> None:
        """Put a person into a band."""
        now = self.env.now
        self.band_days[person.band] += now - person.banded
        person.band, person.banded = band, now
        for visits in person.visits:
            weekly = self.law.weekly[band][visits.agency]
            if weekly:
                visits.bring_forward(now + 7 / weekly)
            else:
                visits.due = math.inf

    def _judge(self, person: Person) -> None:
        """Put a person into the band that is due to what is known."""
        known = person.known * self.law.fades ** (self.env.now - person.known_on)
        self._into(person, the.band(self.law, known))

    def _come_out(self, person: Person) -> None:
        """Set the band of a person who is out again, and let contacts begin."""
        self._judge(person)
        begin = self.uniform()
        for visits in person.visits:
            visits.due = math.inf
            visits.bring_forward(self.env.now + 7 * begin)

    def _reviews(self) -> Story:
        yield self.env.timeout(FIRST_REVIEW)
        while True:
            for person in self.carried:
                if person.band != BLUE:
                    self._judge(person)
            yield self.env.timeout(REVIEW_EVERY_DAYS)

    def _contacts(self, person: Person, visits: Visits) -> Story:
        """Ask for a member of staff on the morning after a contact falls due; it counts if it is kept."""
        env, staff, weekly = self.env, self.staff[visits.agency], self.law.weekly
        while True:
            visits.asleep = True
            while visits.due > env.now:
                try:
                    sleep = math.ceil(visits.due) - env.now if visits.due < math.inf else math.inf
                    yield env.timeout(sleep) if sleep < math.inf else env.event()
                except simpy.Interrupt:
                    continue
            visits.asleep = False
            visits.due += 7 / weekly[person.band][visits.agency]
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
        weekday = (self.law.weekday + int(day)) % 7
        if weekday < 5 and OPENS <= hour < CLOSES - 1e-9:
            return 0.0
        ahead = 0 if hour < OPENS else 1
        while (weekday + ahead) % 7 >= 5:
            ahead += 1
        return day + ahead + OPENS - now


def run(law: Law, start: Start, days: int, seed: int) -> Counts:
    """Run the plain program."""
    return Plain(law, start, seed).run(days)
