"""Where our time goes under the reduced rules, by phase of the day."""

import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from experiments.benchmark import rules
from experiments.benchmark.compare import Case
from experiments.benchmark.start import our_model, pool
from simulation import IOMModel

EVENTS = "events, and all else"


def by_phase(case: Case, days: int) -> dict[str, float]:
    """Return the share of a run's seconds that each phase of the day takes, the most first."""
    values = rules.parameters(pool_per_year=case.pool_per_year, managed=case.managed)
    model = our_model(values, pool(values))
    spent: dict[str, float] = defaultdict(float)
    watch(model, spent)
    begun = time.process_time()
    while model.day < days:
        model.step()
    whole = time.process_time() - begun
    spent[EVENTS] = whole - sum(spent.values())
    return {name: part / whole for name, part in sorted(spent.items(), key=lambda item: -item[1])}


def watch(model: IOMModel, spent: dict[str, float]) -> None:
    """Let a model add the seconds that each of its phases takes."""
    model._plan = [(name, _counted(act, name, spent)) for name, act in model._plan]


def _counted(act: Callable[[int], Any], name: str, spent: dict[str, float]) -> Callable[[int], Any]:
    """Return a phase of the day that adds the seconds it takes."""

    def counted(day: int) -> None:
        begun = time.process_time()
        act(day)
        spent[name] += time.process_time() - begun

    return counted
