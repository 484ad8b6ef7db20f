"""Studies under draws of what is not known: two runs under each, and the same whatever happens meanwhile."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import simulation.replication
from calibration.posterior import Posterior
from experiments import Plan, Study, compare, draws, sweep
from experiments.command_line import app
from experiments.deciding import discover, sensitivity
from experiments.files import StoreError
from experiments.manifest import manifest_of, timeline
from experiments.store import ForeignStudyError
from experiments.trace import story
from scenarios import ScenarioError, load, load_study
from simulation import IOMModel, Result, Timeline, replicate
from tests import stand_in
from tests.posterior import EFFECT, POOL, posterior, table
from tests.report_page import Page
from tests.report_page import replicate as every_outcome

TABLES = ("runs.parquet", "weekly.parquet", "differences.csv")
MAIN = "outcome == 'committed_offences' and reference == 'nottingham'"
STUDY = "kind: study\nname: Mine\nsite: nottingham\noptions: [none, hub]\nreplications: 4\nyears: 1\n"


@pytest.fixture(autouse=True)
def _a_posterior_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ship(monkeypatch, posterior())


def ship(monkeypatch: pytest.MonkeyPatch, found: Posterior | None) -> None:
    monkeypatch.setattr(draws, "shipped_posterior", lambda: found)


def study(out: str, plan: Plan, *options: str, simulate: Any = stand_in.depends_on_effect) -> Study:
    return compare("nottingham", *(options or ("hub",)), plan=plan, out=out, simulate=simulate)


def contents(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in TABLES]


def test_two_runs_share_a_draw_and_every_scenario_has_it() -> None:
    found = study("out", Plan(7, workers=1, events=True), simulate=stand_in.replicate)
    for _, own in found.runs.groupby("scenario"):
        assert own["draw"].tolist() == [0, 0, 1, 1, 2, 2, 3]
    assert (found.weekly["draw"] == found.weekly["replication"] // 2).all()
    events = pd.read_parquet("out/events.parquet")
    assert (events["draw"] == events["run_number"] // 2).all()
    assert events["draw"].max() == 3


def test_draws_begin_again_after_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, posterior(draws=3))
    found = study("out", Plan(8, workers=1)).runs.query("scenario == 'nottingham'")
    assert found["draw"].tolist() == [0, 0, 1, 1, 2, 2, 0, 0]


def test_runs_are_run_with_the_values_of_their_draw() -> None:
    effect = table().query("key == @EFFECT")["value"].to_numpy()
    seen: dict[int, Timeline] = {}

    def look(scenarios: Mapping[str, Timeline], *, replication: int, **keys: Any) -> list[Result]:
        seen[replication] = scenarios["nottingham+hub"]
        return stand_in.depends_on_effect(scenarios, replication=replication, **keys)

    study("out", Plan(6, workers=1), simulate=look)
    assert len(seen) == 6
    for replication, lived in seen.items():
        number = replication // 2
        assert [now.response.log_odds_per_hour for _, now in lived] == [effect[number]] * len(lived)
        assert lived[0][1].pool.first_sanctions_per_year == pytest.approx(500 + 20.4 * number, abs=1)
        assert lived == timeline(manifest_of(Path("out")), "nottingham+hub", replication)


def test_what_is_not_known_and_chance_are_told_apart() -> None:
    """A hub's gain is 100 times an effect with a spread of 0.05; chance has a spread of 0.7."""
    found = study("out", Plan(24, workers=1)).differences.query(MAIN).iloc[0]
    wrong, average = found["wrong_high"] - found["wrong_low"], found["high"] - found["low"]
    assert 10 < wrong < 40
    assert average < wrong <= found["area_high"] - found["area_low"]
    known = study("known", Plan(24, workers=1, draw="none")).differences.query(MAIN).iloc[0]
    assert np.isnan([known["wrong_low"], known["wrong_high"]]).all()
    assert known["area_high"] - known["area_low"] < wrong / 2


