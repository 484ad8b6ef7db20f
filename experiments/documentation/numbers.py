"""Numbers that the pages say within a line: counted where they are declared, or measured by a command."""

import csv
from collections.abc import Callable
from functools import cache
from typing import get_args

from calibration.evidence import built_in, register
from calibration.unknowns import SHARED
from experiments.documentation import declared
from experiments.documentation.house import ROOT, rooms
from experiments.documentation.library import eras, plain_options
from experiments.plan import REPLICATIONS, YEARS
from experiments.practices import PRACTICES
from scenarios import site_names, study_names
from scenarios.explain import written
from scenarios.tree import about
from simulation import DAY_PLAN, OUTCOMES
from simulation.co_location import AGENCIES
from simulation.declare import Role
from simulation.offences import NAMES as OFFENCES
from simulation.programmes import PATHWAYS

_MEASURED = "measured/"
#: What a parameter's built-in value rests on, by the name of its number.
_KINDS = {
    "assumed": "assumed", "near": "assumed, near evidence", "at_rest": "at rest", "cited": "cites evidence",
    "descriptions": "description",
}  # fmt: skip
_COUNTED: dict[str, Callable[[], float | str]] = {
    "agencies": lambda: len(AGENCIES),
    "columns": lambda: len(declared.columns()),
    "drawn": lambda: len(SHARED),
    "eras": lambda: len(eras()),
    "events": lambda: sum(map(len, declared.events().values())),
    "evidence": lambda: len(register()),
    "headlines": lambda: sum(outcome.headline for outcome in OUTCOMES.values()),
    "offences": lambda: len(OFFENCES),
    "options": lambda: len(plain_options()),
    "outcomes": lambda: len(OUTCOMES),
    "parameters": lambda: len(declared.parameters()),
    "pathways": lambda: len(PATHWAYS),
    "phases": lambda: len(DAY_PLAN),
    "phases_of_the_twin": lambda: sum(not phase.of_partnership for phase in DAY_PLAN),
    "practices": lambda: len(PRACTICES),
    "replications": lambda: REPLICATIONS,
    "rooms": lambda: len(rooms("simulation")),
    "sites": lambda: len(site_names()),
    "streams": lambda: sum(map(len, declared.streams().values())),
    "studies": lambda: len(study_names()),
    "years": lambda: YEARS,
    **{role: lambda role=role: _in_role(role) for role in get_args(Role)},  # type: ignore[misc]
    **{kind: lambda kind=kind: _resting_on(kind) for kind in _KINDS},  # type: ignore[misc]
}


def number(name: str) -> str:
    """Return a number by its name, or the built-in value of a parameter by its key.

    After ``measured/`` stands an option, whose first-order effect it is, with the range of its mean.

    Raises
    ------
    KeyError
        If there is neither.
    """
    if name.startswith(_MEASURED):
        return _measured()[name.removeprefix(_MEASURED)]
    if name in _COUNTED:
        return written(_COUNTED[name]())
    return next((written(it.value) for it in declared.parameters() if it.key == name), "") or _unknown(name)


@cache
def _measured() -> dict[str, str]:
    with (ROOT / "docs" / "tables" / "practices.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["option"]: f"{_plain(row['measured'])} ({_plain(row['95% interval'])})" for row in rows}


def _plain(figures: str) -> str:
    """Return a figure, or a range of them, as people write it: no powers of ten, thousands apart."""
    values = [float(figure) for figure in figures.split(" to ")]
    return " to ".join(f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}" for value in values)


def _in_role(role: str) -> int:
    return sum(about(it.field)["role"] == role for it in declared.parameters())


def _resting_on(kind: str) -> int:
    return sum(it.kind == _KINDS[kind] for it in built_in())


def _unknown(name: str) -> str:
    raise KeyError(f"nobody declares a number of the name {name}")
