"""The model and the plain program side by side: seconds, counts, and tests that they agree.

Seconds are of the processor, so that other work on the machine disturbs them less. Python's cycle collector
stays on, as in ordinary use; it takes about a third of the plain program's time when thousands of contacts
are under way, and little of the model's.
"""

import gc
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from experiments.benchmark.plain import Plain
from experiments.benchmark.rules import parameters
from simulation import IOMModel, Parameters
from simulation.careers import Careers
from simulation.luck import Luck
from simulation.world import grow_pool

DAYS = 365
OUTCOMES = ("contacts", "offences", "sanctions", "custody_days")
#: Chance of calling any outcome different when none is, and of missing the difference that is printed.
ALPHA, MISSED = 0.05, 0.1


class Case(NamedTuple):
    """One size of the comparison."""

    name: str
    pool_per_year: float
    managed: int
    bar: float


CASES = (
    Case("2,000 people, 438 managed", 2900, 438, 4.0),
    Case("4,380 people, all managed", 6350, 4380, 20.0),
)


class Timed(NamedTuple):
    """Seconds and counts of one run."""

    seconds: float
    counts: dict[str, float]


def _without_open_cases(careers: Careers) -> Careers:
    """Return a pool in which no case waits when the run begins: the reduced rules know none."""
    return replace(careers, hearings=np.full_like(careers.hearings, np.inf))


def small_world(case: Case) -> tuple[Parameters, Careers]:
    """Return a case's parameters and pool; nobody joins on the way, so that both have the same people."""
    values = parameters(pool_per_year=case.pool_per_year, managed=case.managed)
    return values, _without_open_cases(grow_pool(values.world(), Luck(1, 0), 1))


def time_ours(values: Parameters, careers: Careers, replication: int) -> Timed:
    """Run the model for a year and time its days, the first day's selection included."""
    model = _model(values, careers, replication)
    seconds = _seconds(partial(_live, model, DAYS))
    daily = model.recorder.daily
    counts = {
        "contacts": float(daily("contacts_made")[:DAYS].sum()),
        "offences": float(daily("committed_offences")[:DAYS].sum()),
        "sanctions": float(daily("sanctions")[:DAYS].sum()),
        "custody_days": float(daily("in_custody")[:DAYS].sum()),
    }
    return Timed(seconds, counts)


def time_plain(values: Parameters, careers: Careers, replication: int) -> Timed:
    """Run the plain program for a year, with the people the model selects on its first day, and time it."""
    first = _model(values, careers, replication)
    first.step()
    program = Plain(values, careers, first.works.caseload.rows(), seed=1000 + replication)
    seconds = _seconds(partial(program.run, DAYS))
    return Timed(seconds, {name: float(getattr(program, name)) for name in OUTCOMES})


def compare(case: Case, repeats: int) -> dict[str, Any]:
    """Return the ratio of median times, interleaved, and a two-sided test of each outcome."""
    values, careers = small_world(case)
    ours, plain = [], []
    for replication in range(repeats):
        ours.append(time_ours(values, careers, replication))
        plain.append(time_plain(values, careers, replication))
    fast, slow = (float(np.median([run.seconds for run in runs])) for runs in (ours, plain))
    agreement = {
        name: agree([run.counts[name] for run in ours], [run.counts[name] for run in plain])
        for name in OUTCOMES
    }
    return {
        "case": case.name, "people": len(careers), "managed": case.managed, "repeats": repeats,
        "seconds": fast, "plain_seconds": slow, "ratio": slow / fast, "bar": case.bar,
        "offender_days_per_second": len(careers) * DAYS / fast,
        "plain_offender_days_per_second": len(careers) * DAYS / slow,
        "contacts_per_second": agreement["contacts"]["model"] / fast,
        "plain_contacts_per_second": agreement["contacts"]["plain"] / slow, "agreement": agreement,
    }  # fmt: skip


def agree(ours: list[float], plain: list[float]) -> dict[str, float]:
    """Return both means, Welch's two-sided p, and the relative difference that would hardly be missed.

    The difference is the one found with a power of ``1 - MISSED`` at the strictest of Holm's levels for all
    outcomes of all cases, in the normal-shift approximation to the noncentral t.
    """
    from scipy import stats

    test = stats.ttest_ind(ours, plain, equal_var=False)
    error = np.sqrt(np.var(ours, ddof=1) / len(ours) + np.var(plain, ddof=1) / len(plain))
    strictest = ALPHA / (len(OUTCOMES) * len(CASES))
    reach = stats.t.isf(strictest / 2, test.df) + stats.t.isf(MISSED, test.df)
    model = float(np.mean(ours))
    return {
        "model": model, "plain": float(np.mean(plain)), "p": float(test.pvalue),
        "seen_from_share": float(reach * error / model),
    }  # fmt: skip


def holm(p: list[float]) -> list[float]:
    """Return p-values adjusted after Holm (1979) for being one of several."""
    order = np.argsort(p)
    stepped = np.maximum.accumulate(np.array(p)[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(stepped, 1.0)
    return [float(each) for each in adjusted]


def scaling(large_per_year: float, days: int) -> dict[str, Any]:
    """Return what a person-day costs in a large pool against a small one, a fifth of each managed."""
    cost = {}
    for per_year in (1450.0, large_per_year):
        world = parameters(pool_per_year=per_year, managed=1).world()
        careers = _without_open_cases(grow_pool(world, Luck(1, 0), 1))
        values = parameters(pool_per_year=per_year, managed=len(careers) // 5)
        seconds = []
        for replication in range(3):
            model = _model(values, careers, replication)
            model.step()
            seconds.append(_seconds(partial(_live, model, 1 + days)))
        cost[len(careers)] = float(np.median(seconds)) / (days * len(careers)) * 1e6
    small, large = cost
    return {"microseconds_per_person_day": cost, "ratio": cost[large] / cost[small], "bar": 1.5}


def _model(values: Parameters, careers: Careers, replication: int) -> IOMModel:
    return IOMModel(((values.iom_start, values),), replication=replication, careers=careers, years=1.0)


def _live(model: IOMModel, until: int) -> None:
    while model.day < until:
        model.step()


def _seconds(run: Callable[[], object]) -> float:
    gc.collect()  # Nobody pays for what the run before left behind.
    begun = time.process_time()
    run()
    return time.process_time() - begun
