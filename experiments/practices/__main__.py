"""Measure every practice's first-order effect, and write the tables of the documentation."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from calibration.tables import as_csv, write_table
from experiments.identity import digest
from experiments.practices import PRACTICES, Practice
from experiments.study import Plan, Study, compare

SITE = "bristol"
REPLICATIONS = 30
EFFECTS = ("practice", "option", "outcome", "as it is", "by hand", "measured", "95% interval", "replications")
NAMES = ("practice", "option", "parameters", "test")


def main() -> None:
    """Run Bristol for a year with every option and write both tables."""
    parser = ArgumentParser(prog="python -m experiments.practices", description=__doc__)
    known = sorted({practice.option for practice in PRACTICES})
    parser.add_argument("options", nargs="*", metavar="option", help="an option to measure; all without")
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--out", type=Path, help="folder for the tables; printed without")
    asked = parser.parse_args()
    if unknown := [option for option in asked.options if option not in known]:
        parser.error(f"no practice has the option {', '.join(unknown)}; expected some of {', '.join(known)}")
    practices = [practice for practice in PRACTICES if practice.option in asked.options or not asked.options]
    effects = measured(practices, asked.replications)
    if asked.out is None:
        print(as_csv([EFFECTS, *effects]), end="")
        return
    write_table(asked.out / "practices.csv", [EFFECTS, *effects])
    write_table(asked.out / "practices_names.csv", [NAMES, *map(named, practices)])


def measured(practices: Sequence[Practice], replications: int) -> list[list[str]]:
    """Return a row a practice: the base's level, the change by hand, and the change measured with its range.

    Options are paired with the base person by person, and run for a year from the decision date, on the
    site's own values: what is by hand is worked out from those.
    """
    options = [practice.option for practice in practices]
    name = "practices" if len(options) == len(PRACTICES) else f"practices-{digest(options)[:8]}"
    study = compare(
        SITE, *options, plan=Plan(replications, years=1.0, draw="none"), out=Path("results") / name,
        progress=lambda standing: print(standing, end="\r", file=sys.stderr),
    )  # fmt: skip
    return [_effect(study, practice) for practice in practices]


def _effect(study: Study, practice: Practice) -> list[str]:
    table, base = study.differences, study.scenarios[0]
    here = (table["outcome"] == practice.outcome) & (table["reference"] == base)
    found = table[here & (table["option"] == f"{base}+{practice.option}")].iloc[0]
    level = study.runs.loc[study.runs["scenario"] == base, practice.outcome].mean()
    spread = f"{found['low']:.4g} to {found['high']:.4g}"
    change = (f"{level:.4g}", f"{practice.by_hand:.4g}", f"{found['mean_difference']:.4g}", spread)
    return [_linked(practice), practice.option, practice.outcome, *change, str(int(found["n"]))]


def named(practice: Practice) -> list[str]:
    """Return a practice's names: its option, parameters and test."""
    return [_linked(practice), practice.option, ", ".join(practice.keys), practice.test]


def _linked(practice: Practice) -> str:
    place = practice.name.lower().replace(",", "").replace("'", "").replace(" ", "-")
    return f"[{practice.name}]({practice.page}.md#{place})"


if __name__ == "__main__":
    main()
