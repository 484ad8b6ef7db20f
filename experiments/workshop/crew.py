"""The crew: the processes that live through runs."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from experiments.workshop import worker
from experiments.workshop.copies import Copies
from experiments.workshop.line import Hear, Process, listen
from experiments.workshop.worker import Job
from simulation.branch import COPYING


class Crew(Protocol):
    """Processes that do jobs."""

    def open(self) -> None:
        """Start them."""

    async def do(self, job: Job, hear: Hear) -> None:
        """Do a job, telling what comes of it as it comes; stop in the middle of it if cancelled.

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


class Workers:
    """A crew of processes that each live one run after another from its first day."""

    def __init__(self, number: int) -> None:
        self.number = number

    def open(self) -> None:
        """Start the processes."""
        self._threads = ThreadPoolExecutor(self.number, thread_name_prefix="line")
        self.processes = [Process(worker.work) for _ in range(self.number)]
        self._idle: asyncio.Queue[Process] = asyncio.Queue()
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
            await listen(self._threads, one.line, hear)
        except (OSError, EOFError, asyncio.CancelledError):
            one.process.kill()
            self.processes.remove(one)
            one = Process(worker.work)
            self.processes.append(one)
            raise
        finally:
            self._idle.put_nowait(one)
