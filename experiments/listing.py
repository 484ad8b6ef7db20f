"""The studies there are: those that are shipped, and those in a folder, with how far they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.parts import Parts
from experiments.store import at_work, held_manifest
from scenarios import load_study, study_names


@dataclass(frozen=True)
class Kept:
    """A study in a folder: what it is, and its runs."""

    folder: Path
    title: str
    date: str
    wanted: int
    done: int
    failed: int
    at_work: bool

    def __str__(self) -> str:
        state = "at work" if self.at_work else "finished" if self.done >= self.wanted else "unfinished"
        runs = f"{self.done:,} of {self.wanted:,} runs"
        bad = f", {self.failed:,} failed" if self.failed else ""
        return f"{self.folder}: {self.title}; {self.date}; {runs}{bad}; {state}"


def shipped() -> Iterator[str]:
    """Yield a line for each shipped study."""
    for name in study_names():
        study = load_study(name)
        yield f"{name}: {study.title}, {study.place.name}; {study.replications} replications"


def kept(folder: Path) -> list[Kept]:
    """Return the studies in a folder, by name; the folder itself if it is one."""
    there = [folder] if held_manifest(folder) else sorted(folder.iterdir()) if folder.is_dir() else []
    return [_kept(path, manifest) for path in there if (manifest := held_manifest(path)).get("identity")]


def _kept(folder: Path, manifest: dict[str, Any]) -> Kept:
    scenarios = list(manifest["scenarios"])
    replications = manifest.get("finished", {}).get("replications_done", manifest["replications"])
    parts = Parts(folder / "parts", manifest["identity"], tidy=False)
    done = sum(held.done for held in parts.held.values())
    title = manifest.get("study", {}).get("title") or " ".join(manifest["command"]) or ", ".join(scenarios)
    return Kept(
        folder, title[:60], manifest["made_on"]["date"], len(scenarios) * replications, done,
        len(parts.held) - done, at_work(folder),
    )  # fmt: skip
