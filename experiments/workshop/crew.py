"""The crew: the processes that live through runs, and which of them keeps which past."""

import asyncio
import multiprocessing
import socket
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.reduction import send_handle
from typing import Any, Protocol

from experiments.identity import digest
from experiments.workshop import worker
from experiments.workshop.worker import Job
from simulation.branch import COPYING

#: Pasts kept at most; each is a process of some tens of megabytes.
MOST_PASTS = 16
_ENDS_WITHIN_S = 30

Hear = Callable[[str, Any], None]


class BusyError(Exception):
    """Too much is being lived through already."""


class Crew(Protocol):
    """Processes that do jobs."""

    def open(self) -> None:
        """Start them."""

    async def do(self, job: Job, hear: Hear) -> None:
        """Do a job, telling what comes of it as it comes.

        Raises
        ------
        BusyError
            If no further past can be kept just now.
        OSError, EOFError
            If the process that did it died.
        """

    async def close(self) -> None:
        """End them in the middle of what they do, and wait until they have."""


def crew(workers: int, most: int) -> Crew:
    """Return the crew that this machine can have.

    Parameters
    ----------
    workers
        Cores to keep busy.
    most
        Jobs that may be under way at once.
    """
    # What is copied is a fresh process of the crew's own, whatever this one has loaded.
    return Copies(most) if COPYING else Workers(workers)


class _Process:
    """A process of its own and the line to it."""

    def __init__(self, target: Callable[[Connection], None]) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, other = context.Pipe()
        self.process = context.Process(target=target, args=(other,), daemon=True)
        self.process.start()
        other.close()

    def end(self) -> None:
        self.process.join(_ENDS_WITHIN_S)
        self.process.kill()
        self.process.join()


class _Kept:
    """A past that is kept or being lived: the line to its keeper, the past it went on from, and its use."""

    def __init__(self, origin: "_Kept | None" = None) -> None:
        self.line: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
        self.origin = origin
        self.hearing: list[Hear] = []
        self.leaning = 0

    def tell(self, what: str, content: Any) -> None:
        for hear in self.hearing:
            hear(what, content)

    @contextmanager
    def leant_on(self) -> Iterator[None]:
        self.leaning += 1
        try:
            yield
        finally:
            self.leaning -= 1


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
        self._tasks: set[asyncio.Task[None]] = set()
        self.first = _Process(worker.keep)

    async def close(self) -> None:
        """Hang up every line; whoever holds the other end ends, and the first process after them."""
        self._closed = True
        for line in [*self._lines, self.first.line]:
            _hang_up(line)
        await asyncio.to_thread(self.first.end)
        self._threads.shutdown(wait=True, cancel_futures=True)
        for line in [*self._lines]:
            self._drop(line)

    async def do(self, job: Job, hear: Hear) -> None:
        """Do a job in a copy of whoever keeps its past."""
        kept = self._past(job, max(job.start, job.since or job.start))
        with kept.leant_on(), _among(kept.hearing, hear):
            keeper = await asyncio.shield(kept.line)
            if job.what == "past":
                return
            try:
                self._drop(await self._answered(keeper, job, hear))
            except (OSError, EOFError):
                self._forget(kept)
                raise

    def _past(self, job: Job, until: date) -> _Kept:
        """Return the past of a job up to a date; if nobody keeps it, it begins to be lived."""
        timeline = tuple(entry for entry in job.timeline if entry[0] < until)
        wanted = replace(job, what="past", timeline=timeline, head={}, since=None, until=until)
        key = _key(wanted)
        if key not in self.kept:
            self._make_room()
            origin = None
            if until > job.start:
                earlier = [when for when, _ in timeline if when > job.start and self._knows(wanted, when)]
                origin = self._past(wanted, max(earlier, default=job.start))
                origin.leaning += 1
            self.kept[key] = _Kept(origin)
            task = asyncio.create_task(self._live(self.kept[key], wanted))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._touch(self.kept[key])
        return self.kept[key]

    def _knows(self, job: Job, until: date) -> bool:
        timeline = tuple(entry for entry in job.timeline if entry[0] < until)
        return _key(replace(job, timeline=timeline, until=until)) in self.kept

    async def _live(self, kept: _Kept, job: Job) -> None:
        """Have a past lived on from its origin, and keep the line to the copy that lived it."""
        try:
            if kept.origin is None:
                line = await self._answered(self._first(), job, kept.tell)
            else:
                with _among(kept.origin.hearing, kept.tell):
                    keeper = await asyncio.shield(kept.origin.line)
                    line = await self._answered(keeper, job, kept.tell)
        except (OSError, EOFError, RuntimeError) as error:
            self._forget(kept)
            kept.line.set_exception(error)
            kept.line.exception()  # Perhaps nobody asks any more.
        else:
            kept.line.set_result(line)
        finally:
            if kept.origin is not None:
                kept.origin.leaning -= 1

    def _first(self) -> Connection:
        """Return the line to the first process; to another one if it is dead."""
        if not self.first.process.is_alive() and not self._closed:
            self.first = _Process(worker.keep)
        return self.first.line

    async def _answered(self, keeper: Connection, job: Job, hear: Hear) -> Connection:
        """Have a copy of a keeper do a job, and return the line to the copy once it has."""
        if self._closed:
            raise EOFError
        line, other = multiprocessing.Pipe()
        self._lines.add(line)
        try:
            with other:
                keeper.send(job)
                send_handle(keeper, other.fileno(), 0)
            await _listen(self._threads, line, hear)
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
            key = next((key for key, one in self.kept.items() if one is kept), None)
            if key is not None:
                self.kept.move_to_end(key)
            kept = kept.origin

    def _forget(self, kept: _Kept) -> None:
        for key in [key for key, one in self.kept.items() if one is kept]:
            del self.kept[key]
        if kept.line.done() and not kept.line.exception():
            self._drop(kept.line.result())

    def _make_room(self) -> None:
        """Forget the pasts that have been of no use for longest, if there are as many as may be."""
        while len(self.kept) >= MOST_PASTS:
            idle = next((one for one in self.kept.values() if one.line.done() and not one.leaning), None)
            if idle is None:
                raise BusyError(f"{len(self.kept)} pasts are kept already; try again in a minute")
            self._forget(idle)


