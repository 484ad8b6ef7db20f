"""The picture of a study: what each value of a factor brings, by option, with intervals."""

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.differences import NET_BENEFIT, over_draws, summarise
from experiments.sheet import sheet
from experiments.study_words import factors_of
from scenarios.tree import field_at
from simulation import OUTCOMES, Parameters

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from experiments.study import Study

#: What is drawn, a panel each: paired with the twin, or what explains it.
PANELS = {
    "offences_averted": "Offences averted against no IOM",
    NET_BENEFIT: "Net benefit over no IOM, £ thousand",
    "minutes_per_person_week": "Minutes a person a week",
}
#: More lines than this are drawn as points: nobody could follow them.
MOST_LINES = 8
MOST_FACTORS = 4
#: Letters that stand below a panel without running into its neighbour's.
LABEL_WIDTH = 40


def draw(study: "Study", path: Path) -> Path:
    """Draw a study and return the path of the PNG.

    A grid of few lines is drawn over its first factor, with the 95% interval of the average; any other
    design as a mean a point, over each factor in turn.

    Parameters
    ----------
    study
        A study of points.
    path
        The PNG to write.
    """
    runs, factors = _runs(study), factors_of(study)
    panels = [name for name in PANELS if name in runs.columns]
    lines = runs["line"].nunique()
    curve = lines <= MOST_LINES and runs["point"].nunique() * runs["options"].nunique() > lines
    across = factors[:1] if curve else factors[:MOST_FACTORS]
    shape = (1, len(panels)) if curve else (len(panels), len(across))
    with sheet(path, *shape, size=(4.6 * shape[1], 4.2 * shape[0])) as (figure, axes):
        for place, (name, factor) in enumerate((name, factor) for name in panels for factor in across):
            here = axes.flat[place]
            (_lines if curve else _points)(here, runs, factor, name)
            here.set(
                title=PANELS[name] if curve or place % len(across) == 0 else "",
                xlabel=_label(factor),
                ylabel="",
            )
            if here.get_legend() is not None and place:
                here.get_legend().remove()
        n = runs["replication"].nunique()
        shown = "shaded: 95% interval of the average" if curve else "a mean a point"
        figure.suptitle(
            f"{study.place.name}, {n} replications a point; {shown}", fontsize=10, x=0.01, ha="left"
        )
    return path


def _runs(study: "Study") -> "pd.DataFrame":
    """Return the runs that did not fail, with the line each belongs to: its option and further factors."""
    done = study.runs[study.runs["status"] == "done"].copy()
    if NET_BENEFIT in done.columns:
        done[NET_BENEFIT] = done[NET_BENEFIT] / 1000
    lines = {
        point.scenario.name: ", ".join(
            [
                point.option,
                *(f"{key.split('.')[-1]} {value}" for key, value in list(point.labels.items())[1:]),
            ]
        )
        for point in study.points
    }
    done["line"] = done["scenario"].map(lines)
    return done


def _lines(axes: "Axes", runs: "pd.DataFrame", factor: str, outcome: str) -> None:
    import seaborn as sns

    def interval(values: Any) -> tuple[float, float]:
        found = summarise(np.asarray(values, dtype=float))
        return found.low, found.high

    sns.lineplot(
        over_draws(runs, ["line", factor], [outcome]), x=factor, y=outcome, hue="line", style="line",
        markers=True, dashes=True, errorbar=interval, palette="colorblind", ax=axes,
    )  # fmt: skip
    axes.legend(title=None)
    if OUTCOMES[outcome].unit != "minutes":
        axes.axhline(0, color="black", linewidth=1)


def _points(axes: "Axes", runs: "pd.DataFrame", factor: str, outcome: str) -> None:
    import seaborn as sns

    means = runs.groupby(["scenario", "options", factor], sort=False)[outcome].mean().reset_index()
    sns.scatterplot(means, x=factor, y=outcome, hue="options", style="options", palette="colorblind", ax=axes)
    axes.legend(title=None)


def _label(key: str) -> str:
    field = field_at(Parameters, tuple(key.split(".")))
    return fill(field.title, LABEL_WIDTH) + f"\n({key})" if field is not None and field.title else key
