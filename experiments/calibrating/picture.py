"""Pictures of a validation: forecasts on what is published, ranks, and effects before and after the data."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.files import write

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

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
    return [
        _saved(_forecasts(tables["matches"]), folder / "calibration_matches.png"),
        _saved(_effects(tables["effects"]), folder / "calibration_effects.png"),
        _saved(_ranks(tables["ranks"]), folder / "calibration_ranks.png"),
    ]


def _saved(figure: "Figure", path: Path) -> Path:
    import matplotlib.pyplot as plt

    write(path, lambda aside: figure.savefig(aside, dpi=110, format="png"))
    plt.close(figure)
    return path


def _forecasts(matches: "pd.DataFrame") -> "Figure":
    """Draw each figure's forecast over what is published: 1 is a match."""
    import matplotlib.pyplot as plt

    figures, sites = list(dict.fromkeys(matches["figure"])), list(dict.fromkeys(matches["site"]))
    sheet, panes = plt.subplots(1, len(sites), figsize=(11, 4), sharey=True, layout="constrained")
    for pane, site in zip(np.atleast_1d(panes), sites, strict=True):
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
    first = np.atleast_1d(panes)[0]
    first.set_yticks(np.arange(len(figures)), [name.replace("_", " ") for name in figures])
    first.invert_yaxis()
    first.legend(fontsize=8, loc="center right")
    sheet.suptitle("Forecast of the census over what is published: mean, and nine runs in ten", fontsize=11)
    return sheet


def _effects(effects: "pd.DataFrame") -> "Figure":
    """Draw each effect before and after the data."""
    import matplotlib.pyplot as plt

    sheet, panes = plt.subplots(len(effects), 1, figsize=(8, 1.1 * len(effects) + 0.8), layout="constrained")
    for pane, row in zip(np.atleast_1d(panes), effects.itertuples(index=False), strict=True):
        for place, name, colour in ((1, "prior", "#8a8a8a"), (0, "posterior", MODEL)):
            low, middle, high = (getattr(row, f"{name}_{part}") for part in ("low", "middle", "high"))
            pane.hlines(place, low, high, color=colour, linewidth=4, alpha=0.7)
            pane.plot(middle, place, "o", color=colour)
        pane.axvline(row.neutral, color=INK, linewidth=1, linestyle="--")
        pane.set_yticks([1, 0], ["prior", "posterior"])
        pane.set_ylim(-0.6, 1.6)
        pane.set_title(f"{row.unknown} ({row.unit}); dashed: changes nothing", fontsize=9, loc="left")
    return sheet


def _ranks(ranks: "pd.DataFrame") -> "Figure":
    """Draw where truths lie among draws, by method: flat is right, piled up at both ends too sure."""
    import matplotlib.pyplot as plt

    quantities, methods = ranks["quantity"].unique()[:2], ranks["method"].unique()
    sheet, panes = plt.subplots(
        len(methods), len(quantities), figsize=(9, 5), sharex=True, layout="constrained"
    )  # fmt: skip
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
    sheet.suptitle("Where the truth lies among draws; dashed: as it should", fontsize=11)
    return sheet
