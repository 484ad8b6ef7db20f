"""The ways of looking, each with what it aims at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.evaluating.after_prison import after_prison
from experiments.evaluating.area import Area
from experiments.evaluating.discontinuity import discontinuity
from experiments.evaluating.estimands import (
    AFTER_PRISON,
    AT_THE_SCORE,
    BY_LOT,
    REOFFENDING,
    UNDER_WAY,
    WHOLE,
    WHOLE_BY_PLACE,
    Estimand,
)
from experiments.evaluating.estimate import Estimate
from experiments.evaluating.matched import matched
from experiments.evaluating.one_place import before_and_after, observed_and_predicted
from experiments.evaluating.randomised import people_by_lot, places_by_lot
from experiments.evaluating.stepped import stepped_start
from scenarios import evaluation


@dataclass(frozen=True)
class Design:
    """A way of looking.

    Attributes
    ----------
    label
        As tables and sentences call it.
    estimate
        Given the areas of one evaluation, as many others without a partnership to compare with, and the
        months of follow-up, returns the estimate; nothing where it cannot be made.
    aims_at
        What it estimates if all goes well.
    unit
        Of its estimate.
    """

    label: str
    estimate: Callable[[Sequence[Area], Sequence[Area], int], Estimate | None]
    aims_at: Estimand = WHOLE
    unit: str = "occasions a year"


DESIGNS: dict[evaluation.Design, Design] = {
    "before_and_after": Design("before and after", before_and_after),
    "observed_and_predicted": Design(
        "observed and predicted", observed_and_predicted, REOFFENDING, "share reoffending"
    ),
    "matched": Design("matched comparison", matched),
    "discontinuity": Design("discontinuity", discontinuity, AT_THE_SCORE),
    "stepped_start": Design("stepped start", stepped_start, UNDER_WAY),
    "randomised_people": Design("randomised people", people_by_lot, BY_LOT),
    "randomised_places": Design("randomised partnerships", places_by_lot, WHOLE_BY_PLACE),
    "after_prison": Design("after short sentences", after_prison, AFTER_PRISON, "share reoffending"),
}


def label_of(name: Any) -> str:
    """Return a design's label by its name, as a table holds it."""
    return DESIGNS[name].label
