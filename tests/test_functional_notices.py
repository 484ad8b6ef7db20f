"""A change from which nothing comes is accepted and told, and what is told of it is so."""

import fnmatch
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import simulation.replication
from experiments.command_line import app
from scenarios import load, option_names
from scenarios.idle import RULES, remark
from scenarios.notice import unreached
from scenarios.tree import leaves
from simulation import IOMModel, Parameters
from tests import stand_in

SMALL = """
kind: site
name: Small
extends: nottingham
parameters:
  iom_start: 2009-09-01
  pool: {first_sanctions_per_year: 1000, history_years: 18}
  teams: {county: {co_location: {form: none}}}
  agencies:
    police: {officers: 4}
    probation: {officers: 4, funded_posts: 0}
    drug_treatment: {workers: 2}
    vcs: {workers: 0}
  systems: {desk: {officers: 0}}
  response: {log_odds_per_hour: 0}
  enforcement: {acted_share: 0}
  pathways: {order: severe, relief: {effect: 0}}
"""
#: A change for every rule that says of a key that it changes no number.
NOTHING = """
kind: option
name: Nothing
changes:
  cohort.sizing: threat
  cohort.ceiling: 3
  co_location.members: [police, drug_treatment]
  co_location.time_share: 0.3
  co_location.vetted: []
  forms.hub.premises_gbp_a_year: 1
  contacts.joint_wait_days: 60
  engagement.same_day: 3
  agencies.vcs.caseload_minutes_a_week: 600
  agencies.vcs.cost_gbp_a_year: 1
  agencies.vcs.iom_share: 0
  response.shape: threshold
  response.saturation_hours: 20
  response.threshold_hours: 20
  enforcement.missed_before_action: 1
  enforcement.window_days: 1
  enforcement.days_to_action: 0
  engagement.trust_lost_at_enforcement: 1
  categories.women.points: 500
  systems.shared_record.set_up_gbp: 1
  systems.desk.databases: 50
  systems.prison_record.read_days: 30
  information.without_protocol: none
  information.without_protocol_days: 300
  governance.settling_months: 1
  governance.news_delay_at_outset: 9
  governance.attendance_at_outset: 0
  governance.led_by: vcs
  governance.contested.attendance_share: 0
  funding.pool_pays: vcs
  funding.pool_price_ratio: 5
  cohort.leaving.other_scheme_days: 1
  cohort.leaving.other_scheme_stay_days: 1
  first_contact.cells_days: 3
  first_contact.letter_minutes: 200
  first_contact.letter_days: 20
  first_contact.trust_by_letter: 1
  first_contact.preparation_minutes: 200
  first_contact.again_days: 30
  first_contact.trust_by_visit: 1
  first_contact.joint_wait_days: 30
  first_contact.trust_by_joint_visit: 1
  police_roles.order: [disruption, support, intelligence, enforcement]
  police_roles.weights.support: 0.1
  police_roles.enforcement_lapses_days: 1
  beat.briefing_minutes_a_week: 300
  beat.visits_per_week: 5
  beat.trust_lost_share: 1
  funding.kept_share: 0
  funding.secondments_kept_share: 0
  governance.months_together: 9
  outreach.by: vcs
  outreach.minutes: 480
  outreach.within_days: 60
  meetings.review.left_over_first: true
  meetings.review.action_days: 1
  enforcement.excused_share: 0.5
  enforcement.warning_minutes: 99
  enforcement.warning_within_days: 60
  enforcement.warning_log_odds: 2
  compliance.reminders.minutes: 60
  compliance.drop_out.pause_weeks: 1
  compliance.compact.signs: 8
  compliance.sanctions.trust_lost_share: 1
  compliance.nightly.by: police
  at_court.sessions.spared_share: 1
  at_court.premium.file_minutes: 960
  at_court.reports.log_odds: 2
  at_court.cautions.weeks: 1
  pathways.stabilise_first: [drugs]
  pathways.relief.anyway_statutory: 1
  pathways.relief.anyway_others: 1
  in_reach.assessed_by: vcs
  in_reach.assessment_minutes: 200
  in_reach.booked_days: 1
  in_reach.booking_minutes: 200
  in_reach.tried_days: 1
  turnover.days_to_fill: 1
  turnover.training_weeks: 1
  turnover.training_speed_share: 1
  distance.far_travel_minutes: 400
  release_plans.by: vcs
  release_plans.minutes: 400
  gate.by: police
  gate.minutes: 400
  gate.attendance_log_odds: 4
  youth.until_age_years: 30
  youth.conference_notice_days: 300
  youth.falls_out_share: 1
  commissioning.hours_a_place: 500
  commissioning.gbp_a_place: 9
  mentoring.referred_share: 1
  mentoring.gbp_a_week: 400
  supports.gbp_a_week: 400
  supports.attendance_log_odds: 4
  bands.red.name: Gold
  mandatory: []
"""
#: Parts of the tree of which Nottinghamshire does not use everything.
AT_REST = (
    "forms.", "categories.", "first_contact.", "police_roles.", "beat.", "governance.", "outreach.",
    "systems.", "funding.pool_", "funding.secondments_", "meetings.",
    "information.without_", "cohort.leaving.other_", "enforcement.warning_", "compliance.",
    "at_court.sessions.", "at_court.premium.", "at_court.reports.", "at_court.cautions.",
    "in_reach.", "distance.", "release_plans.", "gate.", "youth.", "commissioning.", "mentoring.",
    "supports.", "turnover.",
)  # fmt: skip
#: One a line, and one more for each of the three keys that both teams have.
ALL_ARE_TOLD = NOTHING.count("\n  ") + 3


