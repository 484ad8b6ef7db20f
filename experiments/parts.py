"""Parts: the runs of a study as they come in, one file a task; many are joined into one.

A row of a part is a run, with its outcomes as columns and its weekly series as lists. A file is whole or
not there. Parts are the study; the tables beside them are made from them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.files import StoreError, clear_aside, write, writing
from experiments.identity import digest, run_id
from experiments.task import Task
from simulation import Result

if TYPE_CHECKING:
    import pyarrow as pa

#: Parts are joined when there are so many of them, or so many runs in them: ten thousand small files are
#: slow to read, and what is joined has to fit into memory.
JOINED_AT_FILES, JOINED_AT_RUNS = 256, 1024
#: Runs read at once: a study need not fit into memory.
RUNS_AT_ONCE = 512
SERIES, RUN_COLUMNS = "weekly", ("scenario", "replication")
EVENT_COLUMNS = ("entity_id", "event_type", "event", "time", "resource_id", "pathway")


class Run(NamedTuple):
    """A scenario of a replication."""

    scenario: str
    replication: int


class Held(NamedTuple):
    """Where a run is kept, and whether it is done."""

    file: Path
    done: bool


class Parts:
    """The parts of a study, and an index of the runs in them.

    Parameters
    ----------
    folder
        Where they are kept; made with the first.
    identity
        The study's.
    tidy
        Whether to put aside what is damaged and remove what was never finished; only where nobody else is
        at work.
    """

    def __init__(self, folder: Path, identity: Mapping[str, Any], *, tidy: bool = True) -> None:
        self.folder, self.identity = folder, identity
        self.held: dict[str, Held] = {}
        #: Files that could not be read, put aside: their runs are missing.
        self.damaged: list[Path] = []
        self._loose: dict[Path, int] = {}
        if folder.is_dir():
            self._index(tidy=tidy)

    def id_of(self, scenario: str, replication: int) -> str:
        """Return a run's id."""
        return run_id(self.identity, scenario, replication)

    def done(self, scenario: str, replication: int, *, events: bool = False) -> bool:
        """Return whether a run is kept and did not fail, with its event log if that is asked for."""
        name = self.id_of(scenario, replication)
        held = self.held.get(name)
        return held is not None and held.done and (not events or self.log_of(name).is_file())

    def log_of(self, name: str) -> Path:
        """Return the file of a run's event log."""
        return self.folder / f"events-{name}.parquet"

    def add(self, task: Task, results: Iterable[Result], *, events: bool) -> None:
        """Keep what a task came to; event logs first, as what stands in the part is finished.

        Raises
        ------
        experiments.files.StoreError
            If there is no room, or the folder cannot be written.
        """
        import pyarrow as pa

        results = list(results)
        with writing(self.folder):
            self.folder.mkdir(exist_ok=True)
        if events:
            for result in results:
                self._keep_log(task.replication, result)
        rows = [self._row(task.replication, result) for result in results]
        kinds = {SERIES: pa.map_(pa.string(), pa.list_(pa.float64()))}
        names = dict.fromkeys(name for row in rows for name in row)
        table = pa.table({name: pa.array([row.get(name) for row in rows], kinds.get(name)) for name in names})
        path = self.folder / f"{task.replication:06d}-{digest(task.scenarios)[:8]}.parquet"
        _write(path, table)
        self._note(path, table)
        self._loose[path] = len(table)
        if len(self._loose) >= JOINED_AT_FILES or sum(self._loose.values()) >= JOINED_AT_RUNS:
            self._join()

    def read(self, runs: Sequence[Run], *, series: bool = False) -> "Iterator[pa.Table]":
        """Yield held runs in the order given: all at once without their series, else some at a time."""
        import pyarrow as pa
        import pyarrow.compute as pc

        step = RUNS_AT_ONCE if series else max(len(runs), 1)
        for begin in range(0, len(runs), step):
            ids = [self.id_of(*run) for run in runs[begin : begin + step]]
            by_file: dict[Path, list[int]] = {}
            for place, name in enumerate(ids):
                by_file.setdefault(self.held[name].file, []).append(place)
            found = []
            for file, places in by_file.items():
                scenarios = {runs[begin + place].scenario for place in places} if series else None
                found.append(_runs(file, [ids[place] for place in places], scenarios, series=series))
            # A file of nothing but failures has no outcomes.
            whole = pa.concat_tables(found, promote_options="permissive").combine_chunks()
            yield whole.take(pc.index_in(pa.array(ids), whole["run_id"].combine_chunks()))

    def _row(self, replication: int, result: Result) -> dict[str, Any]:
        return {
            "run_id": self.id_of(result.scenario, replication),
            "scenario": result.scenario,
            "replication": replication,
            "status": "failed" if result.error else "done",
            "error": result.error,
            **{name: float(value) for name, value in result.outcomes.items()},
            SERIES: sorted(result.weekly.items()),
        }

    def _keep_log(self, replication: int, result: Result) -> None:
        import pandas as pd

        table = pd.DataFrame(result.events, columns=list(EVENT_COLUMNS))
        path = self.log_of(self.id_of(result.scenario, replication))
        write(path, lambda aside: table.to_parquet(aside, index=False))

    def _index(self, *, tidy: bool) -> None:
        """Look through what is there."""
        if tidy:
            clear_aside(self.folder)
        for file in [
            *sorted(self.folder.glob("joined-*.parquet")),
            *sorted(self.folder.glob("[0-9]*.parquet")),
        ]:
            try:
                table = _table(file, lambda _: ["run_id", "status"])
            except StoreError:
                if tidy:
                    file.rename(file.with_suffix(".damaged"))
                self.damaged.append(file)
                continue
            self._note(file, table)
            if not _is_joined(file):
                self._loose[file] = len(table)

    def _note(self, file: Path, table: "pa.Table") -> None:
        """Enter a file's runs; one that is done stays, and else the last word counts."""
        for name, status in zip(table["run_id"].to_pylist(), table["status"].to_pylist(), strict=True):
            held = self.held.get(name)
            if held is None or status == "done" or not held.done:
                self.held[name] = Held(file, status == "done")

    def _join(self) -> None:
        """Join loose parts into one file, each scenario a row group of its own, and remove them after."""
        import pyarrow as pa

        # A run that failed before can be in two files; it is read from the one that counts.
        here: dict[Path, list[str]] = {file: [] for file in self._loose}
        for name, held in self.held.items():
            if held.file in here:
                here[held.file].append(name)
        tables = [_runs(file, names) for file, names in here.items() if names]
        order = [("scenario", "ascending"), ("replication", "ascending")]
        whole = pa.concat_tables(tables, promote_options="permissive").sort_by(order)
        number = 1 + max((int(path.stem[7:]) for path in self.folder.glob("joined-*.*")), default=0)
        path = self.folder / f"joined-{number:06d}.parquet"
        _write(path, whole)
        for name in (name for names in here.values() for name in names):
            self.held[name] = self.held[name]._replace(file=path)
        for file in self._loose:
            file.unlink()
        self._loose.clear()


