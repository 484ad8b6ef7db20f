"""What averts offences: desistance, disruption and enforcement told apart by switching each off.

Every effect of the model belongs to one of three ways. The same people with the same luck are run with every
set of ways switched off, eight runs in all; a way's part is what it adds, averaged over the orders in which
the three can be switched on (Shapley's value), so that the parts add up to what all avert, in every run.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import factorial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.conduct import Case, Work, conduct
from experiments.deciding.quantity import MissingRowsError
from experiments.plan import Plan
from experiments.progress import Progress
from experiments.task import Simulate
from scenarios import Scenario, load
from scenarios.tree import about, declared_at
from simulation import Parameters

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Split(NamedTuple):
    """Offences averted by each way, a value a replication, which add up to ``offences_averted``."""

    parts: "dict[str, NDArray[np.float64]]"
    #: The draw that each replication was run under, shape ``(n,)``.
    draws: "NDArray[np.int64]"
    folder: Path


#: The ways in which the partnership's work averts offences, and the effects that belong to each.
WAYS = {
    "desistance": ("response.log_odds_per_hour", "pathways.relief.effect"),
    "disruption": ("response.deterrence_log_odds", "response.detection_per_hour"),
    # What moves people into custody or out of it, and sooner.
    "incapacitation": (
        "enforcement.acted_share", "at_court.sessions.every_weeks", "at_court.premium.saved_share",
        "at_court.reports.log_odds", "at_court.cautions.share",
    ),
}  # fmt: skip
TABLE = "averted.csv"


def without(scenario: Scenario, off: Sequence[str]) -> Scenario:
    """Return a scenario in which some of :data:`WAYS` change nothing, from the first day on, in any draw."""
    if not off:
        return scenario
    neutral = {
        tuple(key.split(".")): about(declared_at(Parameters, key))["neutral"]
        for way in off
        for key in WAYS[way]
    }
    return scenario.holding(f"{scenario.name} without {' and '.join(off)}", neutral)


def parts(averted: "Mapping[frozenset[str], NDArray[np.float64]]") -> "dict[str, NDArray[np.float64]]":
    """Return each way's part, a value a run.

    Parameters
    ----------
    averted
        Offences averted by every set of ways that are switched on, each of shape ``(n,)``.
    """
    count, found = len(WAYS), {}
    for way in WAYS:
        others = [other for other in WAYS if other != way]
        found[way] = np.zeros_like(next(iter(averted.values())))
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for on in map(frozenset, combinations(others, size)):
                found[way] = found[way] + weight * (averted[on | {way}] - averted[on])
    return found


def split(
    site: str, option: str = "", *, plan: Plan | None = None, out: Path | str | None = None,
    progress: Progress | None = None, simulate: Simulate | None = None, command: Sequence[str] = (),
) -> Split:  # fmt: skip
    """Run a scenario with every set of ways off, and return each way's offences averted.

    Parameters
    ----------
    site, option
        As for :func:`experiments.run`.
    plan, out, progress, simulate, command
        As for :func:`experiments.compare`.

    Raises
    ------
    MissingRowsError
        If a run failed, since the parts would not add up any more.
    """
    scenario = load(site, option)
    sets = [frozenset(on) for size in range(len(WAYS), -1, -1) for on in combinations(WAYS, size)]
    resolved = {on: without(scenario, [way for way in WAYS if way not in on]) for on in sets}
    cases = [Case(one, scenario.name if one.name != scenario.name else "") for one in resolved.values()]
    work = Work(
        cases, plan or Plan(), f"{scenario.name}-averted", Path(out) if out is not None else None,
        about={"command": list(command)}, simulate=simulate, progress=progress,
    )  # fmt: skip
    found = conduct(work)
    failed = found.runs.loc[found.runs["status"] != "done", "scenario"].unique()
    if len(failed):
        raise MissingRowsError(f"runs failed: {', '.join(failed)}; the same command runs them again")
    wide = found.runs.pivot(index="replication", columns="scenario", values="offences_averted")
    own = parts({on: wide[one.name].to_numpy(float) for on, one in resolved.items()})
    draws = found.runs.drop_duplicates("replication").set_index("replication").loc[wide.index, "draw"]
    return Split(own, draws.to_numpy(np.int64), found.folder)
