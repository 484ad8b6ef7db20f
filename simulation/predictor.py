"""The All Reoffending Predictor: two-year probability of proven reoffending.

The official instrument of England and Wales (the OGRS4/G family), in its static and its dynamic form.
The model's truth about a person is the dynamic form, because needs are known there; agencies see
:mod:`simulation.ogrs3`.

Source
------
``ministryofjustice/hmpps-arns-risk-actuarial-api`` (MIT), commit
``016919c5305b083e690a145856909c7b6de8c6a1``, files ``AllReoffendingPredictorStatic.kt`` and
``AllReoffendingPredictorDynamic.kt``. Values are re-entered; the formula is a plain sum of terms.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Offence-free months beyond this count no further.
MONTHS_CAP = 36
#: Years added to career length inside the Copas logarithm.
COPAS_YEARS = 26


@dataclass(frozen=True)
class SexTerms:
    """Coefficients that differ between men and women."""

    base: float
    age_powers: tuple[float, float, float, float]
    gap_per_year: float
    copas: tuple[float, float]


@dataclass(frozen=True)
class Form:
    """One form of the predictor: every coefficient in log-odds over two years."""

    intercept: float
    men: SexTerms
    women: SexTerms
    first_sanction: float
    second_sanction: float
    per_sanction: float
    months: tuple[float, float, float, float]
    offence: Mapping[str, float]
    need: Mapping[str, float]


STATIC = Form(
    intercept=5.01702292499072,
    men=SexTerms(
        0.0,
        (-0.142428460338541, 0.0011000413899151, 0.0000198538471606, -0.0000002648918335),
        gap_per_year=-0.0432051839161834,
        copas=(1.55298303083717, 0.129334968245905),
    ),
    women=SexTerms(
        -2.95224200717183,
        (-0.0175014516689226, 0.0001625346907234, 0.0000003645241305, -0.0000000746220588),
        gap_per_year=-0.0427998315841607,
        copas=(1.01980307124196, -0.039439197041062),
    ),
    first_sanction=-3.94357049933093,
    second_sanction=-3.06189212045904,
    per_sanction=-0.0042757301284995,
    months=(-0.0762086223169624, 0.0016230134182902, 0.0000224473135387, -0.0000012808638685),
    offence={
        "burglary_domestic": 0.155944202809011,
        "burglary_other": 0.2060248043228,
        "drunkenness": 0.587490417262633,
        "drink_driving": -0.264724530382273,
        "motoring_offences": -0.0439980822830184,
        "vehicle_related_theft": 0.173405416410866,
        "fraud_and_forgery": -0.434791453303048,
        "welfare_fraud": -1.15395495579948,
        "drug_import_export_or_production": -0.468252524851408,
        "drug_possession_or_supply": 0.0204101986121863,
        "violence_against_the_person_abh_plus": -0.110075583936778,
        "violence_against_the_person_sub_abh": -0.110075583936778,
        "public_order_and_harassment": 0.0854410288820027,
        "weapons_non_firearm": -0.110075583936778,
        "firearms_most_serious": -0.110075583936778,
        "firearms_other": -0.110075583936778,
        "handling_stolen_goods": 0.088414958679896,
        "criminal_damage": 0.12167599899735,
        "acquisitive_violence": -0.119211282701221,
        "other_offences": 0.0384434393037725,
        "absconding_or_bail": 0.325485504296161,
        "sexual_against_child": 0.111620464721896,
        "sexual_not_against_child": 0.169969798103235,
        "theft_non_motor": 0.462548123919817,
    },
    need={},
)

DYNAMIC = Form(
    intercept=3.83654148692014,
    men=SexTerms(
        0.0,
        (-0.110202179628585, 0.0006726723443858, 0.0000138719445957, -0.0000001610775422),
        gap_per_year=-0.0319725028712099,
        copas=(1.24540523044696, 0.0801894262854395),
    ),
    women=SexTerms(
        -2.68801056322021,
        (-0.0097677485919972, 0.000126702732348, -0.0000006094926795, -0.0000000713415862),
        gap_per_year=-0.0311412361734414,
        copas=(0.829951359317464, -0.0430018109602918),
    ),
    first_sanction=-3.39824378336932,
    second_sanction=-2.60344581288004,
    per_sanction=-0.0030262875646805,
    months=(-0.0531180383905312, 0.0004075218530422, 0.0, 0.0),
    offence={
        "burglary_domestic": 0.153587984043406,
        "burglary_other": 0.222442735978286,
        "drunkenness": 0.523303164370094,
        "drink_driving": -0.196918572042409,
        "motoring_offences": 0.0730361702901059,
        "vehicle_related_theft": 0.164192212478264,
        "fraud_and_forgery": -0.322533218006326,
        "welfare_fraud": -0.841992532871743,
        "drug_import_export_or_production": -0.437670727296335,
        "drug_possession_or_supply": 0.0049716912817919,
        "violence_against_the_person_abh_plus": -0.171350876457525,
        "violence_against_the_person_sub_abh": -0.171350876457525,
        "public_order_and_harassment": 0.0629726265569029,
        "weapons_non_firearm": -0.171350876457525,
        "firearms_most_serious": -0.171350876457525,
        "firearms_other": -0.171350876457525,
        "handling_stolen_goods": 0.155377725974202,
        "criminal_damage": 0.0250113803601321,
        "acquisitive_violence": -0.177705019766066,
        "other_offences": 0.0971157179525287,
        "absconding_or_bail": 0.236777685679456,
        "sexual_against_child": 0.0175628084853824,
        "sexual_not_against_child": 0.0919115743401314,
        "theft_non_motor": 0.428689161915978,
    },
    need={
        "accommodation": 0.0848049158355753,
        "unemployed": 0.0317783733809377,
        "lives_with_partner": -0.266331545877519,
        "relationship_quality": 0.0364051885005138,
        "lives_with_partner_x_relationship_quality": 0.141655261924428,
        "domestic_abuse_perpetrator": 0.0635669196833949,
        "activities_encourage_offending": 0.126491602592029,
        "drug_motivation": 0.08615424993393,
        "chronic_drinking": 0.0745006703601772,
        "binge_drinking": 0.0338427436465108,
        "impulsivity": 0.0421988370095297,
        "pro_criminal_attitudes": 0.0439083095441417,
        "heroin": 0.182096496867273,
        "other_opiate": 0.17892958261215,
        "crack": 0.109095964190426,
        "powder_cocaine": 0.0605135470691152,
        "misused_prescription": 0.0252240614607483,
        "benzodiazepines": 0.0764353348164513,
        "cannabis": 0.049300440360878,
        "steroids": 0.202231737251706,
        "any_other": 0.0267794308651123,
    },
)


def log_odds(
    form: Form,
    *,
    female: ArrayLike,
    age_start: ArrayLike,
    age_now: ArrayLike,
    age_first: ArrayLike,
    sanctions: ArrayLike,
    offence: ArrayLike,
    months: ArrayLike = 0,
    needs: ArrayLike = 0.0,
) -> NDArray[np.float64]:
    """Return the predictor's log-odds ``z`` of a proven reoffence within two years.

    Parameters
    ----------
    form
        :data:`STATIC` or :data:`DYNAMIC`.
    female
        True for women, shape ``(n,)`` or scalar, as all that follow.
    age_start
        Age at the start of follow-up (sentence, or release from custody), years.
    age_now
        Age at the current sanction, years.
    age_first
        Age at the first sanction, years.
    sanctions
        All sanctions including the current one, at least 1.
    offence
        Log-odds of the current offence group, looked up in ``form.offence``.
    months
        Completed offence-free months since the start of follow-up; 36 are used at most.
    needs
        Summed log-odds of needs, from :func:`need_log_odds`; zero for the static form.

    Returns
    -------
    numpy.ndarray
        Log-odds, broadcast shape of the inputs.
    """
    woman = np.asarray(female, dtype=bool)
    age = np.asarray(age_start, dtype=float)
    years = np.asarray(age_now, dtype=float) - np.asarray(age_first, dtype=float)
    count = np.asarray(sanctions, dtype=float)
    by_sex = _sex_terms(_terms(form, woman), age, years, count)
    record = form.per_sanction * count + _by_count(count, form.first_sanction, form.second_sanction, 0.0)
    free = np.minimum(np.asarray(months, dtype=float), MONTHS_CAP)
    decay = _polynomial(form.months, free)
    return np.asarray(form.intercept + by_sex + record + decay + np.asarray(offence) + np.asarray(needs))


def need_log_odds(answers: Mapping[str, Any], form: Form = DYNAMIC) -> Any:
    """Return the summed log-odds of needs.

    Parameters
    ----------
    answers
        Need name to score, scalars or arrays of shape ``(n,)``. Graded items are 0 none, 1 some,
        2 significant; ``unemployed`` is 0 or 2; drugs and relationship facts are 0 or 1.
    form
        The form whose coefficients apply.

    Raises
    ------
    KeyError
        If a name is not a need of the form.
    """
    return sum((form.need[name] * np.asarray(score, dtype=float) for name, score in answers.items()), 0.0)


def probability(z: ArrayLike) -> NDArray[np.float64]:
    """Return the two-year probability that belongs to log-odds ``z``."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(z, dtype=float))))


