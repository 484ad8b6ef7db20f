"""The evaluation lab at work: places are lived through and kept, then every design looks at them."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments import identity
from experiments.conduct import Case, Work, about, fill, opened
from experiments.evaluating import area
from experiments.evaluating.area import Area, area_from, live
from experiments.evaluating.falls import falls
from experiments.evaluating.performance import performance
from experiments.parts import Parts, Run
from experiments.plan import Plan
from experiments.progress import Progress
from experiments.store import Store
from experiments.task import Simulate
from scenarios.evaluation import Arm, EvaluationFile, load_evaluation

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

TABLE, FALLS = "evaluation.csv", "falls.csv"


@dataclass(frozen=True)
class Found:
    """What a laboratory study came to.

    Attributes
    ----------
    file
        What was asked.
    table
        A row for each effect, design, follow-up and number of places.
    falls
        What before-and-after counts find where nobody is managed.
    folder
        Where it is kept.
    failed
        Runs that failed, as scenario, replication and error.
    """

    file: EvaluationFile
    table: "pd.DataFrame"
    falls: "pd.DataFrame"
    folder: Path
    failed: "pd.DataFrame"
    notices: Sequence[str] = ()


def evaluate(
    evaluation: str | EvaluationFile, *, worlds: int | None = None, plan: Plan | None = None,
    out: Path | str | None = None, progress: Progress | None = None, simulate: Simulate | None = None,
    executor: Callable[[int], Executor] | None = None, command: Sequence[str] = (),
) -> Found:  # fmt: skip
    """Tell what each way of looking would have reported of a partnership whose effect is known.

    Parameters
    ----------
    evaluation
        Name of a shipped evaluation, path of a file, or what is read from one.
    worlds
        Places lived through with each effect; by default what the file says. Those that are kept are not
        lived through again.
    plan
        Seed, workers and scheduler; the rest is the file's.
    out
        Folder; by default a new one below ``results``, or the one that holds the same study.
    progress, executor, command
        As for :func:`experiments.study.compare`.
    simulate
        Lives through one place; by default :func:`experiments.evaluating.area.live`.

    Raises
    ------
    scenarios.ScenarioError
        With everything that is wrong with the file, its site and its options.
    experiments.files.StoreError
        If ``out`` holds another study, is in use or cannot be written.
    """
    import pandas as pd

    file = load_evaluation(evaluation) if isinstance(evaluation, str) else evaluation
    asked, wanted = plan or Plan(), worlds or file.says.worlds
    plan = Plan(wanted, years=file.years, seed=asked.seed, workers=asked.workers, scheduler=asked.scheduler)
    scenarios = {world.scenario.name: world.scenario for world in file.worlds}
    work = Work(
        [Case(world.scenario, labels={"effect": world.effect, "arm": world.arm}) for world in file.worlds],
        plan, file.name, Path(out) if out is not None else None, simulate=simulate or live, executor=executor,
        progress=progress,
        about={"command": list(command), "evaluation": file.says.model_dump(mode="json")},
    )  # fmt: skip
    own = identity.study(scenarios, seed=plan.seed, years=file.years) | {"lab": _source()}
    with opened(work, own) as store:
        begun, said = time.time(), {**about(work, None), "replications": wanted}
        store.write_manifest(said)
        fill(work, store, None, wanted)
        tables, fallen = [], pd.DataFrame()
        for effect in file.says.effects:
            areas = list(_areas(store.parts, file, effect, wanted))
            tables.append(performance(effect, areas, file.says))
            # Without a scheme every effect is the same.
            fallen = fallen if len(fallen) else falls(areas, max(file.says.follow_up_months))
        table = pd.concat(tables, ignore_index=True)
        store.write_table(TABLE, table)
        store.write_table(FALLS, fallen)
        failed = _failed(store, file, wanted)
        finish = {
            "seconds": round(time.time() - begun, 1), "replications_done": wanted,
            "failed_runs": len(failed), "files": store.fingerprints([TABLE, FALLS]),
        }  # fmt: skip
        store.write_manifest({**said, "finished": finish})
        notices = dict.fromkeys(notice for world in file.worlds for notice in world.scenario.notices)
        return Found(file, table, fallen, store.folder, failed, tuple(notices))


def _source() -> str:
    """Return a hash of what decides which columns of a place are kept."""
    return sha256(Path(area.__file__).read_bytes()).hexdigest()[:16]


def _areas(parts: Parts, file: EvaluationFile, effect: str, wanted: int) -> Iterator[Area]:
    """Yield the areas of an effect, place by place; one of which an arm failed is left out."""
    worlds = [world for world in file.worlds if world.effect == effect]
    runs = [
        Run(world.scenario.name, number)
        for number in range(wanted)
        if all(parts.done(world.scenario.name, number) for world in worlds)
        for world in worlds
    ]
    arms: dict[Arm, dict[str, NDArray[np.float64]]] = {}
    for number, series in enumerate(_series(parts, runs)):
        arms[worlds[number % len(worlds)].arm] = series
        if len(arms) == len(worlds):
            yield area_from(arms)
            arms = {}


def _series(parts: Parts, runs: Sequence[Run]) -> Iterator[dict[str, NDArray[np.float64]]]:
    """Yield the columns that each run has kept as series."""
    for table in parts.read(runs, series=True):
        for place in range(len(table)):
            yield _unfolded(table, place)


def _unfolded(table: "pa.Table", place: int) -> dict[str, NDArray[np.float64]]:
    kept: Any = table["weekly"][place].values
    names, lists = kept.field(0).to_pylist(), kept.field(1)
    return {
        name: lists[n].values.to_numpy(zero_copy_only=False)
        for n, name in enumerate(names)
    }  # fmt: skip


def _failed(store: Store, file: EvaluationFile, wanted: int) -> "pd.DataFrame":
    import pandas as pd

    runs = [Run(world.scenario.name, number) for world in file.worlds for number in range(wanted)]
    lost = [run for run in runs if not store.parts.done(*run)]
    if not lost:
        return pd.DataFrame({"scenario": [], "replication": [], "error": []})
    (table,) = store.parts.read(lost)
    failed: pd.DataFrame = table.select(["scenario", "replication", "error"]).to_pandas()
    return failed
