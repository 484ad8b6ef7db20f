"""A class at the workshop: thirty clients and a browser, ten of them running, five deciding together, waves.

Clients speak the page's own protocol on loopback. What is printed, each beside its bar: how long a warm page
takes until its tape has begun, how long a change takes until its first week comes, and the most memory of
the server and its workers in every wave (shared pages counted once).
"""

import asyncio
import json
import re
import shutil
import statistics
import subprocess
import sys
import time
from argparse import ArgumentParser
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx2 as httpx

from calibration.tables import write_table
from experiments.workshop.copies import MOST_PASTS

ASKED: dict[str, Any] = {"site": "nottingham", "years": 2}
CLIENTS, RUNNING, CHANGING, WAVE, WAVES = 30, 10, 5, 60, 5
#: Review meetings, by week and date; whoever is at one argues for a while before deciding.
MEETINGS = ((13, "2010-04-02"), (26, "2010-07-02"), (39, "2010-10-01"))
ARGUES_S = 20
MOST_S = 2
#: Luck of the waves: so many seeds each, and none that another wave had, whose runs would be kept already.
SEEDS, FIRST_SEED = 6, 1_000
LOOKS_EVERY_S = 0.5
STATIC = re.compile(r'(?:src|href)="(/static/[^"]+)"')


