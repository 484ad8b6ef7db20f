"""Scenarios: a site with options, resolved to dated frozen parameters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from scenarios.change import Change, Step
from scenarios.notice import notices
from scenarios.option import Option, load_option
from scenarios.own_caseload import OwnCaseload
from scenarios.problem import Problem, ScenarioError
from scenarios.provenance import Leaf
from scenarios.site import Site, load_site
from scenarios.tree import Path, copied, value_at
from scenarios.validation import fresh, put, validate
from simulation import Parameters, Timeline

#: Changes that a change implies: a ceiling means that the cohort is sized by resources.
IMPLIED: dict[Path, tuple[Path, Any]] = {("cohort", "ceiling"): (("cohort", "sizing"), "resources")}

MOST_DATES = 200


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
        What a user should know: changes that were already so, implied, or from which nothing comes.
    provenance
        Where every leaf's last value comes from, by dotted key; ``file`` is empty for a default.
    place
        The site as it was read.
    held
        Values that hold on every date, whatever site, options and draws say, by path.
    """

    name: str
    site: str
    options: tuple[str, ...]
    timeline: Timeline
    changes: tuple[Change, ...]
    notices: tuple[str, ...]
    provenance: dict[str, Leaf]
    place: Site = field(repr=False, compare=False)
    held: Mapping[Path, Any] = field(default_factory=dict)

    @property
    def own_caseload(self) -> OwnCaseload | None:
        """The area's own records that the site was made from, and with them which counts may be shown."""
        return self.place.own_caseload

    def drawn(self, values: Mapping[Path, Any]) -> Timeline:
        """Return the timeline over other values of the site: what options change, they change from those.

        Parameters
        ----------
        values
            Values by path, of leaves that the site has.

        Raises
        ------
        ScenarioError
            If the values cannot stand together, or with what the options say.
        """
        other = copied(self.place.values)
        for path, value in values.items():
            put(other, path, value)
        timeline = _timeline(replace(self.place, values=other), list(self.changes), (), also=values)
        return _holding(timeline, self.held)

    def holding(self, name: str, values: Mapping[Path, Any]) -> "Scenario":
        """Return the scenario under another name with values that hold on every date, whatever is drawn."""
        return replace(self, name=name, held=dict(values), timeline=_holding(self.timeline, values))


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
    place = load_site(site)
    return combine(place, *chosen(place, options))


def chosen(place: Site, options: str) -> tuple[list[Option], list[Problem]]:
    """Return the options named in one text, and what is wrong with those that cannot be read."""
    problems: list[Problem] = []
    options_read: list[Option] = []
    names = [name.strip() for name in options.split("+")]
    if len(names) > 1 and "" in names:
        wrong, wanted = "has nothing on one side of a +", "names joined with +, as hub+bigger-cohort"
        problems.append(Problem(options, 0, 0, "", wrong, wanted))
    for name in names:
        if name in ("", "none"):
            continue
        try:
            options_read.append(load_option(name, place))
        except ScenarioError as error:
            problems += error.problems
    return options_read, problems


def combine(place: Site, chosen: Sequence[Option], unread: Sequence[Problem] = ()) -> Scenario:
    """Return the scenario of a site already read, with options already read for it.

    Raises
    ------
    ScenarioError
        With everything that is wrong, in what could not be read too.
    """
    problems = [*unread, *(problem for option in chosen for problem in option.problems), *fights(chosen)]
    changes = [change for option in chosen for change in option.changes]
    implied, because = _implied(changes, place)
    timeline = _timeline(place, [*changes, *implied], problems)
    told = [*_from_records(place), *notices(changes, place, timeline), *because]
    changes += implied
    names = [option.name for option in chosen]
    return Scenario(
        "+".join([place.name, *names]),
        place.name,
        tuple(names),
        timeline,
        tuple(changes),
        tuple(told),
        _provenance(place, changes),
        place,
    )


def _from_records(place: Site) -> list[str]:
    """Return what everybody who is shown results should know of a site that was made from records."""
    own = place.own_caseload
    if own is None:
        return []
    made = f"{place.name} was made from records of {own.people:,} people ({own.counted:%d/%m/%Y})"
    return [f"{made}: keep counts of people under {own.suppress_below} to yourselves"]