def _is_joined(file: Path) -> bool:
    return file.name.startswith("joined-")


def _runs(
    file: Path, ids: Sequence[str], scenarios: Iterable[str] | None = None, *, series: bool | None = None
) -> "pa.Table":
    """Return runs of a file, in any order: with their series alone, without them or, if ``None``, whole."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def columns(names: list[str]) -> list[str]:
        if series is None:
            return names
        return ["run_id", *RUN_COLUMNS, SERIES] if series else [name for name in names if name != SERIES]

    table = _table(file, columns, scenarios)
    return table.filter(pc.is_in(table["run_id"], pa.array(ids)))


def _table(
    file: Path, columns: Callable[[list[str]], list[str]], scenarios: Iterable[str] | None = None
) -> "pa.Table":
    """Return columns of a part, of some scenarios or of all.

    Raises
    ------
    experiments.files.StoreError
        If the file is torn, or what it holds is not what was written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        part = pq.ParquetFile(file, page_checksum_verification=True)
        wanted, own = columns(part.schema_arrow.names), set(scenarios or ())
        groups = [
            n
            for n in range(part.num_row_groups)
            if not own or _first_scenario(part.metadata.row_group(n)) in own
        ]
        return part.read_row_groups(groups, wanted, use_threads=False)
    except (OSError, pa.ArrowException) as error:
        do = "delete it, and the same command runs again what it held"
        raise StoreError(f"{file} is damaged ({str(error).splitlines()[0]}); {do}") from None


def _first_scenario(group: Any) -> str:
    """Return the scenario of a row group, which has no other."""
    (own,) = (column for n in range(2) if (column := group.column(n)).path_in_schema == "scenario")
    return str(own.statistics.min)


def _write(path: Path, table: "pa.Table") -> None:
    """Write a part, each scenario a row group of its own, so that one can be read without the others."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    def fill(aside: Path) -> None:
        with pq.ParquetWriter(aside, table.schema, write_page_checksum=True) as file:
            for name in pc.unique(table["scenario"]):
                file.write_table(table.filter(pc.equal(table["scenario"], name)))

    write(path, fill)
