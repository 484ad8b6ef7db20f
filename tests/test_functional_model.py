"""The model as Mesa, a trainer and a sceptic meet it."""

import gc
import pkgutil
import weakref
from datetime import date
from importlib import import_module

import mesa
import numpy as np
import pytest

import simulation
from simulation import DAY_PLAN, OUTCOMES, IOMModel, Parameters
from simulation.agents import AgencyAgent, Offender
from simulation.calendar import DAYS_PER_YEAR
from simulation.invariants import BrokenInvariantError
from simulation.motivation import MotivationRules
from simulation.outcomes import outcomes, world_outcomes
from simulation.recorder import Recorder


def small(**changes: object) -> Parameters:
    values = Parameters().model_dump()
    values["pool"] |= {"first_sanctions_per_year": 400, "history_years": 15}
    values["iom_start"], values["start"] = date(2009, 9, 1), date(2010, 1, 1)
    values["cohort"] |= {"sizing": "resources", "ceiling": 40}
    return Parameters(**(values | changes))


@pytest.fixture
def model() -> IOMModel:
    parameters = small()
    return IOMModel(((parameters.iom_start, parameters),), years=0.1, strict=True, keep_events=True)


def test_mesa_tools_work_on_people_and_agencies(model: IOMModel) -> None:
    model.step()
    people = model.offenders
    assert len(people) == model.world.people.count
    carried = people.select(lambda one: one.read("carried"))
    assert len(carried) == 40
    assert set(carried.get("colour")) <= {"red", "amber", "green", "blue"}
    collector = mesa.DataCollector(
        model_reporters={"carried": lambda m: int(m.partnership.caseload.carried.sum())},
        agenttype_reporters={
            AgencyAgent: {"minutes": "minutes_left"},
            Offender: {"trust": lambda a: a.read("trust")},
        },
    )
    collector.collect(model)
    assert collector.get_model_vars_dataframe()["carried"].tolist() == [40]
    assert len(collector.get_agenttype_vars_dataframe(Offender)) == model.world.people.count
    assert model.agents_by_type[AgencyAgent][0].name == "police"


def test_local_names_of_bands_show_in_the_log() -> None:
    dumped = small().model_dump()
    for colour, name in {"red": "Gold", "amber": "Silver", "green": "Bronze"}.items():
        dumped["bands"][colour]["name"] = name
    parameters = Parameters(**dumped)
    model = IOMModel(((parameters.iom_start, parameters),), years=0.1, keep_events=True).run()
    named = {line[4] for line in model.recorder.events if line[2] == "band"}
    assert named <= {"Gold", "Silver", "Bronze", "blue"}
    assert {"Gold", "blue"} <= named
    assert set(model.offenders.get("band")) <= named | {"none", "white", "Bronze", "Silver"}


def test_every_kind_of_event_in_the_log_is_declared_once(model: IOMModel) -> None:
    model.run()
    rooms = [import_module(f"simulation.{room.name}") for room in pkgutil.iter_modules(simulation.__path__)]
    declared = [event.name for room in rooms for event in getattr(room, "EVENTS", ())]
    assert len(declared) == len(set(declared))
    logged = {line[2] for line in model.recorder.events}
    assert logged <= set(declared)
    assert {"offence", "arrest", "sanction", "reception", "release", "selected", "band", "contact"} <= logged


def test_the_day_plan_is_printable_data_in_the_order_that_runs(model: IOMModel) -> None:
    names = [phase.name for phase in DAY_PLAN]
    assert names == [name for name, _ in model._plan]
    assert all(phase.about for phase in DAY_PLAN)
    twin = IOMModel(((model.parameters.iom_start, model.parameters),), years=0.1, partnership=False)
    assert [name for name, _ in twin._plan] == ["needs", "risk"]


def test_strict_mode_notices_a_broken_invariant(model: IOMModel) -> None:
    model.step()
    assert model.partnership is not None
    model.partnership.trust.level[3] = 1.5
    with pytest.raises(BrokenInvariantError, match=r"day 2: trust outside 0 to 1; first at \[3\]"):
        model.step()


def test_a_run_in_a_test_is_strict_unless_it_says_otherwise() -> None:
    parameters = small()
    timeline = ((parameters.iom_start, parameters),)
    assert IOMModel(timeline, years=0.1).strict
    assert not IOMModel(timeline, years=0.1, strict=False).strict


def test_nobody_is_in_two_places_in_the_log(model: IOMModel) -> None:
    """Between a reception and the release that ends it there is no offence; moves alternate."""
    model.run()
    inside = {int(person) for person in np.flatnonzero(model.world.careers.released > 0)}
    last: dict[int, str] = {}
    lines = sorted(model.recorder.events, key=lambda line: line[3])
    moves = [line for line in lines if line[2] in ("reception", "release", "offence")]
    assert sum(line[2] == "offence" for line in moves) > 50
    for person, _, event, _, _, _ in moves:
        if event == "offence":
            assert last.get(person) != "reception"
        else:
            assert event != last.get(person, "release" if event == "release" and person not in inside else "")
            last[person] = event


