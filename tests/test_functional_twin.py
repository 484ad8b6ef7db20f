"""With every effect at its neutral value nobody's life differs from life without a partnership."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest

from simulation import IOMModel, Parameters
from simulation.declare import Group

YEARS = 0.5


def neutral(group: Group) -> dict[str, object]:
    """Return a group's values with every effect at its neutral value."""
    values: dict[str, object] = {}
    for name, field in type(group).model_fields.items():
        value = getattr(group, name)
        about = field.json_schema_extra or {}
        if isinstance(value, Group):
            value = neutral(value)
        elif isinstance(about, dict) and "neutral" in about:
            value = about["neutral"]
        values[name] = value
    return values


@dataclass
class Lives:
    """What happened to everybody, as comparable lists."""

    offences: list[tuple[int, float, int]]
    arrests: list[tuple[int, float]]
    sanctions: list[tuple[int, float, int, int]]
    custody: list[float]


def lives(model: IOMModel) -> Lives:
    rows = [
        (int(person), float(time), int(kind))
        for who, when, kinds in model.world.offending.offences
        for person, time, kind in zip(who, when, kinds, strict=True)
    ]
    return Lives(
        rows,
        model.world.justice.arrests,
        model.world.justice.sanctions,
        model.world.custody.custody_days.tolist(),
    )


def small(**changes: object) -> Parameters:
    values = Parameters().model_dump()
    values["pool"]["first_sanctions_per_year"] = 600
    values["iom_start"], values["start"] = date(2009, 1, 1), date(2009, 7, 1)
    values["cohort"] |= {"sizing": "resources", "ceiling": 80}
    for key, value in changes.items():
        *groups, last = key.split("__")
        place = values
        for group in groups:
            place = place[group]
        place[last] = value
    return Parameters(**values)


def run(parameters: Parameters, **options: object) -> IOMModel:
    return IOMModel(((parameters.iom_start, parameters),), years=YEARS, **options).run()


def test_without_effects_iom_and_twin_agree_person_by_person() -> None:
    parameters = Parameters(**neutral(small()))
    managed, twin = run(parameters, strict=True), run(parameters, partnership=False, strict=True)
    assert managed.partnership is not None
    assert managed.recorder.daily("contacts_made").sum() > 1000
    assert lives(managed) == lives(twin)


def test_staff_who_come_and_go_and_police_who_choose_change_nobody_without_effects() -> None:
    """Vacancies, empty chairs, roles, outreach and calls of the beat move contacts and nothing else."""
    parameters = Parameters(
        **neutral(
            small(
                turnover__leaving_per_year=3.0, governance__leadership="contested", outreach__share=1.0,
                beat__told="nobody", police_roles__sharing="weights",
                police_roles__intelligence_minutes_a_week=30.0, police_roles__enforcement_minutes=60.0,
            )
        )
    )  # fmt: skip
    managed, twin = run(parameters, strict=True), run(parameters, partnership=False)
    for name in (
        "staff_left",
        "cases_put_off",
        "outreach_found",
        "beat_visits",
        "police_minutes_intelligence",
    ):
        assert managed.recorder.daily(name).sum() > 0, name
    assert lives(managed) == lives(twin)


#: What is done so that people come, and about their cases, all of it at work.
DONE = {
    "compliance__reminders": {"share": 1.0}, "compliance__drop_out": {"after_missed": 2},
    "compliance__compact": {"used": True}, "compliance__sanctions": {"share": 1.0},
    "compliance__nightly": {"days": 21}, "enforcement__warns": True, "outreach__share": 0.5,
    "pathways__programmes__drugs__fast_track": True,
}  # fmt: skip
AT_COURT = {
    "sessions": {"every_weeks": 1}, "premium": {"saved_share": 0.5}, "reports": {"share": 1.0},
    "cautions": {"share": 0.5},
}  # fmt: skip


