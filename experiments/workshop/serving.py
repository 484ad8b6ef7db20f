"""Serving the workshop: sites to offer, an address to listen on, and an orderly end."""

import itertools
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from experiments.runner import default_workers
from scenarios import ScenarioError, site_names
from scenarios.library import canonical
from scenarios.problem import Problem
from scenarios.site import load_site

MOST_WORKERS = 8
LOCAL = ("127.0.0.1", "localhost", "[::1]")


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
        If a site file is wrong, or the libraries of the extra ``app`` are not installed.
    OSError
        If the port is taken.
    """
    missing = [name for name in ("starlette", "uvicorn") if find_spec(name) is None]
    if missing:
        wrong = f"needs {' and '.join(missing)}"
        raise ScenarioError([Problem("iom app", 0, 0, "", wrong, "pip install 'iom-sim[app]'")])
    import uvicorn

    from experiments.workshop.server import build

    sites = offered(files)
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/"
    print(f"The workshop is open at {address} (Ctrl-C closes it)", flush=True)
    application = build(sites, workers or min(default_workers(MOST_WORKERS), MOST_WORKERS), {*LOCAL, shown})
    config = uvicorn.Config(
        application, log_level="warning", server_header=False, date_header=False, limit_concurrency=400,
        timeout_graceful_shutdown=2, ws="none",
    )  # fmt: skip
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])
    print("The workshop is closed.", flush=True)


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
    if problems:
        raise ScenarioError(problems)
    own: dict[str, str] = {}
    for file in dict.fromkeys(str(Path(file).resolve()) if Path(file).is_file() else file for file in files):
        own[_free(canonical(Path(file).stem), own)] = file
    return own | {name: name for name in site_names() if name not in own}


def _free(name: str, taken: Mapping[str, str]) -> str:
    """Return a name that no other file has."""
    numbers = itertools.count(2)
    free = name
    while free in taken:
        free = f"{name}-{next(numbers)}"
    return free
