"""The folder of a study: a manifest first, parts as they come in, then whole tables."""

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from experiments.files import ASIDE, LOCK, StoreError, alone, fingerprint, write, write_bytes, writing
from experiments.parts import Parts

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
#: What parts of an identity are called in messages.
_CALLED = {"model": "source of the model", "versions": "libraries", "draw": "draws"}


class ForeignStudyError(StoreError):
    """The folder holds another study."""


class Store:
    """One study's folder, which one command at a time can write to.

    Every file is written aside and renamed, so that whatever is interrupted leaves whole files only. Used
    as a context: it is locked within, and a command that is killed leaves no lock behind.

    Parameters
    ----------
    folder
        Where the study is kept; made if missing.
    identity
        What identifies the study.

    Raises
    ------
    ForeignStudyError
        If the folder holds a study with another identity.
    experiments.files.StoreError
        If the folder cannot be made.
    """

    def __init__(self, folder: Path, identity: Mapping[str, Any]) -> None:
        self.folder, self.identity = folder, dict(identity)
        if folder.exists() and not folder.is_dir():
            raise ForeignStudyError(f"{folder} is a file; expected a folder")
        if (folder / MANIFEST).is_file() and not held_manifest(folder):
            raise ForeignStudyError(
                f"{folder / MANIFEST} cannot be read, and nothing else says which study this is; expected it "
                "as it was written: restore it, or choose another --out"
            )
        if not self.accepts(folder, identity):
            raise ForeignStudyError(
                f"{folder} holds another study{self._differing()}; expected an empty folder or the same "
                "study, run by the same model and libraries: choose another --out, or move that one away"
            )
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        self._within = ExitStack()

    def __enter__(self) -> Self:
        self._within.enter_context(alone(self.folder, "--out"))
        self.parts = Parts(self.folder / "parts", self.identity)
        return self

    def __exit__(self, *_: object) -> None:
        self._within.close()

    @staticmethod
    def accepts(folder: Path, identity: Mapping[str, Any]) -> bool:
        """Return whether a folder can hold the study: it is empty, new, or holds the same one."""
        if (folder / MANIFEST).is_file():
            held = held_manifest(folder).get("identity")
            return bool(held == json.loads(json.dumps(identity)))
        return not folder.exists() or (
            folder.is_dir() and all(path.name.startswith(ASIDE) for path in folder.iterdir())
        )

    def _differing(self) -> str:
        """Return in words what the study that the folder holds differs in."""
        held, own = held_manifest(self.folder).get("identity"), json.loads(json.dumps(self.identity))
        if not isinstance(held, dict):
            return ""
        other = [name for name in own if held.get(name) != own[name]]
        # Under other draws the same scenarios have other fingerprints.
        alike = "draw" in other and set(held.get("scenarios", ())) == set(own["scenarios"])
        names = [_CALLED.get(name, name) for name in other if name != "scenarios" or not alike]
        return f" (other {', '.join(names)})" if names else ""

    def write_manifest(self, content: Mapping[str, Any]) -> None:
        """Write the manifest, whole."""
        text = json.dumps({"identity": self.identity, **content}, indent=1, sort_keys=True, default=str)
        write_bytes(self.folder / MANIFEST, text.encode())

    def write_table(self, name: str, table: "pd.DataFrame") -> Path:
        """Write a table, as Parquet or CSV by its name, and return its path."""
        path = self.folder / name
        if path.suffix == ".parquet":
            write(path, lambda aside: table.to_parquet(aside, index=False))
        else:
            write_bytes(path, table.to_csv(index=False).encode())
        return path

    def fingerprints(self, names: Iterable[str]) -> dict[str, str]:
        """Return the SHA-256 of tables, by file: of those that one call wrote, and none that it did not."""
        return {name: fingerprint(self.folder / name) for name in names}


def held_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder; empty if there is none that can be read."""
    try:
        content = json.loads((folder / MANIFEST).read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def at_work(folder: Path) -> bool:
    """Return whether a command is at work in a folder."""
    from filelock import FileLock, Timeout

    lock = folder / LOCK
    if not lock.is_file() or not os.access(lock, os.W_OK):
        return False
    try:
        with FileLock(lock).acquire(timeout=0):
            return False
    except Timeout:
        return True
