"""What each way of looking aims at, and its true value from arms that share their luck.

People share staff, so that managing one takes time from another: there is more than one effect, and each
design aims at one of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.evaluating.area import MONTHS_PER_YEAR, TWIN, Area
from experiments.evaluating.discontinuity import NEAR_POINTS
from experiments.evaluating.stepped import begins, periods
from scenarios.evaluation import Arm

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Estimand:
    """A true effect.

    Attributes
    ----------
    about
        What it is, as a table tells it.
    effects
        Returns the effect on each person it is about, in an area followed for some months.
    without
        Returns what those people would have done, in the same unit.
    by_place
        Whether places count alike, and not people: for designs that compare places.
    """

    about: str
    effects: Callable[[Area, int], Numbers]
    without: Callable[[Area, int], Numbers]
    by_place: bool = False


def _scheme(area: Area, months: int) -> Numbers:
    return area.difference("everybody", TWIN, months)[area.listed(months)]


def _nobody(area: Area, months: int) -> Numbers:
    return area.yearly(TWIN, months)[area.listed(months)]


def _reoffended(area: Area, months: int) -> Numbers:
    listed = area.listed(months)
    own, other = (area.occasions(arm, 0, months)[listed] > 0 for arm in ("everybody", TWIN))
    return own.astype(float) - other


def _nobody_reoffended(area: Area, months: int) -> Numbers:
    return (area.occasions(TWIN, 0, months)[area.listed(months)] > 0).astype(float)


def leavers(area: Area, months: int) -> NDArray[np.bool_]:
    """Return who leaves prison after a short sentence and can be followed for a year from then."""
    out = area.people["released"]
    return np.asarray((out <= months - MONTHS_PER_YEAR) & area.stays(months) & (area.people["score"] >= 0))


def out_and_back(area: Area, arm: str, months: int) -> Numbers:
    """Return which of those who leave prison reoffend within a year of it, 0 or 1, shape ``(leavers,)``."""
    reoffended = area.reoffended(arm, area.people["released"], MONTHS_PER_YEAR)
    return reoffended[leavers(area, months)].astype(float)


def _near(area: Area, months: int) -> NDArray[np.bool_]:
    return area.listed(months) & (area.people["score"] < NEAR_POINTS)


def _at_the_score(area: Area, months: int) -> Numbers:
    return area.difference("everybody", TWIN, months)[_near(area, months)]


def _by_lot(area: Area, months: int) -> Numbers:
    """Return what being drawn does while half of the others are drawn: the two halves change places."""
    listed = area.listed(months)
    turned = area.difference("first_half", "second_half", months)
    return np.where(area.people["lot"] < 0.5, turned, -turned)[listed]


def _one_by_one(area: Area, months: int) -> Numbers:
    listed = area.listed(months)
    first, second = (area.yearly(arm, months) for arm in ("first_half", "second_half"))
    return np.where(area.people["lot"] < 0.5, second, first)[listed]


def _begun(months: int) -> list[tuple[Arm, int]]:
    """Return the years in which a place of the panel has begun, by arm and first month."""
    arms: tuple[Arm, ...] = ("everybody", "later")
    return [(arm, period) for arm in arms for period in periods(months) if period >= begins(arm)]


def _under_way(area: Area, months: int) -> Numbers:
    """Return the effect in every year in which a place of the panel has begun; nothing in less than one."""
    years = (area.difference(arm, TWIN, MONTHS_PER_YEAR, period) for arm, period in _begun(months))
    return np.concatenate([np.zeros(0), *(year[area.listed(months)] for year in years)])


def _not_under_way(area: Area, months: int) -> Numbers:
    years = (area.yearly(TWIN, MONTHS_PER_YEAR, period) for _, period in _begun(months))
    return np.concatenate([np.zeros(0), *(year[area.listed(months)] for year in years)])


WHOLE = Estimand("what the scheme does to those listed, against no scheme", _scheme, _nobody)
WHOLE_BY_PLACE = Estimand("the same, on the mean of places", _scheme, _nobody, by_place=True)
REOFFENDING = Estimand("the same, as the share that reoffends", _reoffended, _nobody_reoffended)
AT_THE_SCORE = Estimand(
    f"the same, for those within {NEAR_POINTS:g} points above the entry score", _at_the_score,
    lambda area, months: area.yearly(TWIN, months)[_near(area, months)],
)  # fmt: skip
BY_LOT = Estimand("what being drawn does to a person while half of the others are", _by_lot, _one_by_one)
AFTER_PRISON = Estimand(
    "what the scheme does to those who leave prison after a short sentence, as the share that reoffends",
    lambda area, months: out_and_back(area, "everybody", months) - out_and_back(area, TWIN, months),
    lambda area, months: out_and_back(area, TWIN, months),
)
UNDER_WAY = Estimand(
    "what the scheme does to those listed, in the years after it began, on the mean of places",
    _under_way,
    _not_under_way,
    by_place=True,
)
