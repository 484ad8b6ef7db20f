"""Serving the workshop: sites to offer, an address to listen on, and an orderly end."""

import itertools
import signal
import socket
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.runner import default_workers
from experiments.workshop.request import LONGEST_NAME
from scenarios import ScenarioError, site_names
from scenarios.library import canonical
from scenarios.problem import Problem
from scenarios.site import load_site

if TYPE_CHECKING:
    import uvicorn

MOST_WORKERS = 8
LOCAL = ("127.0.0.1", "localhost", "[::1]")
MOST_CONNECTIONS = 400
#: Addresses that stand for all of a machine's: nobody can type them, and no request names them as its host.
EVERYWHERE = ("0.0.0.0", "::", "")


def serve(files: Sequence[str], host: str, port: int, workers: int | None) -> None:
    """Serve the workshop until it is interrupted.

    Parameters
    ----------
    files
        Site files to offer beside the shipped sites; the first of them is shown first.
    host, port
        Where to listen; port 0 takes any that is free.
    workers
        Processes that live through runs; ``None`` for one a core.

    Raises
    ------
    ScenarioError
        If a site file or the host is wrong, or the libraries of the extra ``app`` are not installed.
    OSError
        If the port is taken.
    """
    missing = [name for name in ("starlette", "uvicorn") if find_spec(name) is None]
    if missing:
        wrong = f"needs {' and '.join(missing)}"
        raise ScenarioError([Problem("iom app", 0, 0, "", wrong, "pip install 'iom-sim[app]'")])
    if host in EVERYWHERE:
        wrong = f"{host or 'nothing'} stands for every address"
        wanted = "the one name or address of this machine that the others will type"
        raise ScenarioError([Problem("--host", 0, 0, "", wrong, wanted)])
    import uvicorn

    sites = offered(files)
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    # Whoever comes as soon as the address stands there waits until the server is ready.
    listening.listen(MOST_CONNECTIONS)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/"
    print(f"The workshop is open at {address} (Ctrl-C closes it)", flush=True)
    workers = workers or min(default_workers(MOST_WORKERS), MOST_WORKERS)
    config = configured(sites, workers, {*LOCAL, shown})
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        # Comparisons do not hear that the terminal was closed: the workshop does, and ends with them.
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])
    print("The workshop is closed.", flush=True)


def configured(sites: dict[str, str], workers: int, hosts: Iterable[str]) -> "uvicorn.Config":
    """Return how the application of :func:`experiments.workshop.server.build` is served, with its bounds."""
    import uvicorn

    from experiments.workshop.connection import Connection
    from experiments.workshop.server import build

    return uvicorn.Config(
        build(sites, workers, hosts), http=Connection, log_level="warning", server_header=False,
        date_header=False, limit_concurrency=MOST_CONNECTIONS, timeout_graceful_shutdown=2, ws="none",
    )  # fmt: skip


def offered(files: Sequence[str]) -> dict[str, str]:
    """Return the sites to offer by name: those of files first, then the shipped ones.

    Raises
    ------
    ScenarioError
        With everything that is wrong in any of the files.
    """
    problems: list[Problem] = []
    for file in files:
        try:
            load_site(file)
        except ScenarioError as error:
            problems += error.problems
        if len(Path(file).stem) > LONGEST_NAME:
            wrong = f"has a name of {len(Path(file).stem)} letters"
            problems.append(Problem(file, 0, 0, "", wrong, f"at most {LONGEST_NAME}"))
    if problems:
        raise ScenarioError(problems)
    shipped = {name: name for name in site_names()}
    own: dict[str, str] = {}
    for file in dict.fromkeys(str(Path(file).resolve()) if Path(file).is_file() else file for file in files):
        name = canonical(Path(file).stem)
        # A file of one's own never stands for the shipped place that exercises were written for.
        own[_free(name, {**own, **shipped}) if Path(file).is_file() else name] = file
    return {**own, **shipped}


def _free(name: str, taken: Mapping[str, str]) -> str:
    """Return a name that no other file has."""
    numbers = itertools.count(2)
    free = name
    while free in taken:
        free = f"{name}-{next(numbers)}"
    return free
