"""Break-even and switching values of accounts whose answer is known."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments import Plan, compare, sweep
from experiments.command_line import app
from experiments.deciding.sample import Sample
from experiments.files import StoreError
from experiments.money import Account, accounts, break_even, of_factors, of_prices
from experiments.money.break_even import Told
from experiments.money.switching import COST
from experiments.money.words import CANNOT_SAY, figure, rows, sentences
from scenarios import load_study
from simulation import Result, Timeline
from simulation.costs import Costs
from simulation.prices import at_prices_of
from tests.report_page import replicate

SAVED = {"victims": 600.0, "police": 200.0, "courts": 50.0, "prisons": -100.0, "probation": 50.0}


def account(runs: int = 4, costs: Costs | None = None, **changes: float) -> Account:
    saved = {saver: np.full(runs, changes.get(saver, gbp)) for saver, gbp in SAVED.items()}
    figures = {"spent": 1_300.0, "replaced": 300.0, "at_stake": 16_000.0, "present": -400.0, "averted": 10.0,
               "committed": 200.0, "managed": 25.0}  # fmt: skip
    arrays: dict[str, Any] = {
        name: np.full(runs, changes.get(name, value)) for name, value in figures.items()
    }
    return Account("a", costs or Costs(), saved=saved, **arrays)


class TestBreakEven:
    def test_at_the_reduction_needed_nothing_is_gained_or_lost(self) -> None:
        found = break_even(account())
        assert found.net.value == pytest.approx(800 - 1_000)
        assert found.found.value == pytest.approx(0.05)
        # Courts, prisons and orders save nothing together: crime has to save the thousand pounds.
        assert found.needed.value == pytest.approx(1_000 / 16_000)
        more = found.needed.value / found.found.value
        paying = account(victims=600 * more, police=200 * more)
        assert break_even(paying).net.value == pytest.approx(0)

    def test_costs_are_told_for_each_offence_and_each_person(self) -> None:
        found = break_even(account())
        assert found.per_averted.value == pytest.approx(100)
        assert found.per_averted_replaced.value == pytest.approx(200)
        assert found.per_managed.value == pytest.approx(40)

    def test_the_chance_is_the_share_of_runs_that_pay(self) -> None:
        mixed = replace(account(), spent=np.array([1_000.0, 1_000, 1_000, 2_000]))
        found = break_even(mixed)
        assert found.pays.value == 0.75
        assert 0 < found.pays.low < 0.75 < found.pays.high < 1
        # With half of it committed by others 400 pounds are left, and the cost is 700.
        assert found.pays_replaced.value == 0

    def test_under_draws_the_chance_holds_luck_and_what_is_not_known(self) -> None:
        """Whole draws pay or do not: with ten runs each, three draws tell no more than three runs would."""
        spent = np.repeat([900.0, 900, 2_000], 10)
        draws = np.repeat([0, 1, 2], 10)
        by_luck = break_even(replace(account(30), spent=spent)).pays
        both = break_even(drawn := replace(account(30), spent=spent, draws=draws))
        assert (both.pays.value, both.drawn) == (by_luck.value, 3)
        assert both.pays.high - both.pays.low > 2 * (by_luck.high - by_luck.low)
        assert both.net.high - both.net.low > 1_000
        assert any("luck and 3 draws of what is not known" in row[0] for row in rows([both]))
        assert any("luck alone" in row[0] for row in rows([break_even(account())]))
        assert "luck and 3 draws" in list(sentences([drawn]))[-1]
        assert "luck alone" in list(sentences([account()]))[-1]

    def test_replacement_takes_off_what_crime_alone_saves(self) -> None:
        assert account().replacing(0.5) == pytest.approx(account().net - 400)
        already = account(costs=Costs(replacement_share=0.5))
        assert already.replacing(0.5) == pytest.approx(already.net)
        assert already.replacing(0.0) == pytest.approx(already.net + 800)
        all_replaced = account(costs=Costs(replacement_share=1.0), at_stake=0.0)
        with pytest.raises(ValueError, match="replacement_share is 1"):
            all_replaced.replacing(0.5)
        found = break_even(all_replaced)
        assert figure(found.pays_replaced, "share") == CANNOT_SAY == figure(found.needed, "share")
        assert found.net.value == pytest.approx(-200)

    def test_no_cost_of_an_offence_is_told_where_none_may_be_averted(self) -> None:
        uncertain = replace(account(), averted=np.array([-30.0, 40, -20, 50]))
        found = break_even(uncertain)
        assert (
            figure(found.per_averted, "pounds") == CANNOT_SAY == figure(found.per_averted_replaced, "pounds")
        )
        assert break_even(account(averted=-5)).per_averted.value != break_even(account()).per_averted.value

    @pytest.mark.parametrize(("draws", "runs"), [(30, 1), (10, 2), (4, 5)])
    def test_ranges_cover_the_truth_about_as_often_as_they_say(self, draws: int, runs: int) -> None:
        """400 accounts: at 95%, 364 or fewer cover with a chance below 0.1%."""
        generator, covered = np.random.default_rng(5), np.zeros(3)
        for _ in range(400):
            # What is not known and luck do as much as each other.
            wrong = np.repeat(generator.standard_normal(draws), runs) if runs > 1 else 0.0
            luck = generator.standard_normal((2, draws * runs))
            spent = 1_100 + 200 * (wrong + luck[0])
            one = replace(
                account(draws * runs), spent=spent, averted=10 + 2 * luck[1],
                draws=np.repeat(np.arange(draws), runs) if runs > 1 else None,
            )  # fmt: skip
            found = break_even(one)
            truths = (0.0, 80.0, 0.5)
            for place, told in enumerate((found.net, found.per_averted, found.pays)):
                covered[place] += told.low <= truths[place] <= told.high
        assert (covered > 364).all(), covered

    def test_runs_that_all_pay_make_nothing_certain(self) -> None:
        """Twenty runs of ten draws tell less than twenty of their own, and more than ten draws' means."""
        paying = replace(account(20, spent=500), draws=np.repeat(np.arange(10), 2))
        both, luck = (break_even(replace(paying, draws=draws)).pays for draws in (paying.draws, None))
        assert both.value == luck.value == both.high == 1.0
        assert luck.low == pytest.approx(0.839, abs=5e-4)
        assert 0.6 < both.low < 0.75


