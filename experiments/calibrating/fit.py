"""The fit: a bank filled, an emulator taught, a posterior drawn and written."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from calibration.bank import BEYOND, DONE, NEAR, PRIOR, ROUND
from calibration.checks import given_published
from calibration.emulator import Emulator, learn
from calibration.figures import FIGURES, discrepancy, observed, on_scale
from calibration.inference import Drawn, Inference
from calibration.local_mix import Floats
from calibration.posterior import Made, draws_table
from calibration.published import SITES
from calibration.unknowns import Unknowns
from experiments.calibrating.bank_folder import BankFolder
from experiments.files import StoreError, write, writing
from experiments.identity import digest
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
#: The worst R-hat at which a sampler counts as converged (Vehtari and others 2021 ask for 1.01).
CONVERGED = 1.05
NOT_CONVERGED = "the sampler has not converged: do not use these draws; more rows or rounds may help"


@dataclass(frozen=True)
class Fit:
    """What a fit to rows of a bank came to."""

    rows: Mapping[str, int]
    bank: "pd.DataFrame"
    emulator: Emulator
    drawn: Drawn
    unknowns: Unknowns

    @property
    def made(self) -> Made:
        """How its posterior is made."""
        status, drawn = self.bank["status"], self.drawn
        return Made(
            dict(self.rows), self._digest, int((status == DONE).sum()), int((status == BEYOND).sum()),
            drawn.worst_rhat, drawn.fewest_effective, drawn.diverged, len(drawn.shared),
        )  # fmt: skip

    @property
    def _digest(self) -> str:
        """A hash of the rows' figures and of what is published, to six digits that count."""
        done = self.bank[self.bank["status"] == DONE]
        published = [[observed(site), discrepancy(site)] for site in SITES]
        figures = np.r_[on_scale(done).ravel(), np.ravel(published)]
        return digest([f"{figure:.6g}" for figure in figures])

    @property
    def converged(self) -> bool:
        """Whether the sampler's draws may be used."""
        made = self.made
        return made.worst_rhat <= CONVERGED and made.diverged <= made.sampled / 100

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
    return Fit(wanted, rows, emulator, drawn, unknowns)


def told(fit: Fit) -> list[str]:
    """Return in a few lines how a fit went."""
    made = fit.made
    failed = len(fit.bank) - made.finished - made.beyond
    explained = ", ".join(
        f"{name} {share:.2f}" for name, share in zip(FIGURES, fit.emulator.explained, strict=True)
    )
    return [
        f"{made.finished:,} runs of {len(fit.bank):,}; {made.beyond:,} carried too few or too many people or "
        f"had values that cannot stand together, {failed:,} failed",
        f"the emulator explains of the variance of figures not seen: {explained}",
        f"the sampler's worst R-hat is {made.worst_rhat:.3f}, its fewest independent draws "
        f"{made.fewest_effective:.0f}; {made.diverged:,} of {made.sampled:,} diverged",
        *([] if fit.converged else [NOT_CONVERGED]),
    ]


def calibrate(
    bank: BankFolder, out: Path, *, rows: int = ROWS, workers: int | None = None, rounds: int = ROUNDS,
    scheduler: str = "", progress: Progress | None = None,
) -> tuple[Fit, Path]:  # fmt: skip
    """Fill a bank, fit, add rows where the fit lies and fit again, and write the posterior.

    A posterior whose sampler has not converged is written beside the file asked for, and replaces none.

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

    Returns
    -------
    Fit, Path
        The fit, and the file that was written.

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
        if not bank.has_round(stage, rows):
            fit = fitted(bank, wanted, draws=PLACING)
            bank.keep_round(stage, {site: fit.points(site, rows) for site in SITES})
        wanted[stage] = rows
        bank.fill(wanted, workers=workers, scheduler=scheduler, progress=progress)
    fit = fitted(bank, wanted)
    table = draws_table(fit.drawn, fit.unknowns, SHIPPED, made=fit.made)
    path = out if fit.converged else out.with_name(f"{out.stem}.not-converged{out.suffix}")
    write(path, lambda aside: table.to_parquet(aside, index=False, compression="zstd"))
    return fit, path
