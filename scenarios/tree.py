"""The parameter tree by key: what may stand where, found by dotted path."""

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from functools import cache
from types import GenericAlias, UnionType
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from simulation.declare import Group

Path = tuple[str, ...]

#: Keys that files of an earlier version may still have, with what they are called now.
RENAMED = {"cohort.meeting_days": "meetings.selection.every_days"}


@cache
def group_at(root: type[Group], path: Path) -> type[Group] | None:
    """Return the group that stands at a path; ``None`` for a leaf, a table of groups or nothing."""
    here: Any = root
    for name in path:
        if isinstance(here, type) and issubclass(here, Group):
            if name not in here.model_fields:
                return None
            here = here.model_fields[name].annotation
        elif get_origin(here) is dict:
            here = get_args(here)[1]
        else:
            return None
    return here if isinstance(here, type) and issubclass(here, Group) else None


@cache
def field_at(root: type[Group], path: Path) -> FieldInfo | None:
    """Return the declaration of what stands at a path; ``None`` where nothing is declared."""
    if not path:
        return None
    group = group_at(root, path[:-1])
    return group.model_fields.get(path[-1]) if group is not None else None


def declared_at(root: type[Group], key: str) -> FieldInfo:
    """Return the declaration of a dotted key that there is.

    Raises
    ------
    KeyError
        If nothing is declared there.
    """
    found = field_at(root, tuple(key.split(".")))
    if found is None:
        raise KeyError(key)
    return found


def table_at(root: type[Group], path: Path) -> type[Group] | None:
    """Return the group that each entry of a table is, if a table of groups stands at the path."""
    field = field_at(root, path)
    if field is not None and get_origin(field.annotation) is dict:
        entry = get_args(field.annotation)[1]
        return entry if isinstance(entry, type) and issubclass(entry, Group) else None
    return None


def tables(root: type[Group]) -> dict[str, type[Group]]:
    """Return the tables at the top of a tree, with the group that each entry is."""
    found = {name: table_at(root, (name,)) for name in root.model_fields}
    return {name: entry for name, entry in found.items() if entry is not None}


def value_at(values: dict[str, Any], path: Path) -> Any:
    """Return what stands at a path of plain values."""
    for name in path:
        values = values[name]
    return values


def copied(values: dict[str, Any]) -> dict[str, Any]:
    """Return plain values whose groups can be changed without changing the original."""
    return {name: copied(value) if isinstance(value, dict) else value for name, value in values.items()}


def leaves(values: dict[str, Any], above: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield the path and value of every leaf of plain values."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from leaves(value, (*above, name))
        else:
            yield (*above, name), value


def about(field: FieldInfo) -> dict[str, Any]:
    """Return what a leaf's declaration says beside its type: role, unit, source, confidence, neutral."""
    extra = field.json_schema_extra
    return dict(extra) if isinstance(extra, dict) else {}


def expected(field: FieldInfo) -> str:
    """Return in words what a leaf takes: kind, range and unit."""
    kind: Any = field.annotation
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(str(choice) for choice in get_args(kind))
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        if get_origin(inner) is Literal:
            return "a list of " + ", ".join(str(choice) for choice in get_args(inner))
        return "a list"
    if isinstance(kind, GenericAlias | UnionType):
        return "a table"
    names = {
        int: "a whole number",
        float: "a number",
        bool: "true or false",
        str: "a text",
        date: "a date, as 2010-04-01",
    }
    words = names.get(kind, "a group of keys")
    low = next((m.ge for m in field.metadata if hasattr(m, "ge")), None)
    above = next((m.gt for m in field.metadata if hasattr(m, "gt")), None)
    high = next((m.le for m in field.metadata if hasattr(m, "le")), None)
    if low is not None:
        words += f" from {low:,.10g}"
    if above is not None:
        words += f" above {above:,.10g}"
    if high is not None:
        words += f" to {high:,.10g}"
    unit = about(field).get("unit", "")
    return f"{words} {unit}".rstrip() if kind in (int, float) else words


def hint_at(path: Path, names: list[str]) -> str:
    """Return a hint at what an unknown key was meant to be: its new name, or the nearest one known."""
    renamed = RENAMED.get(".".join(path))
    return f"did you mean {renamed}?" if renamed else did_you_mean(path[-1], names)


def did_you_mean(name: str, names: list[str]) -> str:
    """Return a hint at the nearest known name, or nothing; a wrong or missing unit is named as such."""
    stem = name.rsplit("_", 1)[0]
    with_unit = [known for known in names if known.startswith(stem + "_") or known.rsplit("_", 1)[0] == name]
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    if with_unit and with_unit[0] not in near[:1] and len(stem) > 3:
        return f"did you mean {with_unit[0]}? Keys carry their unit"
    if near:
        unit = near[0].rsplit("_", 1)[0] == stem and near[0] != name
        return f"did you mean {near[0]}?" + (" Keys carry their unit" if unit else "")
    return f"known here: {', '.join(sorted(names)[:12])}" if names else ""


def meant(said: str, choices: Sequence[str]) -> str:
    """Return a hint at the choice that a value was meant to be, or nothing."""
    near = get_close_matches(said, choices, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else ""
