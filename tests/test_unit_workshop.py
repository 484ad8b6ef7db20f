"""The workshop's server where no run need be lived: lanes, pasts, comparisons, connections and names."""

import asyncio
import multiprocessing
import shlex
import signal
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2 as httpx
import pytest
import uvicorn
from starlette.testclient import TestClient
from typer.testing import CliRunner

from experiments.command_line import app
from experiments.workshop import connection as connection_room
from experiments.workshop import copies as copies_room
from experiments.workshop import guard as guard_room
from experiments.workshop import runs as runs_room
from experiments.workshop import serving as serving_room
from experiments.workshop import studies as studies_room
from experiments.workshop import worker as worker_room
from experiments.workshop.connection import Connection as Served
from experiments.workshop.copies import BusyError, Copies
from experiments.workshop.line import Hear, hang_up
from experiments.workshop.request import Asked, Places
from experiments.workshop.runs import Run, Runs
from experiments.workshop.server import build
from experiments.workshop.serving import configured, offered, serve
from experiments.workshop.studies import Studies, Study
from experiments.workshop.worker import Job
from scenarios import ScenarioError, load
from simulation import Timeline
from simulation.branch import COPYING

copied = pytest.mark.skipif(not COPYING, reason="processes are not copied on this machine")


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    return load("nottingham").timeline


def job(timeline: Timeline, what: Any = "tape", **key: Any) -> Job:
    return Job(what, timeline, **{"seed": 1, "replication": 0, "years": 1.0, "head": {}, **key})


async def happens(so: Any, within_s: float = 20) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(within_s):
        while not so():
            await asyncio.sleep(0.01)


