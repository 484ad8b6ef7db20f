"""Every shipped option runs under the invariants, and does something; era-2009 is what the sites have."""

from pathlib import Path

import pytest

from scenarios import load, option_names
from simulation import IOMModel, replicate

SMALL = """
kind: site
name: Small
extends: nottingham
parameters:
  iom_start: 2009-09-01
  pool: {first_sanctions_per_year: 1000, history_years: 18}
  cohort: {ceiling: 120}
  agencies: {police: {officers: 4}, probation: {officers: 4}, drug_treatment: {workers: 2}}
  meetings: {tasking: {agenda_minutes: 4}}
  pathways: {programmes: {accommodation: {places: 6}, drugs: {places: 150, fast_track: false}}}
"""


def lived(site: Path, option: str) -> dict[str, float]:
    model = IOMModel(load(str(site), option).timeline, years=0.4, strict=True).run()
    return {name: float(model.recorder.daily(name).sum()) for name in model.recorder.names()}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("site") / "small.yaml"
    path.write_text(SMALL)
    return path


@pytest.fixture(scope="module")
def usual(site: Path) -> dict[str, float]:
    return lived(site, "")


@pytest.mark.parametrize("option", [name for name in option_names() if name != "era-2009"])
def test_an_option_changes_what_happens(site: Path, usual: dict[str, float], option: str) -> None:
    assert lived(site, option) != usual


def test_an_option_that_changes_nothing_changes_no_outcome() -> None:
    base, same = (load("bristol", option).timeline for option in ("", "hub"))
    plain, optioned = replicate({"base": base, "same": same}, seed=1, replication=0, years=0.1)
    assert len(same) > len(base)
    assert optioned.outcomes == pytest.approx(plain.outcomes, rel=0, abs=0, nan_ok=True)