def test_workers_and_interruptions_change_no_byte() -> None:
    one = study("one", Plan(6, workers=1))
    two = study("two", Plan(6, workers=2))
    assert contents(one.folder) == contents(two.folder)
    whole = compare(
        "nottingham", "hub", plan=Plan(6, workers=2), out="whole", simulate=stand_in.depends_on_effect,
        executor=ThreadPoolExecutor,
    )  # fmt: skip
    assert contents(one.folder) == contents(whole.folder)

    def stop_at_three(*args: Any, replication: int, **keys: Any) -> list[Result]:
        if replication == 3:
            raise KeyboardInterrupt
        return stand_in.depends_on_effect(*args, replication=replication, **keys)

    with pytest.raises(KeyboardInterrupt):
        study("cut", Plan(6, workers=1), simulate=stop_at_three)
    assert contents(study("cut", Plan(6, workers=1)).folder) == contents(one.folder)
    fewer = study("fewer", Plan(4, workers=1))
    assert contents(study("two", Plan(4, workers=1)).folder) == contents(fewer.folder)


def test_a_folder_holds_one_posterior_and_one_way_of_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    study("out", Plan(2, workers=1))
    with pytest.raises(ForeignStudyError, match="holds another study"):
        study("out", Plan(2, workers=1, draw="none"))
    ship(monkeypatch, posterior(spread=0.06))
    with pytest.raises(ForeignStudyError, match="holds another study"):
        study("out", Plan(2, workers=1))


def test_options_that_come_to_the_same_once_are_not_the_same_over_other_values() -> None:
    value = load("nottingham").timeline[0][1].response.log_odds_per_hour
    for name, change in (("same", f"{value + 0.1}"), ("more", "{add: 0.1}")):
        Path(name).mkdir()
        Path(name, "mine.yaml").write_text(
            f"kind: option\nname: Mine\nfrom: iom_start\nchanges: {{{EFFECT}: {change}}}\n"
        )
    assert load("nottingham", "same/mine.yaml").timeline == load("nottingham", "more/mine.yaml").timeline
    study("out", Plan(2, workers=1), "same/mine.yaml")
    with pytest.raises(ForeignStudyError, match="holds another study"):
        study("out", Plan(2, workers=1), "more/mine.yaml")


def test_a_draw_that_cannot_stand_is_failed_runs_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = table()
    rows.loc[(rows["key"] == EFFECT) & (rows["draw"] == 1), "value"] = -7.0
    ship(monkeypatch, Posterior(rows))
    found = study("out", Plan(6, workers=1), "no-effect")
    failed = found.failed[["scenario", "replication"]].to_numpy().tolist()
    assert failed == [["nottingham", 2], ["nottingham", 3]]
    assert found.failed["error"].str.contains(f"draw 1 cannot be run: .*{EFFECT}").all()
    assert found.differences.query(MAIN)["n"].tolist() == [4]


def test_without_a_posterior_nothing_is_drawn_and_asking_for_it_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = study("said", Plan(4, workers=1, draw="none"))
    ship(monkeypatch, None)
    found = study("out", Plan(4, workers=1))
    assert (found.runs["draw"] == 0).all()
    assert contents(found.folder) == contents(said.folder)
    with pytest.raises(ScenarioError, match="there is none in this version; expected none"):
        study("drawn", Plan(4, workers=1, draw="posterior"))


GRID = "factors: {cohort.ceiling: [300, 400]}\n"
SAMPLE = "design: sobol\npoints: 2\nfactors: {cohort.ceiling: {low: 300, high: 400}}\n"


@pytest.mark.parametrize(
    ("lines", "asked", "drawn"),
    [
        (GRID, None, True),
        (GRID, "none", False),
        (f"draw: none\n{GRID}", None, False),
        (f"draw: none\n{GRID}", "posterior", True),
        (SAMPLE, None, False),
        (f"draw: posterior\n{SAMPLE}", None, True),
    ],
)
def test_a_study_says_whether_it_is_drawn_and_a_command_goes_before_it(
    lines: str, asked: Any, drawn: bool
) -> None:
    Path("mine.yaml").write_text(STUDY + lines)
    found = sweep("mine.yaml", plan=Plan(workers=1, draw=asked), simulate=stand_in.respond)
    assert (found.runs["draw"].nunique() > 1) == drawn


