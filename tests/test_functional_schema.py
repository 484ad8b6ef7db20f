"""The JSON Schemas say what the loader does: editors accept what is right and refuse typical slips."""

import json
import re
from datetime import date
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from typer.testing import CliRunner

from experiments.command_line import app
from scenarios import ScenarioError, check, schema
from scenarios.schema import _Definitions
from scenarios.yaml_file import read
from simulation import Parameters, deskwork
from simulation.declare import Group, lever

ROOT = Path(__file__).parent.parent
FOLDERS = {
    "sites": "site",
    "options": "option",
    "eras": "era",
    "studies": "study",
    "exercises": "exercise",
    "evaluations": "evaluation",
}
SHIPPED = sorted((ROOT / "scenarios").glob("*s/*.yaml"))
KINDS = ("site", "option", "era", "study", "exercise", "evaluation")
OPTION = "kind: option\nname: Test\nchanges:\n  "
SITE = "kind: site\nname: Test\nextends: nottingham\nparameters:\n  "
STUDY = "kind: study\nname: Test\nsite: nottingham\n"
GRID = STUDY + "factors: {cohort.ceiling: [200, 400]}\n"


def as_json(value: Any) -> Any:
    """Return a value as an editor sees it, to which a date is a text."""
    if isinstance(value, dict):
        return {name: as_json(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [as_json(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def refusals(path: Path) -> list[str]:
    content = as_json(read(path, str(path)).plain())
    validator = Draft202012Validator(SCHEMAS[content["kind"]])
    return [error.message[:200] for error in validator.iter_errors(content)]


SCHEMAS = {kind: schema(kind) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_schema_is_what_the_declarations_say(kind: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[kind])
    shipped = (ROOT / "scenarios" / "schemas" / f"{kind}.schema.json").read_text()
    printed = CliRunner().invoke(app, ["schema", kind]).output
    if shipped != printed:
        lines = unified_diff(shipped.splitlines(), printed.splitlines(), "shipped", "declared", lineterm="")
        pytest.fail("\n".join(["make schemas brings it up to date:", *lines]), pytrace=False)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_files_are_valid_and_lead_editors_to_their_schema(path: Path) -> None:
    assert refusals(path) == []
    header = path.read_text().splitlines()[0]
    (target,) = re.findall(r"^# yaml-language-server: \$schema=(\S+)$", header)
    assert (
        path.parent / target
    ).resolve() == ROOT / "scenarios" / "schemas" / f"{FOLDERS[path.parent.name]}.schema.json"


def test_the_example_of_the_readme_is_valid(tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert blocks
    for block in blocks:
        path = tmp_path / "example.yaml"
        path.write_text(block)
        assert refusals(path) == []


RIGHT = [
    OPTION + "cohort.ceiling: 5.0",
    OPTION + "cohort.ceiling: {scale: 1.25}",
    OPTION + "cohort.ceiling: {value: 300, source: PE049, confidence: seed, note: a note}",
    OPTION + "cohort.ceiling: [{from: 2010-04-01, add: 2}, {from: 2011-04-01, value: 5, source: PE1}]",
    OPTION + "co_location.form: hub\n  co_location.members: [police, probation]",
    OPTION + "teams.city.co_location.members: []",
    OPTION + "meetings.review.order: [{from: 2010-04-01, value: exception}]",
    OPTION + "bands.red.name: Gold",
    "kind: option\nname: Test\nfrom: iom_start\nchanges: {courts.cases_a_day: {scale: 0.5}}",
    "kind: option\nname: Test\nfrom: 2010-06-01\nwhy: w\nabout: a\nnote: n\nchanges: {cohort.ceiling: 5}",
    SITE + "cohort: {ceiling: {value: 300, note: a note}, sizing: resources}",
    SITE + "teams: {city: {share: 0.5}, county: {share: {value: 0.5}}}",
    SITE + "start: 2010-02-01",
    "kind: site\nname: Test\nextends: nottingham",
    GRID,
    GRID + "options: [none, hub, one-stop+more-police]\ndesign: grid\nreplications: 5\nyears: 1.5\nwhy: w",
    STUDY + "factors: {cohort.ceiling: {low: 200, high: 400}}\ndesign: latin_hypercube\npoints: 7",
    STUDY
    + "factors: {cohort.ceiling: {low: 1, high: 4}, co_location.form: [none]}\ndesign: sobol\npoints: 8",
    STUDY + "factors: {courts.cases_a_day: [20], teams.city.co_location.members: [[police, probation], []]}",
]

WRONG = [
    OPTION + "cohort.cieling: 400",
    OPTION + "agencies.police.travel_hours: 1",
    OPTION + "agencies.police: 5",
    OPTION + "agencies.police.officers: -3",
    OPTION + "agencies.police.officers: '5'",
    OPTION + "agencies.police.officers: true",
    OPTION + "agencies.police.officers: 5.5",
    OPTION + "agencies.police.officers:",
    OPTION + "agencies.police.iom_share: 1.2",
    OPTION + "co_location.form: hubb",
    OPTION + "co_location.members: police",
    OPTION + "co_location.members: [police, probatoin]",
    OPTION + "forms.hub.joint_visits: 1",
    OPTION + "forms.hub.joint_visits: {add: 1}",
    OPTION + "cohort.sizing: {add: 1}",
    OPTION + "cohort.ceiling: {times: 3}",
    OPTION + "cohort.ceiling: {add: two}",
    OPTION + "cohort.ceiling: {add: 1, scale: 2}",
    OPTION + "cohort.ceiling: {value: 3, sauce: PE1}",
    OPTION + "cohort.ceiling: {value: 3, confidence: seed}",
    OPTION + "cohort.ceiling: {value: 3, confidence: sure}",
    OPTION + "cohort.ceiling: []",
    OPTION + "cohort.ceiling: [{value: 3}]",
    OPTION + "cohort.ceiling: [{from: 2010, value: 3}]",
    OPTION + "teams.city.co_location.from: hub",
    OPTION + "start: 2010-04-01",
    "kind: option\nname: Test\nchanges: {}",
    "kind: option\nname: Test",
    "kind: option\nchanges: {cohort.ceiling: 5}",
    "kind: option\nname: ' '\nchanges: {cohort.ceiling: 5}",
    "kind: option\nname: Test\nwhen: 3\nchanges: {cohort.ceiling: 5}",
    "kind: option\nname: Test\nfrom: later\nchanges: {cohort.ceiling: 5}",
    SITE + "agencies: {police: {officers: -3}}",
    SITE + "agencies: {police: {officer: 3}}",
    SITE + "cohort: 5",
    SITE + "cohort: {ceiling: {source: PE049}}",
    SITE + "cohort: {ceiling: {add: 1}}",
    SITE + "teams: {inner.city: {share: 0}}",
    SITE + "start: soon",
    "kind: site\nname: T",
    STUDY,
    STUDY + "factors: {}",
    STUDY + "factors: {cohort.cieling: [4]}",
    STUDY + "factors: {cohort.ceiling: 400}",
    STUDY + "factors: {cohort.ceiling: []}",
    STUDY + "factors: {cohort.ceiling: [-4]}",
    STUDY + "factors: {cohort.ceiling: [4, 4]}",
    STUDY + "factors: {cohort.ceiling: {low: 3, high: 5}}",
    STUDY + "factors: {cohort.ceiling: {low: 3}}\ndesign: sobol\npoints: 4",
    STUDY + "factors: {co_location.form: {low: 3, high: 4}}\ndesign: sobol\npoints: 4",
    STUDY + "factors: {cohort.ceiling: {low: 3, high: 5}}\ndesign: sobol",
    STUDY + "factors: {start: [2010-02-01]}",
    GRID + "points: 4",
    GRID + "design: lattice",
    GRID + "options: hub",
    GRID + "options: [hub, hub]",
    GRID + "replications: 0",
    GRID + "replications: 2.5",
    GRID + "years: 0",
    GRID + "seed: 4",
    "kind: study\nname: T\nfactors: {cohort.ceiling: [4]}",
]  # fmt: skip


@pytest.mark.parametrize("text", RIGHT)
def test_what_the_loader_takes_is_valid(text: str, tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(text + "\n")
    assert (check([path]), refusals(path)) == ([], [])


@pytest.mark.parametrize("text", WRONG)
def test_what_the_loader_refuses_is_not_valid(text: str, tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(text + "\n")
    assert check([path])
    assert refusals(path)


def test_keys_are_described_with_label_unit_role_and_source() -> None:
    keys = SCHEMAS["option"]["properties"]["changes"]["properties"]
    custody = keys["costs.custody_gbp_a_year"]
    assert custody["title"] == "Cost of a prisoner"
    for word in ("gbp a year", "fact", "EX296", "published"):
        assert word in custody["description"]
    assert "needs from: iom_start" in keys["courts.cases_a_day"]["description"]
    assert set(SCHEMAS["site"]["$defs"]["Parameters"]["properties"]) == set(Parameters.model_fields)


def test_a_site_that_says_every_parameter_is_valid(tmp_path: Path) -> None:
    """Two groups of one name would be taken for one another."""
    values = Parameters().model_dump(mode="json")
    said = {"kind": "site", "name": "Everything", "parameters": values}
    path = tmp_path / "everything.yaml"
    path.write_text(json.dumps(said, indent=1))
    assert refusals(path) == []


def test_two_groups_of_one_name_are_refused() -> None:
    class Desk(Group):
        """Not that of the model."""

        minutes: float = lever(1.0, unit="minutes", low=0, high=2, label="Minutes")

    class Both(Group):
        """Both of them."""

        one: Desk = Desk()
        other: deskwork.Desk = deskwork.Desk()

    with pytest.raises(TypeError, match="two groups are called Desk"):
        _Definitions(lambda shape: [shape]).group(Both)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_no_number_is_endless_or_none_even_where_there_is_no_limit(value: float) -> None:
    class Free(Group):
        """One number without limits, which are not what keeps these out."""

        share: float = 1.0

    with pytest.raises(ValidationError, match="finite number"):
        Free(share=value)


def test_another_kind_is_refused_and_no_kind_tells_the_files() -> None:
    with pytest.raises(ScenarioError, match="expected one of site, option, era, study, exercise"):
        schema("studdy")
    assert CliRunner().invoke(app, ["schema", "studdy"]).exit_code == 2
    files = CliRunner().invoke(app, ["schema"]).output.split()[1::2]
    assert len(files) == len(KINDS)
    assert all(Path(file).is_file() for file in files)
