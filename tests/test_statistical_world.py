"""The world without a partnership agrees with what is published about it."""

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from calibration import SITES, at_census
from scenarios import load
from simulation import IOMModel, Parameters, hazard, predictor
from simulation.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from simulation.justice import CONVICTED
from simulation.luck import Luck
from simulation.offending import DETECTED
from simulation.world import grow_pool

REPLICATIONS = 3
FOLLOWED_DAYS = 731


def plain_world() -> Parameters:
    """Return a world in which nothing but a proven offence ends a spell at liberty."""
    values = Parameters().model_dump()
    values["pool"]["leaving_per_year"] = 0.0
    values["pool"]["first_sanctions_per_year"] = 2000
    values["courts"]["remand_share"] = 0.0
    values["sentencing"]["breach_share"] = 0.0
    return Parameters(**values)


def model_without_open_cases(replication: int, years: float) -> IOMModel:
    """Return the twin of a plain world in which no case waits: an older case's sentence restarts a spell."""
    parameters = plain_world()
    days = IOMModel(((parameters.iom_start, parameters),), partnership=False, years=years).days
    careers = grow_pool(parameters.world(), Luck(1, replication), days)
    careers = dataclasses.replace(careers, hearings=np.full_like(careers.hearings, np.inf))
    return IOMModel(
        ((parameters.iom_start, parameters),),
        replication=replication,
        partnership=False,
        years=years,
        careers=careers,
    )


def first_proven_day(model: IOMModel, since: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
    """Return each person's first offence from a day on that is or will be proven; infinite where none is."""
    world, luck = model.world, model.luck
    first = np.full(world.people.count, np.inf)
    since = np.zeros(world.people.count) if since is None else since
    number = np.zeros(world.people.count, dtype=np.int64)
    for who, time, kind in world.offending.offences:
        known = luck.many(DETECTED, who, number[who]) < world.offending.detected[kind]
        proven = known & (luck.many(CONVICTED, who, number[who]) < world.justice.conviction_share)
        proven &= time >= since[who]
        first[who[proven]] = np.minimum(first[who[proven]], time[proven])
        number[who] += 1
    return first


@pytest.fixture(scope="module")
def followed() -> dict[str, NDArray[np.float64]]:
    """Return predicted and simulated reoffending of everybody at liberty when the run begins."""
    columns: dict[str, list[NDArray[np.float64]]] = {"log_odds": [], "months": [], "day": [], "sanctions": []}
    for replication in range(REPLICATIONS):
        model = model_without_open_cases(replication, years=0.3)
        model.step()
        free = model.world.custody.at_liberty & (model.world.record.joins <= 0)
        record = model.world.record
        months = -record.origin / DAYS_PER_MONTH
        for name, values in (("log_odds", record.risk), ("months", months), ("sanctions", record.sanctions)):
            columns[name].append(values[free].astype(float))
        while model.day < FOLLOWED_DAYS:
            model.step()
        columns["day"].append(first_proven_day(model)[free])
    return {name: np.concatenate(values) for name, values in columns.items()}


def test_two_year_proven_reoffending_matches_the_predictor_by_decile(
    followed: dict[str, NDArray[np.float64]],
) -> None:
    """Some 13,000 people: a decile that is 6 points off is found with a power over 0.9, two-sided.

    The closed form is up to 1.3 points from the predictor; three standard errors are added for chance.
    """
    z = followed["log_odds"] + predictor.DYNAMIC.months[0] * np.minimum(followed["months"], 36)
    z += predictor.DYNAMIC.months[1] * np.minimum(followed["months"], 36) ** 2
    predicted = predictor.probability(z)
    reoffended = followed["day"] < 2 * DAYS_PER_YEAR
    assert abs(reoffended.mean() - predicted.mean()) < 0.013 + 3 * np.sqrt(0.25 / len(predicted))
    for decile in np.array_split(np.argsort(predicted), 10):
        expected = predicted[decile].mean()
        error = np.sqrt(expected * (1 - expected) / len(decile))
        assert reoffended[decile].mean() == pytest.approx(expected, abs=0.013 + 3 * error)


def test_prolific_people_entering_follow_up_reoffend_within_a_year_about_as_published() -> None:
    """Key Principles 5.1 says about three-quarters of PPOs; the model gives two-thirds, and why is known.

    The official predictor states two years. Spread by the closed form, its first year holds about 0.60 of
    the two-year hazard, where men leaving custody in England and Wales had 0.68 to 0.72: some four points.
    People with twenty or more sanctions are followed from a release or sentence at liberty for one year,
    time in custody for earlier offences included. Some 1,000 people: six points off are found with a power
    over 0.9, two-sided.
    """
    parameters = plain_world()
    outcomes: list[bool] = []
    expected: list[float] = []
    for replication in range(REPLICATIONS):
        model = IOMModel(
            ((parameters.iom_start, parameters),), replication=replication, partnership=False, years=0.5
        )
        record, begun = model.world.record, np.full(model.world.people.count, np.inf)
        hazards = np.full((2, model.world.people.count), np.nan)
        while model.day < 560:
            day = model.day
            model.step()
            record.refresh()
            new = model.world.custody.at_liberty & (record.origin >= day) & np.isinf(begun) & (day < 180)
            new &= record.sanctions >= 20
            begun[new] = record.origin[new]
            hazards[:, new] = record.floor[new], record.excess[new]
        first = first_proven_day(model, begun)
        followed = np.flatnonzero(np.isfinite(begun))
        outcomes += (first[followed] < begun[followed] + DAYS_PER_YEAR).tolist()
        shape = hazard.Hazard(*hazards[:, followed])
        expected += (1 - np.exp(-hazard.cumulative(shape, 12))).tolist()
    assert len(outcomes) > 600
    assert np.mean(expected) == pytest.approx(0.68, abs=0.04)
    assert np.mean(outcomes) == pytest.approx(np.mean(expected), abs=0.05)


@pytest.mark.parametrize("site", SITES)
def test_caseloads_match_the_published_tables_because_careers_were_grown(site: str) -> None:
    """Tables 3.2 and 3.3 on the census date, as the mean of a few replications.

    Over replications a caseload spreads by some 4%, a share by 3 points and a mean by 3%, so three runs
    differ from the means of the documentation by half of a bar once in some hundred figures.
    """
    parameters = load(site).timeline[0][1]
    found = [at_census(parameters, replication) for replication in range(REPLICATIONS)]
    for target in SITES[site]:
        value = np.mean([one[target.name] for one in found])
        assert value == pytest.approx(target.value, abs=1.4 * target.bar), target.label
