"""Pictures of a validation: forecasts on what is published, ranks, and effects before and after the data."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.drawing import drawing

if TYPE_CHECKING:
    import pandas as pd

#: What the published value is drawn in, and the model's.
INK, MODEL = "#1b1b1b", "#2f6f9f"


def draw(tables: "dict[str, pd.DataFrame]", folder: Path) -> list[Path]:
    """Draw forecasts, effects and ranks into a folder, and return the files.

    Parameters
    ----------
    tables
        As of :func:`experiments.calibrating.validate.validate`.
    folder
        Where to.
    """
    drawers = {"matches": _forecasts, "effects": _effects, "ranks": _ranks}
    paths = {name: folder / f"calibration_{name}.png" for name in drawers}
    for name, drawer in drawers.items():
        drawer(tables[name], paths[name])
    return list(paths.values())


def _forecasts(matches: "pd.DataFrame", path: Path) -> None:
    """Draw each figure's forecast over what is published: 1 is a match."""
    figures, sites = list(dict.fromkeys(matches["figure"])), list(dict.fromkeys(matches["site"]))
    with drawing(path, 1, len(sites), size=(11, 4), sharey=True) as (figure, panes):
        for pane, site in zip(panes[0], sites, strict=True):
            here = matches[matches["site"] == site].set_index("figure").loc[figures]
            rows = np.arange(len(figures))
            low, high = here["low"] / here["published"], here["high"] / here["published"]
            pane.hlines(rows, low, high, color=MODEL, linewidth=3, alpha=0.6)
            pane.plot(here["model"] / here["published"], rows, "o", color=MODEL, label="model")
            pane.axvline(1, color=INK, linewidth=1, label="published")
            pane.set_xscale("log")
            pane.set_xticks([0.5, 1, 2], ["half", "1", "double"])
            pane.minorticks_off()
            pane.set_xlim(0.4, 3.6)
            pane.set_title(site, fontsize=10)
        first = panes[0, 0]
        first.set_yticks(np.arange(len(figures)), [name.replace("_", " ") for name in figures])
        first.invert_yaxis()
        first.legend(fontsize=8, loc="center right")
        figure.suptitle(
            "Forecast of the census over what is published: mean, and nine runs in ten", fontsize=11
        )


def _effects(effects: "pd.DataFrame", path: Path) -> None:
    """Draw each effect before and after the data."""
    with drawing(path, len(effects), size=(8, 1.1 * len(effects) + 0.8)) as (_, panes):
        for pane, row in zip(panes[:, 0], effects.itertuples(index=False), strict=True):
            for place, name, colour in ((1, "prior", "#8a8a8a"), (0, "posterior", MODEL)):
                low, middle, high = (getattr(row, f"{name}_{part}") for part in ("low", "middle", "high"))
                pane.hlines(place, low, high, color=colour, linewidth=4, alpha=0.7)
                pane.plot(middle, place, "o", color=colour)
            pane.axvline(row.neutral, color=INK, linewidth=1, linestyle="--")
            pane.set_yticks([1, 0], ["prior", "posterior"])
            pane.set_ylim(-0.6, 1.6)
            pane.set_title(f"{row.unknown} ({row.unit}); dashed: changes nothing", fontsize=9, loc="left")


def _ranks(ranks: "pd.DataFrame", path: Path) -> None:
    """Draw where truths lie among draws, by method: flat is right, piled up at both ends too sure."""
    quantities, methods = ranks["quantity"].unique()[:2], ranks["method"].unique()
    with drawing(path, len(methods), len(quantities), size=(9, 5), sharex=True) as (figure, panes):
        for line, method in zip(panes, methods, strict=True):
            for pane, quantity in zip(line, quantities, strict=True):
                row = ranks[(ranks["method"] == method) & (ranks["quantity"] == quantity)].iloc[0]
                counts = row.filter(like="tenth_").to_numpy(dtype=float)
                pane.bar(np.arange(len(counts)), counts / counts.sum(), color=MODEL, width=0.9)
                pane.axhline(1 / len(counts), color=INK, linewidth=1, linestyle="--")
                pane.set_ylim(0, 0.25)
                pane.set_yticks([0, 0.1, 0.2], ["0", "10%", "20%"])
                pane.set_xticks([0, 9], ["lowest tenth", "highest"])
                pane.set_title(f"{method}: {quantity}", fontsize=9, loc="left")
        figure.suptitle("Where the truth lies among draws; dashed: as it should", fontsize=11)
