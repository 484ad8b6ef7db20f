"""One person's story is that of the run, told again by key."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments import Plan, compare
from experiments.command_line import app
from experiments.trace import TraceError, story

SMALL = """
kind: site
name: Small
extends: nottingham
parameters:
  iom_start: 2009-03-01
  pool: {first_sanctions_per_year: 400, history_years: 15}
  cohort: {sizing: resources, ceiling: 40}
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trace")
    (folder / "small.yaml").write_text(SMALL)
    plan = Plan(1, years=0.5, workers=1, events=True)
    return compare(str(folder / "small.yaml"), "hub", plan=plan, out=folder / "out").folder


def managed(out: Path) -> int:
    import pandas as pd

    events = pd.read_parquet(out / "events.parquet").query("scenario == 'small'")
    told = events[events["event"].isin(["reception", "release"])]["entity_id"]
    chosen = events[events["event"] == "selected"]["entity_id"]
    return int(chosen[chosen.isin(told)].iloc[0])


def test_the_story_is_that_of_the_kept_log(out: Path) -> None:
    import pandas as pd

    person = managed(out)
    log = pd.read_parquet(out / "events.parquet").query("scenario == 'small' and entity_id == @person")
    told = story(out, person)
    assert [(line[2], line[3]) for line in told.events] == list(
        log.sort_values("time", kind="stable")[["event", "time"]].itertuples(index=False, name=None)
    )
    assert any("selected" in line for line in told.lines)
    assert any("received into custody" in line or "released" in line for line in told.lines)
    assert told.lines[0].startswith(("A man of", "A woman of"))


@pytest.mark.parametrize("called", ["small+hub", "+hub", "hub"])
def test_the_command_prints_it_and_draws_it(out: Path, called: str) -> None:
    result = CliRunner().invoke(app, ["trace", str(out), str(managed(out)), "--scenario", called])
    assert result.exit_code == 0, result.output
    assert f"Person {managed(out)} of small+hub, replication 0" in result.output
    assert list(out.glob("trace-*.png"))


def test_what_cannot_be_told_is_said(out: Path, tmp_path: Path) -> None:
    for arguments, message in (
        ((tmp_path, 1), "holds no study"),
        ((out, 10**6), "no such person; expected a row from 0 to"),
        ((out, 1, "small+hug"), "no such scenario"),
    ):
        with pytest.raises(TraceError, match=message):
            story(*arguments)
    result = CliRunner().invoke(app, ["trace", str(tmp_path), "1"])
    assert result.exit_code == 2
    assert "Traceback" not in result.output
