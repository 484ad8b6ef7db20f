"""A stand-in for the model, with a known answer: what the runner and the comparison are tested with."""

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from simulation import Result, Timeline

#: True mean difference of each further scenario to the base.
EFFECT = -5.0
AREA_SPREAD, PAIR_SPREAD = 30.0, 3.0


def replicate(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Return numbers with a paired difference of ``EFFECT`` a scenario."""
    generator = np.random.default_rng([seed, replication])
    area = 100 + AREA_SPREAD * generator.standard_normal()
    results = []
    for place, name in enumerate(scenarios):
        own = area + place * EFFECT + (place > 0) * PAIR_SPREAD * generator.standard_normal()
        outcomes = {"committed_offences": own, "twin_committed_offences": area + 10, "caseload_mean": 7.0}
        weekly = {"committed_offences": np.full(4, own), "twin_committed_offences": np.full(4, area + 10)}
        weekly |= {f"caseload_{band}": np.full(4, 2.0) for band in ("red", "amber", "green", "blue")}
        log = [(1, "queue", "arrest", 3.5, "", "")] if events else []
        results.append(Result(name, outcomes, weekly, log))
    return results


def respond(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Return numbers that depend on the ceiling, with a best one at 450, and on sitting in a hub."""
    area = 1000 + AREA_SPREAD * np.random.default_rng([seed, replication]).standard_normal()
    results = []
    for name, timeline in scenarios.items():
        now = timeline[-1][1]
        own = np.random.default_rng([seed, replication, *name.encode()]).standard_normal()
        together = next(iter(now.teams.values())).co_location.form == "hub"
        averted = 60 - ((now.cohort.ceiling - 450) / 40) ** 2 + 10 * together + PAIR_SPREAD * own
        outcomes = {
            "committed_offences": area - averted, "offences_averted": averted,
            "net_benefit_gbp": 1000 * averted - 50 * now.cohort.ceiling,
            "minutes_per_person_week": 20_000 / now.cohort.ceiling, "twin_committed_offences": area,
        }  # fmt: skip
        weekly = {name: np.full(4, value / 4) for name, value in outcomes.items() if "offences" in name}
        log = [(1, "queue", "arrest", 3.5, "", "")] if events else []
        results.append(Result(name, outcomes, weekly, log))
    return results


def replicate_and_fail(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Fail in the last scenario of replication 1."""
    results = replicate(scenarios, seed=seed, replication=replication, years=years, events=events)
    if replication == 1:
        results[-1] = Result(results[-1].scenario, error="Traceback\nValueError: a bad day")
    return results


def replicate_and_die(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """End the worker's process in replication 2, every time."""
    if replication == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return replicate(scenarios, seed=seed, replication=replication, years=years, events=events)


def replicate_and_die_once(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """End the worker's process in replication 2, the first time."""
    if replication == 2 and not Path("died").exists():
        Path("died").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return replicate(scenarios, seed=seed, replication=replication, years=years, events=events)


def replicate_in_too_little_memory(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Ask for more memory than there is in replication 1 unless a file says to go on."""
    if replication == 1 and not Path("go_on").exists():
        np.zeros(1 << 58)
    return replicate(scenarios, seed=seed, replication=replication, years=years, events=events)


def replicate_and_raise(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Raise in replication 1, outside any scenario."""
    if replication == 1:
        raise MemoryError("no room")
    return replicate(scenarios, seed=seed, replication=replication, years=years, events=events)


def replicate_until_stopped(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Be interrupted in replication 2 unless a file says to go on."""
    if replication == 2 and not Path("go_on").exists():
        raise KeyboardInterrupt
    return replicate(scenarios, seed=seed, replication=replication, years=years, events=events)


#: What stands for the three variables of Ishigami's function, from 0 to 1.
ISHIGAMI = ("meetings.tasking.attendance_share", "information.kept_share", "engagement.trust_at_outset")


def ishigami(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False,
    noise: float = 0.0,
) -> list[Result]:  # fmt: skip
    """Return Ishigami's function of three parameters, with chance that is shared and chance that is not."""
    shared = np.random.default_rng([seed, replication]).standard_normal()
    results = []
    for name, timeline in scenarios.items():
        own = np.random.default_rng([seed, replication, *name.encode()]).standard_normal()
        now = timeline[-1][1]
        shares = (
            now.meetings["tasking"].attendance_share,
            now.information.kept_share,
            now.engagement.trust_at_outset,
        )
        x, y, z = (np.pi * (2 * share - 1) for share in shares)
        value = np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)
        value += noise * (own + 2 * shared)
        results.append(Result(name, {"offences_averted": float(value)}))
    return results


def noisy_ishigami(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Return the same with chance that has nearly twice the standard deviation of what parameters bring."""
    return ishigami(scenarios, seed=seed, replication=replication, years=years, events=events, noise=3.0)


def depends_on_effect(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Return numbers that the ceiling decides, and a hub's gain that only the effect of contact does."""
    results = []
    for name, timeline in scenarios.items():
        now = timeline[-1][1]
        own = np.random.default_rng([seed, replication, *name.encode()]).standard_normal()
        together = next(iter(now.teams.values())).co_location.form == "hub"
        gain = 100 * (now.response.log_odds_per_hour - 0.15) * together
        averted = 0.5 * now.cohort.ceiling + gain + 0.5 * own
        outcomes = {
            "offences_averted": averted, "net_benefit_gbp": 1000 * (averted - 225), "caseload_mean": 7.0,
            "committed_offences": 1000 - averted, "twin_committed_offences": 1000.0,
        }  # fmt: skip
        weekly = {name: np.full(4, value / 4) for name, value in outcomes.items() if "committed" in name}
        weekly |= {f"caseload_{band}": np.full(4, 2.0) for band in ("red", "amber", "green", "blue")}
        results.append(Result(name, outcomes, weekly))
    return results


def replicate_slowly(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Take long enough for a worker to be killed meanwhile."""
    time.sleep(0.3)
    return replicate(scenarios, seed=seed, replication=replication, years=years, events=events)
