"""The tables of a study, made from its parts: whole, in order, and the same however they came in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from calibration.posterior import Draws
from experiments.draws import draw_of
from experiments.files import write
from experiments.parts import SERIES, Parts, Run

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: Tables of more runs than this are written bit by bit, in row groups of so many rows.
RUNS_WRITTEN_WHOLE, ROWS_AT_ONCE = 256, 2**17
#: Runs whose series are unfolded at once.
RUNS_UNFOLDED = 32


def runs(
    parts: Parts, wanted: Sequence[Run], *, site: str, seed: int, labels: Mapping[str, Mapping[str, Any]],
    draws: Draws | None = None,
) -> "pd.DataFrame":  # fmt: skip
    """Return one row a run, in the order wanted, as in ``runs.parquet``.

    Parameters
    ----------
    parts
        Where the runs are.
    wanted
        Which, each of them held.
    site, seed
        The study's.
    labels
        By scenario: columns that say what it is, a study's option and factors.
    draws
        What replications were run under.
    """
    import pandas as pd

    (table,) = parts.read(wanted)
    kept: pd.DataFrame = table.to_pandas()
    before = {"run_id": kept.pop("run_id"), "site": site, "scenario": kept.pop("scenario")}
    before |= {"draw": draw_of(kept["replication"].to_numpy(), draws)}
    before |= {"replication": kept.pop("replication"), "seed": seed}
    before |= {"status": kept.pop("status"), "error": kept.pop("error")}
    whats = [labels[run.scenario] for run in wanted]
    said = {name: [what[name] for what in whats] for name in (whats[0] if whats else ())}
    return pd.concat([pd.DataFrame(before), pd.DataFrame(said, index=kept.index), kept], axis=1)


def write_weekly(parts: Parts, wanted: Sequence[Run], path: Path, draws: Draws | None = None) -> None:
    """Write ``weekly.parquet``: one row a run, outcome and week."""
    frames = (
        _unfolded(table.slice(begin, RUNS_UNFOLDED), draws)
        for table in parts.read(wanted, series=True)
        for begin in range(0, len(table), RUNS_UNFOLDED)
    )
    _write_all(path, frames, whole=len(wanted) <= RUNS_WRITTEN_WHOLE)


def write_events(parts: Parts, wanted: Sequence[Run], path: Path, draws: Draws | None = None) -> None:
    """Write ``events.parquet``: one row an event."""
    _write_all(path, _logs(parts, wanted, draws), whole=len(wanted) <= RUNS_WRITTEN_WHOLE)


def _logs(parts: Parts, wanted: Sequence[Run], draws: Draws | None) -> "Iterator[pd.DataFrame]":
    import pandas as pd

    for run in wanted:
        path = parts.log_of(parts.id_of(*run))
        # A run that failed has none.
        if path.is_file():
            log = pd.read_parquet(path).sort_values("time", kind="stable", ignore_index=True)
            draw = draw_of(run.replication, draws)
            yield log.assign(run_number=run.replication, scenario=run.scenario, draw=draw)


def _unfolded(table: "pa.Table", draws: Draws | None) -> "pd.DataFrame":
    """Return the weekly series of some runs, a row a week."""
    import pandas as pd

    maps = table[SERIES].combine_chunks()
    ends = maps.offsets.to_numpy()
    begin, count = int(ends[0]), int(ends[-1] - ends[0])
    series = maps.items.slice(begin, count)
    lengths = series.value_lengths().to_numpy(zero_copy_only=False).astype(np.int64)
    run = np.repeat(np.repeat(np.arange(len(table)), np.diff(ends)), lengths)
    first = np.repeat(np.cumsum(lengths) - lengths, lengths)
    replication = table["replication"].to_numpy()[run]
    return pd.DataFrame(
        {
            "scenario": table["scenario"].to_pandas().to_numpy()[run],
            "draw": draw_of(replication, draws),
            "replication": replication,
            "week": np.arange(len(run)) - first,
            "outcome": np.repeat(maps.keys.slice(begin, count).to_pandas().to_numpy(), lengths),
            "value": series.flatten().to_numpy(zero_copy_only=False),
        }
    )


def _write_all(path: Path, frames: "Iterable[pd.DataFrame]", *, whole: bool) -> None:
    """Write frames as one table: as one row group if it is small, else without ever holding all of it."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    def together(some: "list[pd.DataFrame]") -> "pd.DataFrame":
        return pd.concat([frame for frame in some if len(frame)] or some, ignore_index=True)

    def fill(aside: Path) -> None:
        if whole:
            together(list(frames)).to_parquet(aside, index=False)
            return
        file: pq.ParquetWriter | None = None
        try:
            for group in _in_groups(frames, together):
                table = pa.Table.from_pandas(group, file.schema if file else None, preserve_index=False)
                file = file or pq.ParquetWriter(aside, table.schema)
                file.write_table(table)
        finally:
            if file is not None:
                file.close()

    write(path, fill)


def _in_groups(frames: "Iterable[pd.DataFrame]", together: Any) -> "Iterator[pd.DataFrame]":
    """Yield frames joined and cut to row groups of one size, the last one smaller; an empty one for none."""
    waiting: list[pd.DataFrame] = []
    rows, cut = 0, False
    for frame in frames:
        waiting.append(frame)
        rows += len(frame)
        while rows >= ROWS_AT_ONCE:
            joined = together(waiting)
            yield joined[:ROWS_AT_ONCE]
            waiting, rows, cut = [joined[ROWS_AT_ONCE:]], rows - ROWS_AT_ONCE, True
    if rows or not cut:
        yield together(waiting)
