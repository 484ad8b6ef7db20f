"""Knees of curves whose bend is known, straight lines among them."""

import numpy as np
import pandas as pd
import pytest

from experiments.deciding.knee import knee, knees, told

X = np.arange(200.0, 900, 100)
MINUTES = np.tile(20_000 / X, (20, 1))


def curve(bend: float, after: float, spread: float = 3.0) -> np.ndarray:
    """Return replications of a line of slope 0.5 that goes on at another slope after its bend."""
    shape = 0.5 * X + (after - 0.5) * np.maximum(X - bend, 0)
    return shape + spread * np.random.default_rng(4).standard_normal((20, len(X)))


def test_a_bend_is_found_with_its_minutes() -> None:
    found = knee(X, curve(500, 0.0), MINUTES)
    assert found.value == 500
    assert found.minutes == 40
    assert found.probability > 0.9
    assert found.none + sum(found.by_value.values()) == pytest.approx(1)


def test_of_a_straight_line_and_of_one_that_steepens_there_is_no_knee() -> None:
    for straight in (curve(500, 0.5), curve(500, 1.5)):
        found = knee(X, straight, MINUTES)
        assert np.isnan(found.value)
        assert found.probability == found.none > 0.5


def test_chance_makes_a_bend_less_certain() -> None:
    clear, noisy = (knee(X, curve(500, 0.2, spread), MINUTES) for spread in (1.0, 120.0))
    assert noisy.by_value.get(500.0, 0.0) < clear.by_value[500.0]


def test_four_points_or_one_replication_are_too_few() -> None:
    with pytest.raises(ValueError, match="expected 5 or more"):
        knee(X[:4], curve(500, 0)[:, :4], MINUTES[:, :4])
    with pytest.raises(ValueError, match="expected 4 or more"):
        knee(X, curve(500, 0)[:3], MINUTES[:3])


def test_of_straight_lines_few_seem_to_bend() -> None:
    """100 straight lines; were one in ten taken for bent, 22 or more would be with a chance below 0.1%."""
    bent = 0
    for seed in range(100):
        chance = np.random.default_rng(seed).standard_normal((10, len(X)))
        bent += not np.isnan(knee(X, 0.5 * X + 3 * chance, MINUTES[:10]).value)
    assert bent < 22


def test_every_curve_of_a_grid_has_its_own() -> None:
    rows = [
        {"options": option, "response.shape": "linear", "cohort.ceiling": ceiling, "replication": replication,
         "offences_averted": value, "minutes_per_person_week": 20_000 / ceiling}
        for option, bend in (("hub", 600), ("none", 400))
        for replication, values in enumerate(curve(bend, 0.0))
        for ceiling, value in zip(X, values, strict=True)
    ]  # fmt: skip
    found = knees(pd.DataFrame(rows), "cohort.ceiling", ["options", "response.shape"], "offences_averted")
    table = told(found, "cohort.ceiling").set_index("line")
    assert table["knee"].to_dict() == {"hub, linear": 600, "none, linear": 400}
    assert table.loc["none, linear", "minutes_per_person_week"] == 50
    # Two runs of one draw are one life, however alike they are.
    drawn = pd.DataFrame(rows).assign(draw=lambda runs: runs["replication"] // 2)
    few = drawn[drawn["replication"] < 6]
    with pytest.raises(ValueError, match="3 replications, or draws"):
        knees(few, "cohort.ceiling", ["options", "response.shape"], "offences_averted")
