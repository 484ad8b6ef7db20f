"""What decides is what was put in: known functions go through the same runner and come out again."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import simulation.replication
from experiments import Plan, sweep
from experiments.benchmark import national, one_pool
from experiments.command_line import app
from experiments.deciding import Quantity, discover, picture, sensitivity, tree
from experiments.deciding.chance import interval, spread
from scenarios import load
from simulation import Parameters, Timeline
from tests import stand_in

HEAD = "kind: study\nname: Mine\nsite: nottingham\n"
CUBE = HEAD + "factors:\n" + "".join(f"  {key}: {{low: 0, high: 1}}\n" for key in stand_in.ISHIGAMI)
SAMPLE = "design: sobol\npoints: 64\nreplications: 4\n"
#: Ishigami's function with 7 and 0.1: shares of variance alone and with others.
FIRST, TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)
AVERTED = "offences_averted"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(CUBE + SAMPLE)


def iom(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"NO_COLOR": "1", "COLUMNS": "80"})


@pytest.mark.parametrize(("noisy", "size", "near"), [(False, 64, 0.08), (True, 128, 0.12)])
def test_sobol_indices_are_those_of_ishigami_with_and_without_chance(
    noisy: bool, size: int, near: float
) -> None:
    found = sensitivity(
        "mine.yaml", method="sobol", size=size, outcomes=[AVERTED], plan=Plan(4 if noisy else 1, workers=1),
        simulate=stand_in.noisy_ishigami if noisy else stand_in.ishigami,
    )  # fmt: skip
    rows = found.table
    assert rows["factor"].tolist() == list(stand_in.ISHIGAMI)
    assert rows["first"].to_numpy() == pytest.approx(FIRST, abs=near)
    assert rows["total"].to_numpy() == pytest.approx(TOTAL, abs=near)
    for name, truth in (("first", FIRST), ("total", TOTAL)):
        assert ((rows[f"{name}_low"] <= np.array(truth)) & (np.array(truth) <= rows[f"{name}_high"])).all()
    (share,) = found.chance["chance_share"]
    # 9 of each point's own and 36 that all share, beside 13.8 that the parameters bring.
    assert share == pytest.approx(45 / (45 + 13.84), abs=0.3) if noisy else np.isnan(share)


def test_variance_is_split_into_parameters_shared_luck_and_what_is_left() -> None:
    draw = np.random.default_rng(4)
    point, luck = draw.standard_normal((400, 1)), draw.standard_normal(400)
    found = spread(2 * point + 3 * luck + draw.standard_normal((400, 400)))
    assert (found.parameters, found.luck, found.left) == pytest.approx((4, 9, 1), rel=0.2)
    assert found.noise == pytest.approx(found.left / 400)
    assert found.chance_share == pytest.approx(10 / 14, abs=0.05)


def test_intervals_of_a_mean_over_points_hold_the_luck_that_points_share() -> None:
    """400 studies of 16 points, four runs each: at 95%, 364 or fewer cover with a chance below 0.1%."""
    generator, covered = np.random.default_rng(7), 0
    for _ in range(400):
        point, luck = generator.standard_normal((16, 1)), generator.standard_normal((1, 4))
        mean, low, high = interval(1 + point + 2 * luck + generator.standard_normal((16, 4)))
        assert low < mean < high
        covered += low <= 1 <= high
    assert covered > 364
    assert interval(np.ones((16, 4))) == (1.0, 1.0, 1.0)
    assert np.isnan(interval(np.ones((1, 4)))[1:]).all()


def test_morris_tells_a_factor_that_does_nothing_from_chance() -> None:
    extra = CUBE + "  response.log_odds_per_hour: {low: 0, high: 0.3}\n" + SAMPLE
    Path("mine.yaml").write_text(extra)
    found = sensitivity(
        "mine.yaml", outcomes=[AVERTED], size=12, plan=Plan(4, workers=1), simulate=stand_in.noisy_ishigami
    )
    rows = found.table.set_index("factor")
    clear = rows["effect_low"] > rows["chance"]
    assert clear[list(stand_in.ISHIGAMI)].all()
    assert not clear["response.log_odds_per_hour"]
    assert (
        rows.loc["response.log_odds_per_hour", "effect"]
        < 2 * rows.loc["response.log_odds_per_hour", "chance"]
    )


FORMS = (
    HEAD + "options: [no-colocation, hub]\nfactors:\n  cohort.ceiling: {low: 300, high: 600}\n"
    "  response.log_odds_per_hour: {low: 0, high: 0.3}\n" + SAMPLE
)  # fmt: skip


def test_what_decides_a_difference_is_not_what_decides_the_level() -> None:
    Path("mine.yaml").write_text(FORMS)
    found = sensitivity(
        "mine.yaml", method="sobol", size=16, outcomes=[AVERTED], plan=Plan(4, workers=1),
        simulate=stand_in.depends_on_effect,
    )  # fmt: skip
    assert list(map(str, found.indices))[2] == "Offences averted against the twin, hub less no-colocation"
    total = {q: rows.set_index("factor")["total"] for q, rows in found.indices.items()}
    level, difference = Quantity(AVERTED, "hub"), Quantity(AVERTED, "hub", "no-colocation")
    assert total[level]["cohort.ceiling"] > 0.9
    assert total[difference]["cohort.ceiling"] < 0.1
    assert total[difference]["response.log_odds_per_hour"] > 0.75


def test_missing_rows_are_refused_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation.replication, "replicate", fail_once)
    result = iom("sensitivity", "mine.yaml", "--size", "5", "--replications", "2", "--workers", "1")
    assert result.exit_code == 1
    assert "offences_averted of none is missing in 1 of 40 runs" in result.output
    assert "point 3, replication 1: ValueError: a bad day" in result.output
    assert not Path("results/mine-morris/sensitivity.csv").exists()
    monkeypatch.setattr(simulation.replication, "replicate", stand_in.ishigami)
    again = ("sensitivity", "mine.yaml", "--size", "5", "--replications", "2", "--workers", "1")
    assert iom(*again, "--outcome", "offences_averted").exit_code == 0
    none = iom(*again, "--outcome", "net_benefit_gbp")
    assert none.exit_code == 1
    assert "point 0, replication 0: no figure" in none.output


def fail_once(
    scenarios: Mapping[str, Timeline], *, replication: int, **settings: Any
) -> list[simulation.Result]:
    results = stand_in.ishigami(scenarios, replication=replication, **settings)
    bad = "Traceback\nValueError: a bad day"
    return [
        simulation.Result(one.scenario, error=bad)
        if replication and one.scenario.endswith("point-03")
        else one
        for one in results
    ]


def test_the_command_screens_says_how_to_go_on_and_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation.replication, "replicate", stand_in.depends_on_effect)
    Path("mine.yaml").write_text(FORMS)
    screened = iom("sensitivity", "mine.yaml", "--workers", "1", "--size", "6")
    assert screened.exit_code == 0, screened.output
    follow = "--method sobol --factor cohort.ceiling --factor response.log_odds_per_hour"
    assert f"Next: the same command with {follow}" in screened.output
    shared = iom("sensitivity", "mine.yaml", "--workers", "1", "--size", "16", *follow.split())
    said = " ".join(shared.output.split())
    assert "hub less no-colocation: response.log_odds_per_hour decides most" in said
    assert "cohort.ceiling next to nothing" in said
    for name in ("sensitivity.csv", "chance.csv", "sensitivity.png"):
        assert Path("results/mine-sobol", name).stat().st_size > 100


def test_what_cannot_be_analysed_is_told() -> None:
    for arguments, told in (
        (
            ("--factor", "meetings.tasking.attendance_shares"),
            "did you mean meetings.tasking.attendance_share?",
        ),
        (("--factor", "information.kept_share"), "has one factor; expected two or more"),
        (("--method", "sobol", "--size", "12"), "--size: is 12; expected a power of two"),
        (("--method", "sobol", "--size", "1024"), "--size: makes 5,120 scenarios; expected at most 2,000"),
    ):
        result = iom("sensitivity", "mine.yaml", *arguments)
        assert result.exit_code == 2
        assert told in result.output


@pytest.fixture
def swept() -> Path:
    Path("mine.yaml").write_text(FORMS)
    return sweep("mine.yaml", plan=Plan(workers=1), simulate=stand_in.depends_on_effect).folder


def test_conditions_regret_and_worth_are_those_put_in(swept: Path) -> None:
    found = discover(swept, option="hub", reference="no-colocation")
    assert found.box is not None
    (limit,) = found.box.limits
    assert (limit.factor, limit.low) == ("response.log_odds_per_hour", -np.inf)
    assert limit.high == pytest.approx(0.15, abs=0.02)
    assert (found.box.density, found.box.coverage) == pytest.approx((1, 1), abs=0.1)
    assert found.tree is not None
    assert str(found.tree.leaves[0]).startswith("response.log_odds_per_hour up to 0.1")
    assert found.tree.right > 0.9 > found.tree.guess
    assert found.worth is not None
    worth = found.worth.set_index("factor")
    # The gain is even between -15 and 15 offences of £1,000, so that knowing it is worth a quarter of 15.
    assert worth.loc["response.log_odds_per_hour", "worth"] == pytest.approx(3750, rel=0.15)
    assert worth.loc["everything", "worth"] == pytest.approx(3750, rel=0.15)
    assert worth.loc["cohort.ceiling", "low"] < 0 < worth.loc["cohort.ceiling", "high"] + 1
    assert found.regret is not None
    regret = found.regret.set_index("alternative")
    assert regret["highest_regret"].to_numpy() == pytest.approx(15_000, rel=0.1)
    assert regret["best_share"].to_numpy() == pytest.approx(0.5, abs=0.1)


def test_a_sample_without_conditions_says_so(swept: Path) -> None:
    result = iom("discover", str(swept), "--threshold", "-1e9")
    assert result.exit_code == 0, result.output
    assert "there are no conditions to find" in " ".join(result.output.split())


def test_the_command_tells_conditions_in_words_and_pictures(swept: Path) -> None:
    result = iom("discover", str(swept), "--option", "hub")
    assert result.exit_code == 0, result.output
    said = " ".join(result.output.split())
    assert "hub fails to break even in 31 of 64 points" in said
    assert "mostly where cohort.ceiling up to 4" in said
    assert "A study of response.log_odds_per_hour would change the choice most" in said
    for name in ("conditions.csv", "regret.csv", "information.csv", "discovery.png", "tree.png"):
        assert (swept / name).stat().st_size > 100


def test_money_of_a_sweep_keeps_where_each_factor_turns_the_answer(swept: Path) -> None:
    result = iom("money", str(swept), "--option", "no-colocation")
    assert result.exit_code == 0, result.output
    assert "switching.csv" in result.output
    found = pd.read_csv(swept / "switching.csv").set_index("key")
    # Half an offence averted for each person under the ceiling, and 225 of them pay.
    assert found.loc["cohort.ceiling", "low"] < 450 < found.loc["cohort.ceiling", "high"]


def test_a_picture_leaves_out_what_moves_nothing_and_counts_in_thousands(
    swept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    plain_drawing = picture.drawing

    @contextmanager
    def spy(*given: Any, **about: Any) -> Iterator[Any]:
        with plain_drawing(*given, **about) as (figure, axes):
            yield figure, axes
            seen.extend(axes.flat)

    def without_chance(*given: Any, **about: Any) -> list[stand_in.Result]:
        results = stand_in.depends_on_effect(*given, **about)
        for result, (name, timeline) in zip(results, given[0].items(), strict=True):
            now, together = timeline[-1][1], name.startswith("nottingham+hub")
            effect = 1e6 * now.response.log_odds_per_hour * together
            result.outcomes["net_benefit_gbp"] = 1000 * now.cohort.ceiling + effect
        return results

    monkeypatch.setattr(picture, "drawing", spy)
    found = sensitivity(
        "mine.yaml", size=4, outcomes=["net_benefit_gbp"], plan=Plan(1, workers=1), out="screened",
        simulate=without_chance,
    )  # fmt: skip
    picture.draw(found, Path("shown.png"))
    none, hub, apart = seen[:3]
    assert [len(axes.get_yticklabels()) for axes in (none, hub, apart)] == [1, 2, 1]
    assert none.get_xlabel() == "effect, £ thousand"
    assert "factors that move nothing are left out" in none.figure.get_suptitle()


def test_a_tree_is_drawn_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    plain_drawing = tree.drawing

    @contextmanager
    def spy(*given: Any, **about: Any) -> Iterator[Any]:
        with plain_drawing(*given, **about) as (figure, axes):
            yield figure, axes
            seen.extend(text.get_text() for text in axes[0, 0].texts)

    monkeypatch.setattr(tree, "drawing", spy)
    generator = np.random.default_rng(2)
    points = pd.DataFrame({"low": generator.uniform(0, 1, 197), "high": generator.uniform(0, 1, 197)})
    happens = ((points["low"] < 0.4) & (points["high"] > 0.2)).to_numpy()
    grown = tree.grow(points, happens)
    tree.draw(grown, Path("tree.png"), "fails", "does not")
    assert seen[0].startswith(f"{happens.sum()} of 197: fails\n")
    assert seen[0].endswith("?")
    ends = {f"{leaf.hits} of {leaf.inside}: fails" for leaf in grown.leaves}
    assert ends <= set(seen)
    assert not any("value" in text or "node" in text for text in seen)


def test_levers_of_a_grid_are_alternatives_and_the_rest_states() -> None:
    Path("mine.yaml").write_text(
        HEAD + "factors:\n  cohort.ceiling: [300, 400]\n"
        "  response.log_odds_per_hour: [0, 0.04, 0.08, 0.12, 0.16, 0.2, 0.24, 0.28]\nreplications: 2\n"
    )
    folder = sweep("mine.yaml", plan=Plan(workers=1), simulate=stand_in.depends_on_effect).folder
    found = discover(folder)
    assert found.regret is not None
    assert found.regret["alternative"].tolist() == ["none, ceiling 400", "none, ceiling 300"]
    assert found.regret["best_share"].tolist() == [1, 0]
    assert found.worth is not None
    assert found.worth["factor"].tolist() == ["response.log_odds_per_hour", "everything"]


def test_a_folder_without_a_sample_is_told(swept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation.replication, "replicate", stand_in.depends_on_effect)
    Path("mine.yaml").write_text(HEAD + "factors: {cohort.ceiling: [300, 400]}\nreplications: 1\n")
    few = sweep("mine.yaml", plan=Plan(workers=1), out="few", simulate=stand_in.depends_on_effect).folder
    Path("many.yaml").write_text(FORMS)
    hanging = iom("sensitivity", "many.yaml", "--workers", "1", "--size", "6")
    assert hanging.exit_code == 0, hanging.output
    for arguments, told in (
        (("results/many-morris",), "was drawn by the design morris, whose points hang together"),
        ((str(few),), "holds 2 points; expected 16 or more"),
        (("nowhere",), "holds no study of points"),
        ((str(swept), "--option", "hubs"), "'hubs' is no option"),
        ((str(swept), "--outcome", "arrests"), "neither better when more nor when less"),
    ):
        result = iom("discover", *arguments)
        assert result.exit_code == 2, result.output
        assert told in result.output


def test_a_schedule_gives_each_task_to_the_worker_that_is_free_first() -> None:
    assert national.makespan([3, 1, 1, 1, 4], 2) == 7
    assert national.makespan([3, 1, 1, 1, 4], 1) == 10
    assert national.makespan([3, 1, 1, 1, 4], 200) == 4


def test_a_national_exercise_tells_what_its_partnerships_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(national, "replicate", stand_in.depends_on_effect)
    found = national.exercise(3, 350, 1.0, 1, "", Path("national"))
    assert (found["partnerships"], found["failed"], found["people_carried"]) == (3, 0, 7)
    assert found["schedule_seconds_of_100_machines"] == found["slowest"] <= found["schedule_seconds"]
    assert pd.read_parquet("national/runs.parquet")["cohort.ceiling"].tolist() == [350] * 3
    rows = dict(national.told(found))
    assert rows["partnerships"] == "3, 7 people carried each for 1 year; 0 failed"
    assert dict(national.told(found | {"seconds": 600.0}))["by the clock"] == "10.0 min"
    assert dict(national.told(found | {"runs_of_this_call": 1}))["by the clock"] == "not run at one go"


def test_a_pool_grows_with_its_staff_and_tells_what_it_takes() -> None:
    small, large = (one_pool.lived(times, days=20) for times in (0.2, 0.6))
    assert large.people == pytest.approx(3 * small.people, rel=0.1)
    assert large.carried > 2 * small.carried > 0
    values = load("nottingham").timeline[0][1].model_dump()
    grown = one_pool._grown(values, 3)
    assert grown["agencies"]["police"]["officers"] == 3 * values["agencies"]["police"]["officers"]
    assert grown["cohort"] == values["cohort"]
    # No more than a file may say.
    assert one_pool._grown(values, 1000)["systems"]["desk"]["officers"] == 50
    assert Parameters(**one_pool._grown(load("nottingham").timeline[0][1].model_dump(), max(one_pool.TIMES)))
    head, row, _ = one_pool.table([small, large], 1.0)
    assert (head[0], row[0]) == ("people", f"{small.people:,}")
    assert small.microseconds == pytest.approx(1e6 * small.living / small.people / 20)
