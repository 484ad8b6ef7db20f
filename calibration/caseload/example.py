"""A caseload of nobody: the people whom the model carries at a site on its census date, as a CSV file.

The shipped ``docs/examples/caseload.csv`` is made by ``python -m calibration.caseload.example``. Everybody in
it is made up by the model; references say so.
"""

from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from calibration.tables import write_table
from scenarios import load
from simulation import IOMModel
from simulation.bands import BLUE, COLOURS
from simulation.co_location import AGENCIES

SITE, REPLICATION = "west-midlands", 0
#: The day of the example.
DAY = date(2026, 9, 30)
COLUMNS = (
    "reference", "date_of_birth", "statutory", "previous_occasions", "sex", "age_at_first_conviction",
    "offences", "breaches", "scheme", "band", "in_custody", "team", "date_selected", "lead",
)  # fmt: skip


def rows() -> list[list[str]]:
    """Return a row for each person whom the model carries at the site's census, dates moved to ``DAY``."""
    (when, parameters), *_ = load(SITE).timeline
    model = IOMModel(((when, parameters),), replication=REPLICATION, years=0.01)
    census = model.calendar.day(parameters.census_date)
    while model.day <= census:
        model.step()
    works, record = model.works, model.world.record
    carried, teams, who = works.caseload, list(parameters.teams), works.caseload.rows()
    statutory = model.world.custody.statutory(who, census)

    def day(number: float) -> str:
        return f"{DAY + timedelta(days=int(np.floor(number)) - census):%d/%m/%Y}"

    return [
        [
            f"SYNTHETIC-{count:04}", day(record.birth_day[row]), _yes(statutory[count - 1]),
            str(record.sanctions[row] - 1), "female" if record.female[row] else "male",
            f"{record.age_convicted[row]:.1f}", str(record.offences[row]), str(record.breaches[row]),
            "PPO" if carried.ppo[row] else "other", COLOURS[carried.band[row]],
            _yes(carried.band[row] == BLUE), teams[carried.team[row]], day(carried.first_entered[row]),
            AGENCIES[carried.lead[row]],
        ]
        for count, row in enumerate(who, 1)
    ]  # fmt: skip


def _yes(so: bool) -> str:
    return "yes" if so else "no"


def main() -> None:
    """Write the example where ``--out FILE`` says."""
    asked = ArgumentParser(description=main.__doc__)
    asked.add_argument("--out", type=Path, default=Path("docs/examples/caseload.csv"))
    write_table(asked.parse_args().out, [COLUMNS, *rows()])


if __name__ == "__main__":
    main()