@pytest.fixture
def small(tmp_path: Path) -> str:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return str(path)


def option(tmp_path: Path, text: str) -> str:
    path = tmp_path / "mine.yaml"
    path.write_text(text if "kind" in text else f"kind: option\nname: Mine\nchanges:\n{text}")
    return str(path)


def test_what_is_said_to_change_nothing_changes_nothing(small: str, tmp_path: Path) -> None:
    nothing = load(small, option(tmp_path, NOTHING))
    assert len(nothing.notices) == ALL_ARE_TOLD, nothing.notices
    lived = []
    for timeline in (load(small).timeline, nothing.timeline):
        recorder = IOMModel(timeline, years=0.5, strict=True).run().recorder
        lived.append({name: recorder.daily(name).tolist() for name in recorder.names()})
    assert lived[0] == lived[1]


def nobody() -> Parameters:
    """Return parameters of a trial in which no lot is managed."""
    values = Parameters().model_dump()
    values["cohort"]["lots"] = {"lowest": 0.5, "highest": 0.5}
    return Parameters(**values)


def test_every_rule_is_about_a_key(small: str, tmp_path: Path) -> None:
    parameters = load(small, option(tmp_path, NOTHING)).timeline[-1][1]
    told = [key for path, _ in leaves(parameters.model_dump()) if remark(key := ".".join(path), parameters)]
    told += [key for key in ("cohort.lots.lowest", "cohort.lots.highest") if remark(key, nobody())]
    for rule in RULES:
        assert fnmatch.filter(told, rule.keys), rule.keys


def test_a_key_that_works_is_not_remarked_on() -> None:
    parameters = load("nottingham", "hub").timeline[-1][1]
    keys = [".".join(path) for path, _ in leaves(parameters.model_dump())]
    idle = {key for key in keys if "changes nothing" in remark(key, parameters)}
    assert {key for key in idle if not key.startswith(AT_REST)} == {
        "cohort.ceiling", "response.threshold_hours", "teams.city.co_location.vetted",
        "teams.county.co_location.vetted",
    }  # fmt: skip
    assert not [key for key in idle if key.startswith("forms.hub.")]


