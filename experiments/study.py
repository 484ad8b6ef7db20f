"""The Python face: compare, run and sweep, and the study that comes of each."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.conduct import Case, Work, conduct
from experiments.differences import TWIN
from experiments.plan import MAIN_OUTCOME, Plan
from experiments.progress import Progress
from experiments.task import Simulate
from scenarios import Point, Scenario, StudyFile, load, load_study, points_of
from scenarios.scenario import combine, load_all

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MAIN_OUTCOME", "Plan", "Progress", "Study", "compare", "run", "sweep"]


@dataclass
class Study:
    """What a study came to, as tables and files."""

    scenarios: list[str]
    runs: "pd.DataFrame"
    differences: "pd.DataFrame"
    folder: Path
    #: The site as it is, which options change.
    place: Scenario
    resolved: list[Scenario]
    notices: list[str] = field(default_factory=list)
    #: The site's own names of the bands, by colour.
    band_names: dict[str, str] = field(default_factory=dict)
    #: What each scenario of a sweep is; empty for a comparison.
    points: list[Point] = field(default_factory=list)
    #: How a sweep's points were chosen.
    design: str = ""

    @cached_property
    def weekly(self) -> "pd.DataFrame":
        """The weekly series, one row a run, outcome and week; read when first asked for."""
        import pandas as pd

        return pd.read_parquet(self.folder / "weekly.parquet")

    @property
    def failed(self) -> "pd.DataFrame":
        """Runs that failed."""
        return self.runs[self.runs["status"] == "failed"]


def compare(
    site: str, *options: str, plan: Plan | None = None, out: Path | str | None = None,
    progress: Progress | None = None, simulate: Simulate | None = None,
    executor: Callable[[int], Executor] | None = None, command: Sequence[str] = (),
) -> Study:  # fmt: skip
    """Run a site as it is and with each option, and compare them person by person.

    Parameters
    ----------
    site
        Name of a shipped site or path of a file.
    options
        Options to compare with the site as it is; ``a+b`` combines two.
    plan
        Replications, years, seed, workers, what is drawn.
    out
        Folder; by default a new one below ``results``, or the one that holds the same study.
    progress
        Called with the standing of the study whenever a task is finished.
    simulate
        Runs one replication; by default :func:`simulation.replicate`.
    executor
        Makes a ``concurrent.futures`` executor for a number of workers; by default fresh processes.
    command
        The command line, for the manifest.

    Raises
    ------
    scenarios.ScenarioError
        If a file is wrong: every problem of every file.
    experiments.files.StoreError
        If ``out`` holds another study, is in use or cannot be written.
    """
    found = load_all(site, ["", *options])
    base = found[0].name
    cases = [Case(one, base if one.name != base else "", parts=_parts(one, found)) for one in found]
    parts = [base, *(case.name.removeprefix(base + "+") for case in cases[1:])]
    precise = {case.name: base for case in cases[1:]} or {base: TWIN}
    work = Work(
        cases, plan or Plan(), "-vs-".join(parts), Path(out) if out is not None else None, precise=precise,
        about={"command": list(command)}, simulate=simulate, executor=executor, progress=progress,
    )  # fmt: skip
    return _studied(work, found[0])


def _parts(scenario: Scenario, others: Sequence[Scenario]) -> tuple[str, ...]:
    """Return the names of options that a combination contains, as ``b`` of ``a+b``."""
    own = set(scenario.options)
    return tuple(other.name for other in others if other.options and set(other.options) < own)


def run(
    site: str, option: str = "", *, plan: Plan | None = None, out: Path | str | None = None,
    progress: Progress | None = None, simulate: Simulate | None = None,
    executor: Callable[[int], Executor] | None = None, command: Sequence[str] = (),
) -> Study:  # fmt: skip
    """Run one scenario and its twin; the arguments are those of :func:`compare`."""
    (scenario,) = load_all(site, [option])
    work = Work(
        [Case(scenario)], plan or Plan(), scenario.name, Path(out) if out is not None else None,
        precise={scenario.name: TWIN}, about={"command": list(command)}, simulate=simulate,
        executor=executor, progress=progress,
    )  # fmt: skip
    return _studied(work, load(site) if scenario.options else scenario)


def sweep(
    study: str | StudyFile, *, extend: int = 0, plan: Plan | None = None, out: Path | str | None = None,
    progress: Progress | None = None, simulate: Simulate | None = None,
    executor: Callable[[int], Executor] | None = None, command: Sequence[str] = (),
) -> Study:  # fmt: skip
    """Run a study file: every option at every point of its factors.

    Parameters
    ----------
    study
        Name of a shipped study, path of a file, or what is read from one.
    extend
        Replications to add to those that the folder was asked for before.
    plan
        What the file does not say. Its replications, years and draw, if given, go before those of the file.
    out, progress, simulate, executor, command
        As for :func:`compare`.

    Raises
    ------
    scenarios.ScenarioError
        If a file is wrong: every problem of the study, its site and its options.
    experiments.files.StoreError
        If ``out`` holds another study, is in use or cannot be written.
    """
    plan = plan or Plan()
    file = load_study(study) if isinstance(study, str) else study
    points = points_of(file, plan.seed)
    first = {point.number: point.scenario.name for point in reversed(points)}
    cases = [
        Case(
            point.scenario,
            first[point.number] if point.scenario.name != first[point.number] else "",
            {"options": point.option, "point": point.number, **point.labels},
        )
        for point in points
    ]
    replications, years = plan.replications or file.replications, plan.years or file.years
    # A point of a design that samples is a set of parameters already.
    draw = plan.draw or file.draw or (None if file.design == "grid" else "none")
    about = {"name": file.name, "title": file.title, "design": file.design}
    work = Work(
        cases, replace(plan, replications=replications, years=years, draw=draw), file.name,
        Path(out) if out is not None else None, extend, plan.replications is None,
        precise={case.name: TWIN for case in cases}, about={"command": list(command), "study": about},
        simulate=simulate, executor=executor, progress=progress,
    )  # fmt: skip
    found = _studied(work, combine(file.place, []))
    found.points, found.design = points, file.design
    found.notices = [*file.notices, *found.notices]
    return found


def _studied(work: Work, place: Scenario) -> Study:
    found = conduct(work)
    bands = work.cases[0].scenario.timeline[0][1].bands
    names = {colour: bands.local_name(colour) for colour in ("red", "amber", "green", "blue")}
    scenarios = [case.scenario for case in work.cases]
    return Study(
        [scenario.name for scenario in scenarios], found.runs, found.differences, found.folder, place,
        scenarios, found.notices, names,
    )  # fmt: skip
