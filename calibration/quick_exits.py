"""Table 3.1, cell by cell: how many people are de-selected within a month of their start.

The published table is of one site that is not named, and does not say how many people its cells hold. The
mix of entrants is therefore left free: only the cells are compared, and the total stands beside them.
"""

from argparse import ArgumentParser
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from calibration.published import QUICK_EXITS, QUICK_EXITS_TOTAL, SITES
from calibration.tables import write_table
from scenarios import load
from simulation import IOMModel, Parameters
from simulation.stays import CELLS

REPLICATIONS = 4
PUBLISHED = QUICK_EXITS | {"all": QUICK_EXITS_TOTAL}
#: The option with every quick exit that the sources name; the base sites have none of them.
OPTION = "quick-exits"
COLUMNS = (
    "site", "cell", "source", "published_%", "model_%", "points_off", "people", f"{OPTION}_%",
    f"{OPTION}_points_off", f"{OPTION}_people",
)  # fmt: skip


def counted(parameters: Parameters, replication: int) -> dict[str, tuple[int, int]]:
    """Return, by cell, how many came since the scheme began and how many of them left within 30 days.

    Parameters
    ----------
    parameters
        A site as it was.
    replication
        Which luck.
    """
    timeline = ((parameters.iom_start, parameters),)
    model = IOMModel(timeline, replication=replication, years=1.0).run()
    works = model.works
    cells = works.choosing.stays.quick_exits(0, model.days)
    came, left = (sum(part) for part in zip(*cells.values(), strict=True))
    return cells | {"all": (came, left)}


def rows(sites: Sequence[str], replications: int, workers: int) -> list[list[str]]:
    """Return a row a site and cell: published, the model's share and how far off, as it is and with exits."""
    settings = [(site, option) for site in sites for option in ("", OPTION)]
    # The option holds from the first day, so that everybody taken on is taken on under it.
    tasks = [(load(*setting).timeline[-1][1], r) for setting in settings for r in range(replications)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(counted, *zip(*tasks, strict=True)))
    runs = {s: found[n * replications : (n + 1) * replications] for n, s in enumerate(settings)}
    table = []
    for site in sites:
        for cell in (*CELLS, "all"):
            published = PUBLISHED[cell].value
            row = [site, cell, PUBLISHED[cell].source, f"{published:g}"]
            for option in ("", OPTION):
                came, left = (sum(run[cell][part] for run in runs[site, option]) for part in (0, 1))
                share = 100 * left / came if came else float("nan")
                row += [f"{share:.1f}", f"{share - published:+.1f}", f"{came / replications:.0f}"]
            table.append(row)
    return table


def main() -> None:
    """Print the table of all sites, or of those named, and write it where it is asked for."""
    parser = ArgumentParser(prog="python -m calibration.quick_exits", description=__doc__)
    parser.add_argument("sites", nargs="*", metavar="site", help="a site; all without")
    parser.add_argument("--out", type=Path, help="file for the table")
    asked = parser.parse_args()
    if unknown := [site for site in asked.sites if site not in SITES]:
        parser.error(f"there is no site {', '.join(unknown)}; expected some of {', '.join(SITES)}")
    out, table = asked.out, rows(asked.sites or list(SITES), REPLICATIONS, workers=2)
    lines = [list(COLUMNS), *table]
    width = [max(len(line[at]) for line in lines) for at in range(len(COLUMNS))]
    for line in lines:
        print("  ".join(cell.ljust(size) for cell, size in zip(line, width, strict=True)).rstrip())
    if out is not None:
        write_table(out, lines)


if __name__ == "__main__":
    main()
