"""Validation: all that a calibration can be checked by, as tables, failures included."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import norm

from calibration.bank import DONE, HELD
from calibration.checks import (
    BINS,
    Method,
    Uniform,
    by_emulator,
    conflict,
    leave_one_out,
    moved,
    ranks,
    tenths,
    uniformity,
    unseen,
)
from calibration.figures import FIGURES
from calibration.inference import Given, Inference
from calibration.local_mix import Floats
from calibration.posterior import Posterior
from calibration.predictive import PredictiveJob, matches, quick_exits, table
from calibration.published import SITES
from calibration.regression import Regression
from calibration.tables import as_csv
from experiments.calibrating.bank_folder import BankFolder
from experiments.calibrating.fit import SEED, Fit, fitted
from experiments.calibrating.summary import EXPECTED, UNKNOWNS, summary
from experiments.files import StoreError, write_bytes, writing
from experiments.progress import Meter, Progress
from experiments.runner import default_workers, run_tasks
from experiments.task import Task
from scenarios.tree import about, declared_at
from simulation import Parameters

if TYPE_CHECKING:
    import pandas as pd

#: Runs of each site under draws, and from the prior to rank truths in; draws of each of the latter, and of
#: every fit without a site.
RUNS, TRUTHS, RANK_DRAWS, HELD_DRAWS = 60, 16, 300, 600
RUNS_A_TASK = 6


@dataclass(frozen=True)
class Asked:
    """How much is asked of a validation."""

    runs: int = RUNS
    truths: int = TRUTHS
    rank_draws: int = RANK_DRAWS
    held_draws: int = HELD_DRAWS


def validate(
    bank: BankFolder, out: Path, *, posterior: Posterior, asked: Asked | None = None,
    workers: int | None = None, progress: Progress | None = None,
) -> dict[str, "pd.DataFrame"]:  # fmt: skip
    """Check a posterior and the way to it, and write the tables.

    Parameters
    ----------
    bank
        The bank that the posterior came from.
    out
        Folder of the tables.
    posterior
        What is checked.
    asked
        How much.
    workers, progress
        As for a study.

    Returns
    -------
    dict
        Tables by name, last what they come to, as written to ``calibration_<name>.csv``.

    Raises
    ------
    experiments.files.StoreError
        If the bank is not the one that the posterior came from, or nothing can be written.
    experiments.runner.WorkersError
        If there are no workers.
    """
    asked = asked or Asked()
    # Before the first run, as half an hour later would be too late.
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    if not posterior.made.rows or bank.lacks(posterior.made.rows):
        raise StoreError(f"{bank.folder} lacks rows that the posterior was made of; expected its bank")
    fit = fitted(bank, posterior.made.rows)
    if fit.made.of != posterior.made.of:
        raise StoreError(
            f"the posterior was made of other rows than those of {bank.folder}, or with other discrepancies; "
            "expected the bank and the figures that it was made of"
        )
    forecast = foreseen_by_runs(posterior, asked.runs, scratch=out, workers=workers, progress=progress)
    bank.fill({HELD: asked.truths}, workers=workers, progress=progress)
    held = bank.rows({HELD: asked.truths})
    held = held[held["status"] == DONE]
    tables = {
        "matches": matches(forecast),
        "quick_exits": quick_exits(forecast),
        "held_out": held_out(fit, asked),
        "ranks": ranked(fit, held, asked),
        **moved_by_data(fit),
        "effects": effects(fit),
        "conflict": surprises(fit),
        "emulator": emulated(fit, held),
    }
    # Last, as it says which posterior the others are of.
    tables["summary"] = summary(tables, posterior)
    for name, found in tables.items():
        write_frame(found, out / f"calibration_{name}.csv")
    return tables


def foreseen_by_runs(
    posterior: Posterior, runs: int, *, scratch: Path, workers: int | None, progress: Progress | None
) -> "pd.DataFrame":
    """Return the census of every site under the first so many draws, one run each."""
    job = PredictiveJob.of(SITES, posterior)
    names = [f"{site}/{number:06d}" for number in range(runs) for site in SITES]
    tasks = [
        Task(begin, tuple(names[begin : begin + RUNS_A_TASK])) for begin in range(0, len(names), RUNS_A_TASK)
    ]
    meter = Meter(0, len(names), progress)
    found = []
    for _, results in run_tasks(job, tasks, workers=workers or default_workers(len(tasks)), scratch=scratch):
        found += results
        meter.count(len(results), sum(bool(result.error) for result in results))
    failed = [result for result in found if result.error]
    if failed:
        raise StoreError(f"{len(failed)} of {len(found)} runs failed; the first: {failed[0].error}")
    return table(found)


def held_out(fit: Fit, asked: Asked) -> "pd.DataFrame":
    """Return every site as the others foresee it."""
    import pandas as pd

    inference = Inference(fit.emulator, fit.unknowns, draws=asked.held_draws, warm_up=asked.held_draws)
    rows = leave_one_out(inference, tuple(SITES), seed=SEED)
    return pd.DataFrame(
        [
            {**one._asdict(), "inside": _yes(one.inside), "better": _yes(one.crps < one.naive_crps)}
            for one in rows
        ]
    )


def ranked(fit: Fit, held: "pd.DataFrame", asked: Asked) -> "pd.DataFrame":
    """Return, by method, whether truths of rows held out have uniform ranks, and how many lie in each tenth.

    Unknowns and expected figures are told of together first, then one by one. Ranks of one data set hang
    together, so that only single ones have a test.
    """
    import pandas as pd

    regression = Regression(fit.bank, fit.unknowns)

    def by_regression(given: Given, site: str, seed: int) -> Floats:
        drawn, weights = regression.draw(given, site, seed=seed)
        return drawn[np.random.default_rng(seed).choice(len(drawn), asked.rank_draws, p=weights)]

    emulated = by_emulator(fit.emulator, fit.unknowns, draws=asked.rank_draws, warm_up=asked.rank_draws)
    methods: dict[str, Method] = {"emulated likelihood": emulated, "regression ABC": by_regression}
    names = (*fit.unknowns.names, *(f"expected {figure}" for figure in FIGURES))
    rows = []
    for method, run in methods.items():
        found = ranks(run, held, fit.unknowns, fit.emulator, seed=SEED)
        number = len(fit.unknowns)
        together = {UNKNOWNS: found[:, :number], EXPECTED: found[:, number:]}
        rows += [(method, name, len(found), *uniformity(of), *tenths(of)) for name, of in together.items()]
        rows += [
            (method, name, len(found), *uniformity(column), *tenths(column))
            for name, column in zip(names, found.T, strict=True)
        ]
    bins = [f"tenth_{place + 1}" for place in range(BINS)]
    return pd.DataFrame(rows, columns=["method", "quantity", "datasets", *Uniform._fields, *bins])


def moved_by_data(fit: Fit) -> dict[str, "pd.DataFrame"]:
    """Return what the data moved in spreads of the prior, what they moved most first: shared, and local."""
    import pandas as pd

    found = pd.DataFrame(moved(fit.drawn, fit.unknowns)).sort_values(
        "width", kind="stable", ignore_index=True
    )
    shared = found["site"] == ""
    return {
        "moved_shared": found[shared].drop(columns="site").reset_index(drop=True),
        "moved_local": found[~shared].reset_index(drop=True),
    }


def effects(fit: Fit) -> "pd.DataFrame":
    """Return every effect before and after the data: the middle, and nine cases of ten."""
    import pandas as pd

    rows = []
    for place, one in enumerate(fit.unknowns.shared):
        said = about(declared_at(Parameters, one.key))
        if "neutral" not in said:
            continue
        prior = one.value(np.asarray(norm.ppf([0.05, 0.5, 0.95], one.centre, one.spread)))
        quantiles = np.asarray(np.quantile(fit.drawn.shared[:, place], [0.05, 0.5, 0.95]))
        after = one.value(one.centre + one.spread * quantiles)
        rows.append((one.key, said["unit"], float(said["neutral"]), *map(float, [*prior, *after])))
    parts = [f"{when}_{part}" for when in ("prior", "posterior") for part in ("low", "middle", "high")]
    return pd.DataFrame(rows, columns=["unknown", "unit", "neutral", *parts])


def surprises(fit: Fit) -> "pd.DataFrame":
    """Return how surprising each published figure is under the prior."""
    import pandas as pd

    found = conflict(fit.emulator, fit.unknowns, tuple(SITES), seed=SEED)
    return pd.DataFrame(
        [(site, figure, share) for (site, figure), share in found.items()],
        columns=["site", "figure", "tail"],
    )


def emulated(fit: Fit, held: "pd.DataFrame") -> "pd.DataFrame":
    """Return how the emulator does at rows of the prior that it has not seen."""
    import pandas as pd

    return pd.DataFrame(unseen(fit.emulator, held, fit.unknowns))


def write_frame(found: "pd.DataFrame", path: Path) -> None:
    """Write a table for the documentation: four figures that count are enough."""

    def written(value: Any) -> str:
        if isinstance(value, float):
            return "" if np.isnan(value) else f"{value:.4g}"
        return str(value)

    rows = ([written(value) for value in row] for row in found.itertuples(index=False))
    write_bytes(path, as_csv([list(found.columns), *rows]).encode())


def _yes(value: bool) -> str:
    return "yes" if value else "no"
