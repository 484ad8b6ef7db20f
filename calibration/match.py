"""How well the sites match what is published about them, side by side."""

from argparse import ArgumentParser
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from calibration.census import at_census
from calibration.published import SITES
from calibration.tables import write_table
from scenarios import load
from simulation import Parameters

REPLICATIONS = 6
#: Factors on the entry score: as it is, and moved by a tenth, to show that nothing is pinned.
MOVES = (1.0, 0.9, 1.1)
COLUMNS = (
    "site",
    "figure",
    "source",
    "population",
    "published",
    "model",
    "within",
    "entry_-10%",
    "entry_+10%",
)


def moved(site: Parameters, factor: float) -> Parameters:
    """Return a site with its entry score moved, and the score below which people leave kept at or below."""
    entry = site.cohort.entry_score * factor
    exit_score = min(site.cohort.exit_score, entry)
    cohort = site.cohort.model_copy(update={"entry_score": entry, "exit_score": exit_score})
    return site.model_copy(update={"cohort": cohort})


def rows(sites: Sequence[str], replications: int, workers: int) -> list[list[str]]:
    """Return a row a target: published, the model's mean, within the bar or not, and both moves."""
    points = [(site, factor) for site in sites for factor in MOVES]
    parameters = {site: load(site).timeline[0][1] for site in sites}
    tasks = [(moved(parameters[s], factor), r) for s, factor in points for r in range(replications)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(at_census, *zip(*tasks, strict=True)))
    means = {
        point: {name: float(np.mean([one[name] for one in part])) for name in part[0]}
        for place, point in enumerate(points)
        if (part := found[place * replications : (place + 1) * replications])
    }
    return [
        [
            site, target.label, target.source, target.population, f"{target.value:g}",
            f"{means[site, 1.0][target.name]:.2f}",
            "yes" if target.is_met(means[site, 1.0][target.name]) else "no",
            *(f"{means[site, factor][target.name]:.2f}" for factor in MOVES[1:]),
        ]
        for site in sites
        for target in SITES[site]
    ]  # fmt: skip


def main() -> None:
    """Print the table of all sites, or of those named, and write it where ``--out FILE`` says."""
    asked = ArgumentParser(description=main.__doc__)
    asked.add_argument("site", nargs="*", metavar="SITE", help=", ".join(SITES))
    asked.add_argument("--out", type=Path, help="CSV file to write")
    given = asked.parse_args()
    unknown = [site for site in given.site if site not in SITES]
    if unknown:
        asked.error(f"{', '.join(unknown)}: no figures are published; expected {', '.join(SITES)}")
    table = rows(given.site or list(SITES), REPLICATIONS, workers=2)
    width = [max(len(line[at]) for line in [list(COLUMNS), *table]) for at in range(len(COLUMNS))]
    for line in [list(COLUMNS), *table]:
        print("  ".join(cell.ljust(size) for cell, size in zip(line, width, strict=True)).rstrip())
    met = sum(line[6] == "yes" for line in table)
    print(f"{met} of {len(table)} figures are within their bar (caseload and means 10%, shares 5 points)")
    if given.out is not None:
        write_table(given.out, [COLUMNS, *table])


if __name__ == "__main__":
    main()
