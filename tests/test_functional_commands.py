"""The commands, as a user meets them."""

import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import simulation.replication
from experiments.command_line import app
from tests import stand_in

WITHOUT_COLOUR = {"NO_COLOR": "1", "COLUMNS": "80"}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(simulation.replication, "replicate", stand_in.replicate)


def iom(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env=WITHOUT_COLOUR)


def test_compare_prints_differences_sentences_and_files() -> None:
    result = iom(
        "compare",
        "nottingham",
        "hub",
        "bigger-cohort",
        "hub+bigger-cohort",
        "--workers",
        "1",
        "--replications",
        "8",
    )
    assert result.exit_code == 0, result.output
    assert "the average" in result.output
    assert "one real area" in result.output
    assert "fewer" in result.output
    assert "Files in results/" in result.output
    folder = next(Path("results").iterdir())
    assert {"manifest.json", "runs.parquet", "differences.csv", "weekly.parquet", "run.png"} <= {
        path.name for path in folder.iterdir()
    }
    assert "\x1b[" not in result.output


def test_run_needs_no_option() -> None:
    result = iom("run", "nottingham", "--replications", "2", "--workers", "1", "--out", "here", "--excel")
    assert result.exit_code == 0, result.output
    assert Path("here/results.xlsx").exists()


def test_a_workbook_without_its_library_is_refused_before_anything_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("experiments.commands.manners.find_spec", lambda name: None)
    result = iom("run", "nottingham", "--replications", "2", "--workers", "1", "--out", "here", "--excel")
    assert result.exit_code == 2
    assert "pip install 'iom-sim[excel]'" in result.output
    assert not Path("here").exists()


def test_run_of_an_option_is_that_scenario_and_its_twin_only() -> None:
    result = iom("run", "nottingham", "hub", "--replications", "2", "--workers", "1", "--out", "here")
    assert result.exit_code == 0, result.output
    assert "nottingham+hub: mean of 2 replications" in " ".join(result.output.split())
    assert set(pd.read_parquet("here/runs.parquet")["scenario"]) == {"nottingham+hub"}


def test_without_a_terminal_nothing_is_wider_than_80_columns() -> None:
    result = iom("compare", "nottingham", "hub", "--workers", "1", "--replications", "8", "--out", "here")
    printed = [line for line in result.stdout.splitlines() if not line.startswith("Files in")]
    assert max(map(len, printed)) <= 80
    assert "…" not in result.stdout


def test_a_plus_with_spaces_joins_two_options() -> None:
    result = iom(
        "compare", "nottingham", "hub", "+", "bigger-cohort", "--workers", "1", "--replications", "2"
    )
    assert result.exit_code == 0, result.output
    assert "nottingham+hub+bigger-cohort against nottingham" in " ".join(result.output.split())
    assert "2 replications are few" in result.output


def test_wrong_input_is_told_at_once_with_exit_code_2() -> None:
    result = iom("compare", "nottingham", "hubb", "bigger-cohrt")
    assert result.exit_code == 2
    assert "hubb: there is no option of this name" in result.output
    assert "bigger-cohrt: there is no option of this name" in result.output
    assert "Traceback" not in result.output


def test_check_tells_every_error_and_accepts_correct_files() -> None:
    Path("bad.yaml").write_text("kind: option\nname: Bad\nchanges:\n  cohort.cieling: 4\n")
    result = iom("check", "bad.yaml")
    assert result.exit_code == 2
    assert "bad.yaml:4:3: cohort.cieling: unknown key; did you mean ceiling?" in result.output
    Path("good.yaml").write_text("kind: option\nname: Good\nchanges:\n  cohort.ceiling: 4\n")
    assert iom("check", "good.yaml").exit_code == 0


def test_check_takes_shipped_names_and_tells_what_they_change_in_a_site() -> None:
    Path("mine.yaml").write_text("kind: option\nname: Mine\nchanges:\n  agencies.vcs.workers: {add: 2}\n")
    result = iom("check", "nottingham", "Hub", "mine.yaml", "no_effect", "--site", "nottingham")
    assert result.exit_code == 0, result.output
    printed = " ".join(result.output.split())
    assert (
        "hub in nottingham changes teams.city.co_location.form none -> hub from 2010-01-01; hub.yaml:"
        in printed
    )
    assert "mine in nottingham changes agencies.vcs.workers 5 -> 7 from 2010-01-01; mine.yaml:4" in printed
    assert "response.log_odds_per_hour 0.15 -> 0 from 2008-04-01; no-effect" in printed
    assert "4 files without errors" in printed
    assert max(map(len, result.output.splitlines())) <= 80


def test_check_tells_what_is_wrong_with_options_together() -> None:
    result = iom("check", "hub+virtual", "hubb", "--site", "nottingham")
    assert result.exit_code == 2
    assert "is set by hub.yaml:6 as well" in result.output
    assert (
        "hubb: there is no site, option, study, exercise or evaluation of this name; did you mean hub?"
        in result.output
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "nottingham", "--replications", "0"],
        ["run", "nottingham", "--years", "nan"],
        ["run", "nottingham", "--seed", "9" * 30],
        ["compare", "nottingham"],
        ["sweep"],
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    result = iom(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_failed_runs_are_listed_with_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation.replication, "replicate", stand_in.replicate_and_fail)
    result = iom("compare", "nottingham", "hub", "--replications", "3", "--workers", "1")
    assert result.exit_code == 1
    assert "failed: nottingham+hub, replication 1: ValueError: a bad day" in result.output


def test_an_interruption_keeps_what_is_finished_with_exit_code_130(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation.replication, "replicate", stand_in.replicate_until_stopped)
    arguments = ("run", "nottingham", "--replications", "4", "--workers", "1", "--out", "study")
    stopped = iom(*arguments)
    assert stopped.exit_code == 130
    assert "the same command goes on from there" in stopped.output
    Path("go_on").touch()
    assert iom(*arguments).exit_code == 0


def test_another_study_in_the_folder_is_exit_code_2() -> None:
    assert iom("run", "nottingham", "--replications", "1", "--workers", "1", "--out", "study").exit_code == 0
    result = iom(
        "run", "nottingham", "--replications", "1", "--workers", "1", "--out", "study", "--seed", "9"
    )
    assert result.exit_code == 2
    assert "holds another study (other seed)" in result.output
    Path("study/manifest.json").write_text("{")
    result = iom("run", "nottingham", "--replications", "1", "--workers", "1", "--out", "study")
    assert result.exit_code == 2
    assert "manifest.json cannot be read" in result.output


def test_what_the_system_refuses_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "/there/x")

    monkeypatch.setattr(sys.modules["scenarios.check"], "answer", refuses)
    result = iom("check", "hub")
    assert result.exit_code == 2
    assert "/there/x: permission denied; expected a place that you may read and write" in result.output


@pytest.mark.parametrize("name", ["+", "hub+", "+hub"])
def test_a_plus_joins_two_names(name: str) -> None:
    result = iom("check", name)
    assert result.exit_code == 2
    assert "has nothing on one side of a +" in result.output


def test_a_folder_is_no_file() -> None:
    Path("folder").mkdir()
    result = iom("check", "folder")
    assert (result.exit_code, result.output.strip()) == (2, "folder: is a directory; expected a YAML file")
