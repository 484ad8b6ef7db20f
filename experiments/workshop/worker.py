"""A worker process: lives through runs by key and sends them week by week.

Every run of a place with one seed shares its past up to the decision date, so a worker keeps the model as
it stands on that day. Where the system can fork, each run goes on from a copy of it: a model cannot be
pickled, but a process can be copied. Elsewhere the past is lived through again. Both give the same run.
"""

import json
import os
import signal
import sys
import traceback
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Literal

from experiments.identity import digest
from experiments.tape import record, record_twin
from experiments.trace import opening
from simulation import IOMModel, Timeline

CAN_COPY = hasattr(os, "fork") and sys.platform != "darwin"
PASTS_KEPT = 2
#: Runs that one worker lives through side by side, so that a room that presses Run together waits together.
LANES = 4 if CAN_COPY else 1
PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class Job:
    """One run to live through: its tape, its twin's lines, or everybody's events."""

    what: Literal["tape", "twin", "events"]
    timeline: Timeline
    seed: int
    replication: int
    years: float
    head: dict[str, Any]


def main(lanes: Sequence[Connection]) -> None:
    """Take jobs from any lane and send what comes of each along its own, until the other end closes.

    Messages are ``("line", bytes)`` for a line of a tape, ``("events", stories)``, ``("progress", text)``,
    and last ``("done", "")`` or ``("failed", what)``.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pasts: OrderedDict[str, IOMModel] = OrderedDict()
    at_work: dict[int, Connection] = {}
    try:
        while True:
            _collect(at_work)
            idle = [lane for lane in lanes if lane not in at_work.values()]
            for lane in wait(idle, timeout=PAUSE_SECONDS if at_work else None):
                assert isinstance(lane, Connection)
                _begin(lane.recv(), lane, pasts, at_work)
    except (EOFError, OSError):
        return


def _begin(
    job: Job, lane: Connection, pasts: "OrderedDict[str, IOMModel]", at_work: dict[int, Connection]
) -> None:
    """Begin a job in a copy of the past, or do it here where there are no copies."""
    try:
        past = _kept(job, pasts, lane)
        if CAN_COPY:
            at_work[_copy(job, past, lane)] = lane
            return
        pasts.clear()
        _send(job, past, lane)
    except OSError:
        raise
    except Exception as error:
        lane.send(("failed", f"{type(error).__name__}: {error}"))
    else:
        lane.send(("done", ""))


def _copy(job: Job, past: IOMModel, lane: Connection) -> int:
    """Do a job in a copy of this process, and return the copy's number."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        _send(job, past, lane)
        status = 0
    except OSError:
        pass  # Nobody listens any more.
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(status)


def _collect(at_work: dict[int, Connection]) -> None:
    """Say the last word for every copy that has ended."""
    while at_work:
        child, status = os.waitpid(-1, os.WNOHANG)
        if not child:
            return
        ended = ("done", "") if status == 0 else ("failed", "the run ended before its last week")
        at_work.pop(child).send(ended)


def _kept(job: Job, pasts: "OrderedDict[str, IOMModel]", pipe: Connection) -> IOMModel:
    """Return the model as it stands on the decision date; the least recently used past makes room."""
    start = job.timeline[0][1].start
    lived = tuple(entry for entry in job.timeline if entry[0] < start)
    said = [(when.isoformat(), parameters.model_dump(mode="json")) for when, parameters in lived]
    key = digest([said, job.seed, job.replication, job.years])
    if key not in pasts:
        while len(pasts) >= PASTS_KEPT:
            pasts.popitem(last=False)
        pipe.send(("progress", "Everybody's life so far is lived"))
        model = IOMModel(lived, seed=job.seed, replication=job.replication, years=job.years)
        _live(model, model.measured_from, pipe)
        pasts[key] = model
    pasts.move_to_end(key)
    return pasts[key]


def _live(model: IOMModel, until: int, pipe: Connection) -> None:
    """Live on to a day, saying at every month's end how far it is, and so noticing if nobody listens."""
    while model.day < until:
        if model.day % 30 == 0:
            pipe.send(("progress", f"Living through {model.calendar.date(model.day):%B %Y}"))
        model.step()


def _send(job: Job, past: IOMModel, pipe: Connection) -> None:
    if job.what == "events":
        pipe.send(("events", _events(job, past, pipe)))
        return
    for line in _tape(job, past):
        pipe.send(("line", json.dumps(line, separators=(",", ":")).encode()))


def _tape(job: Job, past: IOMModel) -> Iterator[dict[str, Any]]:
    if job.what == "tape":
        past.follow(job.timeline)
        lines = record(past)
        yield {**next(lines), **job.head}
        yield from lines
    else:
        yield from record_twin(_again(job, past, partnership=False))


def _again(job: Job, past: IOMModel, *, partnership: bool = True, keep_events: bool = False) -> IOMModel:
    """Return the run from its first day, with the people already grown."""
    return IOMModel(
        job.timeline, seed=job.seed, replication=job.replication, years=job.years, careers=past.world.careers,
        partnership=partnership, keep_events=keep_events,
    )  # fmt: skip


def _events(job: Job, past: IOMModel, pipe: Connection) -> dict[int, bytes]:
    """Return the story of everybody ever carried: how it begins, their team, and their events, packed."""
    model = _again(job, past, keep_events=True)
    openings = [opening(model, person) for person in range(model.world.people.count)]
    _live(model, model.days, pipe)
    team = model.works.caseload.team
    own: dict[int, list[tuple[str, float, str]]] = {}
    for person, _, event, time, detail, _ in model.recorder.events:
        own.setdefault(person, []).append((event, round(float(time), 3), detail))
    carried = (person for person in own if any(event == "selected" for event, _, _ in own[person]))
    return {
        person: zlib.compress(json.dumps([openings[person], int(team[person]), own[person]]).encode(), 1)
        for person in carried
    }
