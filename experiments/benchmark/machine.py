"""The machine that measured, in a line; neither its name nor where anything lies on it."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("numpy", "simpy", "mesa", "ciw", "numba")


def described() -> str:
    """Return processor, cores, how busy they were, Python and the libraries that were compared."""
    cores = os.cpu_count() or 1
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"`{_processor()}`, {cores} cores, {platform.system()}, Python {platform.python_version()}, "
        f"{versions}; {_busy(cores)}"
    )


def _processor() -> str:
    """Return what the processor calls itself, or its architecture where it does not say."""
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def _busy(cores: int) -> str:
    """Say how many programs wanted a core in the latest quarter of an hour, this one included."""
    if not hasattr(os, "getloadavg"):
        return "whether other programs ran is not known"
    wanting = os.getloadavg()[2]
    others = "other programs ran as well" if wanting > 1.5 else "nothing else ran"
    return f"{others} ({wanting:.1f} programs wanted its {cores} cores)"
