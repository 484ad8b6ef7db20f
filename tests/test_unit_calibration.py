"""The calibration: the bank, the emulator, both ways to a posterior, and the checks, on a known world."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import calibration.bank
from calibration import checks, predictive
from calibration.bank import BEYOND, DONE, FAILED, HELD, NEAR, PRIOR, BankJob, Row, point, table
from calibration.checks import RANKED, by_emulator, ranks, uniformity
from calibration.emulator import Emulator, Process, learn
from calibration.figures import FIGURES, discrepancy, has_throughput, observed, on_scale, plain
from calibration.inference import Drawn, Given, Inference, only
from calibration.local_mix import SPREAD
from calibration.posterior import (
    COLUMNS,
    EVERYWHERE,
    LOCAL_KEYS,
    MADE,
    Made,
    Posterior,
    draws_table,
    read_posterior,
)
from calibration.regression import Regression
from calibration.unknowns import SHARED, Unknowns
from experiments.calibrating import validate as validating
from experiments.calibrating.bank_folder import BankFolder
from experiments.calibrating.fit import Fit, calibrate
from experiments.calibrating.summary import EXPECTED, UNKNOWNS, summary
from experiments.files import BusyStudyError, StoreError, alone
from experiments.task import Task
from scenarios import ScenarioError, load
from tests.synthetic_bank import CHANCE, SITES, World

pytest.importorskip("numpyro", reason="needs the extra calibrate")


@pytest.fixture(scope="module")
def world() -> World:
    return World()


@pytest.fixture(scope="module")
def bank(world: World) -> pd.DataFrame:
    return world.bank(3000)


@pytest.fixture(scope="module")
def emulator(world: World, bank: pd.DataFrame) -> Iterator[Emulator]:
    """An emulator of few rows and a short search: the world is nearly a plane."""
    from threadpoolctl import threadpool_limits

    with pytest.MonkeyPatch.context() as patch, threadpool_limits(1):
        patch.setattr("calibration.emulator.REACH_ROWS", 150)
        patch.setattr("calibration.emulator.STEPS", 20)
        yield learn(bank[:320], world.unknowns)


def truth(world: World, site: str) -> tuple[np.ndarray, Given]:
    """Return parameters in spreads of the prior, and figures that came of them."""
    drawn = world.luck.standard_normal((1, len(world.unknowns)))
    noise = np.full(len(FIGURES), 0.01)
    return drawn[0], Given(world.figures(drawn, np.array([SITES.index(site)]))[0], noise)


class TestUnknowns:
    def test_a_draw_stands_in_the_site_as_it_was_drawn(self) -> None:
        unknowns, site = Unknowns(), load("bristol").timeline[0][1]
        drawn = unknowns.centre + 0.5 * unknowns.spread
        drawn[-len(SPREAD) :] = unknowns.local_of(site)
        placed = unknowns.placed(site, drawn)
        np.testing.assert_allclose(unknowns.local_of(placed), unknowns.local_of(site), atol=0.06)
        for one, on_scale_ in zip(unknowns.shared, drawn, strict=False):
            value: object = placed
            for name in one.path:
                value = getattr(value, name)
            assert value == pytest.approx(float(one.value(np.asarray(on_scale_))))

    def test_the_common_prior_is_centred_on_no_site_and_reaches_all(self) -> None:
        unknowns = Unknowns()
        local = np.array(
            [unknowns.local_of(load(site).timeline[0][1]) - unknowns.centre[-len(SPREAD) :] for site in SITES]
        )
        away = np.abs(local / unknowns.spread[-len(SPREAD) :])
        assert away.max() < 2.5
        assert away.max(axis=1).min() > 0.5

    def test_every_value_stays_within_what_a_file_may_say(self) -> None:
        for one in Unknowns().shared:
            values = one.value(one.centre + one.spread * np.array([-30.0, 0.0, 30.0]))
            assert one.low <= values.min() <= values.max() <= one.high


class TestBank:
    def test_a_row_is_the_same_whatever_was_run_before(self) -> None:
        unknowns, site = Unknowns(), load("bristol").timeline[0][1]
        alone = point(unknowns, Row("bristol", PRIOR, 7), site, 1)
        for number in range(7):
            point(unknowns, Row("bristol", PRIOR, number), site, 1)
        np.testing.assert_array_equal(alone, point(unknowns, Row("bristol", PRIOR, 7), site, 1))
        others = [
            Row("bristol", PRIOR, 8),
            Row("lancashire", PRIOR, 7),
            *(Row("bristol", stage, 7) for stage in (NEAR, HELD)),
        ]
        assert all((point(unknowns, other, site, 1) != alone).all() for other in others)

    def test_rows_of_the_prior_are_spread_as_the_prior_and_those_near_a_site_lie_near_it(self) -> None:
        unknowns, site = Unknowns(), load("bristol").timeline[0][1]
        drawn = {
            stage: np.array([point(unknowns, Row("bristol", stage, n), site, 1) for n in range(500)])
            for stage in (PRIOR, NEAR)
        }
        standard = unknowns.standard(drawn[PRIOR])
        # Of 38 means and spreads of 500 draws, none is four standard errors off but once in a thousand.
        assert np.abs(standard.mean(axis=0)).max() < 4 / np.sqrt(500)
        assert np.abs(standard.std(axis=0) - 1).max() < 4 / np.sqrt(1000)
        local = (drawn[NEAR][:, -len(SPREAD) :] - unknowns.local_of(site)) / SPREAD
        assert local.std(axis=0).max() < 0.6

    def test_what_carries_too_many_is_beyond_and_an_error_a_failure(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def census(parameters: object, number: int, **_: int) -> dict[str, float]:
            if number == 1:
                raise calibration.bank.BeyondError("more than 2500 are carried")
            if number == 2:
                raise RuntimeError("broken")
            return {"caseload": 400.0}

        monkeypatch.setattr(calibration.bank, "at_census", census)
        job = BankJob.of(["bristol"], 1)
        task = Task(0, tuple(Row("bristol", NEAR, n).name for n in range(3)))
        rows = table(job(task))
        assert rows["status"].tolist() == [DONE, BEYOND, FAILED]
        assert rows["caseload"].tolist()[0] == 400
        assert "broken" in rows["error"][2]

    def test_two_commands_do_not_fill_one_bank_at_once(self, tmp_path: Path) -> None:
        bank = BankFolder(tmp_path)
        (tmp_path / ".job.1.pickle").write_bytes(b"of the other command")
        with alone(tmp_path, "--bank"):
            (tmp_path / ".job.2.pickle").write_bytes(b"of the other command")
            with pytest.raises(BusyStudyError, match="wait for it, or choose another --bank"):
                BankFolder(tmp_path).fill({PRIOR: 16}, workers=1)
            assert (tmp_path / ".job.2.pickle").is_file()
        assert not (tmp_path / ".job.1.pickle").is_file()
        assert bank.lacks({PRIOR: 16}) == 80

    def test_a_bank_goes_on_where_it_stopped(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        ran: list[int] = []

        def census(parameters: object, number: int, **_: int) -> dict[str, float]:
            ran.append(number)
            if len(ran) == 20:
                raise KeyboardInterrupt
            return {"caseload": float(number)}

        monkeypatch.setattr(calibration.bank, "at_census", census)
        wanted = {PRIOR: 32}
        with pytest.raises(KeyboardInterrupt):
            BankFolder(tmp_path).fill(wanted, workers=1, sites=["bristol"])
        assert len(BankFolder(tmp_path).rows()) == 16
        BankFolder(tmp_path).fill(wanted, workers=1, sites=["bristol"])
        assert BankFolder(tmp_path).rows()["number"].tolist() == list(range(32))
        assert len(ran) == 20 + 16
        with pytest.raises(StoreError, match="another seed"):
            BankFolder(tmp_path, seed=2)
        for manifest in ("{", ""):
            (tmp_path / "bank.json").write_text(manifest)
            with pytest.raises(StoreError, match="the bank of another model"):
                BankFolder(tmp_path)
        (tmp_path / "bank.json").unlink()
        with pytest.raises(StoreError, match="the bank of another model"):
            BankFolder(tmp_path)


class TestEmulator:
    def test_it_explains_what_is_not_chance(self, emulator: Emulator, bank: pd.DataFrame) -> None:
        chance = CHANCE**2 / on_scale(bank).var(axis=0)
        assert (emulator.explained > 1 - chance - 0.08).all()

    def test_its_spread_is_that_of_chance_and_of_its_own_error(
        self, emulator: Emulator, world: World
    ) -> None:
        fresh = world.bank(1000)
        drawn = world.unknowns.standard(fresh[list(world.unknowns.names)].to_numpy())
        inputs = emulator.inputs(drawn, fresh["site"])
        mean = emulator.mean(inputs)
        standard = (on_scale(fresh) - mean) / emulator.deviation(mean[:, 0], emulator.doubt(inputs))
        assert np.abs(standard.std(axis=0) - 1).max() < 0.25

    def test_it_doubts_itself_least_where_rows_lie(self, emulator: Emulator) -> None:
        at_rows, far = emulator.doubt(emulator.rows), emulator.doubt(3 * emulator.rows)
        assert (at_rows.mean(axis=0) < far.mean(axis=0) / 2).all()

    def test_leaving_a_row_out_is_foretold_without_leaving_it_out(
        self, bank: pd.DataFrame, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inputs = len(world.unknowns) + len(SITES)
        same = Process(np.full(inputs, 4.0), np.full(inputs, 0.2), 1.0, 0.05)
        monkeypatch.setattr("calibration.emulator._process", lambda *_: same)
        rows = bank[:200]
        explained = learn(rows, world.unknowns).explained
        figures = on_scale(rows)
        left = []
        drawn = world.unknowns.standard(rows[list(world.unknowns.names)].to_numpy())
        for number in range(len(rows)):
            fewer = learn(rows.drop(rows.index[number]), world.unknowns)
            left.append(
                figures[number] - fewer.mean(fewer.inputs(drawn[[number]], rows["site"][[number]]))[0]
            )
        by_leaving_out = 1 - (np.array(left) ** 2).mean(axis=0) / figures.var(axis=0)
        np.testing.assert_allclose(explained, by_leaving_out, atol=0.02)


@pytest.fixture(scope="module", autouse=True)
def few_scouts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("calibration.inference.SCOUTS", 60)
        yield


@pytest.fixture(scope="module")
def single(emulator: Emulator, world: World) -> Inference:
    return Inference(emulator, world.unknowns, draws=120, warm_up=120, chains=1, population=False)


class TestInference:
    def test_truths_lie_where_the_posterior_says(self, emulator: Emulator, world: World) -> None:
        """Ranks of 5 data sets over 38 unknowns: their width has a standard error of about 0.03."""
        inferred, spreads = by_emulator(emulator, world.unknowns, draws=120, warm_up=120), []

        def method(given: Given, site: str, seed: int) -> np.ndarray:
            drawn = inferred(given, site, seed)
            spreads.append(drawn.std(axis=0))
            return drawn

        found = ranks(method, world.bank(5), world.unknowns, emulator)
        assert found.shape == (5, len(world.unknowns) + len(FIGURES))
        assert 0.87 < uniformity(found[:, : len(world.unknowns)]).width < 1.13
        # Draws of the prior would have uniform ranks too: what moves figures must have been found out.
        strongest = np.abs(world.slopes).sum(axis=1).argsort()[-5:]
        assert np.mean(spreads, axis=0)[strongest].max() < 0.95
        assert np.mean(spreads, axis=0)[strongest].mean() < 0.8

    def test_it_is_compiled_once_for_questions_of_one_shape(self, single: Inference, world: World) -> None:
        single.draw({"bristol": truth(world, "bristol")[1]})
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(single, "_model", pytest.fail)
            single.draw({"lancashire": truth(world, "lancashire")[1]})

    def test_few_people_are_no_excuse_for_figures_that_are_far_off(
        self, single: Inference, world: World
    ) -> None:
        """The fewer are carried the more may happen by chance; where that is so many, they are not few."""
        given = truth(world, "bristol")[1]
        crowded = Given(given.figures + np.r_[1.5, np.zeros(len(FIGURES) - 1)], given.discrepancy)
        found = single.draw({"bristol": crowded})
        inputs = single.emulator.inputs(found.standard("bristol"), ["bristol"] * 120)
        apart = single.emulator.mean(inputs)[:, 0] - crowded.figures[0]
        assert np.sqrt((apart**2).mean()) < 3 * CHANCE[0]

    def test_what_is_known_of_one_site_reaches_another_by_shared_behaviour_alone(
        self, emulator: Emulator, world: World
    ) -> None:
        known = {site: truth(world, site)[1] for site in SITES[:2]}
        known[SITES[1]] = only(known[SITES[1]], "caseload")
        drawn = Inference(emulator, world.unknowns, draws=120, warm_up=120).draw(known)
        spread = [drawn.local[site].std(axis=0).mean() for site in SITES[:2]]
        assert spread[0] < spread[1]
        assert drawn.worst_rhat < 1.2


class TestRegression:
    def test_it_comes_nearer_to_the_truth_than_the_prior(self, bank: pd.DataFrame, world: World) -> None:
        regression, errors = Regression(bank, world.unknowns), []
        for _ in range(12):
            wanted, given = truth(world, "bristol")
            drawn, weights = regression.draw(given, "bristol")
            strongest = np.abs(world.slopes).max(axis=1).argsort()[-5:]
            mean = weights @ drawn
            errors.append((np.abs(mean - wanted)[strongest], np.abs(wanted)[strongest]))
        after, before = np.array(errors).mean(axis=(0, 2))
        assert after < before


class TestChecks:
    def test_a_method_that_is_too_sure_is_found_out(self, world: World, emulator: Emulator) -> None:
        held = world.bank(40)
        wanted = iter(world.unknowns.standard(held[list(world.unknowns.names)].to_numpy()))
        luck = np.random.default_rng(1)

        def sure(given: Given, site: str, seed: int) -> np.ndarray:
            centre = next(wanted) + luck.standard_normal(len(world.unknowns))
            return np.asarray(centre + 0.5 * luck.standard_normal((RANKED, len(world.unknowns))))

        found = uniformity(ranks(sure, held, world.unknowns, emulator)[:, : len(world.unknowns)].ravel())
        assert found.width > 1.2
        assert found.probability < 1e-6

    def test_a_published_figure_far_from_the_prior_is_a_conflict(
        self, world: World, emulator: Emulator
    ) -> None:
        tails = checks.conflict(emulator, world.unknowns, SITES)
        assert 0 <= min(tails.values()) <= max(tails.values()) <= 1
        far = replace(emulator, middle=emulator.middle - np.r_[4.0, np.zeros(len(FIGURES) - 1)])
        surprised = checks.conflict(far, world.unknowns, SITES)
        assert surprised["bristol", "caseload"] < 0.001 < tails["bristol", "caseload"]
        assert surprised["bristol", "offences"] > 0.001

    def test_an_emulator_is_told_how_it_does_at_rows_that_it_has_not_seen(
        self, world: World, emulator: Emulator
    ) -> None:
        found = checks.unseen(emulator, world.bank(300), world.unknowns)
        assert [one.figure for one in found] == list(FIGURES)
        assert all(0.75 < one.spread < 1.3 and 0.8 < one.inside < 0.98 for one in found)
        sure = replace(emulator, widened=emulator.widened / 2)
        assert all(
            one.spread > 1.5 and one.inside < 0.75
            for one in checks.unseen(sure, world.bank(300), world.unknowns)
        )


class Certain:
    """An inference, and its emulator, that foresees what is published, or a step away from it."""

    correlation, sites = np.eye(len(FIGURES)), SITES

    def __init__(self, step: float = 0.0) -> None:
        self.step, self.asked, self.emulator = step, [], self

    def draw(self, given: dict[str, Given], seed: int) -> Drawn:
        self.asked.append({site: known_figures(one) for site, one in given.items()})
        empty = np.zeros((50, 0))
        return Drawn(empty, dict.fromkeys(given, empty), empty, empty, 1.0, 50.0)

    def inputs(self, standard: np.ndarray, sites: list[str]) -> np.ndarray:
        return np.array([SITES.index(site) for site in sites])

    def mean(self, inputs: np.ndarray) -> np.ndarray:
        return np.array([observed(SITES[place]) + self.step for place in inputs])

    def doubt(self, inputs: np.ndarray) -> np.ndarray:
        return np.zeros((len(inputs), len(FIGURES)))

    def deviation(self, people: np.ndarray, doubt: np.ndarray) -> np.ndarray:
        return np.full((len(people), len(FIGURES)), 0.01)


def known_figures(given: Given) -> list[str]:
    return [name for name, figure in zip(FIGURES, given.figures, strict=True) if not np.isnan(figure)]


class TestSitesHeldOut:
    def test_the_rest_of_a_site_is_foreseen_from_the_others_and_how_many_it_carries(self) -> None:
        certain = Certain()
        found = checks.leave_one_out(certain, SITES)  # type: ignore[arg-type]
        for site, asked in zip(SITES, certain.asked, strict=True):
            assert asked[site] == ["caseload"]
            assert all(asked[other] == list(FIGURES) for other in SITES if other != site)
        # Seven figures of each site, and the throughput of the two that have their own.
        assert len(found) == 7 * len(SITES) + 2
        assert {one.figure for one in found} == {*FIGURES} - {"caseload"}
        assert all(one.inside and one.foreseen == pytest.approx(one.published, rel=0.1) for one in found)
        assert sum(one.crps < one.naive_crps for one in found) > 30
        bristol = next(one for one in found if (one.site, one.figure) == ("bristol", "age"))
        others = [plain(observed(site))[FIGURES.index("age")] for site in SITES[1:]]
        assert bristol.published == pytest.approx(29.76)
        assert bristol.naive == pytest.approx(np.exp(np.log(others).mean()))

    def test_what_is_foreseen_far_off_lies_outside_and_scores_worse(self) -> None:
        near, far = (checks.leave_one_out(Certain(step), SITES) for step in (0.0, 3.0))  # type: ignore[arg-type]
        assert not any(one.inside for one in far)
        assert all(one.crps < other.crps for one, other in zip(near, far, strict=True))
        assert not any(one.crps < one.naive_crps for one in far)


class TestPredictive:
    @pytest.fixture
    def forecast(self) -> pd.DataFrame:
        rows = []
        for site in SITES:
            figures = dict(zip(FIGURES, plain(observed(site)).tolist(), strict=True))
            figures["ever"] = figures.pop("throughput") * figures["caseload"]
            rows += [{"site": site, **figures} for _ in range(4)]
        return pd.DataFrame(rows)

    def test_a_mean_is_held_against_the_bar_of_its_figure(self, forecast: pd.DataFrame) -> None:
        met = predictive.matches(forecast)
        assert len(met) == len(SITES) * len(FIGURES)
        assert (met["within"] == "yes").all()
        for figure, by, still in (
            ("caseload", 1.04, "yes"), ("caseload", 1.06, "no"), ("age", 1.04, "yes"), ("age", 1.08, "no"),
            ("ever", 1.5, "yes"), ("ever", 2.6, "no"), ("ever", 0.36, "no"),
        ):  # fmt: skip
            moved = forecast.assign(**{figure: forecast[figure] * by})
            name = "throughput" if figure == "ever" else figure
            within = predictive.matches(moved).set_index(["site", "figure"])["within"]
            assert within["lancashire", name] == still, (figure, by)
        for points, still in ((2.5, "yes"), (3.5, "no")):
            moved = forecast.assign(ppo=forecast["ppo"] + points)
            within = predictive.matches(moved).set_index(["site", "figure"])["within"]
            assert within["west-yorkshire", "ppo"] == still

    def test_sources_are_those_of_the_figures(self, forecast: pd.DataFrame) -> None:
        source = predictive.matches(forecast).set_index(["site", "figure"])["source"]
        assert source["bristol", "caseload"] == "PE043"
        assert source["lancashire", "throughput"] == "PE075 over PE046"
        assert source["bristol", "throughput"] == "PE015 over PE058"

    def test_cells_of_table_3_1_are_pooled_over_runs(self, forecast: pd.DataFrame) -> None:
        cells = {"came_ppo_statutory": [10, 30, 0, 10], "left_ppo_statutory": [1, 0, 0, 1]}
        here = forecast[forecast["site"] == "bristol"].assign(**cells)
        for cell in ("ppo_non_statutory", "other_statutory", "other_non_statutory"):
            here = here.assign(**{f"came_{cell}": 0, f"left_{cell}": 0})
        found = predictive.quick_exits(here)
        assert found["cell"].tolist() == ["ppo_statutory"]
        assert found["model"][0] == pytest.approx(100 * 2 / 50)
        assert found["published"][0] == 8.8


def test_a_figure_that_three_sites_lean_on_counts_once() -> None:
    leaning = [site for site in SITES if not has_throughput(site)]
    assert len(leaning) == 3
    weight = sum(discrepancy(site)[-1] ** -2 for site in leaning)
    assert weight == pytest.approx(discrepancy("lancashire")[-1] ** -2)


@pytest.fixture(scope="module")
def posterior() -> Posterior:
    unknowns, luck = Unknowns(), np.random.default_rng(1)
    local = len(SPREAD)
    empty = np.zeros((40, 0))
    middle = {
        site: (unknowns.local_of(load(site).timeline[0][1]) - unknowns.centre[-local:])
        / unknowns.spread[-local:]
        for site in SITES
    }
    drawn = Drawn(
        luck.standard_normal((40, len(SHARED))) * 0.3,
        {site: at + 0.02 * luck.standard_normal((40, local)) for site, at in middle.items()},
        empty, empty, 1.0, 40.0,
    )  # fmt: skip
    made = draws_table(drawn, unknowns, 10, made=Made({PRIOR: 16}, "digest", 70, 10))
    assert tuple(made.columns) == COLUMNS
    assert made["draw"].nunique() == 10
    assert set(made["key"][made["site"] == EVERYWHERE]) == set(SHARED)
    assert Posterior(made).made.rows == {PRIOR: 16}
    return Posterior(made)


class TestPosterior:
    def test_a_shipped_site_is_drawn_whole(self, posterior: Posterior) -> None:
        scenario = load("bristol", "hub")
        draws = posterior.draws([scenario])
        assert (len(draws), draws.local, draws.kept_by) == (10, "bristol", ())
        assert {".".join(path) for path in draws.values} == {*SHARED, *LOCAL_KEYS}
        first, second = (scenario.drawn(draws.draw(number)) for number in (0, 1))
        assert first[0][1].cohort.entry_score != second[0][1].cohort.entry_score
        assert first[1][1].teams["core"].co_location.form == "hub"
        assert isinstance(first[0][1].pool.entry_sanctions, int)

    def test_an_option_that_sets_one_of_the_mix_keeps_all_of_it_and_one_that_moves_it_does_not(
        self, posterior: Posterior, tmp_path: Path
    ) -> None:
        option = tmp_path / "stricter.yaml"
        for change, local in (("140", ""), ("{add: 4}", "bristol")):
            option.write_text(f"kind: option\nname: Stricter\nchanges:\n  cohort.entry_score: {change}\n")
            draws = posterior.draws([load("bristol"), load("bristol", str(option))])
            assert draws.local == local
            assert draws.kept_by == (() if local else ("cohort.entry_score",))

    def test_a_file_of_ones_own_keeps_what_it_says(self, posterior: Posterior, tmp_path: Path) -> None:
        site = tmp_path / "mine.yaml"
        site.write_text(
            "kind: site\nname: Mine\nextends: bristol\nparameters:\n  engagement:\n    attendance: 0.9\n"
            "  pool:\n    women_share: 0.1\n"
        )
        draws = posterior.draws([load(str(site))])
        assert ("engagement", "attendance") not in draws.values
        assert draws.local == "bristol"


def test_figures_there_and_back() -> None:
    for site in SITES:
        figures = plain(observed(site))
        assert figures[0] == pytest.approx({"bristol": 438, "nottingham": 591}.get(site, figures[0]))
        np.testing.assert_allclose(np.log(figures[3:8]), observed(site)[3:8])


def test_rows_of_a_round_lie_where_the_fit_before_lay_and_stay_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(calibration.bank, "at_census", lambda *_, **__: {"caseload": 400.0})
    unknowns, site = Unknowns(), load("bristol").timeline[0][1]
    drawn = np.tile(unknowns.centre, (16, 1))
    drawn[:, -len(SPREAD) :] = unknowns.local_of(site)
    drawn[:, 0] += np.arange(16) / 100
    bank = BankFolder(tmp_path)
    assert not bank.has_round("round-1", 16)
    bank.keep_round("round-1", {"bristol": drawn})
    assert BankFolder(tmp_path).has_round("round-1", 16)
    with pytest.raises(StoreError, match="16 rows a site in round-1; expected --rows 16"):
        bank.has_round("round-1", 32)
    bank.fill({"round-1": 16}, workers=1, sites=["bristol"])
    np.testing.assert_allclose(bank.rows()[SHARED[0]], drawn[:, 0])


def test_where_results_go_is_made_or_refused_before_the_first_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, posterior: Posterior
) -> None:
    class Begun(Exception): ...

    def begin(*_: object, **__: object) -> None:
        raise Begun

    monkeypatch.setattr(validating, "fitted", begin)
    monkeypatch.setattr(BankFolder, "fill", begin)
    monkeypatch.setattr(BankFolder, "lacks", lambda *_: 0)
    bank, file = BankFolder(tmp_path / "bank"), tmp_path / "file"
    file.write_text("")
    for out in (tmp_path / "new" / "folder", file / "below"):
        with pytest.raises(StoreError if file in out.parents else Begun):
            validating.validate(bank, out, posterior=posterior)
        with pytest.raises(StoreError if file in out.parents else Begun):
            calibrate(bank, out / "posterior.parquet")
    assert (tmp_path / "new" / "folder").is_dir()


def test_rows_that_failed_are_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration.bank, "at_census", lambda *_, **__: {"caseload": 400.0})
    folder = BankFolder(tmp_path)
    folder.fill({PRIOR: 16}, workers=1, sites=["bristol"])
    assert folder.lacks({PRIOR: 16}, sites=["bristol"]) == 0
    (part,) = tmp_path.glob("*.parquet")
    rows = pd.read_parquet(part)
    rows.loc[3, ["status", "error"]] = ["failed", "MemoryError"]
    rows.to_parquet(part, index=False)
    assert folder.lacks({PRIOR: 16}, sites=["bristol"]) == 16


@pytest.mark.parametrize("rhat", [1.0, 1.2])
def test_draws_of_a_sampler_that_has_not_converged_replace_none(
    rhat: float, tmp_path: Path, emulator: Emulator, bank: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknowns, draws = Unknowns(), np.zeros((4, len(Unknowns())))
    shared, local = draws[:, : len(SHARED)], draws[:, len(SHARED) :]
    drawn = Drawn(shared, dict.fromkeys(SITES, local), local, local, rhat, 400.0)
    fit = Fit({PRIOR: 16}, bank, emulator, drawn, unknowns)
    monkeypatch.setattr("experiments.calibrating.fit.fitted", lambda *_, **__: fit)
    monkeypatch.setattr("experiments.calibrating.fit.SHIPPED", 4)
    monkeypatch.setattr(BankFolder, "fill", lambda *_, **__: None)
    out = tmp_path / "posterior.parquet"
    out.write_text("what ships")
    found, path = calibrate(BankFolder(tmp_path / "bank"), out, rounds=0)
    assert (found, found.converged) == (fit, rhat == 1.0)
    assert (out.read_bytes() == b"what ships") == (path != out) == (not found.converged)
    assert path.stat().st_size > 1000


def test_a_posterior_is_checked_by_the_bank_that_it_came_from(
    tmp_path: Path, posterior: Posterior, emulator: Emulator, bank: pd.DataFrame,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    folder, nobody = BankFolder(tmp_path / "bank"), np.zeros((0, 0))
    with pytest.raises(StoreError, match="lacks rows that the posterior was made of"):
        validating.validate(folder, tmp_path / "out", posterior=posterior)
    fit = Fit({PRIOR: 16}, bank, emulator, Drawn(nobody, {}, nobody, nobody, 1.0, 1.0), Unknowns())
    monkeypatch.setattr(BankFolder, "lacks", lambda *_: 0)
    monkeypatch.setattr(validating, "fitted", lambda *_: fit)
    with pytest.raises(StoreError, match="made of other rows"):
        validating.validate(folder, tmp_path / "out", posterior=posterior)


def test_a_fit_is_of_its_rows_and_of_what_is_published(
    emulator: Emulator, bank: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = np.zeros((0, 0))
    fit = Fit({PRIOR: 16}, bank, emulator, Drawn(nobody, {}, nobody, nobody, 1.0, 1.0), Unknowns())
    other = bank.assign(caseload=bank["caseload"] + (bank.index == 7))
    assert fit.made.of == replace(fit, bank=bank.copy()).made.of != replace(fit, bank=other).made.of
    before = fit.made.of
    monkeypatch.setattr("experiments.calibrating.fit.discrepancy", lambda site: 2 * discrepancy(site))
    assert fit.made.of != before


def test_what_a_validation_comes_to_tells_what_failed() -> None:
    tables = {
        "matches": pd.DataFrame(
            {"site": "leeds", "figure": ["a", "b", "throughput"], "published": [50.0, 2.0, 1.4],
             "model": [61.5, 2.0, 1.5], "within": ["no", "yes", "yes"]}
        ),
        "held_out": pd.DataFrame({"better": ["yes", "no", "no", "yes"], "inside": ["yes"] * 3 + ["no"]}),
        "ranks": pd.DataFrame(
            {"method": "ours", "quantity": [UNKNOWNS, EXPECTED, "x", "y"], "width": [1.0, 1.4, 1.0, 1.0],
             "probability": [np.nan, np.nan, 0.3, 0.01], "datasets": 9, "low": 0.9, "high": 1.5}
        ),
        "moved_shared": pd.DataFrame({"width": [0.5, 1.0]}),
        "conflict": pd.DataFrame({"tail": [0.01, 0.2, 0.3]}),
        "emulator": pd.DataFrame({"inside": [0.8, 1.0]}),
    }  # fmt: skip
    draws = pd.DataFrame([(0, EVERYWHERE, "engagement.attendance", 0.8)], columns=list(COLUMNS))
    draws.attrs[MADE] = asdict(Made({PRIOR: 64}, "", 300, 20, 1.01, 240.4, 3, 2000))
    found = dict(summary(tables, Posterior(draws)).itertuples(index=False))
    assert found == {
        "posterior checked": Posterior(draws).fingerprint,
        "runs learned from, and runs with too few or too many people": "300, 20",
        "sampler: worst R-hat": "1.010",
        "sampler: fewest independent draws": "240 of 2000",
        "sampler: draws that diverged": "3 of 2000",
        "figures of Tables 3.2 and 3.3 met by the mean of runs under draws": "1 of 2",
        "throughput within its likelihood": "1 of 1",
        "missed: leeds, a": "61.5 beside 50",
        "figures of sites held out better than the mean of the others": "2 of 4",
        "figures of sites held out where nine in ten should lie": "3 of 4, 75% (95% interval 19% to 99%)",
        f"ours, 9 truths, width of ranks of {UNKNOWNS}: too sure above 1": "1.00 (95% interval 0.90 to 1.50)",
        f"ours, 9 truths, width of ranks of {EXPECTED}: too sure above 1": "1.40 (95% interval 0.90 to 1.50)",
        "ours, the least even of 2 ranks: y": "p = 0.02",
        "shared values narrowed to less than 0.9 of their prior": "1 of 2",
        "figures with a tail below 0.05 under the prior": "1 of 3",
        "figures of rows held out where nine in ten should lie": "90%",
    }


def test_a_file_of_draws_is_read_as_it_was_written_and_another_is_refused(
    tmp_path: Path, posterior: Posterior
) -> None:
    rows = [(0, EVERYWHERE, "engagement.attendance", 0.8)]
    table_ = pd.DataFrame(rows, columns=list(COLUMNS))
    table_.attrs[MADE] = asdict(Made({PRIOR: 64}, "digest", worst_rhat=1.01))
    table_.to_parquet(tmp_path / "draws.parquet", index=False)
    assert read_posterior(tmp_path / "draws.parquet").made.rows == {PRIOR: 64}
    assert read_posterior(tmp_path / "draws.parquet").made.worst_rhat == 1.01
    table_.drop(columns="key").to_parquet(tmp_path / "other.parquet", index=False)
    (tmp_path / "text.parquet").write_text("draw,site,key,value")
    for name, said in (("none", "no such file"), ("other", "has the columns"), ("text", "cannot be read")):
        with pytest.raises(ScenarioError, match=said) as refused:
            read_posterior(tmp_path / f"{name}.parquet")
        assert "expected a file that iom calibrate writes" in str(refused.value)
