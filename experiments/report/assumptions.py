"""What was changed, and what the numbers rest on: every value with its source and confidence."""

from datetime import date
from typing import TYPE_CHECKING, Any

from experiments.report.reading import Reading, day
from experiments.report.table import Table, plain
from scenarios import Scenario
from scenarios.provenance import Leaf
from scenarios.tree import about, field_at
from simulation import Parameters

if TYPE_CHECKING:
    import pandas as pd

FORM, SHAPE = "co_location.form", "response.shape"


def changes(reading: Reading) -> list[tuple[str, Table]]:
    """Return a table an option of what it changes, old to new."""
    found = []
    for scenario in reading.study.resolved:
        if scenario.changes:
            label = reading.label(scenario.name)
            caption = f"What {label} changes in {reading.study.place.name}"
            found.append((label, plain(caption, _changes(reading, scenario))))
    return found


def _changes(reading: Reading, scenario: Scenario) -> "pd.DataFrame":
    import pandas as pd

    rows = []
    for change in scenario.changes:
        old = reading.study.place.provenance[change.key].value
        for step in change.steps:
            rows.append(
                {
                    "What": _label(change.key),
                    "Key": change.key,
                    "Old": _shown(old),
                    "New": _shown(step.applied(old)),
                    "From": day(step.since) if step.since else "",
                    "Source": _source(change.leaf),
                    "Confidence": change.leaf.confidence,
                }
            )
    return pd.DataFrame(rows)


def assumptions(reading: Reading) -> Table:
    """Return the effects, then what the forms of sitting together do, then the levers; all as CSV.

    A value stands once for each that the scenarios give it.
    """
    import pandas as pd

    found: dict[tuple[str, str], tuple[Leaf, list[str]]] = {}
    changed, forms = set(), set()
    for scenario in reading.study.resolved:
        changed |= {change.key for change in scenario.changes}
        for key, leaf in scenario.provenance.items():
            found.setdefault((key, str(leaf.value)), (leaf, []))[1].append(reading.label(scenario.name))
            if key.endswith(FORM) and leaf.value != "none":
                forms.add(f"forms.{leaf.value}.")
    frame = pd.DataFrame([_row(reading, key, leaf, where) for (key, _), (leaf, where) in found.items()])
    keys, role = frame["Key"], frame["Role"]
    first = [role == "effect", keys == SHAPE, keys.str.startswith(tuple(forms)), keys.isin(changed)]
    chosen = pd.concat([frame[which] for which in first]).drop_duplicates()
    caption = "Effects of IOM, mechanisms of the forms of sitting together in use, and what was changed"
    return plain(caption, frame, chosen.drop(columns="Role"))


def _row(reading: Reading, key: str, leaf: Leaf, where: list[str]) -> dict[str, Any]:
    field = field_at(Parameters, tuple(key.split(".")))
    said = about(field) if field is not None else {}
    return {
        "What": _label(key),
        "Key": key,
        "Value": _measured(leaf.value, said.get("unit", "")),
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


def _label(key: str) -> str:
    field = field_at(Parameters, tuple(key.split(".")))
    return field.title if field is not None and field.title else key


def _measured(value: Any, unit: str) -> str:
    if unit.startswith("gbp"):
        return f"£{_shown(value)}{unit.removeprefix('gbp')}"
    return _shown(value) if unit in ("", "choice", "date", "name") else f"{_shown(value)} {unit}"


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(part).replace("_", " ") for part in value) or "nobody"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day(value)
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)
