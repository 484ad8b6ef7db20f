"""The Lancashire case study: what one offender cost in four years, beside the model's people without IOM."""

import numpy as np
import pytest

from calibration.evidence import register
from scenarios import load
from simulation import IOMModel
from simulation.calendar import DAYS_PER_YEAR
from simulation.costs import Costs
from simulation.offences import by_kind
from simulation.prices import at_prices_of

#: Priced in the year of the document.
YEARS, STATED = 4, "2010-11"


def stated(name: str) -> float:
    """Return pounds of the case study, a year, in prices of the price year."""
    number = register()[name].number
    assert number is not None
    return at_prices_of("2007-08", number, STATED) / YEARS


def test_the_case_study_adds_up_in_the_prices_of_the_model() -> None:
    """Crime 73,000, courts 12,000, prison 74,000, interventions 157,000 pounds over four years."""
    crime, courts, prison, interventions = (stated(f"TK{n:03}") for n in (8, 9, 10, 12))
    total = sum((crime, courts, prison, interventions)) * YEARS
    assert at_prices_of(STATED, total) == pytest.approx(73_000 + 12_000 + 74_000 + 157_000)
    # 74,000 pounds are 1.8 years of the model's prison, in four terms of five and a half months.
    inside = prison * YEARS / Costs().custody_gbp_a_year
    assert inside == pytest.approx(1.79, abs=0.01)
    assert inside / 4 * 12 == pytest.approx(5.4, abs=0.1)
    # 12,000 pounds of courts are 23 of the model's cases in four years.
    assert courts * YEARS / Costs().court_case_gbp == pytest.approx(22.6, abs=0.1)


def test_crime_without_iom_lies_about_the_case_study() -> None:
    """What the police record of the selected costs less than the case study's crime; they commit more."""
    timeline = load("lancashire").timeline
    twin = IOMModel(timeline[:1], years=0.1, partnership=False, seed=5).run()
    own = IOMModel(timeline, years=0.1, seed=5, careers=twin.world.careers).run()
    assert own.partnership is not None
    selected = np.isfinite(own.partnership.caseload.first_entered)
    years = own.days / DAYS_PER_YEAR * selected.sum()
    cost = by_kind(own.parameters.offending.cost) * Costs().crime_price_ratio
    recorded = 1 / by_kind(own.parameters.offending.actual_per_recorded)
    kinds = np.concatenate([kind[selected[who]] for who, _, kind in twin.world.offending.offences])
    committed_gbp, recorded_gbp = cost[kinds].sum() / years, (cost * recorded)[kinds].sum() / years
    assert 0.5 * stated("TK008") < recorded_gbp < stated("TK008") < committed_gbp < 2.5 * stated("TK008")
