"""Options: named lists of changes that apply to any site."""

from dataclasses import dataclass
from datetime import date
from typing import Any, get_origin

from scenarios.change import Change, Step, steps_of
from scenarios.library import NO_EFFECT, find, head
from scenarios.problem import Problem, ScenarioError, echo
from scenarios.provenance import Leaf
from scenarios.site import Site
from scenarios.tree import Path, about, did_you_mean, field_at, group_at, leaves, table_at
from scenarios.yaml_file import Node, read
from simulation import Parameters
from simulation.declare import Group


@dataclass(frozen=True)
class Option:
    """An option as read for a site."""

    name: str
    file: str
    changes: tuple[Change, ...]


def load_option(name: str, site: Site) -> Option:
    """Return an option by shipped name or path, its keys resolved for a site.

    Raises
    ------
    ScenarioError
        With everything that is wrong in the file, or does not fit the site.
    """
    if name.strip().lower().replace("_", "-") == NO_EFFECT:
        return _no_effect(site)
    path, shown = find("option", name)
    root = read(path, shown)
    problems = head(root, shown, ("from", "changes"), "option")
    since = _since(root, shown, site, problems)
    changes: list[Change] = []
    if "changes" not in root.value:
        problems.append(
            Problem(shown, root.line, root.column, "changes", "is missing", "a list of keys and values")
        )
    else:
        node: Node = root.value["changes"][1]
        if not node.is_mapping or not node.value:
            problems.append(Problem(shown, node.line, node.column, "changes", "is empty", "keys and values"))
        else:
            for key, (place, value) in node.value.items():
                changes += _change(key, place, value, shown, site, since, problems)
    if problems:
        raise ScenarioError(problems)
    return Option(path.stem.replace("_", "-").lower(), shown, tuple(changes))


def _since(root: Node, shown: str, site: Site, problems: list[Problem]) -> date:
    """Return the date from which undated changes hold."""
    start = site.parameters.start
    if "from" not in root.value:
        return start
    node = root.value["from"][1]
    named = {"iom_start": site.parameters.iom_start, "start": start}
    if isinstance(node.value, str) and node.value in named:
        return named[node.value]
    if type(node.value) is date:
        return node.value
    problems.append(
        Problem(
            shown, node.line, node.column, "from", f"is {echo(node.plain())}", "iom_start, start or a date"
        )
    )
    return start


def _change(
    key: str, place: Node, node: Node, shown: str, site: Site, since: date, problems: list[Problem]
) -> list[Change]:
    """Return the changes of leaves that one line stands for: one, or one a team."""
    paths = _resolve(key, site)
    if isinstance(paths, Problem):
        problems.append(
            Problem(shown, place.line, place.column, key, paths.wrong, paths.expected, paths.hint)
        )
        return []
    steps, leaf = steps_of(node, shown, key, problems)
    dated = tuple(Step(step.since or since, step.verb, step.amount, step.line, step.column) for step in steps)
    for step in dated:
        assert step.since is not None
        if step.since < site.parameters.iom_start:
            first = site.parameters.iom_start
            problems.append(
                Problem(
                    shown,
                    step.line,
                    step.column,
                    key,
                    f"begins on {step.since}",
                    f"a date from {first}, iom_start",
                )
            )
        base = _value(site.values, paths[0])
        number = isinstance(base, int | float) and not isinstance(base, bool)
        if step.verb != "value" and not number:
            problems.append(
                Problem(
                    shown,
                    step.line,
                    step.column,
                    key,
                    f"{step.verb} to {echo(base)}",
                    "a value; it is no number",
                )
            )
            return []
        if step.since > site.parameters.iom_start and _holds_from_the_first_day(paths[0]):
            problems.append(
                Problem(
                    shown,
                    place.line,
                    place.column,
                    key,
                    "describes the world and cannot change on the way",
                    "from: iom_start at the top of the option",
                )
            )
            return []
    return [Change(path, dated, shown, place.line, place.column, leaf) for path in paths] if dated else []


def _resolve(key: str, site: Site) -> list[Path] | Problem:
    """Return the leaves a dotted key names; a key of every team can be given without the team."""
    path = tuple(key.split("."))
    for table in (
        name for name, field in Parameters.model_fields.items() if get_origin(field.annotation) is dict
    ):
        entry = table_at(Parameters, (table,))
        if entry is not None and path[0] in entry.model_fields and path[0] not in Parameters.model_fields:
            return _leaf([(table, name, *path) for name in site.values[table]])
    return _leaf([path], site)


def _leaf(paths: list[Path], site: Site | None = None) -> list[Path] | Problem:
    path = paths[0]
    if (
        site is not None
        and len(path) > 1
        and table_at(Parameters, path[:1])
        and path[1] not in site.values[path[0]]
    ):
        known = list(site.values[path[0]])
        return Problem("", 0, 0, "", f"the site has no {path[1]!r:.40}", "", did_you_mean(path[1], known))
    group, field = group_at(Parameters, path), field_at(Parameters, path)
    if group is not None or (field is not None and get_origin(field.annotation) is dict):
        below = list(group.model_fields) if group is not None else list(site.values[path[0]] if site else ())
        return Problem("", 0, 0, "", "is a group", f"one of its keys: {', '.join(below[:8])}")
    if field is None:
        above: type[Group] | None = Parameters
        for n, name in enumerate(path):
            above = group_at(Parameters, path[:n])
            if above is not None and name not in above.model_fields:
                hint = did_you_mean(name, list(above.model_fields))
                return Problem(
                    "",
                    0,
                    0,
                    "",
                    "unknown key" if n == len(path) - 1 else f"unknown key {name!r:.40}",
                    "",
                    hint,
                )
        return Problem("", 0, 0, "", "unknown key")
    return paths


def _holds_from_the_first_day(path: Path) -> bool:
    from fnmatch import fnmatchcase

    from simulation.parameters import FROM_THE_FIRST_DAY

    key = ".".join(path)
    return any(fnmatchcase(key, pattern) for pattern in FROM_THE_FIRST_DAY)


def _value(values: dict[str, Any], path: Path) -> Any:
    for name in path:
        values = values[name]
    return values


def _no_effect(site: Site) -> Option:
    """Return the generated option: every effect at its neutral value, from the first day."""
    changes = []
    for path, _ in leaves(site.values):
        field = field_at(Parameters, path)
        if field is not None and "neutral" in about(field):
            neutral = about(field)["neutral"]
            step = Step(site.parameters.iom_start, "value", neutral, 0, 0)
            leaf = Leaf(neutral, f"generated by {NO_EFFECT}", "assumed")
            changes.append(Change(path, (step,), NO_EFFECT, 0, 0, leaf))
    return Option(NO_EFFECT, NO_EFFECT, tuple(changes))
