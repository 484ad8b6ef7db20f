"""Tasks: one replication of scenarios that share a pool and a twin, as something a worker can be sent."""

import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from typing import NamedTuple, Protocol, Self

from calibration.posterior import Draws
from experiments.draws import draw_of, timeline_of
from scenarios import Scenario, ScenarioError
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


class Errand(Protocol):
    """What tasks have in common, sent to workers once; called with a task, it runs it."""

    def __call__(self, task: Task) -> list[Result]:
        """Return one result a name of the task."""
        ...

    def only(self, task: Task) -> Self:
        """Return it with no more than a task needs."""
        ...


@dataclass(frozen=True)
class Job:
    """What the tasks of a study have in common; called with one, it runs it.

    Timelines are drawn where they are run: those of all draws would be far larger than what they come from.
    """

    simulate: Simulate
    scenarios: Mapping[str, Scenario]
    seed: int
    years: float
    events: bool
    draws: Draws | None = None

    def __call__(self, task: Task) -> list[Result]:
        """Return one result a scenario of a task; an error becomes failed results."""
        timelines, refused = self._timelines(task)
        try:
            found = self.simulate(
                timelines, seed=self.seed, replication=task.replication, years=self.years, events=self.events
            ) if timelines else []  # fmt: skip
        except Exception:
            error = traceback.format_exc(limit=3)
            found = [Result(name, error=error) for name in timelines]
        by_name = refused | {result.scenario: result for result in found}
        return [by_name[name] for name in task.scenarios]

    def _timelines(self, task: Task) -> tuple[dict[str, Timeline], dict[str, Result]]:
        """Return a task's timelines, and failed results of scenarios that its draw cannot stand with."""
        timelines: dict[str, Timeline] = {}
        refused: dict[str, Result] = {}
        for name in task.scenarios:
            try:
                timelines[name] = timeline_of(self.scenarios[name], task.replication, self.draws)
            except ScenarioError as error:
                number = draw_of(task.replication, self.draws)
                told = "; ".join(str(problem) for problem in error.problems)
                refused[name] = Result(name, error=f"draw {number} cannot be run: {told}")
        return timelines, refused

    def only(self, task: Task) -> Self:
        """Return the job with no more than a task needs."""
        return replace(self, scenarios={name: self.scenarios[name] for name in task.scenarios})


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
