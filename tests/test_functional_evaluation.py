"""The evaluation lab: designs do what is known of them, in places whose effect is known."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom
from typer.testing import CliRunner

from experiments.command_line import app
from experiments.evaluating import area, lab, words
from experiments.evaluating.area import TWIN, Area, area_from
from experiments.evaluating.designs import DESIGNS
from experiments.evaluating.falls import falls
from experiments.evaluating.performance import estimates, truth_of
from experiments.evaluating.randomised import places_by_lot
from experiments.plan import Plan
from scenarios import ScenarioError, check
from scenarios.evaluation import USUAL, EvaluationFile, evaluation_from, evaluation_names, load_evaluation
from scenarios.option import changes_nobody
from scenarios.yaml_file import read
from tests import stand_in_areas

FILE = """
kind: evaluation
name: Test
site: bristol
effects: {zero: no-effect, large: strong-response}
follow_up_months: [6, 12]
places: [1, 4]
worlds: 8
"""
#: Enough for a size of 5% to be told from one of 12% nine times in ten.
WORLDS = 320
#: Of the binomial intervals: a right program fails once in a thousand tests.
SURE = 0.999


def file_of(tmp_path: Path, text: str = FILE) -> EvaluationFile:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    return evaluation_from(read(path, path.name), path, path.name)


def lived(effect: str) -> list[Area]:
    worlds = [world for world in load_evaluation("ways-of-looking").worlds if world.effect == effect]
    timelines = {world.arm: world.scenario.timeline for world in worlds}
    return [
        area_from({result.scenario: result.weekly for result in results})  # type: ignore[misc]
        for number in range(WORLDS)
        if (results := stand_in_areas.live(timelines, seed=1, replication=number, years=1))
    ]


@pytest.fixture(scope="module")
def nothing() -> list[Area]:
    return lived("zero")


@pytest.fixture(scope="module")
def large() -> list[Area]:
    return lived("large")


def within(count: int, tries: int, share: float) -> bool:
    low, high = binom.interval(SURE, tries, share)
    return bool(low <= count <= high)


@pytest.mark.parametrize(
    ("design", "places"),
    [("randomised_people", 1), ("randomised_people", 4), ("randomised_places", 4), ("randomised_places", 8)],
)
def test_randomised_designs_find_no_effect_where_there_is_none(
    nothing: list[Area], design: str, places: int
) -> None:
    found = [it for it in estimates(DESIGNS[design], nothing, places, 12) if it is not None]  # type: ignore[index]
    assert len(found) > 30
    assert within(sum(it.finds for it in found), len(found), 0.05)


def test_before_and_after_finds_one_where_there_is_none(nothing: list[Area]) -> None:
    found = [it for it in estimates(DESIGNS["before_and_after"], nothing, 1, 12) if it is not None]
    assert sum(it.finds for it in found) > 0.95 * len(found)
    fall = np.mean([it.effect / it.level for it in found])
    assert fall < -0.2
    assert truth_of(DESIGNS["before_and_after"].aims_at, nothing, 12).effect == 0


@pytest.mark.parametrize("design", ["randomised_people", "randomised_places", "stepped_start"])
@pytest.mark.parametrize("months", [12, 24])
def test_intervals_of_randomised_designs_hold_the_truth(large: list[Area], design: str, months: int) -> None:
    way = DESIGNS[design]  # type: ignore[index]
    truth = truth_of(way.aims_at, large, months)
    # Six places in all are few for a cluster-robust interval, and so it is tried with more.
    found = [it for it in estimates(way, large, 8, months) if it is not None]
    value = np.array([it.effect for it in found])
    assert abs(value.mean() - truth.effect) < 4 * np.hypot(value.std() / np.sqrt(len(value)), truth.error)
    covered = sum(it.low <= truth.effect <= it.high for it in found)
    assert covered >= binom.ppf(0.001, len(found), 0.9 if design == "stepped_start" else 0.95)


def test_the_truth_is_what_the_stand_in_does(large: list[Area]) -> None:
    left = stand_in_areas.kept_share(
        next(w.scenario.timeline for w in load_evaluation("ways-of-looking").worlds if w.effect == "large")
    )
    for design in ("before_and_after", "randomised_people", "discontinuity", "stepped_start"):
        truth = truth_of(DESIGNS[design].aims_at, large, 24)  # type: ignore[index]
        if design == "stepped_start":
            # Its years are those after a start; without the scheme, both follow-up years are alike here.
            assert truth.effect == pytest.approx((left - 1) * truth.without, rel=0.03)
        else:
            assert truth.effect == pytest.approx((left - 1) * truth.without, rel=0.02)


def test_matched_people_and_a_jump_at_the_score_come_near_the_truth(large: list[Area]) -> None:
    for design, places in (("matched", 4), ("discontinuity", 16)):
        way = DESIGNS[design]  # type: ignore[index]
        truth = truth_of(way.aims_at, large, 24)
        value = np.array([it.effect for it in estimates(way, large[:160], places, 24) if it is not None])
        assert len(value) >= 10
        assert abs(value.mean() - truth.effect) < 4 * value.std(ddof=1) / np.sqrt(len(value)) + 0.1


def test_a_year_more_is_compared_as_a_rate() -> None:
    zeros = np.zeros(2)
    people = {name: zeros for name in area.COLUMNS} | {"leaves": np.array([30.0, 15.0])}
    offences = (np.array([0, 0, 0, 1]), np.array([-3.0, 5.0, 20.0, 1.0]))
    place = Area(people, {TWIN: offences, "everybody": offences})
    assert place.before.tolist() == [1, 0]
    assert place.yearly("everybody", 24).tolist() == [1.0, 0.5]
    assert place.listed(24).tolist() == [True, False]


def test_falls_without_a_scheme_are_larger_the_fewer_are_chosen(nothing: list[Area]) -> None:
    found = falls(nothing, 24)
    year = found[found["months"] == 12].set_index("share")["change"]
    assert year.is_monotonic_increasing
    # Of half the people some have not been at their worst.
    assert year.iloc[0] < -0.2
    assert abs(year.iloc[-1]) < 0.75 * abs(year.iloc[0])
    assert not len(words.fallen(falls([], 24))), "where nobody offended before, there is nothing to tell"
    page = words.fallen(found).set_index("of the pool")
    assert page.index.tolist() == [f"{share:.0%}" for share in year.index]
    assert page.loc["1%", "12 months"].startswith(f"{year.iloc[0]:+.0%} (")
    assert page.loc["50%", "people"] == f"{0.5 * stand_in_areas.PEOPLE:.0f}"
    assert set(falls(nothing[:3], 12)["months"]) == {6, 12}


def test_a_study_goes_on_where_it_stopped_and_comes_to_the_same(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    plan = Plan(workers=1)
    whole = lab.evaluate(file, plan=plan, out=tmp_path / "whole", simulate=stand_in_areas.live)
    lab.evaluate(file, worlds=4, plan=plan, out=tmp_path / "parts", simulate=stand_in_areas.live)
    told: list[int] = []
    parts = lab.evaluate(
        file, plan=plan, out=tmp_path / "parts", simulate=stand_in_areas.live,
        progress=lambda now: told.append(now.done),
    )  # fmt: skip
    assert told[0] == 4 * 8
    pd.testing.assert_frame_equal(whole.table, parts.table)
    pd.testing.assert_frame_equal(whole.falls, parts.falls)
    assert set(whole.table["design"]) == set(USUAL)
    # A panel of years needs one, and OGRS3 predicts for no less.
    half_a_year = set(whole.table.query("months == 6")["design"])
    assert set(USUAL) - half_a_year == {"stepped_start", "observed_and_predicted"}
    assert set(whole.table["effect"]) == {"zero", "large"}


def test_a_place_that_fails_is_told_and_left_out(tmp_path: Path) -> None:
    found = lab.evaluate(
        file_of(tmp_path), plan=Plan(workers=1), out=tmp_path / "out", simulate=_live_and_fail
    )
    assert found.failed["replication"].unique().tolist() == [3]
    alone = found.table.query("places == 1 and design == 'before_and_after'")
    assert (alone["evaluations"] == 7).all()


def test_a_study_of_nothing_but_failures_is_told_with_exit_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.yaml").write_text(FILE)
    monkeypatch.setattr(lab, "live", _fail)
    result = CliRunner().invoke(app, ["evaluate", "mine.yaml", "--workers", "1", "--out", "here"])
    assert result.exit_code == 1, result.output
    assert "failed: bristol+no-effect+everybody, replication 0: RuntimeError: of no interest" in result.output


def _fail(scenarios, *, seed, replication, years, events=False):  # type: ignore[no-untyped-def]
    raise RuntimeError("of no interest")


def _live_and_fail(scenarios, *, seed, replication, years, events=False):  # type: ignore[no-untyped-def]
    if replication == 3:
        raise RuntimeError("of no interest")
    return stand_in_areas.live(scenarios, seed=seed, replication=replication, years=years)


def test_without_effects_every_arm_of_a_real_place_is_the_twin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tiny.yaml").write_text(
        "kind: site\nname: Tiny\nextends: bristol\nparameters:\n  iom_start: 2009-07-01\n"
        "  pool: {first_sanctions_per_year: 250, history_years: 18}\n"
    )
    text = FILE.replace("bristol", "tiny.yaml").replace("[6, 12]", "[6]").replace("worlds: 8", "worlds: 2")
    file = file_of(tmp_path, text.replace("[1, 4]", "[1]"))
    timelines = {w.arm: w.scenario.timeline for w in file.worlds if w.effect == "zero"}
    assert all(changes_nobody(timeline) for timeline in timelines.values())
    assert not any(changes_nobody(w.scenario.timeline) for w in file.worlds if w.effect == "large")
    quick = area.live(timelines, seed=1, replication=0, years=file.years)
    # And so it need not be lived through, which is what is seen here.
    monkeypatch.setattr(area, "changes_nobody", lambda timeline: False)
    results = area.live(timelines, seed=1, replication=0, years=file.years)
    for short, whole in zip(quick, results, strict=True):
        np.testing.assert_equal(short.weekly, whole.weekly)
    place = area_from({result.scenario: result.weekly for result in results})  # type: ignore[misc]
    assert place.listed(6).sum() > 5
    assert place.before[place.listed(6)].mean() > place.before[place.people["score"] < 0].mean()
    assert place.yearly(TWIN, 6).sum() > 0
    for arm in timelines:
        assert (place.difference(arm, TWIN, 6) == 0).all()


def test_the_command_prints_what_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    designs = "designs: [before_and_after, randomised_places]\nworlds: 24"
    Path("mine.yaml").write_text(FILE.replace("worlds: 8", designs).replace("[1, 4]", "[1]"))
    monkeypatch.setattr(lab, "live", stand_in_areas.live)
    result = CliRunner().invoke(app, ["evaluate", "mine.yaml", "--workers", "1", "--out", "here"])
    assert result.exit_code == 0, result.output
    assert "No table has randomised partnerships" in " ".join(result.output.split())
    lines = [line for line in result.output.splitlines() if not line.startswith("Files in")]
    assert max(map(len, lines)) <= 80
    assert "Without any effect before and after reports -" in " ".join(result.output.split())
    told = {
        "evaluation.csv",
        "falls.csv",
        "falls_reported.csv",
        "reported.csv",
        "evaluation.png",
        "falls.png",
    }
    assert told | {"manifest.json"} <= {path.name for path in Path("here").iterdir()}


def test_sentences_tell_bias_from_chance() -> None:
    row = {
        "effect": "zero", "design": "before_and_after", "months": 12, "places": 4, "evaluations": 50,
        "people": 900.0, "true_effect": 0.0, "true_change": 0.0, "reported_change": -0.4, "bias_low": -1.0,
        "bias_high": -0.9, "coverage_share": 0.0, "power_share": 1.0, "power_low": 0.93, "power_high": 1.0,
    }  # fmt: skip
    (told,) = words.left_out(pd.DataFrame([row]), ["before_and_after", "randomised_places"])
    assert told.startswith("No table has randomised partnerships")
    assert "more --worlds" in words.sentences(pd.DataFrame([row | {"evaluations": 19}]))[0]
    fair = row | {"design": "randomised_people", "power_share": 0.04, "power_low": 0.01, "power_high": 0.12}
    there = {"effect": "large", "true_effect": -0.2, "true_change": -0.2}
    strong = fair | there | {"bias_low": -0.1, "bias_high": 0.1, "power_share": 0.9}
    told = words.sentences(pd.DataFrame([row, fair, row | there, strong]))
    assert told[0].startswith("Without any effect before and after reports -40%, and finds an effect in 100%")
    assert "finds one about as often as chance would" in told[1]
    assert "before and after reports -40%; its intervals hold the truth in 0%" in told[2]
    assert told[3] == "Randomised people finds the large effect in 90% with 4 places (900 people)."


def test_the_table_tells_how_many_intervals_would_hold_the_truth_by_chance() -> None:
    row = {
        "effect": "zero", "design": "randomised_people", "months": 6, "places": 1, "evaluations": 2000,
        "not_made": 0, "people": 33.0, "true_change": 0.0, "reported_change": -0.2, "bias": 0.0,
        "reported_effect": -0.1, "reported_low": -0.3, "reported_high": 0.1,
        "bias_low": -0.02, "bias_high": 0.02, "coverage_share": 0.9535, "coverage_low": 0.943,
        "coverage_high": 0.962, "power_share": 0.05, "power_low": 0.04, "power_high": 0.06,
    }  # fmt: skip
    (found,) = words.reported(pd.DataFrame([row])).to_dict("records")
    # 1,900 would be expected, with a standard deviation of 9.75.
    assert found["held (99%)"] == "1,907 (1,874 to 1,924)"
    assert found["reported"] == "-20% (-60% to +20%)"


def test_the_truth_of_designs_that_compare_places_counts_a_place_once() -> None:
    """A place of one person with an effect of -1, and one of three without any."""
    one, three = (
        Area(
            {name: np.zeros(n) for name in area.COLUMNS} | {"leaves": np.full(n, 99.0)},
            {
                TWIN: (np.arange(n), np.full(n, 2.0)),
                "everybody": (np.arange(n)[: n - (n == 1)], np.full(n - (n == 1), 2.0)),
            },
        )
        for n in (1, 3)
    )
    by_people, by_place = (
        truth_of(DESIGNS[name].aims_at, [one, three], 12)
        for name in ("before_and_after", "randomised_places")
    )
    assert (by_people.effect, by_place.effect) == (-0.25, -0.5)
    assert by_people.people == by_place.people == 4
    assert by_people.without == by_place.without == 1


class Place:
    """A place of one person, who does so much."""

    def __init__(self, rate: float) -> None:
        self.rate = np.array([rate])

    def listed(self, months: float) -> np.ndarray:
        return np.array([True])

    def yearly(self, arm: str, months: float) -> np.ndarray:
        return self.rate


def test_two_partnerships_against_two_hold_the_truth_as_often_as_they_say() -> None:
    """Of means that luck spreads alike, a count that Welch's degrees of freedom would not come to."""
    luck = np.random.default_rng(3)
    tries, held = 2000, 0
    for _ in range(tries):
        places = [Place(rate) for rate in luck.standard_normal(4)]
        found = places_by_lot(places, [], 12)  # type: ignore[arg-type]
        assert found is not None
        held += found.low <= 0 <= found.high
    low, high = binom.interval(0.99, tries, 0.95)
    assert low <= held <= high


