"""Studies: a site, options in turn, and factors that are crossed or sampled."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from scenarios.design import Name, points
from scenarios.factor import Factor
from scenarios.option import Option
from scenarios.problem import Problem, ScenarioError
from scenarios.scenario import IMPLIED, Scenario, combine
from scenarios.site import Site

#: Whether replications are run under draws of what is not known, or on the site's own values.
Draw = Literal["posterior", "none"]


@dataclass(frozen=True)
class StudyFile:
    """A study as read: what is run, not yet what came of it.

    Attributes
    ----------
    name, title
        The file's name, and what it calls itself.
    place
        The site.
    options
        What each option is read from, by how the study names it; ``none`` is the site as it is.
    draw
        What replications are run under; ``None`` where the file does not say.
    """

    name: str
    title: str
    place: Site
    options: dict[str, tuple[Option, ...]]
    factors: tuple[Factor, ...]
    design: Name
    points: int
    replications: int
    years: float
    notices: tuple[str, ...] = ()
    draw: Draw | None = None


@dataclass(frozen=True)
class Point:
    """One scenario of a study: an option, and a value of every factor."""

    number: int
    option: str
    factors: dict[str, Any]
    scenario: Scenario

    @property
    def labels(self) -> dict[str, Any]:
        """The factors as a table holds them: a list is a text."""
        lists = {key: ", ".join(value) for key, value in self.factors.items() if isinstance(value, tuple)}
        return self.factors | lists


def points_of(study: StudyFile, seed: int) -> list[Point]:
    """Return every scenario of a study: point by point, each option in turn.

    Parameters
    ----------
    study
        The study.
    seed
        Decides the points of a design that samples.

    Raises
    ------
    ScenarioError
        With everything that is wrong at any point.
    """
    found: list[Point] = []
    problems: list[Problem] = []
    sample = points(study.design, study.factors, study.points, seed)
    for number, values in enumerate(sample):
        factors = dict(zip((factor.key for factor in study.factors), values, strict=True))
        for option, parts in study.options.items():
            try:
                scenario = combine(study.place, [*parts, _setting(study, number, values, parts)])
            except ScenarioError as error:
                problems += error.problems
            else:
                found.append(Point(number, option, factors, scenario))
    if problems:
        # One mistake is one mistake, at however many points it is met.
        places = {(it.file, it.line, it.column, it.key): it for it in reversed(problems)}
        raise ScenarioError(list(reversed(places.values())))
    return found


def _setting(study: StudyFile, number: int, values: tuple[Any, ...], parts: tuple[Option, ...]) -> Option:
    """Return the option that a point is: its factors, and what they imply."""
    changes = [
        change
        for factor, value in zip(study.factors, values, strict=True)
        for change in factor.changes(value)
    ]
    known = {change.path for part in parts for change in part.changes} | {change.path for change in changes}
    for change in list(changes):
        path, value = IMPLIED.get(change.path, ((), None))
        if path and path not in known:
            step = replace(change.steps[0], amount=value)
            leaf = replace(change.leaf, value=value, source=f"implied by {change.key}")
            changes.append(replace(change, path=path, steps=(step,), leaf=leaf))
    if study.design == "grid":
        name = "+".join(f"{f.key}={_shown(value)}" for f, value in zip(study.factors, values, strict=True))
    else:
        name = f"point-{number:0{len(str(study.points - 1))}}"
    return Option(name, study.name, tuple(changes))


def _shown(value: Any) -> str:
    """Return a value as it stands in a scenario's name."""
    if isinstance(value, tuple):
        return "-".join(map(str, value)) or "nobody"
    return f"{value:.10g}" if isinstance(value, float) else str(value).lower()
