"""Controls for what a partnership can change, generated from the declared parameters."""

import re
from collections.abc import Iterable
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from scenarios import Scenario
from scenarios.idle import remark
from scenarios.tree import about, field_at, leaves
from simulation import Parameters
from simulation.parameters import FROM_THE_FIRST_DAY

#: Groups in the order in which a meeting takes them, with what they are about.
GROUPS = {
    "cohort": "Who is carried",
    "agencies": "Staff",
    "teams": "Sitting together",
    "contacts": "Contact plan",
    "meetings": "Meetings",
    "leads": "Lead professionals",
    "bands": "Bands",
}
#: A slider spans so many times the value that stands now; the number field beside it takes the whole range.
SLIDER_SPAN = 2.0
SMALLEST_SPAN = 10.0
#: Units that go before a number's range; the others follow it.
LEADING = {"share": "a share", "probability": "a probability"}
_KEY = re.compile(r"\b[a-z_]+(?:\.[a-z_]+)+\b")


def controls(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the levers of a scenario by group, as they stand on the decision date, as JSON values."""
    start = scenario.timeline[0][1].start
    now = [parameters for when, parameters in scenario.timeline if when <= start][-1]
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, value in leaves(now.model_dump()):
        field = field_at(Parameters, path)
        key = ".".join(path)
        if field is None or about(field)["role"] != "lever" or _fixed(key):
            continue
        groups.setdefault(path[0], []).append(_control(key, path, field, value))
    order = [*GROUPS, *(name for name in groups if name not in GROUPS)]
    return [
        {
            "name": name,
            "title": GROUPS.get(name, name.replace("_", " ").capitalize()),
            "controls": groups[name],
        }
        for name in order
        if name in groups
    ]


def idle(scenario: Scenario, decided: Iterable[date]) -> dict[str, str]:
    """Return the levers from which nothing comes, or less than it seems, and why, in words for the page.

    Parameters
    ----------
    scenario
        With what is decided, or is about to be.
    decided
        When that is; it must be so from the last of these dates on, or from the decision date without any.
    """
    since = max(decided, default=scenario.timeline[0][1].start)
    begun = [when for when, _ in scenario.timeline if when <= since]
    later = [parameters for when, parameters in scenario.timeline if when >= begun[-1]]
    found = {}
    for group in controls(scenario):
        for control in group["controls"]:
            remarks = [remark(control["key"], parameters) for parameters in later]
            if all(remarks):
                found[control["key"]] = _in_labels(remarks[0])
    return found


def _in_labels(text: str) -> str:
    """Return a remark with the labels of the controls that it names by key."""
    named = _KEY.sub(lambda key: _label(tuple(key[0].split("."))), text).replace("_", " ")
    # A switch of the page is on or off, and an amount of none is nought.
    for file, page in (("is false", "is off"), ("is true", "is on"), ("is 0.0", "is 0")):
        named = named.replace(file, page)
    return named[0].upper() + named[1:]


def _label(path: tuple[str, ...]) -> str:
    field = field_at(Parameters, path)
    if field is None:
        return " ".join(path)
    part = _part(path)
    return f"“{part[0].upper()}{part[1:]}: {field.title}”" if part else f"“{field.title}”"


def _part(path: tuple[str, ...]) -> str:
    return " ".join(part.replace("_", " ") for part in path[1:-1] if part != "co_location")


def _fixed(key: str) -> bool:
    return any(fnmatchcase(key, pattern) for pattern in FROM_THE_FIRST_DAY)


def _control(key: str, path: tuple[str, ...], field: FieldInfo, value: Any) -> dict[str, Any]:
    kind: Any = field.annotation
    unit = about(field)["unit"]
    said = {
        "key": key, "label": str(field.title), "unit": "" if unit == "choice" else unit,
        "part": _part(path), "takes": "", "value": value,
    }  # fmt: skip
    if kind is bool:
        return said | {"kind": "flag"}
    if kind is date:
        return said | {"kind": "date", "value": value.isoformat()}
    if get_origin(kind) is Literal:
        return said | {"kind": "choice", "choices": list(get_args(kind))}
    if get_origin(kind) is tuple:
        return said | {"kind": "list", "value": list(value), "choices": list(get_args(get_args(kind)[0]))}
    low, high = _bound(field, "ge"), _bound(field, "le")
    whole = kind is int
    narrow = high - low <= SMALLEST_SPAN
    return said | {
        "kind": "number", "takes": _range(low, high, unit),
        "low": low, "high": high, "step": 1 if whole else _step(value, high - low),
        "slider_low": low if narrow else max(low, min(0.0, value)),
        "slider_high": high if narrow else min(high, max(SMALLEST_SPAN, SLIDER_SPAN * value)),
        "whole": whole,
    }  # fmt: skip


def _range(low: float, high: float, unit: str) -> str:
    """Return in words what a number may be."""
    numbers = f"from {low:,.10g} to {high:,.10g}"
    return f"{LEADING[unit]} {numbers}" if unit in LEADING else f"{numbers} {unit}".rstrip()


def _bound(field: FieldInfo, name: str) -> float:
    return float(next((getattr(m, name) for m in field.metadata if hasattr(m, name)), 0.0))


def _step(value: float, span: float) -> float:
    return 0.05 if span <= SMALLEST_SPAN else 0.5 if value < SMALLEST_SPAN**2 else 1.0