def test_a_wrong_way_of_drawing_is_told_with_its_place() -> None:
    Path("mine.yaml").write_text(f"{STUDY}draw: prior\n{GRID}")
    with pytest.raises(ScenarioError, match=r"mine.yaml:7:7: draw: is 'prior'; expected .*posterior.*none"):
        load_study("mine.yaml")


def test_what_decides_is_asked_of_points_without_draws() -> None:
    factors = f"{{{EFFECT}: {{low: 0, high: 0.3}}, cohort.ceiling: {{low: 300, high: 400}}}}"
    Path("mine.yaml").write_text(f"{STUDY}design: sobol\npoints: 16\nfactors: {factors}\n")
    plan = Plan(4, workers=1, draw="posterior")
    found = sensitivity("mine.yaml", size=2, plan=plan, simulate=stand_in.depends_on_effect)
    assert (found.study.runs["draw"] == 0).all()
    drawn = sweep("mine.yaml", plan=plan, simulate=stand_in.depends_on_effect)
    with pytest.raises(StoreError, match="expected the same iom sweep with --draw none"):
        discover(drawn.folder)


def test_a_precision_is_that_of_the_average_over_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    ship(monkeypatch, posterior(draws=40))
    found = study("out", Plan(4, precision=0.004, budget=60, workers=1))
    row = found.differences.query(MAIN).iloc[0]
    level = found.runs.query("scenario == 'nottingham'")["committed_offences"].mean()
    assert (row["high"] - row["low"]) / 2 <= 0.004 * level
    assert 4 < row["n"] < 60


