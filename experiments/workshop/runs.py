"""Runs as the page asks for them: shared, kept within bounds, and sent week by week as they are lived."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from experiments.identity import digest
from experiments.workshop.crew import BusyError, crew
from experiments.workshop.worker import Job

#: Bytes of tapes and stories kept, and runs that may wait for a worker.
LARGEST_CACHE = 96 * 1024 * 1024
MOST_WAITING = 64
#: Whole runs that are under way at once for each core, and as many changes beside them: a room that presses
#: Run together waits together, and for nobody's whole run.
AT_ONCE = 4


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


class Runs:
    """A crew of worker processes and the runs they have made.

    Parameters
    ----------
    workers
        Cores to keep busy.
    """

    def __init__(self, workers: int) -> None:
        self.kept: OrderedDict[str, Run] = OrderedDict()
        self.crew = crew(workers, 2 * AT_ONCE * workers)
        self._at_once = AT_ONCE * workers
        self._waiting = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Start the workers."""
        self._lives, self._changes = (asyncio.Semaphore(self._at_once) for _ in range(2))
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
        timeline = [(when.isoformat(), p.model_dump(mode="json")) for when, p in job.timeline]
        key = digest([job.what, timeline, job.seed, job.replication, job.years, job.head])
        known = self.kept.get(key)
        if known is not None and not known.error:
            self.kept.move_to_end(key)
            return known
        return self._begin(job, key)

    def foresee(self, job: Job) -> None:
        """Have the past of a job lived, for whoever is about to decide something.

        Raises
        ------
        BusyError
            If too many runs wait already.
        """
        self._begin(job, "")

    def _begin(self, job: Job, key: str) -> Run:
        if self._waiting >= MOST_WAITING:
            raise BusyError(f"{self._waiting} runs wait already; try again in a minute")
        run = Run()
        if key:
            self.kept[key] = run
        self._waiting += 1
        task = asyncio.create_task(self._make(job, run))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return run

    async def _make(self, job: Job, run: Run) -> None:
        try:
            async with self._changes if job.since else self._lives:
                self._waiting -= 1
                await self.crew.do(job, run.hear)
        except (EOFError, OSError):
            run.error = "the worker process died; try again"
        except (BusyError, RuntimeError) as error:
            run.error = str(error)
        finally:
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
        return {"kept": len(self.kept), "waiting": self._waiting, "bytes": size}
