"""Time what surrounds the runs: the runner, the store and its tables, with a stand-in for the model.

Other programs may share the machine, so that seconds of the clock are compared within one call only, and
costs are counted in seconds of the processor.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from experiments import Plan, run
from experiments.benchmark.page import verdict
from simulation import OUTCOMES, Result, Timeline

WEEKS, SERIES = 52, 27
SECONDS, LOG = "BENCH_SECONDS", "BENCH_LOG"
#: What is to be reached: share of two workers' time spent in runs, share of a run of a second that is lost
#: to runner and store, megabytes that ten thousand runs may take more than a hundred, and seconds to list
#: and read them.
EFFICIENCY, COST, MEGABYTES, READING = 0.9, 0.05, 100, 5


def stand_in(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Return results of the usual size, after some seconds of computing."""
    begun, until = time.monotonic(), time.process_time() + float(os.environ.get(SECONDS, "0"))
    luck = np.random.default_rng([seed, replication])
    while time.process_time() < until:
        luck.random(10_000)
    results = []
    for name in scenarios:
        own = np.random.default_rng([seed, replication, *name.encode()])
        outcomes = {key: float(own.random()) for key in OUTCOMES}
        weekly = {f"series_{n}": own.random(WEEKS) for n in range(SERIES)}
        results.append(Result(name, outcomes, weekly))
    if LOG in os.environ:
        log = os.open(os.environ[LOG], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(log, f"{begun} {time.monotonic()}\n".encode())
        os.close(log)
    return results


def efficiency(folder: Path, runs: int) -> dict[str, Any]:
    """Return the share of two workers' time that is spent in runs of a second.

    Once from the beginning of the first run to the end of the last one, and once with the beginning of the
    workers and the making of the tables, which take the same few seconds for many runs.
    """
    os.environ |= {SECONDS: "1", LOG: str(folder / "log")}
    begun = time.monotonic()
    two = run("nottingham", plan=Plan(runs, workers=2), out=folder / "two", simulate=stand_in)
    elapsed = time.monotonic() - begun
    times = np.array([line.split() for line in (folder / "log").read_text().splitlines()], dtype=float)
    busy, first, last = float((times[:, 1] - times[:, 0]).sum()), times[:, 0].min(), times[:, 1].max()
    del os.environ[LOG]
    os.environ[SECONDS] = "0"
    one = run("nottingham", plan=Plan(runs, workers=1), out=folder / "one", simulate=stand_in)
    tables = ("runs.parquet", "weekly.parquet", "differences.csv")
    same = all((one.folder / name).read_bytes() == (two.folder / name).read_bytes() for name in tables)
    shares = {"share": busy / (2 * float(last - first)), "share_of_all": busy / (2 * elapsed)}
    return {"runs": runs, "same_tables": same, **shares}


def cost(folder: Path, runs: int) -> float:
    """Return the seconds of processor that runner and store take a run, tables included."""
    spent = [0.0]

    def timed(*args: Any, **settings: Any) -> list[Result]:
        begun = time.process_time()
        results = stand_in(*args, **settings)
        spent[0] += time.process_time() - begun
        return results

    begun = time.process_time()
    run("nottingham", plan=Plan(runs, workers=1), out=folder, simulate=timed)
    return (time.process_time() - begun - spent[0]) / runs


def memory(folder: Path, runs: int) -> float:
    """Return the most memory, in megabytes, that this process has taken after so many short runs."""
    run("nottingham", plan=Plan(runs, workers=1), out=folder, simulate=stand_in)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def reading(folder: Path) -> dict[str, float]:
    """Return the seconds it takes to list a study and to read its table of runs."""
    import pandas as pd

    from experiments.listing import kept

    begun = time.monotonic()
    (study,) = kept(folder)
    listed = time.monotonic()
    rows = len(pd.read_parquet(folder / "runs.parquet"))
    return {"runs": study.done, "rows": rows, "list": listed - begun, "read": time.monotonic() - listed}


def apart(what: Callable[..., Any], *args: object) -> Any:
    """Return what a measurement comes to in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "experiments.benchmark.runs",
        "--measure",
        what.__name__,
        *map(str, args),
    ]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Measure, and print figures beside bars."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--tries", type=int, default=3)
    reader.add_argument("--runs", type=int, default=10_000, help="how many short runs are many")
    reader.add_argument("--measure", nargs="+", help=argparse.SUPPRESS)
    asked = reader.parse_args()
    if asked.measure:
        name, folder, *rest = asked.measure
        print(json.dumps(globals()[name](Path(folder), *map(int, rest))))
        return
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        for n in range(asked.tries):
            (home / f"efficiency-{n}").mkdir()
            found = apart(efficiency, home / f"efficiency-{n}", 40)
            said = f"two workers spend {found['share']:.2f} of their time in {found['runs']} runs of a second"
            said += f" ({found['share_of_all']:.2f} with beginning and tables)"
            tell(said, f"{EFFICIENCY:g}", reached=found["share"] >= EFFICIENCY)
            tell("one worker and two write the same tables", "yes", reached=found["same_tables"])
        each = [apart(cost, home / f"cost-{n}", 300) for n in range(asked.tries)]
        listed = ", ".join(f"{1000 * one:.1f}" for one in each)
        said = f"runner and store take {listed} ms a run, {max(each):.1%} of a run of a second"
        tell(said, f"{COST:.0%}", reached=max(each) <= COST)
        few, many = (apart(memory, home / f"memory-{runs}", runs) for runs in (100, asked.runs))
        said = f"memory: {few:.0f} MB after 100 runs, {many:.0f} MB after {asked.runs:,}"
        tell(said, f"{MEGABYTES} MB more", reached=many - few <= MEGABYTES)
        took = apart(reading, home / f"memory-{asked.runs}")
        said = f"{took['rows']:,} runs are listed in {took['list']:.2f} s and read in {took['read']:.2f} s"
        tell(said, f"{READING} s together", reached=took["list"] + took["read"] <= READING)


def tell(what: str, bar: str, *, reached: bool) -> None:
    """Print a figure beside its bar."""
    print(f"{what}; bar: {bar}: {verdict(reached)}", flush=True)


if __name__ == "__main__":
    main()
