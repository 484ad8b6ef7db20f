"""How well a site matches what is published about it: the table of the documentation."""

from typing import NamedTuple

import numpy as np

from scenarios import load
from simulation import IOMModel
from simulation.calendar import DAYS_PER_YEAR


class Published(NamedTuple):
    """A published figure and where it stands."""

    what: str
    source: str
    value: float


#: Table 3.2 counts the county; Table 3.3 describes 349 matched people of Nottingham.
NOTTINGHAM = (
    Published("people carried", "PE049", 591),
    Published("under supervision, %", "PE050", 73),
    Published("PPO, %", "PE051", 70),
    Published("previous occasions", "PE071", 21.7),
    Published("offences", "PE070", 52.8),
    Published("breaches", "PE072", 7.4),
    Published("age at first conviction", "PE073", 16.70),
    Published("age", "PE074", 28.54),
)


def at_census(site: str, replication: int) -> list[float]:
    """Return the caseload's figures on the census date, in the order of :data:`NOTTINGHAM`."""
    timeline = load(site).timeline
    model = IOMModel(timeline, replication=replication, years=0.1)
    census = model.calendar.day(timeline[0][1].census_date)
    while model.day <= census:
        model.step()
    works = model.partnership
    if works is None:
        raise ValueError("a twin carries nobody")
    rows, record = works.caseload.rows(), model.world.record
    shares = (model.recorder.daily(f"caseload_{name}")[census] for name in ("statutory", "ppo"))
    return [
        len(rows),
        *(100 * share / len(rows) for share in shares),
        record.sanctions[rows].mean() - 1,
        record.offences[rows].mean(),
        record.breaches[rows].mean(),
        record.age_convicted[rows].mean(),
        ((census - record.birth_day[rows]) / DAYS_PER_YEAR).mean(),
    ]


def main() -> None:
    """Print Nottingham's figures, means of six replications, beside those published."""
    found = np.mean([at_census("nottingham", replication) for replication in range(6)], axis=0)
    for published, value in zip(NOTTINGHAM, found, strict=True):
        print(f"{published.what:26} {published.source}  published {published.value:6.2f}  model {value:6.2f}")


if __name__ == "__main__":
    main()
