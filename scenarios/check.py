"""Checking files: every problem in all of them, at once; and what options come to."""

import os.path
from collections.abc import Sequence
from pathlib import Path

from scenarios.evaluation import evaluation_from, evaluation_names
from scenarios.exercise import exercise_from, exercise_names
from scenarios.explain import wrapped, written
from scenarios.library import (
    NO_EFFECT,
    canonical,
    find,
    head,
    is_path,
    name_or_path,
    option_names,
    site_names,
    study_names,
)
from scenarios.notice import unreached
from scenarios.option import option_from
from scenarios.problem import Problem, ScenarioError
from scenarios.scenario import Scenario, chosen, combine
from scenarios.site import Site, load_site, site_from
from scenarios.study import points_of
from scenarios.study_file import study_from
from scenarios.tree import value_at
from scenarios.yaml_file import read

USUAL_SITE = "nottingham"
#: How long runs are unless they are told otherwise.
USUAL_YEARS = 2.0
#: Decides the points at which a study that samples is checked.
USUAL_SEED = 1


def check(files: Sequence[str | Path], site: str | None = None) -> list[Problem]:
    """Return everything that is wrong in files, sorted by file and line.

    Parameters
    ----------
    files
        Names of shipped files or paths of YAML files; ``a+b`` checks two options together.
    site
        The site that options are checked against; by default Nottinghamshire, or the first one shipped.
    """
    return _checked(files, site)[1]


def answer(files: Sequence[str | Path], site: str | None = None) -> str:
    """Return for people that files are without errors, with notices and, if a site is named, every change.

    Raises
    ------
    ScenarioError
        With everything that is wrong.
    """
    scenarios, problems, place = _checked(files, site)
    if problems:
        raise ScenarioError(problems)
    assert place is not None
    lines = []
    for scenario in scenarios:
        if site is not None:
            lines += [*_changes(scenario, place), ""]
        notices = [*scenario.notices, *unreached(scenario.changes, place.parameters.start, USUAL_YEARS)]
        lines += [line for text in notices for line in wrapped(f"Note: {text}", 80, "", "  ")]
    count = f"{len(files)} file{'s' if len(files) > 1 else ''} without errors"
    return "\n".join([*lines, count])


def _changes(scenario: Scenario, place: Site) -> list[str]:
    """Return what options change: each key, its old and its new value, from when, and where that is said."""
    nothing = "" if scenario.changes else " nothing"
    lines = [f"{'+'.join(scenario.options)} in {place.name} changes{nothing}"]
    for change in scenario.changes:
        old = value_at(place.values, change.path)
        new = ", ".join(f"{written(step.applied(old))} from {step.since}" for step in change.steps)
        where = f"{change.file}:{change.line}" if change.line else change.file
        lines += [f"  {change.key}", *wrapped(f"{written(old)} -> {new}; {where}", 80, " " * 6, " " * 6)]
    return lines


def _checked(
    files: Sequence[str | Path], site: str | None
) -> tuple[list[Scenario], list[Problem], Site | None]:
    """Return the scenarios of the options among files, every problem, and the site they are for."""
    problems: list[Problem] = []
    scenarios: list[Scenario] = []
    place: Site | None = None
    try:
        usual = USUAL_SITE if USUAL_SITE in site_names() else site_names()[0]
        place = load_site(site if site is not None else usual)
    except ScenarioError as error:
        problems += error.problems
    for name in map(str, files):
        try:
            scenario = _scenario(name, place)
        except ScenarioError as error:
            problems += error.problems
        else:
            scenarios += [scenario] if scenario is not None else []
    return scenarios, sorted(set(problems)), place


def _scenario(name: str, place: Site | None) -> Scenario | None:
    """Return what an option makes of a place; nothing for a site, or where there is no place."""
    if "+" in name or canonical(name) == NO_EFFECT:
        return combine(place, *chosen(place, name)) if place is not None else None
    path, shown = _file(name)
    root = read(path, shown)
    kind = root.value["kind"][1].value if "kind" in root.value else None
    if kind == "site":
        site_from(root, path, shown)
    elif kind == "study":
        points_of(study_from(root, path, shown), USUAL_SEED)
    elif kind == "exercise":
        exercise_from(root, shown)
    elif kind == "evaluation":
        evaluation_from(root, path, shown)
    elif kind in ("option", "era"):
        if place is not None:
            return combine(place, [option_from(root, canonical(path.stem), shown, place)])
    else:
        # Without a known kind only what all files share can be checked.
        raise ScenarioError(head(root, shown, tuple(root.value)))
    return None


def _file(name: str) -> tuple[Path, str]:
    """Return the file of a shipped name of any kind, or of a path, and how to show it in messages."""
    known = {
        "site": site_names(), "option": option_names(), "study": study_names(),
        "exercise": exercise_names(), "evaluation": evaluation_names(),
    }  # fmt: skip
    for kind, names in known.items():
        if canonical(name) in names and not is_path(name):
            return find(kind, name)
    if is_path(name) or os.path.exists(name):
        return Path(name), name
    everything = [name for names in known.values() for name in names]
    wrong = "there is no site, option, study, exercise or evaluation of this name"
    raise ScenarioError([Problem(name or "(empty)", 0, 0, "", wrong, *name_or_path(name, everything))])
