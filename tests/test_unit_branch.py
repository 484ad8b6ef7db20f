"""Branches: a future lived in a copy of the process is the future lived here."""

import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import simulation.replication
from scenarios import load
from simulation import Result, replicate
from simulation.branch import BranchLostError, branch, can_branch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are not copied on this machine")


def results() -> list[Result]:
    """Return what two options and the site as it is come to, in events too."""
    timelines = {option or "base": load("west-midlands", *option.split()).timeline
                 for option in ("", "hub", "bigger-cohort")}  # fmt: skip
    return replicate(timelines, seed=3, replication=1, years=0.2, events=True)


def test_a_shared_past_changes_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(live: object) -> object:
        raise BranchLostError

    shared = results()
    # A copy that was lost is lived again here, to the end and from the first day.
    monkeypatch.setattr(simulation.replication, "branch", lose)
    for one, other in zip(shared, results(), strict=True):
        assert (one.scenario, one.error, one.events) == (other.scenario, "", other.events)
        np.testing.assert_equal(one.outcomes, other.outcomes)
        np.testing.assert_equal(one.weekly, other.weekly)


@pytest.mark.parametrize("there", [True, False])
def test_a_process_whose_libraries_hold_locks_is_not_copied(
    monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    monkeypatch.delitem(sys.modules, "jax", raising=False)
    if there:
        monkeypatch.setitem(sys.modules, "jax", sys)
    assert can_branch() is not there


def test_what_a_branch_does_stays_there() -> None:
    here = [1]

    def live() -> tuple[int, list[int]]:
        here.append(2)
        return os.getpid(), here

    process, there = branch(live)
    assert (process != os.getpid(), there, here) == (True, [1, 2], [1])


def test_a_branch_that_is_killed_says_so() -> None:
    with pytest.raises(BranchLostError, match="status"):
        branch(lambda: os.kill(os.getpid(), signal.SIGKILL))


def test_a_branch_that_fails_does_not_go_on_as_its_parent(tmp_path: Path) -> None:
    here = os.getpid()
    try:
        with pytest.raises(BranchLostError, match="status"):
            branch(lambda: 1 / 0)
    finally:
        if os.getpid() != here:
            (tmp_path / "goes_on").touch()
            os._exit(0)
    assert not (tmp_path / "goes_on").exists()


def _ask_and_wait(told: "multiprocessing.Queue[int]") -> None:
    def live() -> None:
        told.put(os.getpid())
        time.sleep(60)

    branch(live)


def test_a_branch_ends_when_whoever_asked_is_gone() -> None:
    told: multiprocessing.Queue[int] = multiprocessing.Queue()
    asks = multiprocessing.get_context("fork").Process(target=_ask_and_wait, args=(told,))
    asks.start()
    copy = told.get(timeout=20)
    asks.kill()
    asks.join()
    for _ in range(100):
        try:
            os.kill(copy, 0)
            state = Path(f"/proc/{copy}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            return
        # Whoever is to bury it may be slow; dead it is in any case.
        if state == "Z":
            return
        time.sleep(0.05)
    pytest.fail("the copy lives on")