@pytest.mark.parametrize("name", evaluation_names())
def test_shipped_evaluations_are_right(name: str) -> None:
    assert check([name]) == []


def test_every_error_of_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "kind: evaluation\nname: Mine\nsite: bristl\neffects:\n  zero: no-efect\n  same: none\n"
        "places: [1, 9]\nworlds: 4\n"
    )
    told = [str(problem) for problem in check([path])]
    assert any(":3:7: site: there is no site of this name" in line or "bristl" in line for line in told), told
    assert any(":7:9: places: are 9 in one evaluation" in line for line in told), told
    path.write_text(
        "kind: evaluation\nname: Mine\nsite: bristol\neffects:\n  zero: no-efect\n  same: none\n"
        "  again: none\n  out: ../hub.yaml\nworlds: 40\n"
    )
    told = [str(problem) for problem in check([path])]
    assert any(":5:9: effects.zero: 'no-efect': there is no option of this name" in line for line in told), (
        told
    )
    assert any(":7:10: effects.again: is 'none', which same is as well" in line for line in told), told
    assert any(":8:8: effects.out: '../hub.yaml' leads out of the file's own folder" in line for line in told)
    path.write_text(
        "kind: evaluation\nname: Mine\nsite: nottingham.yaml\neffects:\n  zero: hub.yaml\n  same: none\n"
        "worlds: 4\n"
    )
    told = [str(problem) for problem in check([path])]
    assert any(":3:7: site: 'nottingham.yaml' is missing; expected a file in" in line for line in told), told
    path.write_text(path.read_text().replace("site: nottingham.yaml", "site: nottingham"))
    told = [str(problem) for problem in check([path])]
    assert any(":5:9: effects.zero: 'hub.yaml' is missing; expected a file in" in line for line in told), told
    path.write_text("kind: evaluation\nname: Mine\ndesigns: [lottery]\nworld: 3\nplaces: [4, 1]\n")
    told = [str(problem) for problem in check([path])]
    assert any(":3:11: designs.0: is 'lottery'" in line for line in told), told
    assert any(":4:1: world: unknown key; did you mean worlds?" in line for line in told), told
    assert any("places: is [4, 1]; expected each larger than the last" in line for line in told), told
    with pytest.raises(ScenarioError, match="there is no evaluation of this name; did you mean coverage"):
        load_evaluation("coverge")


