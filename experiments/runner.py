"""Running many: tasks on any executor, interrupted, killed and resumed at will."""

import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from experiments.files import ASIDE, writing
from experiments.task import Errand, Finished, Task
from simulation import Result

#: Sends a task to a pool.
Send = Callable[[Executor, Task], "Future[list[Result]]"]
#: A task under way so often when its worker died is given up.
DEATHS_ALLOWED = 2
#: What Dask raises for each task that was with a worker when it died, guilty or not, once that was too often.
DASK_GAVE_UP = "KilledWorker"


class WorkersError(Exception):
    """Workers that cannot begin, and what to do."""


def default_workers(tasks: int) -> int:
    """Return one worker a core that this process may use, and no more than there are tasks."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, tasks))


def run_tasks(
    job: Errand,
    tasks: Iterable[Task],
    *,
    workers: int,
    executor: Callable[[int], Executor] | None = None,
    scratch: Path,
) -> Generator[Finished, None, None]:
    """Yield each task with its results, in the order in which they finish.

    Parameters
    ----------
    job
        What the tasks have in common; what it simulates with must be importable by name.
    tasks
        What to run.
    workers
        Processes; 1 runs in this one.
    executor
        Makes an executor for a number of workers; by default a pool of fresh processes. A pool whose
        worker died is made anew; a task that ends its worker twice becomes failed runs.
    scratch
        A folder in which the job is put down for the processes meanwhile.

    Raises
    ------
    WorkersError
        If workers end before they can begin.
    """
    # A dictionary, because what is finished is taken out of the middle.
    waiting = dict.fromkeys(tasks)
    if workers == 1 and executor is None:
        for task in waiting:
            yield task, job(task)
        return
    with ExitStack() as stack:
        if executor is None:
            executor = partial(_processes, stack.enter_context(_put_down(job, scratch)))
            send: Send = _submit_prepared
        else:
            send = partial(_submit_whole, job)
        yield from _to_the_end(waiting, workers, executor, send)


def _to_the_end(
    waiting: dict[Task, None], workers: int, executor: Callable[[int], Executor], send: "Send"
) -> Generator[Finished, None, None]:
    """Send tasks through pools, a new one whenever a worker died, until none is waiting."""
    deaths: Counter[Task] = Counter()
    while waiting:
        # Those under way when a worker died go on one at a time, so that the one at fault is known.
        suspects = [task for task in waiting if deaths[task]]
        size = 1 if suspects else min(workers, len(waiting))
        at_once = 1 if suspects else 2 * workers
        pool = executor(size)
        under_way: dict[Future[list[Result]], Task] = {}
        try:
            for task, results in _through(partial(send, pool), suspects or list(waiting), at_once, under_way):
                del waiting[task]
                yield task, results
        except (KeyboardInterrupt, GeneratorExit):
            _stop(pool)
            raise
        except BrokenExecutor:
            deaths.update(under_way.values())
        finally:
            for future in under_way:
                future.cancel()
            pool.shutdown(wait=False)
        for task in [task for task in waiting if deaths[task] >= DEATHS_ALLOWED]:
            del waiting[task]
            yield task, failed(task, f"the worker process died {deaths[task]} times")


def failed(task: Task, error: str) -> list[Result]:
    """Return a task's scenarios as failed."""
    return [Result(name, error=error) for name in task.scenarios]


@contextmanager
def _put_down(job: Errand, folder: Path) -> Iterator[Path]:
    """Keep the job in a file for as long as workers may begin.

    What is sent to a process is some bytes only, which no pipe is too narrow for: who waits for room in a
    pipe to a worker that has ended would wait for ever.
    """
    path = folder / f"{ASIDE}job.{os.getpid()}.pickle"
    try:
        with writing(path):
            path.write_bytes(pickle.dumps(job))
        yield path
    finally:
        path.unlink(missing_ok=True)


def _processes(job: Path, workers: int) -> ProcessPoolExecutor:
    """Return a pool of fresh processes that have the job, once one of them has begun."""
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=spawn, initializer=_prepare, initargs=(job,))
    try:
        with _interrupts_held():
            # One call a worker, so that they begin together.
            begun = [pool.submit(os.getpid) for _ in range(workers)]
        begun[0].result()
    except BrokenExecutor:
        raise WorkersError(
            "worker processes end before they can begin: is there memory for them? A script that starts "
            'more than one needs if __name__ == "__main__": around what it does'
        ) from None
    except BaseException:
        _stop(pool)
        raise
    return pool


def _stop(pool: Executor) -> None:
    """End the workers of a process pool now, in the middle of what they do."""
    for process in list((getattr(pool, "_processes", None) or {}).values()):
        process.terminate()


def _prepare(job: Path) -> None:
    """Keep the job in a worker; leave Ctrl-C to the coordinator; do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_coordinator, daemon=True).start()
    try:
        with job.open("rb") as file:
            _PREPARED.append(pickle.load(file))
    except FileNotFoundError:
        # Everything was done, or stopped, before this worker was needed.
        os._exit(0)


def _end_with_coordinator() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


#: The job of this worker's pool.
_PREPARED: list[Errand] = []


def _prepared(task: Task) -> list[Result]:
    return _PREPARED[-1](task)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back: a worker that is started meanwhile never hears it, not even while it begins."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _submit_prepared(pool: Executor, task: Task) -> "Future[list[Result]]":
    """Send a task to workers that have the job already."""
    with _interrupts_held():
        return pool.submit(_prepared, task)


def _submit_whole(job: Errand, pool: Executor, task: Task) -> "Future[list[Result]]":
    """Send a task with its own part of the job, as to workers elsewhere."""
    return pool.submit(job.only(task), task)


def _through(
    submit: Callable[[Task], "Future[list[Result]]"],
    tasks: list[Task],
    at_once: int,
    under_way: dict[Future[list[Result]], Task],
) -> Iterator[Finished]:
    """Send tasks, a few at a time, and yield them as they finish."""
    queue = iter(tasks)
    while True:
        while len(under_way) < at_once and (task := next(queue, None)) is not None:
            under_way[submit(task)] = task
        if not under_way:
            return
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            try:
                results = future.result()
            except BrokenExecutor:
                raise
            except CancelledError:
                # Nobody here took it back: whoever had it is gone, with all the others.
                raise WorkersError(
                    "the workers were lost in the middle of the work; what is finished is kept, and once "
                    "there are workers again the same command goes on from there"
                ) from None
            except Exception as error:
                if type(error).__name__ == DASK_GAVE_UP:
                    raise BrokenExecutor from error
                # Results that cannot be sent back, or a worker that another kind of executor gave up.
                results = failed(under_way[future], traceback.format_exc(limit=3))
            yield under_way.pop(future), results
