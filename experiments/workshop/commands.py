"""The workshop's commands: the animation, the app, the handout."""

from pathlib import Path
from typing import Annotated

import typer

Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]


def animate(
    out: Annotated[Path, typer.Argument(help="The folder of a study.")],
    replication: Annotated[int, typer.Option(min=0, help="The replication.")] = 0,
    scenario: Annotated[
        list[str] | None,
        typer.Option(help="A scenario to show; may be given again. By default the first six."),
    ] = None,
    debug: Debug = False,
) -> None:
    """Write a study's runs as one HTML file that plays from disk."""
    from experiments.commands.manners import refusals

    with refusals(debug):
        from experiments.tape.animation import animate as write

        typer.echo(f"Animation: {write(out, replication, scenario or [])}")


def handout(
    exercise: Annotated[str, typer.Argument(help="A shipped exercise's name, or the path of a file.")],
    out: Annotated[Path, typer.Option(help="Folder to write into.")] = Path("."),
    debug: Debug = False,
) -> None:
    """Write an exercise's facilitator's sheet and its handout as pages to print."""
    from experiments.commands.manners import refusals

    with refusals(debug):
        from experiments.workshop.handout import write

        for path in write(exercise, out):
            typer.echo(str(path))


def app(
    site: Annotated[
        list[str] | None, typer.Argument(help="Site files to offer beside the shipped ones.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for any that is free.")] = 8410,
    host: Annotated[
        str, typer.Option(help="Address to listen on; the default is this machine only.")
    ] = "127.0.0.1",
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes; by default one a core.")
    ] = None,
    debug: Debug = False,
) -> None:
    """Serve the workshop on this machine; Ctrl-C ends it."""
    from experiments.commands.manners import refusals

    with refusals(debug):
        from experiments.workshop.serving import serve

        serve(site or [], host, port, workers)


def register(commands: typer.Typer) -> None:
    """Add the workshop's commands to the command line."""
    for command in (animate, app, handout):
        commands.command()(command)
