"""One replication: the twin and every scenario that shares its luck."""

import gc
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

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

    The pool is grown and the twin is run once for all scenarios that share a world.

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
    results = _run_all(scenarios, seed, replication, years, events)
    # Models hold themselves in circles, and there are too few objects in them for a collection to begin by
    # itself before their columns have filled the memory.
    gc.collect()
    return results


def _run_all(
    scenarios: Mapping[str, Timeline], seed: int, replication: int, years: float, events: bool
) -> list[Result]:
    twins: dict[str, tuple[Careers, IOMModel]] = {}
    results = []
    for name, timeline in scenarios.items():
        try:
            careers, twin = _twin(twins, timeline, seed, replication, years)
            model = IOMModel(
                timeline, seed=seed, replication=replication, years=years, careers=careers, keep_events=events
            ).run()
            series = weekly(model) | {f"twin_{key}": value for key, value in weekly(twin).items()}
            results.append(Result(name, outcomes(model, twin), series, model.recorder.events))
        except Exception:
            results.append(Result(name, error=traceback.format_exc(limit=3)))
    return results


def _twin(
    twins: dict[str, tuple[Careers, IOMModel]], timeline: Timeline, seed: int, replication: int, years: float
) -> tuple[Careers, IOMModel]:
    first = timeline[0][1]
    key = f"{first.iom_start} {first.start} {first.world().model_dump_json()}"
    if key not in twins:
        days = Calendar(first.iom_start).day(years_later(first.start, years))
        careers = grow_pool(first.world(), Luck(seed, replication), days)
        twin = IOMModel(
            timeline[:1], seed=seed, replication=replication, years=years, partnership=False, careers=careers
        )
        twins[key] = careers, twin.run()
    return twins[key]
