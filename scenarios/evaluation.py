"""Evaluations: a site with effects that are known, and the ways of looking at it that are tried."""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field

from scenarios.change import Change, Step
from scenarios.declared import Part, Text, declared, place_of
from scenarios.library import HERE, canonical, find, is_path, leads_out
from scenarios.option import Option
from scenarios.problem import Problem, ScenarioError, echo
from scenarios.provenance import Leaf
from scenarios.scenario import Scenario, chosen, combine
from scenarios.site import Site, load_site
from scenarios.yaml_file import Node, read
from simulation.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR

Design = Literal[
    "before_and_after", "observed_and_predicted", "matched", "discontinuity", "stepped_start",
    "randomised_people", "randomised_places", "after_prison",
]  # fmt: skip
DESIGNS: tuple[Design, ...] = get_args(Design)
#: Those tried where a file names none: people who leave prison after short sentences are few in most places.
USUAL: tuple[Design, ...] = tuple(design for design in DESIGNS if design != "after_prison")
#: What is lived through for each effect: everybody managed, each half of those who qualify by lot, or
#: nobody for the first months and everybody after them.
Arm = Literal["everybody", "first_half", "second_half", "later"]
_NEEDS: dict[str, tuple[Arm, ...]] = {
    "randomised_people": ("first_half", "second_half"),
    "stepped_start": ("later",),
}
#: Months by which the second half of the places begins later in a stepped start: one year of its panel.
STEP_MONTHS = 12
#: Months after a follow-up in which what was committed in it can still be proven, as in official figures.
PROOF_MONTHS = 6
#: Months within which the first selection meeting is held.
_FIRST_MEETING_MONTHS = 1


def _ascending(values: tuple[int, ...]) -> tuple[int, ...]:
    if list(values) != sorted(set(values)):
        raise ValueError("expected each larger than the last")
    return values


Months = Annotated[int, Field(ge=6, le=60)]
Places = Annotated[int, Field(ge=1, le=1000)]


class Evaluation(Part):
    """An evaluation file."""

    kind: Literal["evaluation"]
    name: Text
    why: Text = "What would each way of looking have reported?"
    site: Text
    effects: Annotated[dict[Annotated[str, Field(pattern=r"^\w{1,30}$")], Text], Field(min_length=1)]
    """By name of the effect, the options that bring it: a+b for two, none for the site as it is."""
    designs: Annotated[tuple[Design, ...], Field(min_length=1)] = USUAL
    follow_up_months: Annotated[tuple[Months, ...], AfterValidator(_ascending), Field(min_length=1)] = (
        12,
        24,
    )
    places: Annotated[tuple[Places, ...], AfterValidator(_ascending), Field(min_length=1)] = (1, 4, 10)
    """Partnerships that one evaluation pools."""
    worlds: Annotated[int, Field(ge=2, le=100_000)] = 100
    """Places that are lived through with each effect."""


@dataclass(frozen=True)
class World:
    """One scenario of an evaluation."""

    effect: str
    arm: Arm
    scenario: Scenario


@dataclass(frozen=True)
class EvaluationFile:
    """An evaluation as read.

    Attributes
    ----------
    name
        The file's name.
    says
        What it says.
    worlds
        Every scenario: each effect in turn, each arm that its designs need.
    years
        Years from the decision date to which every world is lived through.
    """

    name: str
    says: Evaluation
    worlds: tuple[World, ...]
    years: float


def evaluation_names() -> list[str]:
    """Return the names of shipped evaluations."""
    return sorted(canonical(path.stem) for path in (HERE / "evaluations").glob("*.yaml"))


def load_evaluation(name: str) -> EvaluationFile:
    """Return an evaluation by shipped name or path.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the file, its site and its options.
    """
    path, shown = find("evaluation", name)
    return evaluation_from(read(path, shown), path, shown)


