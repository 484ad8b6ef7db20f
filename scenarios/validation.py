"""Plain values to frozen parameters, and the model's refusals to placed problems."""

import re
from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from scenarios.problem import Problem, ScenarioError, echo
from scenarios.provenance import KEYS
from scenarios.tree import Path, about, copied, expected, field_at, group_at, hint_at
from simulation.declare import ContradictionsError, Group

Root = TypeVar("Root", bound=Group)
Place = tuple[str, int, int]
Places = dict[Path, Place]


def validate(
    root: type[Root],
    values: dict[str, Any],
    places: Places,
    file: str,
    *,
    rules: bool = True,
    files: Collection[str] = (),
) -> Root:
    """Return the frozen tree of plain values.

    Parameters
    ----------
    root
        The class of the tree.
    values
        Plain values: dicts, tuples and scalars.
    places
        Where each key stands, and where the whole does, under ``()``; a problem is placed at its key or
        the nearest one above it.
    file
        The file to name where nothing else is known.
    rules
        Whether to tell what is wrong between values; not if some are missing for another reason, so that
        one typo gives one error.
    files
        The files whose values are new, in which a contradiction is placed; by default that of the whole.

    Raises
    ------
    ScenarioError
        With every problem.
    """
    try:
        return root.model_validate(_whole_numbers(root, values), strict=True)
    except ValidationError as error:
        details = [detail for detail in error.errors() if rules or detail["type"] != "value_error"]
        found = [one for detail in details for one in _problems(root, dict(detail), places, file, files)]
        raise ScenarioError(found) from None


def fresh(values: dict[str, Any], known: Group, changing: Collection[str]) -> dict[str, Any]:
    """Return values for :func:`validate` of which only some groups are going to change.

    Parameters
    ----------
    values, known
        Plain values, and the frozen tree that they are.
    changing
        Names of groups that can be changed in what is returned. All others stand as they were found right,
        and are not looked at again: of what is said in a file, a point of a study changes little.
    """
    return {
        name: copied({name: value})[name] if name in changing else getattr(known, name)
        for name, value in values.items()
    }


def _whole_numbers(root: type[Group], values: dict[str, Any], above: Path = ()) -> dict[str, Any]:
    """Return values in which 5.0 stands as 5 where a whole number is declared."""
    result = dict(values)
    for name, value in values.items():
        if isinstance(value, dict):
            result[name] = _whole_numbers(root, value, (*above, name))
        elif type(value) is float and value.is_integer():
            field = field_at(root, (*above, name))
            if field is not None and field.annotation is int:
                result[name] = int(value)
    return result


def put(values: dict[str, Any], path: Path, value: Any) -> None:
    """Set a leaf of plain values, in place."""
    for name in path[:-1]:
        values = values.setdefault(name, {})
    values[path[-1]] = value


def _problems(
    root: type[Group], detail: dict[str, Any], places: Places, file: str, files: Collection[str]
) -> list[Problem]:
    path = _known(root, tuple(str(part) for part in detail["loc"]))
    error = detail.get("ctx", {}).get("error")
    if not isinstance(error, ContradictionsError):
        return [_problem(root, path, detail, _place(path, places, file))]
    whole = places.get((), (file, 0, 0))
    new = {key: at for key, at in places.items() if at[0] in (files or (whole[0],))}
    return [Problem(*_among(one.keys, new, whole), one.wrong, one.expected) for one in error.found]


def _place(path: Path, places: Places, file: str) -> Place:
    """Return where a key stands, or the nearest one above it."""
    return next((places[path[:n]] for n in range(len(path), -1, -1) if path[:n] in places), (file, 0, 0))


def _among(keys: Sequence[str], new: Places, whole: Place) -> tuple[str, int, int, str]:
    """Return where the first of some keys, or what is below it, stands among what is new, and the key."""
    for key in keys:
        path = tuple(key.split("."))
        if found := [at for known, at in new.items() if known[: len(path)] == path]:
            return *min(found), key
    return *whole, keys[0]


def _problem(root: type[Group], path: Path, detail: dict[str, Any], place: Place) -> Problem:
    key, kind = ".".join(path), detail["type"]
    field = field_at(root, path)
    if kind == "extra_forbidden":
        group = group_at(root, path[:-1])
        names = list(group.model_fields) if group is not None else []
        return Problem(*place, key, "unknown key", "", hint_at(path, names))
    if kind == "missing":
        return Problem(*place, key, "is missing", expected(field) if field is not None else "a value")
    if kind == "value_error":
        wrong, _, wanted = str(detail["ctx"]["error"]).partition("; expected ")
        return Problem(*place, key, wrong, wanted)
    shown = f"is {echo(detail['input'])}"
    if isinstance(detail["input"], dict):
        # Only keys of provenance: the value itself was forgotten.
        shown = "has no value" if set(detail["input"]) <= set(KEYS) else "is a group of keys"
    if field is not None:
        wanted = expected(field)
    else:
        wanted = "a group of keys" if group_at(root, path) is not None else str(detail["msg"])
    unit = about(field).get("unit", "") if field is not None else ""
    hint = _number_meant(detail["input"], unit) if wanted.startswith(("a number", "a whole number")) else ""
    return Problem(*place, key, shown, wanted, hint)


def _number_meant(value: Any, unit: str) -> str:
    """Return a hint at the number that a text or a percentage was meant to be, or nothing."""
    found = (
        re.fullmatch(r"(-?[0-9,]{0,20}\.?[0-9]{1,20}) ?(%|[a-z ]*)", str(value))
        if type(value) is not bool
        else None
    )
    if found is None:
        return ""
    number = float(found[1].replace(",", ""))
    if unit in ("share", "probability") and (found[2] == "%" or 1 < number <= 100):
        return f"did you mean {number / 100:g}? Shares are 0 to 1"
    return f"did you mean {number:.10g}?" if isinstance(value, str) and found[2] != "%" else ""


def _known(root: type[Group], path: Path) -> Path:
    """Return the part of an error's location that names keys: positions in lists are left out."""
    for n in range(len(path), 0, -1):
        if field_at(root, path[:n]) is not None or group_at(root, path[:n]) is not None:
            # One unknown key below a group is a key of the file, not a position in a list.
            return path[: n + 1] if group_at(root, path[:n]) is not None else path[:n]
    return path[:1]
