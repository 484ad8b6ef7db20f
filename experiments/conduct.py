"""Conducting a study: what is missing is run and kept, then the tables are made. Every command goes here."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calibration.posterior import Draws
from experiments import draws as drawing
from experiments import identity, manifest, tables
from experiments.cluster import workers_of
from experiments.differences import table
from experiments.parts import Run
from experiments.plan import REPLICATIONS, YEARS, Plan
from experiments.precision import Reach, in_words, reaches
from experiments.progress import Meter, Progress
from experiments.runner import default_workers, run_tasks
from experiments.store import ForeignStudyError, Store, held_manifest
from experiments.task import Job, Simulate, Task, groups
from scenarios import Scenario
from scenarios.notice import unreached

if TYPE_CHECKING:
    import pandas as pd

BATCH = 10


@dataclass(frozen=True)
class Case:
    """A scenario of a study, the one it is compared with, what labels its rows, and what it contains.

    ``parts`` are scenarios of the study whose options it has among others; it is compared with these too.
    """

    scenario: Scenario
    reference: str = ""
    labels: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.scenario.name


@dataclass(frozen=True)
class Work:
    """What a command asks for.

    Attributes
    ----------
    cases
        The scenarios, in order.
    plan
        How to run them.
    slug
        What the default folder is called.
    folder
        Where to keep the study; ``None`` for a default one.
    extend
        Replications to add to those that were asked for before.
    at_least
        Whether more replications that were asked for before stay asked for.
    precise
        By scenario, what a precision is asked against: another scenario, or the twin.
    about
        What else the manifest says.
    simulate
        Runs one replication; by default :func:`simulation.replicate`.
    executor
        Makes an executor for a number of workers; by default processes of this machine.
    progress
        Told how the study stands.
    """

    cases: Sequence[Case]
    plan: Plan
    slug: str
    folder: Path | None = None
    extend: int = 0
    at_least: bool = False
    precise: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    simulate: Simulate | None = None
    executor: Callable[[int], Executor] | None = None
    progress: Progress | None = None

    @property
    def site(self) -> str:
        """The name of the site that all scenarios are of."""
        return self.cases[0].scenario.site


@dataclass(frozen=True)
class Found:
    """What came of it."""

    folder: Path
    runs: "pd.DataFrame"
    differences: "pd.DataFrame"
    notices: list[str]


def conduct(work: Work) -> Found:
    """Run what the folder lacks, and make the tables.

    Raises
    ------
    experiments.files.StoreError
        If the folder holds another study, is in use, or cannot be written.
    experiments.runner.WorkersError
        If there are no workers.
    """
    plan = work.plan
    scenarios = {case.name: case.scenario for case in work.cases}
    draws = drawing.draws_of(plan.draw, list(scenarios.values()))
    own = identity.study(scenarios, seed=plan.seed, years=plan.years or YEARS, draws=draws)
    with opened(work, own) as store:
        begun = time.time()
        asked = _asked(work, held_manifest(store.folder))
        said = {**about(work, draws), **asked}
        store.write_manifest(said)
        runs, reached = _until_precise(work, store, draws, asked["replications"])
        differences = table(runs, {case.name: (case.reference, *case.parts) for case in work.cases})
        written = _write_tables(work, store, draws, runs, differences)
        replications = len(runs) // len(work.cases)
        finish = {
            "seconds": round(time.time() - begun, 1),
            "replications_done": replications,
            "failed_runs": int((runs["status"] == "failed").sum()),
            "precision": [_plain(reach) for reach in reached],
            "files": store.fingerprints(written),
        }
        store.write_manifest({**said, "finished": finish})
        notices = [drawing.in_words(draws, replications)] if draws is not None else []
        notices += [notice for case in work.cases for notice in case.scenario.notices]
        start, years = work.cases[0].scenario.timeline[0][1].start, plan.years or YEARS
        notices += [told for case in work.cases for told in unreached(case.scenario.changes, start, years)]
        notices += [
            f"{file} was damaged and is put aside; its runs were run again" for file in store.parts.damaged
        ]
        if plan.precision is not None:
            notices.append(in_words(reached, plan.precision, replications))
        return Found(store.folder, runs, differences, list(dict.fromkeys(notices)))


def _asked(work: Work, held: Mapping[str, Any]) -> dict[str, Any]:
    """Return how many replications are asked for, given what the folder was asked for before."""
    replications, before = work.plan.replications or REPLICATIONS, held.get("replications", 0)
    finished = held.get("finished")
    if not work.extend:
        return {"replications": max(replications, before) if work.at_least else replications}
    if not finished and held.get("extended_by") == work.extend:
        # The same extension, cut short: it goes on, and is not made twice.
        return {"replications": before, "extended_by": work.extend}
    there = finished["replications_done"] if finished else before
    return {"replications": (there or replications) + work.extend, "extended_by": work.extend}


def _until_precise(
    work: Work, store: Store, draws: Draws | None, wanted: int
) -> "tuple[pd.DataFrame, list[Reach]]":
    """Fill the folder and return the runs; add replications until a precision is reached, if one is asked."""
    plan = work.plan
    while True:
        fill(work, store, draws, wanted)
        runs = tables.runs(
            store.parts, _runs_of(work, wanted), site=work.site, seed=plan.seed,
            labels={case.name: case.labels for case in work.cases}, draws=draws,
        )  # fmt: skip
        if plan.precision is None:
            return runs, []
        reached = reaches(runs, work.precise, plan.outcomes)
        if all(reach.share <= plan.precision for reach in reached) or wanted >= plan.budget:
            return runs, reached
        wanted = min(wanted + BATCH, plan.budget)


def _runs_of(work: Work, replications: int) -> list[Run]:
    return [Run(case.name, number) for case in work.cases for number in range(replications)]


def fill(work: Work, store: Store, draws: Draws | None, wanted: int) -> None:
    """Run what the folder lacks, replication by replication.

    Raises
    ------
    experiments.files.StoreError
        If the folder cannot be written.
    experiments.runner.WorkersError
        If there are no workers.
    """
    plan, parts = work.plan, store.parts
    timelines = {case.name: case.scenario.timeline for case in work.cases}
    sharing = list(groups(timelines))
    lacking = (
        Task(number, tuple(name for name in names if not parts.done(name, number, events=plan.events)))
        for number, names in product(range(wanted), sharing)
    )
    tasks = [task for task in lacking if task.scenarios]
    missing = sum(len(task.scenarios) for task in tasks)
    meter = Meter(wanted * len(timelines) - missing, wanted * len(timelines), work.progress)
    if not tasks:
        return
    # Where values come from is long, and decides nothing where they are run.
    bare = {case.name: replace(case.scenario, provenance={}, notices=()) for case in work.cases}
    job = Job(work.simulate or _simulate(), bare, plan.seed, plan.years or YEARS, plan.events, draws)
    with ExitStack() as stack:
        workers, executor = plan.workers or default_workers(len(tasks)), work.executor
        if plan.scheduler:
            there, executor = stack.enter_context(workers_of(plan.scheduler))
            workers = plan.workers or there
        for task, results in stack.enter_context(
            closing(run_tasks(job, tasks, workers=workers, executor=executor, scratch=store.folder))
        ):
            parts.add(task, results, events=plan.events)
            meter.count(len(results), sum(bool(result.error) for result in results))


def _simulate() -> Simulate:
    from simulation import replicate

    return replicate


def _write_tables(
    work: Work, store: Store, draws: Draws | None, runs: "pd.DataFrame", differences: "pd.DataFrame"
) -> list[str]:
    """Write the tables of a study, and return their files' names."""
    wanted = _runs_of(work, len(runs) // len(work.cases))
    store.write_table("runs.parquet", runs)
    tables.write_weekly(store.parts, wanted, store.folder / "weekly.parquet", draws)
    if work.plan.events:
        tables.write_events(store.parts, wanted, store.folder / "events.parquet", draws)
    labels = {case.name: case.labels for case in work.cases if case.labels}
    for name in dict.fromkeys(name for label in labels.values() for name in label):
        differences[name] = [labels[option][name] for option in differences["option"]]
    store.write_table("differences.csv", differences)
    events = ["events.parquet"] if work.plan.events else []
    return ["runs.parquet", "weekly.parquet", *events, "differences.csv"]


def opened(work: Work, own: dict[str, Any]) -> Store:
    """Open the folder asked for, or the first default one that is free or holds this study.

    Raises
    ------
    experiments.files.StoreError
        If the folder asked for holds another study.
    """
    if work.folder is not None:
        return Store(work.folder, own)
    slug = work.slug[:80].replace("/", "_")
    for place in range(1, 1000):
        folder = Path("results") / (slug if place == 1 else f"{slug}-{place}")
        if Store.accepts(folder, own):
            return Store(folder, own)
    raise ForeignStudyError(f"results/{slug} and a thousand like it hold other studies; expected --out")


def about(work: Work, draws: Draws | None) -> dict[str, Any]:
    """Return what a manifest tells of the work: scenarios, where values come from, seed and machine."""
    # A study's points differ in their factors alone, so that the sources of the first hold for all.
    told = [case.scenario for case in work.cases if not case.labels.get("point")]
    scenarios = [case.scenario for case in work.cases]
    return {
        **work.about,
        "scenarios": {scenario.name: identity.resolved(scenario) for scenario in scenarios},
        "points": {case.name: case.labels for case in work.cases if case.labels},
        "provenance": {
            scenario.name: {
                key: {name: getattr(leaf, name) for name in ("source", "confidence", "file", "line")}
                for key, leaf in scenario.provenance.items()
            }
            for scenario in told
        },
        "notices": {case.name: case.scenario.notices for case in work.cases},
        "own_caseload": asdict(own) if (own := told[0].own_caseload) is not None else None,
        "draw": manifest.drawn(draws, scenarios),
        "seed": work.plan.seed,
        "years": work.plan.years or YEARS,
        "made_on": identity.machine(),
    }


def _plain(reach: Reach) -> dict[str, Any]:
    """Return what a precision came to as JSON has it, which knows no infinity."""
    values = reach._asdict()
    return {name: None if value in (float("inf"), -float("inf")) else value for name, value in values.items()}
