"""What people need: the items of the dynamic predictor that a partnership can work on, and three more.

A person's needs hang together: each item is drawn from its prevalence through one shared disposition, so
that some people have most needs at their worst and some have few. What is a person's own in an item is
renewed now and then, which begins some needs and ends others and leaves the spread as it is. Health, debt
and family are not in the predictor: like others, they hinder people from keeping up a programme. Needs are
part of the truth; agencies learn of them by assessment.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from simulation.declare import Group, Stream, uncertainty
from simulation.luck import Luck
from simulation.predictor import DYNAMIC

DISPOSITION = Stream("needs.disposition", "occurrence", "a person's overall level of need")
ITEM = Stream("needs.item", "occurrence", "one number an item a person")

#: Items, with the score that each of their two thresholds adds. Graded items run 0, 1, 2.
ITEMS: Mapping[str, tuple[int, ...]] = {
    "accommodation": (1, 1),
    "unemployed": (2,),
    "activities_encourage_offending": (1, 1),
    "drug_motivation": (1, 1),
    "heroin": (1,),
    "crack": (1,),
    "cannabis": (1,),
    "chronic_drinking": (1, 1),
    "binge_drinking": (1, 1),
    "impulsivity": (1, 1),
    "pro_criminal_attitudes": (1, 1),
    "mental_health": (1,),
    "debt": (1,),
    "family": (1,),
}
NAMES = tuple(ITEMS)
#: Items by threshold: what passing the first adds, and what passing the second does.
_STEPS = np.array([(*steps, 0)[:2] for steps in ITEMS.values()], dtype=np.int8).T
#: What a point of each item adds to the log-odds of reoffending.
LOG_ODDS = np.array([DYNAMIC.need.get(item, 0.0) for item in NAMES])


class Prevalence(Group):
    """Share of the pool with each need; half of those with a graded need have it at its worst."""

    accommodation: float = uncertainty(
        0.65, unit="share", low=0, high=1, label="Accommodation",
        source="EX241 (37% of prisoners need help) and EX245 (26% more among prolific offenders)",
        confidence="expert", likely=(0.4, 0.8),
        because="from that of prisoners (EX241) to more than a quarter above it (EX245)",
    )  # fmt: skip
    unemployed: float = uncertainty(
        0.85, unit="share", low=0, high=1, label="Unemployed",
        source="EX249: 32% of prisoners were in paid work", confidence="expert", likely=(0.68, 0.95),
        because="from that of prisoners (EX249) upwards",
    )  # fmt: skip
    activities_encourage_offending: float = uncertainty(
        0.9, unit="share", low=0, high=1, label="Activities", likely=(0.7, 0.98),
        because="few prolific offenders lack it; no figure found",
    )  # fmt: skip
    drug_motivation: float = uncertainty(
        0.8, unit="share", low=0, high=1, label="Motivation to stop drugs", likely=(0.5, 0.9),
        because="follows drug use; no figure found",
    )  # fmt: skip
    heroin: float = uncertainty(
        0.8, unit="share", low=0, high=1, label="Heroin",
        source="EX248 (44% of prisoners used Class A) and EX244 (36% more among prolific offenders)",
        confidence="expert", likely=(0.44, 0.9),
        because="from Class A use of prisoners (EX248) upwards (EX244)",
    )  # fmt: skip
    crack: float = uncertainty(
        0.75, unit="share", low=0, high=1, label="Crack", likely=(0.35, 0.9),
        because="goes with heroin; no figure found",
    )  # fmt: skip
    cannabis: float = uncertainty(
        0.5, unit="share", low=0, high=1, label="Cannabis", likely=(0.3, 0.75),
        because="a judgement; no figure found",
    )  # fmt: skip
    chronic_drinking: float = uncertainty(
        0.2, unit="share", low=0, high=1, label="Chronic drinking", source="EX243: 16% alcohol dependent",
        confidence="expert", likely=(0.1, 0.35), because="about that of prisoners (EX243)",
    )  # fmt: skip
    binge_drinking: float = uncertainty(
        0.4, unit="share", low=0, high=1, label="Binge drinking", likely=(0.2, 0.6),
        because="a judgement; no figure found",
    )  # fmt: skip
    impulsivity: float = uncertainty(
        0.85, unit="share", low=0, high=1, label="Impulsivity", likely=(0.65, 0.95),
        because="few prolific offenders lack it; no figure found",
    )  # fmt: skip
    pro_criminal_attitudes: float = uncertainty(
        0.75, unit="share", low=0, high=1, label="Attitudes", likely=(0.5, 0.9),
        because="most prolific offenders have it; no figure found",
    )  # fmt: skip
    mental_health: float = uncertainty(
        0.5, unit="share", low=0, high=1, label="Mental health", likely=(0.25, 0.7),
        because="from anxiety and depression of prisoners (EX251) upwards",
    )  # fmt: skip
    debt: float = uncertainty(
        0.6, unit="share", low=0, high=1, label="Debt and benefits", likely=(0.35, 0.8),
        because="more than of others under supervision (EX246)",
    )  # fmt: skip
    family: float = uncertainty(
        0.5, unit="share", low=0, high=1, label="Children and families", likely=(0.25, 0.7),
        because="a judgement; no figure found",
    )  # fmt: skip


class Needs(Group):
    """How needs are spread over people."""

    prevalence: Prevalence = Prevalence()
    shared: float = uncertainty(
        0.95, unit="share", low=0, high=0.99, label="Share of an item's spread that is common to all items",
        likely=(0.8, 0.98),
        because="needs go together among prolific offenders; how closely was not read anywhere",
    )  # fmt: skip
    renewed_per_year: float = uncertainty(
        0.3, unit="per year", low=0, high=12, label="How often what is a person's own in an item is renewed",
        likely=(0.1, 1.0), because="homes, work and habits change every one to ten years",
    )  # fmt: skip


def disposition(luck: Luck, people: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return people's overall level of need, a standard normal number, shape ``(n,)``."""
    return np.asarray(ndtri(luck.many(DISPOSITION, people, 0)))


def draw(
    luck: Luck, people: NDArray[np.int64], common: NDArray[np.float64], needs: Needs
) -> dict[str, NDArray[np.int8]]:
    """Return every item's score for people of some disposition, each of shape ``(n,)``."""
    renewed = np.zeros(len(people), dtype=np.int64)
    return {item: score(luck, people, common, needs, place, renewed) for place, item in enumerate(NAMES)}


def score(
    luck: Luck, people: NDArray[np.int64], common: NDArray[np.float64], needs: Needs,
    place: int | NDArray[np.int64], renewed: NDArray[np.int64],
) -> NDArray[np.int8]:  # fmt: skip
    """Return people's scores, each in one item, after so many renewals, shape ``(n,)``.

    ``place`` is the position of the item, one for all or one each.
    """
    own = ndtri(luck.many(ITEM, people, place + len(NAMES) * renewed))
    level = ndtr(np.sqrt(needs.shared) * common + np.sqrt(1 - needs.shared) * own)
    share = np.array([getattr(needs.prevalence, item) for item in NAMES])[place]
    first, second = _STEPS[:, place]
    return np.asarray(first * (level > 1 - share) + second * (level > 1 - share / 2), dtype=np.int8)


def log_odds(scores: Mapping[str, NDArray[np.int8]]) -> NDArray[np.float64]:
    """Return the dynamic predictor's log-odds of a set of scores, shape ``(n,)``."""
    total = sum(weight * scores[item].astype(float) for item, weight in zip(NAMES, LOG_ODDS, strict=True))
    return np.asarray(total)
