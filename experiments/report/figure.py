"""A figure of the report: two titles, a picture, the same in words, and the table beneath."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from experiments.report.table import Table, data_uri

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

#: Analysis Function palette in its order, each with its own line and marker, so that grey print tells
#: them apart.
SERIES = (("#12436D", "-", "o"), ("#28A197", "--", "s"), ("#801650", "-.", "D"), ("#F46A25", ":", "^"))
MOST_SERIES = len(SERIES)
#: A choice, life without IOM, what a partnership would publish, what stands behind, and writing.
BLUE, ORANGE, PUBLISHED, GREY, INK = "#12436D", "#F46A25", "#8C8C8C", "#BFBFBF", "#3D3D3D"
BANDS = {"red": "#A8122A", "amber": "#E07B00", "green": "#28A197", "blue": "#12436D"}
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Figure:
    """A figure.

    Attributes
    ----------
    title
        What it shows: the finding.
    how_to_read
        Measure, place, period, and what the marks mean.
    alternative
        The picture in words.
    table
        The numbers.
    picture
        SVG.
    """

    title: str
    how_to_read: str
    alternative: str
    table: Table
    picture: bytes

    @property
    def address(self) -> str:
        """The picture as an address that needs no network."""
        return data_uri(self.picture, "image/svg+xml")


class Sheet:
    """A drawing that becomes SVG when it is finished."""

    svg: bytes

    def __init__(self, canvas: "Canvas", axes: "list[Axes]") -> None:
        self.canvas, self.axes = canvas, axes


@contextmanager
def sheet(columns: int = 1, rows: int = 1, *, height: float = 3.6, share_y: bool = False) -> Iterator[Sheet]:
    """Yield a sheet with axes to draw on; afterwards it holds its SVG, the same bytes for the same data."""
    import matplotlib as mpl
    import seaborn as sns
    from matplotlib.figure import Figure as Canvas

    style = {**sns.axes_style("whitegrid"), **sns.plotting_context("notebook", font_scale=0.85)}
    style |= {"svg.fonttype": "none", "svg.hashsalt": "iom-sim", "text.color": INK, "axes.labelcolor": INK}
    with mpl.rc_context(style):
        canvas = Canvas(figsize=(8.6, height), layout="constrained")
        grid = canvas.subplots(rows, columns, squeeze=False, sharey=share_y)
        drawn = Sheet(canvas, list(grid.flat))
        yield drawn
        for axes in drawn.axes:
            sns.despine(ax=axes, left=True, bottom=True)
        out = BytesIO()
        canvas.savefig(out, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
        # The document type would name an address; the picture needs none.
        drawn.svg = out.getvalue()[out.getvalue().index(b"<svg") :]


def signed(value: float) -> str:
    """Return a tick's number with its sign."""
    return f"{value:+,.10g}".replace("-", MINUS) if value else "0"


def left_out(drawn: int, whole: int) -> str:
    """Return a sentence on what a figure has no room for, if there is anything."""
    return f" The first {drawn} of {whole} scenarios are drawn." if drawn < whole else ""
