"""Studies: what a file asks for is what is run, resumed, extended and told."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import simulation.replication
from experiments import Plan, curve, sweep, task
from experiments.command_line import app
from experiments.differences import TWIN
from scenarios import load_study, points_of
from tests import stand_in

HEAD = "kind: study\nname: Mine\nsite: nottingham\n"
GRID = HEAD + "options: [none, hub]\nfactors: {cohort.ceiling: [300, 450, 600]}\nreplications: 3\n"
ONE = Plan(workers=1)
TABLES = ("runs.parquet", "weekly.parquet", "differences.csv")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(simulation.replication, "replicate", stand_in.respond)
    Path("mine.yaml").write_text(GRID)


def iom(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"NO_COLOR": "1", "COLUMNS": "80"})


def sampled(design: str, points: int, seed: int = 1) -> list[dict[str, object]]:
    text = (
        "factors:\n  cohort.ceiling: {low: 201, high: 204}\n"
        "  engagement.trust_at_outset: {low: 0.2, high: 0.6}\n"
        f"  meetings.selection.every_days: [7, 14]\ndesign: {design}\npoints: {points}\n"
    )
    Path("sampled.yaml").write_text(HEAD + text)
    return [point.factors for point in points_of(load_study("sampled.yaml"), seed)]


def test_a_grid_crosses_every_value_with_every_option() -> None:
    file = load_study("mine.yaml")
    names = [point.scenario.name for point in points_of(file, 1)]
    assert names[:3] == [
        "nottingham+cohort.ceiling=300",
        "nottingham+hub+cohort.ceiling=300",
        "nottingham+cohort.ceiling=450",
    ]
    assert len(names) == 6


def test_levers_are_set_on_the_decision_date_and_the_rest_holds_from_the_first_day() -> None:
    text = "factors: {cohort.ceiling: [300], response.log_odds_per_hour: [0.3], courts.cases_a_day: [9]}\n"
    Path("mine.yaml").write_text(HEAD + text)
    (point,) = points_of(load_study("mine.yaml"), 1)
    (first, before), (decided, after) = point.scenario.timeline
    assert (first, decided) == (date(2008, 4, 1), date(2010, 1, 1))
    assert (before.cohort.ceiling, before.cohort.sizing) == (591, "threat")
    assert (after.cohort.ceiling, after.cohort.sizing) == (300, "resources")
    assert before.response.log_odds_per_hour == after.response.log_odds_per_hour == 0.3
    assert before.courts.cases_a_day == after.courts.cases_a_day == 9


def test_a_latin_hypercube_has_one_point_in_every_row() -> None:
    shares = sorted(
        (float(str(p["engagement.trust_at_outset"])) - 0.2) / 0.4 for p in sampled("latin_hypercube", 12)
    )
    assert [int(12 * share) for share in shares] == list(range(12))


@pytest.mark.parametrize("design", ["latin_hypercube", "sobol"])
def test_whole_numbers_and_lists_come_up_alike_often(design: str) -> None:
    points = sampled(design, 16)
    assert Counter(point["cohort.ceiling"] for point in points) == dict.fromkeys([201, 202, 203, 204], 4)
    assert Counter(point["meetings.selection.every_days"] for point in points) == {7: 8, 14: 8}


def test_a_trajectory_of_morris_changes_one_factor_a_step() -> None:
    points = sampled("morris", 8)
    for trajectory in (points[:4], points[4:]):
        changed = [[key for key in one if one[key] != two[key]] for one, two in pairwise(trajectory)]
        assert all(len(keys) <= 1 for keys in changed)
        assert len({key for keys in changed for key in keys}) >= 2


@pytest.mark.parametrize("design", ["latin_hypercube", "sobol", "morris"])
def test_the_seed_decides_the_points(design: str) -> None:
    assert sampled(design, 8) == sampled(design, 8)
    assert sampled(design, 8) != sampled(design, 8, seed=2)


def test_a_sweep_has_a_row_a_run_with_its_option_and_factors() -> None:
    study = sweep("mine.yaml", plan=ONE)
    runs = pd.read_parquet(study.folder / "runs.parquet")
    assert list(runs.columns[:11]) == [
        "run_id", "site", "scenario", "draw", "replication", "seed", "status", "error", "options", "point",
        "cohort.ceiling",
    ]  # fmt: skip
    assert len(runs) == runs["run_id"].nunique() == 18
    own = runs[(runs["options"] == "hub") & (runs["cohort.ceiling"] == 450)]
    assert own["offences_averted"].mean() == pytest.approx(70, abs=6)


def test_differences_are_to_the_twin_and_to_the_first_option_at_the_same_point() -> None:
    study = sweep("mine.yaml", plan=Plan(8, workers=1))
    rows = study.differences.query("outcome == 'committed_offences'").set_index(["option", "reference"])
    assert len(rows) == 9
    for ceiling in (300, 450, 600):
        own, other = (f"nottingham{option}+cohort.ceiling={ceiling}" for option in ("+hub", ""))
        assert rows.loc[(own, other), "mean_difference"] == pytest.approx(-10, abs=5)
        assert rows.loc[(own, TWIN), "cohort.ceiling"] == ceiling
    runs = study.runs.set_index(["scenario", "replication"])["committed_offences"]
    own, other = "nottingham+hub+cohort.ceiling=300", "nottingham+cohort.ceiling=300"
    assert rows.loc[(own, other), "mean_difference"] == pytest.approx((runs[own] - runs[other]).mean())


def test_more_scenarios_than_a_task_takes_are_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sweep("mine.yaml", plan=ONE, out="whole")
    monkeypatch.setattr(task, "SCENARIOS_A_TASK", 4)
    shared = sweep("mine.yaml", plan=ONE, out="shared")
    assert len(list(Path("shared/parts").iterdir())) == 2 * len(list(Path("whole/parts").iterdir()))
    for name in TABLES:
        assert (whole.folder / name).read_bytes() == (shared.folder / name).read_bytes()


def test_worlds_that_differ_are_different_tasks() -> None:
    Path("mine.yaml").write_text(
        HEAD + "factors: {courts.cases_a_day: [9, 20], cohort.ceiling: [300, 400]}\n"
    )
    timelines = {p.scenario.name: p.scenario.timeline for p in points_of(load_study("mine.yaml"), 1)}
    assert [len(names) for names in task.groups(timelines)] == [2, 2]


def test_an_extension_adds_replications_and_is_not_made_twice_when_cut_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[int] = []
    room = [100]

    def spy(*args: object, replication: int, **settings: object) -> object:
        if len(ran) == room[0]:
            raise KeyboardInterrupt
        ran.append(replication)
        return stand_in.respond(*args, replication=replication, **settings)

    assert len(sweep("mine.yaml", plan=ONE, simulate=spy).runs) == 18
    room[0] = 4
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            sweep("mine.yaml", plan=ONE, simulate=spy, extend=2)
    room[0] = 100
    assert len(sweep("mine.yaml", plan=ONE, simulate=spy, extend=2).runs) == 30
    assert ran == [0, 1, 2, 3, 4]
    assert len(sweep("mine.yaml", plan=ONE, simulate=spy).runs) == 30, "what was asked for stays asked for"
    assert len(sweep("mine.yaml", plan=ONE, simulate=spy, extend=2).runs) == 42
    assert ran == [0, 1, 2, 3, 4, 5, 6]
    alone = sweep("mine.yaml", plan=Plan(7, workers=1), out="alone")
    for name in TABLES:
        assert (alone.folder / name).read_bytes() == (Path("results/mine") / name).read_bytes()


def test_the_command_tells_points_and_what_cannot_be_told_apart() -> None:
    result = iom("sweep", "mine.yaml", "--workers", "1", "--replications", "10")
    assert result.exit_code == 0, result.output
    said = " ".join(result.output.split())
    assert "hub: fewest offences at cohort.ceiling 450" in said
    assert "hub against none, cohort.ceiling alike: fewer offences at 300, 450 and 600" in said
    assert "60 of 60 runs" in said
    assert "Files in results/mine: manifest.json, runs.parquet" in said
    assert "curve.png, curve.csv" in said
    assert max(len(line) for line in result.stdout.splitlines() if not line.startswith("Files in")) <= 80
    assert Path("results/mine/curve.png").stat().st_size > 10_000
    assert "study" in json.loads(Path("results/mine/manifest.json").read_text())


def test_a_design_that_samples_is_told_and_drawn_too() -> None:
    sampled("sobol", 4)
    result = iom("sweep", "sampled.yaml", "--workers", "1", "--replications", "2", "--excel")
    assert result.exit_code == 0, result.output
    assert Path("results/sampled/curve.png").exists()
    assert Path("results/sampled/results.xlsx").exists()


def test_a_step_along_a_factor_is_told_run_by_run_without_the_luck_that_its_ends_share() -> None:
    result = iom("sweep", "mine.yaml", "--workers", "1", "--replications", "10")
    said = " ".join(result.output.split())
    assert "hub: cohort.ceiling from 300 to 600, run by run: " in said
    rows = pd.read_csv("results/mine/curve.csv").query("outcome == 'committed_offences'")
    best = rows[rows["cohort.ceiling"] == 450]
    truth = -((150 / 40) ** 2)
    assert ((best["to_first_low"] < truth) & (truth < best["to_first_high"])).all()
    # Ten areas differ by 30 and their runs by 3: the interval is of the latter.
    assert (best["to_first_high"] - best["to_first_low"] < 10).all()
    assert (rows[rows["cohort.ceiling"] == 300]["to_first"] == 0).all()


@pytest.mark.parametrize(
    ("factors", "design"),
    [
        ("  cohort.ceiling: {low: 300, high: 600}\n", "sobol"),
        ("  cohort.ceiling: {low: 300, high: 600}\n  meetings.selection.every_days: [7, 14]\n",
         "latin_hypercube"),
        ("  cohort.ceiling: {low: 300, high: 600}\n  engagement.trust_at_outset: {low: 0.2, high: 0.6}\n",
         "morris"),
    ],
)  # fmt: skip
def test_there_is_no_step_in_a_design_that_samples(factors: str, design: str) -> None:
    points = 3 if design == "morris" else 4
    Path("sampled.yaml").write_text(HEAD + f"factors:\n{factors}design: {design}\npoints: {points}\n")
    result = iom("sweep", "sampled.yaml", "--workers", "1", "--replications", "2")
    assert result.exit_code == 0, result.output
    assert "run by run" not in result.output
    assert "to_first" not in pd.read_csv("results/sampled/curve.csv")


def test_the_second_row_of_a_picture_is_the_step_that_the_table_tells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Any] = []
    plain_drawing = curve.drawing

    @contextmanager
    def spy(*given: Any, **about: Any) -> Iterator[Any]:
        with plain_drawing(*given, **about) as (figure, axes):
            yield figure, axes
            seen.extend(axes.flat)

    monkeypatch.setattr(curve, "drawing", spy)
    iom("sweep", "mine.yaml", "--workers", "1", "--replications", "4")
    rows = pd.read_csv("results/mine/curve.csv").query("outcome == 'committed_offences'")
    told = rows.set_index(["options", "cohort.ceiling"])["to_first"]
    assert "less that at 300, run by run" in seen[3].get_title()
    none, hub = seen[3].lines[:2]
    for line, option in ((none, "none"), (hub, "hub")):
        assert line.get_xdata().tolist() == [300, 450, 600]
        # Fewer committed are more averted.
        assert line.get_ydata() == pytest.approx(-told[option].to_numpy(), abs=0.01)


def test_a_grid_of_many_lines_is_drawn_in_rows_by_its_last_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = "response.shape: [linear, saturating, threshold]"
    grids = {
        "mine.yaml": (2, 3),
        "many.yaml": (3, 3),
    }
    options = "options: [none, hub, virtual]\n"
    Path("many.yaml").write_text(
        HEAD + options + f"factors:\n  cohort.ceiling: [300, 450]\n  {shapes}\nreplications: 2\n"
    )
    opened = []

    def spy(path: Path, rows: int = 1, columns: int = 1, **about: Any) -> Any:
        opened.append((rows, columns))
        return plain_drawing(path, rows, columns, **about)

    plain_drawing = curve.drawing
    monkeypatch.setattr(curve, "drawing", spy)
    for name in grids:
        curve.draw(sweep(name, plan=Plan(2, workers=1)), Path(f"{name}.png"))
    assert opened == list(grids.values())


def test_precision_is_for_several_outcomes_and_says_what_missed_it() -> None:
    both = ("--outcome", "committed_offences", "--outcome", "net_benefit_gbp")
    common = ("sweep", "mine.yaml", "--workers", "1", "--budget", "33")
    met = iom(*common, "--precision", "0.5", *both, "--out", "met")
    assert "precision 0.5 reached: 3 replications (committed_offences, net_benefit_gbp)" in " ".join(
        met.output.split()
    )
    missed = iom(*common, "--precision", "0.003", *both, "--out", "missed")
    said = " ".join(missed.output.split())
    assert "precision 0.003 not reached within the budget: 33 replications; net_benefit_gbp of" in said
    reached = json.loads(Path("missed/manifest.json").read_text())["finished"]["precision"]
    shares = {(row["scenario"], row["outcome"]): row["share"] for row in reached}
    own = pd.read_parquet("missed/runs.parquet").groupby("scenario", sort=False)["net_benefit_gbp"]
    half = 2.0369 * own.std() / np.sqrt(33)
    for name, share in (half / abs(own.mean().iloc[0])).items():
        assert shares[name, "net_benefit_gbp"] == pytest.approx(share, rel=1e-3)
    wrong = iom(*common, "--precision", "0.5", "--outcome", "net_benefits")
    assert wrong.exit_code == 2
    assert "did you mean net_benefit_gbp?" in wrong.output


def test_studies_are_listed_with_how_far_they_are() -> None:
    sweep("mine.yaml", plan=ONE)
    with pytest.raises(KeyboardInterrupt):
        sweep("mine.yaml", plan=Plan(4, workers=1), out="results/cut", simulate=stop_at_two)
    result = iom("studies")
    assert (
        "cohort-size-by-form: Cohort size by form of co-location, nottingham; 20 replications"
        in result.output
    )
    assert "results/cut: Mine" in result.output
    assert "12 of 24 runs; unfinished" in result.output
    assert "18 of 18 runs; finished" in result.output
    assert "None in nowhere yet" in iom("studies", "nowhere").output


def stop_at_two(*args: object, replication: int, **settings: object) -> object:
    if replication == 2:
        raise KeyboardInterrupt
    return stand_in.respond(*args, replication=replication, **settings)


def test_failures_are_counted_and_a_long_list_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **settings: object) -> object:
        raise ValueError("a bad day")

    monkeypatch.setattr(simulation.replication, "replicate", fail)
    result = iom("sweep", "mine.yaml", "--workers", "1", "--replications", "4")
    assert result.exit_code == 1
    assert "24 of 24 runs" in result.output
    assert "24 failed" in result.output
    assert "failed: 4 more; their errors stand in runs.parquet" in result.output


def test_wrong_input_is_told_at_once_with_exit_code_2() -> None:
    Path("mine.yaml").write_text(HEAD + "options: [hubb]\nfactors: {cohort.cieling: [1]}\ndesign: lattice\n")
    result = iom("sweep", "mine.yaml")
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 3
    assert "mine.yaml:4:11: options: 'hubb': there is no option of this name" in result.output
    assert not Path("results").exists()


def test_mistakes_in_a_study_and_in_its_option_are_told_together() -> None:
    Path("hers.yaml").write_text("kind: option\nname: [unclosed\n")
    Path("his.yaml").write_text("kind: option\nname: His\nchanges: {cohort.cieling: 4}\n")
    Path("mine.yaml").write_text(HEAD + "options: [hers.yaml, his.yaml]\nfactors: {cohort.ceiling: 3}\n")
    told = iom("check", "mine.yaml").output.splitlines()
    assert [line.split(":")[0] for line in told] == ["hers.yaml", "his.yaml", "mine.yaml"]
