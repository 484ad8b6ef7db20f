"""Sites and options become dated frozen parameters."""

from datetime import date
from pathlib import Path

import pytest

from scenarios import ScenarioError, check, load, option_names, site_names
from scenarios.change import Step
from scenarios.provenance import Leaf
from scenarios.scenario import load_all
from scenarios.tree import about, field_at, leaves
from simulation import Parameters


def option(tmp_path: Path, text: str, name: str = "mine.yaml") -> str:
    path = tmp_path / name
    path.write_text("kind: option\nname: Mine\n" + text)
    return str(path)


def test_names_are_forgiving() -> None:
    assert load("NOTTINGHAM", "bigger_cohort").name == "nottingham+bigger-cohort"
    assert site_names() == ["bristol", "lancashire", "nottingham", "west-midlands", "west-yorkshire"]
    assert {"bigger-cohort", "hub", "no-effect", "one-stop"} < set(option_names())
    assert load("nottingham", "none").name == "nottingham"


def test_an_option_branches_at_the_decision_date_and_reaches_every_team() -> None:
    scenario = load("nottingham", "hub")
    (first, before), (second, after) = scenario.timeline
    assert (first, second) == (date(2008, 4, 1), date(2010, 1, 1))
    assert {name: team.co_location.form for name, team in before.teams.items()} == {
        "city": "none",
        "county": "police_station",
    }
    assert {team.co_location.form for team in after.teams.values()} == {"hub"}


def test_a_ceiling_implies_sizing_by_resources_and_says_so() -> None:
    scenario = load("nottingham", "bigger-cohort")
    assert scenario.timeline[-1][1].cohort.sizing == "resources"
    assert scenario.timeline[-1][1].cohort.ceiling == 786  # 591 by 1.33, half up
    assert any("implies cohort.sizing: resources" in notice for notice in scenario.notices)


def test_dated_changes_work_on_the_value_of_the_site(tmp_path: Path) -> None:
    path = option(
        tmp_path,
        "changes:\n  agencies.vcs.workers: [{from: 2010-04-01, add: 2}, {from: 2011-04-01, scale: 0.5}]\n",
    )
    timeline = load("nottingham", path).timeline
    assert [(when, p.agencies.vcs.workers) for when, p in timeline] == [
        (date(2008, 4, 1), 5),
        (date(2010, 4, 1), 7),
        (date(2011, 4, 1), 3),
    ]


def test_changes_from_the_first_day_can_change_the_world(tmp_path: Path) -> None:
    path = option(tmp_path, "from: iom_start\nchanges:\n  courts.cases_a_day: {scale: 0.5}\n")
    timeline = load("nottingham", path).timeline
    assert len(timeline) == 1
    assert timeline[0][1].courts.cases_a_day == 35


def test_half_of_a_whole_thing_is_rounded_up_as_it_is_written(tmp_path: Path) -> None:
    path = option(
        tmp_path, "changes:\n  agencies.neighbourhood_police.officers: {scale: 1.025}\n  cohort.ceiling: 5\n"
    )
    assert load("nottingham", path).timeline[-1][1].agencies.neighbourhood_police.officers == 21  # 20.5
    # 50 * 1.15 is 57.49999999999999 in binary.
    assert Step(None, "scale", 1.15, 0, 0).applied(50) == 58
    assert Step(None, "add", 0.5, 0, 0).applied(3) == 4
    assert Step(None, "scale", 1.15, 0, 0).applied(50.0) == 50 * 1.15


def test_a_change_that_was_already_so_is_a_notice(tmp_path: Path) -> None:
    path = option(tmp_path, "changes:\n  agencies.vcs.workers: 5\n")
    assert load("nottingham", path).notices == (
        f"agencies.vcs.workers is already 5 in nottingham; {path}:4 changes nothing",
    )


def test_no_effect_sets_every_effect_to_neutral_from_the_first_day() -> None:
    (when, parameters), *rest = load("nottingham", "no-effect").timeline
    assert (when, rest) == (date(2008, 4, 1), [])
    found = []
    for path, value in leaves(parameters.model_dump()):
        field = field_at(Parameters, path)
        if field is not None and "neutral" in about(field):
            assert value == about(field)["neutral"], path
            found.append(path)
    assert len(found) >= 4


