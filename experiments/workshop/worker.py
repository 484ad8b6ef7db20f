"""A worker process: keeps a past that many runs share, and lives each of them on in a copy of itself.

A model half lived cannot be pickled, but a process can be copied. So whoever holds a past copies itself for
every run that goes on from it: from the decision date, or from a review meeting up to which a run has been
lived already, and then only the weeks after it are left. Where processes cannot be copied a worker lives
every run from its first day. Both give the same run.
"""

import gc
import json
import os
import signal
import traceback
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from typing import Any, Literal

from experiments.identity import digest
from experiments.tape import record, record_twin
from experiments.trace import opening
from simulation import IOMModel, Timeline
from simulation.calendar import WEEK

#: Weeks that a run is ahead of what the room waits for before it makes way for others, and how far it does.
WEEKS_AHEAD = 4
MAKES_WAY = 10
#: How far a past makes way for weeks that somebody waits for.
PASTS_MAKE_WAY = 5


@dataclass(frozen=True)
class Job:
    """One thing to live through.

    Parameters
    ----------
    what
        A past to keep, a run's tape, its twin's lines, or everybody's events.
    timeline
        Dated parameters.
    seed, replication, years
        The run's key.
    head
        What the tape's head says beside what the model knows.
    since
        The date of the last decision: the room waits for what comes after it.
    until
        The date up to which a past is lived.
    """

    what: Literal["past", "tape", "twin", "events"]
    timeline: Timeline
    seed: int
    replication: int
    years: float
    head: dict[str, Any]
    since: date | None = None
    until: date | None = None

    @property
    def start(self) -> date:
        """The decision date."""
        return self.timeline[0][1].start

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """What tells each dated entry from any other, reckoned once for all pasts that are looked for."""
        return tuple(digest([str(when), p.model_dump(mode="json")]) for when, p in self.timeline)

    def model(self, **how: Any) -> IOMModel:
        """Return the run on its first day."""
        return IOMModel(self.timeline, seed=self.seed, replication=self.replication, years=self.years, **how)


@dataclass
class Past:
    """A run up to some day: the model, what its tape has so far, and how the tape goes on."""

    model: IOMModel
    taped: list[dict[str, Any]]
    tape: Iterator[dict[str, Any]]


def keep(line: Connection, past: Past | None = None) -> None:
    """Live through every job that comes along a line, each in a copy of this process, until the line closes.

    With a job comes the end of a line of its own, along which is sent ``("progress", text)``,
    ``("line", bytes)`` for a line of a tape, ``("events", stories)``, and last ``("done", "")`` or
    ``("failed", what)``. A copy that was to live a past stays and keeps it: its line takes jobs from then on.
    This process ends after its copies.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The system buries the copies; nobody waits for any one of them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # A collection that looks at what is older than a copy would copy the memory it lies in.
    gc.collect()
    gc.freeze()
    with suppress(EOFError, OSError):
        while True:
            job = line.recv()
            with Connection(recv_handle(line)) as own:
                _copy(job, own, line, past)
    line.close()
    with suppress(ChildProcessError):
        while True:
            os.wait()


def _copy(job: Job, line: Connection, parents: Connection, past: Past | None) -> None:
    """Have a job done in a copy; where the system has none to give, say so and stay as good as before."""
    try:
        child = os.fork()
    except OSError as error:
        with suppress(OSError):
            line.send(("failed", f"the system could not begin a process: {error.strerror}; try again"))
    else:
        if child == 0:
            _be_the_copy(job, line, parents, past)


def _be_the_copy(job: Job, line: Connection, parents: Connection, past: Past | None) -> None:
    try:
        parents.close()
        kept = _do(job, line, past)
        if kept is not None:
            keep(line, kept)
    except SystemExit:
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def work(line: Connection) -> None:
    """Live through every job that comes along a line from its first day, one after another."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        while True:
            _do(line.recv(), line, None)


