"""Averted: which way of working averts how many offences."""

import sys
from typing import Annotated

import typer

from experiments.commands.manners import console, progress, refusals
from experiments.commands.settings import (
    Debug,
    Draw,
    Out,
    Quiet,
    Replications,
    Scheduler,
    Seed,
    Site,
    Workers,
    Years,
)


def averted(
    site: Site,
    option: Annotated[str, typer.Argument(help="An option; a+b combines two.")] = "",
    replications: Replications = 20,
    years: Years = 2.0,
    seed: Seed = 1,
    workers: Workers = None,
    scheduler: Scheduler = "",
    draw: Draw = None,
    out: Out = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Tell what averts offences: desistance, disruption, incapacitation; eight runs of each replication."""
    with refusals(debug, keeps=True):
        import numpy as np
        import pandas as pd
        from rich.table import Table

        from experiments.averted import TABLE, split
        from experiments.differences import summarise
        from experiments.files import write_bytes
        from experiments.plan import Plan
        from experiments.words import number

        plan = Plan(
            replications, years=years, seed=seed, workers=workers, scheduler=scheduler, draw=draw
        )  # fmt: skip
        with progress(quiet) as listener:
            found = split(site, option, plan=plan, out=out, progress=listener, command=["iom", *sys.argv[1:]])
        frame = pd.DataFrame(found.parts).assign(draw=found.draws).rename_axis("replication")
        write_bytes(found.folder / TABLE, frame.to_csv(float_format="%.6g").encode())
        if not quiet:
            table = Table(title="Offences averted against no IOM, by what averts them", title_justify="left")
            for heading in ("", "averted", "the average"):
                table.add_column(heading, justify="right" if heading else "left")
            rows = {**found.parts, "together": np.sum(list(found.parts.values()), axis=0)}
            for way, values in rows.items():
                told = summarise(values, found.draws)
                between = f"{number(told.low, '', signed=True)} to {number(told.high, '', signed=True)}"
                table.add_row(way, number(told.mean, "", signed=True), between if told.n > 1 else "one run")
            console().print(table)
        typer.echo(f"\nFiles in {found.folder}: {TABLE}, runs.parquet, manifest.json")
