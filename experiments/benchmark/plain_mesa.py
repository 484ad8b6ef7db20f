"""The plain way in Mesa: people are agents who step once a day, and agencies agents who work off a queue.

Written as Mesa's own examples are: state in attributes, ``AgentSet.do`` for a phase of the day, no event
list. What happens to a person on a later day waits on a heap of their own. Random numbers are Mesa's
``model.random``, which for single numbers is quicker than a NumPy generator.
"""

import math
from collections import deque
from heapq import heappop, heappush

import mesa

from experiments.benchmark import law as the
from experiments.benchmark.law import Law
from experiments.benchmark.rules import CONTACT_MINUTES, FIRST_REVIEW, MINUTES_A_DAY, REVIEW_EVERY_DAYS
from experiments.benchmark.start import Counts, Start
from simulation.bands import AMBER, BLUE, GREEN, RED
from simulation.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from simulation.hazard import HORIZON_MONTHS


class Person(mesa.Agent):
    """One person."""

    model: "PlainMesa"

    def __init__(
        self, model: "PlainMesa", female: bool, birth: float, age_first: float, need: float, sanctions: int,
        kind: int, sanctioned: float, released: float, known: float, managed: bool,
    ) -> None:  # fmt: skip
        super().__init__(model)
        self.female, self.birth, self.age_first, self.need = female, birth, age_first, need
        self.sanctions, self.kind, self.sanctioned = sanctions, kind, sanctioned
        self.origin = self.out = released
        self.known, self.managed = known, managed
        self.accrued, self.threshold = 0.0, model.random.expovariate(1.0)
        #: Arrests and hearings to come: time, whether it is the hearing, kind, days held on remand.
        self.cases: list[tuple[float, bool, int, float]] = []
        self.free, self.received = True, 0.0
        # Nobody has a band before the first day, on which contacts begin as they do on coming out.
        self.band = BLUE
        self.due = [math.inf] * len(model.agencies)
        self.assess()

    def assess(self) -> None:
        """Work out the hazard by the record."""
        z = the.log_odds(
            self.female, (self.origin - self.birth) / DAYS_PER_YEAR,
            (self.sanctioned - self.birth) / DAYS_PER_YEAR, self.age_first, self.sanctions, self.kind,
            self.need,
        )  # fmt: skip
        self.floor, self.excess = the.hazard(z)

    def live(self) -> None:
        """Live through a morning: what happened since the last one, risk, and contacts that fall due."""
        model = self.model
        self.known *= model.law.fades
        while self.cases and self.cases[0][0] < model.day:
            self.go_through(*heappop(self.cases))
        inside = self.out > model.day
        if inside == self.free:
            self.move(inside)
        if inside:
            model.custody_days += 1
        else:
            self.take_risks()
        if self.managed:
            self.be_seen(inside)

    def move(self, inside: bool) -> None:
        """Go inside or come out."""
        self.free = not inside
        if inside:
            self.received = self.model.day
        elif self.sanctioned >= self.received - 1 or self.received == 0:
            self.origin = self.out
            self.assess()
        else:
            self.origin += self.model.day - self.received

    def take_risks(self) -> None:
        """Accrue a day's risk, and offend when it is enough."""
        model, law = self.model, self.model.law
        months = max(0.0, (model.day + 0.5 - self.origin) / DAYS_PER_MONTH)
        self.accrued += law.pace * (self.floor + self.excess * math.exp(-months / HORIZON_MONTHS))
        while self.accrued >= self.threshold:
            model.offences += 1
            self.threshold += model.random.expovariate(1.0)
            draw = model.random.random()
            kind = next((place for place, edge in enumerate(law.kind_edges) if draw < edge), 0)
            if model.random.random() < law.detected[kind]:
                days = the.days_to_arrest(law, model.random.gauss(0.0, 1.0))
                heappush(self.cases, (model.day + days, False, kind, 0.0))

    def go_through(self, time: float, hearing: bool, kind: int, remanded: float) -> None:
        """Be arrested, or have a case heard."""
        model, law, luck = self.model, self.model.law, self.model.random
        if not hearing:
            self.known += 1.0
            waits = the.days_to_court(law, luck.expovariate(1.0), luck.expovariate(1.0), luck.random())
            remanded = waits if luck.random() < law.remand_share else 0.0
            if remanded:
                self.out = max(self.out, time + waits)
            heappush(self.cases, (time + waits, True, kind, remanded))
        elif luck.random() < law.conviction_share:
            model.sanctions += 1
            self.known += 1.0
            self.sanctions += 1
            self.kind, self.sanctioned, self.origin = kind, time, time
            served = the.days_served(law, kind, self.sanctions, luck.random(), luck.gauss(0.0, 1.0))
            if served:
                self.out = max(self.out, time) + max(1.0, served - remanded)
            self.assess()

    def be_seen(self, inside: bool) -> None:
        """Turn blue or back, and join the queues of agencies whose contacts are due."""
        model, law = self.model, self.model.law
        day = model.day
        if inside:
            if self.band != BLUE:
                self.band, self.due = BLUE, [math.inf] * len(self.due)
        elif self.band == BLUE:
            self.band = the.band(law, self.known)
            self.due = [day + 7 * model.random.random()] * len(self.due)
        elif model.reviews:
            self.review()
        model.band_days[self.band] += 1
        if model.working:
            for agency, due in enumerate(self.due):
                if due <= day:
                    self.due[agency] = max(due + 7 / law.weekly[self.band][agency], day - 2)
                    model.agencies[agency].queue.append(self)

    def review(self) -> None:
        """Take the band that what is known leads to."""
        band, day = the.band(self.model.law, self.known), self.model.day
        if band != self.band:
            self.band = band
            weekly = self.model.law.weekly[band]
            self.due = [min(due, day + 7 / each) for due, each in zip(self.due, weekly, strict=True)]


