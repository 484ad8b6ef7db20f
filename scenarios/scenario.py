"""Scenarios: a site with options, resolved to dated frozen parameters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scenarios.change import Change, Step
from scenarios.option import Option, load_option
from scenarios.problem import Problem, ScenarioError
from scenarios.provenance import Leaf
from scenarios.site import Site, load_site
from scenarios.tree import Path
from scenarios.validation import put, validate
from simulation import Parameters, Timeline

#: Changes that a change implies: a ceiling means that the cohort is sized by resources.
IMPLIED: dict[Path, tuple[Path, Any]] = {("cohort", "ceiling"): (("cohort", "sizing"), "resources")}


@dataclass(frozen=True)
class Scenario:
    """A resolved scenario.

    Attributes
    ----------
    name
        As in ``nottingham+hub``.
    site, options
        The names it was made from.
    timeline
        Dated parameters; the first, from ``iom_start``, is the site as it was.
    changes
        What the options change, leaf by leaf.
    notices
        What a user should know: changes that were already so, changes that were implied.
    provenance
        Source and confidence of every leaf that a file sets, by dotted key.
    """

    name: str
    site: str
    options: tuple[str, ...]
    timeline: Timeline
    changes: tuple[Change, ...]
    notices: tuple[str, ...]
    provenance: dict[str, Leaf]


def load(site: str, options: str = "") -> Scenario:
    """Return the scenario of a site with options.

    Parameters
    ----------
    site
        Name of a shipped site, or the path of a file.
    options
        Names or paths joined with ``+``; empty, or ``none``, for the site as it is.

    Raises
    ------
    ScenarioError
        With everything that is wrong.
    """
    return combine(load_site(site), options)


def combine(place: Site, options: str) -> Scenario:
    """Return the scenario of a site already read, with options."""
    names = [name for name in options.split("+") if name.strip() not in ("", "none")]
    problems: list[Problem] = []
    chosen: list[Option] = []
    for name in names:
        try:
            chosen.append(load_option(name, place))
        except ScenarioError as error:
            problems += error.problems
    problems += _fights(chosen)
    if problems:
        raise ScenarioError(problems)
    changes = [change for option in chosen for change in option.changes]
    notices = _already_so(changes, place)
    changes += _implied(changes, place, notices)
    timeline = _timeline(place, changes)
    provenance = {".".join(path): leaf for path, leaf in place.leaves.items()}
    provenance |= {change.key: change.leaf for change in changes}
    names = [option.name for option in chosen]
    return Scenario(
        "+".join([place.name, *names]),
        place.name,
        tuple(names),
        timeline,
        tuple(changes),
        tuple(notices),
        provenance,
    )


def _fights(options: list[Option]) -> list[Problem]:
    """Return a problem for each leaf that two options set."""
    problems = []
    first: dict[Path, Change] = {}
    for option in options:
        for change in option.changes:
            other = first.setdefault(change.path, change)
            if other is not change:
                problems.append(
                    Problem(
                        change.file,
                        change.line,
                        change.column,
                        change.key,
                        f"is set by {other.file}:{other.line} as well",
                        "options that set different keys; join the two in one option",
                    )
                )
    return problems


def _already_so(changes: list[Change], place: Site) -> list[str]:
    notices = []
    for change in changes:
        base = _at(place.values, change.path)
        if change.line and all(step.applied(base) == base for step in change.steps):
            notices.append(
                f"{change.key} is already {base} in {place.name}; {change.file}:{change.line} changes nothing"
            )
    return notices


def _implied(changes: list[Change], place: Site, notices: list[str]) -> list[Change]:
    set_already = {change.path for change in changes}
    implied = []
    for change in changes:
        path, value = IMPLIED.get(change.path, (None, None))
        if path is None or path in set_already or _at(place.values, path) == value:
            continue
        steps = (Step(change.steps[0].since, "value", value, change.line, change.column),)
        leaf = Leaf(value, f"implied by {change.key}", "assumed", "", change.file, change.line)
        implied.append(Change(path, steps, change.file, change.line, change.column, leaf))
        notices.append(f"{change.key} implies {'.'.join(path)}: {value} ({change.file}:{change.line})")
    return implied


def _timeline(place: Site, changes: list[Change]) -> Timeline:
    """Return the dated parameters, with every problem of every date."""
    first = place.parameters.iom_start
    dates = sorted({first, *(step.since for change in changes for step in change.steps if step.since)})
    timeline: list[tuple[date, Parameters]] = []
    problems: list[Problem] = []
    for when in dates:
        values, places = _copy(place.values), dict(place.places)
        file = place.file
        for change in changes:
            step = _in_force(change, when)
            if step is not None:
                put(values, change.path, step.applied(_at(place.values, change.path)))
                places[change.path] = (change.file, step.line or change.line, step.column or change.column)
                # A refusal of a whole group stands where the option touched the group.
                for n in range(1, len(change.path)):
                    places[change.path[:n]] = places[change.path]
                file = change.file
        try:
            timeline.append((when, validate(Parameters, values, places, file)))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        # One line of an option that sets a key of every team is told once, not once a team.
        told = {(p.file, p.line, p.column, p.wrong): p for p in sorted(problems, reverse=True)}
        raise ScenarioError(list(told.values()))
    return tuple(timeline)


def _in_force(change: Change, when: date) -> Step | None:
    begun = [step for step in change.steps if step.since is not None and step.since <= when]
    return begun[-1] if begun else None


def _at(values: dict[str, Any], path: Path) -> Any:
    for name in path:
        values = values[name]
    return values


def _copy(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _copy(value) if isinstance(value, dict) else value for name, value in values.items()}


def load_all(site: str, combinations: Sequence[str]) -> list[Scenario]:
    """Return a site's scenarios for several combinations of options, each once.

    Raises
    ------
    ScenarioError
        With everything that is wrong in any of them, at once.
    """
    place = load_site(site)
    found: dict[str, Scenario] = {}
    problems: list[Problem] = []
    for options in combinations:
        try:
            scenario = combine(place, options)
            found.setdefault(scenario.name, scenario)
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return list(found.values())