class Endless:
    """A crew whose jobs never end by themselves."""

    def __init__(self) -> None:
        self.begun: list[Job] = []
        self.stopped: list[Job] = []

    def open(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def do(self, job: Job, hear: Hear) -> None:
        self.begun.append(job)
        try:
            await asyncio.Event().wait()
        finally:
            self.stopped.append(job)


class TestRun:
    def test_whoever_reads_slowly_is_given_the_last_lines_too(self) -> None:
        async def read() -> list[bytes]:
            run = Run()
            run.hear("line", b"1")
            told = []
            async for line in run.follow():
                told.append(line)
                if not run.ended:
                    # It goes on, and ends, while the first line is still being sent.
                    run.hear("line", b"2")
                    run.ended = True
                    run.tell()
            return told

        assert asyncio.run(read()) == [b"1", b"2"]


class TestLanes:
    def conducted(self, what: Any) -> Endless:
        async def whole() -> Endless:
            runs, crew = Runs(1), Endless()
            runs.crew = crew
            runs.open()
            try:
                await what(runs, crew)
            finally:
                await runs.close()
            return crew

        return asyncio.run(whole())

    def test_a_run_that_nobody_follows_any_more_is_stopped(
        self, timeline: Timeline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(runs_room, "MISSED_AFTER_S", 0.05)

        async def follow(runs: Runs, crew: Endless) -> None:
            jobs = [job(timeline, seed=seed) for seed in range(20)]
            kept = [runs.run(one) for one in jobs]
            followed = asyncio.create_task(kept[0].until_ended())
            left = asyncio.create_task(kept[1].until_ended())
            await happens(lambda: len(crew.begun) >= 2)
            left.cancel()
            await happens(lambda: all(run.ended for run in kept[1:]))
            assert not kept[0].ended
            assert runs.state() | {"bytes": 0} == {"kept": 1, "waiting": 0, "bytes": 0}
            assert runs.run(jobs[1]) is not kept[1]
            followed.cancel()

        crew = self.conducted(follow)
        assert jobs_of(crew.stopped) == jobs_of(crew.begun)

    def test_whoever_loads_the_page_again_finds_the_run_going_on(self, timeline: Timeline) -> None:
        async def follow(runs: Runs, crew: Endless) -> None:
            run = runs.run(job(timeline))
            left = asyncio.create_task(run.until_ended())
            await happens(lambda: crew.begun)
            left.cancel()
            await asyncio.sleep(0.05)
            assert runs.run(job(timeline)) is run

        self.conducted(follow)

    def test_a_flood_of_whole_runs_keeps_no_decision_waiting(
        self, timeline: Timeline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(runs_room, "MISSED_AFTER_S", 600)
        decided = job(timeline, seed=10_000, since=date(2010, 4, 2))
        met = job(timeline, "past", since=date(2010, 4, 2))

        async def flood(runs: Runs, crew: Endless) -> None:
            for seed in range(4 + runs_room.MOST_WAITING):
                runs.run(job(timeline, seed=seed))
                await asyncio.sleep(0)
            with pytest.raises(BusyError, match="wait already"):
                runs.run(job(timeline, seed=-1))
            for _ in range(1 + runs_room.MOST_WAITING):
                runs.foresee(met, "")
                await asyncio.sleep(0)
            with pytest.raises(BusyError, match="wait already"):
                runs.foresee(met, "")
            runs.run(decided)
            await happens(lambda: any(one.what == "tape" and one.since for one in crew.begun))
            # One core: four whole runs, the decision, and one past that perhaps nobody needs.
            assert [one.what for one in crew.begun] == ["tape"] * 4 + ["past", "tape"]

        self.conducted(flood)

    def test_a_room_stands_at_one_meeting(self, timeline: Timeline) -> None:
        async def walk(runs: Runs, crew: Endless) -> None:
            for day in (5, 12, 19):
                runs.foresee(job(timeline, "past", since=date(2010, 3, day)), "blue")
            runs.foresee(job(timeline, "past", since=date(2010, 3, 26)), "")
            await happens(lambda: crew.begun)
            assert [one.since.day for one in crew.begun if one.since] == [19]
            runs.foresee(job(timeline, "past", since=date(2010, 4, 2)), "blue")
            await happens(lambda: len(crew.begun) > 1)
            assert [one.since.day for one in crew.stopped if one.since] == [19]
            assert [one.since.day for one in crew.begun if one.since] == [19, 26]

        self.conducted(walk)

    def test_a_room_that_comes_back_to_its_meeting_finds_the_past_going_on(self, timeline: Timeline) -> None:
        met = job(timeline, "past", since=date(2010, 3, 19))

        async def step_off_and_back(runs: Runs, crew: Endless) -> None:
            runs.foresee(met, "blue")
            await happens(lambda: crew.begun)
            runs.foresee(replace(met), "blue")
            await asyncio.sleep(0.05)
            assert len(crew.begun) == 1
            assert not crew.stopped

        self.conducted(step_off_and_back)


def jobs_of(those: list[Job]) -> list[int]:
    return sorted(one.seed for one in those)


class Answering(Copies):
    """A crew that answers at once, or not at all, with lines along which nobody lives anything."""

    def __init__(self, answers: bool = True) -> None:
        super().__init__(1)
        self._lines = set()
        self.answers = answers
        self.others: list[Connection] = []

    def _first(self) -> Connection:
        return self.line()

    def line(self) -> Connection:
        line, other = multiprocessing.Pipe()
        self.others += [line, other]
        return line

    async def _answered(self, keeper: Connection, job: Job, hear: Hear) -> Connection:
        if not self.answers:
            await asyncio.Event().wait()
        return self.line()


def nothing(what: str, content: Any) -> None:
    """Hear nothing."""


class TestPasts:
    def test_their_bound_holds_and_whoever_goes_on_keeps_the_origin(
        self, timeline: Timeline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(copies_room, "MOST_PASTS", 4)

        async def lived() -> None:
            crew = Answering()
            await crew.do(job(timeline, seed=0), nothing)
            for seed in (1, 2, 3):
                await crew.do(job(timeline, seed=seed), nothing)
            own = next(iter(crew.kept.values()))
            # The place's own past has been of no use for longest, and is what the new one goes on from.
            await crew.do(job(timeline, "past", seed=0, since=date(2010, 4, 2)), nothing)
            assert own in crew.kept.values()
            for day in range(1, 8):
                await crew.do(job(timeline, "past", seed=day, since=date(2010, 5, day)), nothing)
                assert len(crew.kept) <= 4

        asyncio.run(lived())

    def test_one_that_nobody_waits_for_is_not_lived_on(self, timeline: Timeline) -> None:
        async def left() -> None:
            crew = Answering(answers=False)
            asked = job(timeline, "past", since=date(2010, 4, 2))
            both = [asyncio.create_task(crew.do(asked, nothing)) for _ in range(2)]
            await asyncio.sleep(0.01)
            living = [one.living for one in crew.kept.values()]
            both[0].cancel()
            await asyncio.sleep(0.01)
            assert len(crew.kept) == 2
            both[1].cancel()
            await happens(lambda: not crew.kept)
            await happens(lambda: all(task is not None and task.done() for task in living))

        asyncio.run(left())

    def test_they_are_found_by_reading_each_decision_once(
        self, timeline: Timeline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read: list[Any] = []
        digest = worker_room.digest
        monkeypatch.setattr(worker_room, "digest", lambda value: (read.append(value), digest(value))[1])
        dates = [date(2010, 1 + n // 4, 5 + 7 * (n % 4)) for n in range(40)]
        decided = (*timeline, *((when, timeline[-1][1]) for when in dates))

        async def asked() -> None:
            await Answering().do(job(decided, "past", since=date(2010, 12, 1)), nothing)

        asyncio.run(asked())
        assert len(read) == len(decided)

    @copied
    def test_a_system_without_a_process_to_give_is_told(
        self, timeline: Timeline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse() -> int:
            raise BlockingIOError(11, "Resource temporarily unavailable")

        monkeypatch.setattr(worker_room.os, "fork", refuse)
        here, there = multiprocessing.Pipe()
        with here, there:
            worker_room._copy(job(timeline), there, there, None)
            what, told = here.recv()
        assert what == "failed"
        assert "temporarily unavailable" in told

    @copied
    def test_a_first_process_at_whose_line_nobody_is_gets_a_successor(self) -> None:
        async def succeeded() -> None:
            crew = Copies(1)
            crew.open()
            try:
                line = crew._first()
                assert crew._first() is line
                hang_up(line)
                await happens(lambda: crew._first() is not line)
                assert len(crew.firsts) == 2
            finally:
                await crew.close()
            assert not any(one.process.is_alive() for one in crew.firsts)

        asyncio.run(succeeded())


STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
)


class TestComparisons:
    def conducted(self, begun: Any, monkeypatch: pytest.MonkeyPatch, what: Any) -> None:
        monkeypatch.setattr(studies_room, "_begun", begun)

        async def whole() -> None:
            studies = Studies()
            studies.open()
            try:
                await what(studies)
            finally:
                async with asyncio.timeout(20):
                    await studies.close()

        asyncio.run(whole())

    def begin(self, studies: Studies) -> Study:
        found = studies.begin("nottingham", ["hub"], {}, ["--replications", "2"], alone=False)
        assert found is not None
        return found

    def test_one_that_is_cancelled_before_its_process_is_there_ends(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def begun(study: Study) -> asyncio.subprocess.Process:
            await asyncio.sleep(0.2)
            return await sleeper("import time; time.sleep(60)")

        async def cancel(studies: Studies) -> None:
            study = self.begin(studies)
            await happens(lambda: study.state == "running")
            assert study.process is None
            studies.cancel(study)
            await happens(lambda: study.process is not None and study.process.returncode is not None)
            assert study.state == "cancelled"

        self.conducted(begun, monkeypatch, cancel)

    def test_one_that_does_not_hear_is_ended(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(studies_room, "STOPS_WITHIN_S", 0.2)

        async def begun(study: Study) -> asyncio.subprocess.Process:
            process = await sleeper(STUBBORN)
            assert process.stdout is not None
            await process.stdout.readline()
            return process

        async def cancel(studies: Studies) -> None:
            study = self.begin(studies)
            await happens(lambda: study.process is not None)
            studies.cancel(study)
            await happens(lambda: study.process is not None and study.process.returncode is not None)
            assert study.process is not None
            assert study.process.returncode == -signal.SIGKILL

        self.conducted(begun, monkeypatch, cancel)

    def test_one_that_cannot_begin_says_so_and_makes_room(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def begun(study: Study) -> asyncio.subprocess.Process:
            raise OSError(12, "Cannot allocate memory")

        async def fail(studies: Studies) -> None:
            made = [self.begin(studies) for _ in range(2)]
            await happens(lambda: all(study.state == "failed" for study in made))
            assert made[0].told()["said"] == ["the comparison could not begin: Cannot allocate memory"]

        self.conducted(begun, monkeypatch, fail)

    def test_one_that_nobody_asks_about_any_more_is_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(studies_room, "MISSED_AFTER_S", 0.3)

        async def begun(study: Study) -> asyncio.subprocess.Process:
            return await sleeper("import time; time.sleep(60)")

        async def leave(studies: Studies) -> None:
            left, followed = self.begin(studies), self.begin(studies)

            def own_turn() -> bool:
                followed.heard()
                return followed.state == "running"

            await happens(own_turn)
            assert left.state == "cancelled"
            assert left.process is not None
            assert left.process.returncode is not None
            await happens(lambda: followed.state == "cancelled")

        self.conducted(begun, monkeypatch, leave)

    def test_one_that_has_ended_is_kept_until_whoever_waits_for_it_has_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(studies_room, "MOST_WAITING", 3)
        monkeypatch.setattr(studies_room, "MOST_KEPT", 4)

        async def begun(study: Study) -> asyncio.subprocess.Process:
            return await sleeper("" if study.name == "study-1" else "import time; time.sleep(60)")

        async def crowd(studies: Studies) -> None:
            first = self.begin(studies)
            await happens(lambda: first.state == "done")
            others = [self.begin(studies) for _ in range(3)]
            # As many as may be wait or run, and then as many as may be are kept.
            assert studies.begin("nottingham", ["hub"], {}, [], alone=False) is None
            studies.cancel(others[-1])
            assert studies.begin("nottingham", ["hub"], {}, [], alone=False) is None
            assert first.name in studies.kept
            assert first.folder.is_dir()
            monkeypatch.setattr(studies_room, "MISSED_AFTER_S", 0)
            self.begin(studies)
            assert first.name not in studies.kept
            assert not first.folder.exists()

        self.conducted(begun, monkeypatch, crowd)

    def test_its_command_can_be_typed_where_the_workshop_was_opened(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "our place.yaml").write_text("kind: site\nname: Ours\nextends: nottingham\n")
        arguments = ["compare", str(tmp_path / "our place.yaml"), "decisions.yaml", "--seed", "1"]
        study = Study("study-1", tmp_path, [*arguments, "--out", "results"])
        told = shlex.split(study.told()["command"])
        assert told == ["iom", "compare", "our place.yaml", "decisions.yaml", "--seed", "1"]
        places = Places({"ours": str(tmp_path / "our place.yaml")})
        assert shlex.split(places.command(Asked(site="ours"), "decisions.yaml"))[2] == "our place.yaml"


def sleeper(code: str) -> Awaitable[asyncio.subprocess.Process]:
    pipe = asyncio.subprocess.PIPE
    return asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=pipe, stderr=pipe, start_new_session=True
    )


@contextmanager
def served() -> Iterator[int]:
    """Serve the workshop in a thread, without a crew, and yield its port."""
    config = configured(offered([]), 1, ["127.0.0.1"])
    config.lifespan = "off"
    server = uvicorn.Server(config)
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


def answers(client: httpx.Client, within_s: float = 20) -> bool:
    """Wait until somebody who asks for the page is given it; return whether so."""
    end = time.monotonic() + within_s
    while (found := own_status(client)) != 200 and time.monotonic() < end:
        time.sleep(0.05)
    return found == 200


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="nobody tells here that a terminal was closed")
def test_a_terminal_that_is_closed_closes_the_workshop(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: signal.raise_signal(signal.SIGHUP))
    before = {one: signal.getsignal(one) for one in (signal.SIGHUP, signal.SIGTERM)}
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    try:
        serve([], "127.0.0.1", 0, 1)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    assert told == [signal.SIGTERM]


POSTED = (
    b"POST /api/tape HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: 9\r\n\r\n{"
)


class TestConnections:
    def test_silent_ones_keep_nobody_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(serving_room, "MOST_CONNECTIONS", 6)
        monkeypatch.setattr(connection_room, "LOOKS_EVERY_S", 0.5)
        monkeypatch.setattr(guard_room, "BODY_WITHIN_S", 0.5)
        unfinished = (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET", POSTED)
        with served() as port, httpx.Client(base_url=f"http://127.0.0.1:{port}") as own:
            assert answers(own)
            crowd = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
            try:
                for number, line in enumerate(crowd):
                    line.sendall(unfinished[number % 4])
                assert answers(own)
            finally:
                for line in crowd:
                    line.close()

    def test_a_body_that_never_comes_is_not_waited_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(guard_room, "BODY_WITHIN_S", 0.3)
        with served() as port, socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(POSTED)
            told = b""
            while block := line.recv(65536):
                told += block
        assert told.startswith(b"HTTP/1.1 408")
        assert b"the whole request within" in told

    def test_one_that_has_something_to_say_is_left_alone(self) -> None:
        ended, looks = [], []
        line = object.__new__(Served)
        line.transport = SimpleNamespace(is_closing=lambda: False, abort=lambda: ended.append(True))
        line.loop = SimpleNamespace(call_later=lambda seconds, look, mark: looks.append(mark))
        line.cycle, done = SimpleNamespace(response_complete=False), SimpleNamespace(response_complete=True)
        # While it is answered; once it was; when it has asked again since; and then not any more.
        line._look(line)
        line.cycle.response_complete = True
        line._look(looks[-1])
        line.cycle = done
        line._look(looks[-1])
        assert not ended
        line._look(looks[-1])
        assert ended
        assert len(looks) == 3


def own_status(client: httpx.Client) -> int:
    try:
        return client.get("/").status_code
    except httpx.TransportError:
        return 0


@pytest.fixture
def inside() -> TestClient:
    # Nothing is lived here, so that the crew is never opened.
    application = build(offered([]), 1, ["127.0.0.1", "Room-PC"])
    return TestClient(application, base_url="http://127.0.0.1", raise_server_exceptions=False)


class TestDoor:
    def test_a_hosts_name_may_be_written_in_capitals(self, inside: TestClient) -> None:
        for host in ("Room-PC:8410", "room-pc"):
            assert inside.get("/", headers={"host": host}).status_code == 200
            sent = {"host": host, "origin": f"http://{host.lower()}"}
            assert inside.get("/static/draw.js", headers=sent).status_code == 200

    @pytest.mark.parametrize(
        ("path", "destination", "status"),
        [("/", "document", 200), ("/", "iframe", 403), ("/api/places", "document", 403)],
    )
    def test_a_link_elsewhere_opens_the_page_and_nothing_else(
        self, inside: TestClient, path: str, destination: str, status: int
    ) -> None:
        sent = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": destination}
        assert inside.get(path, headers=sent).status_code == status

    def test_what_breaks_is_told_in_a_sentence(
        self, inside: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Places, "scenario", lambda self, asked: 1 // 0)
        answer = inside.post("/api/levers", json={"site": "nottingham"})
        assert answer.status_code == 500
        assert "something in the workshop is broken" in answer.json()["problems"][0]

    def test_draws_that_there_are_not_are_refused(self, inside: TestClient) -> None:
        assert inside.get("/api/places").json()["draws"] is False
        body = {"site": "nottingham", "choices": [{"options": ["hub"]}], "draws": True}
        answer = inside.post("/api/studies", json=body)
        assert answer.status_code == 422
        assert "no posterior" in answer.json()["problems"][0]


class TestNames:
    def test_a_file_never_stands_for_a_shipped_place(self, tmp_path: Path) -> None:
        own = tmp_path / "nottingham.yaml"
        own.write_text("kind: site\nname: Ours\nextends: nottingham\n")
        found = offered([str(own), "bristol"])
        assert [*found][:2] == ["nottingham-2", "bristol"]
        assert found["nottingham-2"] == str(own)
        assert found["nottingham"] == "nottingham"

    def test_a_name_too_long_to_be_asked_for_is_told_at_the_start(self, tmp_path: Path) -> None:
        long = tmp_path / f"{'a' * 61}.yaml"
        long.write_text("kind: site\nname: Ours\nextends: nottingham\n")
        with pytest.raises(ScenarioError, match="a name of 61 letters"):
            offered([str(long)])
        fits = long.with_stem("a" * 60)
        long.rename(fits)
        for name in offered([str(fits)]):
            Asked(site=name)

    @pytest.mark.parametrize("host", ["0.0.0.0", "::"])
    def test_an_address_that_nobody_can_type_is_refused(self, host: str) -> None:
        result = CliRunner().invoke(app, ["app", "--host", host])
        assert result.exit_code == 2
        assert "stands for every address" in result.output
        assert "Traceback" not in result.output