class TestSwitchingValues:
    def test_at_its_switching_value_a_price_turns_the_answer(self) -> None:
        found = {one.key: one for one in of_prices(account())}
        victims = 600 * found["costs.crime_price_ratio"].value / Costs().crime_price_ratio
        assert break_even(account(victims=victims)).net.value == pytest.approx(0)
        victims = 600 * (1 - found["costs.crime_response_share"].value) / (1 - Costs().crime_response_share)
        assert break_even(account(victims=victims)).net.value == pytest.approx(0)
        assert break_even(account(spent=1_300 * found[COST].value)).net.value == pytest.approx(0)

    def test_a_price_that_cannot_turn_it_is_said_to_turn_it_nowhere(self) -> None:
        found = {one.key: one for one in of_prices(account())}
        # Prison costs more with the scheme: only a prison that pays people to stay would help.
        assert np.isnan(found["costs.custody_gbp_a_year"].value)
        assert np.isnan(found["costs.replacement_share"].value)

    def test_replacement_turns_a_scheme_that_pays(self) -> None:
        found = {one.key: one for one in of_prices(account(spent=900))}
        assert found["costs.replacement_share"].value == pytest.approx(200 / 800)
        assert found["costs.replacement_share"].in_reach
        assert "costs.replacement_share" in next(sentences([account(spent=900)]))

    def test_a_sweep_gives_back_the_line_it_was_made_from(self) -> None:
        generator = np.random.default_rng(3)
        factors = pd.DataFrame({
            "response.log_odds_per_hour": generator.uniform(0, 0.3, 64),
            "forms.hub.premises_gbp_a_year": generator.uniform(20_000, 120_000, 64),
            "response.deterrence_log_odds": generator.uniform(0, 0.6, 64),
        })  # fmt: skip
        net = 1e6 * (factors.iloc[:, 0] - 0.2) - 0.1 * (factors.iloc[:, 1] - factors.iloc[:, 1].mean())
        rows = [
            {"options": "hub", "point": point, "replication": r, "status": "done", "error": "",
             "net_benefit_gbp": value + noise}
            for point, value in net.items() for r, noise in enumerate((-500.0, 500.0))
        ]  # fmt: skip
        sample = Sample(pd.DataFrame(rows), factors, "sobol", "A line", "nottingham")
        (effect, premises, nothing), explained = of_factors(sample, "hub")
        assert effect.value == pytest.approx(0.2)
        assert effect.low <= 0.2 <= effect.high
        assert np.isnan([premises.value, nothing.value]).all()
        assert explained == pytest.approx(1)

    def test_a_switching_value_hangs_on_the_luck_that_points_share(self) -> None:
        """200 sweeps of four runs; at 95%, 179 or fewer would hold it with a chance below 0.1%."""
        generator, covered = np.random.default_rng(8), 0
        for _ in range(200):
            effect = generator.uniform(0, 0.4, 32)
            luck = 0.05 * generator.standard_normal(4)
            rows = [
                {"options": "hub", "point": point, "replication": r, "status": "done", "error": "",
                 "net_benefit_gbp": value - 0.2 + luck[r] + 0.02 * generator.standard_normal()}
                for point, value in enumerate(effect) for r in range(4)
            ]  # fmt: skip
            factors = pd.DataFrame({"response.log_odds_per_hour": effect})
            (found,), _ = of_factors(Sample(pd.DataFrame(rows), factors, "sobol", "A line", "here"), "hub")
            covered += found.low <= 0.2 <= found.high
        assert covered > 179


