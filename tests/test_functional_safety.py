"""Whatever happens to a study, what is finished is kept, and the same command goes on from there."""

import errno
import gc
import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

import simulation.replication
from experiments import Plan, Study, compare, files, parts, run, tables, task
from experiments.command_line import app
from experiments.files import BusyStudyError
from experiments.identity import study as identity_of
from experiments.store import Store, held_manifest
from scenarios import load
from simulation import IOMModel
from simulation.replication import replicate
from tests import kills, stand_in

FOUR = Plan(replications=4, workers=1)
TABLES = ("runs.parquet", "weekly.parquet", "differences.csv")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(simulation.replication, "replicate", stand_in.replicate)


def iom(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"NO_COLOR": "1", "COLUMNS": "80"})


def study(out: str, plan: Plan = FOUR, **settings: object) -> Study:
    return compare("nottingham", "hub", plan=plan, out=out, **{"simulate": stand_in.replicate, **settings})


def contents(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in TABLES]


def test_a_killed_study_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    seconds = kills.whole(tmp_path / "alone")
    expected = kills.tables(tmp_path / "alone")
    kills.kill_and_go_on(tmp_path / "killed", 0.75 * seconds, expected, all_at_once=False)


def test_ctrl_c_keeps_what_is_finished_and_says_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    process = kills.begin(home, seconds=0.5)
    until = time.monotonic() + 240
    while len(list(home.glob("out/parts/[0-9]*"))) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert said.decode() == "interrupted; what is finished is kept, and the same command goes on from there\n"
    assert kills.finished(home / "out")
    assert not [path for path in home.rglob(".*") if path.name != ".lock"]


def test_a_full_disk_is_told_and_the_study_goes_on_when_there_is_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = study("whole")
    left = [3]

    def replace(source: Path, target: Path) -> None:
        left[0] -= Path(target).parent.name == "parts"
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        os.rename(source, target)

    arguments = ("compare", "nottingham", "hub", "--replications", "4", "--workers", "1", "--out", "full")
    with monkeypatch.context() as patch:
        patch.setattr(files.os, "replace", replace)
        stopped = iom(*arguments)
    assert stopped.exit_code == 2
    assert "No space left on device" in stopped.output
    assert "what is finished is kept: make room, and the same command goes on from there" in stopped.output
    assert len(list(Path("full/parts").iterdir())) == 3
    assert iom(*arguments).exit_code == 0
    assert contents(Path("full")) == contents(whole.folder)


@pytest.mark.parametrize("out", ["/proc/no/study", "file/study", "file"])
def test_a_folder_that_cannot_be_written_is_told_at_once(out: str) -> None:
    Path("file").touch()
    result = iom("run", "nottingham", "--replications", "1", "--workers", "1", "--out", out)
    assert result.exit_code == 2
    assert out in result.output
    assert "expected a folder" in result.output
    assert "Traceback" not in result.output


def test_a_worker_killed_once_costs_nothing() -> None:
    found = study("killed", Plan(4, workers=2), simulate=stand_in.replicate_and_die_once)
    assert found.failed.empty
    assert contents(found.folder) == contents(study("whole").folder)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_too_little_memory_fails_a_run_that_the_next_call_runs_again(
    workers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulation.replication, "replicate", stand_in.replicate_in_too_little_memory)
    arguments = (
        "compare",
        "nottingham",
        "hub",
        "--replications",
        "4",
        "--workers",
        workers,
        "--out",
        "small",
    )
    short = iom(*arguments)
    assert short.exit_code == 1
    assert "failed: nottingham, replication 1" in short.output
    assert "MemoryError" in short.output
    kept = {path: path.stat().st_mtime_ns for path in Path("small/parts").iterdir()}
    Path("go_on").touch()
    assert iom(*arguments).exit_code == 0
    assert contents(Path("small")) == contents(study("whole").folder)
    touched = [path for path, at in kept.items() if path.stat().st_mtime_ns != at]
    assert [path.name[:6] for path in touched] == ["000001"]


def test_two_commands_never_write_to_one_folder() -> None:
    found = study("one")
    with Store(found.folder, held_manifest(found.folder)["identity"]), pytest.raises(BusyStudyError):
        study("one")
    assert contents(study("one").folder) == contents(found.folder)


