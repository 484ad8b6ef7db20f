"""The starter: an option file to begin with, commented with what the site has today."""

import shlex
import textwrap
from pathlib import Path

from scenarios.explain import explain, written
from scenarios.library import canonical, option_names
from scenarios.problem import Problem, ScenarioError
from scenarios.schema import FOLDER
from scenarios.site import NAME
from simulation.calendar import years_later

TEXT = """\
# yaml-language-server: $schema={schema}
kind: option
name: "{title}"
why: What do you want to find out?

# Changes hold from {start}, the day of decision, for good. Take away the "# " in front of a key to try
# it. All keys there are: iom explain {site}
changes:
{ceiling}
  # A ceiling implies cohort.sizing: resources.
  cohort.ceiling: {{scale: 0.8}}                     # or a value, or {{add: -100}}

{form}
  # This sets it for every team; teams.{team}.co_location.form for one.
  # co_location.form: hub
  # co_location.members: [police, probation, drug_treatment]

{officers}
  # agencies.probation.officers: {{add: 2}}

{workers}
  # agencies.vcs.workers: [{{from: {start}, add: 2}}, {{from: {later}, add: 0}}]   # for a time

# iom check {name}.yaml --site {site}
# iom compare {site} {name}.yaml
"""


def starter(name: str, site: str) -> Path:
    """Write ``name``.yaml, an option that passes every check, in the current folder; return its path.

    Parameters
    ----------
    name
        The option's name, with or without ``.yaml``.
    site
        Name or path of the site whose values the comments tell.

    Raises
    ------
    ScenarioError
        If the name cannot be one or is taken, or the site cannot be read.
    """
    name = name.removesuffix(".yaml")
    path = Path(f"{name}.yaml")
    problems = _unfit(name)
    if not problems and path.exists():
        problems.append(Problem(str(path), 0, 0, "", "is there already", "a new name"))
    text = ""
    try:
        text = _text(name, site)
    except ScenarioError as error:
        problems += error.problems
    if problems:
        raise ScenarioError(problems)
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
    return path


def _unfit(name: str) -> list[Problem]:
    if not NAME.fullmatch(name):
        wanted = "at most 40 letters, digits, _ and -, and no folder"
        return [Problem(name or "(empty)", 0, 0, "", "cannot be the name of an option", wanted)]
    if canonical(name) in ("none", *option_names()):
        return [Problem(name, 0, 0, "", "is the name of a shipped option", "another name")]
    return []


def _text(name: str, site: str) -> str:
    known = {it.key: it for it in explain(site)}
    team = next(key.split(".")[1] for key in known if key.startswith("teams."))
    start = known["start"].value

    def now(key: str, who: str = "") -> str:
        """Return comment lines on what a key stands at and what it takes."""
        it = known[key]
        text = f"{who}{it.label}, now {written(it.value)}: {it.takes}."
        return textwrap.fill(text, 100, initial_indent="  # ", subsequent_indent="  # ")

    return TEXT.format(
        name=name, title=name.replace("_", " ").replace("-", " ").strip().capitalize() or name,
        schema=(FOLDER / "option.schema.json").as_uri(), site=shlex.quote(site), team=team,
        start=start, later=years_later(start, 1), ceiling=now("cohort.ceiling"),
        form=now(f"teams.{team}.co_location.form", f"Team {team}: "),
        officers=now("agencies.probation.officers", "Probation: "),
        workers=now("agencies.vcs.workers", "Voluntary sector: "),
    )  # fmt: skip
