"""Workers of a Dask scheduler write what one process writes; one that is killed loses nothing."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster

from experiments import Plan, compare
from experiments.progress import Standing
from experiments.runner import WorkersError
from tests import stand_in

TABLES = ("runs.parquet", "weekly.parquet", "differences.csv")
RUNS = 8


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    settings = {
        "n_workers": 2,
        "threads_per_worker": 1,
        "dashboard_address": None,
        "silence_logs": "CRITICAL",
    }
    # One death is enough: workers take seconds to begin again.
    patience = dask.config.set({"distributed.scheduler.allowed-failures": 0})
    with patience, LocalCluster(**settings, host="127.0.0.1") as here:
        here.wait_for_workers(2, timeout=60)
        yield here


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def tables(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in TABLES]


def alone() -> list[bytes]:
    """Return the tables as one process writes them."""
    return tables(
        compare(
            "nottingham", "hub", plan=Plan(RUNS, workers=1), out="one", simulate=stand_in.replicate
        ).folder
    )


def test_one_worker_two_and_a_scheduler_write_the_same_bytes(cluster: LocalCluster) -> None:
    two = compare("nottingham", "hub", plan=Plan(RUNS, workers=2), out="two", simulate=stand_in.replicate)
    plan = Plan(RUNS, scheduler=cluster.scheduler_address)
    there = compare("nottingham", "hub", plan=plan, out="there", simulate=stand_in.replicate)
    assert alone() == tables(two.folder) == tables(there.folder)


def test_a_worker_killed_in_the_middle_loses_nothing(cluster: LocalCluster) -> None:
    killed = []

    def kill(now: Standing) -> None:
        if now.ran and not killed:
            worker = next(iter(cluster.workers.values()))
            killed.append(worker.process.pid)
            os.kill(worker.process.pid, signal.SIGKILL)

    plan = Plan(RUNS, scheduler=cluster.scheduler_address)
    there = compare(
        "nottingham", "hub", plan=plan, out="there", simulate=stand_in.replicate_slowly, progress=kill
    )
    assert killed
    assert not len(there.failed)
    assert tables(there.folder) == alone()


def test_a_task_that_kills_every_worker_is_failed_runs_and_the_rest_is_done(cluster: LocalCluster) -> None:
    plan = Plan(RUNS, scheduler=cluster.scheduler_address)
    there = compare("nottingham", "hub", plan=plan, out="there", simulate=stand_in.replicate_and_die)
    assert set(there.failed["replication"]) == {2}
    assert there.failed["error"].str.contains("the worker process died 2 times").all()


def test_a_scheduler_that_ends_is_told_and_the_same_command_goes_on() -> None:
    settings = {"n_workers": 1, "threads_per_worker": 1, "processes": False, "dashboard_address": ":0"}
    with LocalCluster(**settings, silence_logs="CRITICAL") as here:

        def end(now: Standing) -> None:
            if now.ran:
                here.close()

        with pytest.raises(WorkersError, match="the same command goes on"):
            compare(
                "nottingham", "hub", plan=Plan(RUNS, scheduler=here.scheduler_address), out="there",
                simulate=stand_in.replicate_slowly, progress=end,
            )  # fmt: skip
    assert len(list(Path("there/parts").glob("*.parquet"))) >= 1
    rest = compare("nottingham", "hub", plan=Plan(RUNS, workers=1), out="there", simulate=stand_in.replicate)
    assert tables(rest.folder) == alone()
