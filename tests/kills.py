"""Kill a study with SIGKILL at many moments: nothing may be lost, torn, or done twice.

``make kills`` runs this at fifty moments spread over the time the study takes; the tests at a few.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

import simulation.replication
from experiments import command_line, parts
from experiments.store import held_manifest
from simulation import Result, Timeline
from tests import stand_in

ROOT = Path(__file__).parent.parent
TABLES = ("runs.parquet", "weekly.parquet", "events.parquet", "differences.csv")
STUDY = """\
kind: study
name: To be killed
site: nottingham
options: [none, hub]
factors:
  cohort.ceiling: [300, 400]
  courts.cases_a_day: [20, 30]
replications: 24
"""
#: Two worlds, so that a replication is two tasks.
TASKS, SECONDS_A_TASK, JOINED_AT = 48, 0.12, 10
LOG, SECONDS = "KILLS_LOG", "KILLS_SECONDS"


class NotKeptError(AssertionError):
    """Something that a killed study promises does not hold."""


@dataclass(frozen=True)
class Killed:
    """A study that was killed and gone on with: tasks finished before, and after."""

    moment: float
    before: int
    after: int
    joined: bool


def slowly(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Leave a line in the log, and take a while."""
    line = f"{replication} {min(scenarios)}\n".encode()
    log = os.open(os.environ[LOG], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(log, line)
    os.close(log)
    time.sleep(float(os.environ[SECONDS]))
    return stand_in.respond(scenarios, seed=seed, replication=replication, years=years, events=events)


def begin(folder: Path, seconds: float = SECONDS_A_TASK) -> "subprocess.Popen[bytes]":
    """Begin the study in a process group of its own, each task taking some seconds."""
    environment = os.environ | {LOG: str(folder / "log"), SECONDS: str(seconds), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.kills", "--study-in", str(folder)]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def whole(folder: Path) -> float:
    """Run the study to its end, and return the seconds it took."""
    folder.mkdir(exist_ok=True)
    begun = time.monotonic()
    process = begin(folder)
    _, said = process.communicate(timeout=240)
    if process.returncode:
        raise NotKeptError(f"{folder}: the study did not come to its end: {said.decode()}")
    return time.monotonic() - begun


def kill_and_go_on(
    folder: Path, moment: float, expected: Mapping[str, bytes], *, all_at_once: bool
) -> Killed:
    """Kill the study some seconds after it began, look at what is there, and go on.

    Parameters
    ----------
    folder
        An empty folder.
    moment
        Seconds after which it is killed.
    expected
        The tables of a study that was left alone.
    all_at_once
        Whether the workers are killed with the coordinator, or have to notice by themselves.

    Raises
    ------
    NotKeptError
        If anything is lost, torn, left behind or done twice.
    """
    folder.mkdir()
    process = begin(folder)
    time.sleep(moment)
    (os.killpg if all_at_once else os.kill)(process.pid, signal.SIGKILL)
    process.communicate()
    _wait_for_workers(process.pid)
    out = folder / "out"
    torn = [path.name for path in out.rglob("[!.]*.parquet") if not _readable(path)]
    kept = finished(out)
    times = {path: path.stat().st_mtime_ns for path in out.glob("parts/[0-9j]*.parquet")}
    before = _log(folder)
    whole(folder)
    after = _log(folder)[len(before) :]
    again = kept & set(after)
    touched = [path.name for path, at in times.items() if path.exists() and path.stat().st_mtime_ns != at]
    left = [path.name for path in out.rglob(".*") if path.name != ".lock"]
    differ = [name for name, content in expected.items() if (out / name).read_bytes() != content]
    for what, wrong in {
        "torn": torn, "done twice": again, "written again": touched, "left behind": left, "different": differ,
        "lost": TASKS - len(kept | set(after)), "tasks too many": len(after) - len(set(after)),
    }.items():  # fmt: skip
        if wrong:
            raise NotKeptError(f"killed after {moment:.2f} s: {what}: {wrong}")
    return Killed(moment, len(kept), len(after), any("joined" in path.name for path in times))


def tables(folder: Path) -> dict[str, bytes]:
    """Return the tables of a study."""
    return {name: (folder / "out" / name).read_bytes() for name in TABLES}


def _log(folder: Path) -> list[str]:
    log = folder / "log"
    return log.read_text().splitlines() if log.exists() else []


def finished(out: Path) -> set[str]:
    """Return the tasks whose runs are all kept, as the log names them."""
    manifest = held_manifest(out)
    if not manifest:
        return set()
    held = parts.Parts(out / "parts", manifest["identity"], tidy=False)
    tasks = [(n, sorted(own)) for n in range(24) for own in _worlds(list(manifest["scenarios"]))]
    return {f"{n} {own[0]}" for n, own in tasks if all(held.done(name, n, events=True) for name in own)}


def _worlds(names: list[str]) -> list[list[str]]:
    return [[name for name in names if name.endswith(end)] for end in ("=20", "=30")]


def _readable(path: Path) -> bool:
    try:
        return pq.ParquetFile(path, page_checksum_verification=True).read().num_rows >= 0
    except (OSError, ValueError):
        return False


def _wait_for_workers(group: int, seconds: float = 10) -> None:
    """Wait until nobody of a process group is left, as workers end with their coordinator."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    raise NotKeptError("workers outlive their coordinator")


def main() -> None:
    """Kill and go on, and print what was found."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--moments", type=int, default=50)
    reader.add_argument("--study-in", type=Path, help=argparse.SUPPRESS)
    asked = reader.parse_args()
    if asked.study_in:
        # Whoever runs this in the background of a shell has Ctrl-C ignored, and hands that down.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        parts.JOINED_AT_FILES = JOINED_AT
        file = asked.study_in / "study.yaml"
        file.write_text(STUDY)
        simulation.replication.replicate = slowly
        out = str(asked.study_in / "out")
        sys.argv = ["iom", "sweep", str(file), "--workers", "2", "--events", "--quiet", "--out", out]
        command_line.main()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        seconds = whole(home / "alone")
        expected = tables(home / "alone")
        print(f"left alone, the study of {TASKS} tasks takes {seconds:.1f} s", flush=True)
        for n in range(asked.moments):
            moment = seconds * (n + 0.5) / asked.moments
            found = kill_and_go_on(home / str(n), moment, expected, all_at_once=n % 2 == 0)
            joined = ", some joined" if found.joined else ""
            told = f"{found.before:2d} tasks kept{joined}, {found.after:2d} run on resuming"
            print(f"killed after {found.moment:5.2f} s: {told}", flush=True)
    print(f"{asked.moments} of {asked.moments} resumed to identical tables; no finished task was run again")


if __name__ == "__main__":
    main()