@pytest.mark.parametrize(
    ("option", "works", "idle"),
    [
        ("short-sentence-assessments", "in_reach.assessment_minutes", "in_reach.booking_minutes"),
        ("joint-prison-visits", "in_reach.booking_minutes", "in_reach.assessment_minutes"),
        ("youth-team", "youth.falls_out_share", "youth.conference_minutes"),
        ("transfer-conferences", "youth.conference_minutes", "gate.minutes"),
        ("mentors", "mentoring.weeks", "supports.weeks"),
    ],
)
def test_a_key_wakes_with_its_practice(option: str, works: str, idle: str) -> None:
    parameters = load("nottingham", option).timeline[-1][1]
    assert not remark(works, parameters)
    assert "changes nothing while" in remark(idle, parameters)


@pytest.mark.parametrize("name", option_names())
def test_shipped_options_change_what_they_set(name: str) -> None:
    """All of it, or for the forms and teams that share a place: in Nottingham only the county's team does."""
    found = load("nottingham", name)
    idle = [notice for notice in found.notices if "changes nothing" in notice and "already" not in notice]
    assert len(idle) < max(1, len(found.changes)), idle
    assert all(notice.startswith(("forms.", "teams.city.co_location.")) for notice in idle), idle


@pytest.mark.parametrize(
    ("changes", "notice"),
    [
        ("  teams.county.co_location.members: [police, probation, vcs]\n",
         "leaves vcs outside: police_station is for agencies in co_location.vetted only"),
        ("  co_location.form: one_stop_surgery\n  co_location.members: [police, vcs]\n"
         "  co_location.time_share: 0.5\n",
         "counts for 0.2 and no more, which is the most that one_stop_surgery allows"),
        ("  co_location.vetted: []\n", "changes nothing while teams.city.co_location.form is none"),
        ("  co_location.form: hub\n  co_location.members: [police, vcs]\n  co_location.vetted: []\n",
         "changes nothing while hub is open to unvetted staff"),
        ("  agencies.vcs.workers: 0\n  contacts.red.vcs_per_week: 2\n",
         "only lapses while agencies.vcs has no posts"),
        ("  commissioning.people_per_year: 50\n  commissioning.contacts_per_week: 0.05\n",
         "commissioning.contacts_per_week changes nothing while no band's plan asks for fewer"),
        ("  agencies.vcs.workers: [{from: 2010-02-01, add: 1}, {from: 2010-03-01, value: 6}]\n",
         "agencies.vcs.workers is already 6 on 2010-03-01"),
    ],
)  # fmt: skip
def test_what_does_less_than_it_seems_is_told(tmp_path: Path, changes: str, notice: str) -> None:
    assert any(notice in told for told in load("nottingham", option(tmp_path, changes)).notices)


def test_a_key_that_works_for_a_time_is_not_remarked_on(tmp_path: Path) -> None:
    for_a_time = "[{from: 2010-02-01, value: hub}, {from: 2010-06-01, value: none}]"
    changes = f"  teams.city.co_location.form: {for_a_time}\n"
    changes += "  teams.city.co_location.members: [police, probation]\n"
    assert load("nottingham", option(tmp_path, changes)).notices == ()


def test_a_change_on_the_day_on_which_the_run_ends_changes_nothing(tmp_path: Path) -> None:
    path = option(
        tmp_path, "  cohort.ceiling: [{from: 2010-12-31, value: 9}, {from: 2011-01-01, value: 8}]\n"
    )
    changes = load("nottingham", path).changes
    told = unreached(changes, date(2010, 1, 1), years=1.0)
    assert [text.split(": ")[0] for text in told] == ["cohort.ceiling from 2011-01-01"]


def test_a_study_and_its_report_tell_notices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(simulation.replication, "replicate", stand_in.replicate)
    option(
        tmp_path,
        "  cohort.weights.record: 9\n  agencies.vcs.workers: [{from: 2010-07-03, add: 1}]\n  mandatory: []\n",
    )
    arguments = "compare nottingham mine.yaml --replications 2 --years 0.5 --workers 1 --out here"
    printed = " ".join(CliRunner().invoke(app, arguments.split()).output.split())
    late = "agencies.vcs.workers from 2010-07-03: the run ends on 2010-07-03; mine.yaml:5 changes nothing"
    for notice in (late, "mandatory is for checking files and changes no number (mine.yaml:6)"):
        assert notice in printed
        assert notice in Path("here/report.html").read_text()
