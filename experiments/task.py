"""Tasks: one replication of scenarios that share a pool and a twin, as something a worker can be sent."""

import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from typing import NamedTuple, Protocol

from simulation import Result, Timeline

#: More scenarios than this are shared out among tasks: little is lost when one is cut short, and the pool
#: and the twin, made anew by each, stay a small share of the work.
SCENARIOS_A_TASK = 16


class Simulate(Protocol):
    """What runs one replication: :func:`simulation.replicate`, or a stand-in with the same arguments."""

    def __call__(
        self,
        scenarios: Mapping[str, Timeline],
        *,
        seed: int,
        replication: int,
        years: float,
        events: bool = False,
    ) -> list[Result]:
        """Return one result a scenario, in order."""
        ...


class Task(NamedTuple):
    """Scenarios of one replication."""

    replication: int
    scenarios: tuple[str, ...]


Finished = tuple[Task, list[Result]]


@dataclass(frozen=True)
class Job:
    """What the tasks of a study have in common; called with one, it runs it."""

    simulate: Simulate
    timelines: Mapping[str, Timeline]
    seed: int
    years: float
    events: bool

    def __call__(self, task: Task) -> list[Result]:
        """Return one result a scenario of a task; an error becomes failed results."""
        own = {name: self.timelines[name] for name in task.scenarios}
        try:
            return self.simulate(
                own, seed=self.seed, replication=task.replication, years=self.years, events=self.events
            )
        except Exception:
            error = traceback.format_exc(limit=3)
            return [Result(name, error=error) for name in task.scenarios]

    def only(self, task: Task) -> "Job":
        """Return the job with no more than a task needs."""
        return replace(self, timelines={name: self.timelines[name] for name in task.scenarios})


def groups(timelines: Mapping[str, Timeline]) -> Iterator[tuple[str, ...]]:
    """Yield the scenarios that share a pool and a twin, in parts of about the same size."""
    sharing: dict[tuple[object, ...], list[str]] = {}
    for name, timeline in timelines.items():
        first = timeline[0][1]
        world = (first.iom_start, first.start, first.world().model_dump_json())
        sharing.setdefault(world, []).append(name)
    for names in sharing.values():
        parts = ceil(len(names) / SCENARIOS_A_TASK)
        ends = [len(names) * part // parts for part in range(parts + 1)]
        for begin, end in pairwise(ends):
            yield tuple(names[begin:end])
