"""Sensitivity: a study's factors moved by design, and which of them decide."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from experiments.deciding.chance import Spread, spread
from experiments.deciding.indices import independent, morris, sobol
from experiments.deciding.quantity import USUAL, Quantity, quantities
from experiments.files import write_bytes
from experiments.plan import Plan
from experiments.progress import Progress
from experiments.study import Study, sweep
from experiments.task import Simulate
from scenarios import Problem, ScenarioError, StudyFile, load_study
from scenarios.design import Name
from scenarios.study_file import MOST_SCENARIOS
from scenarios.tree import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

Method = Literal["morris", "sobol"]
DESIGNS: dict[Method, Name] = {"morris": "morris", "sobol": "saltelli"}
#: Trajectories of Morris, and base points of Sobol, where nothing is said.
SIZES: dict[Method, int] = {"morris": 10, "sobol": 64}
TABLE, CHANCE = "sensitivity.csv", "chance.csv"


@dataclass
class Sensitivity:
    """What decides, quantity by quantity.

    Attributes
    ----------
    study
        The runs it was found from.
    indices
        By quantity, a row a factor.
    spreads
        By quantity, where its variance comes from.
    """

    study: Study
    method: Method
    indices: "dict[Quantity, pd.DataFrame]"
    spreads: dict[Quantity, Spread]

    @property
    def table(self) -> "pd.DataFrame":
        """Every index, a row a quantity and factor."""
        import pandas as pd

        return pd.concat(
            [_labelled(quantity, rows) for quantity, rows in self.indices.items()], ignore_index=True
        )

    @property
    def chance(self) -> "pd.DataFrame":
        """Where the variance of single runs comes from, a row a quantity."""
        import pandas as pd

        rows = [
            {
                **vars(quantity), "mean": it.mean, "parameters_sd": it.parameters**0.5,
                "shared_luck_sd": it.luck**0.5, "left_sd": it.left**0.5, "chance_share": it.chance_share,
                "replications": it.replications,
            }
            for quantity, it in self.spreads.items()
        ]  # fmt: skip
        return pd.DataFrame(rows)


def sensitivity(
    study: str | StudyFile, *, method: Method = "morris", size: int | None = None, only: Sequence[str] = (),
    outcomes: Sequence[str] = USUAL, extend: int = 0, plan: Plan | None = None, out: Path | str | None = None,
    progress: Progress | None = None, simulate: Simulate | None = None,
    executor: Callable[[int], Executor] | None = None, command: Sequence[str] = (),
) -> Sensitivity:  # fmt: skip
    """Run a study's factors by a design of sensitivity, and return which of them decide.

    Parameters
    ----------
    study
        Name of a shipped study, path of a file, or what is read from one. Its own design is not used, and
        nothing is drawn beside its factors.
    method
        ``morris`` screens many factors with few runs; ``sobol`` tells shares of variance.
    size
        Trajectories of Morris, or base points of Sobol, a power of two.
    only
        Keys of the factors to keep; all without it. The others stay as the site has them.
    outcomes
        What is asked about, of each option and of each option less the first.
    extend, plan, out, progress, simulate, executor, command
        As for :func:`experiments.sweep`.

    Raises
    ------
    scenarios.ScenarioError
        If the study is wrong, or too large for the method.
    MissingRowsError
        If runs failed or have no figure, naming each.
    """
    plan = replace(plan or Plan(), draw="none")
    file = designed(load_study(study) if isinstance(study, str) else study, method, size, only)
    done = sweep(
        file, extend=extend, plan=plan, out=out, progress=progress, simulate=simulate, executor=executor,
        command=command,
    )  # fmt: skip
    return analysed(done, file, method, outcomes, plan.seed)


def designed(file: StudyFile, method: Method, size: int | None, only: Sequence[str]) -> StudyFile:
    """Return a study with a method's design in place of its own.

    Raises
    ------
    scenarios.ScenarioError
        If a factor is unknown, there is only one, or there would be too many scenarios.
    """
    known = [factor.key for factor in file.factors]
    problems = [
        Problem("--factor", 0, 0, key, "is no factor of the study", f"one of {', '.join(known)}",
                did_you_mean(key, known))
        for key in only if key not in known
    ]  # fmt: skip
    factors = tuple(factor for factor in file.factors if not only or factor.key in only)
    size = size or SIZES[method]
    points = size * (len(factors) + (1 if method == "morris" else 2))
    scenarios = points * len(file.options)
    if not problems and len(factors) < 2:
        problems.append(Problem(file.name, 0, 0, "factors", "has one factor", "two or more to tell apart"))
    if method == "sobol" and size & (size - 1):
        problems.append(Problem("--size", 0, 0, "", f"is {size}", "a power of two"))
    if scenarios > MOST_SCENARIOS:
        most = f"at most {MOST_SCENARIOS:,}: a smaller --size, fewer options, or --factor for some alone"
        problems.append(Problem("--size", 0, 0, "", f"makes {scenarios:,} scenarios", most))
    if problems:
        raise ScenarioError(problems)
    return replace(file, name=f"{file.name}-{method}", factors=factors, design=DESIGNS[method], points=points)


def analysed(
    study: Study, file: StudyFile, method: Method, outcomes: Sequence[str], seed: int
) -> Sensitivity:
    """Return what decides in runs of a study, and write both tables beside them."""
    keys = [factor.key for factor in file.factors]
    indices: dict[Quantity, pd.DataFrame] = {}
    spreads: dict[Quantity, Spread] = {}
    for quantity in quantities(list(file.options), outcomes):
        values = quantity.of(study.runs)
        indices[quantity] = (morris if method == "morris" else sobol)(values, keys, seed)
        spreads[quantity] = spread(independent(values, file.design, len(keys)))
    found = Sensitivity(study, method, indices, spreads)
    for name, rows in ((TABLE, found.table), (CHANCE, found.chance)):
        write_bytes(study.folder / name, rows.to_csv(index=False, float_format="%.6g").encode())
    return found


def _labelled(quantity: Quantity, rows: "pd.DataFrame") -> "pd.DataFrame":
    return rows.assign(**vars(quantity))[["outcome", "option", "reference", *rows.columns]]
