"""JSON Schemas of scenario files, generated from the declarations, so that editors complete and check."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from fnmatch import fnmatchcase
from functools import partial
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from scenarios.declared import Part
from scenarios.evaluation import Evaluation
from scenarios.exercise import Exercise
from scenarios.library import HERE, TEXTS
from scenarios.option import DATES
from scenarios.own_caseload import FEWEST_BELOW, KEY, MOST_BELOW, MOST_PEOPLE
from scenarios.problem import Problem, ScenarioError
from scenarios.site import NAME
from scenarios.study_file import DESIGNS, DRAWS, POINTS, REPLICATIONS, YEARS
from scenarios.tree import Path, about, expected, group_at, table_at, tables
from simulation import Parameters
from simulation.declare import Confidence, Group
from simulation.parameters import FROM_THE_FIRST_DAY

Schema = dict[str, Any]

TEXT: Schema = {"$ref": "#/$defs/text"}
DATE: Schema = {"$ref": "#/$defs/date"}
#: What definitions of values share.
SHARED: Schema = {
    "text": {"type": "string", "pattern": r"\S"},
    "date": {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "source": {"type": "string"},
    "note": {"type": "string"},
    "confidence": {"enum": list(get_args(Confidence))},
    "sourced": {
        "anyOf": [
            {"properties": {"confidence": {"const": "assumed"}}},
            {"properties": {"source": {"pattern": "."}}, "required": ["source"]},
        ]
    },
}
TYPES = {int: "integer", float: "number", bool: "boolean", str: "string"}
LIMITS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum"}
FOLDER = HERE / "schemas"


def schema(kind: str) -> Schema:
    """Return the JSON Schema, draft 2020-12, of a kind of file, as ``site`` or ``evaluation``.

    It knows every key, type, range and choice. What holds between values, and what depends on the site an
    option is for, only ``iom check`` knows.

    Raises
    ------
    ScenarioError
        If there is no schema of the kind.
    """
    if kind not in SCHEMAS:
        wanted = f"one of {', '.join(SCHEMAS)}"
        raise ScenarioError([Problem(kind or "(empty)", 0, 0, "", "there is no schema of this name", wanted)])
    return SCHEMAS[kind]()


def printed(kind: str = "") -> str:
    """Return a schema as its file holds it or, without a kind, where the files are."""
    if kind:
        return json.dumps(schema(kind), indent=1)
    return "\n".join(f"{name:<12}{FOLDER / name}.schema.json" for name in SCHEMAS)


def _site() -> Schema:
    known = _Definitions(_stated)
    parameters = known.group(Parameters)
    own = {"extends": TEXT | {"description": "A shipped site, or a file in the same folder"}}
    whole = {"type": "integer", "minimum": 1}
    records = {
        "description": "The area's own records that the site was made from, by iom caseload",
        **_closed(
            {
                "people": whole | {"maximum": MOST_PEOPLE},
                "counted": DATE,
                "suppress_below": {
                    "type": "integer", "minimum": FEWEST_BELOW, "maximum": MOST_BELOW,
                    "description": "Counts of people below this are not shown",
                },
            },
            "people", "counted",
        ),
    }  # fmt: skip
    return _file("site", own | {"parameters": parameters, KEY: records}, known) | {
        "anyOf": [{"required": ["parameters"]}, {"required": ["extends"]}]
    }


def _option(kind: str = "option", otherwise: str = "start") -> Schema:
    known = _Definitions(_changed)
    changes = _keys(known)
    since = {
        "description": f"Day from which undated changes hold; {otherwise} without it",
        "anyOf": [{"enum": ["iom_start", "start"]}, DATE],
    }
    return _file(kind, {"from": since, "changes": changes}, known, "changes")


def _study() -> Schema:
    known = _Definitions(_varied)
    factors = _keys(known, worlds=False)
    own: Schema = {
        "site": TEXT | {"description": "A shipped site, or a file in the same folder"},
        "options": {
            "description": "Each in turn: names, a+b for two, none for the site as it is; none without it",
            "type": "array", "minItems": 1, "uniqueItems": True, "items": TEXT,
        },
        "factors": factors | {"description": "What is varied, applied last"},
        "design": {"description": "grid without it: every value with every other", "enum": list(DESIGNS)},
        "points": _between(POINTS, "integer", "Points of a design that samples"),
        "replications": _between(REPLICATIONS, "integer", "Replications; more with --extend"),
        "years": _between(YEARS, "number", "Years measured from the decision date"),
        "draw": {
            "description": "Replications under draws of what is not known, or all on the site's own values; "
            "without it draws, but none in a design that samples",
            "enum": list(DRAWS),
        },
    }  # fmt: skip
    sampled = {"properties": {"design": {"enum": list(DESIGNS[1:])}}, "required": ["design"]}
    crossed: Schema = {"factors": {"additionalProperties": {"type": "array"}}, "points": False}
    rule = {"if": sampled, "then": {"required": ["points"]}, "else": {"properties": crossed}}
    return _file("study", own, known, "site", "factors") | rule


def _between(limits: tuple[float, float, float], kind: str, about: str) -> Schema:
    return {"description": about, "type": kind, "minimum": limits[0], "maximum": limits[1]}


def _keys(known: "_Definitions", *, worlds: bool = True) -> Schema:
    """Return a mapping of dotted keys, those of every team with and without the team."""
    keys: Schema = {}
    patterns: Schema = {}
    for path, field in _leaves(Parameters):
        if path not in DATES:
            keys[".".join(path)] = known.leaf(field, path if worlds else ())
    for table, entry in tables(Parameters).items():
        for path, field in _leaves(entry):
            leaf = known.leaf(field, (table, "", *path) if worlds else ())
            patterns[rf"^{table}\.{NAME.pattern}\.{re.escape('.'.join(path))}$"] = leaf
            if path[0] not in Parameters.model_fields:
                keys[".".join(path)] = leaf
    return _closed(keys) | {"minProperties": 1, "patternProperties": patterns}


def _declared(model: type[Part], title: str) -> Schema:
    draft = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return draft | model.model_json_schema() | {"title": title}


SCHEMAS: dict[str, Callable[[], Schema]] = {
    "site": _site, "option": _option, "era": partial(_option, "era", "iom_start"), "study": _study,
    "exercise": partial(_declared, Exercise, "An iom-sim exercise"),
    "evaluation": partial(_declared, Evaluation, "An iom-sim evaluation"),
}  # fmt: skip


def _file(kind: str, own: Schema, known: "_Definitions", *required: str) -> Schema:
    texts = {name: TEXT for name in ("name", *TEXTS)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"An iom-sim {kind}",
        **_closed({"kind": {"const": kind}, **texts, **own}, "kind", "name", *required),
        "$defs": dict(sorted(known.definitions.items())),
    }


def _closed(properties: Schema, *required: str) -> Schema:
    """Return a mapping with these keys and no others."""
    shape: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return shape | {"required": list(required)} if required else shape


class _Definitions:
    """Groups and kinds of value, each described once and referred to.

    Parameters
    ----------
    written
        How a kind of file writes a value of a given shape.
    """

    def __init__(self, written: Callable[[Schema], list[Schema]]) -> None:
        self.written = written
        self.definitions: Schema = dict(SHARED)
        self._groups: dict[str, type[Group]] = {}

    def group(self, group: type[Group]) -> Schema:
        name = group.__name__
        if self._groups.setdefault(name, group) is not group:
            raise TypeError(f"two groups are called {name}: a schema would take one for the other")
        if name not in self.definitions:
            properties = {key: self._entry(group, key) for key in group.model_fields}
            # The first line of the docstring is what the group is.
            self.definitions[name] = {"description": str(group.__doc__).split("\n")[0], **_closed(properties)}
        return {"$ref": f"#/$defs/{name}"}

    def _entry(self, group: type[Group], key: str) -> Schema:
        inner, entry = group_at(group, (key,)), table_at(group, (key,))
        if inner is not None:
            return self.group(inner)
        if entry is not None:
            names = {"pattern": f"^{NAME.pattern}$"}
            return {"type": "object", "propertyNames": names, "additionalProperties": self.group(entry)}
        return self.leaf(group.model_fields[key])

    def leaf(self, field: FieldInfo, path: Path = ()) -> Schema:
        """Return a leaf; with a path, as a change of it, which says from when it can be made."""
        takes = expected(field)
        name = re.sub(r"[^a-z0-9.-]+", "_", takes.replace(",", ""))
        self.definitions.setdefault(name, {"description": takes, "anyOf": self.written(_shape(field))})
        said = about(field)
        words = [takes, said["role"]]
        if "neutral" in said:
            words.append(f"no effect at {said['neutral']:g}")
        if "likely" in said:
            low, high = said["likely"]
            words.append(f"likely {low:g} to {high:g}: {said['because']}")
        if said["source"]:
            words.append(f"built in from {said['source']} ({said['confidence']})")
        if any(fnmatchcase(".".join(path), pattern) for pattern in FROM_THE_FIRST_DAY):
            words.append("needs from: iom_start")
        return {"title": field.title, "description": "; ".join(words), "$ref": f"#/$defs/{name}"}


def _leaves(group: type[Group], above: Path = ()) -> Iterator[tuple[Path, FieldInfo]]:
    """Yield every leaf below a group; tables are left out."""
    for name, field in group.model_fields.items():
        inner = group_at(group, (name,))
        if inner is not None:
            yield from _leaves(inner, (*above, name))
        elif table_at(group, (name,)) is None:
            yield (*above, name), field


def _shape(field: FieldInfo) -> Schema:
    """Return what a leaf's bare value may be."""
    kind: Any = field.annotation
    if get_origin(kind) is Literal:
        return {"enum": list(get_args(kind))}
    if get_origin(kind) is tuple:
        return {"type": "array", "items": {"enum": list(get_args(get_args(kind)[0]))}}
    if kind is date:
        return DATE
    limits = {
        word: getattr(bound, name)
        for bound in field.metadata
        for name, word in LIMITS.items()
        if hasattr(bound, name)
    }
    return {"type": TYPES[kind], **limits}


