"""What Ciw can say of the reduced rules: contacts as customers of three queues with servers on a schedule.

Ciw is a library for networks of queues. Customers arrive, wait, are served and leave; servers come and go by
a schedule, and a contact that closing time interrupts is resumed on the next working day. What it cannot
say is a person: somebody who owes contacts to three agencies at once, whose offences change what falls due,
who goes inside and out again, and whose band a meeting sets. So it is given the quiet rules, under which
everybody stays at liberty and in green, and agrees with ours on contacts alone; its time is that of less
work.
"""

from math import ceil

import ciw
import numpy as np
from numpy.typing import NDArray

from experiments.benchmark.law import Law
from experiments.benchmark.plain import CLOSES, MINUTES_IN_A_DAY, OPENS
from experiments.benchmark.rules import CONTACT_MINUTES
from experiments.benchmark.start import Counts, Start
from simulation.bands import GREEN


class FallingDue(ciw.dists.Distribution):  # type: ignore[misc]
    """Times between contacts of many people, each of whom owes one every so many days.

    Parameters
    ----------
    first
        Days of the first week on which people's first contacts fall due, shape ``(n,)``.
    every_days
        Days between a person's contacts, a week or more.
    """

    def __init__(self, first: NDArray[np.float64], every_days: float) -> None:
        self.first, self.every_days = np.sort(first).tolist(), every_days
        self.number, self.morning = 0, 0

    def sample(self, t: float | None = None, ind: object = None) -> float:
        """Return how long after the latest contact the next one is on somebody's list, as of a morning."""
        turn, place = divmod(self.number, len(self.first))
        self.number += 1
        before, self.morning = self.morning, ceil(self.first[place] + turn * self.every_days)
        return float(self.morning - before)


def run(law: Law, start: Start, days: int, seed: int) -> Counts:
    """Run the three queues; all that Ciw does not count is not a number."""
    ciw.seed(seed)
    luck = np.random.default_rng(seed)
    begin = 7 * luck.random(int(start.managed.sum()))
    network = ciw.create_network(
        arrival_distributions=[FallingDue(begin, 7 / weekly) for weekly in law.weekly[GREEN]],
        service_distributions=[ciw.dists.Deterministic(CONTACT_MINUTES / MINUTES_IN_A_DAY)] * len(law.posts),
        number_of_servers=[_week(law, posts) for posts in law.posts],
        routing=[[0.0] * len(law.posts)] * len(law.posts),
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(days)
    made = float(simulation.nodes[-1].number_of_completed_individuals)
    return Counts(made, *[float("nan")] * (len(Counts._fields) - 1))


def _week(law: Law, posts: int) -> ciw.Schedule:
    """Return a week of servers, from the weekday on which the run begins."""
    numbers, ends = [], []
    for day in range(7):
        if (law.weekday + day) % 7 < 5:
            numbers += [0, posts]
            ends += [day + OPENS, day + CLOSES]
    return ciw.Schedule([*numbers, 0], [*ends, 7.0], preemption="resume")
