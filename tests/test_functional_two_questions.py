"""The two questions: knees and thresholds from studies whose answer is known."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from experiments import Plan, sweep
from experiments.deciding.thresholds import observed
from experiments.deciding.two_questions import FRONTIER, KNEES, THRESHOLDS, main
from scenarios import load, load_study
from simulation import Parameters, Result, Timeline
from tests.posterior import posterior


def replicate(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Bend at 500 people where the response saturates; let a hub pay by its minutes and lose by its rent."""
    results = []
    for name, timeline in scenarios.items():
        now = timeline[-1][1]
        luck = np.random.default_rng([seed, replication, *name.encode()]).standard_normal()
        size, bent = now.cohort.ceiling, now.response.shape == "saturating"
        averted = 0.5 * size - 0.4 * bent * max(size - 500, 0) + luck
        form, together = now.forms.hub, next(iter(now.teams.values())).co_location.form == "hub"
        gain = 1e5 * (form.coordination_saved_share - 0.4) + 5e4 * (form.attendance_log_odds + 0.2)
        outcomes = {
            "offences_averted": averted, "minutes_per_person_week": 20_000 / size,
            "net_benefit_gbp": 1_000 * averted + gain * together + 10 * luck,
        }  # fmt: skip
        results.append(Result(name, outcomes))
    return results


@pytest.fixture(params=["none", "posterior"])
def folders(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, Path]:
    """Both studies, the curves under draws too, which are what a copy runs them under."""
    if request.param == "posterior":
        monkeypatch.setattr("experiments.draws.shipped_posterior", posterior)
    # Two runs of a draw are one life.
    plan = Plan(replications=8 if request.param == "posterior" else 4, workers=1)
    for name in ("cohort-size-by-shape", "hub-thresholds"):
        sweep(load_study(name), plan=plan, out=tmp_path / name, simulate=replicate)
    return tmp_path / "cohort-size-by-shape", tmp_path / "hub-thresholds"


def test_both_questions_are_answered_from_their_studies(folders: tuple[Path, Path], tmp_path: Path) -> None:
    assert main([*map(str, folders), "--out", str(tmp_path)]) == 0
    knees = pd.read_csv(tmp_path / KNEES)
    assert len(knees) == 2 * 6 * 3
    bent = knees["shape"] == "saturating"
    assert knees.groupby("form").size().tolist() == 6 * [2 * 3]
    assert (knees.loc[bent, "knee"] == 500).all()
    assert (knees.loc[bent, "probability"] > 0.95).all()
    # Four replications of 24 straight lines: chance bends a few.
    assert knees.loc[~bent, "knee"].isna().mean() > 0.7
    table = pd.read_csv(tmp_path / THRESHOLDS).set_index("factor")
    coordination, attendance = (
        table.loc[f"forms.hub.{name}"] for name in ("coordination_saved_share", "attendance_log_odds")
    )
    # With attendance in the middle a hub gains 0.2 x 50,000: it may save that much less.
    site = load("nottingham").timeline[-1][1]
    minutes = np.mean(
        [site.agencies.police.coordination_minutes, site.agencies.probation.coordination_minutes]
    )
    assert coordination["pays_if"] == "at least"
    assert coordination["threshold"] == pytest.approx(0.3 * minutes, rel=0.1)
    assert attendance["pays_if"] == "at most"
    travel = table.loc["forms.hub.travel_saved_share"]
    assert np.isnan(travel["threshold"])
    assert np.isnan(travel["pays_if"])
    # The stand-in gains 100,000 from nothing saved to all of it; the points do not reach the very ends.
    assert coordination["end_to_end_gbp"] == pytest.approx(1e5, rel=0.1)
    line = pd.read_csv(tmp_path / FRONTIER, dtype=str)
    base = site.engagement.attendance
    for rent in ("0", "30,000", "60,000"):
        own = line.loc[line["rent_gbp_a_year"] == rent, "puts_off_at_most"].tolist()
        # Of half of all minutes saved a hub gains 20,000 with attendance as it is, which 0.4 below takes.
        assert float(own[2]) == pytest.approx(100 * (expit(base) - expit(base - 0.4)), abs=1.5)
        won = [float(text.removeprefix("wins ")) for text in own[:2]]
        assert won[0] > won[1] > 0
        assert own[4].startswith("more than ")


def test_a_form_is_told_in_what_staff_can_observe() -> None:
    site = Parameters()
    base = site.engagement.attendance
    unit, put_off = observed("forms.hub.attendance_log_odds", np.array([0.0, -0.5]), site)
    assert unit == "appointments put off of a hundred"
    assert put_off.tolist() == pytest.approx([0, 100 * (expit(base) - expit(base - 0.5))])
    assert observed("forms.hub.premises_gbp_a_year", 5.0, site) == ("gbp a year, for each place", 5.0)


def test_a_folder_without_a_study_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "a"), str(tmp_path / "b"), "--out", str(tmp_path)]) == 2
    assert "expected the folder of an iom sweep" in capsys.readouterr().err
