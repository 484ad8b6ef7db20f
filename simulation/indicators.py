"""Indicators: the national indicators of the time as far as they can be said, and who gets what.

National Indicators 16 and 40 count a whole area, of which the model holds the prolific; 18 counts a whole
probation caseload and 30 a list of prolific offenders that is fixed for a year. What stands here is the part
of each that the model's people make up, under the name of the indicator.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from simulation.calendar import DAYS_PER_YEAR, WEEK
from simulation.offences import SERIOUS_ACQUISITIVE, by_kind
from simulation.ogrs3 import INTERCEPT_ONE_YEAR, INTERCEPT_TWO_YEARS
from simulation.outcome import Outcome
from simulation.record import Record

if TYPE_CHECKING:
    from simulation.model import IOMModel

Rows = NDArray[np.int64]

#: Groups whose treatment is told apart, with words for them.
GROUPS = {"women": "women", "young_adults": "young adults under 25"}
#: Until when National Indicator 18 follows people, days.
QUARTER = 91.0

OUTCOMES = [
    Outcome("ni16_recorded_sac", "Serious acquisitive crime recorded, the pool's part of NI 16", "offences",
            "less", False, "expected; the indicator counts everybody's, per thousand residents"),
    Outcome("cohort_ni18_reoffending_rate",
            "Reoffending within three months of those taken on under supervision", "share", "less", False,
            "NI 18 takes a whole probation caseload, over what OGRS predicts"),
    Outcome("cohort_ni30_change", "Change in a year of proven occasions of PPOs carried at the decision date",
            "share", "less", False, "NI 30's year over the year before, less one"),
    Outcome("ni40_effective_treatment",
            "People from the scheme in drug treatment for 12 weeks, or to its end", "people", "more", False,
            "NI 40 counts all drug users of an area"),
    Outcome("cohort_expected_rate_12m", "Reoffending within a year that OGRS3 expects at selection", "share"),
    Outcome("cohort_observed_over_expected", "Reoffending observed over that expected by OGRS3", "ratio",
            "less", False, "OGRS3 counts from liberty, and those selected may be inside"),
    Outcome("cohort_first_reoffence_days", "Days to the first proven reoffence, of a year", "days", "more",
            False, "who has none counts the whole year"),
    *(Outcome(f"committed_by_{group}", f"Offences committed by {label}", "offences", "less")
      for group, label in GROUPS.items()),
    *(Outcome(f"caseload_{group}_share", f"Share of those carried who are {label}", "share")
      for group, label in GROUPS.items()),
    *(Outcome(f"minutes_per_person_week_{group}", f"Minutes a person a week, {label}", "minutes")
      for group, label in GROUPS.items()),
    Outcome("contact_minutes_wrong", "Contact with people taken on by false report", "minutes", "less"),
    Outcome("minutes_from_others", "Minutes for the scheme by staff who serve others too", "minutes", "less"),
]  # fmt: skip


def members(record: Record, day: float, who: Rows | slice = slice(None)) -> dict[str, NDArray[np.bool_]]:
    """Return who of some people, or of all, belongs to each of :data:`GROUPS` on a day, shape ``(n,)``."""
    age = (day - record.birth_day[who]) / DAYS_PER_YEAR
    return {"women": record.female[who], "young_adults": (age >= 18) & (age < 25)}


def of_world(model: "IOMModel") -> dict[str, float]:
    """Return the indicators that have a meaning with and without a partnership."""
    offending = model.world.offending
    per_recorded = by_kind(model.parameters.offending.actual_per_recorded)
    none = [(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0, dtype=np.int64))]
    who, when, kind = (np.concatenate(column) for column in zip(*(offending.offences or none), strict=True))
    here = (when >= model.measured_from) & (when < model.days)
    # Age at the decision date, so that the same people are counted with and without a partnership.
    groups = members(model.world.record, model.measured_from)
    result = {f"committed_by_{name}": float(own[who[here]].sum()) for name, own in groups.items()}
    sac = here & SERIOUS_ACQUISITIVE[kind]
    result["ni16_recorded_sac"] = float((1 / per_recorded[kind[sac]]).sum())
    return result


def of_partnership(model: "IOMModel") -> dict[str, float]:
    """Return what people of different groups get, and what it takes from others."""
    measured = slice(model.measured_from, model.days)

    def total(name: str) -> float:
        return float(model.recorder.daily(name)[measured].sum())

    carried = total("caseload")
    result = {name: total(name) for name in ("contact_minutes_wrong", "minutes_from_others")}
    result["ni40_effective_treatment"] = total("retained_drugs")
    for group in GROUPS:
        own = total(f"caseload_{group}")
        result[f"caseload_{group}_share"] = per(own, carried)
        result[f"minutes_per_person_week_{group}"] = per(total(f"contact_minutes_{group}") * WEEK, own)
    return result


def of_people(model: "IOMModel", run: "IOMModel", followed: Rows) -> dict[str, float]:
    """Return what becomes in a run of the people whom a model's partnership selected.

    Parameters
    ----------
    model, run
        Whose selection, and where to look: the model itself, or its twin.
    followed
        Those followed for a year from first selection.
    """
    works = model.works
    person, committed = _columns(run.world.justice.proven)
    first = works.caseload.first_entered
    since = committed - first[person]
    to_first = np.full(len(first), DAYS_PER_YEAR)
    np.minimum.at(to_first, person[since >= 0], since[since >= 0])
    stays = works.choosing.stays.all()
    quarter = (
        stays.statutory & (stays.entered >= model.measured_from) & (stays.entered + QUARTER < model.days)
    )
    back = _any_within(person, committed, stays.person[quarter], stays.entered[quarter], QUARTER)
    return {
        "cohort_first_reoffence_days": per(to_first[followed].sum(), len(followed)),
        "cohort_ni18_reoffending_rate": per(back.sum(), len(back)),
        "cohort_ni30_change": _year_over_year(model, run),
    }


def expected(model: "IOMModel", followed: Rows) -> float:
    """Return the mean probability of reoffending within a year that OGRS3 gives people at selection."""
    two_years = model.works.choosing.ogrs_at_selection[followed]
    one_year = expit(logit(two_years) - INTERCEPT_TWO_YEARS + INTERCEPT_ONE_YEAR)
    return per(one_year.sum(), len(followed))


def _year_over_year(model: "IOMModel", run: "IOMModel") -> float:
    """Return the change of PPOs' occasions in the year from the decision date; NaN in a shorter run."""
    start = float(model.measured_from)
    if start + DAYS_PER_YEAR > model.days:
        return float("nan")
    stays = model.works.choosing.stays.all()
    carried = stays.ppo & (stays.entered <= start) & (stays.left > start)
    who = np.unique(stays.person[carried])
    person, when = _columns([(row[0], row[1]) for row in run.world.justice.sanctions])
    careers = run.world.careers
    person = np.concatenate([person, careers.history_person])
    when = np.concatenate([when, careers.history_day])
    own = np.isin(person, who)
    after = (own & (when >= start) & (when < start + DAYS_PER_YEAR)).sum()
    before = (own & (when >= start - DAYS_PER_YEAR) & (when < start)).sum()
    return per(after, before) - 1


def _any_within(
    person: Rows, when: NDArray[np.float64], who: Rows, since: NDArray[np.float64], days: float
) -> NDArray[np.bool_]:
    """Return whether each of ``who`` has a date within so many days, shape of ``who``."""
    order = np.lexsort((when, person))
    person, when = person[order], when[order]
    # The first date of the person at or after the day looked from.
    key = person + when / 1e6
    place = np.searchsorted(key, who + since / 1e6)
    found = place < len(key)
    at = np.minimum(place, max(len(key) - 1, 0))
    if not len(key):
        return np.zeros(len(who), dtype=bool)
    return np.asarray(found & (person[at] == who) & (when[at] < since + days))


def _columns(rows: list[tuple[int, float]]) -> tuple[Rows, NDArray[np.float64]]:
    return np.array([row[0] for row in rows], dtype=np.int64), np.array([row[1] for row in rows], dtype=float)


def per(amount: float, number: float) -> float:
    """Return an average or a share; NaN where there is nothing to average over."""
    return float(amount / number) if number else float("nan")
