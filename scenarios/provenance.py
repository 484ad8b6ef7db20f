"""Provenance: a leaf can say where its value comes from; it is unwrapped before anything is checked."""

import re
from dataclasses import dataclass, field
from typing import Any, get_args

from pydantic.fields import FieldInfo

from scenarios.problem import Problem, echo
from scenarios.tree import Path, about
from scenarios.yaml_file import Node
from simulation.declare import Confidence
from simulation.likely import Likely, likely

#: How a source or a note gives the range in which an assumed value is likely to lie.
_RANGE = re.compile(r"\brange (-?\d+(?:\.\d+)?) to (-?\d+(?:\.\d+)?)")
KEYS = ("value", "source", "confidence", "note")


@dataclass(frozen=True)
class Leaf:
    """A value with its source; ``file`` is empty for a value built into the model.

    ``shipped`` names the shipped site that says it, where one does.
    """

    value: Any
    source: str = ""
    confidence: str = "assumed"
    note: str = ""
    file: str = ""
    line: int = 0
    shipped: str = ""

    def likely(self, declared: FieldInfo) -> Likely | None:
        """Return where the value is likely to lie: as its source or note says, or as declared, or by rule.

        ``None`` for what is no number, and for what is not assumed unless the declaration has a range.
        """
        known = likely(declared, self.value)
        told = _RANGE.search(f"{self.source}; {self.note}")
        if known is not None and told is not None:
            return Likely(float(told[1]), float(told[2]), "as whoever assumed it says")
        return known if self.confidence == "assumed" or "likely" in about(declared) else None


@dataclass
class Unwrapped:
    """A tree of plain values, where each key stands, and each leaf's provenance."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[Path, tuple[str, int, int]] = field(default_factory=dict)
    leaves: dict[Path, Leaf] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def is_wrapped(node: Node) -> bool:
    """Return whether a mapping is a leaf with provenance."""
    return node.is_mapping and "value" in node.value


def unwrap_leaf(node: Node, file: str, key: str, problems: list[Problem]) -> Leaf:
    """Return the leaf of a value, with or without provenance; add what is wrong to ``problems``."""
    if not is_wrapped(node):
        return Leaf(node.plain(), file=file, line=node.line)
    said: dict[str, str] = {}
    for name, (place, value) in node.value.items():
        if name == "value":
            continue
        if name not in KEYS:
            wrong = "unknown key beside a value"
            problems.append(place.problem(file, f"{key}.{name}", wrong, ", ".join(KEYS)))
        elif not isinstance(value.value, str):
            problems.append(value.problem(file, f"{key}.{name}", f"is {echo(value.plain())}", "a text"))
        else:
            said[name] = value.value
    confidence = said.get("confidence", "assumed")
    if confidence not in get_args(Confidence):
        place = node.value["confidence"][1]
        known = ", ".join(get_args(Confidence))
        problems.append(place.problem(file, f"{key}.confidence", f"is {echo(confidence)}", f"one of {known}"))
    elif confidence != "assumed" and not said.get("source"):
        place = node.value["confidence"][1]
        problems.append(
            place.problem(file, f"{key}.confidence", f"is {confidence} without a source", "source: beside it")
        )
    inner = node.value["value"][1]
    return Leaf(inner.plain(), said.get("source", ""), confidence, said.get("note", ""), file, inner.line)


def unwrap(node: Node, file: str, above: Path = (), into: Unwrapped | None = None) -> Unwrapped:
    """Return a tree of parameters without its provenance.

    Nesting is bounded by the reader, so that recursion is safe.
    """
    tree = into if into is not None else Unwrapped()
    target = tree.values
    for name in above:
        target = target.setdefault(name, {})
    for name, (key, value) in node.value.items():
        path = (*above, name)
        tree.places[path] = (file, key.line, key.column)
        if value.is_mapping and not is_wrapped(value):
            target.setdefault(name, {})
            unwrap(value, file, path, tree)
        else:
            leaf = unwrap_leaf(value, file, ".".join(path), tree.problems)
            target[name] = leaf.value
            tree.leaves[path] = leaf
    return tree
