"""Time a whole site-run with everything on beside the reduced rules, and say where the time goes.

Seconds are those of the processor, the least of some runs of one call, because other programs may share the
machine. The reduced rules carry as many people out of a pool of the same size for the same number of days.
"""

import time
from argparse import ArgumentParser
from collections import defaultdict
from pathlib import Path

from calibration.tables import write_table
from experiments.benchmark import rules
from experiments.benchmark.profile import EVENTS, watch
from scenarios import load, site_names
from simulation import IOMModel, Timeline

COLUMNS = (
    "site",
    "people",
    "carried",
    "seconds",
    "of the twin",
    "reduced rules",
    "times",
    "where it goes, %",
)


def main() -> None:
    """Write a row a site."""
    parser = ArgumentParser(prog="python -m experiments.benchmark.phases", description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    rows = [row(site, asked.repeats) for site in site_names()]
    for line in (COLUMNS, *rows):
        print("  ".join(line))
    if asked.out:
        write_table(asked.out, [COLUMNS, *rows])


def row(site: str, repeats: int) -> list[str]:
    """Return a site's row: a year from the decision date, and the months before it."""
    timeline = load(site).timeline
    model, whole, share = timed(timeline, repeats)
    carried, people = int(model.works.caseload.carried.sum()), model.world.people.count
    _, twin, _ = timed(timeline, repeats, partnership=False)
    first = timeline[0][1]
    plain = rules.parameters(pool_per_year=first.pool.first_sanctions_per_year, managed=carried)
    same = {name: getattr(first, name) for name in ("pool", "iom_start", "start", "census_date")}
    plain = plain.model_copy(update=same)
    _, least, _ = timed(((plain.iom_start, plain),), repeats)
    most = sorted(share.items(), key=lambda item: -item[1])
    where = ", ".join(f"{name} {100 * part / whole:.0f}" for name, part in most if part / whole > 0.03)
    figures = (f"{whole:.2f}", f"{twin:.2f}", f"{least:.2f}", f"{whole / least:.1f}")
    return [site, str(people), str(carried), *figures, where]


def timed(
    timeline: Timeline, repeats: int, *, partnership: bool = True
) -> tuple[IOMModel, float, dict[str, float]]:
    """Return a model that has run, the seconds of the quickest of some runs, and those of its parts."""
    found = []
    for _ in range(repeats):
        spent: dict[str, float] = defaultdict(float)
        begun = time.process_time()
        model = IOMModel(timeline, years=1.0, partnership=partnership)
        spent["growing the pool"] = time.process_time() - begun
        watch(model, spent)
        model.run()
        whole = time.process_time() - begun
        spent[EVENTS] = whole - sum(spent.values())
        found.append((whole, model, spent))
    whole, model, spent = min(found, key=lambda one: one[0])
    return model, whole, spent


if __name__ == "__main__":
    main()