def test_a_change_of_parameters_takes_hold_on_its_day() -> None:
    before, after = small(), small()
    staff = after.agencies.model_copy(
        update={"police": after.agencies.police.model_copy(update={"officers": 90})}
    )
    after = after.model_copy(update={"agencies": staff})
    after = after.model_copy(update={"motivation": MotivationRules(raised_by_contact=0.2)})
    model = IOMModel(((before.iom_start, before), (date(2009, 10, 1), after)), years=0.1)
    while model.day < 30:
        model.step()
    assert model.parameters.agencies.police.officers == before.agencies.police.officers
    model.step()
    assert model.parameters.agencies.police.officers == 90
    assert model.partnership is not None
    assert model.partnership.staffing.posts[0, 0] == 90
    assert model.partnership.motivation.rules == after.motivation != before.motivation


def test_what_happens_at_the_end_is_outside() -> None:
    recorder = Recorder(10, keep_events=False)
    recorder.count("arrests", 9.999)
    recorder.count("arrests", 10.0)
    assert recorder.daily("arrests").tolist() == [0] * 9 + [1]


@pytest.mark.parametrize("timeline", [(), "backwards"])
def test_a_timeline_must_be_in_order(timeline: object) -> None:
    parameters = small()
    dates = [(date(2010, 1, 1), parameters), (date(2009, 1, 1), parameters)]
    with pytest.raises(ValueError, match="strictly ascending"):
        IOMModel(tuple(dates) if timeline else ())


def test_same_keys_same_lives_and_another_replication_other_lives() -> None:
    parameters = small()
    counts = []
    for replication in (0, 0, 1):
        model = IOMModel(((parameters.iom_start, parameters),), replication=replication, years=0.1).run()
        counts.append(model.world.offending.committed.sum())
    assert counts[0] == counts[1] != counts[2]


def test_the_true_picture_is_true_every_midnight(model: IOMModel) -> None:
    assert model.partnership is not None
    awareness = model.partnership.awareness
    while model.day < model.days:
        model.step()
        awareness._pass_on(model.day, learnt=model.day)
        assert np.array_equal(awareness.true.inside, model.world.custody.holds > 0), model.day


def test_every_contact_due_is_made_missed_expired_struck_out_or_waiting(model: IOMModel) -> None:
    model.run()
    assert model.partnership is not None
    total = {
        name: model.recorder.daily(f"contacts_{name}").sum() for name in ("due", "made", "missed", "expired")
    }
    ended = total["made"] + total["missed"] + total["expired"]
    struck_out = model.recorder.daily("contacts_struck_out").sum()
    waiting = len(model.partnership.contacts.waiting_days(model.day))
    assert total["due"] == ended + struck_out + waiting
    assert total["due"] > 500


def test_cases_that_wait_when_the_run_begins_go_on() -> None:
    """Sanctions of the first quarter are as many as those of the last, within a quarter."""
    parameters = Parameters()
    twin = IOMModel(((parameters.iom_start, parameters),), years=0.1, partnership=False).run()
    sanctions = twin.recorder.daily("sanctions")
    assert sanctions[:90].mean() == pytest.approx(sanctions[-90:].mean(), rel=0.25)


def test_a_model_that_nobody_holds_is_gone() -> None:
    model = IOMModel(((date(2009, 12, 1), Parameters(iom_start=date(2009, 12, 1))),), years=0.01)
    assert len(model.offenders) > len(model.agencies) > 0
    watched = weakref.ref(model)
    del model
    gc.collect()
    assert watched() is None


def test_two_years_are_measured_unless_a_run_says_otherwise(model: IOMModel) -> None:
    usual = IOMModel(((model.parameters.iom_start, model.parameters),))
    assert (usual.measured_from, usual.days - usual.measured_from) == (model.measured_from, 730)
    assert (usual.recorder.keep_events, model.recorder.keep_events) == (False, True)


def test_a_run_that_has_not_begun_has_no_outcomes_and_says_so(model: IOMModel) -> None:
    found = world_outcomes(model, model.parameters.costs)
    assert {found[name] for name in OUTCOMES if name.startswith(("committed_", "ni16_"))} == {0.0}
    assert np.isnan(found["court_wait_days"])


def test_the_record_at_selection_is_that_of_the_day(model: IOMModel) -> None:
    while model.day < 20:
        model.step()
    assert model.partnership is not None
    chosen = np.flatnonzero(model.partnership.caseload.carried)
    age = model.partnership.choosing.at_selection["age"][chosen]
    entered = model.partnership.caseload.first_entered[chosen]
    assert age == pytest.approx((entered - model.world.record.birth_day[chosen]) / DAYS_PER_YEAR)
    assert ((age > 10) & (age < 100)).all()


def test_news_is_timed_from_what_happened_whether_it_has_come_or_not() -> None:
    """Ten days more on the way are ten days more until it is known; what is on its way at the end counts."""
    lags = []
    for slow in (0.0, 10.0):
        parameters = small()
        information = parameters.information.model_copy(
            update={"arrest_days": slow, "told_at_contact_share": 0.0, "kept_share": 1.0}
        )
        parameters = parameters.model_copy(update={"information": information})
        timeline = ((parameters.iom_start, parameters),)
        model, twin = (IOMModel(timeline, years=0.3, partnership=managed).run() for managed in (True, False))
        lags.append(outcomes(model, twin))
    sooner, later = (found["news_lag_arrest_days"] for found in lags)
    assert 0 < sooner < 3
    assert 8 < later - sooner < 10.5
    assert not model.running
    assert set(OUTCOMES) <= set(lags[0])
