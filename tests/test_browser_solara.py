"""The page on Mesa's own viewer, in a real browser: what it shows after some days is what the model says."""

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from scenarios import load
from simulation import IOMModel
from tests.reader import blocks

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytest.importorskip("solara", reason="the extra viz is not installed: MESA'S VIEWER IS NOT TESTED")
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser tests")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this system: NO BROWSER TESTS RUN")

PAGE = Path(__file__).parent.parent / "docs" / "how_to" / "solara.md"
DAYS = 3


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "look.py").write_text(blocks(PAGE, "text")[0].content)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = [
        sys.executable,
        "-m",
        "solara",
        "run",
        "look.py",
        "--no-open",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    server = subprocess.Popen(serve, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1)
                break
            except OSError:
                time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def test_days_are_stepped_through_and_the_page_says_what_the_model_says(address: str) -> None:
    model = IOMModel(load("nottingham", "hub").timeline, years=1.0)
    for _ in range(DAYS):
        model.step()
    made = int(model.recorder.daily("contacts_made").sum())
    assert made > 0
    assert model.partnership is not None
    said = f"{model.partnership.caseload.carried.sum()} carried, {made} contacts made"
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(address)
        for day in range(1, DAYS + 1):
            page.get_by_role("button", name="Step").click(timeout=60_000)
            page.get_by_text(re.compile(rf"Step: {day}$")).wait_for(timeout=60_000)
        page.get_by_text(said).wait_for(timeout=10_000)
        browser.close()
