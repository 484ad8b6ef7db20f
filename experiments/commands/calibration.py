"""The calibration made again, and checked."""

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands.manners import FAILED, needs, progress, refusals
from experiments.commands.settings import Debug, Quiet, Scheduler, Workers

Bank = Annotated[Path, typer.Option(help="Folder of the bank of runs; made, or gone on with.")]


def calibrate(
    rows: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="Rows of each site from the prior, and as many near it.")
    ] = 64,
    rounds: Annotated[
        int, typer.Option(min=0, max=20, help="How often as many rows are added where the fit lies.")
    ] = 3,
    bank: Bank = Path("results/bank"),
    out: Annotated[Path, typer.Option(help="The posterior's file.")] = Path("results/posterior.parquet"),
    workers: Workers = None,
    scheduler: Scheduler = "",
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Fit all sites to what is published, and write draws of what is not known.

    The bank takes some seconds a row and goes on where it stopped; the fit takes minutes.
    """
    with refusals(debug, keeps=True):
        needs("calibration", "calibrate", "numpyro", "sklearn", "scoringrules")
        from experiments.calibrating import fit as room
        from experiments.calibrating.bank_folder import BankFolder

        with progress(quiet) as listener:
            fit, path = room.calibrate(
                BankFolder(bank, seed=room.SEED), out, rows=rows, workers=workers, rounds=rounds,
                scheduler=scheduler, progress=listener,
            )  # fmt: skip
        if not quiet:
            typer.echo("\n".join(room.told(fit)))
        typer.echo(f"\nFile: {path}")
        if not fit.converged:
            typer.echo(f"{room.NOT_CONVERGED}; {out} is as it was", err=True)
            raise typer.Exit(FAILED)


def validate(
    bank: Bank = Path("results/bank"),
    posterior: Annotated[
        Path | None, typer.Option(help="File of draws to check; without it those that ship.")
    ] = None,
    runs: Annotated[int, typer.Option(min=2, max=10_000, help="Runs of each site under draws.")] = 60,
    truths: Annotated[
        int, typer.Option(min=8, max=10_000, help="Runs of each site from the prior, to be found again.")
    ] = 16,
    out: Annotated[Path, typer.Option(help="Folder for the tables and pictures.")] = Path(
        "results/validation"
    ),
    workers: Workers = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Check a posterior by what it was fitted to, what it was not, and known truths.

    It needs the bank that the posterior came from, and takes most of an hour on two cores.
    """
    with refusals(debug):
        needs("calibration", "calibrate", "numpyro", "sklearn", "scoringrules")
        from calibration.posterior import read_posterior, shipped_posterior
        from experiments.calibrating import validate as room
        from experiments.calibrating.bank_folder import BankFolder
        from experiments.calibrating.fit import SEED
        from experiments.calibrating.picture import draw
        from experiments.files import StoreError

        checked = read_posterior(posterior) if posterior else shipped_posterior()
        if checked is None:
            raise StoreError(
                "no posterior ships; expected --posterior with the file that iom calibrate wrote"
            )
        with progress(quiet) as listener:
            tables = room.validate(
                BankFolder(bank, seed=SEED), out, posterior=checked, asked=room.Asked(runs, truths),
                workers=workers, progress=listener,
            )  # fmt: skip
        pictures = draw(tables, out)
        if not quiet:
            rows = tables["summary"].itertuples(index=False)
            typer.echo("\n".join(f"{row.check}: {row.found}" for row in rows))
        files = [*(f"calibration_{name}.csv" for name in tables), *(path.name for path in pictures)]
        typer.echo(f"\nFiles in {out}: {', '.join(files)}")
