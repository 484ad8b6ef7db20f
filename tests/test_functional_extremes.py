"""Extreme settings break nothing; every run here checks the invariants at the end of every day."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments.command_line import app
from simulation import IOMModel, Parameters
from simulation.calendar import DAYS_PER_YEAR
from simulation.co_location import AGENCIES
from simulation.offences import Detection

YEARS = 0.25
NOBODY = {
    f"agencies__{name}__{'workers' if name in ('drug_treatment', 'vcs') else 'officers'}": 0
    for name in AGENCIES
}
NEWS = ("between_agencies_days", "arrest_days", "court_result_days", "prison_days", "appointment_days",
        "lead_to_meeting_days")  # fmt: skip
FORMS = ("virtual", "hub", "police_station", "neutral_venue", "one_stop_surgery")


def small(**changes: object) -> Parameters:
    values = Parameters().model_dump()
    values["pool"] |= {"first_sanctions_per_year": 500, "history_years": 15}
    values["iom_start"], values["start"] = date(2009, 1, 1), date(2009, 4, 1)
    values["cohort"] |= {"sizing": "resources", "ceiling": 60}
    for key, value in changes.items():
        *groups, last = key.split("__")
        place = values
        for group in groups:
            place = place[group]
        place[last] = value
    return Parameters(**values)


def run(**changes: object) -> IOMModel:
    parameters = small(**changes)
    return begin(parameters).run()


def begin(parameters: Parameters) -> IOMModel:
    return IOMModel(((parameters.iom_start, parameters),), years=YEARS, strict=True)


def total(model: IOMModel, name: str) -> float:
    return float(model.recorder.daily(name).sum())


def test_nobody_on_duty_makes_no_contact() -> None:
    model = run(**NOBODY, mandatory=())
    assert total(model, "contacts_due") > 100
    assert total(model, "contacts_made") + total(model, "contacts_missed") == 0


def test_unlimited_staff_leave_no_waits() -> None:
    """Everything that falls due is set out on the same day."""
    model = run(**{key: 500 for key in NOBODY}, cohort__ceiling=20)
    assert total(model, "contacts_made") > 100
    assert total(model, "contact_wait_days") == total(model, "contacts_expired") == 0
    assert total(model, "contacts_made") + total(model, "contacts_missed") == total(model, "contacts_due")


@pytest.mark.parametrize("ceiling", [0, 60, 1_000_000])
def test_no_more_are_carried_than_the_ceiling_nor_fewer_where_there_are_people(ceiling: int) -> None:
    model = begin(small(cohort__ceiling=ceiling))
    model.step()
    record, custody = model.world.record, model.world.custody
    long_inside = custody.due_out > model.parameters.cohort.left_after_years * DAYS_PER_YEAR
    able = np.count_nonzero((record.joins <= 0) & (record.leaves > 0) & ~long_inside)
    assert able > 60
    carried = model.run().recorder.daily("caseload")
    assert carried[0] == min(ceiling, able)
    assert carried.max() <= ceiling


def test_thresholds_out_of_reach_take_nobody_and_without_any_everybody() -> None:
    none = run(cohort__sizing="threat", cohort__entry_score=10_000.0)
    everyone = run(cohort__sizing="threat", cohort__entry_score=0.0, cohort__exit_score=0.0)
    assert total(none, "caseload") == 0
    assert everyone.recorder.daily("caseload")[0] > 100


def test_all_red_or_all_green_asks_for_the_most_or_the_least() -> None:
    red = run(bands__red={"from_score": 0.0002}, bands__amber={"from_score": 0.0001})
    green = run(bands__red={"from_score": 1000.0}, bands__amber={"from_score": 999.0})
    assert total(red, "caseload_green") + total(red, "caseload_amber") == 0 < total(red, "caseload_red")
    assert total(green, "caseload_red") + total(green, "caseload_amber") == 0 < total(green, "caseload_green")
    assert total(red, "contacts_due") > 2 * total(green, "contacts_due")


def test_closed_courts_sentence_nobody_and_arrests_go_on() -> None:
    model = run(courts__cases_a_day=0)
    assert total(model, "arrests") > 20
    assert total(model, "hearings") == len(model.world.justice.sanctions) == 0


def test_where_nobody_keeps_contact_it_takes_effort_and_gives_no_dose() -> None:
    model = run(engagement__attendance=-4.0, engagement__at_home=-4.0, engagement__per_trust=0.0,
                engagement__statutory=0.0, engagement__in_custody=-4.0)  # fmt: skip
    met, missed = total(model, "contacts_made"), total(model, "contacts_missed")
    assert missed > 200
    assert met / (met + missed) < 0.05  # the chance is 0.018


def test_slow_news_leaves_more_bands_wrong() -> None:
    quick = run(**{f"information__{name}": 0.0 for name in NEWS})
    slow = run(**{f"information__{name}": 30.0 for name in NEWS})
    assert total(slow, "wrong_bands") > 1.2 * total(quick, "wrong_bands")


@pytest.mark.parametrize(
    "changes",
    [
        {"cohort__dormant_days": 0},
        {"meetings__selection__every_days": 1},
        {"courts__cases_a_day": 1},
        {"courts__remand_share": 1.0},
        {
            "offending__conviction_share": 1.0,
            "offending__detection": dict.fromkeys(Detection.model_fields, 1.0),
        },
        {"pool__leaving_per_year": 0.9},
        {"sentencing__breach_share": 1.0},
        {"enforcement__acted_share": 1.0, "enforcement__missed_before_action": 1},
        {"meetings__tasking__agenda_minutes": 0.0, "meetings__review__agenda_minutes": 0.0},
        {"meetings__review__order": "exception", "meetings__review__every_days": 1},
        {"response__log_odds_per_hour": 1.0, "response__shape": "linear"},
        {"response__log_odds_per_hour": -0.5, "response__shape": "threshold"},
        {"response__detection_per_hour": 1.0},
        {"turnover__leaving_per_year": 12.0, "turnover__days_to_fill": 730.0},
        {"turnover__leaving_per_year": 12.0, "turnover__days_to_fill": 0.0, "turnover__training_weeks": 0.0},
        {
            "funding__ends": date(2009, 2, 1),
            "funding__kept_share": 0.0,
            "agencies__police__funded_posts": 18,
            "agencies__vcs__funded_posts": 5,
        },
        {"governance__leadership": "contested", "governance__contested": {"attendance_share": 0.0}},
        {
            "police_roles__sharing": "weights",
            "police_roles__weights": dict.fromkeys(
                ("intelligence", "support", "enforcement", "disruption"), 0.0
            ),
        },
        {"police_roles__intelligence_minutes_a_week": 600.0, "police_roles__enforcement_minutes": 2000.0},
        {"outreach__share": 1.0, "outreach__by": "vcs", "outreach__minutes": 480.0},
        {
            "compliance__reminders": {"share": 1.0, "minutes": 60.0, "log_odds": 2.0},
            "compliance__drop_out": {"after_missed": 1, "pause_weeks": 104.0},
            "compliance__compact": {"used": True, "signs": 8.0},
            "compliance__sanctions": {"share": 1.0, "trust_lost_share": 1.0},
            "compliance__nightly": {"days": 365, "by": "police"},
            "pathways__programmes__drugs__fast_track": True,
        },
        {"enforcement__warns": True, "enforcement__excused_share": 1.0, "enforcement__acted_share": 1.0},
        {
            "at_court__sessions": {"every_weeks": 12, "spared_share": 1.0},
            "at_court__premium": {"saved_share": 1.0, "file_minutes": 0.0, "within_days": 0.0},
            "at_court__reports": {"share": 1.0, "log_odds": 2.0, "minutes": 0.0},
            "at_court__cautions": {"share": 1.0, "missed_before_court": 1},
        },
        {"beat__told": "nobody", "beat__visits_per_week": 5.0, "beat__trust_lost_share": 1.0},
        {"proportionality__unsupervised_visits_per_week": 0.0, "contacts__intelligence_needed": 100.0},
        {
            "in_reach__short_sentences": True,
            "in_reach__assessed_by": "vcs",
            "in_reach__reception_visits": "single",
            "in_reach__tried_days": 182,
            "distance__far_share": 1.0,
            "distance__far_travel_minutes": 480.0,
            "agencies__prison__officers": 0,
        },
        {
            "release_plans__notice_days": 182.0,
            "release_plans__minutes": 0.0,
            "gate__share": 1.0,
            "gate__by": "neighbourhood_police",
            "gate__minutes": 480.0,
        },
        {
            "youth__workers": 1,
            "youth__until_age_years": 30.0,
            "youth__conference_notice_days": 365.0,
            "youth__conference_minutes": 480.0,
            "youth__prepared_falls_out_share": 1.0,
            "youth__out_weeks": 104.0,
        },
        {
            "commissioning__people_per_year": 10_000,
            "commissioning__contacts_per_week": 5.0,
            "commissioning__hours_a_place": 0.0,
            "mentoring__mentors": 1000,
            "mentoring__referred_share": 1.0,
            "mentoring__matching_days": 0.0,
            "mentoring__leaving_per_year": 20.0,
            "mentoring__coordination_minutes_a_week": 300.0,
            "supports__share": 1.0,
            "supports__attendance_log_odds": 4.0,
        },
    ],
    ids=lambda changes: ",".join(f"{key}={value}" for key, value in changes.items()),
)
def test_an_extreme_breaks_no_invariant(changes: dict[str, object]) -> None:
    model = run(**changes)
    assert model.day == model.days


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_co_location_runs_in_three_teams(form: str) -> None:
    place = {"form": form, "members": ("police", "probation", "drug_treatment")}
    teams = {
        name: {"share": share, "co_location": place} for name, share in (("a", 0.2), ("b", 0.3), ("c", 0.5))
    }
    model = run(teams=teams)
    assert model.partnership is not None
    assert np.unique(model.partnership.caseload.team).tolist() == [0, 1, 2]
    together = form in ("hub", "neutral_venue")
    assert (total(model, "joint_visits") > 0) == (together or form == "police_station")


def test_caseload_and_stays_obey_little() -> None:
    """Person-days carried are the stays of those who left and of those still there."""
    model = run(cohort__sizing="threat", cohort__entry_score=70.0, cohort__exit_score=69.0)
    works = model.partnership
    assert works is not None
    stays = works.choosing.stays.all()
    assert np.isfinite(stays.left).any()
    days = np.minimum(stays.left, model.days) - stays.entered
    assert total(model, "caseload") == pytest.approx(days.sum())


def test_contacts_waiting_obey_little() -> None:
    """Evenings on which a contact was seen to wait, counted one by one, are the waits that were recorded."""
    model = begin(small(agencies__police__officers=1, agencies__probation__officers=1))
    works = model.partnership
    assert works is not None
    evenings = np.zeros(works.contacts.remaining.shape)
    waited = 0.0
    while model.day < model.days:
        model.step()
        evenings[works.contacts.due_since == model.day - 1] = 0  # one that was overtaken begins anew
        waited += evenings[works.made.person, works.made.slot].sum()
        evenings = (evenings + 1) * (works.contacts.remaining > 0)
    number = total(model, "contacts_made") + total(model, "contacts_missed")
    assert waited > number / 2 > 50
    assert waited == total(model, "contact_wait_days")


def test_what_nobody_knows_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody is carried, nobody waits, is in a wrong band or has minutes."""
    monkeypatch.chdir(tmp_path)
    changes = "changes: {cohort.ceiling: 0, cohort.sizing: resources}"
    Path("closed.yaml").write_text(f"kind: option\nname: Closed\nfrom: iom_start\n{changes}\n")
    settings = ["--replications", "1", "--years", "0.1", "--draw", "none", "--workers", "1"]
    told = CliRunner().invoke(app, ["compare", "west-midlands", "closed.yaml", *settings])
    assert told.exit_code == 0, told.output
    row = next(line for line in told.output.splitlines() if line.startswith("Caseload in a wrong band"))
    assert row.split()[-3:] == ["-", "-", "-"]
    assert "nan" not in told.output
