"""What was changed, and what the numbers rest on: every value with its source and confidence."""

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from calibration.unknowns import SHARED
from experiments.report.reading import Reading, day, words
from experiments.report.table import Table, cells
from scenarios import Scenario
from scenarios.change import Step
from scenarios.provenance import Leaf
from scenarios.tree import about, field_at
from simulation import Parameters
from simulation.likely import likely

if TYPE_CHECKING:
    import pandas as pd

FORM, SHAPE = "co_location.form", "response.shape"
#: What stands where the value would at which the answer turns round, until it has been looked for.
NO_SWITCH = "not computed yet: needs runs over the range of each"


def changes(reading: Reading) -> list[Table]:
    """Return a table an option of what it changes, old to new."""
    import pandas as pd

    found = []
    for scenario in reading.study.resolved:
        if scenario.changes:
            options = "+".join(scenario.options)
            frame = pd.DataFrame(_changes(reading, scenario))
            caption = f"What {options} changes in {reading.place}"
            found.append(_words(caption, frame, frame))
    return found


def _changes(reading: Reading, scenario: Scenario) -> list[dict[str, str]]:
    rows = []
    for change in scenario.changes:
        old, unit = reading.study.place.provenance[change.key].value, _said(change.key).get("unit", "")
        for step in change.steps:
            rows.append(
                {
                    "What": _label(change.key),
                    "Key": change.key,
                    "Old": _measured(old, unit),
                    "New": _measured(step.applied(old), unit),
                    "From": day(step.since) if step.since else "",
                    "Source": _source(change.leaf),
                    "Confidence": change.leaf.confidence,
                }
            )
    return rows


def effects(reading: Reading) -> Table:
    """Return what IOM can do to anybody, and the shape of it; the frame has every value there is."""
    rows = _values(reading)
    shown = [row for row in rows if row["Role"] == "effect"] + [row for row in rows if row["Key"] == SHAPE]
    caption = "Effects of IOM, which decide whether there is anything to find"
    frames = _framed(rows), _framed(shown).drop(columns="Role")
    return _words(caption, *frames, last=NO_SWITCH, more="every value of every scenario")


def mechanisms(reading: Reading) -> Table | None:
    """Return what the forms of sitting together do that any scenario uses."""
    used = {
        f"forms.{leaf.value}."
        for scenario in reading.study.resolved
        for key, leaf in scenario.provenance.items()
        if key.endswith(FORM) and leaf.value != "none"
    }
    shown = [row for row in _values(reading) if row["Key"].startswith(tuple(used))]
    if not shown:
        return None
    frame = _framed(shown).drop(columns=["Role", "Changes nothing at"])
    return _words("What the forms of sitting together do that are in use here", frame, frame, last=NO_SWITCH)


def drawn_in_words(reading: Reading) -> str:
    """Return how to read values that were drawn; empty where none were."""
    if not reading.drawn:
        return ""
    return (
        "Where a range stands for a value, the value was drawn: nine of ten draws lie in the range, and in "
        "brackets is where they would have been without the published caseloads. Where the two are much the "
        "same, the data say nothing about the effect, and what it does here is what was believed of it."
    )


def _values(reading: Reading) -> list[dict[str, str]]:
    """Return every value of every scenario, once for each that the scenarios give it."""
    found: dict[tuple[str, str], tuple[Leaf, list[str]]] = {}
    for scenario in reading.study.resolved:
        changed = {change.key: change.steps[-1] for change in scenario.changes}
        for key, leaf in scenario.provenance.items():
            value, last = _measured(leaf.value, _said(key).get("unit", "")), changed.get(key)
            if key in reading.drawn and (last is None or last.verb != "value"):
                value = _drawn(reading, key, last)
            found.setdefault((key, value), (leaf, []))[1].append(reading.label(scenario.name))
    return [_row(reading, key, value, leaf, where) for (key, value), (leaf, where) in found.items()]


def _drawn(reading: Reading, key: str, change: Step | None) -> str:
    """Return where nine of ten draws of a value lie, as an option leaves them, and where without the data."""
    field, unit = field_at(Parameters, tuple(key.split("."))), _said(key).get("unit", "")

    def to(low: float, high: float) -> str:
        first, last = (_measured(float(f"{value:.3g}"), unit) for value in (low, high))
        return f"{first.removesuffix(f' {unit}')} to {last}"

    drawn = reading.drawn[key] if change is None else [change.applied(value) for value in reading.drawn[key]]
    after = to(*np.quantile(drawn, [0.05, 0.95]))
    before = likely(field) if field is not None and key in SHARED else None
    if before is None:
        return after
    without = [end if change is None else change.applied(end) for end in (before.low, before.high)]
    return f"{after} ({to(*sorted(without))} without the data)"


def _framed(rows: list[dict[str, str]]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(rows)


def _words(
    caption: str, frame: "pd.DataFrame", shown: "pd.DataFrame", last: str = "", more: str = ""
) -> Table:
    headings = [*shown.columns, *(["Switching value"] if last else [])]
    source = "manifest.json"
    return Table(caption, headings, cells(shown), frame, source, "as written", last, more, len(headings))


def _row(reading: Reading, key: str, value: str, leaf: Leaf, where: list[str]) -> dict[str, str]:
    said = _said(key)
    return {
        "What": _label(key),
        "Key": key,
        "Value": value,
        "Changes nothing at": _shown(said.get("neutral", "")),
        "In": "all" if len(where) == len(reading.study.resolved) else ", ".join(where),
        "Source": _source(leaf),
        "Confidence": leaf.confidence,
        "Role": said.get("role", ""),
    }


def by_confidence(reading: Reading) -> dict[str, int]:
    """Return how many of the site's values have which confidence."""
    said = [leaf.confidence for leaf in reading.study.place.provenance.values()]
    return {kind: said.count(kind) for kind in ("seed", "published", "expert", "assumed") if kind in said}


def _source(leaf: Leaf) -> str:
    return leaf.source or leaf.note or "none"


def _said(key: str) -> dict[str, Any]:
    field = field_at(Parameters, tuple(key.split(".")))
    return about(field) if field is not None else {}


def _label(key: str) -> str:
    """Return a parameter's label, with the team, agency, form or the like that it is of."""
    path = key.split(".")
    field = field_at(Parameters, tuple(path))
    if field is None or not field.title:
        return key
    return f"{field.title} ({words(path[1])})" if len(path) > 2 else field.title


def _measured(value: Any, unit: str) -> str:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return _shown(value)
    if unit in ("share", "probability"):
        return f"{100 * value:.10g}%"
    if unit.startswith("gbp"):
        return f"£{_shown(value)}{unit.removeprefix('gbp')}"
    return f"{_shown(value)} {unit}".strip()


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(words(str(part)) for part in value) or "nobody"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day(value)
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value).replace("_", " ")
