"""Drawings: every picture that is written to a file is opened and put away here."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.files import write

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@contextmanager
def drawing(
    path: Path, rows: int = 1, columns: int = 1, *, size: tuple[float, float], dpi: int = 110, **about: Any
) -> Iterator[tuple["Figure", Any]]:
    """Open panes to draw in, and write them as a PNG when it is drawn; whole or not at all.

    Parameters
    ----------
    path
        The PNG to write.
    rows, columns
        Panes.
    size
        Inches across and down.
    dpi
        Dots an inch.
    about
        What else :func:`matplotlib.pyplot.subplots` is told, as that panes share an axis.

    Yields
    ------
    tuple
        The figure, and its panes: an array of shape ``(rows, columns)``, whatever their number.

    Raises
    ------
    experiments.files.StoreError
        If the folder cannot be written.
    """
    import matplotlib

    # A server and a test have no screen.
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import seaborn as sns

    sns.set_theme(style="whitegrid", context="notebook")
    figure, panes = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False, **about)
    try:
        yield figure, panes
        write(path, lambda aside: figure.savefig(aside, dpi=dpi, format="png"))
    finally:
        plt.close(figure)
