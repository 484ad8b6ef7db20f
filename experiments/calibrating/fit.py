"""The fit: a bank filled, an emulator taught, a posterior drawn and written."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from calibration.bank import NEAR, PRIOR, ROUND
from calibration.checks import given_published, split
from calibration.emulator import Emulator, learn
from calibration.figures import FIGURES
from calibration.inference import Drawn, Inference
from calibration.local_mix import Floats
from calibration.posterior import draws_table
from calibration.published import SITES
from calibration.unknowns import Unknowns
from experiments.calibrating.bank_folder import BankFolder
from experiments.files import StoreError, write, writing
from experiments.progress import Progress

if TYPE_CHECKING:
    import pandas as pd

#: Rows of each site: from the prior, and near the site's file.
ROWS = {PRIOR: 2000, NEAR: 2000}
#: How often rows are added where the fit lies.
ROUNDS = 2
#: Draws shipped; more would not narrow what twenty replications can tell.
SHIPPED = 200
#: The sampler's draws and warm-up, each of two chains.
DRAWS, WARM_UP = 1500, 1500
SEED = 1


@dataclass(frozen=True)
class Fit:
    """What a fit came to."""

    bank: "pd.DataFrame"
    emulator: Emulator
    drawn: Drawn
    unknowns: Unknowns

    def points(self, site: str, number: int) -> Floats:
        """Return so many draws of a site on their scales, in any order, shape ``(number, unknowns)``."""
        standard = np.random.default_rng(SEED).permutation(self.drawn.standard(site))[:number]
        return np.asarray(self.unknowns.centre + self.unknowns.spread * standard, dtype=float)


def fitted(bank: BankFolder, *, draws: int = DRAWS, warm_up: int = WARM_UP) -> Fit:
    """Return the fit to what is published, by the rows a bank has.

    Parameters
    ----------
    bank
        The bank; rows that checks hold out are not learned from.
    draws, warm_up
        Of the sampler.

    Raises
    ------
    experiments.files.StoreError
        If the bank has no rows of some site.
    """
    from threadpoolctl import threadpool_limits

    rows = bank.rows()
    finished = set(rows.loc[rows["status"] == "done", "site"])
    lacking = [site for site in SITES if site not in finished]
    if lacking:
        raise StoreError(f"{bank.folder} has no finished runs of {', '.join(lacking)}; expected some")
    unknowns = Unknowns()
    learned, _ = split(rows)
    # Many small products: threads would wait for one another.
    with threadpool_limits(1):
        emulator = learn(learned, unknowns, seed=SEED)
    inference = Inference(emulator, unknowns, draws=draws, warm_up=warm_up)
    drawn = inference.draw({site: given_published(site) for site in SITES}, seed=SEED)
    return Fit(rows, emulator, drawn, unknowns)


def told(fit: Fit) -> list[str]:
    """Return in a few lines how a fit went."""
    done = fit.bank[fit.bank["status"] == "done"]
    explained = ", ".join(
        f"{name} {share:.2f}" for name, share in zip(FIGURES, fit.emulator.explained, strict=True)
    )
    return [
        f"{len(done):,} runs of {len(fit.bank):,}; the others carried too few or too many people",
        f"the emulator explains of the variance of figures not seen: {explained}",
        f"the sampler's worst R-hat is {fit.drawn.worst_rhat:.3f}, its fewest independent draws "
        f"{fit.drawn.fewest_effective:.0f}",
    ]


def calibrate(
    bank: BankFolder, out: Path, *, rows: Mapping[str, int] = ROWS, workers: int | None = None,
    rounds: int = ROUNDS, scheduler: str = "", progress: Progress | None = None,
) -> Fit:  # fmt: skip
    """Fill a bank, fit, add rows where the fit lies and fit again, and write the posterior.

    Parameters
    ----------
    bank
        The bank, which goes on where it stopped.
    out
        The posterior's file.
    rows
        Rows of each site, by stage; a round has as many as the stage near the site.
    rounds
        How often rows are added where the fit lies.
    workers, scheduler, progress
        As for a study.

    Raises
    ------
    experiments.files.StoreError
        If something cannot be written.
    experiments.runner.WorkersError
        If there are no workers.
    """
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    wanted = dict(rows)
    bank.fill(wanted, workers=workers, scheduler=scheduler, progress=progress)
    for number in range(1, rounds + 1):
        stage = f"{ROUND}-{number}"
        if not bank.has_round(stage):
            fit = fitted(bank)
            bank.keep_round(stage, {site: fit.points(site, wanted[NEAR]) for site in SITES})
        wanted[stage] = wanted[NEAR]
        bank.fill(wanted, workers=workers, scheduler=scheduler, progress=progress)
    fit = fitted(bank)
    table = draws_table(fit.drawn, fit.unknowns, SHIPPED)
    write(out, lambda aside: table.to_parquet(aside, index=False, compression="zstd"))
    return fit
