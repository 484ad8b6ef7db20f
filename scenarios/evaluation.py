"""Evaluations: a site with effects that are known, and the ways of looking at it that are tried."""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field

from scenarios.change import Change, Step
from scenarios.declared import Part, Text, declared, place_of
from scenarios.library import HERE, beside, canonical, find
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
MOST_EFFECTS = 20
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
    effects: Annotated[
        dict[Annotated[str, Field(pattern=r"^\w{1,30}$")], Text], Field(min_length=1, max_length=MOST_EFFECTS)
    ]
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
    place = _site(root, path, shown, problems)
    effects = _effects(root, path, shown, place, problems)
    if says is not None and max(says.places) > says.worlds / 2:
        wrong, wanted = f"are {max(says.places)} in one evaluation", "at most half of worlds, for two of them"
        problems.append(place_of(root, ["places"]).problem(shown, "places", wrong, wanted))
    if problems or says is None or place is None:
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


def _site(root: Node, path: Path, shown: str, problems: list[Problem]) -> Site | None:
    """Return the site that is named, whatever else is wrong; that it is no text is told already."""
    node = place_of(root, ["site"])
    if not isinstance(node.value, str) or not node.value.strip():
        return None
    name, wrong = beside("site", "site", node, node.value, path, shown)
    problems += wrong
    try:
        return load_site(name) if name else None
    except ScenarioError as error:
        problems += error.problems
        return None


def _effects(
    root: Node, path: Path, shown: str, place: Site | None, problems: list[Problem]
) -> dict[str, list[Option]]:
    """Return the options of every effect, held from the first day on unless they are dated."""
    found: dict[str, list[Option]] = {}
    made: dict[tuple[str, ...], str] = {}
    node = place_of(root, ["effects"])
    said = list(node.value.items()) if node is not root and node.is_mapping else []
    for effect, (_, text) in said[:MOST_EFFECTS]:
        if not isinstance(text.value, str):
            continue
        names = _named(text, f"effects.{effect}", path, shown, problems)
        if place is None or names is None:
            continue
        other = made.setdefault(tuple(map(canonical, names)), effect)
        if other != effect:
            wrong = f"is {echo(text.value)}, which {other} is as well"
            problems.append(text.problem(shown, f"effects.{effect}", wrong, "effects that differ"))
            continue
        found[effect] = options = _effect(names, place, problems)
        try:
            combine(place, options)
        except ScenarioError as error:
            problems += error.problems
    return found


def _named(node: Node, key: str, path: Path, shown: str, problems: list[Problem]) -> list[str] | None:
    """Return the options that a text names, as they can be found; nothing if one cannot be."""
    parts = [name.strip() for name in node.value.split("+")]
    found = [beside("option", key, node, name, path, shown) for name in parts if name not in ("", "none")]
    problems += [problem for _, wrong in found for problem in wrong]
    names = [name for name, _ in found]
    return names if all(names) else None


def _effect(names: list[str], place: Site, problems: list[Problem]) -> list[Option]:
    options, unread = chosen(place, "+".join(names))
    problems += unread
    return [_from_the_first_day(option, place) for option in options]


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
