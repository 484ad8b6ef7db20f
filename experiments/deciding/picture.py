"""The picture of a sensitivity: what each factor decides, a panel a quantity."""

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np

from experiments.deciding.words import ranked
from experiments.drawing import drawing
from scenarios.tree import field_at
from simulation import OUTCOMES, Parameters

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from experiments.deciding.sensitivity import Sensitivity

COLUMNS = 2
NAME = "sensitivity.png"


def draw(found: "Sensitivity", path: Path) -> Path:
    """Draw a sensitivity and return the path of the PNG."""
    wide = min(COLUMNS, len(found.indices))
    deep = -(-len(found.indices) // wide)
    moving = {quantity: _moving(found, rows) for quantity, rows in found.indices.items()}
    factors = max(1, *map(len, moving.values()))
    with drawing(path, deep, wide, size=(6.2 * wide, (1.4 + 0.42 * factors) * deep)) as (figure, axes):
        for here in axes.flat[len(found.indices) :]:
            here.set_axis_off()
        for here, (quantity, rows) in zip(axes.flat, moving.items(), strict=False):
            scale, unit = scaled(quantity.outcome)
            if found.method == "morris":
                _effects(here, rows, scale)
            else:
                _shares(here, rows)
            if not len(rows):
                here.text(0.5, 0.5, "nothing but chance", ha="center", transform=here.transAxes)
            here.set_yticks(np.arange(len(rows)), [label(key) for key in rows["factor"]], fontsize=8)
            here.set_title(str(quantity), fontsize=10)
            here.set_xlabel(
                f"effect, {unit}" if found.method == "morris" else "share of variance", fontsize=8
            )
        figure.suptitle(_told(found), fontsize=10, x=0.01, ha="left")
    return path


def _moving(found: "Sensitivity", rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return factors by how much they decide, the most last, without those that move nothing at all."""
    numbers = rows[[name for name in rows.columns if name in ("effect", "effect_high", "first", "total")]]
    return ranked(found, rows[~((numbers == 0) | numbers.isna()).all(axis=1)])[::-1]


def scaled(outcome: str) -> tuple[float, str]:
    """Return what an outcome is divided by in a picture, and the unit that it then has."""
    unit = OUTCOMES[outcome].unit
    return (1000.0, "£ thousand") if unit == "gbp" else (1.0, unit)


def _told(found: "Sensitivity") -> str:
    site = found.study.place.name
    if found.method == "morris":
        told = "mean absolute effect with its 95% interval; grey: what chance alone would show"
    else:
        told = "shares of the variance that factors bring, with 95% intervals"
    return f"{site}: {told}; factors that move nothing are left out of a panel"


def _effects(axes: "Axes", rows: "pd.DataFrame", scale: float) -> None:
    places = np.arange(len(rows))
    ends = [end / scale for end in _ends(rows, "effect")]
    axes.barh(places, rows["chance"].fillna(0.0) / scale, color="0.85")
    axes.errorbar(rows["effect"] / scale, places, xerr=ends, fmt="o", color="C0", capsize=3)
    axes.set_xlim(left=0)


def _shares(axes: "Axes", rows: "pd.DataFrame") -> None:
    # An estimate of a share can leave 0 to 1, and a share cannot.
    rows = rows.assign(**{name: rows[name].clip(0, 1) for name in rows.columns if name != "factor"})
    for place, (name, marker, words) in enumerate((("first", "o", "alone"), ("total", "s", "with others"))):
        places = np.arange(len(rows)) + 0.15 - 0.3 * place
        axes.errorbar(
            rows[name], places, xerr=_ends(rows, name), fmt=marker, color=f"C{place}", capsize=3, label=words
        )
    axes.set_xlim(-0.05, 1.05)
    axes.legend(fontsize=8, loc="lower right")


def _ends(rows: "pd.DataFrame", name: str) -> "list[pd.Series[float]]":
    return [rows[name] - rows[f"{name}_low"], rows[f"{name}_high"] - rows[name]]


def label(key: str) -> str:
    """Return a factor's label as a picture shows it."""
    field = field_at(Parameters, tuple(key.split(".")))
    return fill(field.title if field is not None and field.title else key, 34)
