"""A class at the workshop: thirty clients, ten of them running, five changing at once, wave on wave.

Clients speak the page's own protocol on loopback. What is printed: how long a warm page takes until its tape
has begun, how long a change takes until its first week comes, and the server's memory after every wave.
"""

import asyncio
import re
import statistics
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import httpx2 as httpx

ASKED: dict[str, Any] = {"site": "nottingham", "years": 2}
CLIENTS, RUNNING, CHANGING, WAVE, WAVES = 30, 10, 5, 60, 5
CHANGED_ON = "2010-10-01"
STATIC = re.compile(r'(?:src|href)="(/static/[^"]+)"')


def main() -> None:
    """Open a workshop, let the class in, and print what it took."""
    parser = ArgumentParser(prog="python -m experiments.benchmark.classroom", description=__doc__)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--waves", type=int, default=WAVES)
    asked = parser.parse_args()
    command = [sys.executable, "-m", "experiments", "app", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = re.search(r"http://\S+/", server.stdout.readline())
        if address is None:
            raise SystemExit("the workshop did not open")
        asyncio.run(_class(address[0], server.pid, asked.clients, asked.waves))
    finally:
        server.terminate()
        server.wait(20)


async def _class(address: str, process: int, clients: int, waves: int) -> None:
    limits = httpx.Limits(max_connections=400)
    async with httpx.AsyncClient(base_url=address, timeout=300, limits=limits) as client:
        cold = await _open(client, ASKED)
        print(f"first tape, cold: {cold:.2f} s")
        warm = await asyncio.gather(*(_open(client, ASKED) for _ in range(clients)))
        _tell(f"{clients} open the page together, warm", warm)
        running = [_open(client, ASKED | {"seed": 100 + number}) for number in range(RUNNING)]
        played = asyncio.gather(*running)
        await asyncio.sleep(1)
        while_running = await asyncio.gather(*(_open(client, ASKED) for _ in range(clients - RUNNING)))
        _tell(f"{clients - RUNNING} open it while {RUNNING} run", while_running)
        await played
        changes = await asyncio.gather(*(_change(client, number) for number in range(CHANGING)))
        _tell(f"{CHANGING} changes at once, first week of the new tape", [first for first, _ in changes])
        _tell(f"{CHANGING} changes at once, first week after the change", [after for _, after in changes])
        for wave in range(waves):
            await asyncio.gather(*(_open(client, ASKED | {"seed": number % 6}) for number in range(WAVE)))
            print(
                f"wave {wave + 1} of {WAVE} clients: {_memory(process):,.0f} MB in the server and its workers"
            )


async def _open(client: httpx.AsyncClient, asked: dict[str, Any]) -> float:
    """Load the page, its files and a tape; return the seconds until the tape's first week had come."""
    began = time.perf_counter()
    page = (await client.get("/")).text
    await asyncio.gather(*(client.get(name) for name in STATIC.findall(page)), client.get("/api/places"))
    async with client.stream("POST", "/api/tape", json=asked) as answer:
        first = float("nan")
        async for line in answer.aiter_lines():
            if first != first and '"week":' in line:
                first = time.perf_counter() - began
    return first


async def _change(client: httpx.AsyncClient, number: int) -> tuple[float, float]:
    """Decide something; return the seconds until the new tape's first week, and until that of the change."""
    decision = {"since": CHANGED_ON, "changes": {"cohort.ceiling": 300 + 10 * number}, "because": "fewer"}
    began = time.perf_counter()
    first = after = float("nan")
    async with client.stream("POST", "/api/tape", json=ASKED | {"decisions": [decision]}) as answer:
        answer.raise_for_status()
        async for line in answer.aiter_lines():
            week = re.search(r'"week": ?(\d+)', line)
            if week and first != first:
                first = time.perf_counter() - began
            if week and after != after and int(week[1]) >= 40:
                after = time.perf_counter() - began
    return first, after


def _tell(what: str, seconds: list[float]) -> None:
    print(f"{what}: median {statistics.median(seconds):.2f} s, slowest {max(seconds):.2f} s")


def _memory(process: int) -> float:
    """Return the resident memory of a process and all below it, in MB."""
    below = {process}
    for status in sorted(Path("/proc").glob("[0-9]*/status"), key=lambda path: int(path.parent.name)):
        try:
            parent = re.search(r"PPid:\s+(\d+)", status.read_text())
        except OSError:
            continue
        if parent and int(parent[1]) in below:
            below.add(int(status.parent.name))
    resident = 0
    for one in below:
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{one}/status").read_text())
        resident += int(found[1]) if found else 0
    return resident / 1024


if __name__ == "__main__":
    main()
