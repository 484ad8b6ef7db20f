"""How commands behave: exit codes, refusals in words, progress, and what failed."""

import errno
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from experiments.progress import Progress, Standing

DONE, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130
MOST_FAILURES_LISTED = 20
#: Seconds between lines where there is no terminal.
SECONDS_A_LINE = 5


@contextmanager
def refusals(debug: bool, *, keeps: bool = False) -> Iterator[None]:
    """Turn what the user did wrong into messages and exit codes; show no traceback unless asked.

    Parameters
    ----------
    debug
        Whether tracebacks are asked for.
    keeps
        Whether the command keeps what it has finished, and goes on from there.
    """
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
        more = "; what is finished is kept, and the same command goes on from there" if keeps else ""
        typer.echo(f"interrupted{more}", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        from experiments.deciding.quantity import MissingRowsError
        from experiments.files import StoreError
        from experiments.manifest import TraceError
        from experiments.runner import WorkersError

        if debug:
            traceback.print_exc()
        known = isinstance(error, MissingRowsError | StoreError | WorkersError | TraceError | OSError)
        typer.echo(
            _in_words(error) if known else f"{type(error).__name__}: {error} (--debug shows where)", err=True
        )
        raise typer.Exit(WRONG if known and not isinstance(error, MissingRowsError) else FAILED) from None


def _in_words(error: Exception) -> str:
    """Return what is wrong; of a file that the system refuses, which and what to do."""
    if not isinstance(error, OSError) or error.filename is None or not error.strerror:
        return str(error)
    refused = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
    what = "; expected a place that you may read and write" if refused else ""
    return f"{error.filename}: {error.strerror.lower()}{what}"


@contextmanager
def progress(quiet: bool) -> "Iterator[Progress | None]":
    """Yield a bar on a terminal, plain lines elsewhere, or nothing."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        with Progress(BarColumn(), TextColumn("{task.description}"), console=Console(stderr=True)) as bar:
            task = bar.add_task("", total=None)
            yield lambda now: bar.update(task, completed=now.done, total=now.wanted, description=_told(now))
    else:
        told: list[Standing] = []

        def line(now: "Standing") -> None:
            first = not told or told[-1].wanted != now.wanted
            if first or now.done == now.wanted or now.seconds - told[-1].seconds >= SECONDS_A_LINE:
                told.append(now)
                typer.echo(_told(now), err=True)

        yield line


def _told(now: "Standing") -> str:
    """Return how a study stands; after its last run there is a while of silence."""
    return f"{now}; what they come to is reckoned" if now.done == now.wanted else str(now)


def outcomes(named: Sequence[str] | None) -> tuple[str, ...]:
    """Return the outcomes that a precision is about.

    Raises
    ------
    typer.Exit
        If there is no such outcome.
    """
    from experiments.plan import MAIN_OUTCOME
    from scenarios.tree import did_you_mean
    from simulation import OUTCOMES

    unknown = [name for name in named or () if name not in OUTCOMES]
    for name in unknown:
        typer.echo(
            f"--outcome {name}: there is no outcome of this name; {did_you_mean(name, list(OUTCOMES))}",
            err=True,
        )
    if unknown:
        raise typer.Exit(WRONG)
    return tuple(named or (MAIN_OUTCOME,))


def tell_failures(failed: "pd.DataFrame") -> None:
    """List runs that failed, and leave with their exit code if there are any.

    Raises
    ------
    typer.Exit
        If there are.
    """
    for _, row in failed[:MOST_FAILURES_LISTED].iterrows():
        last = str(row["error"]).strip().splitlines()[-1]
        typer.echo(f"failed: {row['scenario']}, replication {row['replication']}: {last}", err=True)
    if len(failed) > MOST_FAILURES_LISTED:
        more = len(failed) - MOST_FAILURES_LISTED
        typer.echo(f"failed: {more:,} more; their errors stand in runs.parquet", err=True)
    if len(failed):
        raise typer.Exit(FAILED)


def console(width: int = 80) -> "Console":
    """Return where tables are printed: as wide as the terminal or, without one, so many columns."""
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else width)


def needs(what: str, extra: str, *modules: str) -> None:
    """Leave if a command, or an option of one, lacks modules that an extra of this package brings.

    Raises
    ------
    typer.Exit
        If it does.
    """
    lacking = [module for module in modules if find_spec(module) is None]
    if lacking:
        typer.echo(f"{what} needs {', '.join(lacking)}; expected: pip install 'iom-sim[{extra}]'", err=True)
        raise typer.Exit(WRONG)


def needs_openpyxl() -> None:
    """Leave if a workbook cannot be written."""
    needs("--excel", "excel", "openpyxl")
