"""Trials: by lot some who qualify are left to ordinary supervision, and luck does not notice."""

from datetime import date

import numpy as np
import pytest
from pydantic import ValidationError

from simulation import IOMModel
from simulation.trial import Lots
from tests.test_functional_twin import lives, neutral, small

YEARS = 0.3


def run(lots: tuple[float, float] = (0.0, 1.0), *, neutrally: bool = False, **dated: date) -> IOMModel:
    base = small(cohort__sizing="threat")
    parameters = small(cohort__sizing="threat", cohort__lots=Lots(lowest=lots[0], highest=lots[1]))
    if neutrally:
        base, parameters = (type(it)(**neutral(it)) for it in (base, parameters))
    later = tuple((day, base) for day in dated.values())
    return IOMModel(((parameters.iom_start, parameters), *later), years=YEARS, strict=True).run()


def managed(model: IOMModel) -> set[int]:
    assert model.partnership is not None
    return set(np.flatnonzero(np.isfinite(model.partnership.caseload.first_entered)).tolist())


def test_lots_part_those_who_qualify_and_everybody_draws_the_same_again() -> None:
    lower, upper = run((0.0, 0.5)), run((0.5, 1.0))
    first, second = managed(lower), managed(upper)
    assert len(first) > 20
    assert len(second) > 20
    assert not first & second
    trials = [model.partnership.choosing.trial for model in (lower, upper) if model.partnership]
    assert (trials[0].lot == trials[1].lot).all()
    # What was known at the first meeting does not depend on who is managed after it.
    np.testing.assert_array_equal(trials[0].first_score, trials[1].first_score)


def test_the_first_list_has_those_who_were_taken_and_those_who_were_not() -> None:
    model = run((0.0, 0.5))
    assert model.partnership is not None
    trial, caseload = model.partnership.choosing.trial, model.partnership.caseload
    listed = trial.first_score >= model.parameters.cohort.entry_score
    taken = listed & (caseload.first_entered == trial.began)
    assert trial.began >= 0
    assert taken.sum() > 10
    assert (trial.lot[taken] < 0.5).all()
    assert (listed & (trial.lot >= 0.5)).sum() > 10


def test_a_partnership_can_begin_later_with_the_same_list() -> None:
    at_once, later = run(), run((0.0, 0.0), begins=date(2009, 6, 1))
    assert at_once.partnership is not None
    assert later.partnership is not None
    first = later.partnership.caseload.first_entered
    assert np.isfinite(first).any()
    assert first.min() >= later.calendar.day(date(2009, 6, 1))
    np.testing.assert_array_equal(
        at_once.partnership.choosing.trial.first_score, later.partnership.choosing.trial.first_score
    )


def test_without_effects_a_trial_changes_nobody() -> None:
    assert lives(run((0.0, 0.5), neutrally=True)) == lives(run((0.5, 1.0), neutrally=True))


def test_lots_that_cross_are_refused() -> None:
    with pytest.raises(ValidationError, match="lots cross"):
        Lots(lowest=0.6, highest=0.4)
