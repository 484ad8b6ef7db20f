"""An area's own caseload made a site file."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands.manners import INTERRUPTED, refusals
from experiments.commands.settings import Debug, Out

if TYPE_CHECKING:
    from calibration.caseload import Caseload, Fitted, Setting

#: How a day is written: as in the caseload, or by the ISO standard.
_DAYS = ["%d/%m/%Y", "%Y-%m-%d"]


def caseload(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="A row for each person carried.")],
    name: Annotated[
        str, typer.Option(help="The site's name; the file is NAME.yaml. By default that of the CSV file.")
    ] = "",
    site: Annotated[
        str, typer.Option(help="The shipped site to extend; by default the one nearest in size.")
    ] = "",
    on: Annotated[
        datetime | None, typer.Option(formats=_DAYS, help="The day of the caseload; by default today.")
    ] = None,
    fit: Annotated[
        bool, typer.Option("--fit", help="Move pool and scores until such people are carried; minutes.")
    ] = False,
    rounds: Annotated[int, typer.Option(min=1, max=100, help="Rounds of --fit.")] = 12,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes of --fit.")] = 2,
    suppress_below: Annotated[
        int, typer.Option(min=1, max=100, help="Counts of people below this are shown nowhere.")
    ] = 5,
    leave_out_bad_rows: Annotated[
        bool, typer.Option("--leave-out-bad-rows", help="List rows that cannot be used and go on.")
    ] = False,
    out: Out = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the site file.")] = False,
    debug: Debug = False,
) -> None:
    """Make a site file of an area's own caseload, and tell how good the data are.

    Nothing about a person is written anywhere.
    """
    with refusals(debug):
        from calibration import caseload as room
        from calibration.tables import as_csv
        from experiments.files import write_bytes

        path = room.destination(name or file.stem, overwrite=force)
        day = on.date() if on is not None else date.today()
        found = room.read(file, day, leave_out_bad_rows=leave_out_bad_rows)
        parent = room.parent_for(len(found.people), site)
        for problem in found.left_out:
            typer.echo(f"left out: {problem}", err=True)
        told = room.summary(found, suppress_below)
        typer.echo("\n".join(told))
        set_to = room.settings(found, parent, suppress_below)
        best = _fitted(path.stem, found, parent, set_to, suppress_below, rounds, workers) if fit else None
        set_to |= best.settings(found) if best is not None else {}
        lines = best.lines() if best is not None else []
        content = room.text(path.stem, found, parent, set_to, suppress_below, lines)
        write_bytes(path, content.encode())
        if out is not None:
            _summary_files(out, told, as_csv(room.beside(found, suppress_below)))
        _tell(path, parent, set_to, lines, day)
        if best is not None and best.interrupted:
            raise typer.Exit(INTERRUPTED)


def _fitted(
    name: str, found: "Caseload", parent: str, set_to: "dict[str, Setting]", below: int, rounds: int,
    workers: int,
) -> "Fitted | None":  # fmt: skip
    """Return the best values found, from where the site stands without a fit."""
    from calibration import caseload as room

    emerges = {**set_to, "cohort.sizing": room.Setting("threat")}
    base = room.site_of(name, room.text(name, found, parent, emerges, below)).parameters
    asked = room.targets(room.figures(found, below))
    typer.echo(f"\nFitting {len(asked)} figures in {rounds} rounds; Ctrl-C keeps the best so far")
    with room.processes(workers) as pool:
        best = room.fitted(base, asked, pool, rounds, lambda line: typer.echo(line, err=True))
    if best is None:
        typer.echo("Note: no round came near enough; the site is as without --fit", err=True)
    return best


def _summary_files(folder: Path, told: list[str], table: str) -> None:
    from experiments.files import write_bytes, writing

    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_bytes(folder / "summary.txt", ("\n".join(told) + "\n").encode())
    write_bytes(folder / "beside_the_pioneer_sites.csv", table.encode())
    typer.echo(f"\nSummary in {folder}: summary.txt, beside_the_pioneer_sites.csv")


def _tell(path: Path, parent: str, set_to: "dict[str, Setting]", fit: list[str], day: date) -> None:
    """Tell what the file sets, what it leaves to its parent, and what to type next."""
    from scenarios import option_names
    from scenarios.explain import wrapped

    counted = [key for key, it in set_to.items() if it.confidence != "assumed"]
    other = [key for key, it in set_to.items() if it.confidence == "assumed"]
    typer.echo(f"\nWhat {path} sets, and what it leaves to {parent}")
    said = [
        f"From your records: {', '.join(counted)}.",
        f"Reckoned from {parent}, by size or day{', or fitted' if fit else ''}: {', '.join(other)}.",
    ]
    if fit:
        said.append(f"Fitted: {'; '.join(fit)}.")
    else:
        said.append(
            "Not set: shares under supervision and of PPOs, records and ages come out of scores, which "
            f"are {parent}'s. --fit moves them towards your caseload."
        )
    said.append(f"All else is {parent}'s: co-location, meetings, needs, courts, programmes, money.")
    eras = [era for era in option_names() if era.startswith("era-") and int(era[4:]) <= day.year]
    said.append(f"The law is that of about 2009{f'; {eras[-1]} is nearest to your day' if eras else ''}.")
    for text in said:
        typer.echo("\n".join(wrapped(f"- {text}", 80, "", "  ")))
    typer.echo(f"\n{path} is written; next:\n  iom check {path}\n  iom compare {path} bigger-cohort")
