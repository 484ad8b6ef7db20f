"""The model and other programs of the same reduced rules do the same."""

from importlib.util import find_spec

import numpy as np
import pytest

from experiments.benchmark import law as the
from experiments.benchmark import page, rules
from experiments.benchmark.agreement import ALPHA, agree, holm
from experiments.benchmark.compare import QUIET, SMALL, Case, Compared, Row, compare, disagreeing
from experiments.benchmark.start import OUTCOMES
from simulation.careers import risk
from simulation.hazard import from_log_odds
from simulation.sentencing import Bench

PROGRAMS = ("plain", "plain_mesa", "kernel")
FEW = Case("few", 700, 100, PROGRAMS, {"plain": 0.0}, runs=8, days=91)

needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="Numba is missing: pip install .[bench]")
needs_ciw = pytest.mark.skipif(find_spec("ciw") is None, reason="Ciw is missing: pip install .[bench]")


@pytest.fixture(scope="module")
def compared() -> Compared:
    here = tuple(name for name in PROGRAMS if name != "kernel" or find_spec("numba"))
    return compare(FEW._replace(programs=here))


@pytest.mark.parametrize("program", ["plain", "plain_mesa", pytest.param("kernel", marks=needs_numba)])
def test_a_program_agrees_on_every_outcome(compared: Compared, program: str) -> None:
    """A difference of four standard deviations of one run is found nine times in ten."""
    p = {outcome: compared.adjusted[program, outcome] for outcome in OUTCOMES}
    assert min(p.values()) > 0.001, compared.tests


@needs_ciw
def test_queues_agree_on_contacts() -> None:
    compared = compare(QUIET._replace(pool_per_year=700, managed=100, days=100, runs=5))
    assert set(compared.tests) == {("ciw_program", "contacts")}
    assert not disagreeing(compared), compared.tests


def test_another_rule_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth fewer contacts than the rules ask for is a difference that the tests see."""
    law = the.law

    def fewer(parameters: rules.Parameters) -> the.Law:
        found = law(parameters)
        return found._replace(weekly=tuple(tuple(0.9 * x for x in band) for band in found.weekly))

    monkeypatch.setattr("experiments.benchmark.compare.law", fewer)
    compared = compare(FEW._replace(programs=("plain_mesa",), runs=4, days=70))
    assert ("plain_mesa", "contacts") in disagreeing(compared)
    apart, *_ = page.bars_of(
        compared._replace(rows=[Row("plain Mesa", 1.0, 1.0, 1.0, 50.0, 20.0, reached=True)])
    )
    assert apart.verdict == "fallen short"


def test_the_law_in_plain_numbers_is_that_of_the_model() -> None:
    values = rules.parameters(pool_per_year=SMALL.pool_per_year, managed=10)
    law, bench = the.law(values), Bench(values.sentencing)
    luck = np.random.default_rng(1)
    for sanctions in (1, 2, 3, 40):
        for female in (False, True):
            kind, need = int(luck.integers(10)), float(luck.random())
            first = 11 + 5 * luck.random()
            now, start = first + 10, first + 11
            z = the.log_odds(female, start, now, first, sanctions, kind, need)
            whole = risk(
                female=np.array([female]), age_start=np.array([start]), age_now=np.array([now]),
                age_first=np.array([first]), sanctions=np.array([sanctions]), kind=np.array([kind]),
                need=np.array([need]),
            )  # fmt: skip
            assert z == pytest.approx(whole[0])
            assert the.hazard(z) == pytest.approx(tuple(from_log_odds(np.clip(z, -3, 4))))
            for disposal in (0.001, 0.2, 0.999):
                passed = bench.sentence(
                    kind=kind, sanctions=sanctions, disposal=disposal, length=0.5, breach=1.0
                )
                served = the.days_served(law, kind, sanctions, disposal, 0.0)
                assert served == pytest.approx(float(passed.custody_days))


def test_holm_adjusts_in_order_and_never_beyond_one() -> None:
    assert holm([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.09, 0.09, 0.5])
    assert holm([0.6, 0.7]) == [1.0, 1.0]


def test_the_stated_power_is_that_of_the_test() -> None:
    luck = np.random.default_rng(2)
    ours = luck.normal(100, 1, (300, 6))
    reach = float(
        np.mean([agree(a, b, 7).seen_from_share for a, b in zip(ours[:150], ours[150:], strict=True)])
    )
    theirs = luck.normal(100 * (1 + reach), 1, (300, 6))
    found = np.mean([agree(a, b, 7).p < ALPHA / 7 for a, b in zip(ours, theirs, strict=True)])
    assert found == pytest.approx(0.9, abs=0.06)
