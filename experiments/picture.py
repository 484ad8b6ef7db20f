"""One picture of a study: the caseload by band, and offences against life without the partnership."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.differences import over_draws
from experiments.drawing import drawing

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

#: Bands bottom up, each in a shade of its own colour that can be told apart in grey as well.
BANDS = {"red": "#b2182b", "amber": "#f4a582", "green": "#4d9221", "blue": "#2166ac"}


def draw(
    weekly: "pd.DataFrame", scenarios: list[str], path: Path, band_names: Mapping[str, str] | None = None
) -> Path:
    """Draw a study's picture and return its path.

    Parameters
    ----------
    weekly
        As in ``weekly.parquet``.
    scenarios
        Names; the first is the base.
    path
        The PNG to write.
    band_names
        Local names of the bands by colour; the colours themselves where none are given.
    """
    scenarios = [name for name in scenarios if (weekly["scenario"] == name).any()]
    with drawing(path, 1, 2, size=(12, 4.8), dpi=130) as (figure, panes):
        left, right = panes[0]
        _caseload(left, weekly, scenarios[0], band_names or {})
        _offences(right, weekly, scenarios)
        n = weekly["replication"].nunique()
        figure.suptitle(
            f"{scenarios[0]}: mean of {n} replications; shaded: 95% interval of the average",
            fontsize=10,
            x=0.01,
            ha="left",
        )
    return path


def _caseload(axes: "Axes", weekly: "pd.DataFrame", base: str, names: Mapping[str, str]) -> None:
    own = weekly[weekly["scenario"] == base]
    series = [
        own[own["outcome"] == f"caseload_{band}"].groupby("week")["value"].mean().to_numpy() for band in BANDS
    ]
    axes.stackplot(
        np.arange(len(series[0])),
        *series,
        labels=[names.get(band, band) for band in BANDS],
        colors=list(BANDS.values()),
    )
    axes.set(
        title=f"People carried, by band ({base})", xlabel="weeks since the decision date", ylabel="people"
    )
    axes.set_xlim(0, len(series[0]) - 1)
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(handles[::-1], labels[::-1], loc="lower left", framealpha=0.9)


def _offences(axes: "Axes", weekly: "pd.DataFrame", scenarios: list[str]) -> None:
    """Show cumulative offences committed, as a paired difference to the twin."""
    import seaborn as sns

    colours = sns.color_palette("colorblind", len(scenarios))
    for name, colour, style in zip(scenarios, colours, ["-", "--", "-.", ":"] * len(scenarios), strict=False):
        own = weekly[weekly["scenario"] == name]
        with_iom = _wide(own, "committed_offences")
        without = _wide(own, "twin_committed_offences")
        averted = np.cumsum(without - with_iom, axis=1)
        mean = averted.mean(axis=0)
        axes.plot(mean, style, color=colour, label=name)
        if len(averted) > 1:
            from scipy.stats import t

            half = t.ppf(0.975, len(averted) - 1) * averted.std(axis=0, ddof=1) / np.sqrt(len(averted))
            axes.fill_between(np.arange(len(mean)), mean - half, mean + half, color=colour, alpha=0.15)
    axes.axhline(0, color="black", linewidth=1)
    axes.set(
        title="Offences averted so far, against no IOM",
        xlabel="weeks since the decision date",
        ylabel="offences",
    )
    axes.legend(loc="upper left")


def _wide(weekly: "pd.DataFrame", outcome: str) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Return a weekly series, a row a run, or a row a draw where there are several."""
    chosen = over_draws(weekly[weekly["outcome"] == outcome], ["week"], ["value"])
    index = "replication" if "replication" in chosen else "draw"
    return chosen.pivot(index=index, columns="week", values="value").to_numpy()
