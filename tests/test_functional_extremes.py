"""Extreme settings break nothing; every run here checks the invariants at the end of every day."""

from datetime import date

import numpy as np
import pytest

from simulation import IOMModel, Parameters
from simulation.co_location import AGENCIES

YEARS = 0.25
NOBODY = {
    f"agencies__{name}__{'workers' if name in ('drug_treatment', 'vcs') else 'officers'}": 0
    for name in AGENCIES
}
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
    return IOMModel(((parameters.iom_start, parameters),), years=YEARS, strict=True).run()


def total(model: IOMModel, name: str) -> float:
    return float(model.recorder.daily(name).sum())


def test_nobody_on_duty_makes_no_contact() -> None:
    model = run(**NOBODY, mandatory=())
    assert total(model, "contacts_due") > 100
    assert total(model, "contacts_made") + total(model, "contacts_missed") == 0


def test_unlimited_staff_leave_no_waits() -> None:
    many = {key: 500 for key in NOBODY}
    model = run(**many, contacts__joint_wait_days=0)
    assert total(model, "contacts_made") > 100
    assert total(model, "contact_wait_days") == 0
    assert total(model, "contacts_expired") == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"cohort__ceiling": 0},
        {"cohort__ceiling": 1_000_000},
        {"cohort__sizing": "threat", "cohort__entry_score": 10_000.0},
        {"cohort__sizing": "threat", "cohort__entry_score": 0.0, "cohort__exit_score": 0.0},
        {"cohort__dormant_days": 0},
        {"cohort__meeting_days": 1},
        {"courts__cases_a_day": 0},
        {"courts__cases_a_day": 1},
        {"courts__remand_share": 1.0},
        {"offending__conviction_share": 1.0},
        {"pool__leaving_per_year": 0.9},
        {"sentencing__breach_share": 1.0},
        {"enforcement__acted_share": 1.0, "enforcement__missed_before_action": 1},
        {"engagement__attendance": -4.0, "engagement__at_home": -4.0},
        {"information__between_agencies_days": 60.0, "information__prison_days": 60.0},
        {"information__prison_days": 0.0, "information__arrest_days": 0.0},
        {"meetings__tasking__agenda_minutes": 0.0, "meetings__review__agenda_minutes": 0.0},
        {"meetings__review__order": "exception", "meetings__review__every_days": 1},
        {"response__log_odds_per_hour": 1.0, "response__shape": "linear"},
        {"response__log_odds_per_hour": -0.5, "response__shape": "threshold"},
        {"response__detection_per_hour": 1.0},
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
    stays = sum(left - entered for _, entered, left in works.caseload.left)
    carried = works.caseload.carried
    stays += float((model.days - works.caseload.entered[carried]).sum())
    assert works.caseload.left
    assert total(model, "caseload") == pytest.approx(stays)


def test_contacts_waiting_obey_little() -> None:
    """Pieces of work counted each evening are the days that each of them waited, made, lapsed or pending."""
    parameters = small(agencies__police__officers=1, agencies__probation__officers=1)
    model = IOMModel(((parameters.iom_start, parameters),), years=YEARS, strict=True)
    works = model.partnership
    assert works is not None
    waiting = waited = 0.0
    pending = np.zeros_like(works.contacts.remaining, dtype=bool)
    since = np.zeros_like(works.contacts.remaining)
    while model.day < model.days:
        model.step()
        now = works.contacts.remaining > 0
        renewed = now & pending & (works.contacts.due_since != since)
        ended = (pending & ~now) | renewed
        waited += float((model.day - 1 - since[ended]).sum())
        waiting += float(now.sum())
        pending, since = now, works.contacts.due_since.copy()
    waited += float((model.day - since[pending]).sum())
    assert waiting > 1000
    assert waiting == pytest.approx(waited)
