"""Measure every practice's first-order effect, and write the table of the documentation."""

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.practices import PRACTICES, Practice

SITE = "bristol"
REPLICATIONS = 30
COLUMNS = ("practice", "option", "outcome", "base", "by_hand", "measured", "low", "high")


def measure(practices: Sequence[Practice], *, replications: int = REPLICATIONS) -> list[list[str]]:
    """Return a row a practice: the base's level, the change by hand, and the change measured with its range.

    Options are paired with the base person by person, and run for a year from the decision date.
    """
    from experiments.study import Plan, compare

    rows = []
    plan = Plan(replications=replications, years=1.0)
    for practice in practices:
        study = compare(SITE, practice.option, plan=plan, out=Path("results") / "practices" / practice.option)
        base, option = study.scenarios
        table = study.differences
        found = table[
            (table["outcome"] == practice.outcome)
            & (table["option"] == option)
            & (table["reference"] == base)
        ].iloc[0]
        level = study.runs.loc[study.runs["scenario"] == base, practice.outcome].mean()
        figures = (level, practice.by_hand, found["mean_difference"], found["low"], found["high"])
        rows.append(
            [practice.name, practice.option, practice.outcome, *(f"{value:.4g}" for value in figures)]
        )
        print("  ".join(rows[-1]), flush=True)
    return rows


def main() -> None:
    """Measure the practices named, or all of them; write the table where ``--out FILE`` says."""
    named = sys.argv[1:]
    out = Path(named[named.index("--out") + 1]) if "--out" in named else None
    rows = measure([practice for practice in PRACTICES if practice.option in named or not named or out])
    if out is not None:
        with out.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])


if __name__ == "__main__":
    main()
