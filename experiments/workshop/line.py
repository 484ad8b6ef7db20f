"""A line to a process that lives through runs: how it is begun, listened to and hung up."""

import asyncio
import multiprocessing
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

_ENDS_WITHIN_S = 30

Hear = Callable[[str, Any], None]


class Process:
    """A process of its own and the line to it."""

    def __init__(self, target: Callable[[Connection], None]) -> None:
        context = multiprocessing.get_context("spawn")
        self.line, other = context.Pipe()
        self.process = context.Process(target=target, args=(other,), daemon=True)
        self.process.start()
        other.close()

    def end(self) -> None:
        """Wait until it has ended, and not for ever."""
        self.process.join(_ENDS_WITHIN_S)
        self.process.kill()
        self.process.join()


def hung_up(line: Connection) -> bool:
    """Return whether nobody is at the other end of a line along which nothing more was to be said."""
    try:
        return line.poll()
    except OSError:
        return True


def hang_up(line: Connection) -> None:
    """End a line at both ends, even while it is read."""
    with suppress(OSError), socket.fromfd(line.fileno(), socket.AF_UNIX, socket.SOCK_STREAM) as end:
        end.shutdown(socket.SHUT_RDWR)


async def listen(threads: ThreadPoolExecutor, line: Connection, hear: Hear) -> None:
    """Tell what comes along a line until the job is done; whoever stops listening hangs up.

    Raises
    ------
    RuntimeError
        If the job failed.
    OSError, EOFError
        If the process at the other end died.
    """
    loop = asyncio.get_running_loop()
    while True:
        said = loop.run_in_executor(threads, line.recv)
        try:
            what, content = await asyncio.shield(said)
        except asyncio.CancelledError:
            # The thread reads on until the line ends; before that nobody may have the line's number.
            hang_up(line)
            await asyncio.gather(said, return_exceptions=True)
            raise
        if what == "failed":
            raise RuntimeError(content)
        if what == "done":
            return
        hear(what, content)
