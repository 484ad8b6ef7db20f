"""Time the model against the plain program, and test that they agree."""

import argparse
import json
import time
from pathlib import Path
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


def small_world(case: Case) -> tuple[Parameters, Careers]:
    """Return a case's parameters and pool; nobody joins on the way, so that both have the same people."""
    values = parameters(pool_per_year=case.pool_per_year, managed=case.managed)
    return values, grow_pool(values.world(), Luck(1, 0), 1)


def time_ours(values: Parameters, careers: Careers, replication: int) -> Timed:
    """Run the model for a year and time its days."""
    model = IOMModel(((values.iom_start, values),), replication=replication, careers=careers, years=1.0)
    begun = time.perf_counter()
    while model.day < DAYS:
        model.step()
    seconds = time.perf_counter() - begun
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
    first = IOMModel(((values.iom_start, values),), replication=replication, careers=careers, years=1.0)
    first.step()
    assert first.partnership is not None
    program = Plain(values, careers, first.partnership.caseload.rows(), seed=1000 + replication)
    begun = time.perf_counter()
    program.run(DAYS)
    seconds = time.perf_counter() - begun
    return Timed(seconds, {name: float(getattr(program, name)) for name in OUTCOMES})


def compare(case: Case, repeats: int) -> dict[str, Any]:
    """Return the ratio of times, interleaved, and two-sided tests of agreement."""
    from scipy import stats

    values, careers = small_world(case)
    ours, plain = [], []
    for replication in range(repeats):
        ours.append(time_ours(values, careers, replication))
        plain.append(time_plain(values, careers, replication))
    fast, slow = (float(np.median([run.seconds for run in runs])) for runs in (ours, plain))
    agreement = {}
    for name in OUTCOMES:
        a, b = ([run.counts[name] for run in runs] for runs in (ours, plain))
        agreement[name] = {
            "model": float(np.mean(a)), "plain": float(np.mean(b)),
            "p": float(stats.ttest_ind(a, b, equal_var=False).pvalue),
        }  # fmt: skip
    contacts = agreement["contacts"]["model"]
    return {
        "case": case.name, "people": len(careers), "managed": case.managed, "repeats": repeats,
        "seconds": fast, "plain_seconds": slow, "ratio": slow / fast, "bar": case.bar,
        "offender_days_per_second": len(careers) * DAYS / fast, "contacts_per_second": contacts / fast,
        "plain_offender_days_per_second": len(careers) * DAYS / slow,
        "plain_contacts_per_second": agreement["contacts"]["plain"] / slow, "agreement": agreement,
    }  # fmt: skip


def scaling(large_per_year: float, days: int) -> dict[str, Any]:
    """Return what a person-day costs in a large pool against a small one, a fifth of each managed."""
    cost = {}
    for per_year in (1450.0, large_per_year):
        values = parameters(pool_per_year=per_year, managed=1)
        careers = grow_pool(values.world(), Luck(1, 0), 1)
        values = parameters(pool_per_year=per_year, managed=len(careers) // 5)
        seconds = []
        for replication in range(3):
            model = IOMModel(
                ((values.iom_start, values),), replication=replication, careers=careers, years=1.0
            )
            model.step()
            begun = time.perf_counter()
            for _ in range(days):
                model.step()
            seconds.append(time.perf_counter() - begun)
        cost[len(careers)] = float(np.median(seconds)) / (days * len(careers)) * 1e6
    small, large = cost
    return {"microseconds_per_person_day": cost, "ratio": cost[large] / cost[small], "bar": 1.5}


def main() -> None:
    """Run the benchmark, print figures beside bars, and keep them in ``results/benchmark.json``."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--quick", action="store_true", help="two repeats and smaller pools")
    quick = reader.parse_args().quick
    found: dict[str, Any] = {"cases": []}
    for case in CASES:
        result = compare(case, repeats=2 if quick else 6)
        found["cases"].append(result)
        verdict = "reached" if result["ratio"] >= case.bar else "fallen short"
        print(f"{case.name} ({result['people']:,} rows): {result['ratio']:.1f} times as fast as plain SimPy, "
              f"bar {case.bar:g}: {verdict}")  # fmt: skip
        for what in ("offender_days", "contacts"):
            print(f"  {what.replace('_', '-')} a second: {result[what + '_per_second']:,.0f}"
                  f" against {result['plain_' + what + '_per_second']:,.0f}")  # fmt: skip
        for name, row in result["agreement"].items():
            print(f"  {name}: {row['model']:,.0f} against {row['plain']:,.0f}, two-sided p {row['p']:.2f}")
    found["scaling"] = scaling(29_000 if quick else 145_000, 20 if quick else 30)
    ratio = found["scaling"]["ratio"]
    costs = ", ".join(
        f"{n:,} people {cost:.2f} microseconds"
        for n, cost in found["scaling"]["microseconds_per_person_day"].items()
    )
    print(
        f"a person-day: {costs}; ratio {ratio:.2f}, bar 1.5: {'reached' if ratio <= 1.5 else 'fallen short'}"
    )
    path = Path("results/benchmark.json")
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
