"""Checking files: every problem in all of them, at once."""

from collections.abc import Sequence
from pathlib import Path

from scenarios.exercise import exercise_from
from scenarios.library import canonical, head, site_names
from scenarios.option import option_from
from scenarios.problem import Problem, ScenarioError
from scenarios.scenario import combine
from scenarios.site import Site, load_site, site_from
from scenarios.yaml_file import read

USUAL_SITE = "nottingham"


def check(paths: Sequence[str | Path], site: str | None = None) -> list[Problem]:
    """Return everything that is wrong in files, sorted by file and line.

    Parameters
    ----------
    paths
        YAML files.
    site
        The site that options are checked against; by default Nottinghamshire, or the first one shipped.
    """
    problems: list[Problem] = []
    against: Site | None = None
    try:
        usual = USUAL_SITE if USUAL_SITE in site_names() else site_names()[0]
        against = load_site(site if site is not None else usual)
    except ScenarioError as error:
        problems += error.problems
    for path in map(str, paths):
        try:
            _check(path, against)
        except ScenarioError as error:
            problems += error.problems
    return sorted(set(problems))


def _check(path: str, against: Site | None) -> None:
    root = read(Path(path), path)
    kind = root.value["kind"][1].value if "kind" in root.value else None
    if kind == "site":
        site_from(root, Path(path), path)
    elif kind == "exercise":
        exercise_from(root, path)
    elif kind == "option":
        if against is not None:
            combine(against, [option_from(root, canonical(Path(path).stem), path, against)])
    else:
        # Without a known kind only what all files share can be checked.
        raise ScenarioError(head(root, path, tuple(root.value)))
