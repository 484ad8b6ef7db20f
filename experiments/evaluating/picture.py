"""The lab's pictures: what each design reports beside what is true, and falls without any scheme."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from calibration.evidence import register
from experiments.drawing import drawing
from experiments.evaluating.designs import label_of
from experiments.evaluating.words import FEWEST

if TYPE_CHECKING:
    import pandas as pd

NAME, FALLS_NAME = "evaluation.png", "falls.png"
#: Published changes of counts before and after, by their numbers in the register of evidence.
PUBLISHED = {"EX208": "published: PPOs, 17 months", "EX227": "published: Sussex"}


def draw(found: "pd.DataFrame", path: Path) -> Path:
    """Draw the reports of the longest follow-up, a panel for each effect, and return the path of the PNG.

    A line is where 95% of evaluations fall, with the most places of which there are evaluations enough to
    say so, or the fewest; a cross is the truth it aims at. Both are shares of what the design compares with.

    Parameters
    ----------
    found
        The lab's table.
    path
        The PNG to write.
    """
    import pandas as pd

    months = found["months"].max()
    longest = found[found["months"] == months].groupby(["effect", "design"], sort=False)
    most = pd.DataFrame([_known_best(rows) for _, rows in longest])
    effects, designs = list(most["effect"].unique()), list(most["design"].unique())
    size = (2.6 + 3.6 * len(effects), 1.8 + 0.5 * len(designs))
    with drawing(path, 1, len(effects), size=size, dpi=130, sharex=True, sharey=True) as (figure, axes):
        for here, effect in zip(axes[0], effects, strict=True):
            rows = most[most["effect"] == effect]
            place = [designs.index(name) for name in rows["design"]]
            level = rows["reported_effect"] / rows["reported_change"]
            here.hlines(
                place,
                rows["reported_low"] / level * 100,
                rows["reported_high"] / level * 100,
                color="#2166ac",
            )
            here.plot(
                rows["reported_change"] * 100, place, "o", color="#2166ac", label="reported, mean and 95%"
            )
            here.plot(
                rows["true_change"] * 100, place, "x", color="#b2182b", markeredgewidth=2.5, label="true"
            )
            here.axvline(0, color="black", linewidth=1)
            here.set(title=f"effect: {effect}", xlabel="change, %")
        axes[0, 0].set_yticks(range(len(designs)), [label_of(name) for name in designs])
        axes[0, 0].invert_yaxis()
        handles, labels = axes[0, 0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=9)
        figure.suptitle(f"What each way of looking reports, {months} months", fontsize=12)
    return path


def draw_falls(falls: "pd.DataFrame", path: Path) -> Path:
    """Draw what a count before and after finds where nobody is managed, and return the path of the PNG.

    Published falls are lines across: where one meets the curve of its months stands the share of the pool
    that brings it about without any scheme; one above the curve is smaller than selection alone makes it.

    Parameters
    ----------
    falls
        As of :func:`experiments.evaluating.falls.falls`.
    path
        The PNG to write.
    """
    with drawing(path, size=(9, 5)) as (_, panes):
        axes = panes[0, 0]
        for months, rows in falls.groupby("months"):
            share = 100 * rows["share"]
            (line,) = axes.plot(share, 100 * rows["change"], marker="o", label=f"{months} months")
            axes.fill_between(
                share, 100 * rows["area_low"], 100 * rows["area_high"], color=line.get_color(), alpha=0.1
            )
        for number, label in PUBLISHED.items():
            change = register()[number].number
            axes.axhline(change, color="black", linestyle="--", linewidth=1)
            axes.annotate(
                f"{label} ({number})", (falls["share"].max() * 100, change), (0, 3),
                textcoords="offset points", ha="right", fontsize=9,
            )  # fmt: skip
        axes.set(
            xscale="log", ylim=(-101, 75), xlabel="of the pool, those of the highest scores",
            ylabel="change after the launch, %", title="Before and after, where nobody does anything",
        )  # fmt: skip
        shares = falls["share"].unique() * 100
        axes.set_xticks(shares, [f"{share:g}%" for share in shares])
        axes.minorticks_off()
        axes.legend(title="counted on each side", loc="upper right", ncols=2)
    return path


def _known_best(rows: "pd.DataFrame") -> "pd.Series[Any]":
    """Return the row of most places with evaluations enough, or of the fewest places."""
    enough = rows[rows["evaluations"] >= FEWEST]
    return enough.iloc[-1] if len(enough) else rows.iloc[0]
