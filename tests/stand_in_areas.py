"""Places whose effect is known: people selected at their worst, some offences taken away."""

from collections.abc import Mapping

import numpy as np

from simulation import Result, Timeline
from simulation.calendar import DAYS_PER_MONTH

PEOPLE, MONTHS = 400, 40
#: Score at which a stand-in's people are listed: proven occasions in the year before, and a little else.
ENTRY = 2.5


def kept_share(timeline: Timeline) -> float:
    """Return the share of managed people's offences that the scheme does not take away."""
    return float(np.exp(-timeline[-1][1].response.log_odds_per_hour))


def live(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Return the series of places, as :func:`experiments.evaluating.area.live` does."""
    luck = np.random.default_rng([seed, replication])
    rate = luck.gamma(1.0, 1.0, PEOPLE)
    person = np.repeat(np.arange(PEOPLE), luck.poisson(rate * (MONTHS + 12) / 12))
    month = luck.uniform(-12, MONTHS, len(person))
    stays, lot, other = luck.uniform(size=len(person)), luck.uniform(size=PEOPLE), luck.normal(size=PEOPLE)
    before = np.bincount(person[month < 0], minlength=PEOPLE)
    score = before + 0.5 * other - ENTRY
    people = {
        "score": score, "age": 25 + 5 * other, "female": np.zeros(PEOPLE), "ogrs3": 1 - 1 / (1 + rate),
        "convictions": 1 + before, "statutory": lot > 2, "lot": lot, "leaves": np.full(PEOPLE, 1e3),
        "released": np.where(other > 0, 6 * lot, np.nan),
    }  # fmt: skip
    results = []
    for name, timeline in scenarios.items():
        managed = (score[person] >= 0) & (month >= 0)
        for (since, parameters), until in zip(timeline, [*timeline[1:], None], strict=True):
            begin = (since - timeline[0][0]).days / DAYS_PER_MONTH
            end = (until[0] - timeline[0][0]).days / DAYS_PER_MONTH if until else np.inf
            lots = parameters.cohort.lots
            here = (month >= begin) & (month < end)
            managed &= ~here | ((lot[person] >= lots.lowest) & (lot[person] < lots.highest))
        left = ~managed | (stays < kept_share(timeline))
        series = {key: np.asarray(values, dtype=float) for key, values in people.items()}
        series |= {"person": person[left].astype(float), "month": month[left]}
        series |= {"twin_person": person.astype(float), "twin_month": month}
        results.append(Result(name, {}, series))
    return results
