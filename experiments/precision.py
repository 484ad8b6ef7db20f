"""Precision: whether the averages asked about are known well enough, and how far they are from it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.differences import TWIN, Done, summarise

if TYPE_CHECKING:
    import pandas as pd


class Reach(NamedTuple):
    """How precisely one mean difference is known.

    ``share`` is the half-width of its 95% interval over the level of the outcome in the first scenario;
    infinite while nothing is known.
    """

    outcome: str
    scenario: str
    share: float


def reaches(runs: "pd.DataFrame", references: Mapping[str, str], outcomes: Sequence[str]) -> list[Reach]:
    """Return how precisely each outcome's difference is known in each scenario.

    Parameters
    ----------
    runs
        One row a run.
    references
        Scenarios to be precise about, each with the one that it is compared with, or ``twin``; the level
        is that of the first scenario of ``runs``. An outcome that cannot be compared, as it describes other
        people in each scenario, is taken by itself.
    outcomes
        Names of outcomes.
    """
    done = Done(runs)
    first = str(runs["scenario"].iloc[0])
    return [
        Reach(outcome, name, _share(done, name, reference, outcome, first))
        for name, reference in references.items()
        for outcome in outcomes
    ]


def _share(done: Done, name: str, reference: str, outcome: str, first: str) -> float:
    levels = done.levels(first, outcome)
    if name not in done or not len(levels.values):
        return float("inf")
    pairs = None if reference == TWIN else done.to_scenario(name, reference, outcome)
    if pairs is None:
        pairs = done.to_twin(name, outcome)
    found = summarise(*(done.levels(name, outcome) if pairs is None else pairs))
    half, level = (found.high - found.low) / 2, abs(float(np.mean(levels.values)))
    return half / level if level and half == half else 0.0 if half == 0 else float("inf")


def in_words(reached: Iterable[Reach], precision: float, replications: int) -> str:
    """Say whether a precision is reached and, if not, by what it is missed."""
    reached = list(reached)
    missed = sorted((r for r in reached if r.share > precision), key=lambda r: -r.share)
    if not missed:
        named = ", ".join(dict.fromkeys(r.outcome for r in reached))
        return f"precision {precision:g} reached: {replications} replications ({named})"
    far = "; ".join(f"{r.outcome} of {r.scenario} {r.share:.2g}" for r in missed[:3])
    more = f"; and {len(missed) - 3} more" if len(missed) > 3 else ""
    return f"precision {precision:g} not reached within the budget: {replications} replications; {far}{more}"