def _provenance(place: Site, changes: list[Change]) -> dict[str, Leaf]:
    """Return where every leaf's last value comes from: an option, the site or its declaration."""
    found = dict(place.provenance)
    for change in changes:
        last = change.steps[-1].applied(value_at(place.values, change.path))
        found[change.key] = replace(change.leaf, value=last)
    return found


def fights(options: Sequence[Option]) -> list[Problem]:
    """Return a problem for each leaf that two options set."""
    problems = []
    first: dict[Path, Change] = {}
    for option in options:
        for change in option.changes:
            other = first.setdefault(change.path, change)
            if other is not change:
                by = f"{other.file}:{other.line}" if other.line else other.file
                wrong = f"is set by {by} as well"
                wanted = "options that set different keys; join the two in one option"
                problems.append(Problem(change.file, change.line, change.column, change.key, wrong, wanted))
    return problems


def _implied(changes: list[Change], place: Site) -> tuple[list[Change], list[str]]:
    """Return the changes that changes imply, and a notice for each."""
    set_already = {change.path for change in changes}
    implied, because = [], []
    for change in changes:
        path, value = IMPLIED.get(change.path, (None, None))
        if path is None or path in set_already or value_at(place.values, path) == value:
            continue
        steps = (Step(change.steps[0].since, "value", value, change.line, change.column),)
        leaf = Leaf(value, f"implied by {change.key}", "assumed", "", change.file, change.line)
        implied.append(Change(path, steps, change.file, change.line, change.column, leaf))
        because.append(f"{change.key} implies {'.'.join(path)}: {value} ({change.file}:{change.line})")
    return implied, because


def _timeline(
    place: Site, changes: list[Change], known: Sequence[Problem], also: Iterable[Path] = ()
) -> Timeline:
    """Return the dated parameters, unless there are problems: those known, and those of every date.

    ``also`` are the leaves of which the place's parameters say something else than its values.
    """
    changing = {path[0] for path in (*also, *(change.path for change in changes))}
    first = place.parameters.iom_start
    dates = sorted({first, *(step.since for change in changes for step in change.steps if step.since)})
    if len(dates) > MOST_DATES:
        file = max(changes, key=lambda change: len(change.steps)).file
        wrong = f"something changes on {len(dates):,} dates"
        raise ScenarioError([*known, Problem(file, 0, 0, "", wrong, f"at most {MOST_DATES} dates")])
    timeline: list[tuple[date, Parameters]] = []
    problems: list[Problem] = [*known]
    for when in dates:
        values, places = fresh(place.values, place.parameters, changing), dict(place.places)
        file = place.file
        for change in changes:
            step = _in_force(change, when)
            if step is not None:
                put(values, change.path, step.applied(value_at(place.values, change.path)))
                places[change.path] = (change.file, step.line or change.line, step.column or change.column)
                # A refusal of a whole group stands where the option touched the group.
                for n in range(len(change.path)):
                    places[change.path[:n]] = places[change.path]
                file = change.file
        try:
            files = {change.file for change in changes}
            found = validate(Parameters, values, places, file, rules=not known, files=files)
            timeline.append((when, found))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        # One line of an option that sets a key of every team is told once, not once a team.
        told = {(p.file, p.line, p.column, p.wrong): p for p in sorted(problems, reverse=True)}
        raise ScenarioError(list(told.values()))
    return tuple(timeline)


def _holding(timeline: Timeline, held: Mapping[Path, Any]) -> Timeline:
    """Return a timeline with some values the same on every date."""
    if not held:
        return timeline
    found = []
    for when, parameters in timeline:
        values = parameters.model_dump()
        for path, value in held.items():
            put(values, path, value)
        found.append((when, Parameters.model_validate(values)))
    return tuple(found)


def _in_force(change: Change, when: date) -> Step | None:
    begun = [step for step in change.steps if step.since is not None and step.since <= when]
    return begun[-1] if begun else None


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
            scenario = combine(place, *chosen(place, options))
            other = found.setdefault(scenario.name, scenario)
            if other.timeline != scenario.timeline:
                wrong = f"differs from another scenario of the name {scenario.name}"
                problems.append(Problem(options, 0, 0, "", wrong, "files with different names"))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return list(found.values())
