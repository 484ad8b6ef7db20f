"""Exercises: forty-five minutes for a room, as a facilitator's sheet, a handout and a run to guess about."""

from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field

from scenarios.declared import Part, Text, declared, place_of
from scenarios.library import HERE, canonical, find, option_names, site_names
from scenarios.problem import Problem, ScenarioError, echo
from scenarios.site import Site, load_site
from scenarios.tree import did_you_mean, leaves
from scenarios.yaml_file import Node, read

MINUTES = 45
Texts = Annotated[list[Text], Field(min_length=1, max_length=20)]
#: What a room can be asked to guess: sums over the years of a run.
GuessedOutcome = Literal[
    "proven_offences",
    "committed_offences",
    "sac_offences",
    "contacts_expired",
    "contacts_made",
    "contacts_missed",
]


class Setting(Part):
    """The run that the room plays."""

    site: Text
    options: list[Text] = Field(default_factory=list)
    years: Annotated[float, Field(ge=0.5, le=5)] = 2.0
    hidden: bool = False
    """Whether the options are kept from the room until the debrief."""


class Question(Part):
    """What the teams guess before they run."""

    text: Text
    outcome: GuessedOutcome


class Spell(Part):
    """A part of the forty-five minutes."""

    minutes: Annotated[int, Field(ge=1, le=MINUTES)]
    what: Text


class Evidence(Part):
    """What is known outside the model, and where it stands."""

    source: Text
    says: Text


class Need(Part):
    """What a place has to have for an exercise to make sense there."""

    key: Text
    """A key of the place; ``*`` stands for any part of it."""
    other_than: Annotated[list[str | float], Field(min_length=1, max_length=20)]
    """Values that are of no use: the place needs another one somewhere."""
    because: Text
    """What is said where it has none."""


class Exercise(Part):
    """One exercise."""

    kind: Literal["exercise"]
    name: Text
    number: Annotated[int, Field(ge=1, le=99)]
    """Its place in the order in which exercises are best played."""
    why: Text
    aim: Text
    setting: Setting
    needs: list[Need] = Field(default_factory=list)
    question: Question
    plan: Annotated[list[Spell], Field(min_length=3, max_length=12)]
    steps: Texts
    notice: Texts
    trap: Text
    debrief: Texts
    evidence: Annotated[list[Evidence], Field(min_length=1, max_length=12)]
    assumed: Texts
    handout: Texts


def why_not(exercise: Exercise, place: Site) -> str:
    """Return why an exercise makes no sense at a place, in a sentence; nothing where it does."""
    values = [(".".join(path), value) for path, value in leaves(place.values)]
    for need in exercise.needs:
        if not any(fnmatchcase(key, need.key) and value not in need.other_than for key, value in values):
            return need.because
    return ""


def exercise_names() -> list[str]:
    """Return the names of shipped exercises."""
    return sorted(canonical(path.stem) for path in (HERE / "exercises").glob("*.yaml"))


def exercises() -> dict[str, Exercise]:
    """Return the shipped exercises by name, in the order in which they are best played."""
    shipped = {name: load_exercise(name) for name in exercise_names()}
    return dict(sorted(shipped.items(), key=lambda named: named[1].number))


def load_exercise(name: str) -> Exercise:
    """Return an exercise by shipped name or path.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the file.
    """
    path, shown = find("exercise", name)
    return exercise_from(read(path, shown), shown)


def exercise_from(root: Node, shown: str) -> Exercise:
    """Return the exercise that a file's content says.

    Raises
    ------
    ScenarioError
        With everything that is wrong with it.
    """
    exercise, problems = declared(root, shown, Exercise, "exercise")
    if exercise is not None:
        problems += _not_there(exercise, root, shown)
    if exercise is None or problems:
        raise ScenarioError(problems)
    return exercise


def _not_there(exercise: Exercise, root: Node, shown: str) -> list[Problem]:
    """Return a problem for each thing that an exercise leans on and that is not so."""
    problems = []
    site = place_of(root, ["setting", "site"])
    if canonical(exercise.setting.site) not in site_names():
        hint = did_you_mean(exercise.setting.site, site_names())
        wrong = "there is no site of this name"
        problems.append(site.problem(shown, "setting.site", wrong, f"one of {', '.join(site_names())}", hint))
    for number, option in enumerate(exercise.setting.options):
        if canonical(option) not in option_names():
            place = place_of(root, ["setting", "options", str(number)])
            wrong = f"there is no option {echo(option)}"
            problems.append(
                place.problem(shown, "setting.options", wrong, f"one of {', '.join(option_names())}")
            )
    if not problems:
        own = load_site(exercise.setting.site)
        reason = why_not(exercise, own)
        if reason:
            needs = place_of(root, ["needs"])
            wrong = f"its own site has nothing of this kind ({reason})"
            problems.append(needs.problem(shown, "needs", wrong, "keys and values of a site"))
    total = sum(spell.minutes for spell in exercise.plan)
    if total != MINUTES:
        problems.append(
            place_of(root, ["plan"]).problem(shown, "plan", f"takes {total} minutes", f"{MINUTES} in all")
        )
    return problems
