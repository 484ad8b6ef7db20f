"""Runs as the page asks for them: shared, kept within bounds, and sent week by week as they are lived."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from experiments.identity import digest
from experiments.workshop.copies import MOST_PASTS, BusyError, past_key
from experiments.workshop.crew import crew
from experiments.workshop.worker import Job

#: Bytes of tapes and stories kept, and runs that may wait for a worker in each lane.
LARGEST_CACHE = 96 * 1024 * 1024
MOST_WAITING = 64
#: Runs of a lane that are under way at once for each core.
AT_ONCE = 4
#: Seconds that a run goes on, or waits on, when nobody follows it: whoever loads the page again is soon back.
MISSED_AFTER_S = 3.0
STOPPED = "it was stopped because nobody waited for it any more; try again"


class Run:
    """One run's lines as they come; any number of readers follow it."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.stories: dict[int, bytes] = {}
        self.progress = ""
        self.error = ""
        self.ended = False
        self.changed = asyncio.Event()
        self.followers = 0
        self.task: asyncio.Task[None] | None = None

    @property
    def size(self) -> int:
        """Bytes kept."""
        return sum(map(len, self.lines)) + sum(map(len, self.stories.values()))

    def hear(self, what: str, content: Any) -> None:
        """Take in what a worker says."""
        if what == "line":
            self.lines.append(content)
        elif what == "events":
            self.stories = content
        else:
            self.progress = content
        self.tell()

    def tell(self) -> None:
        """Wake everybody who follows."""
        self.changed.set()
        self.changed = asyncio.Event()

    async def follow(self) -> AsyncIterator[bytes]:
        """Yield lines from the first on, as many as there are, and until then what is being done."""
        sent, said = 0, ""
        with self._followed():
            while True:
                changed = self.changed
                if sent < len(self.lines):
                    new = self.lines[sent:]
                    sent += len(new)
                    yield b"\n".join(new)
                if self.ended and sent == len(self.lines):
                    return
                if not sent and self.progress != said:
                    said = self.progress
                    yield b'{"progress": "%b"}' % said.encode()
                await changed.wait()

    async def until_ended(self) -> None:
        """Wait for the end."""
        with self._followed():
            while not self.ended:
                await self.changed.wait()

    @contextmanager
    def _followed(self) -> Iterator[None]:
        self.followers += 1
        try:
            yield
        finally:
            self.followers -= 1
            if not self.ended:
                asyncio.get_running_loop().call_later(MISSED_AFTER_S, self.stop_if_nobody_follows)

    def stop_if_nobody_follows(self) -> None:
        """Stop being lived for nobody."""
        if not self.followers and not self.ended and self.task is not None:
            # Said at once, so that whoever comes now is given another run.
            self.error = STOPPED
            self.task.cancel()


class _Lane:
    """Runs of one kind: so many under way at once, so many that wait, whatever runs of other kinds do."""

    def __init__(self, at_once: int) -> None:
        self.turns = asyncio.Semaphore(at_once)
        self.waiting: set[Run] = set()


class Runs:
    """A crew of worker processes and the runs they have made.

    Parameters
    ----------
    workers
        Cores to keep busy.
    """

    def __init__(self, workers: int) -> None:
        self.kept: OrderedDict[str, Run] = OrderedDict()
        self._workers = workers
        # Whole runs never lean on so many pasts that there is no room for those of a decision.
        self._whole = min(AT_ONCE * workers, MOST_PASTS // 2)
        self._changed = AT_ONCE * workers
        self.crew = crew(workers, self._whole + self._changed + workers)
        self._tasks: set[asyncio.Task[None]] = set()
        self._rooms: dict[str, tuple[str, asyncio.Task[None]]] = {}

    def open(self) -> None:
        """Start the workers."""
        # A room that presses Run together waits together, and for nobody's whole run; a past that a room may
        # not need at all waits for everything else.
        self._lives, self._changes = _Lane(self._whole), _Lane(self._changed)
        self._pasts = _Lane(self._workers)
        self.crew.open()

    async def close(self) -> None:
        """End the workers, in the middle of what they do."""
        await self.crew.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def run(self, job: Job) -> Run:
        """Return the run of a job: the one that is kept, or a new one that waits for a worker.

        Raises
        ------
        BusyError
            If too many wait already.
        """
        key = digest([job.what, job.marks, job.seed, job.replication, job.years, job.head])
        known = self.kept.get(key)
        if known is not None and not known.error:
            self.kept.move_to_end(key)
            return known
        run = self.kept[key] = Run()
        lane = self._changes if job.since else self._lives
        try:
            run.task = self._begin(lane, job, run)
        except BusyError:
            del self.kept[key]
            raise
        # Whoever asked may have gone before following.
        asyncio.get_running_loop().call_later(MISSED_AFTER_S, run.stop_if_nobody_follows)
        return run

    def foresee(self, job: Job, room: str) -> None:
        """Have the past of a job lived, for whoever is about to decide something.

        Parameters
        ----------
        job
            The past.
        room
            Who is about to decide, if that is known: a room stands at one meeting, so what it asked for
            before is not lived on, unless it has come back to the same.

        Raises
        ------
        BusyError
            If too many pasts wait already.
        """
        key = past_key(job, job.since or job.start, job.marks)
        known, before = self._rooms.get(room, ("", None))
        if known == key:
            return
        if before is not None:
            del self._rooms[room]
            before.cancel()
        task = self._begin(self._pasts, job, Run())
        if room:
            self._rooms[room] = key, task
            task.add_done_callback(lambda _: self._left(room, task))

    def _left(self, room: str, task: "asyncio.Task[None]") -> None:
        if room in self._rooms and self._rooms[room][1] is task:
            del self._rooms[room]

    def _begin(self, lane: _Lane, job: Job, run: Run) -> "asyncio.Task[None]":
        if len(lane.waiting) >= MOST_WAITING:
            raise BusyError(f"{len(lane.waiting)} runs wait already; try again in a minute")
        lane.waiting.add(run)
        task = asyncio.create_task(self._make(lane, job, run))
        self._tasks.add(task)
        # Not at the end of the task's own code, which never begins if it is stopped at once.
        task.add_done_callback(lambda _: self._over(lane, run, task))
        return task

    async def _make(self, lane: _Lane, job: Job, run: Run) -> None:
        async with lane.turns:
            lane.waiting.discard(run)
            try:
                await self.crew.do(job, run.hear)
            except (EOFError, OSError):
                run.error = "the worker process died; try again"
            except (BusyError, RuntimeError) as error:
                run.error = str(error)

    def _over(self, lane: _Lane, run: Run, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        lane.waiting.discard(run)
        if task.cancelled():
            run.error = STOPPED
        run.ended = True
        run.tell()
        self._make_room()

    def _make_room(self) -> None:
        """Forget the least recently used runs beyond the bound, and failed ones."""
        for key, run in list(self.kept.items()):
            if run.error:
                with suppress(KeyError):
                    del self.kept[key]
        total = sum(run.size for run in self.kept.values())
        for key, run in list(self.kept.items()):
            if total <= LARGEST_CACHE:
                return
            if run.ended:
                total -= run.size
                del self.kept[key]

    def state(self) -> dict[str, Any]:
        """Return how many runs are kept and wait, and their bytes."""
        size = sum(run.size for run in self.kept.values())
        waiting = sum(len(lane.waiting) for lane in (self._lives, self._changes, self._pasts))
        return {"kept": len(self.kept), "waiting": waiting, "bytes": size}
