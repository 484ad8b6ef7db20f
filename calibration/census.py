"""The caseload at the census: what the published tables counted, counted in the model."""

import numpy as np

from simulation import IOMModel, Parameters
from simulation.calendar import DAYS_PER_YEAR


def at_census(parameters: Parameters, replication: int) -> dict[str, float]:
    """Return the figures of Tables 3.2 and 3.3 for those carried on the census date.

    Parameters
    ----------
    parameters
        A site as it was; nothing changes before the census.
    replication
        Which luck.

    Returns
    -------
    dict
        By the names of :class:`calibration.Target`: people, percentages, mean counts and years. Means are
        ``nan`` where nobody is carried.
    """
    timeline = ((parameters.iom_start, parameters),)
    model = IOMModel(timeline, replication=replication, years=0.01)
    census = model.calendar.day(parameters.census_date)
    while model.day <= census:
        model.step()
    works = model.partnership
    if works is None:
        raise ValueError("a twin carries nobody")
    rows, record, daily = works.caseload.rows(), model.world.record, model.recorder.daily
    carried = max(len(rows), 1)
    means = {
        "offences": record.offences[rows],
        "occasions": record.sanctions[rows] - 1,
        "breaches": record.breaches[rows],
        "first_conviction_age": record.age_convicted[rows],
        "age": (census - record.birth_day[rows]) / DAYS_PER_YEAR,
    }
    return {
        "caseload": float(len(rows)),
        "statutory": 100 * float(daily("caseload_statutory")[census]) / carried,
        "ppo": 100 * float(daily("caseload_ppo")[census]) / carried,
    } | {name: float(np.mean(of)) if len(rows) else np.nan for name, of in means.items()}
