"""Bands: red, amber, green; blue in custody, white on the dormant list.

A band is set at a meeting, on what the team knows that day. Custody is the exception: people turn blue,
and back, as soon as the news arrives.
"""

from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from simulation.declare import Group, fact, lever

GREEN, AMBER, RED, BLUE, WHITE, NONE = 0, 1, 2, 3, 4, 5
#: Colours in the order of their codes.
COLOURS = ("green", "amber", "red", "blue", "white")


class Band(Group):
    """One band's local name."""

    name: str = fact("", unit="name", label="Local name; empty to use the colour")


class ScoredBand(Band):
    """A band that is entered at a score."""

    from_score: float = lever(..., unit="points", low=0, high=1000, label="Score from which the band begins")


class Bands(Group):
    """The bands, their local names and thresholds; Gold, Silver and Bronze are these with other names.

    The score of a person in the community is points for known offending and missed appointments, which
    fade, plus points for OGRS3.
    """

    red: ScoredBand = ScoredBand(from_score=5.5)
    amber: ScoredBand = ScoredBand(from_score=3.5)
    green: Band = Band()
    blue: Band = Band()
    white: Band = Band()
    points_per_offence: float = lever(
        1.0, unit="points", low=0, high=100, label="Points for a known arrest or sanction, fading"
    )
    points_per_missed: float = lever(
        0.4, unit="points", low=0, high=100, label="Points for a known missed appointment, fading"
    )
    points_for_ogrs: float = lever(
        2.0, unit="points", low=0, high=100, label="Points for an OGRS3 two-year probability of one"
    )

    @model_validator(mode="after")
    def _thresholds_in_order(self) -> Self:
        if self.red.from_score <= self.amber.from_score:
            raise ValueError(
                f"thresholds cross: red begins at {self.red.from_score}, amber at {self.amber.from_score}; "
                "expected red above amber"
            )
        return self

    def local_name(self, colour: str) -> str:
        """Return the local name of a colour."""
        band: Band = getattr(self, colour)
        return band.name or colour

    def local_names(self) -> tuple[str, ...]:
        """Return the local names in the order of the codes."""
        return tuple(self.local_name(colour) for colour in COLOURS)


def score(
    bands: Bands, offending: NDArray[np.float64], missed: NDArray[np.float64], ogrs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return band scores, points, shape ``(n,)``, from fading counts and OGRS3 two-year probabilities."""
    return (
        bands.points_per_offence * offending + bands.points_per_missed * missed + bands.points_for_ogrs * ogrs
    )


def colour(bands: Bands, points: NDArray[np.float64], inside: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return the band that scores and custody lead to, shape ``(n,)``."""
    # Red begins above amber, so that each threshold passed is a band higher.
    found = (points >= bands.amber.from_score).astype(np.int8)
    found += points >= bands.red.from_score
    found[inside] = BLUE
    return found
