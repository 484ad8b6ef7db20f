"""What averts offences: parts that add up, and effects that belong to one way each."""

import json
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from experiments import Plan
from experiments import manifest as manifests
from experiments.averted import WAYS, parts, split, without
from experiments.deciding import MissingRowsError
from experiments.draws import timeline_of
from experiments.identity import study
from scenarios import load
from scenarios.study import Draw
from scenarios.tree import about, field_at, leaves
from simulation import Parameters, Result, Timeline
from tests.posterior import posterior

SETS = [frozenset(on) for size in range(4) for on in combinations(WAYS, size)]


def replicate(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Avert a known number for each way that is on, and more where deterrence and contact meet."""
    results = []
    for name, timeline in scenarios.items():
        now = timeline[-1][1]
        contact, visits = now.response.log_odds_per_hour > 0, now.response.deterrence_log_odds > 0
        enforced = now.enforcement.acted_share > 0
        averted = 100 * contact + 40 * visits + 7 * enforced + 12 * (contact and visits) + replication
        results.append(Result(name, {"offences_averted": float(averted - replication)}))
    return results


def test_every_effect_belongs_to_one_way() -> None:
    effects = []
    for path, _ in leaves(Parameters().model_dump()):
        field = field_at(Parameters, path)
        if field is not None and "neutral" in about(field):
            effects.append(".".join(path))
    assert sorted(key for keys in WAYS.values() for key in keys) == sorted(effects)


def test_with_every_way_off_nothing_has_an_effect() -> None:
    site = load("nottingham")
    assert without(site, list(WAYS)).timeline == load("nottingham", "no-effect").timeline
    assert without(site, []) is site
    quiet = without(site, ["disruption"]).timeline[-1][1]
    assert quiet.response.deterrence_log_odds == quiet.response.detection_per_hour == 0
    assert quiet.enforcement == site.timeline[-1][1].enforcement


def test_what_an_option_turns_on_is_off_too() -> None:
    swift = load("nottingham", "swift-enforcement")
    assert swift.timeline[-1][1].enforcement.acted_share > 0
    off = without(swift, ["incapacitation"])
    assert [p.enforcement.acted_share for _, p in off.timeline] == [0.0] * len(swift.timeline)


def test_parts_add_up_and_what_two_ways_do_together_is_shared() -> None:
    alone = {"desistance": 100.0, "disruption": 40.0, "incapacitation": 7.0}
    averted = {
        on: np.array([sum(alone[way] for way in on) + 12 * ({"desistance", "disruption"} <= on)] * 2)
        for on in SETS
    }
    found = parts(averted)
    for way, part in {"desistance": 106, "disruption": 46, "incapacitation": 7}.items():
        assert found[way] == pytest.approx([part, part])


def test_parts_of_any_numbers_add_up_to_what_all_avert() -> None:
    generator = np.random.default_rng(2)
    averted = {on: generator.normal(size=5) for on in SETS}
    total = sum(parts(averted).values())
    assert total == pytest.approx(averted[frozenset(WAYS)] - averted[frozenset()])


@pytest.mark.parametrize("draw", ["none", "posterior"])
def test_a_site_is_run_with_every_set_of_ways(
    tmp_path: Path, draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.draws.shipped_posterior", posterior)
    plan = Plan(replications=4, workers=1, draw=draw)
    found = split("nottingham", "hub", plan=plan, out=tmp_path / "out", simulate=replicate)
    for way, part in {"desistance": 106, "disruption": 46, "incapacitation": 7}.items():
        assert found.parts[way] == pytest.approx([part] * 4)
    assert found.draws.tolist() == ([0, 0, 0, 0] if draw == "none" else [0, 0, 1, 1])
    assert (found.folder / "runs.parquet").is_file()


def test_what_is_switched_off_stays_off_in_every_draw_and_in_a_trace() -> None:
    off = without(load("nottingham", "hub"), ["desistance"])
    draws = posterior().draws([off])
    drawn = timeline_of(off, 0, draws)
    assert {p.response.log_odds_per_hour for _, p in drawn} == {0.0}
    assert drawn != off.timeline, "all else is drawn"
    manifest = json.loads(json.dumps({"draw": manifests.drawn(draws, [off])}, default=str))
    assert manifests.timeline(manifest, off.name, 0) == drawn


def test_another_set_of_ways_is_another_study() -> None:
    site = load("nottingham")
    draws = posterior().draws([site])
    one, other = (
        study({"it": without(site, off)}, seed=1, years=1.0, draws=draws)["scenarios"]
        for off in (["desistance"], ["disruption"])
    )
    assert one != other


def test_a_run_that_failed_is_no_part(tmp_path: Path) -> None:
    def fails(scenarios: Mapping[str, Timeline], **_: object) -> list[Result]:
        return [Result(name, error="ValueError: a bad day") for name in scenarios]

    with pytest.raises(MissingRowsError, match="nottingham without desistance"):
        split("nottingham", plan=Plan(replications=1, workers=1), out=tmp_path / "out", simulate=fails)
