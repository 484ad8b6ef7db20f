"""A trend is found where there is one, and told to be none where it is within the margin."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import trend


def lived(yearly: float, seed: int) -> trend.Lived:
    when, noise = np.arange(60) / 12, np.random.default_rng(seed).normal(0, 20, 60)
    return trend.Lived(1000 * (1 + yearly * (when - when.mean())) + noise, waiting=seed)


@pytest.mark.parametrize(
    ("yearly", "said"),
    [
        (0.0, "none to be seen"),
        (0.012, "a trend, within the margin"),
        (0.035, "a trend"),
        (-0.035, "a trend"),
    ],
)
def test_a_slope_is_a_share_of_the_mean_a_year(yearly: float, said: str) -> None:
    each = [lived(yearly, seed) for seed in range(8)]
    assert np.mean([trend.slope(one.months) for one in each]) == pytest.approx(yearly, abs=0.004)
    (row,) = trend.table({("here", "none"): each}).to_dict("records")
    assert row["told"] == said
    assert row["cases waiting at the end"] == "4"  # 3.5
    assert abs(int(row["offences a year"].replace(",", "")) - 12_000) < 50


def test_an_interval_over_the_margin_tells_nothing() -> None:
    assert trend.told(-0.01, 0.03) == "not known: more runs"
    assert trend.told(-trend.MARGIN, 0.0) == "not known: more runs"


def test_intervals_hold_the_slope_about_as_often_as_they_say() -> None:
    """60 places of 6 runs: at 95%, 50 or fewer of 60 cover with a chance below 0.1%."""
    covered = 0
    for place in range(60):
        each = [lived(0.01, 100 * place + run) for run in range(6)]
        (row,) = trend.table({("here", "none"): each}).to_dict("records")
        low, high = map(float, row["95% interval"].split(" to "))
        covered += low <= 1.0 <= high
    assert covered > 50


def test_the_command_lives_through_a_place_and_writes_its_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trend, "YEARS", 0.25)
    options = ["--options", "small-place", "none"]
    trend.main(["--sites", "bristol", *options, "--replications", "2", "--out", str(tmp_path / "trend.csv")])
    found = pd.read_csv(tmp_path / "trend.csv")
    assert found["site"].tolist() == ["bristol", "bristol"]
    assert found["option"].tolist() == options[1:]
    assert found["runs"].tolist() == [2, 2]
    first, second = (int(told.replace(",", "")) for told in found["offences a year"])
    assert second > first, "a pool that people stay in for longer is a larger one"
