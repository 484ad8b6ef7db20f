"""The workshop's server, as its page and as others meet it."""

import asyncio
import json
import multiprocessing
import os
import shlex
import signal
import socket
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pandas as pd
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from experiments import Plan, compare
from experiments.command_line import app
from experiments.tape import record
from experiments.trace import story as told_by_trace
from experiments.workshop import copies as copies_room
from experiments.workshop import runs as runs_room
from experiments.workshop.copies import Copies
from experiments.workshop.crew import Workers
from experiments.workshop.guard import LARGEST_BODY
from experiments.workshop.request import Asked, Places
from experiments.workshop.runs import Run, Runs
from experiments.workshop.server import build
from experiments.workshop.serving import offered
from experiments.workshop.worker import Job
from scenarios import load
from scenarios.exercise import exercise_names, load_exercise
from scenarios.yaml_file import parse
from simulation import IOMModel
from simulation.branch import COPYING
from tests.test_functional_tape import SMALL

YEARS = 0.5
ASKED = {"site": "small", "years": YEARS}
DECISION = {
    "since": "2010-03-26",
    "changes": {
        "cohort.ceiling": 20, "agencies.police.officers": 3, "teams.city.co_location.form": "virtual",
        "teams.city.co_location.members": ["police", "probation"],
    },
    "because": "fewer, and more often <script>alert(1)</script>\n- {from: 2010-01-01}",
    "expect": "fewer or less: proven offences",
}  # fmt: skip
NONSENSE = [
    b"\x00\xff\xfe binary", b"[]", b"{", b'{"site": "../../etc/passwd"}', b'{"site": "small", "seed": -1}',
    b'{"site": "small", "years": 1e9}', b'{"site": "small", "extra": 1}', b'{"site": ["small"]}',
    b'{"site": "small", "options": ["../hub"]}', b'{"site": "small", "options": ["hub","a","b","c","d"]}',
    b'{"site": "small", "years": NaN}', b'{"site": "small", "decisions": [{"since": "2010-03-26"}]}',
]  # fmt: skip
LEADING_OUT = [
    "/static/..%2Fserver.py", "/static/%2e%2e/server.py", "/static/server.py", "/../pyproject.toml",
    "/api/exercises/..%2F..%2Fsites%2Fnottingham", "/studies/..%2f..%2f/report",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("site") / "small.yaml"
    path.write_text(SMALL)
    return path


@pytest.fixture(scope="module")
def client(site: Path) -> Iterator[TestClient]:
    application = build(offered([str(site)]), 1, ["127.0.0.1"])
    with TestClient(application, base_url="http://127.0.0.1:8410") as found:
        yield found


def post(client: TestClient, path: str, body: Any = None) -> Any:
    return client.post(path, json=ASKED if body is None else body)


def lines(client: TestClient, body: Any) -> list[dict[str, Any]]:
    answer = post(client, "/api/tape", body)
    assert answer.status_code == 200, answer.text
    found = [json.loads(line) for line in answer.text.splitlines()]
    return [line for line in found if "progress" not in line]


def workshop(client: TestClient) -> Any:
    return client.app.state.workshop  # type: ignore[attr-defined]


class TestRuns:
    def test_the_tape_is_that_of_the_model(self, client: TestClient, site: Path) -> None:
        head, *weeks = lines(client, ASKED)
        own_head, *own_weeks = record(IOMModel(load(str(site)).timeline, years=YEARS))
        assert weeks == json.loads(json.dumps(own_weeks))
        named = {"site": "small", "scenario": "small", "seed": 1, "replication": 0, "notices": []}
        assert head == {**json.loads(json.dumps(own_head)), **named}
        assert lines(client, ASKED) == [head, *weeks]

    def test_a_decision_keeps_the_past_and_its_file_repeats_the_run(
        self, client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before, after = lines(client, ASKED), lines(client, {**ASKED, "decisions": [DECISION]})
        assert after[1:13] == before[1:13]
        assert after[13:] != before[13:]
        exported = post(client, "/api/option", {**ASKED, "decisions": [DECISION]}).json()
        (tmp_path / exported["file"]).write_text(exported["text"], encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        # The command as it is written, but for the number of runs: what the room saw is the first of them.
        name, *arguments = shlex.split(exported["command"].replace("--replications 20", "--replications 1"))
        assert name == "iom"
        result = CliRunner().invoke(app, [*arguments, "--out", "out"])
        assert result.exit_code == 0, result.output
        weekly = pd.read_parquet("out/weekly.parquet").query("scenario == 'small+decisions'")
        names = [line["name"] for line in after[0]["lines"]]
        for name in ("proven_offences", "contacts_made", "caseload", "contacts_expired"):
            own = weekly[weekly["outcome"] == name].sort_values("week")["value"].round().tolist()
            assert own == [week["lines"][names.index(name)] for week in after[1:]], name

    def test_decisions_go_on_from_an_option_that_sets_the_same_keys(self, client: TestClient) -> None:
        hub = {**ASKED, "options": ["hub"]}
        decided = {**hub, "decisions": [DECISION]}
        assert lines(client, decided)[1:13] == lines(client, hub)[1:13]
        text = post(client, "/api/option", decided).json()["text"]
        assert text.count("teams.city.co_location.form:") == 1
        assert '{from: 2010-01-01, value: "hub"}' in text

    def test_a_later_decision_never_rewrites_the_past(self, client: TestClient, tmp_path: Path) -> None:
        made = [
            {"since": "2010-01-29", "changes": {"cohort.sizing": "threat"}, "because": "all who score"},
            {"since": "2010-03-26", "changes": {"cohort.ceiling": 20}, "because": "fewer"},
            {"since": "2010-05-28", "changes": {"cohort.sizing": "threat"}, "because": "back again"},
        ]
        implied = {"since": "2010-03-26", "key": "cohort.sizing", "value": "resources"}
        tapes = [lines(client, {**ASKED, "decisions": made[:number]}) for number in (2, 3)]
        assert [head["implied"] for head, *_ in tapes] == [[implied], [implied]]
        before, after = tapes
        assert after[1:22] == before[1:22]
        assert after[22:] != before[22:]
        exported = post(client, "/api/option", {**ASKED, "decisions": made}).json()
        path = tmp_path / exported["file"]
        path.write_text(exported["text"], encoding="utf-8")
        places = workshop(client).places
        own = places.scenario(Asked.model_validate({**ASKED, "decisions": made}))
        sizes = [(f"{when:%d %b}", p.cohort.sizing) for when, p in own.timeline[1:]]
        assert sizes == [("29 Jan", "threat"), ("26 Mar", "resources"), ("28 May", "threat")]
        assert load(places.files["small"], str(path)).timeline == own.timeline

    def test_reasons_are_written_as_they_were_given(self, client: TestClient) -> None:
        because = "a smile \N{SLIGHTLY SMILING FACE}"
        decided = {**ASKED, "decisions": [{**DECISION, "because": because}]}
        exported = post(client, "/api/option", decided).json()
        why = parse(exported["text"], exported["file"]).value["why"][1].value
        assert why == because

    def test_the_twin_is_one_for_all_that_share_a_world(self, client: TestClient) -> None:
        first = post(client, "/api/twin").text.splitlines()[-26:]
        kept = workshop(client).runs.state()["kept"]
        assert post(client, "/api/twin", {**ASKED, "options": ["hub"]}).text.splitlines()[-26:] == first
        assert workshop(client).runs.state()["kept"] == kept

    def test_a_story_is_the_one_that_trace_tells(
        self, client: TestClient, site: Path, tmp_path: Path
    ) -> None:
        head = lines(client, ASKED)[0]
        study = compare(str(site), plan=Plan(1, years=YEARS, workers=1), out=tmp_path / "out")
        person = next(p for p, letter in zip(head["people"], head["places"], strict=True) if letter in "rB")
        found = post(client, f"/api/story/{person}").json()
        assert [found["opening"], *found["lines"]] == told_by_trace(study.folder, person).lines
        for item in found["news"]:
            assert item["day"] <= item["agencies"]["police"]
            assert item["team"] is None or item["team"] >= item["day"]
        assert post(client, "/api/story/999999").status_code == 404

    def test_controls_are_the_declared_levers(self, client: TestClient) -> None:
        groups = post(client, "/api/levers").json()["groups"]
        controls = {control["key"]: control for group in groups for control in group["controls"]}
        assert controls["cohort.ceiling"]["value"] == 40
        assert controls["cohort.ceiling"]["high"] == 1_000_000
        assert "hub" in controls["teams.city.co_location.form"]["choices"]
        assert "teams.city.share" not in controls
        assert [group["name"] for group in groups][:3] == ["cohort", "agencies", "teams"]

    def test_a_change_shows_at_once_where_somebody_stood_at_the_meeting(
        self, client: TestClient, site: Path
    ) -> None:
        before = lines(client, ASKED)
        first = {"since": "2010-03-05", "changes": {"cohort.ceiling": 30}, "because": "fewer"}
        decisions: list[dict[str, Any]] = []
        # One meeting falls on the end of a week and one between two.
        for decision in (DECISION, {**first, "since": "2010-05-05"}):
            met = {**ASKED, "decisions": list(decisions), "since": decision["since"]}
            assert post(client, "/api/meeting", met).status_code == 202
            until_lived(client)
            decisions.append(decision)
            answer = post(client, "/api/tape", {**ASKED, "decisions": decisions})
            if COPYING:
                assert "progress" not in answer.text, "the weeks before the change were lived again"
            own = Places({"small": str(site)}).scenario(
                Asked.model_validate({**ASKED, "decisions": decisions})
            )
            _, *whole = record(IOMModel(own.timeline, years=YEARS))
            head, *weeks = map(json.loads, answer.text.splitlines())
            assert weeks == json.loads(json.dumps(whole))
            assert head.pop("implied") == []
            assert {**head, "scenario": "", "notices": []} == {**before[0], "scenario": "", "notices": []}

    @pytest.mark.parametrize(
        ("since", "told"), [("2010-03-26", "after every decision"), ("2031-01-01", "a date from 2010-01-01")]
    )
    def test_a_meeting_that_cannot_be_is_refused(self, client: TestClient, since: str, told: str) -> None:
        answer = post(client, "/api/meeting", {**ASKED, "decisions": [DECISION], "since": since})
        assert answer.status_code == 422
        assert told in answer.json()["problems"][0]

    def test_pasts_that_are_kept_have_a_bound(
        self, client: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(copies_room, "MOST_PASTS", 2)
        for seed in range(300, 304):
            assert len(lines(client, {**ASKED, "seed": seed, "years": 0.25})) == 14
        assert pasts(client) <= 2


def until_lived(client: TestClient) -> None:
    """Wait until every past that has been begun is lived."""
    crew, end = workshop(client).runs.crew, time.monotonic() + 120
    while not all(one.line.done() for one in getattr(crew, "kept", {}).values()) and time.monotonic() < end:
        time.sleep(0.05)


def pasts(client: TestClient) -> int:
    return len(getattr(workshop(client).runs.crew, "kept", ()))


def below(process: int) -> list[int]:
    """Return every process that a process began, and they began, the youngest last."""
    own = Path(f"/proc/{process}/task/{process}/children")
    found = [int(number) for number in own.read_text().split()] if own.exists() else []
    return [*found, *(one for child in found for one in below(child))]


def job(site: Path, what: Any = "tape", **key: Any) -> Job:
    return Job(
        what, load(str(site)).timeline, **{"seed": 1, "replication": 0, "years": YEARS, "head": {}, **key}
    )


class TestCrew:
    @pytest.mark.skipif(not COPYING, reason="processes are not copied on this machine")
    def test_a_worker_that_dies_is_told_and_the_next_run_lives(self, site: Path) -> None:
        async def told() -> list[str]:
            runs = Runs(1)
            runs.open()
            try:
                said = []
                for seed, years, dies in ((1, 5, "a copy"), (2, YEARS, "the first"), (3, YEARS, "")):
                    run = runs.run(job(site, seed=seed, years=years))
                    ended = asyncio.create_task(run.until_ended())
                    while not run.lines and not run.ended:
                        await asyncio.sleep(0.01)
                    first = runs.crew.firsts[-1].process  # type: ignore[attr-defined]
                    if dies:
                        os.kill(first.pid if dies == "the first" else below(first.pid)[-1], signal.SIGKILL)
                    await ended
                    if dies == "a copy":
                        # What it went on from is as good as before.
                        assert len(runs.crew.kept) == 1  # type: ignore[attr-defined]
                    said.append(run.error or str(len(run.lines)))
                    runs.kept.clear()
                return said
            finally:
                await runs.close()

        died, *others = asyncio.run(told())
        assert "the worker process died" in died
        assert others == ["27", "27"]

    def test_where_processes_cannot_be_copied_the_run_is_the_same(self, site: Path) -> None:
        async def done(one: Any, what: Any) -> list[bytes]:
            run = Run()
            await one.do(job(site, what), run.hear)
            return run.lines

        async def both() -> list[list[bytes]]:
            found = []
            for one in (Workers(1), Copies(4)) if COPYING else (Workers(1),):
                one.open()
                try:
                    found += [await done(one, "tape"), await done(one, "twin")]
                finally:
                    await one.close()
            return found

        tape, twin, *copied = asyncio.run(both())
        assert len(tape) == len(twin) == 27
        assert copied in ([], [tape, twin])


class TestComparisons:
    def begin(self, client: TestClient, replications: int) -> dict[str, Any]:
        choices = [{"decisions": [DECISION]}]
        body = {"site": "small", "choices": choices, "years": YEARS, "replications": replications}
        answer = post(client, "/api/studies", body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def test_it_is_the_command_lines_own_with_its_report(self, client: TestClient) -> None:
        state, end = self.begin(client, 2), time.monotonic() + 240
        while state["state"] in ("waiting", "running") and time.monotonic() < end:
            time.sleep(0.2)
            state = client.get(f"/api/studies/{state['id']}").json()
        assert state["state"] == "done", state
        assert (state["done"], state["wanted"]) == (4, 4)
        ceiling = next(row for row in state["changes"][0] if row[0].startswith("cohort.ceiling"))
        assert ceiling[1:] == ["40", "20", "2010-03-26"]
        found = client.get(f"/api/studies/{state['id']}/differences").json()
        assert found["scenarios"] == ["small", "small+decisions"]
        assert {outcome["name"] for outcome in found["outcomes"]} >= {"committed_offences", "iom_cost_gbp"}
        assert found["levels"].keys() >= {load_exercise(name).question.outcome for name in exercise_names()}
        assert len(found["outcomes"][0]["choices"][0]["pairs"]) == 2
        report = client.get(f"/studies/{state['id']}/report")
        assert "sandbox" in report.headers["content-security-policy"]
        assert "decisions" in report.text
        assert "iom-workshop" not in report.text
        kept = ZipFile(BytesIO(client.get(f"/studies/{state['id']}/results").content)).namelist()
        assert {"decisions.yaml", "results/report.html", "results/runs.parquet"} <= {*kept}

    def test_it_can_be_cancelled(self, client: TestClient) -> None:
        state = self.begin(client, 100)
        process = running(client, state["id"])
        own = [process.pid, *below(process.pid)]
        answer = client.request("DELETE", f"/api/studies/{state['id']}", json={})
        assert answer.json()["state"] == "cancelled"
        assert none_lives(own)
        assert client.get(f"/studies/{state['id']}/report").status_code == 404
        assert client.get(f"/studies/{state['id']}/results").status_code == 404

    def test_what_is_wrong_is_told_before_it_begins(self, client: TestClient) -> None:
        body = {"site": "small", "choices": [{"options": ["hubb"]}], "replications": 2}
        answer = post(client, "/api/studies", body)
        assert answer.status_code == 422
        assert "is no shipped option" in answer.json()["problems"][0]
        assert client.get("/api/studies/study-999").status_code == 404


class TestDoor:
    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"host": "evil.example:8410"}, 421),
            ({"host": "127.0.0.1.evil.example"}, 421),
            ({"origin": "http://evil.example"}, 403),
            ({"origin": "null"}, 403),
            ({"origin": "http://127.0.0.1:9999"}, 403),
            ({"sec-fetch-site": "cross-site"}, 403),
            ({"content-type": "text/plain"}, 415),
        ],
    )
    def test_strangers_are_refused_with_a_message(
        self, client: TestClient, headers: dict[str, str], status: int
    ) -> None:
        sent = {"content-type": "application/json", **headers}
        answer = client.post("/api/twin", content=json.dumps(ASKED), headers=sent)
        assert answer.status_code == status
        assert answer.json()["problems"]
        assert "access-control-allow-origin" not in answer.headers

    def test_its_own_page_is_let_in_and_may_load_its_own_files_only(self, client: TestClient) -> None:
        sent = {"origin": "http://127.0.0.1:8410", "sec-fetch-site": "same-origin"}
        answer = client.get("/", headers=sent)
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert client.get("/static/player.js").headers["x-content-type-options"] == "nosniff"

    @pytest.mark.parametrize("content", NONSENSE)
    def test_nonsense_is_refused_with_a_message(self, client: TestClient, content: bytes) -> None:
        answer = client.post("/api/tape", content=content, headers={"content-type": "application/json"})
        assert answer.status_code == 422, answer.text
        assert answer.json()["problems"]
        assert "Traceback" not in answer.text

    @pytest.mark.parametrize(
        ("changes", "since", "told"),
        [
            ({"cohort.cieling": 3}, "2010-03-26", "did you mean ceiling?"),
            ({"cohort.ceiling": "lots"}, "2010-03-26", "a whole number from 0"),
            ({"teams.city.co_location.form": "hub"}, "2010-03-26", "needs at least two members"),
            ({"pool.leaving_per_year": 0.1}, "2010-03-26", "cannot change on the way"),
            ({"cohort.ceiling": 3}, "2009-12-31", "a date from 2010-01-01"),
            ({"cohort.ceiling": 3}, "2031-01-01", "a date from 2010-01-01"),
        ],
    )
    def test_a_wrong_decision_is_told_as_a_wrong_file_is(
        self, client: TestClient, changes: dict[str, Any], since: str, told: str
    ) -> None:
        decision = {"since": since, "changes": changes, "because": "x"}
        answer = post(client, "/api/tape", {**ASKED, "decisions": [decision]})
        assert answer.status_code == 422
        assert told in "\n".join(answer.json()["problems"])

    def test_what_is_no_value_at_all_is_told_once(self, client: TestClient) -> None:
        decision = {"since": "2010-03-26", "changes": {"cohort.ceiling": {"no": 1}}, "because": "x"}
        problems = post(client, "/api/tape", {**ASKED, "decisions": [decision]}).json()["problems"]
        assert len(problems) == 1
        assert "cohort.ceiling: expected a number, a word" in problems[0]

    def test_too_much_is_refused(self, client: TestClient) -> None:
        sent = {"content-type": "application/json"}
        answer = client.post("/api/tape", content=b" " * (LARGEST_BODY + 1), headers=sent)
        assert answer.status_code == 413

    @pytest.mark.parametrize("path", LEADING_OUT)
    def test_paths_lead_nowhere_else(self, client: TestClient, path: str) -> None:
        assert client.get(path).status_code == 404

    def test_a_flood_is_bounded_and_the_others_go_on(
        self, client: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = lines(client, ASKED)
        monkeypatch.setattr(runs_room, "MOST_WAITING", 0)
        answer = post(client, "/api/tape", {**ASKED, "seed": 123_456})
        assert answer.status_code == 503
        assert "wait already" in answer.json()["problems"][0]
        assert lines(client, ASKED) == before

    def test_what_is_kept_has_a_bound(self, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(runs_room, "LARGEST_CACHE", 40_000)
        for seed in range(200, 204):
            lines(client, {**ASKED, "seed": seed})
        assert workshop(client).runs.state()["bytes"] < 40_000


def test_the_server_looks_no_name_up_and_calls_nobody(site: Path) -> None:
    seen: list[str] = []
    listening = [True]

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if listening[0] and event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
            seen.append(f"{event} {arguments[1:]}")

    # A hook stays until the process ends; this one only hears while it is asked to.
    sys.addaudithook(hear)
    try:
        with TestClient(build(offered([str(site)]), 1, ["127.0.0.1"]), base_url="http://127.0.0.1") as own:
            lines(own, ASKED)
            post(own, "/api/option", {**ASKED, "decisions": [DECISION]})
            own.get("/api/places")
        assert seen == []
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", 9), timeout=1)
        assert seen
    finally:
        listening[0] = False


def test_no_worker_outlives_the_server(site: Path) -> None:
    there = set(multiprocessing.active_children())
    with TestClient(build(offered([str(site)]), 2, ["127.0.0.1"]), base_url="http://127.0.0.1") as own:
        first = [one.pid for one in set(multiprocessing.active_children()) - there]
        lines(own, ASKED)
        # In the middle of a run and of a comparison, too.
        post(own, "/api/meeting", {**ASKED, "seed": 9, "since": "2010-05-28"})
        body = {"site": "small", "choices": [{"options": ["hub"]}], "years": YEARS, "replications": 100}
        study = running(own, post(own, "/api/studies", body).json()["id"]).pid
        pids = [*(pid for one in first if one for pid in (one, *below(one))), study, *below(study)]
    assert none_lives(pids)


def running(client: TestClient, study: str) -> Any:
    """Return the process of a comparison once it has begun to run."""
    found, end = workshop(client).studies.kept[study], time.monotonic() + 120
    while not found.wanted and time.monotonic() < end:
        time.sleep(0.05)
    assert found.process.returncode is None
    return found.process


def none_lives(pids: list[int]) -> bool:
    """Wait a while until none of some processes lives; return whether so."""
    end = time.monotonic() + 60
    while any(map(lives, pids)) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(map(lives, pids))


def lives(process: int) -> bool:
    try:
        os.kill(process, 0)
        status = Path(f"/proc/{process}/status")
        return not status.exists() or "State:\tZ" not in status.read_text()
    # It can end between any two looks.
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_site_files_of_one_name_are_all_offered(site: Path, tmp_path: Path) -> None:
    other = tmp_path / "small.yaml"
    other.write_text(SMALL.replace("ceiling: 40", "ceiling: 30"))
    found = offered([str(site), str(other), str(site)])
    assert [*found][:2] == ["small", "small-2"]
    assert [*found.values()].count(str(site)) == 1
    assert Places(found).scenario(Asked(site="small-2")).timeline[-1][1].cohort.ceiling == 30


def test_an_exercise_says_where_it_makes_no_sense(client: TestClient) -> None:
    places = client.get("/api/exercises/under-one-roof").json()["places"]
    assert places["nottingham"] == places["west-midlands"] == places["small"] == ""
    assert places["bristol"] == "Every team of this place sits in a hub already."
    assert places["west-yorkshire"]
    assert not any(client.get("/api/exercises/fifty-more").json()["places"].values())
