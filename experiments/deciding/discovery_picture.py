"""The picture of a discovery: the box, how it was peeled, regret, and what knowing is worth."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.deciding.box import Box, is_number
from experiments.deciding.discovery import Discovery
from experiments.deciding.discovery_words import falls_short
from experiments.deciding.picture import label, scaled
from experiments.drawing import drawing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

NAME, TREE = "discovery.png", "tree.png"
MOST_BARS = 10


def draw(found: Discovery, path: Path) -> Path:
    """Draw a discovery and return the path of the PNG."""
    panels: list[Callable[[Axes, Discovery], None]] = [_points]
    panels += [_peeling] if found.path else []
    panels += [_regret] if found.regret is not None else []
    panels += [_worth] if found.worth is not None else []
    wide = min(2, len(panels))
    deep = -(-len(panels) // wide)
    tall = max(4.6, 1.2 + 0.44 * min(MOST_BARS, len(found.worth) if found.worth is not None else 0))
    with drawing(path, deep, wide, size=(6.4 * wide, tall * deep)) as (figure, axes):
        for here in axes.flat[len(panels) :]:
            here.set_axis_off()
        for here, panel in zip(axes.flat, panels, strict=False):
            panel(here, found)
        figure.suptitle(f"{found.sample.site}: {found.sample.title}", fontsize=11, x=0.01, ha="left")
    return path


def _points(axes: "Axes", found: Discovery) -> None:
    """Draw every point over the two factors that the box limits first, and the box."""
    first, second = _shown(found)
    across, up = _values(found, first, 0.618), _values(found, second, 0.755)
    for short, colour, words in ((True, "C3", falls_short(found)), (False, "C0", "does not")):
        which = found.fails == short
        axes.scatter(across[which], up[which], color=colour, s=18, marker="x" if short else "o", label=words)
    limits = {limit.factor: limit for limit in (found.box.limits if found.box else ())}
    for key, line in ((first, axes.axvline), (second, axes.axhline)):
        limit = limits.get(key)
        for end in (limit.low, limit.high) if limit is not None and not limit.values else ():
            if np.isfinite(end):
                line(end, color="black", linewidth=1, linestyle="--")
    axes.set_xlabel(label(first), fontsize=9)
    axes.set_ylabel(label(second), fontsize=9)
    axes.set_title(str(found.quantity), fontsize=10)
    axes.legend(fontsize=8)


def _shown(found: Discovery) -> tuple[str, str]:
    """Return two factors to draw over: those of the box, then of the tree's questions, then the first."""
    limited = [limit.factor for limit in (found.box.limits if found.box else ())]
    every = list(map(str, found.sample.factors.columns))
    asked = [key for leaf in (found.tree.leaves if found.tree else ()) for key in every
             if any(answer.startswith(f"{key} ") for answer in leaf.answers[:2])]  # fmt: skip
    keys = list(dict.fromkeys([*limited, *asked, *every]))
    return keys[0], keys[min(1, len(keys) - 1)]


def _values(found: Discovery, key: str, turn: float) -> "NDArray[Any]":
    """Return a factor's values, those of a grid a little apart, as its points stand in one place."""
    values = found.sample.factors[key]
    if not is_number(values):
        return np.asarray(values.astype(str))
    plain = values.to_numpy(float)
    if values.nunique() > len(values) / 2:
        return plain
    # Multiples of a share that is no fraction lie apart, and the same every time.
    step = 0.05 * (plain.max() - plain.min())
    return np.asarray(plain + step * (np.arange(len(plain)) * turn % 1 - 0.5))


def _peeling(axes: "Axes", found: Discovery) -> None:
    """Draw what is gained and lost as the box grows smaller."""

    def at(boxes: list[Box]) -> tuple[list[float], list[float]]:
        return [box.coverage for box in boxes], [box.density for box in boxes]

    axes.plot(*at(found.path), marker=".", color="0.5")
    if found.box is not None:
        axes.plot(*at([found.box]), marker="s", color="C3", linestyle="", label="the box told")
        axes.legend(fontsize=8)
    axes.set_title("Peeling", fontsize=10)
    axes.set_xlabel("share of all such points within", fontsize=9)
    axes.set_ylabel("share of points within that are such", fontsize=9)
    axes.set_xlim(0, 1.03)
    axes.set_ylim(0, 1.03)


def _regret(axes: "Axes", found: Discovery) -> None:
    assert found.regret is not None
    rows = found.regret[:MOST_BARS][::-1]
    places, scale, unit = np.arange(len(rows)), *scaled(found.quantity.outcome)
    axes.barh(places + 0.2, rows["highest_regret"] / scale, height=0.38, label="highest regret")
    axes.barh(places - 0.2, rows["mean_regret"] / scale, height=0.38, label="mean regret")
    axes.set_yticks(places, list(rows["alternative"]), fontsize=8)
    axes.set_title("Lost against the best at the same point", fontsize=10)
    axes.set_xlabel(unit, fontsize=9)
    axes.legend(fontsize=8)


def _worth(axes: "Axes", found: Discovery) -> None:
    assert found.worth is not None
    rows = found.worth[:MOST_BARS][::-1]
    places, scale, unit = np.arange(len(rows)), *scaled(found.quantity.outcome)
    ends = [(rows["worth"] - rows["low"]) / scale, (rows["high"] - rows["worth"]) / scale]
    axes.errorbar(rows["worth"] / scale, places, xerr=ends, fmt="o", capsize=3)
    axes.axvline(0, color="black", linewidth=1)
    axes.set_yticks(places, [label(key) for key in rows["factor"]], fontsize=8)
    axes.set_title("What knowing it before the choice is worth", fontsize=10)
    axes.set_xlabel(unit, fontsize=9)