def _terms(form: Form, woman: NDArray[np.bool_]) -> Any:
    """Return the coefficients of people's sex, one row each: base, four of age, gap, two of Copas."""
    both = [[t.base, *t.age_powers, t.gap_per_year, *t.copas] for t in (form.men, form.women)]
    return np.array(both).T[:, woman.astype(np.intp)]


def _sex_terms(
    terms: Any, age: NDArray[np.float64], years: NDArray[np.float64], count: NDArray[np.float64]
) -> NDArray[np.float64]:
    base, *age_powers, gap_per_year, copas, copas_squared = terms
    rate = np.log(count / (years + COPAS_YEARS))
    history = _by_count(count, 0.0, gap_per_year * years, copas * rate + copas_squared * rate**2)
    return np.asarray(base + _polynomial(age_powers, age) + history)


def _by_count(count: NDArray[np.float64], first: ArrayLike, second: ArrayLike, later: ArrayLike) -> Any:
    """Return what holds at the first sanction, at the second and at every later one."""
    return np.where(count >= 3, later, np.where(count == 2, second, first))


def _polynomial(coefficients: Sequence[Any], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of ``coefficients[k] * x**(k + 1)``."""
    total = np.zeros_like(x)
    for coefficient in reversed(coefficients):
        total = (total + coefficient) * x
    return total
