"""A crew of copies: which process keeps which past, and what makes room for another."""

import asyncio
import multiprocessing
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from typing import Any

from experiments.identity import digest
from experiments.workshop import worker
from experiments.workshop.line import Hear, Process, hang_up, hung_up, listen
from experiments.workshop.worker import Job

#: Pasts kept at most; each is a process of some tens of megabytes.
MOST_PASTS = 16


class BusyError(Exception):
    """Too much is being lived through already."""


class _Kept:
    """A past that is kept or being lived: the line to its keeper, the past it went on from, and its use."""

    def __init__(self, key: str, origin: "_Kept | None") -> None:
        self.key, self.origin = key, origin
        self.line: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
        self.living: asyncio.Task[None] | None = None
        #: Whoever goes on from it, or waits for it; meanwhile it is not forgotten.
        self.leaning: list[Hear] = []

    def tell(self, what: str, content: Any) -> None:
        for hear in self.leaning:
            hear(what, content)


class Copies:
    """A crew in which whoever keeps a past copies itself for every run that goes on from it."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.kept: OrderedDict[str, _Kept] = OrderedDict()
        self._closed = False

    def open(self) -> None:
        """Start the process from which all others are copied."""
        self._threads = ThreadPoolExecutor(self.most, thread_name_prefix="line")
        self._lines: set[Connection] = set()
        #: The last is the one that is copied; others have nobody at their line, and still wait for copies.
        self.firsts = [Process(worker.keep)]

    async def close(self) -> None:
        """Hang up every line; whoever holds the other end ends, and the first process after them."""
        self._closed = True
        for line in [*self._lines, *(one.line for one in self.firsts)]:
            hang_up(line)
        for one in self.firsts:
            await asyncio.to_thread(one.end)
        self._threads.shutdown(wait=True, cancel_futures=True)
        for line in [*self._lines]:
            self._drop(line)

    async def do(self, job: Job, hear: Hear) -> None:
        """Do a job in a copy of whoever keeps its past."""
        kept = self._past(job, max(job.start, job.since or job.start), job.marks)
        kept.leaning.append(hear)
        try:
            if job.what == "past":
                await asyncio.shield(kept.line)
            else:
                self._drop(await self._copied(kept, job, hear))
        finally:
            self._leave(kept, hear)

    def _past(self, job: Job, until: date, marks: tuple[str, ...]) -> _Kept:
        """Return the past of a job up to a date; if nobody keeps it, it begins to be lived."""
        key = past_key(job, until, marks)
        if key not in self.kept:
            self._begin(key, job, until, marks)
        kept = self.kept[key]
        self._touch(kept)
        return kept

    def _begin(self, key: str, job: Job, until: date, marks: tuple[str, ...]) -> None:
        timeline = tuple(entry for entry in job.timeline if entry[0] < until)
        origin = None
        if until > job.start:
            dates = [when for when, _ in timeline if when > job.start]
            known = [when for when in dates if past_key(job, when, marks) in self.kept]
            origin = self._past(job, max(known, default=job.start), marks)
        kept = _Kept(key, origin)
        if origin is not None:
            # Leant on before room is made, so that it is never what has to go.
            origin.leaning.append(kept.tell)
        try:
            self._make_room()
        except BusyError:
            self._lived(kept)
            raise
        self.kept[key] = kept
        wanted = replace(job, what="past", timeline=timeline, head={}, since=None, until=until)
        kept.living = asyncio.create_task(self._live(kept, wanted))
        # Not at the end of the task's own code, which never begins if it is stopped at once.
        kept.living.add_done_callback(lambda _: self._lived(kept))

    async def _live(self, kept: _Kept, job: Job) -> None:
        """Have a past lived on from its origin, and keep the line to the copy that lived it."""
        try:
            line = await self._copied(kept.origin, job, kept.tell)
        except (OSError, EOFError, RuntimeError) as error:
            self._forget(kept)
            kept.line.set_exception(error)
            kept.line.exception()  # Perhaps nobody asks any more.
        else:
            kept.line.set_result(line)

    def _lived(self, kept: _Kept) -> None:
        kept.living = None
        if kept.origin is not None:
            self._leave(kept.origin, kept.tell)

    def _leave(self, kept: _Kept, hear: Hear) -> None:
        """Note that somebody is done with a past; one that nobody waits for any more is not lived on."""
        kept.leaning.remove(hear)
        if not kept.leaning and kept.living is not None and not kept.line.done():
            self._forget(kept)
            kept.living.cancel()

    async def _copied(self, past: _Kept | None, job: Job, hear: Hear) -> Connection:
        """Have a copy of a past's keeper do a job, and return the line to the copy once it has."""
        keeper = self._first() if past is None else await asyncio.shield(past.line)
        try:
            return await self._answered(keeper, job, hear)
        except (OSError, EOFError):
            # Where only the copy died the past is as good as before, to everybody else.
            if past is not None and hung_up(keeper):
                self._forget(past)
            raise

    def _first(self) -> Connection:
        """Return the line to the first process; to another one if nobody is at its line any more."""
        if hung_up(self.firsts[-1].line) and not self._closed:
            self.firsts.append(Process(worker.keep))
        return self.firsts[-1].line

    async def _answered(self, keeper: Connection, job: Job, hear: Hear) -> Connection:
        if self._closed:
            raise EOFError
        line, other = multiprocessing.Pipe()
        self._lines.add(line)
        try:
            with other:
                keeper.send(job)
                send_handle(keeper, other.fileno(), 0)
            await listen(self._threads, line, hear)
        except BaseException:
            self._drop(line)
            raise
        return line

    def _drop(self, line: Connection) -> None:
        self._lines.discard(line)
        line.close()

    def _touch(self, kept: _Kept | None) -> None:
        """Note that a past is of use, and after it those that it went on from: they are the last to go."""
        while kept is not None:
            if self.kept.get(kept.key) is kept:
                self.kept.move_to_end(kept.key)
            kept = kept.origin

    def _forget(self, kept: _Kept) -> None:
        if self.kept.get(kept.key) is kept:
            del self.kept[kept.key]
        if kept.line.done() and not kept.line.exception():
            self._drop(kept.line.result())

    def _make_room(self) -> None:
        """Forget the pasts that have been of no use for longest, if there are as many as may be."""
        while len(self.kept) >= MOST_PASTS:
            idle = next((one for one in self.kept.values() if one.line.done() and not one.leaning), None)
            if idle is None:
                raise BusyError(f"{len(self.kept)} pasts are kept already; try again in a minute")
            self._forget(idle)


def past_key(job: Job, until: date, marks: tuple[str, ...]) -> str:
    """Return the key of a job's past up to a date: all that have the same one share it."""
    known = sum(when < until for when, _ in job.timeline)
    return digest([marks[:known], job.seed, job.replication, job.years, str(until)])