def evaluation_from(root: Node, path: Path, shown: str) -> EvaluationFile:
    """Return the evaluation that a file's content says.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the file, its site and its options.
    """
    says, problems = declared(root, shown, Evaluation, "evaluation")
    if says is None:
        raise ScenarioError(problems)
    if max(says.places) > says.worlds / 2:
        wrong, wanted = f"are {max(says.places)} in one evaluation", "at most half of worlds, for two of them"
        problems.append(place_of(root, ["places"]).problem(shown, "places", wrong, wanted))
    place = _site(says, root, path, shown, problems)
    effects = _effects(says, root, path, shown, place, problems) if place is not None else {}
    if problems or place is None:
        raise ScenarioError(problems)
    arms = _arms(says, place)
    worlds = tuple(
        World(effect, arm, combine(place, [*options, own]))
        for (effect, options), (arm, own) in product(effects.items(), arms.items())
    )
    months = max(says.follow_up_months) + PROOF_MONTHS + _FIRST_MEETING_MONTHS
    before = (place.parameters.start - place.parameters.iom_start).days
    years = max((months * DAYS_PER_MONTH - before) / DAYS_PER_YEAR, 0.1)
    return EvaluationFile(canonical(path.stem), says, worlds, years)


def _site(says: Evaluation, root: Node, path: Path, shown: str, problems: list[Problem]) -> Site | None:
    name = _beside(says.site, "site", place_of(root, ["site"]), path, shown, problems)
    try:
        return load_site(name) if name else None
    except ScenarioError as error:
        problems += error.problems
        return None


def _effects(
    says: Evaluation, root: Node, path: Path, shown: str, place: Site, problems: list[Problem]
) -> dict[str, list[Option]]:
    """Return the options of every effect, held from the first day on unless they are dated."""
    found: dict[str, list[Option]] = {}
    made: dict[str, str] = {}
    for effect, text in says.effects.items():
        key, node = f"effects.{effect}", place_of(root, ["effects", effect])
        names = [_beside(name.strip(), key, node, path, shown, problems) for name in text.split("+")]
        options, unread = chosen(place, "+".join(filter(None, names)))
        problems += [replace(it, file=shown, line=node.line, column=node.column, key=key) for it in unread]
        found[effect] = [_from_the_first_day(option, place) for option in options]
        problems += [problem for option in options for problem in option.problems]
        if unread:
            continue
        try:
            scenario = combine(place, found[effect])
        except ScenarioError as error:
            problems += error.problems
            continue
        other = made.setdefault(scenario.name, effect)
        if other != effect:
            wanted = "effects that differ"
            problems.append(node.problem(shown, key, f"is {echo(text)}, which {other} is as well", wanted))
    return found


def _beside(name: str, key: str, node: Node, path: Path, shown: str, problems: list[Problem]) -> str:
    """Return a name, or the path of a file in the evaluation's own folder; nothing if there is none."""
    if not is_path(name):
        return name
    if leads_out(name, path):
        wrong = f"{name!r:.60} leads out of the file's own folder"
        problems.append(node.problem(shown, key, wrong, "a file in the same folder"))
        return ""
    if not (path.parent / name).exists():
        expected = f"a file in this folder or a shipped {'site' if key == 'site' else 'option'}"
        problems.append(node.problem(shown, key, f"{name!r:.60} is missing", expected))
        return ""
    return str(path.parent / name)


def _from_the_first_day(option: Option, place: Site) -> Option:
    first, start = place.parameters.iom_start, place.parameters.start

    def earlier(step: Step) -> Step:
        return replace(step, since=first) if step.since == start else step

    changes = (replace(change, steps=tuple(map(earlier, change.steps))) for change in option.changes)
    return replace(option, changes=tuple(changes))


def _arms(says: Evaluation, place: Site) -> dict[Arm, Option]:
    """Return the arms that the designs need, as options."""
    first = place.parameters.iom_start
    then = first + timedelta(days=round(STEP_MONTHS * DAYS_PER_MONTH))
    steps: dict[Arm, dict[str, tuple[Step, ...]]] = {
        "everybody": {},
        "first_half": {"highest": (Step(first, "value", 0.5, 0, 0),)},
        "second_half": {"lowest": (Step(first, "value", 0.5, 0, 0),)},
        "later": {"highest": (Step(first, "value", 0.0, 0, 0), Step(then, "value", 1.0, 0, 0))},
    }
    needed = {"everybody", *(arm for design in says.designs for arm in _NEEDS.get(design, ()))}
    return {
        arm: Option(arm, "evaluation", tuple(_lots(key, own) for key, own in parts.items()))
        for arm, parts in steps.items()
        if arm in needed
    }


def _lots(key: str, steps: tuple[Step, ...]) -> Change:
    leaf = Leaf(steps[-1].amount, "generated by the evaluation", "assumed")
    return Change(("cohort", "lots", key), steps, "evaluation", 0, 0, leaf)
