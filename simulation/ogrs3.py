"""OGRS3, the reconviction score that a partnership of 2009 to 2015 saw.

Source
------
Howard, Francis, Soothill and Humphreys (2009), Ministry of Justice Research Summary 7/09, as coded in
``ministryofjustice/hmpps-arns-risk-actuarial-api`` (MIT), commit
``52792f4939eaa71a8ac4a20a4d977143dcb2ad3e``. Girls under 16 are not scored: the two public codings
of their three values disagree in sign.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

INTERCEPT_ONE_YEAR = 1.40256
INTERCEPT_TWO_YEARS = 2.1217
COPAS = 1.25112
COPAS_YEARS = 10
FIRST_SANCTION = 0.12614
REPEAT = 0.46306

#: Lower edges of the age bands, years.
AGE_FROM = np.array([10, 12, 14, 16, 18, 21, 25, 30, 35, 40, 50])
#: Log-odds by age band.
MEN = np.array([0.0, 0.08392, 0.07578, -0.0616, -0.6251, -1.0515, -1.1667, -1.326, -1.368, -1.4997, -2.0253])
WOMEN = np.array(
    [np.nan, np.nan, np.nan, -0.9592, -0.8975, -1.0285, -1.0528, -1.1291, -1.4219, -1.5247, -2.4498]
)

OFFENCE = {
    "soliciting_or_prostitution": 0.7606,
    "absconding_or_bail_offences": 0.7334,
    "theft_non_motor": 0.6612,
    "theft_from_vehicles": 0.4272,
    "taking_driving_away_and_related_offences": 0.3801,
    "handling_stolen_goods": 0.3519,
    "other_motoring": 0.2622,
    "burglary_other": 0.2406,
    "criminal_damage": 0.205,
    "public_order": 0.1819,
    "fraud_and_forgery": 0.1599,
    "drug_possession_supply": 0.0772,
    "sexual_not_against_child": 0.0328,
    "violence": 0,
    "other_offence": -0.0607,
    "drink_driving_and_related_offences": -0.1214,
    "burglary_domestic": -0.1239,
    "robbery": -0.6348,
    "sexual_against_child": -0.6534,
    "drug_import_export_production": -0.7956,
}


def log_odds(
    *,
    female: ArrayLike,
    age_start: ArrayLike,
    age_now: ArrayLike,
    age_first: ArrayLike,
    sanctions: ArrayLike,
    offence: ArrayLike,
) -> NDArray[np.float64]:
    """Return OGRS3's ``Z``, before the intercept of the one- or two-year horizon.

    Parameters are those of :func:`simulation.predictor.log_odds`; ``offence`` is looked up in
    :data:`OFFENCE`. Ages are years, at least 10; the result is NaN for girls under 16.
    """
    band = np.searchsorted(AGE_FROM, np.asarray(age_start), side="right") - 1
    by_age = np.where(np.asarray(female, dtype=bool), WOMEN[band], MEN[band])
    count = np.asarray(sanctions, dtype=float)
    years = np.asarray(age_now, dtype=float) - np.asarray(age_first, dtype=float)
    status = np.where(count == 1, FIRST_SANCTION, REPEAT)
    return np.asarray(by_age + status + COPAS * np.log(count / (COPAS_YEARS + years)) + np.asarray(offence))


def probability(z: ArrayLike, *, years: int) -> NDArray[np.float64]:
    """Return the probability of reconviction within ``years`` (1 or 2) for ``Z``.

    Raises
    ------
    KeyError
        If ``years`` is neither 1 nor 2.
    """
    intercept = {1: INTERCEPT_ONE_YEAR, 2: INTERCEPT_TWO_YEARS}[years]
    return np.asarray(1.0 / (1.0 + np.exp(-(intercept + np.asarray(z, dtype=float)))))


def percent(p: ArrayLike) -> NDArray[np.int64]:
    """Return the published score: five decimals, half up to a whole per cent, kept within 1 to 99."""
    return np.clip(np.floor(np.round(np.asarray(p, dtype=float), 5) * 100 + 0.5), 1, 99).astype(np.int64)
