"""The evaluation lab: what each way of looking would have reported."""

import sys
from typing import Annotated

import typer

from experiments.commands.manners import console, needs, progress, refusals, tell_failures
from experiments.commands.settings import Debug, Out, Quiet, Scheduler, Seed, Workers
from experiments.plan import Plan

#: The tables of the terminal as one file, with their intervals.
REPORTED, FALLEN = "reported.csv", "falls_reported.csv"


def evaluate(
    file: Annotated[str, typer.Argument(help="A shipped evaluation's name, or the path of a file.")],
    worlds: Annotated[
        int | None,
        typer.Option(min=2, max=100_000, help="Places lived through with each effect; what the file says."),
    ] = None,
    seed: Seed = 1,
    workers: Workers = None,
    scheduler: Scheduler = "",
    out: Out = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Tell what each way of evaluating a partnership would have reported, where its effect is known.

    What is there already is not run again.
    """
    with refusals(debug, keeps=True):
        needs("iom evaluate", "evaluate", "rdrobust", "sklearn", "statsmodels")
        from experiments.evaluating import picture
        from experiments.evaluating.lab import FALLS, TABLE
        from experiments.evaluating.lab import evaluate as conduct
        from experiments.evaluating.words import fall, fallen, left_out, reported, sentences, tables
        from experiments.files import write_bytes

        plan = Plan(seed=seed, workers=workers, scheduler=scheduler)
        with progress(quiet) as listener:
            found = conduct(
                file, worlds=worlds, plan=plan, out=out, progress=listener, command=["iom", *sys.argv[1:]]
            )
        files = [TABLE, FALLS, "manifest.json"]
        if len(found.table):
            for name, texts in ((REPORTED, reported(found.table)), (FALLEN, fallen(found.falls))):
                write_bytes(found.folder / name, texts.to_csv(index=False).encode())
                files.append(name)
            files.append(picture.draw(found.table, found.folder / picture.NAME).name)
            if len(found.falls):
                files.append(picture.draw_falls(found.falls, found.folder / picture.FALLS_NAME).name)
        if not quiet and len(found.table):
            screen = console()
            for table in tables(found.table):
                screen.print(table, end="\n\n")
            for text in [
                *sentences(found.table),
                *left_out(found.table, found.file.says.designs),
                *fall(found.falls),
                *(f"Note: {notice}" for notice in found.notices),
            ]:
                screen.print(f"- {text}", markup=False)
        typer.echo(f"\nFiles in {found.folder}: {', '.join(files)}")
        tell_failures(found.failed)