def main() -> None:
    """Open a workshop, let the class in, and print what it took."""
    parser = ArgumentParser(prog="python -m experiments.benchmark.classroom", description=__doc__)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--waves", type=int, default=WAVES)
    parser.add_argument("--out", type=Path, help="CSV file to write as well")
    asked = parser.parse_args()
    command = [sys.executable, "-m", "experiments", "app", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = re.search(r"http://\S+/", server.stdout.readline())
        if address is None:
            raise SystemExit("the workshop did not open")
        rows = asyncio.run(_class(address[0], server.pid, asked.clients, asked.waves))
    finally:
        server.terminate()
        server.wait(60)
    if asked.out:
        write_table(asked.out, [("what", "measured", "bar"), *rows])


class Rows(list[tuple[str, str, str]]):
    """What was measured beside its bar, printed as it comes."""

    def add(self, what: str, measured: str, bar: str) -> None:
        """Take in one measurement."""
        self.append((what, measured, bar))
        print("; ".join(self[-1]), flush=True)

    def seconds(self, what: str, found: list[float]) -> None:
        """Take in how long each of several had to wait."""
        if not found:
            self.add(what, "no browser here", f"under {MOST_S} s")
            return
        told = f"median {statistics.median(found):.2f} s, slowest {max(found):.2f} s"
        self.add(what, told if len(found) > 1 else f"{found[0]:.2f} s", f"under {MOST_S} s")


async def _class(address: str, process: int, clients: int, waves: int) -> Rows:
    limits = httpx.Limits(max_connections=400)
    rows = Rows()
    async with httpx.AsyncClient(base_url=address, timeout=900, limits=limits) as client:
        rows.add("First tape, cold", f"{await _open(client, ASKED):.2f} s", "")
        warm = await asyncio.gather(*(_open(client, ASKED) for _ in range(clients)))
        rows.seconds(f"{clients} open the page together, warm", warm)
        rows.seconds("A browser opens it and sees people, warm", await _browse(address))
        rows.seconds(f"{CHANGING} decide together, nobody runs", await _meet(client, 0))
        running = asyncio.gather(*(_open(client, ASKED | {"seed": 100 + n}) for n in range(RUNNING)))
        await asyncio.sleep(1)
        others = await asyncio.gather(*(_open(client, ASKED) for _ in range(clients - RUNNING)))
        rows.seconds(f"{clients - RUNNING} open it while {RUNNING} run", others)
        rows.seconds(f"A browser opens it while {RUNNING} run", await _browse(address))
        rows.seconds(f"{CHANGING} decide together while {RUNNING} run", await _meet(client, 1))
        await running
        rows.seconds(f"{CHANGING} decide together where nobody stood before", await _meet(client, 2, 0))
        peaks = [f"{await _wave(client, wave, process):,.0f}" for wave in range(waves)]
        if peaks:
            what = f"Most memory in each wave of {WAVE} clients, {SEEDS} new seeds a wave"
            rows.add(what, f"{', '.join(peaks)} MB", f"flat once {MOST_PASTS} pasts are kept")
    return rows


async def _wave(client: httpx.AsyncClient, wave: int, process: int) -> float:
    """Let a crowd in on seeds that nobody has asked for before; return the most memory while it is there."""
    first = FIRST_SEED + SEEDS * wave
    crowd = asyncio.gather(*(_open(client, ASKED | {"seed": first + n % SEEDS}) for n in range(WAVE)))
    most = 0.0
    while not crowd.done():
        most = max(most, await asyncio.to_thread(_memory, process))
        await asyncio.wait([crowd], timeout=LOOKS_EVERY_S)
    await crowd
    return most


async def _open(client: httpx.AsyncClient, asked: dict[str, Any]) -> float:
    """Load the page, its files and a tape; return the seconds until the tape's first week had come."""
    began = time.perf_counter()
    page = (await client.get("/")).text
    await asyncio.gather(*(client.get(name) for name in STATIC.findall(page)), client.get("/api/places"))
    return await _first_week(client, asked, 1, began)


async def _meet(client: httpx.AsyncClient, which: int, argues: float = ARGUES_S) -> list[float]:
    """Stand at a meeting, argue, and decide together; return the seconds until each sees its change."""
    week, since = MEETINGS[which]
    if argues:
        await asyncio.gather(
            *(client.post("/api/meeting", json=ASKED | {"since": since}) for _ in range(CHANGING))
        )
        await asyncio.sleep(argues)
    decided = [
        {"since": since, "changes": {"cohort.ceiling": 300 + 10 * number}, "because": "fewer"}
        for number in range(CHANGING)
    ]
    began = time.perf_counter()
    return await asyncio.gather(
        *(_first_week(client, ASKED | {"decisions": [one]}, week + 1, began) for one in decided)
    )


async def _first_week(client: httpx.AsyncClient, asked: dict[str, Any], week: int, began: float) -> float:
    """Read a tape to its end; return the seconds until a week of it had come."""
    seconds = float("nan")
    async with client.stream("POST", "/api/tape", json=asked) as answer:
        answer.raise_for_status()
        async for line in answer.aiter_lines():
            if seconds != seconds and f'"week":{week},' in line:
                seconds = time.perf_counter() - began
    return seconds


async def _browse(address: str) -> list[float]:
    """Open the page in a browser and return how long it took until the people were to be seen."""
    path = chromium()
    if path is None:
        return []
    from playwright.async_api import async_playwright

    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1280, "height": 720})
        began = time.perf_counter()
        await page.goto(f"{address}#{json.dumps({**ASKED, 'seed': 1})}")
        await page.locator("canvas.people").wait_for(state="visible")
        seconds = time.perf_counter() - began
        await browser.close()
    return [seconds]


def chromium() -> str | None:
    """Return the path of the system's browser, if there is one and something to drive it."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None) if find_spec("playwright") else None


def _memory(process: int) -> float:
    """Return the memory of a process and all below it in MB, pages that several share counted once."""
    below = {process}
    for status in sorted(Path("/proc").glob("[0-9]*/status"), key=lambda path: int(path.parent.name)):
        try:
            parent = re.search(r"PPid:\s+(\d+)", status.read_text())
        except OSError:
            continue
        if parent and int(parent[1]) in below:
            below.add(int(status.parent.name))
    kilobytes = 0
    for one in below:
        with suppress(OSError):
            found = re.search(r"Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text())
            kilobytes += int(found[1]) if found else 0
    return kilobytes / 1024


if __name__ == "__main__":
    main()
