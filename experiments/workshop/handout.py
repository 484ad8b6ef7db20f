"""An exercise on paper: a sheet for whoever leads it, and a handout for everybody else."""

from pathlib import Path

from experiments.files import write_bytes, writing
from scenarios.exercise import load_exercise
from scenarios.library import canonical

HERE = Path(__file__).parent


def write(name: str, folder: Path) -> list[Path]:
    """Write an exercise's two pages into a folder and return their paths.

    Parameters
    ----------
    name
        A shipped exercise's name, or the path of a file.
    folder
        Made if it is not there.

    Raises
    ------
    scenarios.ScenarioError
        With everything that is wrong with the exercise.
    experiments.files.StoreError
        If the folder cannot be written.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    exercise = load_exercise(name)
    room = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for what in ("facilitator", "handout"):
        text = room.get_template("handout.html.j2").render(
            exercise=exercise, facilitator=what == "facilitator"
        )
        path = folder / f"{canonical(Path(name).stem)}-{what}.html"
        write_bytes(path, text.encode())
        paths.append(path)
    return paths