def test_what_is_done_for_appointments_and_cases_changes_nobody_without_effects() -> None:
    parameters = Parameters(**neutral(small(**DONE, at_court=AT_COURT)))
    managed, twin = run(parameters, strict=True), run(parameters, partnership=False)
    for name in (
        "reminders",
        "warnings",
        "dropped_out",
        "re_engaged",
        "compacts_signed",
        "compact_visits",
        "prescriptions_stopped",
        "nightly_visits",
        "court_reports",
    ):
        assert managed.recorder.daily(name).sum() > 0, name
    assert lives(managed) == lives(twin)


def test_prison_young_people_and_the_voluntary_sector_change_nobody_without_effects() -> None:
    """In-reach, the gate, moves at an age, contracts, mentors and supports move what is done and no life."""
    parameters = Parameters(
        **neutral(
            small(
                in_reach__short_sentences=True, in_reach__reception_visits="joint", distance__far_share=0.5,
                release_plans__notice_days=28.0, gate__share=1.0, youth__workers=2,
                youth__until_age_years=24.0, youth__conference_notice_days=60.0,
                commissioning__people_per_year=40, mentoring__mentors=20, supports__share=1.0,
            )
        )
    )  # fmt: skip
    managed, twin = run(parameters, strict=True), run(parameters, partnership=False)
    for name in (
        "in_reach_visits",
        "assessed_inside",
        "release_plans_ready",
        "gate_meetings",
        "youth_contacts",
        "youth_moves",
        "commissioned",
        "mentor_meetings",
        "supported_days",
    ):
        assert managed.recorder.daily(name).sum() > 0, name
    assert lives(managed) == lives(twin)


@pytest.mark.parametrize("practice", AT_COURT)
def test_each_effect_at_court_changes_lives_by_itself(practice: str) -> None:
    values = neutral(small())
    values["at_court"][practice] = AT_COURT[practice]  # type: ignore[index]
    parameters = Parameters(**values)  # type: ignore[arg-type]
    assert lives(run(parameters)) != lives(run(parameters, partnership=False))


def test_with_effects_they_do_not() -> None:
    parameters = small()
    assert lives(run(parameters)) != lives(run(parameters, partnership=False))


def test_added_staff_change_no_unrelated_draw() -> None:
    """More staff move contacts and nothing else: luck is keyed by person and occurrence."""
    few = Parameters(**neutral(small(agencies__police__officers=1)))
    many = Parameters(**neutral(small(agencies__police__officers=60, agencies__vcs__workers=20)))
    one, other = run(few), run(many)
    assert one.recorder.daily("contacts_made").sum() < other.recorder.daily("contacts_made").sum()
    assert lives(one) == lives(other)


@pytest.mark.parametrize("replication", [0, 1])
def test_people_never_managed_live_the_same_life_under_any_partnership(replication: int) -> None:
    """Even with effects, an unmanaged person's offences change only where a shared court queue is longer."""
    parameters = small(courts__cases_a_day=100_000)
    managed = run(parameters, replication=replication)
    twin = run(parameters, replication=replication, partnership=False)
    assert managed.partnership is not None
    never = np.isinf(managed.partnership.caseload.first_entered)
    assert 0 < never.sum() < len(never)
    assert (managed.world.offending.committed[never] == twin.world.offending.committed[never]).all()
    assert (managed.world.record.sanctions[never] == twin.world.record.sanctions[never]).all()


def test_people_live_the_same_life_whoever_else_is_in_the_pool() -> None:
    """Luck knows people by the number of their career, and not by their row, which others move."""
    narrow, wide = (
        run(small(courts__cases_a_day=100_000, pool__active_years=years), partnership=False)
        for years in (1.0, 6.0)
    )
    few, many = narrow.world.careers.number, wide.world.careers.number
    assert len(few) < len(many)
    row = np.searchsorted(many, few)
    assert (many[row] == few).all()
    assert (row != np.arange(len(few))).any()
    for one, other in (
        (narrow.world.offending.committed, wide.world.offending.committed),
        (narrow.world.record.sanctions, wide.world.record.sanctions),
        (narrow.world.custody.custody_days, wide.world.custody.custody_days),
        (narrow.world.course.score, wide.world.course.score),
    ):
        assert (one == other[row]).all()
    assert narrow.world.offending.committed.sum() > 100
