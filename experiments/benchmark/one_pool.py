"""One pool of ever more people, with every practice of a site: seconds, memory, and cost of a person-day.

The site's own pool is grown so many times as large, with as many times its staff, places and courts, and
lived through from the first day. Each size has a process of its own, so that its memory is its own.
"""

import argparse
import multiprocessing
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from calibration.tables import write_table
from scenarios import load
from scenarios.tree import field_at
from simulation import IOMModel, Parameters

SITE = "nottingham"
#: What grows with the pool.
GROWING = ("first_sanctions_per_year", "cases_a_day", "officers", "workers", "funded_posts", "places")
TIMES = (1, 3, 10, 27)


class Lived(NamedTuple):
    """What a pool took: people, those carried on average, seconds of the processor, and megabytes."""

    people: int
    carried: float
    growing: float
    living: float
    days: int
    megabytes: float

    @property
    def microseconds(self) -> float:
        """Microseconds of a person and day, growing left out."""
        return 1e6 * self.living / (self.people * self.days)


def lived(times: float, days: int) -> Lived:
    """Return what a pool of so many times the site's takes over some days."""
    before = _most_memory()
    begun = time.process_time()
    values = Parameters(**_grown(load(SITE).timeline[0][1].model_dump(), times))
    model = IOMModel(((values.iom_start, values),), years=days / 365)
    grown = time.process_time()
    while model.day < days:
        model.step()
    done = time.process_time()
    carried = model.recorder.daily("caseload")[:days].mean()
    people = model.world.people.count
    return Lived(people, float(carried), grown - begun, done - grown, days, _most_memory() - before)


def _grown(values: dict[str, Any], times: float, above: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a tree of values in which what grows with the pool is larger, as far as a file may say."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        path = (*above, name)
        if isinstance(value, dict):
            found[name] = _grown(value, times, path)
        elif name in GROWING:
            field = field_at(Parameters, path)
            limits = [limit.le for limit in (field.metadata if field else ()) if hasattr(limit, "le")]
            found[name] = type(value)(min([value * times, *limits]))
        else:
            found[name] = value
    return found


def _most_memory() -> float:
    # Kilobytes, but on a Mac bytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def table(found: list[Lived], years: float) -> list[tuple[str, ...]]:
    """Return the sizes as rows of text, head first."""
    period = f"{years:g} year{'s' * (years != 1)}, s"
    head = ("people", "carried", "growing, s", period, "MB", "bytes a person", "microseconds a person-day")
    rows = [
        (
            f"{it.people:,}",
            f"{it.carried:,.0f}",
            f"{it.growing:.1f}",
            f"{it.living:.1f}",
            f"{it.megabytes:,.0f}",
            f"{1e6 * it.megabytes / it.people:,.0f}",
            f"{it.microseconds:.2f}",
        )
        for it in found
    ]
    return [head, *rows]


def main() -> None:
    """Live through each size, print what it took, and write it."""
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument(
        "--times", type=float, nargs="*", default=TIMES, help="sizes, as times the site's own"
    )
    reader.add_argument("--years", type=float, default=1.0)
    reader.add_argument("--table", type=Path, help="CSV to write")
    asked = reader.parse_args()
    found = []
    alone = multiprocessing.get_context("spawn")
    for times in asked.times:
        with ProcessPoolExecutor(1, mp_context=alone) as process:
            found.append(process.submit(lived, times, round(365 * asked.years)).result())
        print("  ".join(table(found[-1:], asked.years)[1]), flush=True)
    if asked.table:
        write_table(asked.table, table(found, asked.years))


if __name__ == "__main__":
    # The process that lives looks for what it runs by the module's own name.
    from experiments.benchmark import one_pool

    one_pool.main()
