"""Running many: replications as tasks on any executor, interrupted and resumed at will."""

import multiprocessing
import os
import traceback
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Protocol

from simulation import Result, Timeline

#: A task under way so often when its worker died is given up.
DEATHS_ALLOWED = 2


class Simulate(Protocol):
    """What runs one replication: :func:`simulation.replicate`, or a stand-in with the same arguments."""

    def __call__(
        self,
        scenarios: Mapping[str, Timeline],
        *,
        seed: int,
        replication: int,
        years: float,
        events: bool = False,
    ) -> list[Result]:
        """Return one result a scenario, in order."""
        ...


Finished = tuple[int, list[Result]]


def default_workers(replications: int) -> int:
    """Return one worker a core that this process may use, and no more than there are replications."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, replications))


def run_tasks(
    simulate: Simulate,
    scenarios: Mapping[str, Timeline],
    replications: Iterable[int],
    *,
    seed: int,
    years: float,
    events: bool,
    workers: int,
    executor: Callable[[int], Executor] | None = None,
) -> Generator[Finished, None, None]:
    """Yield each replication with its results, in the order in which they finish.

    Parameters
    ----------
    simulate
        Runs one replication; must be importable by name.
    scenarios
        Timelines by name.
    replications
        Which replications to run.
    seed, years, events
        Handed on to ``simulate``.
    workers
        Processes; 1 runs in this one.
    executor
        Makes an executor for a number of workers; by default a pool of fresh processes. A pool whose
        worker died is made anew; a task that ends its worker twice becomes failed runs.
    """
    waiting = list(replications)
    task = _Task(simulate, dict(scenarios), seed, years, events)
    if workers == 1 and executor is None:
        for replication in waiting:
            yield replication, task(replication)
        return
    deaths: Counter[int] = Counter()
    while waiting:
        # Those under way when a worker died go on one at a time, so that the one at fault is known.
        suspects = [replication for replication in waiting if deaths[replication]]
        at_once = 1 if suspects else 2 * workers
        size = 1 if suspects else min(workers, len(waiting))
        pool = executor(size) if executor is not None else _processes(size, task)
        call = task if executor is not None else _prepared
        under_way: dict[Future[list[Result]], int] = {}
        try:
            for replication, results in _through(pool, call, suspects or waiting, at_once, under_way):
                waiting.remove(replication)
                yield replication, results
        except (KeyboardInterrupt, GeneratorExit):
            _stop(pool)
            raise
        except BrokenProcessPool:
            deaths.update(under_way.values())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        for replication in [r for r in waiting if deaths[r] >= DEATHS_ALLOWED]:
            waiting.remove(replication)
            died = f"the worker process died {deaths[replication]} times"
            yield replication, [Result(name, error=died) for name in scenarios]


def _processes(workers: int, task: "_Task") -> ProcessPoolExecutor:
    """Return a pool whose workers have the task already: scenarios are long, and are sent once a worker.

    What is sent for each replication is then a few bytes, which no pipe is too narrow for: a sender that
    waits for room in a pipe to a worker that has been ended would wait for ever.
    """
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=spawn, initializer=_prepare, initargs=(task,))


def _stop(pool: Executor) -> None:
    """End the workers of a process pool now, in the middle of what they do."""
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.terminate()


def _prepare(task: "_Task") -> None:
    """Keep the task in a worker, and leave Ctrl-C to the coordinator, which keeps what is finished."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _PREPARED.append(task)


#: The task of this worker's pool.
_PREPARED: list["_Task"] = []


def _prepared(replication: int) -> list[Result]:
    return _PREPARED[-1](replication)


class _Task:
    """One replication as something a worker can be sent."""

    def __init__(
        self, simulate: Simulate, scenarios: dict[str, Timeline], seed: int, years: float, events: bool
    ) -> None:
        self.simulate, self.scenarios = simulate, scenarios
        self.seed, self.years, self.events = seed, years, events

    def __call__(self, replication: int) -> list[Result]:
        try:
            return self.simulate(
                self.scenarios, seed=self.seed, replication=replication, years=self.years, events=self.events
            )
        except Exception:
            error = traceback.format_exc(limit=3)
            return [Result(name, error=error) for name in self.scenarios]


def _through(
    pool: Executor,
    call: Callable[[int], list[Result]],
    replications: list[int],
    at_once: int,
    under_way: dict[Future[list[Result]], int],
) -> Iterator[Finished]:
    """Send replications through a pool, a few at a time, and yield them as they finish."""
    queue = iter(list(replications))
    while True:
        while len(under_way) < at_once and (replication := next(queue, None)) is not None:
            under_way[pool.submit(call, replication)] = replication
        if not under_way:
            return
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            results = future.result()
            yield under_way.pop(future), results
