"""The picture of the lab: what each design reports beside what is true."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.evaluating.designs import label_of
from experiments.evaluating.words import FEWEST
from experiments.sheet import sheet

if TYPE_CHECKING:
    import pandas as pd

NAME = "evaluation.png"


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
    with sheet(path, 1, len(effects), size=size, dpi=130, sharex=True, sharey=True) as (figure, axes):
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


def _known_best(rows: "pd.DataFrame") -> "pd.Series[Any]":
    """Return the row of most places with evaluations enough, or of the fewest places."""
    enough = rows[rows["evaluations"] >= FEWEST]
    return enough.iloc[-1] if len(enough) else rows.iloc[0]
