"""Runs as the page asks for them: shared, kept within bounds, and sent week by week as they are lived."""

import asyncio
import multiprocessing
from collections import OrderedDict
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
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
        """Yield lines from the first on, as many as there are, and until then what is being done."""
        sent, said = 0, ""
        while True:
            changed = self.changed
            if sent < len(self.lines):
                new = self.lines[sent:]
                sent += len(new)
                yield b"\n".join(new)
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


class _Worker:
    """One worker process and its lanes."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        pairs = [context.Pipe() for _ in range(worker.LANES)]
        self.lanes = [own for own, _ in pairs]
        self.process = context.Process(target=worker.main, args=([other for _, other in pairs],), daemon=True)
        self.process.start()
        for _, other in pairs:
            other.close()

    def close(self) -> None:
        self.process.terminate()
        self.process.join(5)
        for lane in self.lanes:
            lane.close()


class Runs:
    """A crew of worker processes and the runs they have made.

    Parameters
    ----------
    workers
        Processes.
    """

    def __init__(self, workers: int) -> None:
        self.number = workers
        self.kept: OrderedDict[str, Run] = OrderedDict()
        self._waiting = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Start the workers."""
        self._threads = ThreadPoolExecutor(self.number * worker.LANES, thread_name_prefix="lane")
        self._idle: asyncio.Queue[tuple[_Worker, Connection]] = asyncio.Queue()
        self.workers = [_Worker() for _ in range(self.number)]
        for lane in range(worker.LANES):
            for one in self.workers:
                self._idle.put_nowait((one, one.lanes[lane]))

    async def close(self) -> None:
        """End the workers, in the middle of what they do."""
        for task in self._tasks:
            task.cancel()
        for one in self.workers:
            one.close()
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
        one, lane = await self._free_lane()
        self._waiting -= 1
        try:
            await self._listen(lane, job, run)
        except (EOFError, OSError):
            run.error = "the worker process died; try again"
            self._replace(one)
        finally:
            run.ended = True
            run.tell()
            if one in self.workers:
                self._idle.put_nowait((one, lane))
            self._make_room()

    async def _free_lane(self) -> tuple[_Worker, Connection]:
        """Wait for a lane of a worker that has not been replaced."""
        while True:
            one, lane = await self._idle.get()
            if one in self.workers:
                return one, lane

    def _replace(self, dead: _Worker) -> None:
        """Put a new worker in a dead one's place, once."""
        if dead in self.workers:
            dead.process.terminate()
            new = _Worker()
            self.workers[self.workers.index(dead)] = new
            for lane in new.lanes:
                self._idle.put_nowait((new, lane))

    async def _listen(self, lane: Connection, job: Job, run: Run) -> None:
        loop = asyncio.get_running_loop()
        lane.send(job)
        while True:
            what, content = await loop.run_in_executor(self._threads, lane.recv)
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
