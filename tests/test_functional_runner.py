"""Studies survive failures, deaths and interruptions, and do not depend on how they were run."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import Plan, compare
from experiments.store import ForeignStudyError
from tests import stand_in

FOUR = Plan(replications=4, workers=1)
TABLES = ("runs.parquet", "weekly.parquet", "differences.csv")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def contents(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in TABLES]


def test_one_and_two_workers_write_the_same_bytes() -> None:
    one = compare("nottingham", "hub", plan=Plan(6, workers=1), out="one", simulate=stand_in.replicate)
    two = compare("nottingham", "hub", plan=Plan(6, workers=2), out="two", simulate=stand_in.replicate)
    assert contents(one.folder) == contents(two.folder)


def test_a_failed_run_is_a_row_and_loses_its_pair() -> None:
    study = compare("nottingham", "hub", plan=FOUR, simulate=stand_in.replicate_and_fail)
    assert study.failed[["scenario", "replication"]].to_numpy().tolist() == [["nottingham+hub", 1]]
    rows = study.differences.query("outcome == 'committed_offences' and reference == 'nottingham'")
    assert rows["n"].tolist() == [3]


def test_a_task_that_kills_its_worker_twice_becomes_failed_runs() -> None:
    study = compare("nottingham", "hub", plan=Plan(5, workers=2), simulate=stand_in.replicate_and_die)
    assert set(study.failed["replication"]) == {2}
    assert study.failed["error"].str.contains("the worker process died 2 times").all()
    assert len(study.runs) == 10
    again = compare("nottingham", "hub", plan=Plan(5, workers=2), simulate=stand_in.replicate_and_die)
    assert set(again.failed["replication"]) == {2}


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_outside_any_scenario_fails_its_replication_only(workers: int) -> None:
    plan = Plan(3, workers=workers)
    study = compare("nottingham", "hub", plan=plan, simulate=stand_in.replicate_and_raise)
    assert study.failed["replication"].tolist() == [1, 1]
    assert study.failed["error"].str.contains("MemoryError: no room").all()


def test_a_study_in_which_everything_fails_still_has_its_rows() -> None:
    def fail(*args: object, **settings: object) -> object:
        raise ValueError("never")

    study = compare("nottingham", "hub", plan=Plan(2, workers=1), simulate=fail)
    assert len(study.failed) == 4
    assert study.differences.empty


def test_an_interrupted_study_resumes_to_the_same_files() -> None:
    whole = compare("nottingham", "hub", plan=FOUR, out="whole", simulate=stand_in.replicate)
    with pytest.raises(KeyboardInterrupt):
        compare("nottingham", "hub", plan=FOUR, out="cut", simulate=stand_in.replicate_until_stopped)
    kept = {path: path.stat().st_mtime_ns for path in Path("cut/parts").iterdir()}
    assert [path.name.split("-")[0] for path in sorted(kept)] == ["000000", "000001"]
    assert "finished" not in json.loads(Path("cut/manifest.json").read_text())
    Path("go_on").touch()
    resumed = compare("nottingham", "hub", plan=FOUR, out="cut", simulate=stand_in.replicate_until_stopped)
    assert contents(whole.folder) == contents(resumed.folder)
    assert kept.items() <= {path: path.stat().st_mtime_ns for path in Path("cut/parts").iterdir()}.items()
    assert json.loads(Path("cut/manifest.json").read_text())["finished"]["failed_runs"] == 0


def test_an_extended_study_adds_only_what_is_new() -> None:
    compare("nottingham", plan=Plan(2, workers=1), out="study", simulate=stand_in.replicate)
    ran: list[int] = []

    def spy(*args: object, replication: int, **settings: object) -> object:
        ran.append(replication)
        return stand_in.replicate(*args, replication=replication, **settings)

    longer = compare("nottingham", plan=Plan(4, workers=1), out="study", simulate=spy)
    assert ran == [2, 3]
    assert len(longer.runs) == 4
    shorter = compare("nottingham", plan=Plan(2, workers=1), out="study", simulate=spy)
    assert ran == [2, 3]
    assert shorter.runs["replication"].tolist() == [0, 1]


def test_a_folder_with_another_study_is_refused_and_a_default_one_is_passed_over() -> None:
    first = compare("nottingham", "hub", plan=FOUR, simulate=stand_in.replicate)
    with pytest.raises(ForeignStudyError, match="holds another study"):
        compare(
            "nottingham",
            "hub",
            plan=Plan(4, seed=2, workers=1),
            out=first.folder,
            simulate=stand_in.replicate,
        )
    second = compare("nottingham", "hub", plan=Plan(4, seed=2, workers=1), simulate=stand_in.replicate)
    assert second.folder.name == first.folder.name + "-2"
    again = compare("nottingham", "hub", plan=FOUR, simulate=stand_in.replicate)
    assert again.folder == first.folder


def test_the_manifest_is_there_before_the_first_run() -> None:
    def look(*args: object, **settings: object) -> object:
        manifest = json.loads(Path("study/manifest.json").read_text())
        assert manifest["scenarios"]["nottingham"][0]["parameters"]["cohort"]["sizing"] == "threat"
        assert manifest["made_on"]["processor_features"]
        return stand_in.replicate(*args, **settings)

    compare("nottingham", plan=Plan(1, workers=1), out="study", simulate=look)
    assert Path("study/manifest.json").exists()


def test_precision_adds_replications_until_reached_or_the_budget_is_spent() -> None:
    reached = compare(
        "nottingham",
        "hub",
        plan=Plan(3, precision=0.02, budget=60, seed=4, workers=1),
        simulate=stand_in.replicate,
    )
    assert 3 < len(reached.runs) / 2 <= 60
    assert any("reached" in notice and "not reached" not in notice for notice in reached.notices)
    spent = compare(
        "nottingham",
        "hub",
        plan=Plan(3, precision=1e-5, budget=15, workers=1),
        out="s",
        simulate=stand_in.replicate,
    )
    assert len(spent.runs) / 2 == 15
    assert any("not reached within the budget" in notice for notice in spent.notices)


def test_events_are_kept_when_asked_for() -> None:
    study = compare("nottingham", plan=Plan(2, workers=1, events=True), simulate=stand_in.replicate)
    events = pd.read_parquet(study.folder / "events.parquet")
    assert list(events.columns) == [
        "entity_id", "event_type", "event", "time", "resource_id", "pathway", "run_number", "scenario",
        "draw",
    ]  # fmt: skip
    assert np.array_equal(events["run_number"], [0, 1])