def _stated(shape: Schema) -> list[Schema]:
    """Return the ways in which a site states a value: bare, or with where it comes from."""
    return [shape, _sourced(shape)]


def _changed(shape: Schema) -> list[Schema]:
    """Return the ways in which an option changes a value: those of a site, by how much, and dated."""
    since = {"from": DATE}
    verbs = ("add", "scale") if shape.get("type") in ("integer", "number") else ()
    by = [{verb: {"type": "number"}} for verb in verbs]
    dated = [_sourced(shape, since), *(_closed(since | amount, "from", *amount) for amount in by)]
    return [
        *_stated(shape),
        *(_closed(amount, *amount) for amount in by),
        {"type": "array", "minItems": 1, "items": {"anyOf": dated}},
    ]


def _varied(shape: Schema) -> list[Schema]:
    """Return the ways in which a study varies a value: over a list, or between two ends."""
    values: Schema = {"type": "array", "minItems": 1, "uniqueItems": True, "items": shape}
    number = shape.get("type") in ("integer", "number")
    return [values, _closed({"low": shape, "high": shape}, "low", "high")] if number else [values]


def _sourced(shape: Schema, since: Schema | None = None) -> Schema:
    dated = since or {}
    beside = {name: {"$ref": f"#/$defs/{name}"} for name in ("source", "confidence", "note")}
    return _closed({**dated, "value": shape, **beside}, *dated, "value") | {"$ref": "#/$defs/sourced"}
