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

#: Analysis Function palette, each with its own line and marker, so that grey print tells them apart.
SERIES = (("#12436D", "-", "o"), ("#F46A25", "--", "s"), ("#28A197", "-.", "D"), ("#801650", ":", "^"))
MOST_SERIES = len(SERIES)
BLUE, ORANGE, TURQUOISE, GREY, INK = "#12436D", "#F46A25", "#28A197", "#BFBFBF", "#3D3D3D"
BANDS = {"red": "#A8122A", "amber": "#E07B00", "green": "#28A197", "blue": "#12436D"}
#: What can be read on each band's colour.
ON_BANDS = {"red": "white", "amber": "black", "green": "black", "blue": "white"}


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
    style["axes.unicode_minus"] = False
    with mpl.rc_context(style):
        canvas = Canvas(figsize=(8.6, height), layout="constrained")
        grid = canvas.subplots(rows, columns, squeeze=False, sharey=share_y)
        drawn = Sheet(canvas, list(grid.flat))
        yield drawn
        for axes in drawn.axes:
            sns.despine(ax=axes, left=True, bottom=True)
        out = BytesIO()
        canvas.savefig(out, format="svg", metadata={"Date": None})
        drawn.svg = out.getvalue()
