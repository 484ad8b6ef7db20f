"""How our costs grow: with people, years and contacts; memory a person; how long it takes to begin."""

import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from typing import NamedTuple

from experiments.benchmark import rules
from experiments.benchmark.start import our_model, pool
from simulation import IOMModel, Parameters

#: What is to be reached: a person-day among 100,000 against one among 1,000, bytes a person, and seconds.
RATIO, BYTES, HELP, FIRST_DAY = 1.2, 2048, 0.5, 2.0
#: People first sanctioned a year that make pools of about 1,000, 10,000 and 100,000.
POOLS = (1450.0, 14_500.0, 145_000.0)
FIRST_DAY_OF = "from scenarios import load; from simulation import IOMModel; "
FIRST_DAY_OF += "IOMModel(load('bristol').timeline, years=1.0).step()"


class Point(NamedTuple):
    """A size and what it costs."""

    what: str
    size: float
    seconds: float
    microseconds_per_person_day: float


def with_people(days: int, pools: tuple[float, ...] = POOLS) -> list[Point]:
    """Return what pools of different sizes cost, a fifth of each managed, after the first day."""
    found = []
    for per_year in pools:
        careers = pool(rules.parameters(pool_per_year=per_year, managed=1))
        people = len(careers)
        values = rules.parameters(pool_per_year=per_year, managed=people // 5)
        seconds = []
        for replication in range(3):
            model = our_model(values, careers, replication)
            model.step()
            seconds.append(_live(model, days))
        found.append(Point("people", people, min(seconds), min(seconds) / (days * people) * 1e6))
    return found


def with_years(years: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0)) -> list[Point]:
    """Return what a small partnership costs over more and more years."""
    values = rules.parameters(pool_per_year=1450.0, managed=200)
    careers = pool(values)
    found = []
    for length in years:
        model = IOMModel(((values.iom_start, values),), careers=careers, years=length)
        seconds = _live(model, model.days)
        found.append(Point("days", model.days, seconds, seconds / (model.days * len(careers)) * 1e6))
    return found


def with_contacts(days: int = 182, times: tuple[float, ...] = (0.0, 0.5, 1.0, 2.0)) -> list[Point]:
    """Return what other contact plans cost, by contacts made."""
    usual = rules.parameters(pool_per_year=2900.0, managed=438)
    careers = pool(usual)
    found = []
    for factor in times:
        values = _scaled(usual, factor)
        seconds, made = [], 0.0
        for replication in range(2):
            model = our_model(values, careers, replication)
            seconds.append(_live(model, days))
            made = float(model.recorder.daily("contacts_made").sum())
        found.append(Point("contacts", made, min(seconds), min(seconds) / (days * len(careers)) * 1e6))
    return found


def _scaled(values: Parameters, factor: float) -> Parameters:
    plans = values.contacts.model_dump()
    for colour in rules.WEEKLY:
        plans[colour] = {key: factor * weekly for key, weekly in plans[colour].items()}
    return Parameters(**values.model_dump() | {"contacts": plans})


def bytes_a_person(days: int = 28) -> float:
    """Return the memory that each further person takes after some days, the grown pool included."""
    taken = {}
    for per_year in POOLS[:2]:
        gc.collect()
        tracemalloc.start()
        careers = pool(rules.parameters(pool_per_year=per_year, managed=1))
        values = rules.parameters(pool_per_year=per_year, managed=len(careers) // 5)
        model = our_model(values, careers)
        _live(model, days)
        gc.collect()
        taken[len(careers)] = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
    small, large = taken
    return (taken[large] - taken[small]) / (large - small)


def start_up(tries: int = 3) -> tuple[float, float]:
    """Return the seconds of the processor until ``iom --help`` is printed, and Bristol's first day lived."""
    python = [sys.executable]
    with tempfile.TemporaryDirectory() as compiled:
        return (
            min(_of_child([*python, "-m", "experiments", "--help"], compiled) for _ in range(tries)),
            min(_of_child([*python, "-c", FIRST_DAY_OF], compiled) for _ in range(tries)),
        )


def _of_child(command: list[str], compiled: str) -> float:
    # Python keeps what it has compiled, wherever this runs: only a program's first start compiles anything.
    around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    around["PYTHONPYCACHEPREFIX"] = compiled
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=around)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _live(model: IOMModel, days: int) -> float:
    """Let a model live some more days and return the seconds of the processor it takes."""
    gc.collect()
    begun, until = time.process_time(), model.day + days
    while model.day < until:
        model.step()
    return time.process_time() - begun
