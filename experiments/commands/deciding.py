"""What decides: sensitivity of a study, and discovery in the results of one."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from experiments.commands.manners import console, needs, outcomes, progress, refusals, tell_failures
from experiments.commands.settings import (
    Debug,
    Extend,
    FilesReplications,
    FilesYears,
    Out,
    Quiet,
    Scheduler,
    Seed,
    StudyFile,
    Workers,
)
from experiments.plan import Plan


class Method(StrEnum):
    """How a sensitivity is found."""

    MORRIS = "morris"
    SOBOL = "sobol"


Asked = Annotated[
    list[str] | None,
    typer.Option("--outcome", help="An outcome asked about; can be repeated. Offences averted, net benefit."),
]


def sensitivity(
    study: StudyFile,
    method: Annotated[
        Method, typer.Option(help="morris screens many factors; sobol shares variance out.")
    ] = (Method.MORRIS),
    size: Annotated[
        int | None,
        typer.Option(min=2, max=2000, help="Trajectories of morris (10), or base points of sobol (64)."),
    ] = None,
    factor: Annotated[
        list[str] | None, typer.Option(help="A factor to keep; can be repeated. All without it.")
    ] = None,
    outcome: Asked = None,
    extend: Extend = None,
    replications: FilesReplications = None,
    years: FilesYears = None,
    seed: Seed = 1,
    workers: Workers = None,
    scheduler: Scheduler = "",
    out: Out = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Tell which factors of a study decide outcomes, and differences between options."""
    with refusals(debug, keeps=True):
        from experiments.deciding import sensitivity as find
        from experiments.deciding.picture import NAME, draw
        from experiments.deciding.quantity import USUAL
        from experiments.deciding.sensitivity import CHANCE, TABLE
        from experiments.deciding.words import sentences, tables

        named = outcomes(outcome) if outcome else USUAL
        plan = Plan(replications, years=years, seed=seed, workers=workers, scheduler=scheduler)
        with progress(quiet) as listener:
            found = find(
                study, method=method.value, size=size, only=factor or (), outcomes=named,
                extend=extend or 0, plan=plan, out=out, progress=listener, command=["iom", *sys.argv[1:]],
            )  # fmt: skip
        folder = found.study.folder
        draw(found, folder / NAME)
        if not quiet:
            screen = console()
            for table in tables(found):
                screen.print(table, end="\n\n")
            for text in [*sentences(found), *(f"Note: {notice}" for notice in found.study.notices)]:
                screen.print(f"- {text}", markup=False, soft_wrap=text.startswith("Next: "))
        typer.echo(f"\nFiles in {folder}: {TABLE}, {CHANCE}, {NAME}, runs.parquet, manifest.json")
        tell_failures(found.study.failed)


def discover(
    results: Annotated[Path, typer.Argument(help="The folder of a sweep over what is uncertain.")],
    option: Annotated[str, typer.Option(help="The option asked about; the study's last without it.")] = "",
    reference: Annotated[str, typer.Option(help="Another option to subtract.")] = "",
    outcome: Annotated[str, typer.Option(help="The outcome asked about.")] = "net_benefit_gbp",
    threshold: Annotated[float, typer.Option(help="What it falls short of.")] = 0.0,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Tell under which conditions an option fails to break even, and what knowing more would be worth."""
    with refusals(debug):
        needs("iom discover", "discover", "sklearn")
        outcomes([outcome])
        from experiments.deciding import discover as find
        from experiments.deciding.discovery import files
        from experiments.deciding.discovery_picture import NAME, TREE, draw
        from experiments.deciding.discovery_words import falls_short, sentences, tables
        from experiments.deciding.tree import draw as draw_tree

        found = find(results, outcome=outcome, option=option, reference=reference, threshold=threshold)
        pictures = [draw(found, results / NAME).name]
        if found.tree is not None:
            pictures.append(draw_tree(found.tree, results / TREE, falls_short(found), "does not").name)
        if not quiet:
            screen = console()
            for text in sentences(found):
                screen.print(f"- {text}", markup=False)
            screen.print()
            for table in tables(found):
                screen.print(table, end="\n\n")
        typer.echo(f"\nFiles in {results}: {', '.join([*files(found), *pictures])}")
