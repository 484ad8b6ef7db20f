"""The fit: a bank filled, an emulator taught, a posterior drawn and written."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from calibration.bank import DONE, NEAR, PRIOR, ROUND
from calibration.checks import given_published
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

#: Rows of each site from the prior, as many near the site's file, and as many a round.
ROWS = 64
#: How often rows are added where the fit lies.
ROUNDS = 3
#: Draws shipped; more would not narrow what twenty replications can tell.
SHIPPED = 200
#: The sampler's draws, and as many to warm up, each of two chains; of a fit that places a round, fewer.
DRAWS, PLACING = 1500, 500
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


def fitted(bank: BankFolder, wanted: Mapping[str, int], *, draws: int = DRAWS) -> Fit:
    """Return the fit to what is published, by rows that a bank has.

    Parameters
    ----------
    bank
        The bank.
    wanted
        Rows of each site, by stage.
    draws
        Of the sampler, and as many to warm up.

    Raises
    ------
    experiments.files.StoreError
        If the bank lacks some of the rows, or none of a site's has finished.
    """
    from threadpoolctl import threadpool_limits

    if lacking := bank.lacks(wanted):
        raise StoreError(
            f"{bank.folder} lacks {lacking:,} of {sum(wanted.values()) * len(SITES):,} rows; "
            "expected the bank that iom calibrate filled"
        )
    rows = bank.rows(wanted)
    finished = set(rows.loc[rows["status"] == DONE, "site"])
    if without := [site for site in SITES if site not in finished]:
        raise StoreError(f"{bank.folder} has no finished runs of {', '.join(without)}; expected some")
    unknowns = Unknowns()
    # Many small products: threads would wait for one another.
    with threadpool_limits(1):
        emulator = learn(rows, unknowns, seed=SEED)
    inference = Inference(emulator, unknowns, draws=draws, warm_up=draws)
    drawn = inference.draw({site: given_published(site) for site in SITES}, seed=SEED)
    return Fit(rows, emulator, drawn, unknowns)


def told(fit: Fit) -> list[str]:
    """Return in a few lines how a fit went."""
    done = fit.bank[fit.bank["status"] == DONE]
    explained = ", ".join(
        f"{name} {share:.2f}" for name, share in zip(FIGURES, fit.emulator.explained, strict=True)
    )
    return [
        f"{len(done):,} runs of {len(fit.bank):,}; the others carried too few or too many people",
        f"the emulator explains of the variance of figures not seen: {explained}",
        f"the sampler's worst R-hat is {fit.drawn.worst_rhat:.3f}, its fewest independent draws "
        f"{fit.drawn.fewest_effective:.0f}; {fit.drawn.diverged:,} of {len(fit.drawn.shared):,} diverged",
    ]


def calibrate(
    bank: BankFolder, out: Path, *, rows: int = ROWS, workers: int | None = None, rounds: int = ROUNDS,
    scheduler: str = "", progress: Progress | None = None,
) -> Fit:  # fmt: skip
    """Fill a bank, fit, add rows where the fit lies and fit again, and write the posterior.

    Parameters
    ----------
    bank
        The bank, which goes on where it stopped.
    out
        The posterior's file.
    rows
        Rows of each site from the prior, as many near its file, and as many a round.
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
    wanted = {PRIOR: rows, NEAR: rows}
    bank.fill(wanted, workers=workers, scheduler=scheduler, progress=progress)
    for number in range(1, rounds + 1):
        stage = f"{ROUND}-{number}"
        if not bank.has_round(stage):
            fit = fitted(bank, wanted, draws=PLACING)
            bank.keep_round(stage, {site: fit.points(site, rows) for site in SITES})
        wanted[stage] = rows
        bank.fill(wanted, workers=workers, scheduler=scheduler, progress=progress)
    fit = fitted(bank, wanted)
    table = draws_table(fit.drawn, fit.unknowns, SHIPPED, made_of=wanted)
    write(out, lambda aside: table.to_parquet(aside, index=False, compression="zstd"))
    return fit
