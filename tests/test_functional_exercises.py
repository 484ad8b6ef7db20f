"""Exercises are whole, run as they say, and print."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments.command_line import app
from scenarios import ScenarioError, check, load
from scenarios.exercise import MINUTES, exercises, load_exercise

SEVEN = (
    "fifty-more", "under-one-roof", "whose-building", "off-the-list", "the-gate",
    "we-cut-crime-by-60-per-cent", "the-money-stops",
)  # fmt: skip


def test_there_are_seven_in_the_order_of_play() -> None:
    assert tuple(exercises()) == SEVEN


@pytest.mark.parametrize("name", SEVEN)
def test_its_setting_can_be_run_and_its_time_is_kept(name: str) -> None:
    exercise = load_exercise(name)
    scenario = load(exercise.setting.site, "+".join(exercise.setting.options))
    assert len(scenario.options) == len(exercise.setting.options)
    assert sum(spell.minutes for spell in exercise.plan) == MINUTES


def test_the_sixth_hides_that_nothing_works() -> None:
    exercise = load_exercise("we-cut-crime-by-60-per-cent")
    assert exercise.setting.hidden
    parameters = load(exercise.setting.site, "+".join(exercise.setting.options)).timeline[-1][1]
    assert parameters.cohort.ceiling == 40
    assert parameters.response.log_odds_per_hour == 0


@pytest.mark.parametrize("name", SEVEN)
def test_the_handout_keeps_the_trap_and_the_options_from_the_room(name: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["handout", name, "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    pages = {path.stem.removeprefix(f"{name}-"): path.read_text() for path in tmp_path.iterdir()}
    exercise = load_exercise(name)
    plain = {what: re.sub(r"&#\d+;", "'", text) for what, text in pages.items()}
    trap = exercise.trap[:30].replace('"', "'")
    assert trap in plain["facilitator"]
    assert trap not in plain["handout"]
    assert "no-effect" not in plain["handout"]
    for text in plain.values():
        assert not re.search(r"[\x00-\x09\x0b-\x1f]", text)
        assert "What in this exercise is assumed" in text
        assert "http" not in text


def test_every_error_of_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "kind: exercise\nname: Mine\nnumber: 1\nwhy: w\naim: a\n"
        "setting: {site: nottinham, options: [hubb], years: 2}\n"
        "question: {text: t, outcome: contacts_expired}\n"
        "plan: [{minutes: 5, what: a}, {minutes: 5, what: b}, {minutes: 5, what: c}]\n"
        "steps: [s]\nnotice: [n]\ntrap: t\ndebrief: [d]\nevidence: [{source: s, says: s}]\nassumed: [a]\n"
        "handout: [h, w]\n"
    )
    told = [str(problem) for problem in check([path])]
    assert any("6:17: setting.site: there is no site of this name" in line for line in told), told
    assert any("mine.yaml:6:" in line and "there is no option 'hubb'" in line for line in told), told
    assert any("plan: takes 15 minutes; expected 45 in all" in line for line in told), told
    path.write_text("kind: exercise\nname: Mine\nnumber: many\ntrapp: 1\n")
    told = [str(problem) for problem in check([path])]
    assert any(":3:9: number: is 'many'" in line for line in told), told
    assert any("trapp: unknown key; did you mean trap?" in line for line in told), told
    assert any("setting: is missing" in line for line in told), told
    assert CliRunner().invoke(app, ["handout", str(path)]).exit_code == 2


def test_an_unknown_exercise_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ScenarioError, match="there is no exercise of this name; did you mean fifty-more"):
        load_exercise("fifty-les")
