"""The folder of a bank: runs to the census as they come in, kept however often making them is cut short."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from calibration.bank import FAILED, ROWS_A_TASK, BankJob, Row, table
from calibration.local_mix import Floats
from calibration.published import SITES
from calibration.unknowns import Unknowns
from experiments.cluster import workers_of
from experiments.files import StoreError, alone, write, write_bytes, writing
from experiments.identity import digest, model_source, resolved, versions
from experiments.progress import Meter, Progress
from experiments.runner import default_workers, run_tasks
from experiments.task import Finished, Task
from scenarios import load

if TYPE_CHECKING:
    import pandas as pd

FOLDER, MANIFEST = Path("results/bank"), "bank.json"
#: How the names of files end that hold the parameters of a round's rows.
_POINTS = ".points.parquet"


class BankFolder:
    """A bank's folder: one part a task, written whole.

    Parameters
    ----------
    folder
        Where it is; made if missing.
    seed
        Of all its rows.

    Raises
    ------
    experiments.files.StoreError
        If it holds the bank of another model, other libraries, sites or unknowns, or another seed.
    """

    def __init__(self, folder: Path = FOLDER, *, seed: int = 1) -> None:
        self.folder, self.seed = folder, seed
        own = {
            "model": model_source(), "versions": versions(), "seed": seed,
            "sites": digest({site: resolved(load(site)) for site in SITES}), "unknowns": _digest(Unknowns()),
        }  # fmt: skip
        path = folder / MANIFEST
        if (path.is_file() or any(folder.glob("*.parquet"))) and _manifest(path) != own:
            raise StoreError(
                f"{folder} holds the bank of another model, other libraries, other sites, other unknowns or "
                "another seed; move it away, or choose another --bank"
            )
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
        write_bytes(path, json.dumps(own, indent=1, sort_keys=True).encode())

    def rows(self, wanted: Mapping[str, int] | None = None) -> "pd.DataFrame":
        """Return rows in order: every one there is, or no more than so many a site, by stage."""
        import pandas as pd

        paths = sorted(path for path in self.folder.glob("*.parquet") if not path.name.endswith(_POINTS))
        parts = [pd.read_parquet(path) for path in paths]
        if not parts:
            return pd.DataFrame({"site": [], "stage": [], "number": [], "status": []})
        found = pd.concat(parts, ignore_index=True).sort_values(
            ["site", "stage", "number"], ignore_index=True
        )
        if wanted is None:
            return found
        return found[found["number"] < found["stage"].map(wanted).fillna(0)].reset_index(drop=True)

    def fill(
        self, wanted: Mapping[str, int], *, workers: int | None = None, scheduler: str = "",
        progress: Progress | None = None, sites: Sequence[str] = tuple(SITES),
    ) -> None:  # fmt: skip
        """Run what the bank lacks of so many rows a site, by stage; whole tasks, so perhaps a few more.

        Raises
        ------
        experiments.files.StoreError
            If there is no room, or another command is at work in the folder.
        experiments.runner.WorkersError
            If there are no workers.
        """
        with alone(self.folder, "--bank"):
            self._fill(wanted, workers, scheduler, progress, sites)

    def _fill(
        self, wanted: Mapping[str, int], workers: int | None, scheduler: str, progress: Progress | None,
        sites: Sequence[str],
    ) -> None:  # fmt: skip
        tasks = self._missing(wanted, sites)
        missing = ROWS_A_TASK * len(tasks)
        total = sum(-(-number // ROWS_A_TASK) * ROWS_A_TASK for number in wanted.values()) * len(sites)
        meter = Meter(total - missing, total, progress)
        if not tasks:
            return
        job = BankJob.of(sites, self.seed, self._rounds())
        if scheduler:
            with workers_of(scheduler) as (there, executor):
                done = run_tasks(job, tasks, workers=workers or there, executor=executor, scratch=self.folder)
                self._keep(done, meter)
            return
        self._keep(
            run_tasks(job, tasks, workers=workers or default_workers(len(tasks)), scratch=self.folder), meter
        )

    def lacks(self, wanted: Mapping[str, int], sites: Sequence[str] = tuple(SITES)) -> int:
        """Return how many of so many rows a site, by stage, have not been run, or are to be again."""
        return ROWS_A_TASK * len(self._missing(wanted, sites))

    def _missing(self, wanted: Mapping[str, int], sites: Sequence[str]) -> list[Task]:
        return [
            task
            # Number by number, so that a bank that is cut short has about as many of every site.
            for begin in range(0, max(wanted.values(), default=0), ROWS_A_TASK)
            for stage, number in wanted.items()
            if begin < number
            for site in sites
            if not self._whole(task := _task(site, stage, begin))
        ]

    def _whole(self, task: Task) -> bool:
        """Return whether a task's rows are there, none of which failed: those that did are run again."""
        import pandas as pd

        path = self._part(task)
        return path.is_file() and not (pd.read_parquet(path, columns=["status"])["status"] == FAILED).any()

    def has_round(self, stage: str, rows: int) -> bool:
        """Return whether a round has begun: then its rows' parameters stay what they are.

        Raises
        ------
        experiments.files.StoreError
            If it has fewer rows a site than are asked for: more would have to be placed by another fit.
        """
        if not self._points(stage).is_file():
            return False
        there = min(len(points) for points in self._rounds()[stage].values())
        if there < rows:
            raise StoreError(
                f"{self.folder} has {there:,} rows a site in {stage}; expected --rows {there} or another bank"
            )
        return True

    def keep_round(self, stage: str, drawn: Mapping[str, Floats]) -> None:
        """Keep the parameters of a round's rows.

        Parameters
        ----------
        stage
            The round's name.
        drawn
            By site, parameters on their scales, shape ``(rows, unknowns)``.
        """
        columns = {
            f"{site}/{name}": column
            for site, points in drawn.items()
            for name, column in zip(Unknowns().names, points.T, strict=True)
        }
        write(self._points(stage), partial(_to_parquet, columns))

    def _rounds(self) -> dict[str, dict[str, Floats]]:
        import pandas as pd

        found: dict[str, dict[str, Floats]] = {}
        for path in self.folder.glob(f"*{_POINTS}"):
            columns = pd.read_parquet(path)
            sites = dict.fromkeys(str(name).split("/")[0] for name in columns)
            found[path.name.removesuffix(_POINTS)] = {
                site: columns[[f"{site}/{name}" for name in Unknowns().names]].to_numpy() for site in sites
            }
        return found

    def _keep(self, done: Iterable[Finished], meter: Meter) -> None:
        for task, results in done:
            rows = table(results)
            write(self._part(task), partial(rows.to_parquet, index=False))
            meter.count(len(results), int((rows["status"] == "failed").sum()))

    def _points(self, stage: str) -> Path:
        return self.folder / f"{stage}{_POINTS}"

    def _part(self, task: Task) -> Path:
        first = Row.named(task.scenarios[0])
        return self.folder / f"{first.stage}-{first.number:06d}-{first.site}.parquet"


def _manifest(path: Path) -> object:
    """Return what a bank says it is; nothing where it cannot be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _to_parquet(columns: Mapping[str, Floats], path: Path) -> None:
    import pandas as pd

    pd.DataFrame(columns).to_parquet(path, index=False)


def _task(site: str, stage: str, begin: int) -> Task:
    return Task(begin, tuple(Row(site, stage, begin + n).name for n in range(ROWS_A_TASK)))


def _digest(unknowns: Unknowns) -> str:
    """Return a hash of what is drawn and of the prior that it is drawn from."""
    places = zip(unknowns.names, unknowns.centre.tolist(), unknowns.spread.tolist(), strict=True)
    return digest([list(place) for place in places])
