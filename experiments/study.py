"""A study: scenarios of one site, replicated, stored, compared."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments import identity
from experiments.differences import table
from experiments.runner import Simulate, default_workers, run_tasks
from experiments.store import ForeignStudyError, Store
from scenarios import Scenario, load
from scenarios.notice import unreached
from scenarios.scenario import load_all

if TYPE_CHECKING:
    import pandas as pd

#: The outcome whose precision ``--precision`` asks for.
MAIN_OUTCOME = "committed_offences"
BATCH = 10

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Plan:
    """How a study is run.

    Attributes
    ----------
    replications
        How many; with ``precision``, how many to begin with.
    precision
        Relative half-width to reach: that of each option's mean difference in committed offences over the
        base's level. ``None`` runs the replications and no more.
    budget
        Replications at most when a precision is asked for.
    years, seed
        Years measured, and the study's seed.
    workers
        Processes; ``None`` for one a core. More than one are fresh processes that import the caller's
        script, which needs its ``if __name__ == "__main__":``.
    events
        Whether to keep event logs.
    """

    replications: int = 20
    precision: float | None = None
    budget: int = 200
    years: float = 2.0
    seed: int = 1
    workers: int | None = None
    events: bool = False


@dataclass
class Study:
    """What a study came to, as tables and files."""

    scenarios: list[str]
    runs: "pd.DataFrame"
    weekly: "pd.DataFrame"
    differences: "pd.DataFrame"
    folder: Path
    #: The site as it is, which options change.
    place: Scenario
    resolved: list[Scenario]
    notices: list[str] = field(default_factory=list)
    #: The site's own names of the bands, by colour.
    band_names: dict[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> "pd.DataFrame":
        """Runs that failed."""
        return self.runs[self.runs["status"] == "failed"]


def compare(
    site: str, *options: str, plan: Plan | None = None, out: Path | str | None = None,
    progress: Progress | None = None, simulate: Simulate | None = None, command: Sequence[str] = (),
) -> Study:  # fmt: skip
    """Run a site as it is and with each option, and compare them person by person.

    Parameters
    ----------
    site
        Name of a shipped site or path of a file.
    options
        Options to compare with the site as it is; ``a+b`` combines two.
    plan
        Replications, years, seed, workers.
    out
        Folder; by default a new one below ``results``, or the one that holds the same study.
    progress
        Called with the replications done and wanted.
    simulate
        Runs one replication; by default :func:`simulation.replicate`.
    command
        The command line, for the manifest.

    Raises
    ------
    scenarios.ScenarioError
        If a file is wrong: every problem of every file.
    experiments.store.ForeignStudyError
        If ``out`` holds another study.
    """
    return _conduct(site, ["", *options], plan or Plan(), out, progress, simulate, command)


def _band_names(scenario: Scenario) -> dict[str, str]:
    bands = scenario.timeline[0][1].bands
    return {colour: bands.local_name(colour) for colour in ("red", "amber", "green", "blue")}


def run(
    site: str, option: str = "", *, plan: Plan | None = None, out: Path | str | None = None,
    progress: Progress | None = None, simulate: Simulate | None = None, command: Sequence[str] = (),
) -> Study:  # fmt: skip
    """Run one scenario and its twin; the arguments are those of :func:`compare`."""
    return _conduct(site, [option], plan or Plan(), out, progress, simulate, command)


def _conduct(
    site: str, combinations: list[str], plan: Plan, out: Path | str | None, progress: Progress | None,
    simulate: Simulate | None, command: Sequence[str],
) -> Study:  # fmt: skip
    """Run the replications that are missing, compare the scenarios and write the files."""
    if simulate is None:
        from simulation import replicate

        simulate = replicate
    found = load_all(site, combinations)
    scenarios = {scenario.name: scenario for scenario in found}
    own = identity.study(scenarios, seed=plan.seed, years=plan.years)
    store = _open(out, own, scenarios)
    begun = time.time()
    about = _about(scenarios, plan, command)
    store.write_manifest(about)
    wanted = plan.replications
    while True:
        _fill(store, scenarios, plan, wanted, simulate, progress)
        runs = store.compact(list(scenarios), wanted, events=plan.events)
        differences = table(runs, list(scenarios))
        precise = plan.precision is None or _precise(runs, differences, list(scenarios), plan.precision)
        if precise or wanted >= plan.budget:
            break
        wanted = min(wanted + BATCH, plan.budget)
    import pandas as pd

    store.write_table("differences.csv", differences)
    failed = int((runs["status"] == "failed").sum())
    finish = {"seconds": round(time.time() - begun, 1), "replications_done": wanted, "failed_runs": failed}
    store.write_manifest({**about, "finished": finish})
    start = found[0].timeline[0][1].start
    notices = [notice for scenario in found for notice in scenario.notices]
    notices += [notice for it in found for notice in unreached(it.changes, start, plan.years)]
    if plan.precision is not None:
        verb = "reached" if precise else "not reached within the budget"
        notices.append(f"precision {plan.precision:g} {verb}: {wanted} replications")
    weekly = pd.read_parquet(store.folder / "weekly.parquet")
    return Study(
        list(scenarios),
        runs,
        weekly,
        differences,
        store.folder,
        load(site) if found[0].options else found[0],
        found,
        list(dict.fromkeys(notices)),
        _band_names(found[0]),
    )


def _fill(
    store: Store, scenarios: dict[str, Scenario], plan: Plan, wanted: int, simulate: Simulate,
    progress: Progress | None,
) -> None:  # fmt: skip
    """Run the replications that the folder lacks."""
    missing = [n for n in range(wanted) if not store.finished(n, events=plan.events)]
    done = wanted - len(missing)
    if progress is not None:
        progress(done, wanted)
    timelines = {name: scenario.timeline for name, scenario in scenarios.items()}
    site = next(iter(scenarios.values())).site
    workers = plan.workers or default_workers(wanted)
    tasks = run_tasks(
        simulate, timelines, missing, seed=plan.seed, years=plan.years, events=plan.events, workers=workers
    )
    with closing(tasks):
        for replication, results in tasks:
            store.add(site, plan.seed, replication, results, events=plan.events)
            done += 1
            if progress is not None:
                progress(done, wanted)


def _open(out: Path | str | None, own: dict[str, object], scenarios: dict[str, Scenario]) -> Store:
    """Open the folder asked for, or the first default one that is free or holds this study."""
    if out is not None:
        return Store(Path(out), own)
    names = list(scenarios)
    parts = [names[0], *(name.removeprefix(names[0] + "+") for name in names[1:])]
    slug = "-vs-".join(parts)[:80].replace("/", "_")
    for place in range(1, 1000):
        folder = Path("results") / (slug if place == 1 else f"{slug}-{place}")
        if Store.accepts(folder, own):
            return Store(folder, own)
    raise ForeignStudyError(f"results/{slug} and a thousand like it hold other studies; expected --out")


def _about(scenarios: dict[str, Scenario], plan: Plan, command: Sequence[str]) -> dict[str, object]:
    return {
        "command": list(command),
        "scenarios": {name: identity.resolved(scenario) for name, scenario in scenarios.items()},
        "provenance": {
            name: {
                key: {
                    "source": leaf.source,
                    "confidence": leaf.confidence,
                    "file": leaf.file,
                    "line": leaf.line,
                }
                for key, leaf in scenario.provenance.items()
            }
            for name, scenario in scenarios.items()
        },
        "notices": {name: scenario.notices for name, scenario in scenarios.items()},
        "seed": plan.seed,
        "replications": plan.replications,
        "years": plan.years,
        "made_on": identity.machine(),
    }


def _precise(
    runs: "pd.DataFrame", differences: "pd.DataFrame", scenarios: list[str], precision: float
) -> bool:
    base = runs[(runs["scenario"] == scenarios[0]) & (runs["status"] == "done")]
    level = abs(base[MAIN_OUTCOME].mean()) if len(base) else np.nan
    rows = differences[differences["outcome"] == MAIN_OUTCOME]
    if len(scenarios) > 1:
        rows = rows[rows["option"].isin(scenarios[1:]) & (rows["reference"] == scenarios[0])]
    half = (rows["high"] - rows["low"]) / 2
    return len(rows) == max(1, len(scenarios) - 1) and bool((half <= precision * level).all())
