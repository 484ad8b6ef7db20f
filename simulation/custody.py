"""Custody: reception, time served, release, licence and recall."""

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation.careers import Careers
from simulation.declare import Column, Event
from simulation.people import People
from simulation.record import Record
from simulation.recorder import Recorder
from simulation.sentencing import CUSTODY, Sentence, Sentencing

LIBERTY, REMAND, SENTENCED, RECALLED = 0, 1, 2, 3
#: Moves happen in office hours, after the night in which offences are put.
RELEASE_HOUR = 0.35

EVENTS = (
    Event("reception", "custody", "a person is received into custody"),
    Event("release", "custody", "a person is released from custody"),
    Event("departed", "custody", "a person leaves the area for good, or dies"),
    Event("breach", "custody", "a breach of an order or licence is enforced"),
)


class Custody:
    """Where each person is held, since when and until when.

    A person is at liberty once they have joined the pool and no hold is left: a remand, a sentence, a
    recall. Each hold is a process that reads as it happens; several can overlap.

    Parameters
    ----------
    env, people, record, recorder
        The clock, the column store, the records and the counts.
    careers
        The pool as it was grown: who is inside when the run begins.
    sentencing
        The days served after an enforced breach, and how long appointments go on.
    on_move
        Called with the person, the time and whether they are now in custody.
    """

    def __init__(
        self, env: simpy.Environment, people: People, record: Record, recorder: Recorder, careers: Careers,
        sentencing: Sentencing, on_move: Callable[[int, float, bool], None],
    ) -> None:  # fmt: skip
        self.env, self.record, self.recorder = env, record, recorder
        self.sentencing, self.on_move = sentencing, on_move
        count = people.count

        def own(name: str, dtype: str, about: str, unit: str = "", start: float = 0.0) -> Any:
            return people.own(Column(name, dtype, "custody", about, unit, start))

        self.place = own("place", "int8", "0 liberty, 1 remand, 2 sentenced, 3 recalled")
        self.at_liberty = own("at_liberty", "bool", "has joined the pool and is not held")
        self.holds = own("holds", "int32", "holds in force")
        self.held_since = own("held_since", "float64", "day of the latest reception", "days")
        self.due_out = own("due_out", "float64", "day the sentence being served ends", "days", -np.inf)
        self.supervised_until = own("supervised_until", "float64", "end of order or licence", "days", -np.inf)
        self._obliged_until = own("obliged_until", "float64", "end of appointments", "days", -np.inf)
        self._short = own("short_sentence", "bool", "the sentence in force was too short for a licence")
        self.licence_days = own("licence_days", "float64", "supervision that follows release", "days")
        self.sentence_number = own("sentence_number", "int32", "sentence in force")
        self._held_for = np.zeros((count, 4), dtype=np.int8)
        self.custody_days = np.zeros(count)
        #: Sentences being served: days from release to the breach of what follows, by person.
        self._serving: dict[int, float] = {}
        env.process(self._join(careers))
        env.process(self._depart())

    def _join(self, careers: Careers) -> Generator[simpy.Event, Any, None]:
        """Bring everyone in: those of the first day, then each on the day they turn prolific."""
        for person in np.argsort(careers.joins, kind="stable"):
            yield self.env.timeout(max(0.0, careers.joins[person] - self.env.now))
            self._enter(int(person), careers)

    def _depart(self) -> Generator[simpy.Event, Any, None]:
        """Let people leave the area for good; whoever is inside leaves on release."""
        leaves = self.record.leaves
        for person in np.argsort(leaves, kind="stable"):
            if np.isinf(leaves[person]):
                return
            yield self.env.timeout(max(0.0, np.floor(leaves[person]) + RELEASE_HOUR - self.env.now))
            self.at_liberty[person] = False
            self.recorder.log(int(person), "departed", self.env.now)

    def _enter(self, person: int, careers: Careers) -> None:
        released, until = float(careers.released[person]), float(careers.supervised_until[person])
        self.sentence_number[person], self._short[person] = careers.sanctions[person], careers.short[person]
        supervised = max(0.0, until - released)
        breach_after = float(careers.breach_day[person]) - released
        if released > self.env.now:
            self._serve_until(person, released, supervised, breach_after)
        else:
            self.at_liberty[person] = self.env.now < self.record.leaves[person]
            self._supervise(
                person, until - self.env.now, breach_after - (self.env.now - released), supervised
            )

    def statutory(self, who: NDArray[np.int64], day: int) -> NDArray[np.bool_]:
        """Return who is under supervision, or will be on licence after the sentence they serve."""
        return np.asarray((self.supervised_until[who] > day) | (self.licence_days[who] > 0))

    def obliged(self, who: NDArray[np.int64], day: int) -> NDArray[np.bool_]:
        """Return who has to keep appointments: the statutory, but for the last part of a supervision."""
        return np.asarray((self._obliged_until[who] > day) | (self.licence_days[who] > 0))

    def hold(self, person: int, place: int) -> None:
        """Receive a person, or add a hold to one who is inside."""
        now = self.env.now
        received = self.holds[person] == 0
        self.holds[person] += 1
        self._held_for[person, place] += 1
        self._set_place(person)
        if received:
            self.held_since[person] = now
            self.at_liberty[person] = False
            self.recorder.log(person, "reception", now)
            self.on_move(person, now, True)

    def drop(self, person: int, place: int) -> None:
        """Take one hold away; release the person if it was the last.

        Offence-free time starts anew at release if there was a sanction since the reception, or if a
        sentence has been served; after a remand or a recall alone it only stood still.
        """
        now = self.env.now
        self.holds[person] -= 1
        self._held_for[person, place] -= 1
        self._set_place(person)
        if self.holds[person] > 0:
            return
        self.at_liberty[person] = np.floor(now) < np.floor(self.record.leaves[person])
        if place == SENTENCED or self.record.sanctioned[person] >= self.held_since[person]:
            self.record.restart(person, now)
        else:
            self.record.pause(person, now - float(self.held_since[person]))
        self.custody_days[person] += now - float(self.held_since[person])
        self.recorder.log(person, "release", now)
        self.on_move(person, now, False)

    def _set_place(self, person: int) -> None:
        """Name the weightiest of the holds in force."""
        self.place[person] = next(
            (place for place in (SENTENCED, RECALLED, REMAND) if self._held_for[person, place]), LIBERTY
        )

    def sentence(self, person: int, number: int, passed: Sentence, *, breach_recorded: bool) -> None:
        """Carry out a sentence passed now; passed under supervision it can be a recorded breach as well."""
        if self.supervised_until[person] > self.env.now and breach_recorded:
            self.record.breach(person)
        self.sentence_number[person] = number
        if passed.disposal == CUSTODY or not self._held_for[person, SENTENCED]:
            # A fine does not make the sentence being served another one.
            self._short[person] = bool(passed.short)
        if passed.disposal == CUSTODY:
            start = max(self.env.now, float(self.due_out[person]))
            remanded = self.env.now - float(self.held_since[person]) if self._only_remanded(person) else 0.0
            until = start + max(1.0, float(passed.custody_days) - remanded)
            self._serve_until(person, until, float(passed.supervised_days), float(passed.breach_after))
        else:
            self._supervise(person, float(passed.supervised_days), float(passed.breach_after))

    def _only_remanded(self, person: int) -> bool:
        return bool(self.holds[person] > 0 and self.place[person] == REMAND)

    def _serve_until(self, person: int, until: float, supervised: float, breach_after: float) -> None:
        serving = person in self._serving
        self.due_out[person] = until
        self.licence_days[person] = max(supervised, float(self.licence_days[person]) if serving else 0.0)
        self._serving[person] = breach_after
        if not serving:
            self.hold(person, SENTENCED)
            self.env.process(self._serve(person))

    def _serve(self, person: int) -> Generator[simpy.Event, Any, None]:
        while True:
            due = float(np.floor(self.due_out[person])) + RELEASE_HOUR
            if due <= self.env.now:
                break
            yield self.env.timeout(due - self.env.now)
        self.due_out[person] = -np.inf
        breach_after = self._serving.pop(person)
        self.drop(person, SENTENCED)
        supervised = float(self.licence_days[person])
        self.licence_days[person] = 0.0
        self._supervise(person, supervised, breach_after)

    def _supervise(self, person: int, days: float, breach_after: float, whole: float = 0.0) -> None:
        """Supervise a person for some days from now, of ``whole`` days where the others have passed."""
        if days <= 0:
            return
        self.supervised_until[person] = max(float(self.supervised_until[person]), self.env.now + days)
        seen = days - self.sentencing.final_share * max(days, whole)
        self._obliged_until[person] = max(float(self._obliged_until[person]), self.env.now + seen)
        if 0 < breach_after < seen:
            number = int(self.sentence_number[person])
            self.env.process(self._breach(person, number, breach_after))

    def _breach(self, person: int, number: int, after: float) -> Generator[simpy.Event, Any, None]:
        """Wait for the breach that ordinary supervision would enforce, and enforce it."""
        yield self.env.timeout(max(1e-3, np.floor(self.env.now + after) + 0.5 - self.env.now))
        if self.sentence_number[person] == number and self.at_liberty[person]:
            yield from self.recall(person)

    def recall(self, person: int) -> Generator[simpy.Event, Any, None]:
        """Return a supervised person to custody for the fixed term."""
        self.record.breach(person)
        self.recorder.log(person, "breach", self.env.now)
        self.recorder.count("breaches", self.env.now)
        self.hold(person, RECALLED)
        rules = self.sentencing
        days = rules.recall_days_short if self._short[person] else rules.recall_days
        yield self.env.timeout(np.floor(self.env.now + days) + RELEASE_HOUR - self.env.now)
        self.drop(person, RECALLED)
