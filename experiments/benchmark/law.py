"""The law of the reduced rules for one person at a time, in plain numbers.

What the model computes for arrays, the other programs compute with these functions: Python's ``math`` is
some twenty times quicker than NumPy on single numbers, and Numba compiles the same functions. Draws come in
as arguments.
"""

from math import exp, log, log1p
from typing import NamedTuple

from experiments.benchmark import rules
from simulation import Parameters
from simulation.bands import AMBER, COLOURS, RED
from simulation.calendar import DAYS_PER_MONTH
from simulation.hazard import DECAY_TO_CAP, HORIZON_MONTHS
from simulation.offences import PREDICTOR_LOG_ODDS, by_kind
from simulation.predictor import COPAS_YEARS, DYNAMIC, MONTHS_CAP
from simulation.sentencing import Bench

Numbers = tuple[float, ...]
_KIND: Numbers = tuple(PREDICTOR_LOG_ODDS.tolist())
_BASE, _INTERCEPT, _PER_SANCTION = DYNAMIC.women.base, DYNAMIC.intercept, DYNAMIC.per_sanction
_FIRST, _SECOND = DYNAMIC.first_sanction, DYNAMIC.second_sanction
_MEN, _WOMEN = (
    (*terms.age_powers, terms.gap_per_year, *terms.copas) for terms in (DYNAMIC.men, DYNAMIC.women)
)
_WINDOW = HORIZON_MONTHS * (1.0 - exp(-1.0))
_WINDOW_AT_CAP = _WINDOW * exp(-MONTHS_CAP / HORIZON_MONTHS)


class Law(NamedTuple):
    """What the rules say in numbers; by kind of offence, by band or by agency where there are several."""

    #: Offences committed a day for a proven one a month.
    pace: float
    kind_edges: Numbers
    detected: Numbers
    conviction_share: float
    arrest_days: float
    arrest_spread: float
    remand_share: float
    listing_days: float
    #: Mean days of an adjournment, and share of cases that have none.
    adjourned_days: float
    at_once_share: float
    custody: Numbers
    custody_per_log_sanctions: float
    log_length: Numbers
    length_spread: float
    served_share: float
    #: Share of a known event that still counts a day later.
    fades: float
    points: float
    amber_from: float
    red_from: float
    #: Contacts a week, by band and agency, and each agency's staff.
    weekly: tuple[Numbers, ...]
    posts: tuple[int, ...]
    #: Weekday of the first day, 0 for Monday.
    weekday: int


def law(parameters: Parameters) -> Law:
    """Return the law by parameters from :func:`experiments.benchmark.rules.parameters`."""
    offending, courts, habits = parameters.offending, parameters.courts, parameters.sentencing
    mix = by_kind(offending.proven_mix)
    detected = by_kind(offending.detection) / by_kind(offending.actual_per_recorded)
    weights = mix / mix.sum() / detected
    bench = Bench(habits)
    plans, bands = parameters.contacts, parameters.bands
    weekly = tuple(
        tuple(float(getattr(getattr(plans, colour), f"{name}_per_week")) for name in rules.TAKING_PART)
        for colour in COLOURS[:4]
    )
    return Law(
        pace=float(weights.sum()) / offending.conviction_share / DAYS_PER_MONTH,
        kind_edges=tuple((weights.cumsum() / weights.sum()).tolist()), detected=tuple(detected.tolist()),
        conviction_share=offending.conviction_share, arrest_days=courts.arrest_days,
        arrest_spread=courts.arrest_spread, remand_share=courts.remand_share,
        listing_days=courts.listing_days,
        adjourned_days=courts.completion_days / (1 - courts.completed_at_once_share),
        at_once_share=courts.completed_at_once_share,
        custody=tuple((habits.custody_first_sanction + bench.weight).tolist()),
        custody_per_log_sanctions=habits.custody_per_log_sanctions,
        log_length=tuple(bench.log_length.tolist()), length_spread=habits.length_spread,
        served_share=habits.served_share,
        fades=0.5 ** (1 / (parameters.memory.offending_months * DAYS_PER_MONTH)),
        points=bands.points_per_offence, amber_from=bands.amber.from_score, red_from=bands.red.from_score,
        weekly=weekly,
        posts=tuple(getattr(parameters.agencies, name).posts for name in rules.TAKING_PART),
        weekday=parameters.iom_start.weekday(),
    )  # fmt: skip


def log_odds(
    female: bool, age_start: float, age_now: float, age_first: float, sanctions: int, kind: int, need: float
) -> float:
    """Return the dynamic predictor's log-odds of one person at month 0; see :mod:`simulation.predictor`."""
    a1, a2, a3, a4, gap, copas, copas_squared = _WOMEN if female else _MEN
    z = _INTERCEPT + (((a4 * age_start + a3) * age_start + a2) * age_start + a1) * age_start
    years = age_now - age_first
    if female:
        z += _BASE
    if sanctions >= 3:
        rate = log(sanctions / (years + COPAS_YEARS))
        z += copas * rate + copas_squared * rate**2
    elif sanctions == 2:
        z += _SECOND + gap * years
    else:
        z += _FIRST
    return z + _PER_SANCTION * sanctions + _KIND[kind] + need


def hazard(z: float) -> tuple[float, float]:
    """Return floor and falling part of the hazard a month; see :mod:`simulation.hazard`."""
    z = min(max(z, -3.0), 4.0)
    at_start, at_cap = log1p(exp(z)), log1p(exp(z + DECAY_TO_CAP))
    excess = (at_start - at_cap) / (_WINDOW - _WINDOW_AT_CAP)
    return (at_cap - _WINDOW_AT_CAP * excess) / HORIZON_MONTHS, excess


def days_to_arrest(law: Law, normal: float) -> float:
    """Return days from an offence to the arrest, by a standard normal draw."""
    return law.arrest_days * exp(law.arrest_spread * normal - law.arrest_spread**2 / 2)


def days_to_court(law: Law, listing: float, adjourned: float, at_once: float) -> float:
    """Return days from the arrest to the hearing, by two unit exponentials and a uniform draw."""
    days = law.listing_days * listing
    return days if at_once < law.at_once_share else days + law.adjourned_days * adjourned


def days_served(law: Law, kind: int, sanctions: int, disposal: float, normal: float) -> float:
    """Return days of custody a sanction leads to, 0 for none, by a uniform and a standard normal draw."""
    z = law.custody[kind] + law.custody_per_log_sanctions * log(sanctions)
    if disposal >= 1 / (1 + exp(-z)):
        return 0.0
    return max(1.0, law.served_share * exp(law.log_length[kind] + law.length_spread * normal))


def band(law: Law, known: float) -> int:
    """Return the band in the community, by arrests and sanctions known."""
    points = law.points * known
    return RED if points >= law.red_from else AMBER if points >= law.amber_from else 0
