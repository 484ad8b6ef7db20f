"""The draws that ship: whole, valid at every site, and the ones that the pages tell of."""

import csv
from pathlib import Path

import numpy as np
import pytest

from calibration.bank import NEAR, PRIOR
from calibration.local_mix import SPREAD
from calibration.posterior import LOCAL_KEYS, Posterior, shipped_posterior
from calibration.published import SITES
from calibration.unknowns import SHARED, Unknowns
from experiments.calibrating.fit import CONVERGED, SHIPPED
from scenarios import load

TABLES = Path(__file__).parent.parent / "docs" / "tables"


@pytest.fixture(scope="module")
def posterior() -> Posterior:
    found = shipped_posterior()
    assert found is not None
    return found


@pytest.mark.parametrize("site", SITES)
def test_a_site_has_whole_draws_that_can_stand(posterior: Posterior, site: str) -> None:
    scenario = load(site)
    draws = posterior.draws([scenario])
    assert (len(draws), draws.local) == (SHIPPED, site)
    assert {".".join(path) for path in draws.values} == {*SHARED, *LOCAL_KEYS}
    for number in range(0, SHIPPED, 20):
        assert scenario.drawn(draws.draw(number))


def test_shared_behaviour_is_the_same_in_every_site_and_the_mix_is_not(posterior: Posterior) -> None:
    first, second = (posterior.draws([load(site)]).draw(7) for site in ("bristol", "lancashire"))
    same = {".".join(path) for path in first if first[path] == second[path]}
    assert set(SHARED) <= same
    assert "cohort.entry_score" not in same


def test_draws_differ_and_stay_where_the_prior_has_them(posterior: Posterior) -> None:
    unknowns, site = Unknowns(), "nottingham"
    scenario = load(site)
    draws = posterior.draws([scenario])
    placed = [scenario.drawn(draws.draw(number))[0][1] for number in range(0, SHIPPED, 10)]
    local = np.array([unknowns.local_of(parameters) for parameters in placed])
    away = (local - unknowns.centre[-len(SPREAD) :]) / unknowns.spread[-len(SPREAD) :]
    assert (local.std(axis=0) > 0).all()
    assert np.abs(away).max() < 6


def test_it_says_which_rows_it_was_made_of(posterior: Posterior) -> None:
    assert {PRIOR, NEAR, "round-1"} <= set(posterior.made.rows)
    assert min(posterior.made.rows.values()) >= 16
    assert posterior.made.worst_rhat < CONVERGED


def test_the_pages_tell_of_the_draws_that_ship(posterior: Posterior) -> None:
    with (TABLES / "calibration_summary.csv").open(newline="") as file:
        told = dict(csv.reader(file))
    assert told["posterior checked"] == posterior.fingerprint