def test_the_command_says_how_many_draws_of_what_and_shows_the_third_range(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(simulation.replication, "replicate", stand_in.depends_on_effect)
    common = ["compare", "nottingham", "hub", "--workers", "1", "--replications", "12"]
    drawn = CliRunner().invoke(app, common)
    assert drawn.exit_code == 0, drawn.output
    words = " ".join(drawn.output.split())
    assert "6 draws of what is not known, 2 runs under each: 2 values" in words
    assert "the local mix of nottingham" in words
    assert "If we are wrong (over what is not known), against no IOM" in words
    assert "If we are wrong (over what is not known), against nottingham as it is" in words
    assert max(map(len, drawn.output.split("Files in")[0].splitlines())) <= 80
    assert "All ranges hold chance alone" not in words
    few = " ".join(CliRunner().invoke(app, [*common[:-1], "4"]).output.split())
    assert "over 2 draws of it; how much is chance takes more of them" in few
    assert "All ranges hold chance alone" not in few
    words = " ".join(CliRunner().invoke(app, [*common, "--draw", "none"]).output.split())
    assert "draws of what is not known" not in words
    assert "All ranges hold chance alone" in words


def test_an_option_that_sets_some_of_the_local_mix_keeps_all_of_it() -> None:
    Path("mine.yaml").write_text(f"kind: option\nname: Mine\nfrom: iom_start\nchanges: {{{POOL}: 700}}\n")
    found = study("out", Plan(4, workers=1), "mine.yaml")
    assert f"because of {POOL}" in found.notices[0]
    lived = timeline(manifest_of(Path("out")), "nottingham", 2)
    assert lived[0][1].pool == load("nottingham").timeline[0][1].pool


def test_the_report_tells_the_third_range_of_draws() -> None:
    page = Page(study("out", Plan(12, workers=1), simulate=every_outcome))
    assert "if we are wrong:" in page.said
    assert "Where the true mean differences of 95% of draws of what is not known lie" in page.said
    assert "told from 6 draws" in page.said
    assert "12 replications under 6 draws" in page.said
    assert "the range of the assumptions" not in page.said
    low, high = np.quantile(
        posterior().draws([load("nottingham")]).values[tuple(EFFECT.split("."))], [0.05, 0.95]
    )
    assert f"{low:.3g} to {high:.3g} log-odds" in page.said.replace(". ", ".")
    assert "without the data)" in page.said
    assert "what it does here is what was believed of it" in page.said
    few = Page(study("few", Plan(4, workers=1), simulate=every_outcome))
    assert "too few times to tell how far it moves the answer by itself" in few.said
    assert (
        "what was believed of it"
        not in Page(study("own", Plan(2, workers=1, draw="none"), simulate=every_outcome)).said
    )


def test_the_report_tells_what_an_option_makes_of_what_is_drawn() -> None:
    Path("double.yaml").write_text(f"kind: option\nname: Double\nchanges: {{{EFFECT}: {{scale: 2}}}}\n")
    page = Page(study("out", Plan(12, workers=1), "double.yaml", simulate=every_outcome))
    drawn = posterior().draws([load("nottingham")]).values[tuple(EFFECT.split("."))]
    low, high = 2 * np.quantile(drawn, [0.05, 0.95])
    assert f"{low:.3g} to {high:.3g} log-odds" in page.said.replace(". ", ".")


SMALL = """
kind: site
name: Small
extends: nottingham
parameters:
  iom_start: 2009-09-01
  pool: {first_sanctions_per_year: 300, history_years: 12}
  cohort: {sizing: resources, ceiling: 40}
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Return a study of the model itself, of two draws in which people and what contact does differ."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "small.yaml").write_text(SMALL)
    values = {EFFECT: (0.05, 0.6), "pool.first_sanction_age_spread_years": (1.0, 4.0)}
    rows = [(draw, "", key, own[draw]) for key, own in values.items() for draw in range(2)]
    with pytest.MonkeyPatch.context() as patch:
        ship(patch, Posterior(pd.DataFrame(rows, columns=["draw", "site", "key", "value"])))
        return compare(
            str(folder / "small.yaml"), "no-effect", plan=Plan(3, years=0.25, workers=1, events=True),
            out=folder / "out", simulate=replicate,
        )  # fmt: skip


def test_without_effects_every_draw_is_as_without_a_partnership(small: Study) -> None:
    assert (small.runs["status"] == "done").all(), small.runs["error"].tolist()
    own = small.runs.query("scenario == 'small+no-effect'")
    for outcome in ("committed_offences", "proven_offences", "custody_days"):
        assert own[outcome].tolist() == own[f"twin_{outcome}"].tolist()
    with_effect = small.runs.query("scenario == 'small'")
    assert (with_effect["committed_offences"] != with_effect["twin_committed_offences"]).any()


@pytest.mark.parametrize("replication", [0, 2])
def test_a_story_is_that_of_its_draw(small: Study, replication: int) -> None:
    log = pd.read_parquet(small.folder / "events.parquet")
    log = log[(log["scenario"] == "small") & (log["run_number"] == replication)]
    assert (log["draw"] == replication // 2).all()
    person = int(log["entity_id"].value_counts().index[0])
    told = story(small.folder, person, "small", replication)
    kept = log[log["entity_id"] == person].sort_values("time", kind="stable")
    assert [(line[2], line[3]) for line in told.events] == list(zip(kept["event"], kept["time"], strict=True))


def test_a_run_made_again_from_the_manifest_has_the_figures_of_the_study(small: Study) -> None:
    said = manifest_of(small.folder)
    lived = timeline(said, "small", 2)
    assert lived[0][1].response.log_odds_per_hour == 0.6
    model = IOMModel(lived, seed=said["seed"], replication=2, years=said["years"]).run()
    kept = small.runs.query("scenario == 'small' and replication == 2")["committed_offences"].item()
    assert model.recorder.daily("committed_offences")[model.measured_from :].sum() == kept
