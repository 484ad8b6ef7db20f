"""National indicators and who gets what, counted again by hand from what happened."""

import numpy as np
import pytest

from scenarios import load
from simulation import OUTCOMES, IOMModel
from simulation.calendar import DAYS_PER_YEAR
from simulation.indicators import GROUPS, QUARTER, _any_within, expected, members
from simulation.offences import KINDS
from simulation.ogrs3 import log_odds, probability
from simulation.outcomes import outcomes
from simulation.pathways import COMPLETED, CUT_SHORT, LOST

SAC = {kind.name for kind in KINDS if kind.serious_acquisitive}


@pytest.fixture(scope="module")
def runs() -> tuple[IOMModel, IOMModel]:
    timeline = load("west-midlands").timeline
    twin = IOMModel(timeline[:1], years=1.3, partnership=False, keep_events=True).run()
    return IOMModel(timeline, years=1.3, careers=twin.world.careers, keep_events=True).run(), twin


@pytest.fixture(scope="module")
def found(runs: tuple[IOMModel, IOMModel]) -> dict[str, float]:
    return outcomes(*runs)


def test_the_pools_part_of_serious_acquisitive_crime_is_its_recorded_offences(
    runs: tuple[IOMModel, IOMModel], found: dict[str, float]
) -> None:
    for model, prefix in zip(runs, ("", "twin_"), strict=True):
        per_recorded = model.parameters.offending.actual_per_recorded
        here = [line for line in model.recorder.events if line[2] == "offence"]
        wanted = sum(
            1 / getattr(per_recorded, line[4])
            for line in here
            if model.measured_from <= line[3] < model.days and line[4] in SAC
        )
        assert found[f"{prefix}ni16_recorded_sac"] == pytest.approx(wanted)


def test_groups_are_those_of_sex_and_of_age_at_the_decision_date(
    runs: tuple[IOMModel, IOMModel], found: dict[str, float]
) -> None:
    model, _ = runs
    record = model.world.record
    young = (model.measured_from - record.birth_day) / DAYS_PER_YEAR
    own = {"women": record.female, "young_adults": (young >= 18) & (young < 25)}
    here = [
        line
        for line in model.recorder.events
        if line[2] == "offence" and model.measured_from <= line[3] < model.days
    ]
    assert set(own) == set(GROUPS)
    for name, people in own.items():
        assert found[f"committed_by_{name}"] == sum(bool(people[line[0]]) for line in here) > 0
        assert 0 < found[f"caseload_{name}_share"] < 1
        assert found[f"minutes_per_person_week_{name}"] > 0
    assert members(record, model.measured_from + 10 * DAYS_PER_YEAR)["women"].sum() == record.female.sum()


def test_change_of_ppos_is_that_of_the_same_people_a_year_on(
    runs: tuple[IOMModel, IOMModel], found: dict[str, float]
) -> None:
    model, twin = runs
    assert model.partnership is not None
    stays, start = model.partnership.choosing.stays.all(), model.measured_from
    carried = {
        int(person)
        for person, entered, ppo, left in zip(stays.person, stays.entered, stays.ppo, stays.left, strict=True)
        if ppo and entered <= start < left
    }
    for run, prefix in ((model, ""), (twin, "twin_")):
        careers = run.world.careers
        dates = [*zip(careers.history_person, careers.history_day, strict=True)]
        dates += [(person, day) for person, day, _, _ in run.world.justice.sanctions]
        own = [day - start for person, day in dates if person in carried]
        after = sum(0 <= day < DAYS_PER_YEAR for day in own)
        before = sum(-DAYS_PER_YEAR <= day < 0 for day in own)
        assert found[f"{prefix}cohort_ni30_change"] == pytest.approx(after / before - 1)
    # People are carried at their worst: without anybody's work too there is less in the year after.
    assert found["twin_cohort_ni30_change"] < 0


def test_expected_reoffending_is_the_official_score_of_one_year(runs: tuple[IOMModel, IOMModel]) -> None:
    model, _ = runs
    assert model.partnership is not None
    z = log_odds(female=False, age_start=24.0, age_now=24.0, age_first=15.0, sanctions=12, offence=0.66)
    scores, kept = model.partnership.choosing.ogrs_at_selection, None
    who = np.array([0, 1])
    kept, scores[who] = scores[who].copy(), probability(z, years=2)
    assert expected(model, who) == pytest.approx(float(probability(z, years=1)))
    scores[who] = kept
    assert np.isnan(expected(model, who[:0]))


def test_observed_over_expected_and_days_to_the_first_reoffence_agree_with_the_rate(
    found: dict[str, float],
) -> None:
    rate = found["cohort_reoffending_rate_12m"]
    ratio = found["cohort_observed_over_expected"]
    assert ratio == pytest.approx(rate / found["cohort_expected_rate_12m"])
    # Whoever has none counts 365.25 days, and whoever has one fewer.
    assert DAYS_PER_YEAR * (1 - rate) < found["cohort_first_reoffence_days"] < DAYS_PER_YEAR
    assert 0 < found["cohort_ni18_reoffending_rate"] < 1


def test_a_date_counts_within_the_quarter_after_and_for_its_own_person_only() -> None:
    person, when = np.array([1, 1, 3]), np.array([10.0, -20.0, 50.0])
    who, since = np.array([1, 1, 1, 2, 3, 3]), np.array([10.0, 11.0, -30.0, 0.0, -50.0, 49.0])
    wanted = [True, False, True, False, False, True]
    assert _any_within(person, when, who, since, QUARTER).tolist() == wanted
    assert not _any_within(person[:0], when[:0], who, since, QUARTER).any()


def test_treatment_counts_from_the_twelfth_week_on(
    runs: tuple[IOMModel, IOMModel], found: dict[str, float]
) -> None:
    model, _ = runs
    started: dict[int, float] = {}
    retained = 0
    for person, _, event, time, detail, _ in model.recorder.events:
        if event == "programme started" and detail == "drugs":
            started[person] = time
        elif event in (COMPLETED, LOST, CUT_SHORT) and detail == "drugs":
            begun = started.pop(person)
            twelfth = begun + 84
            # Whoever stops showing up in the twelfth week itself has not been kept for it.
            kept = twelfth < time or (event == COMPLETED and twelfth <= time)
            retained += kept and model.measured_from <= twelfth < model.days
    retained += sum(model.measured_from <= begun + 84 < model.days for begun in started.values())
    assert found["ni40_effective_treatment"] == retained > 0


def test_people_are_seen_wrongly_where_reports_are_false_and_only_there() -> None:
    def minutes(false_reports: float) -> float:
        told = {"false_reports_per_year": false_reports}
        timeline = tuple(
            (when, p.model_copy(update={"intelligence": p.intelligence.model_copy(update=told)}))
            for when, p in load("lancashire").timeline
        )
        found = IOMModel(timeline, years=0.05).run().recorder
        return float(found.daily("contact_minutes_wrong").sum())

    assert minutes(0.0) == 0 < minutes(5.0)


def test_minutes_from_others_are_those_of_agencies_that_serve_others(found: dict[str, float]) -> None:
    assert found["minutes_from_others"] == pytest.approx(found["staff_minutes_neighbourhood_police"])
    assert {"minutes_from_others", "contact_minutes_wrong"} <= set(OUTCOMES)
