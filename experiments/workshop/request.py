"""What the page may ask for: a place, options, luck, and dated decisions, turned into one scenario.

Decisions are written as an option file and read by the loader, as any file is: what the page shows and what
a planner runs from the exported file come out of the same text. What a decision implies is written down with
it: left to the loader, which reads the file as a whole, a later decision would undo what an earlier implied.
"""

import json
import shlex
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from scenarios import Scenario, ScenarioError, load, option_names
from scenarios.exercise import Exercise, why_not
from scenarios.library import canonical
from scenarios.option import option_from
from scenarios.problem import Problem
from scenarios.scenario import IMPLIED, combine
from scenarios.site import Site, load_site
from scenarios.tree import value_at
from scenarios.yaml_file import parse
from simulation.calendar import years_later

#: Letters in the name of a site file; a second file of the name has a number behind it.
LONGEST_NAME = 60
Place = Annotated[str, Field(max_length=LONGEST_NAME + 5)]
Text = Annotated[str, Field(max_length=300)]
Key = Annotated[str, Field(max_length=120, pattern=r"^[A-Za-z0-9_.-]+$")]
Word = Annotated[str, Field(max_length=60, pattern=r"^[A-Za-z0-9_-]*$")]


def _one_sentence(value: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(value)
    except ValidationError:
        wanted = "expected a number, a word, true or false, or a list of at most twenty words"
        raise PydanticCustomError("value", wanted) from None


#: Of what it may be, each would say for itself that it is not that.
Value = Annotated[
    bool | int | float | Word | Annotated[list[Word], Field(max_length=20)], WrapValidator(_one_sentence)
]
FILE = "decisions.yaml"
SCENARIOS_KEPT = 64


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


class Decision(_Closed):
    """What a review meeting decided, and why."""

    since: date
    changes: Annotated[dict[Key, Value], Field(min_length=1, max_length=30)]
    because: Text
    expect: Text = ""


class Asked(_Closed):
    """A run that the page asks for."""

    site: Place
    options: Annotated[list[Word], Field(max_length=4)] = []
    decisions: Annotated[list[Decision], Field(max_length=40)] = []
    seed: Annotated[int, Field(ge=0, lt=2**53)] = 1
    replication: Annotated[int, Field(ge=0, lt=10_000)] = 0
    years: Annotated[float, Field(ge=0.25, le=5)] = 2.0


class Meeting(Asked):
    """A review meeting at which somebody is about to decide something: a room, if it says which it is."""

    since: date
    room: Word = ""


class Places:
    """The sites a workshop offers.

    Parameters
    ----------
    files
        Names as shown to files or shipped names.
    """

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files
        self._scenario = lru_cache(SCENARIOS_KEPT)(self._loaded)
        self._place = lru_cache(len(files))(lambda site, written: load_site(site))

    def site(self, asked: Asked) -> str:
        """Return the file or shipped name of the site asked for.

        Raises
        ------
        ScenarioError
            If the workshop does not offer it; a path is never taken from the page.
        """
        if asked.site not in self.files:
            raise _refused(asked.site, "is not offered here", f"one of {', '.join(self.files)}")
        return self.files[asked.site]

    def scenario(self, asked: Asked) -> Scenario:
        """Return the scenario asked for.

        Raises
        ------
        ScenarioError
            With everything that is wrong with it.
        """
        return self._scenario(asked.model_dump_json(), _written(self.site(asked)))

    def place(self, asked: Asked) -> Site:
        """Return the site asked for, read again only if its file was written again.

        Raises
        ------
        ScenarioError
            With everything that is wrong with it.
        """
        site = self.site(asked)
        return self._place(site, _written(site))

    def of_exercise(self, exercise: Exercise) -> dict[str, str]:
        """Return for each place why an exercise makes no sense there; nothing where it does."""
        found = {}
        for name in self.files:
            try:
                found[name] = why_not(exercise, self.place(Asked(site=name)))
            except ScenarioError as error:
                found[name] = str(error.problems[0])
        return found

    def before(self, meeting: Meeting) -> Scenario:
        """Return the scenario as it stands before a meeting.

        Raises
        ------
        ScenarioError
            If the meeting is not in the run, or not after every decision.
        """
        _within(meeting.since, self.place(meeting), meeting.years)
        if any(decision.since >= meeting.since for decision in meeting.decisions):
            wrong = f"something is decided already on {meeting.since} or later"
            raise _refused(FILE, wrong, "a meeting after every decision")
        return self.scenario(Asked.model_validate(meeting.model_dump(exclude={"since", "room"})))

    def _loaded(self, wanted: str, written: int) -> Scenario:
        asked = Asked.model_validate_json(wanted)
        site = self.site(asked)
        for name in asked.options:
            if canonical(name) not in option_names():
                raise _refused(name, "is no shipped option", f"one of {', '.join(option_names())}")
        if not asked.decisions:
            return load(site, "+".join(asked.options))
        place = self.place(asked)
        text = self.option_text(asked)
        return combine(place, [option_from(parse(text, FILE), "decisions", FILE, place)])

    def option_text(self, asked: Asked) -> str:
        """Return the option file of the options and decisions together, each change from its day on.

        Raises
        ------
        ScenarioError
            If an option cannot be read, or a decision's date is not in the run.
        """
        place = self.place(asked)
        lines = [
            "kind: option",
            "name: Decisions of a workshop", f"why: {_written_as(_why(asked))}",
            f"# To run it again: {self.command(asked, FILE)}", "changes:",
        ]  # fmt: skip
        for key, steps in self._steps(asked, place).items():
            lines.append(f"  {key}:")
            for since, value, reason, _ in steps:
                if reason:
                    lines.append(f"    # {reason}")
                lines.append(f"    - {{from: {since}, value: {_written_as(value)}}}")
        return "\n".join(lines) + "\n"

    def implied(self, asked: Asked) -> list[dict[str, Any]]:
        """Return what the decisions imply beside what they say: from when, the key and its value.

        Raises
        ------
        ScenarioError
            If an option cannot be read, or a decision's date is not in the run.
        """
        steps = self._steps(asked, self.place(asked))
        return [
            {"since": step.since.isoformat(), "key": key, "value": step.value}
            for key in steps for step in steps[key] if step.implied
        ]  # fmt: skip

    def command(self, asked: Asked, file: str) -> str:
        """Return the command that repeats the run and its comparison from the exported file."""
        # What the room saw was lived on the place's own values, so replication 0 is to be that run.
        chance = () if asked.seed == 1 else ("--seed", str(asked.seed))
        settings = ("--years", f"{asked.years:g}", *chance, "--replications", "20", "--draw", "none")
        return shlex.join(("iom", "compare", from_here(self.site(asked)), file, *settings))

    def _steps(self, asked: Asked, place: Site) -> dict[str, list["_Step"]]:
        """Return the dated values of every key that options or decisions set, in the order of dates."""
        steps: dict[str, list[_Step]] = {}
        changes = load(self.site(asked), "+".join(asked.options)).changes if asked.options else ()
        for change in changes:
            base = value_at(place.values, change.path)
            steps[change.key] = [
                _Step(step.since, step.applied(base), change.file) for step in change.steps if step.since
            ]
        for decision in sorted(asked.decisions, key=lambda one: one.since):
            _within(decision.since, place, asked.years)
            made = {
                key: _Step(decision.since, value, _reason(decision))
                for key, value in decision.changes.items()
            }
            for key, step in {**_implied(decision, steps, place), **made}.items():
                steps[key] = [*(one for one in steps.get(key, []) if one.since != step.since), step]
        return {key: sorted(found, key=lambda step: step.since) for key, found in steps.items()}


class _Step(NamedTuple):
    """A value from a day on, and why."""

    since: date
    value: Any
    reason: str
    implied: bool = False


def _implied(decision: Decision, before: Mapping[str, list[_Step]], place: Site) -> dict[str, _Step]:
    """Return what a decision implies, as things stand when it is made and whatever is decided later."""
    found = {}
    for cause, (path, value) in IMPLIED.items():
        key, because = ".".join(path), ".".join(cause)
        begun = [step for step in before.get(key, []) if step.since <= decision.since]
        stands = max(begun, key=lambda step: step.since).value if begun else value_at(place.values, path)
        if because in decision.changes and stands != value:
            found[key] = _Step(decision.since, value, f"implied by {because}", implied=True)
    return found


def _written(site: str) -> int:
    """Return when a site's file was written; a shipped site is never written again."""
    path = Path(site)
    return path.stat().st_mtime_ns if path.is_file() else 0


def _within(since: date, place: Site, years: float) -> None:
    start = place.parameters.start
    end = years_later(start, years)
    if not start <= since < end:
        raise _refused(FILE, f"a decision is dated {since}", f"a date from {start}, before {end}")


def _why(asked: Asked) -> str:
    return _plain("; ".join(decision.because for decision in asked.decisions) or "Played in a workshop")[:300]


def _reason(decision: Decision) -> str:
    told = f"because: {decision.because}" if decision.because else ""
    expected = f"expected: {decision.expect}" if decision.expect else ""
    return _plain("; ".join(filter(None, (told, expected))))


def _written_as(value: Any) -> str:
    """Return a value as a file has it; letters beyond the first 65,536 stay themselves, not two halves."""
    return json.dumps(value, ensure_ascii=False)


def _plain(text: str) -> str:
    """Return text of one line that cannot end a comment."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def from_here(site: str) -> str:
    """Return a site as it is called from the folder that the workshop was opened in."""
    here = Path.cwd()
    return str(Path(site).relative_to(here)) if Path(site).is_relative_to(here) else site


def _refused(name: str, wrong: str, expected: str) -> ScenarioError:
    return ScenarioError([Problem(name[:60] or "(empty)", 0, 0, "", wrong, expected)])
