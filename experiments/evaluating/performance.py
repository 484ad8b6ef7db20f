"""How well each way of looking does: bias, coverage and power over many evaluations of the same truth."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.evaluating.area import Area
from experiments.evaluating.designs import DESIGNS, Design
from experiments.evaluating.estimands import Estimand
from experiments.evaluating.estimate import Estimate
from scenarios.evaluation import Evaluation

if TYPE_CHECKING:
    import pandas as pd

#: Of the intervals that are judged, and of those that say how well the judging is known.
LEVEL = 0.95


class Truth(NamedTuple):
    """A true effect over all areas, how far off by chance, what were without it, and of how many people."""

    effect: float
    error: float
    without: float
    people: int


def performance(effect: str, areas: Sequence[Area], evaluation: Evaluation) -> "pd.DataFrame":
    """Return a row for each design, follow-up and number of places that leaves two evaluations or more.

    Parameters
    ----------
    effect
        The effect's name.
    areas
        Every area lived through under it.
    evaluation
        What is asked.

    Returns
    -------
    pandas.DataFrame
        Effects are differences in ``unit``; ``..._share`` are 0 to 1, with exact 95% intervals beside them;
        ``true_change`` is the effect as a share of what would have been without it, ``reported_change`` as a
        share of what the design compares with, which is how it would be published.
    """
    import pandas as pd

    rows = []
    for months in evaluation.follow_up_months:
        for name in evaluation.designs:
            design = DESIGNS[name]
            truth = truth_of(design.aims_at, areas, months)
            for places in evaluation.places:
                made = estimates(design, areas, places, months)
                found = [estimate for estimate in made if estimate is not None]
                if len(found) >= 2:
                    about = {"effect": effect, "design": name, "months": months, "places": places}
                    rows.append(about | {"unit": design.unit} | _judged(found, truth, len(made)))
    return pd.DataFrame(rows)


def estimates(design: Design, areas: Sequence[Area], places: int, months: int) -> list[Estimate | None]:
    """Return what evaluations of so many places each report; each is compared with the next one's places."""
    groups = [areas[first : first + places] for first in range(0, len(areas) - places + 1, places)]
    return [
        design.estimate(group, groups[(number + 1) % len(groups)], months)
        for number, group in enumerate(groups)
    ]


def truth_of(estimand: Estimand, areas: Sequence[Area], months: int) -> Truth:
    """Return the mean true effect over all areas, of people or of places, with its standard error."""
    effects = [estimand.effects(area, months) for area in areas]
    without = [estimand.without(area, months) for area in areas]
    followed = sum(map(len, effects))
    if estimand.by_place:
        effects, without = (
            [np.atleast_1d(one.mean()) for one in each if len(one)] for each in (effects, without)
        )
    people = np.array([len(effect) for effect in effects])
    total = np.array([effect.sum() for effect in effects])
    if not people.sum():
        return Truth(np.nan, np.nan, np.nan, 0)
    mean = total.sum() / people.sum()
    error = np.sqrt(((total - mean * people) ** 2).sum()) / people.sum()
    return Truth(float(mean), float(error), float(np.concatenate(without).mean()), followed)


def _judged(found: Sequence[Estimate], truth: Truth, made: int) -> dict[str, Any]:
    from scipy.stats import t

    value, low, high, level, people = (np.array(column) for column in zip(*found, strict=True))
    bias = value.mean() - truth.effect
    further = t.ppf((1 + LEVEL) / 2, len(value) - 1)
    off = further * np.hypot(value.std(ddof=1) / np.sqrt(len(value)), truth.error)
    return {
        "evaluations": len(found),
        "not_made": made - len(found),
        "people": float(people.mean()),
        "followed": truth.people,
        "true_effect": truth.effect,
        "true_error": truth.error,
        "reported_effect": value.mean(),
        "reported_low": np.quantile(value, (1 - LEVEL) / 2),
        "reported_high": np.quantile(value, (1 + LEVEL) / 2),
        "without": truth.without,
        "true_change": truth.effect / truth.without,
        "reported_change": value.mean() / level.mean(),
        "bias": bias,
        "bias_low": bias - off,
        "bias_high": bias + off,
        **_share("coverage", (low <= truth.effect) & (truth.effect <= high)),
        **_share("power", np.array([estimate.finds for estimate in found])),
    }


def _share(name: str, so: NDArray[np.bool_]) -> dict[str, float]:
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(so.sum(), len(so), alpha=1 - LEVEL, method="beta")
    return {f"{name}_share": float(so.mean()), f"{name}_low": float(low), f"{name}_high": float(high)}