def test_a_site_extends_one_parent_in_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "parent.yaml").write_text(
        "kind: site\nname: P\nextends: nottingham\nparameters: {agencies: {vcs: {workers: 9}}}\n"
    )
    child = tmp_path / "child.yaml"
    child.write_text("kind: site\nname: C\nextends: parent.yaml\nparameters: {cohort: {ceiling: 300}}\n")
    scenario = load(str(child))
    parameters = scenario.timeline[0][1]
    assert (parameters.agencies.vcs.workers, parameters.cohort.ceiling) == (9, 300)
    assert parameters.agencies.police.officers == 18
    assert scenario.provenance["cohort.ceiling"].file == str(child)
    assert scenario.provenance["agencies.police.officers"].file == "nottingham.yaml"


def test_every_leaf_is_declared_with_role_label_and_a_known_unit() -> None:
    for path, _ in leaves(Parameters().model_dump()):
        if path[0] == "teams":
            path = ("teams", "area", *path[2:])
        field = field_at(Parameters, path)
        assert field is not None, path
        assert field.title, path
        assert about(field)["role"] in ("lever", "uncertainty", "effect", "fact"), path


def test_provenance_covers_every_leaf_and_follows_options(tmp_path: Path) -> None:
    path = option(
        tmp_path,
        "changes:\n  cohort.ceiling: {value: 300, source: Our minutes, confidence: expert, note: Agreed}\n"
        "  agencies.vcs.workers: {add: 2}\n",
    )
    scenario = load("nottingham", path)
    assert set(scenario.provenance) == {
        ".".join(key) for key, _ in leaves(scenario.timeline[0][1].model_dump())
    }
    assert scenario.provenance["cohort.ceiling"] == Leaf(300, "Our minutes", "expert", "Agreed", path, 4)
    assert scenario.provenance["agencies.vcs.workers"] == Leaf(7, file=path, line=5)
    default = scenario.provenance["costs.custody_gbp_a_year"]
    assert (default.value, default.confidence, default.file) == (39_000, "published", "")


def test_no_effect_combines_with_other_options() -> None:
    scenario = load("nottingham", "no_effect+hub")
    assert scenario.name == "nottingham+no-effect+hub"
    assert [when for when, _ in scenario.timeline] == [date(2008, 4, 1), date(2010, 1, 1)]


@pytest.mark.parametrize("name", site_names())
def test_shipped_sites_say_where_every_value_comes_from(name: str) -> None:
    for key, leaf in load(name).provenance.items():
        assert leaf.source or leaf.confidence == "assumed", key


def test_two_files_of_one_name_are_not_taken_for_each_other(tmp_path: Path) -> None:
    other = option(tmp_path, "changes:\n  cohort.ceiling: 300\n", name="hub.yaml")
    with pytest.raises(ScenarioError, match="expected files with different names"):
        load_all("nottingham", ["", "hub", other])
    assert len(load_all("nottingham", ["", "hub", "hub"])) == 2


def test_a_site_lists_its_meetings_and_declared_ones_are_completed(tmp_path: Path) -> None:
    head = "kind: site\nname: T\nparameters:\n  meetings:\n"
    text = head + "    selection: {every_days: 7}\n    conference: {attending: [vcs]}\n"
    path = tmp_path / "site.yaml"
    path.write_text(text)
    table = load(str(path)).timeline[0][1].meetings
    assert list(table) == ["selection", "conference"]
    assert (table["selection"].purposes, table["selection"].minutes_per_case) == (("selection",), 0)
    assert table["conference"].purposes == ("review",)
    path.write_text(head + "    review: {every_days: 7}\n")
    assert [problem.wrong for problem in check([path])] == ["no meeting takes anybody on"]


def test_a_key_of_every_meeting_can_be_given_without_the_meeting(tmp_path: Path) -> None:
    path = tmp_path / "option.yaml"
    path.write_text("kind: option\nname: T\nchanges:\n  attendance_share: 0.5\n")
    table = load("bristol", str(path)).timeline[-1][1].meetings
    assert {meeting.attendance_share for meeting in table.values()} == {0.5}


@pytest.mark.parametrize(
    "text",
    ["kind: option\nname: T\nchanges:\n  cohort.meeting_days: 7\n",
     "kind: site\nname: T\nextends: bristol\nparameters:\n  cohort: {meeting_days: 7}\n"],
    ids=("option", "site"),
)  # fmt: skip
def test_a_key_that_moved_says_where_it_is_now(text: str, tmp_path: Path) -> None:
    path = tmp_path / "old.yaml"
    path.write_text(text)
    (problem,) = check([path])
    assert problem.hint == "did you mean meetings.selection.every_days?"
