"""Any scenario that is accepted lives through its first weeks without a broken invariant."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scenarios import ScenarioError
from scenarios.change import Change, Step
from scenarios.option import Option
from scenarios.provenance import Leaf
from scenarios.scenario import combine
from scenarios.site import Site, load_site
from scenarios.tree import Path, copied
from scenarios.validation import put, validate
from simulation import IOMModel, Parameters
from simulation.calendar import DAYS_PER_YEAR
from tests.fuzz import declared

#: From the decision on; ten days before it come on top.
DAYS = 10
SITES = ("nottingham", "bristol", "west-midlands")
#: A locality small enough to be lived through in a moment.
SMALL: dict[Path, Any] = {
    ("iom_start",): date(2009, 12, 1), ("census_date",): date(2009, 12, 20), ("start",): date(2009, 12, 11),
    ("pool", "first_sanctions_per_year"): 150.0, ("pool", "history_years"): 12,
}  # fmt: skip


def small(name: str) -> Site:
    """Return a shipped site with few people and a decision after ten days."""
    place = load_site(name)
    values = copied(place.values)
    for path, value in SMALL.items():
        put(values, path, value)
    return replace(place, values=values, parameters=validate(Parameters, values, {}, "small"))


PLACES = {name: small(name) for name in SITES}


@st.composite
def scenarios(draw: st.DrawFn) -> tuple[Site, Option]:
    """Draw a site, and an option whose changes hold from the first day or from the decision."""
    place = PLACES[draw(st.sampled_from(SITES))]
    since = draw(st.sampled_from([place.parameters.iom_start, place.parameters.start]))
    dated = since == place.parameters.start
    found = draw(declared.changes(place, most=8, dated=dated))
    changes = tuple(
        Change(path, (Step(since, "value", _held(value), 0, 0),), "drawn", 0, 0, Leaf(value))
        for path, value in found.items()
        if path not in SMALL
    )
    return place, Option("drawn", "drawn", changes)


def _held(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenarios(), st.integers(0, 5))
def test_a_drawn_scenario_keeps_every_invariant(drawn: tuple[Site, Option], replication: int) -> None:
    try:
        timeline = combine(drawn[0], [drawn[1]]).timeline
    except ScenarioError:
        # By itself every value is allowed; together they may cross.
        assume(False)
        raise
    model = IOMModel(timeline, replication=replication, years=DAYS / DAYS_PER_YEAR, strict=True).run()
    assert model.day >= DAYS
