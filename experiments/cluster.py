"""Workers beyond this machine: a Dask scheduler and those that serve it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib.util import find_spec

from experiments.runner import WorkersError

SECONDS_TO_ANSWER = 10


@contextmanager
def workers_of(address: str) -> Iterator[tuple[int, Callable[[int], Executor]]]:
    """Yield how many tasks a scheduler's workers run at once, and what makes an executor of them.

    Parameters
    ----------
    address
        As in ``tcp://10.0.0.5:8786``. The workers need the same iom-sim installed.

    Raises
    ------
    experiments.runner.WorkersError
        If Dask is not installed, nobody answers, or the scheduler has no workers.
    """
    if find_spec("distributed") is None:
        raise WorkersError("--scheduler needs Dask; expected: pip install 'iom-sim[cluster]'")
    from distributed import Client

    try:
        client = Client(address, timeout=SECONDS_TO_ANSWER)
    except (OSError, ValueError) as error:
        wanted = "the address of a Dask scheduler, as tcp://10.0.0.5:8786"
        raise WorkersError(f"{address} does not answer ({error}); expected {wanted}") from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise WorkersError(f"{address} has no workers; expected some: dask worker {address}")
        yield threads, lambda _: client.get_executor(pure=False)
