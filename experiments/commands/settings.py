"""Arguments and options that commands share."""

from pathlib import Path
from typing import Annotated, Literal

import typer

Site = Annotated[str, typer.Argument(help="A shipped site's name, or the path of a site file.")]
Replications = Annotated[
    int, typer.Option(min=1, max=100_000, help="Replications; the same luck in every scenario.")
]
Precision = Annotated[
    float | None,
    typer.Option(min=1e-6, max=10, help="Add replications until mean differences are this precise."),
]
Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        help="An outcome that --precision is about; can be repeated. Offences committed without it.",
    ),
]
Budget = Annotated[int, typer.Option(min=1, max=100_000, help="Replications at most with --precision.")]
Years = Annotated[float, typer.Option(min=0.1, max=20, help="Years measured from the decision date.")]
Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="The study's seed.")]
Workers = Annotated[int | None, typer.Option(min=1, max=1024, help="Processes; by default one a core.")]
Scheduler = Annotated[str, typer.Option(help="Address of a Dask scheduler whose workers run it instead.")]
Draw = Annotated[
    Literal["posterior", "none"] | None,
    typer.Option(help="Run under draws of what is not known, or on the site's own values; draws without it."),
]
Out = Annotated[Path | None, typer.Option(help="Folder for results; the same study in it is resumed.")]
Events = Annotated[bool, typer.Option("--events", help="Keep the event log.")]
Excel = Annotated[bool, typer.Option("--excel", help="Write the tables as a workbook too.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but where the files are.")]
StudyFile = Annotated[str, typer.Argument(help="A shipped study's name, or the path of a study file.")]
Extend = Annotated[
    int | None, typer.Option(min=1, max=100_000, help="Replications to add to those asked for before.")
]
FilesReplications = Annotated[
    int | None, typer.Option(min=1, max=100_000, help="Replications; by default what the file says.")
]
FilesYears = Annotated[
    float | None, typer.Option(min=0.1, max=20, help="Years measured; by default what the file says.")
]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]