class Agency(mesa.Agent):
    """One agency: a queue, and the minutes of its staff."""

    model: "PlainMesa"

    def __init__(self, model: "PlainMesa", posts: int) -> None:
        super().__init__(model)
        self.minutes = posts * MINUTES_A_DAY
        self.queue: deque[Person] = deque()
        #: Minutes that the contact at the head of the queue has had.
        self.begun = 0.0

    def work(self) -> None:
        """See the people in the queue as long as the day's minutes last."""
        left = self.minutes + self.begun
        while self.queue and left >= CONTACT_MINUTES:
            left -= CONTACT_MINUTES
            person = self.queue.popleft()
            self.model.contacts += person.free
        self.begun = left if self.queue else 0.0


class PlainMesa(mesa.Model):
    """The plain program.

    Parameters
    ----------
    law, start
        The rules' numbers, and the pool.
    seed
        Seed of its generator.
    """

    def __init__(self, law: Law, start: Start, seed: int) -> None:
        super().__init__(seed=seed)
        self.law, self.day = law, 0
        self.contacts = self.offences = self.sanctions = self.custody_days = 0
        self.band_days = [0] * 4
        self.agencies = [Agency(self, posts) for posts in law.posts]
        rows = zip(*(column.tolist() for column in start), strict=True)
        self.persons = [Person(self, *row) for row in rows]

    def step(self) -> None:
        """Let a day pass."""
        self.working = (self.law.weekday + self.day) % 7 < 5
        self.reviews = self.day % REVIEW_EVERY_DAYS == FIRST_REVIEW
        self.agents_by_type[Person].do("live")
        if self.working:
            self.agents_by_type[Agency].do("work")
        self.day += 1


def run(law: Law, start: Start, days: int, seed: int) -> Counts:
    """Run the plain program."""
    model = PlainMesa(law, start, seed)
    for _ in range(days):
        model.step()
    per_band = (model.band_days[band] for band in (RED, AMBER, GREEN))
    return Counts(model.contacts, model.offences, model.sanctions, model.custody_days, *per_band)
