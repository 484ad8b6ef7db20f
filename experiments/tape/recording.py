"""Recording a run week by week: where everybody is, what staff did, what waits, what news travels.

A tape is a head and then one line a week, each a JSON object, so that a player can begin before the run
ends. Lists are in the order that the head names, so that rooms to come add names and no player breaks.
People are numbered by row, in the order in which they first come to the partnership's notice; a number
says nothing about anybody in an area's own files.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.tape.news import NewsCounts, network
from simulation import IOMModel, Parameters
from simulation.bands import COLOURS, NONE, WHITE
from simulation.calendar import WEEK
from simulation.co_location import AGENCY_NAMES
from simulation.meetings import is_due
from simulation.pathways import WAITING
from simulation.programmes import PATHWAYS
from simulation.slots import SLOTS

VERSION = 2
#: A person's character: the band the team has them in, by code; a capital letter for who is in custody.
AT_LIBERTY, IN_CUSTODY, GONE = "garbw.", "GARBW:", "-"
_MOVE = re.compile(r"(\d*)(\D)")
_LETTERS = np.frombuffer((AT_LIBERTY + IN_CUSTODY + GONE).encode(), dtype=np.uint8)

#: Counts of the whole pool, which the twin has as well: name, label, unit.
OF_WORLD = (
    ("proven_offences", "Proven offences", "offences"),
    ("committed_offences", "Offences committed", "offences"),
    ("sac_offences", "Serious acquisitive crime", "offences"),
    ("arrests", "Arrests", "people"),
    ("sanctions", "Sanctions", "people"),
    ("breaches", "Breaches enforced", "people"),
)
OF_PARTNERSHIP = (
    ("contacts_due", "Contacts due", "contacts"),
    ("contacts_made", "Contacts made or tried", "contacts"),
    ("contacts_missed", "Contacts at which nobody was found", "contacts"),
    ("contacts_expired", "Contacts lapsed", "contacts"),
    ("contact_minutes", "Minutes with people", "minutes"),
    ("cases_discussed", "Cases discussed at meetings", "people"),
    ("iom_cost_gbp", "Cost of the partnership", "gbp"),
)
#: Levels at the end of a week.
LEVELS = (
    ("in_custody", "In custody, whole pool", "people"),
    ("caseload", "People carried", "people"),
    ("wrong_bands", "People in a wrong band", "people"),
)


def record(model: IOMModel) -> Iterator[dict[str, Any]]:
    """Live through the measured weeks of a run with a partnership and yield its tape: head, then weeks.

    Parameters
    ----------
    model
        A run that has not gone beyond the decision date; what is before it is lived through first.

    Yields
    ------
    dict
        JSON values. The caller adds what it knows of names and options to the head.
    """
    _live_until(model, model.measured_from)
    recording = _Recording(model)
    yield recording.head()
    for number in range(1, weeks_of(model) + 1):
        _live_until(model, model.measured_from + number * WEEK)
        yield recording.week(number)


def record_twin(model: IOMModel) -> Iterator[dict[str, Any]]:
    """Live through the measured weeks without a partnership and yield their lines, week by week."""
    _live_until(model, model.measured_from)
    yield {"tape": VERSION, "twin": True, "weeks": weeks_of(model), "lines": _named(OF_WORLD)}
    for number in range(1, weeks_of(model) + 1):
        _live_until(model, model.measured_from + number * WEEK)
        yield {"week": number, "lines": [_sum(model, name) for name, _, _ in OF_WORLD]}


def weeks_of(model: IOMModel) -> int:
    """Return the whole weeks between the decision date and the end."""
    return (model.days - model.measured_from) // WEEK


def _live_until(model: IOMModel, day: int) -> None:
    while model.day < day:
        model.step()


def _named(declared: tuple[tuple[str, str, str], ...]) -> list[dict[str, str]]:
    return [{"name": name, "label": label, "unit": unit} for name, label, unit in declared]


def _sum(model: IOMModel, name: str) -> int:
    return round(float(model.recorder.daily(name)[model.day - WEEK : model.day].sum()))


def _queue(name: str, group: str) -> dict[str, str]:
    return {"name": name, "label": name.replace("_", " "), "group": group}


class _Recording:
    """Reads a run at the end of each week, and never writes to it."""

    def __init__(self, model: IOMModel) -> None:
        self.model, self.works = model, model.works
        self.shown: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self.letters: NDArray[np.uint8] = np.zeros(0, dtype=np.uint8)
        self.parameters: Parameters | None = None
        self.news = NewsCounts(model.recorder)

    def head(self) -> dict[str, Any]:
        """Return what holds for the whole tape, and everybody's place as it begins."""
        model, bands = self.model, self.model.parameters.bands
        return {
            "tape": VERSION,
            "start": model.calendar.date(model.measured_from).isoformat(),
            "weeks": weeks_of(model),
            "letters": {"at_liberty": AT_LIBERTY, "in_custody": IN_CUSTODY, "gone": GONE},
            "bands": {colour: bands.local_name(colour) for colour in COLOURS},
            "agencies": [{"name": name, "label": label} for name, label in AGENCY_NAMES.items()],
            "queues": [
                *(_queue(slot.name, "contacts and court") for slot in SLOTS),
                {"name": "court", "label": "court sittings", "group": "contacts and court"},
                *(_queue(pathway, "places on pathways") for pathway in PATHWAYS),
            ],
            "lines": _named(OF_WORLD + OF_PARTNERSHIP + LEVELS),
            "news_kinds": NewsCounts.kinds(),
            **self._new(),
            "places": self._places(),
        }

    def week(self, number: int) -> dict[str, Any]:
        """Return the line of the week that has just ended."""
        model = self.model
        sums = [_sum(model, name) for name, _, _ in OF_WORLD + OF_PARTNERSHIP]
        levels = [round(model.recorder.daily(name)[model.day - 1]) for name, _, _ in LEVELS]
        return {
            "week": number,
            **self._new(),
            "moves": self._moves(),
            "used": [_sum(model, f"minutes_used_{name}") for name in AGENCY_NAMES],
            "open": [_sum(model, f"minutes_open_{name}") for name in AGENCY_NAMES],
            "queues": self._queues(),
            "lines": sums + levels,
            "news": self.news.of_week(model.day),
            **self._review(),
        }

    def _new(self) -> dict[str, Any]:
        """Return who is new on the tape, and the news network if it may have changed."""
        caseload = self.works.caseload
        known = caseload.carried | (caseload.band == WHITE)
        known[self.shown] = False
        new = np.flatnonzero(known)
        self.shown = np.concatenate([self.shown, new])
        told: dict[str, Any] = {"people": new.tolist()}
        if self.parameters is not self.model.parameters:
            self.parameters = self.model.parameters
            told["network"] = network(self.parameters, self.works.staffing)
        return told

    def _places(self) -> str:
        """Return everybody's letter."""
        caseload, world = self.works.caseload, self.model.world
        inside = world.custody.holds[self.shown] > 0
        band = caseload.band[self.shown]
        code = band + inside * len(AT_LIBERTY)
        gone = (world.record.leaves[self.shown] <= self.model.day) & ~inside & (band == NONE)
        code = np.where(gone, len(_LETTERS) - 1, code)
        self.letters = _LETTERS[code]
        return self.letters.tobytes().decode()

    def _moves(self) -> str:
        """Return whose letter is another than a week ago: steps on in the order of people, and the letter."""
        before = self.letters
        places = self._places()
        same = before == self.letters[: len(before)]
        moved = np.concatenate([np.flatnonzero(~same), np.arange(len(before), len(places))])
        steps = np.diff(moved, prepend=-1)
        return "".join(
            (str(step) if step > 1 else "") + places[person]
            for person, step in zip(moved.tolist(), steps.tolist(), strict=True)
        )

    def _queues(self) -> list[int]:
        """Return what waits: contacts by kind, cases for a sitting, people for a place on each pathway."""
        waiting = self.works.contacts.remaining[self.works.caseload.rows()] > 0
        court = len(self.model.world.justice.hearings.waiting)
        for_a_place = np.count_nonzero(self.works.pathways.stage == WAITING, axis=0)
        return [*np.count_nonzero(waiting, axis=0).tolist(), court, *for_a_place.tolist()]

    def _review(self) -> dict[str, str]:
        """Return date and local name of the week's review meeting, the rarest if several are; or no date."""
        calendar, table = self.model.calendar, self.model.parameters.meetings
        reviews = [key for key, meeting in table.items() if "review" in meeting.purposes]
        rarest = max(reviews, key=lambda key: table[key].every_days, default="")
        for day in range(self.model.day - WEEK, self.model.day):
            if rarest and is_due(table[rarest], day, calendar):
                return {"review": calendar.date(day).isoformat(), "meeting": table[rarest].local_name(rarest)}
        return {"review": ""}


def places(lines: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield everybody's letters line by line: those of a tape's head, then those at the end of each week."""
    letters: list[str] = []
    for line in lines:
        letters = list(line.get("places", letters))
        person = -1
        for step, letter in _MOVE.findall(line.get("moves", "")):
            person += int(step or 1)
            letters[person : person + 1] = letter
        yield "".join(letters)
