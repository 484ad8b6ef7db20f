"""Files that a pydantic declaration describes: read into it, with every mistake at its place."""

import re
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scenarios.library import TEXTS, head
from scenarios.problem import Problem, echo
from scenarios.tree import meant
from scenarios.yaml_file import Node

Text = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"\S")]


class Part(BaseModel):
    """A part of a file: frozen, no unknown keys; made ready when one is first read, as few programs do."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, defer_build=True)


Declared = TypeVar("Declared", bound=Part)


def declared(
    root: Node, shown: str, model: type[Declared], kind: str
) -> tuple[Declared | None, list[Problem]]:
    """Return what a file's content says, if it can be read, and everything that is wrong with it.

    Parameters
    ----------
    root, shown
        The content, and how messages show the file.
    model
        The declaration of the whole file.
    kind
        Its kind.
    """
    own = tuple(name for name in model.model_fields if name not in ("kind", "name", *TEXTS))
    problems = head(root, shown, own, kind)
    found: Declared | None = None
    try:
        found = model.model_validate(
            _listed({name: value for name, value in root.plain().items() if name in model.model_fields})
        )
    except ValidationError as error:
        known = {problem.key for problem in problems}
        problems += [
            problem
            for detail in map(dict, error.errors())
            if not _told(detail) and (problem := _problem(root, shown, detail)).key not in known
        ]
    return found, problems


def place_of(root: Node, path: list[str]) -> Node:
    """Return the nearest node to a path."""
    here = root
    for part in path:
        if here.is_mapping and part in here.value:
            here = here.value[part][1]
        elif here.is_list and part.isdecimal() and int(part) < len(here.value):
            here = here.value[int(part)]
        else:
            break
    return here


def _listed(value: Any) -> Any:
    """Return plain values with lists where the reader has tuples."""
    if isinstance(value, dict):
        return {name: _listed(part) for name, part in value.items()}
    return [_listed(part) for part in value] if isinstance(value, tuple) else value


#: What was expected, in words of a file rather than of a program; ``{}`` is a bound that was broken.
_WORDS = {
    "string_too_long": "at most {max_length} letters", "string": "a text", "int": "a whole number",
    "float": "a number", "bool": "true or false", "list": "a list", "tuple": "a list",
    "dict": "a group of keys", "model": "a group of keys", "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}", "finite": "a number", "too_short": "at least {min_length}",
    "too_long": "at most {max_length}",
}  # fmt: skip
_LIMITS = ("ge", "le", "min_length", "max_length")


def _told(detail: dict[str, Any]) -> bool:
    """Return whether a list is too short only because what is wrong in it was left out."""
    return detail["type"] == "too_short" and bool(len(detail["input"]) >= detail["ctx"]["min_length"])


def _problem(root: Node, shown: str, detail: dict[str, Any]) -> Problem:
    """Return a refusal of the declaration as a problem that stands at the nearest key."""
    path = [str(part) for part in detail["loc"]]
    key = ".".join(path)
    place = place_of(root, path)
    if detail["type"] == "missing":
        return place.problem(shown, key, "is missing", "it")
    if detail["type"] == "extra_forbidden":
        return place.problem(shown, key, "unknown key")
    if path[-1] == "[key]":
        key = ".".join(path[:-1])
        return place.problem(shown, key, "is no name", "up to 30 letters, figures and underscores")
    kind, said = detail["type"], re.sub("^(Input should be|Value error, expected) ", "", detail["msg"])
    limits = {name: f"{limit:g}" for name, limit in detail.get("ctx", {}).items() if name in _LIMITS}
    words = _WORDS.get(kind, _WORDS.get(kind.split("_")[0], said)).format(**limits)
    choices = re.findall(r"'(\w+)'", said) if kind == "literal_error" else []
    return place.problem(
        shown, key, f"is {echo(detail['input'])}", words, meant(str(detail["input"]), choices)
    )
