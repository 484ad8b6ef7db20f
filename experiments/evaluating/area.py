"""An area as an evaluator would see it, and as nobody can: every arm of it lived through with the same luck.

People are those who could have been taken on at the first selection meeting, the launch. Times are months
from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scenarios.evaluation import Arm
from scenarios.option import changes_nobody
from simulation import IOMModel, Result, Timeline
from simulation.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from simulation.custody import SENTENCED
from simulation.trial import Trial

Numbers = NDArray[np.float64]
Chosen = NDArray[np.bool_]

#: The area with nobody managed.
TWIN = "twin"
#: What an evaluator knows of people at the launch, and what only we know: their lot and when they leave.
COLUMNS = ("score", "age", "female", "ogrs3", "convictions", "statutory", "released", "lot", "leaves")
#: Months before the launch from which proven offences are kept.
MONTHS_BEFORE = 24
MONTHS_PER_YEAR = 12


@dataclass(frozen=True)
class Area:
    """One place under one effect.

    Attributes
    ----------
    people
        The columns :data:`COLUMNS`, shape ``(people,)``. ``score`` counts from the entry score, ``ogrs3`` is
        the two-year probability, ``released`` the month in which a sentence being served ends that no licence
        follows (NaN for all others), ``leaves`` the month in which a person leaves the area for good.
    offences
        By arm, the row of each person with a proven offence and the month in which it was committed.
    """

    people: dict[str, Numbers]
    offences: dict[str, tuple[NDArray[np.int64], Numbers]] = field(repr=False)

    def occasions(self, arm: str, since: float, until: float) -> Numbers:
        """Return the proven occasions of each person by when they offended, shape ``(people,)``."""
        person, month = self.offences[arm]
        inside = (month >= since) & (month < until)
        return np.bincount(person[inside], minlength=len(self.people["score"])).astype(float)

    def yearly(self, arm: str, months: float, since: float = 0.0) -> Numbers:
        """Return proven occasions a year in a window of some months, shape ``(people,)``."""
        return self.occasions(arm, since, since + months) / (months / MONTHS_PER_YEAR)

    def reoffended(self, arm: str, since: Numbers, months: float) -> Chosen:
        """Return who has a proven offence in the months from a month of their own, shape ``(people,)``."""
        person, month = self.offences[arm]
        inside = (month >= since[person]) & (month < since[person] + months)
        return np.bincount(person[inside], minlength=len(since)) > 0

    @cached_property
    def before(self) -> Numbers:
        """Proven occasions in the year before the launch, shape ``(people,)``."""
        return self.occasions(TWIN, -MONTHS_PER_YEAR, 0)

    def stays(self, months: float) -> Chosen:
        """Return who lives in the area for so long; whoever leaves cannot be followed, managed or not."""
        return np.asarray(self.people["leaves"] > months)

    def listed(self, months: float) -> Chosen:
        """Return who scored enough to be managed at the launch and can be followed, shape ``(people,)``."""
        return np.asarray((self.people["score"] >= 0) & self.stays(months))

    def difference(self, arm: str, other: str, months: float, since: float = 0.0) -> Numbers:
        """Return what an arm does to each person: occasions a year, by the same luck, less another arm's."""
        return self.yearly(arm, months, since) - self.yearly(other, months, since)


def live(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Live through one place in every scenario and without a partnership.

    The arguments are those of :func:`simulation.replicate`; ``events`` is not looked at. What an evaluation
    needs of a scenario is returned as series: a column a series. What is the same in every arm, people at the
    launch and the twin, is told with the arm in which everybody is managed. Without effects every arm is the
    twin, person by person, and is lived through no further than to its list.
    """
    first = next(iter(scenarios.values()))
    twin = IOMModel(first[:1], seed=seed, replication=replication, years=years, partnership=False).run()
    results = []
    for name, timeline in scenarios.items():
        model = IOMModel(
            timeline, seed=seed, replication=replication, years=years, careers=twin.world.careers
        )
        lots = [parameters.cohort.lots for _, parameters in timeline]
        whole = all(own.lowest == 0 and own.highest == 1 for own in lots)
        results.append(Result(name, {}, _seen(model, twin, whole=whole, alike=changes_nobody(timeline))))
    return results


def area_from(arms: Mapping[Arm, Mapping[str, Numbers]]) -> Area:
    """Return the area that the series of its arms tell of; at least that in which everybody is managed."""
    whole = arms["everybody"]
    offences: dict[str, tuple[NDArray[np.int64], Numbers]] = {TWIN: _offences(whole, "twin_")}
    offences |= {arm: _offences(series, "") for arm, series in arms.items()}
    people = {name: np.asarray(whole[name], dtype=np.float32).astype(float) for name in COLUMNS}
    return Area(people, offences)


def _offences(series: Mapping[str, Numbers], prefix: str) -> tuple[NDArray[np.int64], Numbers]:
    return series[f"{prefix}person"].astype(np.int64), np.asarray(series[f"{prefix}month"])


def _seen(model: IOMModel, twin: IOMModel, *, whole: bool, alike: bool) -> dict[str, Numbers]:
    """Return what was proven in a model, or in a twin alike; if it is whole, what was known at the launch."""
    works = model.works
    trial = works.choosing.trial
    while trial.began < 0:
        model.step()
    rows = np.flatnonzero(np.isfinite(trial.first_score))
    series = _known(model, rows, trial) if whole else {}
    managed = twin if alike else model.run()
    for prefix, lived in (("", managed), ("twin_", twin))[: 1 + whole]:
        series[f"{prefix}person"], series[f"{prefix}month"] = _proven(lived, rows, trial.began)
    return series


def _known(model: IOMModel, rows: NDArray[np.int64], trial: Trial) -> dict[str, Numbers]:
    """Return what is known of people on the evening of the launch."""
    launch, record, works = trial.began, model.world.record, model.works
    custody = model.world.custody
    # In 2009 no licence followed a sentence of under twelve months.
    short = (custody.place[rows] == SENTENCED) & (custody.licence_days[rows] <= 0)
    told = {
        "score": trial.first_score[rows] - model.parameters.cohort.entry_score,
        "age": (launch - record.birth_day[rows]) / DAYS_PER_YEAR,
        "female": record.female[rows],
        "ogrs3": works.steering.ogrs[rows],
        "convictions": record.sanctions[rows],
        "statutory": custody.statutory(rows, launch),
        "released": np.where(short, custody.due_out[rows] - launch, np.nan) / DAYS_PER_MONTH,
        "lot": trial.lot[rows],
        "leaves": (record.leaves[rows] - launch) / DAYS_PER_MONTH,
    }
    return {name: np.asarray(values, dtype=float) for name, values in told.items()}


def _proven(model: IOMModel, rows: NDArray[np.int64], launch: int) -> tuple[Numbers, Numbers]:
    """Return whose offences were proven, as places in ``rows``, and the month in which each was committed."""
    world = model.world
    careers, lag = world.careers, world.justice.courts.mean_days()
    # Careers before the run tell the day of the sanction, which is so long after the offence.
    person = np.concatenate([careers.history_person, [row[0] for row in world.justice.proven]]).astype(int)
    day = np.concatenate([careers.history_day - lag, [row[1] for row in world.justice.proven]])
    month = (day - launch) / DAYS_PER_MONTH
    place = np.full(world.people.count, -1)
    place[rows] = np.arange(len(rows))
    kept = (place[person] >= 0) & (month >= -MONTHS_BEFORE)
    return place[person[kept]].astype(float), month[kept]
