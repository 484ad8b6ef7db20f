"""The two questions a partnership has: how many people to carry, and how to sit together.

Reads finished studies of both and writes ``knees.csv``, ``co_location_thresholds.csv`` and
``co_location_frontier.csv``.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.deciding.knee import knees, told
from experiments.deciding.quantity import MissingRowsError
from experiments.deciding.sample import read
from experiments.deciding.thresholds import frontier, thresholds
from experiments.files import StoreError, write_bytes

if TYPE_CHECKING:
    import pandas as pd

CEILING, SHAPE = "cohort.ceiling", "response.shape"
KNEES, THRESHOLDS, FRONTIER = "knees.csv", "co_location_thresholds.csv", "co_location_frontier.csv"
OUTCOMES = ("offences_averted", "net_benefit_gbp")


def main(arguments: list[str] | None = None) -> int:
    """Write the tables; return an exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=Path, help="folder of the sweep cohort-size-by-shape")
    parser.add_argument("forms", type=Path, help="folder of the sweep hub-thresholds")
    parser.add_argument("--out", type=Path, default=Path("docs/tables"))
    asked = parser.parse_args(arguments)
    try:
        import pandas as pd

        runs = read(asked.sizes, curves=True).runs
        failed = runs.loc[runs["status"] != "done", "scenario"].unique()
        if len(failed):
            raise MissingRowsError(f"runs failed: {', '.join(failed)}; the same sweep runs them again")
        found = {
            KNEES: pd.concat([_knees(runs, outcome) for outcome in OUTCOMES], ignore_index=True),
            THRESHOLDS: thresholds(asked.forms, "hub", "no-colocation"),
            FRONTIER: frontier(asked.forms, "hub", "no-colocation"),
        }
    except (StoreError, MissingRowsError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, table in found.items():
        write_bytes(asked.out / name, table.to_csv(index=False, float_format="%.3g").encode())
        print(asked.out / name)
    return 0


def _knees(runs: "pd.DataFrame", outcome: str) -> "pd.DataFrame":
    """Return the knee of every form of co-location under every shape of response."""
    table = told(knees(runs, CEILING, ["options", SHAPE], outcome), CEILING)
    table[["form", "shape"]] = table["line"].str.split(", ", expand=True)
    columns = ["form", "shape", "knee", "probability", "minutes_per_person_week", "no_knee_probability"]
    return table[columns].assign(outcome=outcome)


if __name__ == "__main__":
    sys.exit(main())
