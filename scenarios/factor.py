"""Factors: the parameters that a study varies, over a list of values or between two ends."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic.fields import FieldInfo

from scenarios.change import Change, Step
from scenarios.option import DATES, holds_from_the_first_day, resolve
from scenarios.problem import Problem, ScenarioError, echo
from scenarios.provenance import Leaf
from scenarios.site import Site
from scenarios.tree import Path as Key
from scenarios.tree import about, declared_at, expected
from scenarios.validation import fresh, put, validate
from scenarios.yaml_file import Node
from simulation import Parameters


@dataclass(frozen=True)
class Factor:
    """A parameter that a study varies: over ``values``, or between ``low`` and ``high``.

    A lever is set on the decision date, like an option. Anything else is nobody's to decide and holds from
    the first day.
    """

    key: str
    paths: tuple[Key, ...]
    since: date
    file: str
    line: int
    column: int
    values: tuple[Any, ...] = ()
    low: float = 0.0
    high: float = 0.0
    whole: bool = False
    #: Where the values stand, or the two ends.
    places: tuple[tuple[int, int], ...] = ()

    def changes(self, value: Any) -> Iterator[Change]:
        """Yield the changes that set a value."""
        place = self.places[self.values.index(value)] if self.values else self.places[0]
        leaf = Leaf(value, "a factor of the study", "assumed", "", self.file, place[0])
        step = Step(self.since, "value", value, *place)
        for path in self.paths:
            # Without a line of its own: that a factor passes the site's own value is no news.
            yield Change(path, (step,), self.file, 0, 0, leaf)


def factor_from(
    key: str, at: Node, node: Node, shown: str, place: Site, problems: list[Problem]
) -> Factor | None:
    """Return the factor that one line of a study stands for; add what is wrong to ``problems``."""
    paths, wrong = resolve(key, place)
    if not wrong and paths[0] in DATES:
        wrong = ("is a date of the site, from which studies count", "another key")
    if wrong:
        problems.append(at.problem(shown, key, *wrong))
        return None
    declared = declared_at(Parameters, ".".join(paths[0]))
    decided = about(declared)["role"] == "lever" and not holds_from_the_first_day(paths[0])
    since = place.parameters.start if decided else place.parameters.iom_start
    factor = Factor(key, tuple(paths), since, shown, at.line, at.column)
    if node.is_list and node.value:
        return _listed(factor, node, declared, place, problems)
    if node.is_mapping and set(node.value) == {"low", "high"}:
        return _ranged(factor, node, declared, place, problems)
    hint = "" if node.is_mapping or node.is_list else "one value alone belongs in an option"
    wanted = "a list of values, or {low: ..., high: ...}"
    problems.append(node.problem(shown, key, f"is {echo(node.plain())}", wanted, hint))
    return None


def _listed(
    factor: Factor, node: Node, declared: FieldInfo, place: Site, problems: list[Problem]
) -> Factor | None:
    values = [_as_declared(part.plain(), declared) for part in node.value]
    before = len(problems)
    for n, (value, part) in enumerate(zip(values, node.value, strict=True)):
        problems += _refusals(factor, value, part, place)
        if value in values[:n]:
            problems.append(
                part.problem(factor.file, factor.key, f"has {echo(value)} twice", "each value once")
            )
    return (
        None if len(problems) > before else replace(factor, values=tuple(values), places=_where(node.value))
    )


def _ranged(
    factor: Factor, node: Node, declared: FieldInfo, place: Site, problems: list[Problem]
) -> Factor | None:
    if declared.annotation not in (int, float):
        wanted = f"a list, each value {expected(declared)}"
        problems.append(node.problem(factor.file, factor.key, "is a range", wanted))
        return None
    ends = [node.value[name][1] for name in ("low", "high")]
    low, high = (_as_declared(end.plain(), declared) for end in ends)
    found = [*_refusals(factor, low, ends[0], place), *_refusals(factor, high, ends[1], place)]
    if not found and low >= high:
        wanted = f"a number above low, {echo(low)}"
        found = [ends[1].problem(factor.file, f"{factor.key}.high", f"is {echo(high)}", wanted)]
    problems += found
    whole = declared.annotation is int
    return None if found else replace(factor, low=low, high=high, whole=whole, places=_where(ends))


def _refusals(factor: Factor, value: Any, node: Node, place: Site) -> list[Problem]:
    """Return what is wrong with a value by itself; a key of every team is told once."""
    values = fresh(place.values, place.parameters, {path[0] for path in factor.paths})
    for path in factor.paths:
        put(values, path, value)
    here = (factor.file, node.line, node.column)
    try:
        validate(Parameters, values, dict.fromkeys(factor.paths, here), factor.file, rules=False)
    except ScenarioError as error:
        return [replace(problem, key=factor.key) for problem in error.problems]
    return []


def _where(nodes: list[Node]) -> tuple[tuple[int, int], ...]:
    return tuple((node.line, node.column) for node in nodes)


def _as_declared(value: Any, declared: FieldInfo) -> Any:
    """Return a number as its parameter holds it: 5.0 posts are 5, and a share of 1 is 1.0."""
    if declared.annotation is int and isinstance(value, float) and value.is_integer():
        return int(value)
    if declared.annotation is float and type(value) is int:
        return float(value)
    return value
