"""What a value is, and where it comes from, can be asked."""

import re
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from experiments.command_line import app
from scenarios import ScenarioError, check, explain, load
from scenarios.tree import leaves
from simulation import Parameters

ROOT = Path(__file__).parent.parent


def iom(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"NO_COLOR": "1", "COLUMNS": "80"})


def keys(key: str, options: str = "") -> list[str]:
    return [it.key for it in explain("nottingham", options, key)]


def test_every_leaf_is_explained_at_its_value() -> None:
    parameters = load("nottingham").timeline[0][1]
    values = {".".join(path): value for path, value in leaves(parameters.model_dump())}
    found = explain("nottingham")
    assert {it.key: it.value for it in found} == values
    assert all(it.label and it.role and it.takes and it.confidence and it.place for it in found)


def test_a_value_of_the_site_comes_with_its_source_and_the_line_it_stands_in() -> None:
    (it,) = explain("nottingham", "", "cohort.ceiling")
    assert (it.value, it.unit, it.role, it.confidence) == (591, "people", "lever", "seed")
    assert "PE049" in it.source
    file, line = it.place.split(":")
    text = (ROOT / "scenarios" / "sites" / file).read_text().splitlines()[int(line) - 1]
    assert text.strip().startswith("ceiling: {value: 591")


def test_a_value_of_the_model_is_built_in_with_the_source_of_its_declaration() -> None:
    (it,) = explain("nottingham", "", "costs.custody_gbp_a_year")
    assert (it.value, it.place, it.source) == (39_000, "built in", "EX296, 2007/08")


def test_an_option_is_told_as_before_after_and_since_when(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "kind: option\nname: Mine\nchanges:\n"
        "  agencies.vcs.workers: [{from: 2010-04-01, add: 2}, {from: 2011-04-01, value: 4}]\n"
    )
    (it,) = explain("nottingham", str(path), "agencies.vcs.workers")
    assert (it.before, it.value, it.place) == (5, 4, f"{path}:4")
    assert it.changes == ((date(2010, 4, 1), 7), (date(2011, 4, 1), 4))
    (other,) = explain("nottingham", str(path), "agencies.vcs.systems")
    assert other.changes == ()


def test_what_is_implied_or_generated_says_so() -> None:
    (sizing,) = explain("nottingham", "bigger-cohort", "cohort.sizing")
    assert (sizing.before, sizing.value, sizing.source) == (
        "threat",
        "resources",
        "implied by cohort.ceiling",
    )
    (effect,) = explain("nottingham", "no-effect", "response.log_odds_per_hour")
    assert (effect.value, effect.place) == (0, "no-effect")


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("cohort.ceiling", ["cohort.ceiling"]),
        ("Cohort.Ceiling.", ["cohort.ceiling"]),
        ("start", ["start"]),
        ("co_location.form", ["teams.city.co_location.form", "teams.county.co_location.form"]),
        ("meetings.review.every", ["meetings.review.every_days"]),
    ],
)
def test_a_key_can_be_whole_without_its_team_or_a_piece(key: str, expected: list[str]) -> None:
    assert keys(key) == expected


def test_a_team_is_found_by_its_name_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "place.yaml"
    path.write_text("kind: site\nname: P\nparameters: {teams: {Inner-City: {share: 1}}}\n")
    assert [it.key for it in explain(str(path), "", "teams.Inner-City.share")] == ["teams.Inner-City.share"]


def test_where_a_value_is_likely_to_lie_is_told_by_its_note_its_declaration_or_the_rule(
    tmp_path: Path,
) -> None:
    path = tmp_path / "place.yaml"
    path.write_text(
        "kind: site\nname: P\nextends: nottingham\nparameters:\n  agencies:\n    police:\n"
        "      officers: {value: 10, note: about ten; range 8 to 13}\n      contact_minutes: 25\n"
        "    vcs: {workers: 4}\n    probation: {officers: {value: 7, source: rota, confidence: expert}}\n"
    )
    found = {it.key: it.likely for it in explain(str(path))}
    assert found["agencies.police.officers"] == (8, 13, "as whoever assumed it says")
    declared = found["agencies.police.contact_minutes"]
    assert declared is not None
    assert declared[:2] == (10, 60)
    assert found["agencies.vcs.workers"] == (2, 8, "no figure found: half to double")
    assert found["agencies.probation.officers"] is None
    assert found["start"] is None