class Workers:
    """A crew of processes that each live one run after another from its first day."""

    def __init__(self, number: int) -> None:
        self.number = number

    def open(self) -> None:
        """Start the processes."""
        self._threads = ThreadPoolExecutor(self.number, thread_name_prefix="line")
        self.processes = [_Process(worker.work) for _ in range(self.number)]
        self._idle: asyncio.Queue[_Process] = asyncio.Queue()
        for one in self.processes:
            self._idle.put_nowait(one)

    async def close(self) -> None:
        """End the processes."""
        for one in self.processes:
            one.process.terminate()
        for one in self.processes:
            await asyncio.to_thread(one.end)
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def do(self, job: Job, hear: Hear) -> None:
        """Do a job in the next process that is idle; nobody keeps a past."""
        if job.what == "past":
            return
        one = await self._idle.get()
        try:
            one.line.send(job)
            await _listen(self._threads, one.line, hear)
        except (OSError, EOFError):
            one.process.kill()
            self.processes.remove(one)
            one = _Process(worker.work)
            self.processes.append(one)
            raise
        finally:
            self._idle.put_nowait(one)


def _hang_up(line: Connection) -> None:
    """End a line at both ends, even while it is read."""
    with suppress(OSError), socket.fromfd(line.fileno(), socket.AF_UNIX, socket.SOCK_STREAM) as end:
        end.shutdown(socket.SHUT_RDWR)


@contextmanager
def _among(those: list[Hear], one: Hear) -> Iterator[None]:
    those.append(one)
    try:
        yield
    finally:
        those.remove(one)


async def _listen(threads: ThreadPoolExecutor, line: Connection, hear: Hear) -> None:
    """Tell what comes along a line until the job is done."""
    loop = asyncio.get_running_loop()
    while True:
        what, content = await loop.run_in_executor(threads, line.recv)
        if what == "failed":
            raise RuntimeError(content)
        if what == "done":
            return
        hear(what, content)


def _key(job: Job) -> str:
    timeline = [(when.isoformat(), p.model_dump(mode="json")) for when, p in job.timeline]
    return digest([timeline, job.seed, job.replication, job.years, str(job.until)])
