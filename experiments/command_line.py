"""The command ``iom``."""

import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.workshop.commands import register

if TYPE_CHECKING:
    from experiments.study import Progress, Study

DONE, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    help="Simulate Integrated Offender Management: who to carry, and how to sit together.",
)  # fmt: skip

Site = Annotated[str, typer.Argument(help="A shipped site's name, or the path of a site file.")]
Replications = Annotated[
    int, typer.Option(min=1, max=100_000, help="Replications; the same luck in every scenario.")
]
Precision = Annotated[
    float | None,
    typer.Option(min=1e-6, max=10, help="Add replications until differences in offences are this precise."),
]
Budget = Annotated[int, typer.Option(min=1, max=100_000, help="Replications at most with --precision.")]
Years = Annotated[float, typer.Option(min=0.1, max=20, help="Years measured from the decision date.")]
Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="The study's seed.")]
Workers = Annotated[int | None, typer.Option(min=1, max=1024, help="Processes; by default one a core.")]
Out = Annotated[Path | None, typer.Option(help="Folder for results; the same study in it is resumed.")]
Events = Annotated[bool, typer.Option("--events", help="Keep the event log.")]
Excel = Annotated[bool, typer.Option("--excel", help="Write the tables as a workbook too.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but where the files are.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]


@app.command()
def run(
    site: Site,
    option: Annotated[str, typer.Argument(help="An option; a+b combines two.")] = "",
    replications: Replications = 20,
    precision: Precision = None,
    budget: Budget = 200,
    years: Years = 2.0,
    seed: Seed = 1,
    workers: Workers = None,
    out: Out = None,
    events: Events = False,
    excel: Excel = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Run one scenario against the same place without IOM."""
    _study(
        "run", site, [option], replications, precision, budget, years, seed, workers, out, events, excel,
        quiet, debug,
    )  # fmt: skip


@app.command()
def compare(
    site: Site,
    option: Annotated[list[str], typer.Argument(help="Options to compare; a+b combines two.")],
    replications: Replications = 20,
    precision: Precision = None,
    budget: Budget = 200,
    years: Years = 2.0,
    seed: Seed = 1,
    workers: Workers = None,
    out: Out = None,
    events: Events = False,
    excel: Excel = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Compare options with the site as it is, person by person."""
    _study(
        "compare", site, option, replications, precision, budget, years, seed, workers, out, events, excel,
        quiet, debug,
    )  # fmt: skip


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
    file: Annotated[list[Path], typer.Argument(help="Scenario files.")],
    site: Annotated[str | None, typer.Option(help="The site that options are checked against.")] = None,
    debug: Debug = False,
) -> None:
    """Tell every error in files at once."""
    with refusals(debug):
        from scenarios import check as problems_in

        problems = problems_in(file, site)
        for problem in problems:
            typer.echo(str(problem), err=True)
        if problems:
            raise typer.Exit(WRONG)
        typer.echo(f"{len(file)} file{'s' if len(file) > 1 else ''} without errors")


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
    kind: Annotated[str, typer.Argument(help="site or option; without it, where the schemas are.")] = "",
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
    name: str, site: str, options: list[str], replications: int, precision: float | None, budget: int,
    years: float, seed: int, workers: int | None, out: Path | None, events: bool, excel: bool,
    quiet: bool, debug: bool,
) -> None:  # fmt: skip
    with refusals(debug):
        if excel:
            _needs_openpyxl()
        from experiments import study as room

        conduct = room.run if name == "run" else room.compare
        plan = room.Plan(replications, precision, max(budget, replications), years, seed, workers, events)
        with _progress(quiet) as progress:
            command = ["iom", *sys.argv[1:]]
            study = conduct(site, *_joined(options), plan=plan, out=out, progress=progress, command=command)
        _show(study, quiet=quiet, excel=excel, events=events)
        if len(study.failed):
            raise typer.Exit(FAILED)


@contextmanager
def refusals(debug: bool) -> Iterator[None]:
    """Turn what the user did wrong into messages and exit codes; show no traceback unless asked."""
    from scenarios import ScenarioError

    try:
        yield
    except typer.Exit:
        raise
    except ScenarioError as error:
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(WRONG) from None
    except KeyboardInterrupt:
        typer.echo("interrupted; what is finished is kept, and the same command goes on from there", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        from experiments.store import ForeignStudyError
        from experiments.trace import TraceError

        if debug:
            traceback.print_exc()
        known = isinstance(error, ForeignStudyError | TraceError | OSError)
        typer.echo(
            f"{error}" if known else f"{type(error).__name__}: {error} (--debug shows where)", err=True
        )
        raise typer.Exit(WRONG if known else FAILED) from None


@contextmanager
def _progress(quiet: bool) -> "Iterator[Progress | None]":
    """Yield a bar on a terminal, plain lines elsewhere, or nothing."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("replications", total=None)
            yield lambda done, wanted: bar.update(task, completed=done, total=wanted)
    else:
        said = [-1]

        def line(done: int, wanted: int) -> None:
            tenth = 10 * done // max(wanted, 1)
            if tenth != said[0]:
                said[0] = tenth
                typer.echo(f"{done} of {wanted} replications", err=True)

        yield line


def _show(study: "Study", *, quiet: bool, excel: bool, events: bool) -> None:
    from experiments import report
    from experiments.picture import draw
    from experiments.words import sentences, tables

    done = study.runs[study.runs["status"] == "done"]
    files = ["manifest.json", "runs.parquet", "differences.csv", "weekly.parquet"]
    files += ["events.parquet"] if events else []
    if len(done):
        draw(study.weekly, study.scenarios, study.folder / "run.png", study.band_names)
        files.append("run.png")
    files.append(report.write(study).name)
    if excel:
        _workbook(study)
        files.append("results.xlsx")
    if not quiet and len(done):
        from rich.console import Console

        console = Console(highlight=False, width=None if sys.stdout.isatty() else 80)
        for table in tables(study.runs, study.differences, study.scenarios):
            console.print(table)
        for text in sentences(study.runs, study.differences, study.scenarios):
            console.print(f"- {text}")
        for notice in study.notices:
            console.print(f"- Note: {notice}")
    for _, row in study.failed.iterrows():
        last = str(row["error"]).strip().splitlines()[-1]
        typer.echo(f"failed: {row['scenario']}, replication {row['replication']}: {last}", err=True)
    typer.echo(f"\nFiles in {study.folder}: {', '.join(files)}")


def _joined(options: list[str]) -> list[str]:
    """Return options with those joined that were written with spaces around the plus."""
    joined: list[str] = []
    for option in options:
        if joined and (option.startswith("+") or joined[-1].endswith("+")):
            joined[-1] += option
        else:
            joined.append(option)
    return joined


def _needs_openpyxl() -> None:
    from importlib.util import find_spec

    if find_spec("openpyxl") is None:
        typer.echo("--excel needs openpyxl; expected: pip install 'iom-sim[excel]'", err=True)
        raise typer.Exit(WRONG)


def _workbook(study: "Study") -> None:
    import pandas as pd

    with pd.ExcelWriter(study.folder / "results.xlsx") as book:
        study.differences.to_excel(book, sheet_name="differences", index=False)
        study.runs.to_excel(book, sheet_name="runs", index=False)


register(app)


def main() -> None:
    """Run the command line; a batch system's end of time is an interruption like Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    app()