def test_a_likely_range_stands_in_the_card_with_its_reason_and_in_the_table_without() -> None:
    card = iom("explain", "nottingham", "response.log_odds_per_hour").output
    assert "  likely      -0.15 to 0.35, none to modest" in card
    listed = " ".join(iom("explain", "nottingham", "response").output.split())
    assert "likely -0.15 to 0.35;" in listed
    assert "some harm not excluded" not in listed


def test_an_unknown_key_is_answered_with_the_groups() -> None:
    with pytest.raises(ScenarioError, match="groups are pool, needs"):
        keys("xyzzy")


def test_a_whole_word_of_a_label_comes_before_a_piece_of_another() -> None:
    found = explain("nottingham", "", "rent")
    assert {it.key.rpartition(".")[2] for it in found} == {"premises_gbp_a_year"}
    assert explain("nottingham", "", "curren")


def test_a_group_and_a_word_of_a_label_find_all_that_have_them() -> None:
    assert set(keys("agencies.police")) == {
        f"agencies.police.{name}" for name in Parameters().agencies.police.model_dump()
    }
    assert len(keys("sickness")) == len(Parameters().agencies.model_dump())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nottingham", "none", "cohort.cieling"], "did you mean cohort.ceiling?"),
        (["nottingham", "cohort.cieling"], "did you mean cohort.ceiling?"),
        (["nottingham", "agencies.police.travel_hours"], "travel_minutes? Keys carry their unit"),
        (["nottingham", "hubb"], "hubb: there is no option of this name"),
        (["nottngham", "hub"], "nottngham: there is no site of this name"),
        (["nottingham", "nowhere.yaml"], "nowhere.yaml: there is no such file"),
    ],
)
def test_slips_are_told_with_exit_code_2(arguments: list[str], message: str) -> None:
    result = iom("explain", *arguments)
    assert result.exit_code == 2
    assert message in result.output
    assert len(result.output.splitlines()) == 1, result.output


def test_the_command_takes_a_key_in_the_place_of_an_option() -> None:
    short, long = (
        iom("explain", "nottingham", "cohort.ceiling"),
        iom("explain", "nottingham", "none", "ceiling"),
    )
    assert short.exit_code == 0
    assert short.output == long.output
    assert "value       591 people" in short.output


def test_an_option_without_a_key_is_told_by_what_it_changes() -> None:
    output = iom("explain", "nottingham", "bigger-cohort").output
    assert "591 -> 786 people" in output
    assert "threat -> resources" in output
    assert "entry_score" not in output
    assert "others are as in nottingham" in output


def test_nothing_is_wider_than_80_columns() -> None:
    for arguments in (
        ["nottingham"],
        ["nottingham", "hub"],
        ["nottingham", "hub", "teams.city.co_location.members"],
    ):
        result = iom("explain", *arguments)
        assert result.exit_code == 0
        assert max(map(len, result.output.splitlines())) <= 80


def test_a_starter_passes_the_check_as_it_is_and_with_every_line_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert iom("new", "my-idea", "--site", "nottingham").exit_code == 0
    path = tmp_path / "my-idea.yaml"
    text = path.read_text()
    assert check([path]) == []
    assert len(load("nottingham", str(path)).changes) == 2
    assert "now 591" in text
    path.write_text(re.sub(r"^  # (?=[a-z_]+\.[a-z_.]+: )", "  ", text, flags=re.MULTILINE))
    assert check([path]) == []
    changed = {change.key for change in load("nottingham", str(path)).changes}
    assert {"agencies.vcs.workers", "agencies.probation.officers", "teams.county.co_location.form"} <= changed


def test_a_starter_overwrites_nothing_and_needs_a_fit_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text("mine")
    for name, message in [
        ("mine", "mine.yaml: is there already"),
        ("mine.yaml", "mine.yaml: is there already"),
        ("../up", "cannot be the name of an option"),
        ("a b", "cannot be the name of an option"),
        ("Hub", "is the name of a shipped option"),
        ("none", "is the name of a shipped option"),
    ]:
        result = iom("new", name, "--site", "nottingham")
        assert (result.exit_code, message in result.output) == (2, True), result.output
    result = iom("new", "../up", "--site", "nowhere")
    assert (result.exit_code, len(result.output.splitlines())) == (2, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]
    assert (tmp_path / "mine.yaml").read_text() == "mine"


@pytest.mark.parametrize("name", ["2010", "null", "1e5", "_", "yes"])
def test_a_starter_with_a_name_that_yaml_could_misread_passes_the_check(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert iom("new", name, "--site", "nottingham").exit_code == 0
    assert check([f"{name}.yaml"]) == []
