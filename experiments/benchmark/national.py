"""A national exercise: a hundred partnerships of 400 people for two years, and what they take.

Every replication of the study ``national`` is a partnership, with people and luck of its own. The seconds
each took by the clock and of the processor, and its memory, go into its row. From them a schedule is
simulated: of these workers, to be held against what was measured, and of more machines than there are.
"""

import argparse
import resource
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from heapq import heapify, heapreplace
from pathlib import Path
from typing import Any

from calibration.tables import write_table
from experiments import Plan, sweep
from experiments.progress import Standing
from experiments.runner import default_workers
from scenarios import load_study
from simulation import Result, Timeline, replicate
from simulation.calendar import DAYS_PER_YEAR

STUDY, CEILING = "national", "cohort.ceiling"
SECONDS, PROCESSOR, MEGABYTES = "seconds", "processor_seconds", "megabytes"
CORES_A_MACHINE = 2


def timed(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Run a replication as always, and keep the seconds it took and the most memory its process had."""
    begun, worked = time.perf_counter(), time.process_time()
    results = replicate(scenarios, seed=seed, replication=replication, years=years, events=events)
    # Kilobytes, but on a Mac bytes.
    scale = 1e6 if sys.platform == "darwin" else 1e3
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale
    took = {SECONDS: time.perf_counter() - begun, PROCESSOR: time.process_time() - worked, MEGABYTES: most}
    return [replace(result, outcomes={**result.outcomes, **took}) for result in results]


def makespan(seconds: Iterable[float], workers: int) -> float:
    """Return when the last task ends if each, in order, goes to the worker that is free first."""
    free = [0.0] * workers
    heapify(free)
    for each in seconds:
        heapreplace(free, free[0] + each)
    return max(free)


def exercise(
    partnerships: int, people: int, years: float, workers: int, scheduler: str, out: Path
) -> dict[str, Any]:
    """Run the exercise and return what it took."""
    file = load_study(STUDY)
    (factor,) = file.factors
    file = replace(file, factors=(replace(factor, values=(people,)),))
    plan = Plan(partnerships, years=years, workers=workers if not scheduler else None, scheduler=scheduler)
    told: list[Standing] = []
    study = sweep(file, plan=plan, out=out, simulate=timed, progress=told.append)
    done = study.runs[study.runs["status"] == "done"]
    took, elapsed = done[SECONDS], told[-1].seconds
    days = done["caseload_mean"].sum() * years * DAYS_PER_YEAR
    return {
        "partnerships": len(done), "failed": len(study.failed),
        "people_carried": float(done["caseload_mean"].mean()),
        "years": years, "workers": scheduler or workers, "runs_of_this_call": told[-1].ran,
        "seconds": elapsed, "seconds_a_partnership": float(took.mean()), "slowest": float(took.max()),
        "megabytes_a_process": float(done[MEGABYTES].max()),
        "processor_microseconds_a_person_day": float(1e6 * done[PROCESSOR].sum() / days),
        "schedule_seconds": makespan(took, workers),
        "schedule_seconds_of_100_machines": makespan(took, 100 * CORES_A_MACHINE),
    }  # fmt: skip


def told(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what the exercise took in words, a row each."""
    period = f"{found['years']:g} year{'s' * (found['years'] != 1)}"
    carried = f"{found['people_carried']:.0f} people carried each for {period}"
    own = found["runs_of_this_call"] == found["partnerships"]
    return [
        ("partnerships", f"{found['partnerships']}, {carried}; {found['failed']} failed"),
        ("workers", str(found["workers"])),
        ("by the clock", _time(found["seconds"]) if own else "not run at one go"),
        (
            "a partnership, mean and slowest",
            f"{found['seconds_a_partnership']:.1f} s, {found['slowest']:.1f} s",
        ),
        ("memory of a process, at the most", f"{found['megabytes_a_process']:,.0f} MB"),
        ("processor, a person carried and day", f"{found['processor_microseconds_a_person_day']:.1f} µs"),
        ("schedule of the same workers, simulated", _time(found["schedule_seconds"])),
        ("schedule of 100 machines of two cores", _time(found["schedule_seconds_of_100_machines"])),
    ]


def _time(seconds: float) -> str:
    return f"{seconds / 60:.1f} min" if seconds >= 100 else f"{seconds:.0f} s"


def main() -> None:
    """Run the exercise, and print and write what it took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--partnerships", type=int, default=100)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--years", type=float, default=2.0)
    parser.add_argument("--workers", type=int, default=0, help="processes; by default one a core")
    parser.add_argument("--scheduler", default="", help="address of a Dask scheduler")
    parser.add_argument("--out", type=Path, default=Path("results/national"))
    parser.add_argument("--table", type=Path, help="CSV to write")
    asked = parser.parse_args()
    workers = asked.workers or default_workers(asked.partnerships)
    found = exercise(asked.partnerships, asked.people, asked.years, workers, asked.scheduler, asked.out)
    rows = told(found)
    print("\n".join(f"{what}: {figure}" for what, figure in rows))
    if asked.table:
        write_table(asked.table, [("what", "figure"), *rows])


if __name__ == "__main__":
    # Workers elsewhere look for what they run by the module's own name.
    from experiments.benchmark import national

    national.main()
