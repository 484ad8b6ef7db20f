"""The pool's offences without a partnership, year after year: whether they stand still.

A trend of the world's own would be taken for an effect by whoever looks at one place alone. Every place is
lived through without a partnership for five years from the decision date, as it stands and with options; a
straight line is laid through each run's months, and runs differ in their luck. Whether a slope is nought
cannot be shown; that it is within a margin can. The margin was stated before any run: 2% of the mean a year.
"""

import argparse
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from calibration import SITES
from experiments.files import write_bytes
from scenarios import load
from simulation import IOMModel
from simulation.calendar import DAYS_PER_MONTH

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

YEARS, MONTHS_PER_YEAR = 5, 12
#: Share of the mean a year up to which a slope counts as none.
MARGIN = 0.02
LEVEL = 0.95
OUT = Path("docs/tables/trend.csv")


class Lived(NamedTuple):
    """Five years of a place: offences of each month, and the cases that wait for a court at the end."""

    months: "NDArray[np.float64]"
    waiting: int


def live(site: str, option: str, replication: int) -> Lived:
    """Live through a place from the decision date on, without a partnership."""
    first = load(site, option).timeline[:1]
    model = IOMModel(first, replication=replication, years=YEARS, partnership=False).run()
    days = model.recorder.daily("committed_offences")[model.measured_from :]
    parts = np.array_split(days, round(YEARS * MONTHS_PER_YEAR))
    months = np.array([part.mean() for part in parts]) * DAYS_PER_MONTH
    return Lived(months, len(model.world.justice.hearings.waiting))


def slope(months: "NDArray[np.float64]") -> float:
    """Return the slope of a straight line through months, a share of their mean a year."""
    when = np.arange(len(months)) / MONTHS_PER_YEAR
    return float(np.polyfit(when, months, 1)[0] / months.mean())


def table(runs: dict[tuple[str, str], list[Lived]]) -> "pd.DataFrame":
    """Return a row a place and option: offences a year, their slope with its 95% interval, what it says.

    Parameters
    ----------
    runs
        By place and option, what every run came to; two runs or more.

    Notes
    -----
    Runs are independent and months of a run are not, so that a run gives one slope and the interval is by
    the t distribution over runs.
    """
    import pandas as pd
    from scipy.stats import t

    rows = []
    for (site, option), each in runs.items():
        slopes = np.array([slope(one.months) for one in each])
        mean, n = slopes.mean(), len(slopes)
        off = t.ppf((1 + LEVEL) / 2, n - 1) * slopes.std(ddof=1) / np.sqrt(n)
        low, high = mean - off, mean + off
        rows.append(
            {
                "site": site,
                "option": option,
                "runs": n,
                "offences a year": f"{np.mean([one.months.mean() for one in each]) * MONTHS_PER_YEAR:,.0f}",
                "slope, % a year": f"{100 * mean:+.2f}",
                "95% interval": f"{100 * low:+.2f} to {100 * high:+.2f}",
                "told": told(low, high),
                "cases waiting at the end": f"{np.mean([one.waiting for one in each]):,.0f}",
            }
        )
    return pd.DataFrame(rows)


def told(low: float, high: float) -> str:
    """Return what an interval of a slope says."""
    if low > -MARGIN and high < MARGIN:
        return "none to be seen" if low <= 0 <= high else "a trend, within the margin"
    return "a trend" if low > MARGIN or high < -MARGIN else "not known: more runs"


def main(arguments: Iterable[str] | None = None) -> None:
    """Live through every site and write the table."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--sites", nargs="+", default=list(SITES))
    reader.add_argument("--options", nargs="+", default=["none"])
    reader.add_argument("--replications", type=int, default=10)
    reader.add_argument("--out", type=Path, default=OUT)
    asked = reader.parse_args(None if arguments is None else list(arguments))
    found = table(
        {
            (site, option): [live(site, option, number) for number in range(asked.replications)]
            for option, site in product(asked.options, asked.sites)
        }
    )
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(asked.out, found.to_csv(index=False).encode())
    print(found.to_string(index=False))


if __name__ == "__main__":
    main()