@pytest.mark.parametrize("damage", [b"", b"PAR1 torn", None])
def test_a_damaged_part_is_put_aside_and_run_again(damage: bytes | None) -> None:
    whole = contents(study("one").folder)
    part = sorted(Path("one/parts").iterdir())[2]
    content = part.read_bytes()
    part.write_bytes(content[: len(content) // 2] if damage is None else damage)
    again = study("one")
    assert contents(again.folder) == whole
    assert [notice for notice in again.notices if "was damaged" in notice]
    assert part.with_suffix(".damaged").exists()


def test_a_part_that_does_not_hold_what_was_written_is_told() -> None:
    study("one")
    part = min(Path("one/parts").iterdir())
    group = pq.ParquetFile(part).metadata.row_group(0)
    columns = [group.column(n) for n in range(group.num_columns)]
    (outcome,) = (column for column in columns if column.path_in_schema == "committed_offences")
    content = bytearray(part.read_bytes())
    begin = outcome.dictionary_page_offset or outcome.data_page_offset
    content[begin + outcome.total_compressed_size - 1] ^= 0xFF
    part.write_bytes(bytes(content))
    with pytest.raises(files.StoreError, match=r"is damaged .*; delete it"):
        study("one")
    part.unlink()
    assert study("one").failed.empty


def test_parts_are_joined_without_a_trace_in_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = study("whole", Plan(10, workers=1, events=True))
    monkeypatch.setattr(parts, "JOINED_AT_FILES", 3)
    joined = study("joined", Plan(7, workers=1, events=True))
    files_there = sorted(path.name for path in Path("joined/parts").glob("[!e]*"))
    assert files_there[:1] == [min(files_there)]
    assert [name for name in files_there if name.startswith("joined")] == [
        "joined-000001.parquet",
        "joined-000002.parquet",
    ]
    assert len(files_there) == 3
    joined = study("joined", Plan(10, workers=1, events=True))
    assert contents(joined.folder) == contents(whole.folder)
    events = [(folder / "events.parquet").read_bytes() for folder in (joined.folder, whole.folder)]
    assert events[0] == events[1]


def test_a_kill_between_joining_and_removing_leaves_every_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = study("whole")
    kept = {path.name: path.read_bytes() for path in Path("whole/parts").iterdir()}
    monkeypatch.setattr(parts, "JOINED_AT_FILES", 2)
    study("joined")
    for name, content in kept.items():
        (Path("joined/parts") / name).write_bytes(content)
    assert contents(study("joined", Plan(4, workers=1)).folder) == contents(whole.folder)


def test_a_failed_run_in_a_joined_file_gives_way_to_one_that_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "JOINED_AT_FILES", 2)
    assert len(study("one", simulate=stand_in.replicate_and_fail).failed) == 1
    assert study("one").failed.empty


def test_large_tables_are_written_bit_by_bit_with_the_same_content(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = study("whole", Plan(9, workers=1, events=True))
    monkeypatch.setattr(tables, "RUNS_WRITTEN_WHOLE", 0)
    monkeypatch.setattr(tables, "ROWS_AT_ONCE", 50)
    monkeypatch.setattr(tables, "RUNS_UNFOLDED", 2)
    monkeypatch.setattr(parts, "RUNS_AT_ONCE", 5)
    bits = study("bits", Plan(9, workers=1, events=True))
    for name in ("weekly.parquet", "events.parquet"):
        pd.testing.assert_frame_equal(
            pd.read_parquet(whole.folder / name), pd.read_parquet(bits.folder / name)
        )


def test_any_executor_writes_the_same_bytes() -> None:
    threads = study("threads", Plan(6, workers=2), executor=ThreadPoolExecutor)
    assert contents(threads.folder) == contents(study("one", Plan(6, workers=1)).folder)


def test_a_dask_scheduler_writes_the_same_bytes_and_one_that_is_silent_is_told() -> None:
    from distributed import LocalCluster

    settings = {"n_workers": 1, "threads_per_worker": 2, "processes": False, "dashboard_address": None}
    with LocalCluster(**settings) as cluster:
        found = study("dask", Plan(6, scheduler=cluster.scheduler_address))
    assert contents(found.folder) == contents(study("one", Plan(6, workers=1)).folder)
    silent = iom("run", "nottingham", "--replications", "1", "--scheduler", "nonsense://here", "--out", "o")
    assert silent.exit_code == 2
    assert "expected the address of a Dask scheduler" in silent.output


def test_the_manifest_tells_the_hash_of_every_table() -> None:
    found = study("one")
    told = json.loads(Path("one/manifest.json").read_text())["finished"]["files"]
    assert set(told) == set(TABLES)
    assert all(files.fingerprint(found.folder / name) == told[name] for name in told)


def test_runs_of_another_model_are_not_taken_for_this_one() -> None:
    found = study("one")
    scenarios = {name: load("nottingham", "hub" if "hub" in name else "") for name in found.scenarios}
    other = identity_of(scenarios, seed=2, years=2.0)
    kept = parts.Parts(Path("one/parts"), other)
    assert not any(kept.done(name, 0) for name in found.scenarios)


def test_events_asked_for_later_are_run_again() -> None:
    run("nottingham", plan=Plan(2, workers=1), out="one", simulate=stand_in.replicate)
    logged = run("nottingham", plan=Plan(2, workers=1, events=True), out="one", simulate=stand_in.replicate)
    assert len(pd.read_parquet(logged.folder / "events.parquet")) == 2


def test_a_worker_keeps_no_model_of_a_task_it_has_finished() -> None:
    Path("small.yaml").write_text(
        "kind: site\nname: Small\nextends: nottingham\nparameters:\n  iom_start: 2009-09-01\n"
        "  pool: {first_sanctions_per_year: 200}\n"
    )
    small = load("small.yaml")
    mine = IOMModel(small.timeline, years=0.1)
    before = {id(found) for found in gc.get_objects() if isinstance(found, IOMModel)}
    assert id(mine) in before
    job = task.Job(replicate, {"small": small}, seed=1, years=0.1, events=False)
    assert not job(task.Task(0, ("small",)))[0].error
    after = {id(found) for found in gc.get_objects() if isinstance(found, IOMModel)}
    assert after <= before
    assert id(mine) in after
