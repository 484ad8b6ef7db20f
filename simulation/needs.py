"""What people need: the items of the dynamic predictor that a partnership can work on.

A person's needs hang together: each item is drawn from its prevalence through one shared disposition, so
that some people have most needs at their worst and some have few. Needs are part of the truth; agencies
learn of them by assessment.
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
}


class Prevalence(Group):
    """Share of the pool with each need; half of those with a graded need have it at its worst."""

    accommodation: float = uncertainty(
        0.65, unit="share", low=0, high=1, label="Accommodation",
        source="EX241 (37% of prisoners need help) and EX245 (26% more among prolific offenders)",
        confidence="expert",
    )  # fmt: skip
    unemployed: float = uncertainty(
        0.85, unit="share", low=0, high=1, label="Unemployed",
        source="EX249: 32% of prisoners were in paid work", confidence="expert",
    )  # fmt: skip
    activities_encourage_offending: float = uncertainty(0.9, unit="share", low=0, high=1, label="Activities")
    drug_motivation: float = uncertainty(0.8, unit="share", low=0, high=1, label="Motivation to stop drugs")
    heroin: float = uncertainty(
        0.8, unit="share", low=0, high=1, label="Heroin",
        source="EX248 (44% of prisoners used Class A) and EX244 (36% more among prolific offenders)",
        confidence="expert",
    )  # fmt: skip
    crack: float = uncertainty(0.75, unit="share", low=0, high=1, label="Crack")
    cannabis: float = uncertainty(0.5, unit="share", low=0, high=1, label="Cannabis")
    chronic_drinking: float = uncertainty(
        0.2, unit="share", low=0, high=1, label="Chronic drinking", source="EX243: 16% alcohol dependent",
        confidence="expert",
    )  # fmt: skip
    binge_drinking: float = uncertainty(0.4, unit="share", low=0, high=1, label="Binge drinking")
    impulsivity: float = uncertainty(0.85, unit="share", low=0, high=1, label="Impulsivity")
    pro_criminal_attitudes: float = uncertainty(0.75, unit="share", low=0, high=1, label="Attitudes")


class Needs(Group):
    """How needs are spread over people."""

    prevalence: Prevalence = Prevalence()
    shared: float = uncertainty(
        0.95, unit="share", low=0, high=0.99, label="Share of an item's spread that is common to all items"
    )


def draw(luck: Luck, people: NDArray[np.int64], needs: Needs) -> dict[str, NDArray[np.int8]]:
    """Return every item's score for people, each of shape ``(n,)``."""
    common = ndtri(luck.many(DISPOSITION, people, 0))
    scores = {}
    for position, (item, steps) in enumerate(ITEMS.items()):
        own = ndtri(luck.many(ITEM, people, position))
        level = ndtr(np.sqrt(needs.shared) * common + np.sqrt(1 - needs.shared) * own)
        share = getattr(needs.prevalence, item)
        scores[item] = sum(
            step * (level > 1 - share / (1 + place)).astype(np.int8) for place, step in enumerate(steps)
        )
    return scores


def log_odds(scores: Mapping[str, NDArray[np.int8]]) -> NDArray[np.float64]:
    """Return the dynamic predictor's log-odds of a set of scores, shape ``(n,)``."""
    total = sum(DYNAMIC.need[item] * score.astype(float) for item, score in scores.items())
    return np.asarray(total)
