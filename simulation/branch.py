"""Branches: several futures of one past, each lived in a copy of this process.

A run half lived is generators in the middle of what they do, which nothing but the operating system can copy.
A fork shares the past's memory and costs milliseconds.
"""

import gc
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")
#: Whether a fresh process can be copied on this machine; the libraries of macOS do not outlive it.
COPYING = sys.platform == "linux"
_LOOKS_EVERY_S = 0.2


class BranchLostError(Exception):
    """A branch that ended without a word; its work has to be done again."""


def can_branch() -> bool:
    """Return whether this process can be copied: one with JAX in it cannot, whose threads hold locks."""
    return COPYING and "jax" not in sys.modules


def branch(live: Callable[[], Answer]) -> Answer:
    """Return what a function returns in a copy of this process; nothing that it does changes this one.

    The copy hears no Ctrl-C, is ended when this process stops waiting for it, and ends itself when this
    process is gone.

    Parameters
    ----------
    live
        The function. What it returns comes back pickled.

    Raises
    ------
    BranchLostError
        If the copy ended before it could answer: too little memory, or somebody killed it.
    """
    here = os.getpid()
    inlet, outlet = os.pipe()
    copy = os.fork()
    if copy == 0:
        _answer(live, outlet, here)
    os.close(outlet)
    try:
        with open(inlet, "rb") as pipe:
            told = pipe.read()
    except BaseException:
        os.kill(copy, signal.SIGKILL)
        raise
    finally:
        _, status = os.waitpid(copy, 0)
    if status:
        raise BranchLostError(f"the copy of the process ended with status {status}")
    answer: Answer = pickle.loads(told)
    return answer


def _answer(live: Callable[[], object], outlet: int, parent: int) -> None:
    """Be the copy: live, answer, and end without any of the endings that are the parent's to have."""
    try:
        # A collection that looks at what the parent made would copy the memory it lies in.
        gc.freeze()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
        with open(outlet, "wb") as pipe:
            pickle.dump(live(), pipe, protocol=pickle.HIGHEST_PROTOCOL)
        os._exit(0)
    finally:
        os._exit(1)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOKS_EVERY_S)
    os._exit(1)
