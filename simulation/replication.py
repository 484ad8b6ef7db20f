"""One replication: the twin and every scenario that shares its luck."""

import gc
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from simulation.branch import BranchLostError, branch, can_branch
from simulation.calendar import Calendar, years_later
from simulation.careers import Careers
from simulation.luck import Luck
from simulation.model import IOMModel
from simulation.outcomes import outcomes, weekly
from simulation.parameters import Timeline
from simulation.recorder import Line
from simulation.world import grow_pool


@dataclass(frozen=True)
class Result:
    """What one scenario of a replication came to.

    A failed scenario has the error's text in ``error`` and nothing else. ``weekly`` series have shape
    ``(weeks,)``; those of the twin have ``twin_`` before their name.
    """

    scenario: str
    outcomes: dict[str, float] = field(default_factory=dict)
    weekly: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    events: list[Line] = field(default_factory=list)
    error: str = ""


def replicate(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Run every scenario of one replication, each against its twin.

    The pool is grown and the twin is run once for all scenarios that share a world; the years before the
    decision date are lived once for all that share them.

    Parameters
    ----------
    scenarios
        Timelines by name.
    seed, replication
        Keys of luck.
    years
        Years measured from the decision date.
    events
        Whether to keep event logs.

    Returns
    -------
    list of Result
        One a scenario, in the order given. A scenario that fails does not stop the others.
    """
    results = _run_all(scenarios, _Keys(seed, replication, years, events))
    # Models hold themselves in circles, and there are too few objects in them for a collection to begin by
    # itself before their columns have filled the memory.
    gc.collect()
    return results


@dataclass(frozen=True)
class _Keys:
    """What all runs of a replication have in common."""

    seed: int
    replication: int
    years: float
    events: bool

    def model(self, timeline: Timeline, careers: Careers, *, partnership: bool = True) -> IOMModel:
        return IOMModel(
            timeline, seed=self.seed, replication=self.replication, years=self.years, careers=careers,
            partnership=partnership, keep_events=self.events and partnership,
        )  # fmt: skip

    def pool(self, timeline: Timeline) -> Careers:
        first = timeline[0][1]
        days = Calendar(first.iom_start).day(years_later(first.start, self.years))
        return grow_pool(first.world(), Luck(self.seed, self.replication), days)


def _run_all(scenarios: Mapping[str, Timeline], keys: _Keys) -> list[Result]:
    twins: dict[str, tuple[Careers, IOMModel]] = {}
    found: dict[str, Result] = {}
    for names in _sharing_a_past(scenarios):
        timelines = {name: scenarios[name] for name in names}
        try:
            first = timelines[names[0]]
            world = _world(first)
            if world not in twins:
                careers = keys.pool(first)
                twins[world] = careers, keys.model(first[:1], careers, partnership=False).run()
            found |= {result.scenario: result for result in _futures(timelines, keys, *twins[world])}
        except Exception:
            error = traceback.format_exc(limit=3)
            found |= {name: Result(name, error=error) for name in names}
    return [found[name] for name in scenarios]


def _world(timeline: Timeline) -> str:
    """Return what decides the pool and the twin."""
    first = timeline[0][1]
    return f"{first.iom_start} {first.start} {first.world().model_dump_json()}"


def _sharing_a_past(scenarios: Mapping[str, Timeline]) -> list[list[str]]:
    """Return names of scenarios that are the same before the decision date, together."""
    pasts: list[tuple[Timeline, list[str]]] = []
    for name, timeline in scenarios.items():
        decided = timeline[0][1].start
        past = timeline[:1] + tuple(entry for entry in timeline[1:] if entry[0] < decided)
        names = next((names for other, names in pasts if other == past), None)
        if names is None:
            pasts.append((past, [name]))
        else:
            names.append(name)
    return [names for _, names in pasts]


def _futures(
    timelines: Mapping[str, Timeline], keys: _Keys, careers: Careers, twin: IOMModel
) -> Iterator[Result]:
    """Live one past, and every scenario's future of it: all but the last in copies of this process."""
    *others, last = timelines
    past = keys.model(timelines[last], careers)
    if others and can_branch():
        past.live_until(past.measured_from)
    for name in others:
        timeline = timelines[name]
        try:
            if not can_branch():
                raise BranchLostError("processes are not copied here")
            yield branch(partial(_future, name, past, timeline, twin))
        except BranchLostError:
            yield _future(name, keys.model(timeline, careers), timeline, twin)
    yield _future(last, past, timelines[last], twin)


def _future(name: str, model: IOMModel, timeline: Timeline, twin: IOMModel) -> Result:
    """Let a model follow a scenario's timeline to the end, and return what it came to."""
    try:
        model.follow(timeline)
        model.run()
        series = weekly(model) | {f"twin_{key}": value for key, value in weekly(twin).items()}
        return Result(name, outcomes(model, twin), series, model.recorder.events)
    except Exception:
        return Result(name, error=traceback.format_exc(limit=3))
