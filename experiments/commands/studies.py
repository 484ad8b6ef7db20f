"""Studies of many runs: sweep one, and list those there are."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands.manners import (
    console,
    needs_openpyxl,
    outcomes,
    progress,
    refusals,
    tell_failures,
)  # fmt: skip
from experiments.commands.settings import (
    Budget,
    Debug,
    Draw,
    Events,
    Excel,
    Extend,
    FilesReplications,
    FilesYears,
    Out,
    Outcomes,
    Precision,
    Quiet,
    Scheduler,
    Seed,
    StudyFile,
    Workers,
)  # fmt: skip
from experiments.plan import Plan

if TYPE_CHECKING:
    from experiments.study import Study


def sweep(
    study: StudyFile,
    extend: Extend = None,
    replications: FilesReplications = None,
    precision: Precision = None,
    outcome: Outcomes = None,
    budget: Budget = 200,
    years: FilesYears = None,
    seed: Seed = 1,
    workers: Workers = None,
    scheduler: Scheduler = "",
    draw: Draw = None,
    out: Out = None,
    events: Events = False,
    excel: Excel = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Run a study: every option at every point of its factors.

    What is there already is not run again.
    """
    with refusals(debug, keeps=True):
        if excel:
            needs_openpyxl()
        from experiments.hiding import hiding
        from experiments.study import sweep as conduct

        named = outcomes(outcome)
        plan = Plan(replications, precision, budget, years, seed, workers, events, named, scheduler, draw)
        with progress(quiet) as listener:
            command = ["iom", *sys.argv[1:]]
            found = conduct(study, extend=extend or 0, plan=plan, out=out, progress=listener, command=command)
        with hiding(found.place.own_caseload):
            _show(found, quiet=quiet, excel=excel, events=events)


def listed(
    folder: Annotated[Path, typer.Argument(help="Where results are.")] = Path("results"),
    debug: Debug = False,
) -> None:
    """List the studies that are shipped, and those in a folder with how far they are."""
    with refusals(debug):
        from experiments.listing import kept, shipped

        typer.echo("Shipped:")
        for line in shipped():
            typer.echo(f"  {line}")
        there = kept(folder)
        typer.echo(f"\nIn {folder}:" if there else f"\nNone in {folder} yet.")
        for study in there:
            typer.echo(f"  {study}")


def _show(study: "Study", *, quiet: bool, excel: bool, events: bool) -> None:
    from experiments.curve import draw
    from experiments.files import write_bytes
    from experiments.study_words import figures, sentences, table

    files = ["manifest.json", "runs.parquet", "differences.csv", "weekly.parquet"]
    files += ["events.parquet"] if events else []
    some = (study.runs["status"] == "done").any()
    if some:
        files.append(draw(study, study.folder / "curve.png").name)
        write_bytes(study.folder / "curve.csv", figures(study).to_csv(index=False).encode())
        files.append("curve.csv")
    if excel:
        files.append(_workbook(study))
    if not quiet and some:
        screen = console()
        screen.print(table(study))
        for text in [*sentences(study), *(f"Note: {notice}" for notice in study.notices)]:
            screen.print(f"- {text}", markup=False)
    typer.echo(f"\nFiles in {study.folder}: {', '.join(files)}")
    tell_failures(study.failed)


def _workbook(study: "Study") -> str:
    """Write a sweep's tables as a workbook and return its name."""
    from experiments.files import write_bytes
    from experiments.report.page import WORKBOOK
    from experiments.report.workbook import of_sweep

    write_bytes(study.folder / WORKBOOK, of_sweep(study))
    return WORKBOOK
