"""The command ``iom``."""

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands import averted, calibration, caseload, deciding, evaluation, money, studies
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
    Out,
    Outcomes,
    Precision,
    Quiet,
    Replications,
    Scheduler,
    Seed,
    Site,
    Workers,
    Years,
)  # fmt: skip
from experiments.plan import Plan
from experiments.workshop.commands import register

if TYPE_CHECKING:
    from experiments.study import Study

app = typer.Typer(
    add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="Simulate Integrated Offender Management: who to carry, and how to sit together.",
)  # fmt: skip


@app.command()
def run(
    site: Site,
    option: Annotated[str, typer.Argument(help="An option; a+b combines two.")] = "",
    replications: Replications = 20,
    precision: Precision = None,
    outcome: Outcomes = None,
    budget: Budget = 200,
    years: Years = 2.0,
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
    """Run one scenario against the same place without IOM."""
    with refusals(debug, keeps=True):
        named = outcomes(outcome)
        plan = Plan(replications, precision, budget, years, seed, workers, events, named, scheduler, draw)
        _study("run", site, [option], plan, out, excel=excel, quiet=quiet)


@app.command()
def compare(
    site: Site,
    option: Annotated[list[str], typer.Argument(help="Options to compare; a+b combines two.")],
    replications: Replications = 20,
    precision: Precision = None,
    outcome: Outcomes = None,
    budget: Budget = 200,
    years: Years = 2.0,
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
    """Compare options with the site as it is, person by person."""
    with refusals(debug, keeps=True):
        named = outcomes(outcome)
        plan = Plan(replications, precision, budget, years, seed, workers, events, named, scheduler, draw)
        _study("compare", site, option, plan, out, excel=excel, quiet=quiet)


app.command()(studies.sweep)
app.command()(deciding.sensitivity)
app.command()(deciding.discover)
app.command()(money.money)
app.command()(averted.averted)
app.command("studies")(studies.listed)
app.command()(calibration.calibrate)
app.command()(calibration.validate)
app.command()(caseload.caseload)
app.command()(evaluation.evaluate)


@app.command()
def trace(
    out: Annotated[Path, typer.Argument(help="The folder of a study.")],
    person: Annotated[int, typer.Argument(help="The person's row.")],
    scenario: Annotated[
        str, typer.Option(help="A scenario of the study; by default the site as it is.")
    ] = "",
    replication: Annotated[int, typer.Option(min=0, help="The replication.")] = 0,
    debug: Debug = False,
) -> None:
    """Tell one person's story, in words and as a picture."""
    with refusals(debug):
        from experiments.trace import draw, story

        told = story(out, person, scenario, replication)
        name = f"trace-{person}-{replication}-{told.title.split(' of ')[1].split(',')[0]}.png"
        typer.echo("\n".join([told.title, *told.lines]))
        typer.echo(f"\nPicture: {draw(told, out / name)}")


@app.command()
def check(
    file: Annotated[list[str], typer.Argument(help="Names of shipped files, or paths; a+b checks two.")],
    site: Annotated[str | None, typer.Option(help="The site whose values options change.")] = None,
    debug: Debug = False,
) -> None:
    """Tell every error in files at once, or what comes of them."""
    with refusals(debug):
        from scenarios.check import answer

        typer.echo(answer(file, site))


@app.command()
def explain(
    site: Site,
    option: Annotated[str, typer.Argument(help="An option; a+b combines two; none for none.")] = "",
    key: Annotated[str, typer.Argument(help="A key, a group, or a part of a key or of a label.")] = "",
    debug: Debug = False,
) -> None:
    """Tell the value, range and source of parameters.

    With an option and no key, tell what the option changes.
    """
    with refusals(debug):
        from scenarios.explain import answer

        typer.echo(answer(site, option, key))


@app.command()
def schema(
    kind: Annotated[
        str, typer.Argument(help="A kind of file, as site or study; without it, where the schemas are.")
    ] = "",
    debug: Debug = False,
) -> None:
    """Print the JSON Schema of a kind of file, for editors."""
    with refusals(debug):
        from scenarios.schema import printed

        typer.echo(printed(kind))


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The option's name; the file is NAME.yaml.")],
    site: Annotated[str, typer.Option(help="The site whose values the file tells.")],
    debug: Debug = False,
) -> None:
    """Write a commented option file to begin with, in this folder."""
    with refusals(debug):
        from scenarios import starter

        path = starter(name, site)
        typer.echo(f"{path} is written; next: iom check {path} --site {site}")


def _study(
    name: str, site: str, options: list[str], plan: Plan, out: Path | None, *, excel: bool, quiet: bool
) -> None:
    if excel:
        needs_openpyxl()
    from experiments import study as room
    from experiments.hiding import hiding

    conduct = room.run if name == "run" else room.compare
    with progress(quiet) as listener:
        command = ["iom", *sys.argv[1:]]
        study = conduct(site, *_joined(options), plan=plan, out=out, progress=listener, command=command)
    with hiding(study.place.own_caseload):
        _show(study, quiet=quiet, excel=excel, events=plan.events)


def _show(study: "Study", *, quiet: bool, excel: bool, events: bool) -> None:
    from experiments import report
    from experiments.picture import draw
    from experiments.sentences import sentences
    from experiments.words import tables

    done = study.runs[study.runs["status"] == "done"]
    files = ["manifest.json", "runs.parquet", "differences.csv", "weekly.parquet"]
    files += ["events.parquet"] if events else []
    if len(done):
        draw(study.weekly, study.scenarios, study.folder / "run.png", study.band_names)
        files.append("run.png")
    files.append(report.write(study, excel=excel).name)
    files += [report.WORKBOOK] if excel else []
    if not quiet and len(done):
        screen = console()
        for table in tables(study.runs, study.differences, study.scenarios):
            screen.print(table, end="\n\n")
        for text in sentences(study.runs, study.differences, study.scenarios):
            screen.print(f"- {text}")
        for notice in study.notices:
            screen.print(f"- Note: {notice}")
    typer.echo(f"\nFiles in {study.folder}: {', '.join(files)}")
    tell_failures(study.failed)


def _joined(options: list[str]) -> list[str]:
    """Return options with those joined that were written with spaces around the plus."""
    joined: list[str] = []
    for option in options:
        if joined and (option.startswith("+") or joined[-1].endswith("+")):
            joined[-1] += option
        else:
            joined.append(option)
    return joined


register(app)


def main() -> None:
    """Run the command line; a batch system's end of time is an interruption like Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    app()
