"""Checking files: every problem in all of them, at once."""

from collections.abc import Sequence
from pathlib import Path

from scenarios.library import KINDS, head, site_names
from scenarios.problem import Problem, ScenarioError
from scenarios.scenario import combine
from scenarios.site import Site, load_site
from scenarios.yaml_file import read


def check(paths: Sequence[str | Path], site: str | None = None) -> list[Problem]:
    """Return everything that is wrong in files, sorted by file and line.

    Parameters
    ----------
    paths
        YAML files.
    site
        The site that options are checked against; by default the first one shipped.
    """
    problems: list[Problem] = []
    against: Site | None = None
    try:
        against = load_site(site if site is not None else site_names()[0])
    except ScenarioError as error:
        problems += error.problems
    for path in map(str, paths):
        try:
            root = read(Path(path), path)
            kind = root.value["kind"][1].value if "kind" in root.value else None
            if kind == "site":
                load_site(path)
            elif kind == "option":
                if against is not None:
                    combine(against, path)
            else:
                raise ScenarioError(head(root, path, tuple(root.value), None) or [_unknown(path, KINDS)])
        except ScenarioError as error:
            problems += error.problems
    return sorted(set(problems))


def _unknown(path: str, kinds: tuple[str, ...]) -> Problem:
    return Problem(path, 1, 1, "kind", "is not known", f"one of {', '.join(kinds)}")
