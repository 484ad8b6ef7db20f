"""Averted: which way of working averts how many offences."""

import sys
from typing import Annotated

import typer

from experiments.commands.manners import FAILED, progress, refusals
from experiments.commands.settings import Debug, Out, Quiet, Replications, Seed, Site, Workers, Years


def averted(
    site: Site,
    option: Annotated[str, typer.Argument(help="An option; a+b combines two.")] = "",
    replications: Replications = 20,
    years: Years = 2.0,
    seed: Seed = 1,
    workers: Workers = None,
    out: Out = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Tell what averts offences: desistance, disruption, incapacitation; eight runs of each replication."""
    with refusals(debug):
        import numpy as np
        import pandas as pd
        from rich.console import Console
        from rich.table import Table

        from experiments.averted import TABLE, split
        from experiments.deciding import MissingRowsError
        from experiments.differences import summarise
        from experiments.files import write_bytes
        from experiments.plan import Plan
        from experiments.words import number

        plan = Plan(replications, years=years, seed=seed, workers=workers)
        try:
            with progress(quiet) as listener:
                found, folder = split(
                    site, option, plan=plan, out=out, progress=listener, command=["iom", *sys.argv[1:]]
                )
        except MissingRowsError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(FAILED) from None
        frame = pd.DataFrame(found).rename_axis("replication")
        write_bytes(folder / TABLE, frame.to_csv(float_format="%.6g").encode())
        if not quiet:
            table = Table(title="Offences averted against no IOM, by what averts them", title_justify="left")
            for heading in ("", "averted", "the average"):
                table.add_column(heading, justify="right" if heading else "left")
            rows = {**found, "together": np.sum(list(found.values()), axis=0)}
            for way, values in rows.items():
                told = summarise(values)
                between = f"{number(told.low, '', signed=True)} to {number(told.high, '', signed=True)}"
                table.add_row(way, number(told.mean, "", signed=True), between if told.n > 1 else "one run")
            Console(highlight=False, width=None if sys.stdout.isatty() else 80).print(table)
        typer.echo(f"\nFiles in {folder}: {TABLE}, runs.parquet, manifest.json")