def _do(job: Job, line: Connection, past: Past | None) -> Past | None:
    """Do a job and say how it ended; return the past if one was to be kept."""
    kept = None
    try:
        if job.what == "past":
            kept = _lived(job, past, line)
        elif job.what == "tape":
            _send_tape(job, past, line)
        elif job.what == "twin":
            if past:
                os.nice(MAKES_WAY)
            for told in record_twin(job.model(careers=_careers(past), partnership=False)):
                line.send(("line", _packed(told)))
        else:
            line.send(("events", _events(job, past, line)))
    except (BrokenPipeError, ConnectionResetError):
        raise SystemExit from None  # Nobody listens any more.
    except Exception as error:
        line.send(("failed", f"{type(error).__name__}: {error}"))
    else:
        line.send(("done", ""))
    return kept


def _lived(job: Job, past: Past | None, line: Connection) -> Past:
    """Return a job's past, lived on in a thread that makes way for weeks that somebody waits for.

    A process never comes back from having made way, and its copies would make way too: but it is the thread
    that does, and copies are made of the other.
    """
    with ThreadPoolExecutor(1, initializer=os.nice, initargs=(PASTS_MAKE_WAY,)) as aside:
        return aside.submit(_lived_on, job, past, line).result()


def _lived_on(job: Job, past: Past | None, line: Connection) -> Past:
    """Return a job's past, up to the last end of a week before a date."""
    if past is None:
        line.send(("progress", "Everybody's life so far is lived"))
        past = _begun(job, line)
    past.model.follow(job.timeline)
    until = past.model.calendar.day(job.until or job.start)
    while past.model.day + WEEK <= until:
        past.taped.append(next(past.tape))
        line.send(("progress", f"Living through week {len(past.taped)}"))
    return past


def _begun(job: Job, line: Connection) -> Past:
    """Return a run as it stands on the decision date."""
    model = job.model()
    _live(model, model.measured_from, line)
    return Past(model, [], record(model))


def _live(model: IOMModel, until: int, line: Connection) -> None:
    """Live on to a day, saying at every month's end how far it is, and so noticing if nobody listens."""
    while model.day < until:
        if model.day % 30 == 0:
            line.send(("progress", f"Living through {model.calendar.date(model.day):%B %Y}"))
        model.step()


def _send_tape(job: Job, past: Past | None, line: Connection) -> None:
    """Send a tape from its head on; a copy makes way for others once the room has something to look at."""
    here = past or _begun(job, line)
    here.model.follow(job.timeline)
    awaited = here.model.calendar.day(job.since or job.start) + WEEKS_AHEAD * WEEK
    head, *taped = here.taped or [next(here.tape)]
    for told in ({**head, **job.head}, *taped):
        line.send(("line", _packed(told)))
    for told in here.tape:
        line.send(("line", _packed(told)))
        if past and awaited <= here.model.day < awaited + WEEK:
            os.nice(MAKES_WAY)


def _packed(told: dict[str, Any]) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode()


def _careers(past: Past | None) -> Any:
    """Return the people already grown, if they are: they are the same in every run of a place and a seed."""
    return past.model.world.careers if past else None


def _events(job: Job, past: Past | None, line: Connection) -> dict[int, bytes]:
    """Return the story of everybody ever carried: how it begins, their team, and their events, packed."""
    model = job.model(careers=_careers(past), keep_events=True)
    openings = [opening(model, person) for person in range(model.world.people.count)]
    _live(model, model.days, line)
    team = model.works.caseload.team
    own: dict[int, list[tuple[str, float, str]]] = {}
    for person, _, event, time, detail, _ in model.recorder.events:
        own.setdefault(person, []).append((event, round(float(time), 3), detail))
    carried = (person for person in own if any(event == "selected" for event, _, _ in own[person]))
    return {
        person: zlib.compress(json.dumps([openings[person], int(team[person]), own[person]]).encode(), 1)
        for person in carried
    }
