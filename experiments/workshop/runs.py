"""Runs as the page asks for them: shared, kept within bounds, and sent week by week as they are lived."""

import asyncio
import multiprocessing
from collections import OrderedDict
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from experiments.identity import digest
from experiments.workshop import worker
from experiments.workshop.worker import Job

#: Bytes of tapes and stories kept, and runs that may wait for a worker.
LARGEST_CACHE = 96 * 1024 * 1024
MOST_WAITING = 64


class BusyError(Exception):
    """Too many runs wait already."""


class Run:
    """One run's lines as they come; any number of readers follow it."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.stories: dict[int, bytes] = {}
        self.progress = ""
        self.error = ""
        self.ended = False
        self.changed = asyncio.Event()

    @property
    def size(self) -> int:
        """Bytes kept."""
        return sum(map(len, self.lines)) + sum(map(len, self.stories.values()))

    def tell(self) -> None:
        """Wake everybody who follows."""
        self.changed.set()
        self.changed = asyncio.Event()

    async def follow(self) -> AsyncIterator[bytes]:
        """Yield lines from the first on, and while there are none what is being done."""
        sent, said = 0, ""
        while True:
            changed = self.changed
            while sent < len(self.lines):
                yield self.lines[sent]
                sent += 1
            if self.ended:
                return
            if not sent and self.progress != said:
                said = self.progress
                yield b'{"progress": "%b"}' % said.encode()
            await changed.wait()

    async def until_ended(self) -> None:
        """Wait for the end."""
        while not self.ended:
            await self.changed.wait()


class _Hand:
    """One worker process and the pipe to it."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=worker.main, args=(other,), daemon=True)
        self.process.start()
        other.close()

    def close(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join(5)


class Runs:
    """A crew of worker processes and the runs they have made.

    Parameters
    ----------
    workers
        Processes.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.kept: OrderedDict[str, Run] = OrderedDict()
        self._waiting = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Start the workers."""
        self._threads = ThreadPoolExecutor(self.workers, thread_name_prefix="worker")
        self._idle: asyncio.Queue[_Hand] = asyncio.Queue()
        self._hands = [_Hand() for _ in range(self.workers)]
        for hand in self._hands:
            self._idle.put_nowait(hand)

    async def close(self) -> None:
        """End the workers, in the middle of what they do."""
        for task in self._tasks:
            task.cancel()
        for hand in self._hands:
            hand.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown(wait=True, cancel_futures=True)

    def run(self, job: Job) -> Run:
        """Return the run of a job: the one that is kept, or a new one that waits for a worker.

        Raises
        ------
        BusyError
            If too many wait already.
        """
        timeline = [(when.isoformat(), p.model_dump(mode="json")) for when, p in job.timeline]
        key = digest([job.what, timeline, job.seed, job.replication, job.years, job.head])
        known = self.kept.get(key)
        if known is not None and not known.error:
            self.kept.move_to_end(key)
            return known
        if self._waiting >= MOST_WAITING:
            raise BusyError(f"{self._waiting} runs wait already; try again in a minute")
        run = self.kept[key] = Run()
        self._waiting += 1
        task = asyncio.create_task(self._make(job, run))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return run

    async def _make(self, job: Job, run: Run) -> None:
        hand = await self._idle.get()
        self._waiting -= 1
        try:
            await self._listen(hand, job, run)
        except (EOFError, OSError):
            run.error = "the worker process died; try again"
            self._hands.remove(hand)
            hand.close()
            hand = _Hand()
            self._hands.append(hand)
        finally:
            run.ended = True
            run.tell()
            self._idle.put_nowait(hand)
            self._make_room()

    async def _listen(self, hand: _Hand, job: Job, run: Run) -> None:
        loop = asyncio.get_running_loop()
        hand.pipe.send(job)
        while True:
            what, content = await loop.run_in_executor(self._threads, hand.pipe.recv)
            if what == "line":
                run.lines.append(content)
            elif what == "events":
                run.stories = content
            elif what == "progress":
                run.progress = content
            else:
                run.error = content
                return
            run.tell()

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
        return {"kept": len(self.kept), "waiting": self._waiting, "bytes": size}
