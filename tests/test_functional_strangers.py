"""The workshop's server as strangers meet it: they are refused with a message, and nobody else notices."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from experiments.workshop import studies as studies_room
from experiments.workshop.guard import LARGEST_BODY
from experiments.workshop.server import build
from experiments.workshop.serving import offered
from tests.test_functional_tape import SMALL

ASKED = {"site": "small", "years": 0.25}
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
JSON = {"content-type": "application/json"}
#: Writes down every address that a process, or any that it begins, speaks to or looks up.
LISTENER = """
import os, sys
def hear(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        told = repr(arguments[1:])
        if event != "socket.connect" or not isinstance(arguments[1], (str, bytes)):
            with open(os.environ["HEARD"], "a") as file:
                file.write(f"{event} {told}\\n")
sys.addaudithook(hear)
"""
STRANGE = [
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"POST /api/tape HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n0\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS greeting",
    b"A" * 100_000,
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("site") / "small.yaml"
    path.write_text(SMALL)
    return path


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of what is heard; its folder makes any Python listen to itself."""
    folder = tmp_path_factory.mktemp("listener")
    (folder / "sitecustomize.py").write_text(LISTENER)
    return folder / "heard.txt"


def listened_to(heard: Path) -> dict[str, str]:
    path = os.pathsep.join([str(heard.parent), os.getcwd(), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path, "HEARD": str(heard)}


@pytest.fixture(scope="module")
def address(site: Path, heard: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "experiments", "app", str(site), "--port", "0", "--workers", "1"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=listened_to(heard))
    try:
        assert server.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())
        assert found
        yield found[0]
        server.send_signal(signal.SIGINT)
        assert server.wait(90) == 0
    finally:
        server.kill()


@pytest.fixture(scope="module")
def own(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=240) as client:
        yield client


def spoken(address: str, said: bytes) -> bytes:
    """Say something over a bare connection, and return the answer."""
    port = int(address.rstrip("/").rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        answer = b""
        try:
            line.sendall(said)
            line.shutdown(socket.SHUT_WR)
            while block := line.recv(65536):
                answer += block
        except OSError:
            pass  # Hung up on, in the middle of it or before its end was said.
        return answer


def test_what_is_no_request_changes_nothing_for_the_others(own: httpx.Client, address: str) -> None:
    before = own.post("/api/tape", json=ASKED).text.splitlines()
    for said in STRANGE:
        answer = spoken(address, said)
        assert not answer or re.match(rb"HTTP/1\.1 4\d\d ", answer), (said[:40], answer[:200])
        assert b"Traceback" not in answer
        assert own.get("/").status_code == 200
    # What the first answer says more is how far it was.
    assert own.post("/api/tape", json=ASKED).text.splitlines() == before[-14:]


def test_a_crowd_that_never_finishes_its_sentence_keeps_nobody_out(own: httpx.Client, address: str) -> None:
    port = int(address.rstrip("/").rpartition(":")[2])
    crowd = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(200)]
    try:
        for line in crowd:
            line.sendall(b"POST /api/tape HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n")
        assert own.get("/api/places").json()["sites"][0] == "small"
        assert own.post("/api/tape", json=ASKED).status_code == 200
    finally:
        for line in crowd:
            line.close()
    assert own.get("/").status_code == 200


def test_nobody_is_called_by_the_server_its_workers_or_its_studies(own: httpx.Client, heard: Path) -> None:
    own.get("/api/exercises/under-one-roof").raise_for_status()
    head = json.loads(own.post("/api/tape", json=ASKED).text.splitlines()[-1].partition("\n")[0])
    assert head["week"] == 13
    own.post("/api/twin", json=ASKED).raise_for_status()
    own.post("/api/meeting", json={**ASKED, "since": "2010-02-05"}).raise_for_status()
    assert own.post("/api/story/999999", json=ASKED).status_code == 404
    body = {**ASKED, "choices": [{"options": ["hub"]}], "alone": True, "replications": 2}
    state = own.post("/api/studies", json=body).json()
    end = time.monotonic() + 240
    while state["state"] in ("waiting", "running") and time.monotonic() < end:
        time.sleep(0.2)
        state = own.get(f"/api/studies/{state['id']}").json()
    assert state["state"] == "done", state
    assert not heard.exists(), heard.read_text()
    # And it would have been heard.
    call = "import socket\ntry: socket.create_connection(('127.0.0.1', 9), timeout=1)\nexcept OSError: pass"
    subprocess.run([sys.executable, "-c", call], env=listened_to(heard), check=True)
    assert "socket.connect" in heard.read_text()
    heard.unlink()


@pytest.fixture(scope="module")
def inside(site: Path) -> Iterator[TestClient]:
    with TestClient(build(offered([str(site)]), 1, ["127.0.0.1"]), base_url="http://127.0.0.1") as found:
        yield found


@pytest.mark.parametrize(
    ("method", "path", "content", "headers", "status"),
    [
        ("POST", "/api/tape", b"\x00\xff" * (LARGEST_BODY // 2), JSON, 422),
        ("POST", "/api/tape", b"\x00\xff" * LARGEST_BODY, JSON, 413),
        ("POST", "/api/tape", b"[" * LARGEST_BODY, JSON, 422),
        ("POST", "/api/tape", b'{"site":' * 8_000, JSON, 422),
        ("POST", "/api/tape", b"--x\r\n\r\nfile\r\n--x--", {"content-type": "multipart/form-data"}, 415),
        ("POST", "/api/tape", b"a=b", {"content-type": "application/x-www-form-urlencoded"}, 415),
        ("POST", "/api/meeting", b"{}", JSON, 422),
        ("POST", f"/api/story/{'9' * 5_000}", b'{"site": "small"}', JSON, 404),
        ("POST", "/api/story/-1", b'{"site": "small"}', JSON, 404),
        ("PUT", "/api/tape", b"{}", JSON, 405),
        ("TRACE", "/", b"", {}, 405),
        ("POST", "/", b"{}", JSON, 405),
        ("DELETE", "/api/studies/study-1", b"{}", {"content-type": "text/plain"}, 415),
        ("GET", "/studies/study-1/differences.csv", b"", {}, 404),
        ("GET", "/static/", b"", {}, 404),
    ],
)  # fmt: skip
def test_strange_requests_are_refused_with_a_message(
    inside: TestClient, method: str, path: str, content: bytes, headers: dict[str, str], status: int
) -> None:
    answer = inside.request(method, path, content=content, headers=headers)
    assert answer.status_code == status, answer.text[:300]
    assert answer.json()["problems"]
    assert "Traceback" not in answer.text


def test_scripts_come_back_as_text_that_no_browser_runs(inside: TestClient) -> None:
    decision = {"since": "2010-02-05", "changes": {"cohort.ceiling": 20}, "because": SCRIPT, "expect": SCRIPT}
    found = inside.post("/api/option", json={**ASKED, "decisions": [decision]})
    assert found.headers["content-type"] == "application/json"
    assert found.headers["x-content-type-options"] == "nosniff"
    assert SCRIPT in found.json()["text"]
    for wrong in ({"site": SCRIPT}, {"site": "small", "options": [SCRIPT]}, {SCRIPT: 1}):
        answer = inside.post("/api/tape", json=wrong)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/json"


def test_a_flood_of_comparisons_is_refused(inside: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies_room, "MOST_KEPT", 0)
    body: dict[str, Any] = {**ASKED, "choices": [{"options": ["hub"]}], "replications": 2}
    answer = inside.post("/api/studies", json=body)
    assert answer.status_code == 503
    assert "too many comparisons" in answer.json()["problems"][0]
