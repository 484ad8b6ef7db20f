"""The Lancashire case study: what one offender cost in four years, beside the model's people without IOM."""

import pytest

from experiments.money.lancashire import (
    COMMITTED,
    OVER_YEARS,
    PRICES,
    RECORDED,
    STATED,
    days_inside,
    lived,
    stated,
    table,
)
from simulation.costs import Costs
from simulation.prices import at_prices_of


def test_the_case_study_adds_up_in_the_prices_of_the_model() -> None:
    """Crime 73,000, courts 12,000, prison 74,000, interventions 157,000 pounds over four years."""
    total = sum(stated(what) for what in ("crime", "courts", "prison", "the scheme")) * OVER_YEARS
    assert at_prices_of(STATED, total, PRICES) == pytest.approx(73_000 + 12_000 + 74_000 + 157_000)
    # 74,000 pounds are 1.8 years of the model's prison, in four terms of five and a half months.
    inside = stated("prison") * OVER_YEARS / Costs().custody_gbp_a_year
    assert inside == pytest.approx(1.79, abs=0.01)
    assert inside / 4 * 12 == pytest.approx(5.4, abs=0.1)
    # 12,000 pounds of courts are 23 of the model's cases in four years.
    assert stated("courts") * OVER_YEARS / Costs().court_case_gbp == pytest.approx(22.6, abs=0.1)


def test_crime_without_iom_lies_about_the_case_study_and_few_are_in_court_so_often() -> None:
    """What the police record of the selected costs less than the case study's crime; they commit more."""
    found = lived(replication=5, years=0.1)
    assert (
        0.4 * stated("crime") < found[RECORDED] < stated("crime") < found[COMMITTED] < 2.5 * stated("crime")
    )
    assert 0 < found["courts"] < stated("courts")
    assert 0 < found["prison"] < stated("prison")
    assert 0 < found["the scheme"] < stated("the scheme")
    rows = table([found, {what: 1.1 * pounds for what, pounds in found.items()}])
    assert rows["case study"].tolist()[0] == "17,191 (TK008)"
    assert rows.iloc[0]["model"].startswith(f"{1.05 * found[COMMITTED]:,.0f} (")


def test_days_inside_are_those_between_reception_and_release() -> None:
    def line(person: int, event: str, time: float) -> tuple[object, ...]:
        return (person, "queue", event, time, "")

    events = [
        line(0, "release", 10.0), line(1, "reception", 3.0), line(1, "release", 8.0),
        line(1, "reception", 90.0), line(2, "arrest", 4.0), line(3, "reception", 5.0),
        line(3, "reception", 7.0), line(3, "release", 9.0),
    ]  # fmt: skip
    # Inside from the start; inside at the end; never; received once more while inside.
    assert days_inside(events, 4, 100).tolist() == [10.0, 15.0, 0.0, 4.0]
