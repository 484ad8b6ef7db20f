"""Studies from the page: the command line's own comparison in a process of its own, watched and cancelled."""

import asyncio
import os
import re
import shlex
import shutil
import signal
import sys
import tempfile
import time
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Any

from experiments.workshop.request import from_here

MOST_KEPT = 24
MOST_WAITING = 8
MOST_AT_ONCE = 1
#: Seconds after which nobody is thought to wait for a study, or for what it came to, any more: a page that is
#: not in sight asks about once a minute.
MISSED_AFTER_S = 90.0
#: Seconds that a study may take to stop when it is asked to.
STOPS_WITHIN_S = 10.0
#: Where the command is found from the study's own folder, in which it runs.
CODE = str(Path(__file__).parents[2])
_PROGRESS = re.compile(r"^([\d,]+) of ([\d,]+) runs")


class Study:
    """One comparison: how far it is, and its folder."""

    def __init__(self, name: str, folder: Path, arguments: list[str]) -> None:
        self.name, self.folder, self.arguments = name, folder, arguments
        self.done, self.wanted = 0, 0
        self.state = "waiting"
        self.said: list[str] = []
        #: What each choice changes, as rows for a table.
        self.changes: list[list[list[str]]] = []
        self.process: asyncio.subprocess.Process | None = None
        #: When its process is ended, having been asked to stop and not stopped.
        self.ending: asyncio.TimerHandle | None = None
        self.heard()

    def heard(self) -> None:
        """Note that somebody asks about it."""
        self._heard_s = time.monotonic()

    @property
    def missed(self) -> bool:
        """Whether nobody has asked about it for so long that nobody will."""
        return time.monotonic() - self._heard_s > MISSED_AFTER_S

    @property
    def ended(self) -> bool:
        """Whether it neither waits nor runs."""
        return self.state not in ("waiting", "running")

    @property
    def results(self) -> Path:
        """The folder that the command fills."""
        return self.folder / "results"

    @property
    def command(self) -> str:
        """The command that repeats it where the workshop was opened, with the files that it saves."""
        verb, site, *others = self.arguments[:-2]
        return shlex.join(["iom", verb, from_here(site), *others])

    def told(self) -> dict[str, Any]:
        """Return the state as JSON values."""
        return {
            "id": self.name, "state": self.state, "done": self.done, "wanted": self.wanted,
            "said": self.said[-3:],
            "changes": self.changes,
            "command": self.command,
        }  # fmt: skip


async def _line(stream: asyncio.StreamReader) -> bytes:
    """Return the next line, or the first part of one too long to be worth more."""
    try:
        return await stream.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        return end.partial
    except asyncio.LimitOverrunError as over:
        return await stream.read(over.consumed)


async def _begun(study: Study) -> asyncio.subprocess.Process:
    path = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), CODE)))
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "experiments", *study.arguments, cwd=study.folder,
        env={**os.environ, "PYTHONPATH": path}, stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


async def _heard(study: Study) -> None:
    """Take in what a study's process says, to its end."""
    assert study.process is not None
    assert study.process.stderr is not None
    while raw := await _line(study.process.stderr):
        line = raw.decode(errors="replace").strip()
        progress = _PROGRESS.match(line)
        if progress:
            study.done, study.wanted = (int(part.replace(",", "")) for part in progress.groups())
        elif line:
            study.said.append(line[:300])


def _terminate(process: asyncio.subprocess.Process) -> None:
    """Ask a process to stop, if it has not ended."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.terminate()


def _kill(process: asyncio.subprocess.Process) -> None:
    """End a process with all that it began."""
    with suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


class Studies:
    """The studies of a workshop, the last few of which are kept until it closes."""

    def __init__(self) -> None:
        self.kept: OrderedDict[str, Study] = OrderedDict()
        self._number = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Make the folder in which studies are kept until the workshop closes."""
        self._folder = Path(tempfile.mkdtemp(prefix="iom-workshop-"))
        self._turn = asyncio.Semaphore(MOST_AT_ONCE)

    async def close(self) -> None:
        """Stop every study and forget them all."""
        for study in self.kept.values():
            self.cancel(study)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def begin(
        self, site: str, choices: list[str], texts: dict[str, str], settings: list[str], *, alone: bool
    ) -> Study | None:
        """Begin a comparison and return it; ``None`` if too many wait already.

        Parameters
        ----------
        site
            Shipped name or file.
        choices
            Options to compare with the site as it is; a name in ``texts`` stands for that file.
        texts
            Option files by name.
        settings
            Further arguments of the command.
        alone
            Whether the first choice is run by itself.
        """
        self._make_room()
        waiting = sum(not study.ended for study in self.kept.values())
        if waiting >= MOST_WAITING or len(self.kept) >= MOST_KEPT:
            return None
        self._number += 1
        folder = self._folder / f"study-{self._number}"
        folder.mkdir()
        for name, text in texts.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        # Files are named as they lie in the study's folder, so that what the report says of its command and
        # of the files beside it holds wherever they are saved to.
        named = [f"{choice}.yaml" if choice in texts else choice for choice in choices]
        place = str(Path(site).resolve()) if Path(site).is_file() else site
        verb = ["run", place, named[0]] if alone else ["compare", place, *named]
        study = Study(folder.name, folder, [*verb, *settings, "--out", "results"])
        self.kept[study.name] = study
        self._look(study)
        task = asyncio.create_task(self._conduct(study))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return study

    def cancel(self, study: Study) -> None:
        """Stop a study; what is finished is kept by the command, and not by the page."""
        if not study.ended:
            study.state = "cancelled"
            self._stop(study)

    def _look(self, study: Study) -> None:
        """Stop a study that nobody asks about any more: others wait for it, and cannot stop it."""
        if study.missed:
            self.cancel(study)
        elif not study.ended:
            asyncio.get_running_loop().call_later(MISSED_AFTER_S / 4, self._look, study)

    def _stop(self, study: Study) -> None:
        """Ask a study's process to stop, if it has begun; end it with all below it if it does not."""
        if study.process is not None:
            _terminate(study.process)
            study.ending = asyncio.get_running_loop().call_later(STOPS_WITHIN_S, _kill, study.process)

    async def _conduct(self, study: Study) -> None:
        async with self._turn:
            if study.state == "cancelled":
                return
            study.state = "running"
            try:
                study.process = await _begun(study)
            except OSError as error:
                study.said.append(f"the comparison could not begin: {error.strerror}")
                study.state = "failed" if study.state == "running" else study.state
                return
            if study.state != "running":
                # Cancelled while there was no process yet that could have been told.
                self._stop(study)
            await _heard(study)
            status = await study.process.wait()
            if study.ending is not None:
                study.ending.cancel()
            if study.state == "running":
                study.state = "done" if status == 0 else "failed"
            # Whoever waits for it hears of that the next time they ask.
            study.heard()

    def _make_room(self) -> None:
        for name, study in list(self.kept.items()):
            if len(self.kept) < MOST_KEPT:
                return
            if study.ended and study.missed:
                shutil.rmtree(study.folder, ignore_errors=True)
                del self.kept[name]
