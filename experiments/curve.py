"""The picture of a study: what each value of a factor brings, by option, with intervals."""

from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.differences import NET_BENEFIT, over_draws, summarise
from experiments.drawing import drawing
from experiments.study_words import factors_of, first_of
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
MOST_LINES, MOST_ROWS = 8, 4
MOST_FACTORS = 4
#: Letters that stand below a panel without running into its neighbour's.
LABEL_WIDTH = 40


def draw(study: "Study", path: Path) -> Path:
    """Draw a study and return the path of the PNG.

    A grid of few lines is drawn over its first factor, with the 95% interval of the average, and below it
    each line less its own first point, run by run; one of more lines in rows by its last factor; any other
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
    rows = _rows(study, runs, factors)
    across = factors[:1] if rows else factors[:MOST_FACTORS]
    if len(rows) == 1:
        rows |= _steps(rows[""], first_of(study), factors[0], panels)
    shape = (len(rows), len(panels)) if rows else (len(panels), len(across))
    n = runs["replication"].nunique()
    shown = "shaded: 95% interval of the average" if rows else "a mean a point"
    # Panels of one outcome share their scale, so that rows can be compared, but not levels and differences.
    shared = "col" if len(rows) > 1 and "" not in rows else False
    size = (4.6 * shape[1], 4.2 * shape[0])
    with drawing(path, *shape, size=size, sharey=shared) as (figure, axes):
        if rows:
            for line, (title, own) in zip(axes, rows.items(), strict=True):
                for here, name in zip(line, panels, strict=True):
                    _lines(here, own, factors[0], name)
                    here.set(title=PANELS[name] + title, xlabel=_label(factors[0]), ylabel="")
        else:
            for line, name in zip(axes, panels, strict=True):
                for here, factor in zip(line, across, strict=True):
                    _points(here, runs, factor, name)
                    title = PANELS[name] if factor == across[0] else ""
                    here.set(title=title, xlabel=_label(factor), ylabel="")
        for here in axes.flat[1:]:
            here.get_legend().remove()
        figure.suptitle(
            f"{study.place.name}, {n} replications a point; {shown}", fontsize=10, x=0.01, ha="left"
        )
    return path


def _runs(study: "Study") -> "pd.DataFrame":
    """Return the runs that did not fail, their money in thousands."""
    done = study.runs[study.runs["status"] == "done"].copy()
    if NET_BENEFIT in done.columns:
        done[NET_BENEFIT] = done[NET_BENEFIT] / 1000
    return done


def _rows(study: "Study", runs: "pd.DataFrame", factors: list[str]) -> "dict[str, pd.DataFrame]":
    """Return the runs of every row of panels by what it is called; none if lines would be too many.

    Every run has the line that it belongs to: its option and further factors.
    """
    for last in (None, factors[-1] if len(factors) > 1 else None):
        rest = [key for key in factors[1:] if key != last]
        names = {
            point.scenario.name: ", ".join(
                [point.option, *(f"{key.split('.')[-1]} {point.labels[key]}" for key in rest)]
            )
            for point in study.points
        }
        lined = runs.assign(line=runs["scenario"].map(names))
        rows = {"": lined} if last is None else _by(lined, last)
        lines = lined["line"].nunique()
        points = runs["point"].nunique() * runs["options"].nunique()
        if lines <= MOST_LINES and len(rows) <= MOST_ROWS and points > lines * len(rows):
            return rows
    return {}


def _steps(
    lined: "pd.DataFrame", first: dict[str, str], factor: str, panels: list[str]
) -> "dict[str, pd.DataFrame]":
    """Return the runs less those of the first point of their line, which had the same luck."""
    import pandas as pd

    if not first or lined["replication"].nunique() < 2:
        return {}
    runs = lined.set_index(["scenario", "draw", "replication"])[panels]
    keys = lined[["scenario", "draw", "replication"]].assign(scenario=lined["scenario"].map(first))
    of = lined[panels].to_numpy(float) - runs.reindex(pd.MultiIndex.from_frame(keys)).to_numpy(float)
    value = lined.loc[lined["scenario"].isin(first.values()), factor]
    if not len(value):
        return {}
    less = lined.assign(**dict(zip(panels, of.T, strict=True)))
    return {f"\nless that at {value.iloc[0]}, run by run": less}


def _by(runs: "pd.DataFrame", key: str) -> "dict[str, pd.DataFrame]":
    name = key.split(".")[-1]
    return {f"\n{name} {value}": own for value, own in runs.groupby(key, sort=False)}


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
