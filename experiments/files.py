"""Files that are whole or not there: written aside, then renamed."""

import errno
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

#: What the name of a file that is still being written begins with.
ASIDE = "."
#: The file by which a command tells others that it is at work in a folder.
LOCK = f"{ASIDE}lock"
#: Names that files have while they are written, with the number of the process that writes them.
_LEFT_OVER = re.compile(r"\.(?:.+\.(?:parquet|csv|json|html|png|xlsx)\.\d+|job\.\d+\.pickle)")


class StoreError(Exception):
    """Files of a study that cannot be read or written, and what to do."""


class BusyStudyError(StoreError):
    """Another command is at work in the folder."""


def write(path: Path, fill: Callable[[Path], None]) -> None:
    """Write a file whole.

    Parameters
    ----------
    path
        The file.
    fill
        Writes the content to the path it is given.

    Raises
    ------
    StoreError
        If there is no room, or the folder cannot be written.
    """
    aside = path.with_name(f"{ASIDE}{path.name}.{os.getpid()}")
    with writing(path):
        try:
            fill(aside)
            os.replace(aside, path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole, from bytes."""

    def fill(aside: Path) -> None:
        aside.write_bytes(content)

    write(path, fill)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what keeps a file from being written into words.

    Raises
    ------
    StoreError
        With what to do about it.
    """
    try:
        yield
    except OSError as error:
        what = error.strerror or str(error)
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            do = "what is finished is kept: make room, and the same command goes on from there"
        else:
            do = "expected a folder that can be written: choose another --out"
        raise StoreError(f"{path} cannot be written ({what}); {do}") from error


@contextmanager
def alone(folder: Path, instead: str) -> Iterator[None]:
    """Be the only command at work in a folder; what a command that was killed left half written is removed.

    A command that is killed leaves no lock behind.

    Parameters
    ----------
    folder
        The folder.
    instead
        The option that names another.

    Raises
    ------
    BusyStudyError
        If another command is at work in it.
    StoreError
        If it cannot be written.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK)
    with writing(folder):
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise BusyStudyError(
                f"another command is at work in {folder}; wait for it, or choose another {instead}"
            ) from None
    try:
        clear_aside(folder)
        yield
    finally:
        lock.release()


def clear_aside(folder: Path) -> None:
    """Remove what was being written when a command was killed, and nothing else."""
    with writing(folder):
        for path in folder.glob(f"{ASIDE}*"):
            if _LEFT_OVER.fullmatch(path.name) and path.is_file():
                path.unlink(missing_ok=True)


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        found = sha256()
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()
