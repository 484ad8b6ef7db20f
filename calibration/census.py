"""The caseload at the census: what the published tables counted, counted in the model."""

import numpy as np

from simulation import IOMModel, Parameters
from simulation.calendar import DAYS_PER_YEAR


class BeyondError(Exception):
    """Fewer or more people are carried than by any partnership."""


def at_census(
    parameters: Parameters, replication: int, *, fewest: int = 0, most: int = 10**9
) -> dict[str, float]:
    """Return the figures of Tables 3.2 and 3.3 for those carried on the census date, and who came before.

    Parameters
    ----------
    parameters
        A site as it was; nothing changes before the census.
    replication
        Which luck.
    fewest, most
        People who must be carried, on the census date and at most; a run beyond that is left.

    Returns
    -------
    dict
        By the names of :class:`calibration.Target`: people, percentages, mean counts and years; ``ever``,
        people ever carried; by the cells of Table 3.1, ``came_<cell>``, people taken on and followed for 30
        days by the census, and ``left_<cell>``, those of them who left within these. Means are ``nan`` where
        nobody is carried.

    Raises
    ------
    BeyondError
        If fewer or more are carried.
    """
    timeline = ((parameters.iom_start, parameters),)
    model = IOMModel(timeline, replication=replication, years=0.01)
    census = model.calendar.day(parameters.census_date)
    works = model.works
    while model.day <= census:
        model.step()
        if np.count_nonzero(works.caseload.carried) > most:
            raise BeyondError(f"more than {most} are carried on day {model.day}")
    rows, record, daily = works.caseload.rows(), model.world.record, model.recorder.daily
    if len(rows) < fewest:
        raise BeyondError(f"fewer than {fewest} are carried at the census")
    carried = max(len(rows), 1)
    means = {
        "offences": record.offences[rows],
        "occasions": record.sanctions[rows] - 1,
        "breaches": record.breaches[rows],
        "first_conviction_age": record.age_convicted[rows],
        "age": (census - record.birth_day[rows]) / DAYS_PER_YEAR,
    }
    figures = {
        "caseload": float(len(rows)),
        "statutory": 100 * float(daily("caseload_statutory")[census]) / carried,
        "ppo": 100 * float(daily("caseload_ppo")[census]) / carried,
        "ever": float(np.isfinite(works.caseload.first_entered).sum()),
    }
    figures |= {name: float(np.mean(of)) if len(rows) else np.nan for name, of in means.items()}
    for cell, (came, left) in works.choosing.stays.quick_exits(0, census).items():
        figures |= {f"came_{cell}": float(came), f"left_{cell}": float(left)}
    return figures