def test_a_wrong_site_keeps_nothing_else_from_being_told_in_words_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "kind: evaluation\nname: Mine\nsite: bristl\neffects: {zero: no-effect, hub: hubb, b b: hub}\n"
        "designs: [matchd]\nworlds: 1\nfollow_up_months: []\nplaces: few\n"
    )
    designs = "'before_and_after', 'observed_and_predicted', 'matched', 'discontinuity', 'stepped_start', "
    assert [str(problem).removeprefix(f"{path}:") for problem in check([path])] == [
        "3:7: site: 'bristl': there is no site of this name; did you mean bristol?",
        "4:33: effects.hub: 'hubb': there is no option of this name; did you mean hub?",
        "4:44: effects.b b: is no name; expected up to 30 letters, figures and underscores",
        f"5:11: designs.0: is 'matchd'; expected {designs}'randomised_people', 'randomised_places' or "
        "'after_prison'; did you mean matched?",
        "6:9: worlds: is 1; expected at least 2",
        "7:19: follow_up_months: is []; expected at least 1",
        "8:9: places: is 'few'; expected a list",
    ]


def test_a_blank_site_and_a_long_text_are_one_mistake_each(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"kind: evaluation\nname: Mine\nwhy: {'x' * 2001}\nsite: ' '\neffects: {{zero: none}}\n")
    told = [str(problem).removeprefix(f"{path}:") for problem in check([path])]
    assert len(told) == 2
    assert told[0].startswith("3:6: why: is 'xxx")
    assert told[0].endswith("expected at most 2000 letters")
    assert told[1] == "4:7: site: is ' '; expected a text"


def test_a_file_of_another_kind_is_one_mistake(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("kind: study\nname: Mine\nsite: bristol\nfactors: {}\npoints: 3\n")
    with pytest.raises(ScenarioError) as refused:
        load_evaluation(str(path))
    assert str(refused.value) == f"{path}:1:7: kind: is 'study'; expected evaluation"
