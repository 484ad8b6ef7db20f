"""Options: named lists of changes that apply to any site."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from scenarios.change import Change, Step, steps_of
from scenarios.library import NO_EFFECT, canonical, find, head
from scenarios.problem import Problem, echo
from scenarios.provenance import Leaf
from scenarios.site import Site
from scenarios.tree import Path, about, did_you_mean, field_at, hint_at, leaves, tables, value_at
from scenarios.yaml_file import Node, read
from simulation import Parameters, Timeline
from simulation.parameters import FROM_THE_FIRST_DAY

KEYS_AND_VALUES = "keys and values, indented, as cohort.ceiling: 400"
#: What options are dated by cannot itself be an option.
DATES: tuple[Path, ...] = (("iom_start",), ("start",), ("census_date",))


@dataclass(frozen=True)
class Option:
    """An option as read for a site: the changes that can be made, and what is wrong with the others."""

    name: str
    file: str
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...] = ()


def load_option(name: str, site: Site) -> Option:
    """Return an option by shipped name or path, its keys resolved for a site.

    Raises
    ------
    ScenarioError
        If the file cannot be read.
    """
    if canonical(name) == NO_EFFECT:
        return _no_effect(site)
    path, shown = find("option", name)
    return option_from(read(path, shown), canonical(path.stem), shown, site)


def option_from(root: Node, name: str, shown: str, site: Site) -> Option:
    """Return the option that a file's content says, its keys resolved for a site."""
    problems = head(root, shown, ("from", "changes"), "option", "era")
    since = _since(root, shown, site, problems)
    changes: list[Change] = []
    if "changes" not in root.value:
        problems.append(root.problem(shown, "changes", "is missing", KEYS_AND_VALUES))
    else:
        node: Node = root.value["changes"][1]
        if not node.is_mapping or not node.value:
            wrong = f"is {echo(node.plain())}" if node.value else "is empty"
            problems.append(node.problem(shown, "changes", wrong, KEYS_AND_VALUES))
        else:
            for key, (place, value) in node.value.items():
                changes += _change(key, place, value, shown, site, since, problems)
    if _is_era(root):
        # An era says all of its rules; those that the site has already are no change.
        changes = [change for change in changes if _moves(change, site)]
    return Option(name, shown, tuple(changes), tuple(problems))


def _is_era(root: Node) -> bool:
    return "kind" in root.value and root.value["kind"][1].value == "era"


def _moves(change: Change, site: Site) -> bool:
    base = value_at(site.values, change.path)
    return any(step.applied(base) != base for step in change.steps)


def _since(root: Node, shown: str, site: Site, problems: list[Problem]) -> date:
    """Return the date from which undated changes hold: those of an era as if they had always held."""
    start = site.parameters.start
    if "from" not in root.value:
        return site.parameters.iom_start if _is_era(root) else start
    node = root.value["from"][1]
    named = {"iom_start": site.parameters.iom_start, "start": start}
    if isinstance(node.value, str) and node.value in named:
        return named[node.value]
    first = site.parameters.iom_start
    if type(node.value) is date and node.value >= first:
        return node.value
    wanted = f"iom_start ({first}), start ({start}) or a later date"
    problems.append(node.problem(shown, "from", f"is {echo(node.plain())}", wanted))
    return start


def _change(
    key: str, place: Node, node: Node, shown: str, site: Site, since: date, problems: list[Problem]
) -> list[Change]:
    """Return the changes of leaves that one line stands for: one, or one a team."""
    paths, wrong = resolve(key, site)
    if wrong:
        problems.append(place.problem(shown, key, *wrong))
        return []
    written, leaf = steps_of(node, shown, key, problems)
    base = value_at(site.values, paths[0])
    steps = []
    for step in (replace(step, since=step.since or since) for step in written):
        wrong = _refused(step, base, paths[0], site)
        if wrong:
            problems.append(Problem(shown, step.line, step.column, key, *wrong))
        else:
            steps.append(step)
    if not steps:
        return []
    return [Change(path, tuple(steps), shown, place.line, place.column, leaf) for path in paths]


def _refused(step: Step, base: Any, path: Path, site: Site) -> tuple[str, ...]:
    """Return what is wrong with one step and what was expected; nothing if it can be taken."""
    first = site.parameters.iom_start
    if path in DATES:
        return ("is a date of the site, which options count from", "it in a site file")
    if step.since is not None and step.since < first:
        return (f"begins on {step.since}", f"a date from {first}, iom_start")
    if step.verb != "value" and (isinstance(base, bool) or not isinstance(base, int | float)):
        return (f"{step.verb} to {echo(base)}", "a value; it is no number")
    if step.since != first and holds_from_the_first_day(path):
        wrong = "describes the world and cannot change on the way"
        return (wrong, "from: iom_start at the top of the option")
    return ()


def resolve(key: str, site: Site) -> tuple[list[Path], tuple[str, ...]]:
    """Return the leaves a dotted key names, or what is wrong with it.

    A key of every team can be given without the team.
    """
    path = tuple(key.split("."))
    paths = [path]
    for table, entry in tables(Parameters).items():
        if path[0] in entry.model_fields and path[0] not in Parameters.model_fields:
            paths = [(table, name, *path) for name in site.values[table]]
    return paths, _no_leaf(paths[0], site)


def _no_leaf(path: Path, site: Site) -> tuple[str, ...]:
    """Return what is wrong, what was expected and a hint, if no leaf stands at a path."""
    if path[0] in tables(Parameters) and len(path) > 1 and path[1] not in site.values[path[0]]:
        return (f"the site has no {echo(path[1])}", "", did_you_mean(path[1], list(site.values[path[0]])))
    here: Any = site.values
    for n, name in enumerate(path):
        if not isinstance(here, dict):
            return ("unknown key", f"{'.'.join(path[:n])}, which is a value without keys of its own")
        if name not in here:
            wrong = "unknown key" if n == len(path) - 1 else f"unknown key {echo(name)}"
            return (wrong, "", hint_at(path[: n + 1], list(here)))
        here = here[name]
    if not isinstance(here, dict):
        return ()
    return (
        "is a group",
        f"one of its keys: {', '.join(list(here)[:8])}",
        f"write {'.'.join(path)}.{next(iter(here))}:",
    )


def holds_from_the_first_day(path: Path) -> bool:
    """Return whether a key describes the world, which cannot change on the way."""
    key = ".".join(path)
    return any(fnmatchcase(key, pattern) for pattern in FROM_THE_FIRST_DAY)


def _no_effect(site: Site) -> Option:
    """Return the generated option: every effect at its neutral value, from the first day."""
    changes = []
    for path, neutral in _effects(site.values):
        step = Step(site.parameters.iom_start, "value", neutral, 0, 0)
        leaf = Leaf(neutral, f"generated by {NO_EFFECT}", "assumed")
        changes.append(Change(path, (step,), NO_EFFECT, 0, 0, leaf))
    return Option(NO_EFFECT, NO_EFFECT, tuple(changes))


def changes_nobody(timeline: Timeline) -> bool:
    """Return whether every effect is at its neutral value throughout, so that nobody's life is another."""
    return all(
        value_at(values, path) == neutral
        for values in (parameters.model_dump() for _, parameters in timeline)
        for path, neutral in _effects(values)
    )


def _effects(values: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Yield every effect among plain values: its path, and the value at which it is none."""
    for path, _ in leaves(values):
        field = field_at(Parameters, path)
        if field is not None and "neutral" in about(field):
            yield path, about(field)["neutral"]