class TestAccountsOfAFolder:
    def test_a_folder_gives_back_its_runs_at_the_prices_asked_for(self, tmp_path: Path) -> None:
        plan = Plan(replications=3, workers=1)
        study = compare("nottingham", "hub", plan=plan, out=tmp_path / "out", simulate=replicate)
        plain, later = (accounts(tmp_path / "out", year) for year in ("2007-08", "2009-10"))
        assert [one.scenario for one in plain] == study.scenarios
        own = study.runs[study.runs["scenario"] == "nottingham"]
        assert plain[0].spent.tolist() == own["iom_cost_gbp"].tolist()
        assert later[0].net == pytest.approx(plain[0].net * at_prices_of("2009-10", 1))
        assert later[0].averted.tolist() == plain[0].averted.tolist()

    def test_a_folder_without_a_ledger_is_refused(self, tmp_path: Path) -> None:
        def bare(scenarios: dict[str, Timeline], **_: object) -> list[Result]:
            return [Result(name, {"committed_offences": 1.0}) for name in scenarios]

        compare("nottingham", "hub", plan=Plan(replications=1, workers=1), out=tmp_path / "o", simulate=bare)
        with pytest.raises(StoreError, match="has no iom_cost_gbp"):
            accounts(tmp_path / "o")
        with pytest.raises(StoreError, match="there is no folder"):
            accounts(tmp_path / "nothing")
        (tmp_path / "begun").mkdir()
        with pytest.raises(StoreError, match="no finished study"):
            accounts(tmp_path / "begun")


def test_figures_are_told_as_a_planner_reads_them() -> None:
    assert figure(Told(-48_200, -186_000, 94_000), "gbp") == "-48k (-186k to 94k)"
    assert figure(Told(0.0331, float("nan"), float("nan")), "share") == "3.3%"


def test_the_command_refuses_what_does_not_apply(tmp_path: Path) -> None:
    """Prices are of scenarios, an option is of a sweep, and a year has to have a price level."""
    compare(
        "nottingham", "hub", plan=Plan(replications=1, workers=1), out=tmp_path / "two", simulate=replicate
    )
    sweep(
        load_study("hub-thresholds"), plan=Plan(replications=1, workers=1), out=tmp_path / "many",
        simulate=replicate,
    )  # fmt: skip
    for arguments, told in (
        (["two", "--option", "hub"], "--option is of sweeps"),
        (["many", "--prices", "2009-10"], "--prices is of runs and comparisons"),
        (["two", "--prices", "1066"], "--prices 1066: no price level is known; expected one of 2003-04"),
        (["many", "--option", "hubs"], "'hubs' is no option"),
    ):
        found = CliRunner().invoke(app, ["money", str(tmp_path / arguments[0]), *arguments[1:]])
        assert (found.exit_code, told in " ".join(found.output.split())) == (2, True), found.output
    assert CliRunner().invoke(app, ["money", str(tmp_path / "two"), "--prices", "2009-10"]).exit_code == 0
