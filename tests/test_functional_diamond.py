"""Diamond: what its result excludes, and people like its own lived through with and without a team."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from calibration.evidence import register
from experiments.evaluating import area, diamond, lab
from experiments.evaluating.area import TWIN, Area, area_from
from experiments.evaluating.designs import DESIGNS
from experiments.evaluating.diamond import PUBLISHED, chance
from experiments.evaluating.estimands import leavers
from experiments.plan import Plan
from scenarios.evaluation import load_evaluation
from tests import stand_in_areas

DESIGN = DESIGNS["after_prison"]


def test_the_published_arms_are_those_of_the_register() -> None:
    for key, reoffended, people in (
        ("EX223", PUBLISHED.reoffended, PUBLISHED.people),
        ("EX224", PUBLISHED.others_reoffended, PUBLISHED.others),
    ):
        fact = register()[key]
        assert fact.unit == f"% ({reoffended}/{people})"
        assert fact.number == pytest.approx(100 * reoffended / people, abs=0.05)


def test_an_effect_at_the_edge_of_the_interval_is_the_largest_that_is_not_excluded() -> None:
    _, low, high = PUBLISHED.found
    without = PUBLISHED.others_reoffended / PUBLISHED.others
    assert low < 0 < high
    assert chance(without + low - 0.005, without) < diamond.EXCLUDED < chance(without + low + 0.005, without)
    assert chance(without, without) > 0.3


def test_the_chance_is_that_of_drawing_such_a_result() -> None:
    """40,000 draws: a share near 3% is known to a quarter of a point, three times over."""
    luck, (share, without) = np.random.default_rng(4), (0.36, 0.42)
    ours = luck.binomial(PUBLISHED.people, share, 40_000) / PUBLISHED.people
    theirs = luck.binomial(PUBLISHED.others, without, 40_000) / PUBLISHED.others
    assert (ours - theirs >= PUBLISHED.found[0] - 1e-9).mean() == pytest.approx(
        chance(share, without), abs=0.005
    )


def test_people_are_followed_for_a_year_from_their_own_release() -> None:
    zeros = np.zeros(4)
    people = {name: zeros for name in area.COLUMNS}
    people |= {"leaves": np.full(4, 99.0), "released": np.array([2.0, 5.0, np.nan, 8.0])}
    # Within a year of release, beyond it, never inside, and out too late to be followed for a year.
    offences = (np.array([0, 1, 2, 3]), np.array([13.0, 17.5, 3.0, 9.0]))
    place = Area(people, {TWIN: offences, "everybody": (offences[0][1:], offences[1][1:])})
    assert leavers(place, 18).tolist() == [True, True, False, False]
    assert place.reoffended(TWIN, people["released"], 12).tolist() == [True, False, False, True]
    assert DESIGN.aims_at.without(place, 18).tolist() == [1.0, 0.0]
    assert DESIGN.aims_at.effects(place, 18).tolist() == [-1.0, 0.0]


def test_the_comparison_finds_no_effect_where_there_is_none_as_often_as_it_says(tmp_path: Path) -> None:
    found = lab.evaluate(
        "diamond", worlds=60, plan=Plan(workers=1), out=tmp_path, simulate=stand_in_areas.live
    )
    alone = found.table.query("places == 1").set_index("effect")
    zero = alone.loc["zero"]
    low, high = binom.interval(0.999, 60, 0.05)
    assert low <= zero["power_share"] * zero["evaluations"] <= high
    assert zero["true_effect"] == 0 > alone.loc["modest", "true_effect"] > alone.loc["large", "true_effect"]

    assert diamond.main([str(tmp_path), "--out", str(tmp_path)]) == 0
    told = pd.read_csv(tmp_path / diamond.NAME, index_col="effect")
    assert list(told.index) == list(load_evaluation("diamond").says.effects)
    assert told.loc["zero", "excluded"] == "no"
    assert told.loc["zero", "team, %"] == pytest.approx(100 * zero["without"], abs=0.06)
    # The stand-in takes more than half of the offences away.
    assert told.loc["large", "excluded"] == "yes"


def test_a_folder_without_the_evaluation_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert diamond.main([str(tmp_path)]) == 2
    assert "expected a folder that iom evaluate made" in capsys.readouterr().err


def test_people_like_diamonds_leave_prison_and_without_effect_do_as_without_a_team(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # All of it is lived through: that it need not be is what is seen here.
    monkeypatch.setattr(area, "changes_nobody", lambda timeline: False)
    file = load_evaluation("diamond")
    (world,) = (world for world in file.worlds if world.effect == "zero")
    results = area.live({"everybody": world.scenario.timeline}, seed=1, replication=0, years=0.5)
    place = area_from({"everybody": results[0].weekly})
    out = np.isfinite(place.people["released"])
    assert 5 < out.sum() < 0.2 * len(out)
    assert (place.people["released"][out] >= 0).all()
    # No licence follows, so that nobody else has them: the team may.
    assert not place.people["statutory"][out].any()
    assert place.yearly(TWIN, 7).sum() > 0
    assert (place.difference("everybody", TWIN, 7) == 0).all()
