"""Selection: who is carried, by a weighted matrix; who leaves, and who can come straight back."""

from typing import Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from simulation.declare import Group, lever, uncertainty
from simulation.leaving import Leaving
from simulation.picture import Picture
from simulation.trial import Lots
from simulation.turns import turns

Rows = NDArray[np.int64]


class Weights(Group):
    """The selection matrix: points for each thing that is known."""

    recent_offending: float = lever(
        6.0, unit="points", low=0, high=1000, label="For each known arrest or sanction, fading"
    )
    serious_acquisitive: float = lever(
        0.0, unit="points", low=0, high=1000,
        label="On top, for each of these that is burglary of a home, robbery or vehicle crime",
    )  # fmt: skip
    intelligence: float = lever(
        0.0, unit="points", low=0, high=1000, label="For each police report held, fading"
    )
    record: float = lever(
        14.0, unit="points", low=0, high=1000, label="For each unit of the logarithm of sanctions on record"
    )
    unsupervised: float = lever(
        0.0,
        unit="points",
        low=-1000,
        high=1000,
        label="For people under no supervision, whom nobody else carries",
    )
    ogrs: float = lever(
        30.0, unit="points", low=0, high=1000, label="For an OGRS3 two-year probability of one"
    )


class Cohort(Group):
    """How the cohort is sized and chosen."""

    sizing: Literal["threat", "resources"] = lever(
        "threat", unit="choice", label="threat carries all above a score; resources fills to a ceiling"
    )
    ceiling: int = lever(
        600, unit="people", low=0, high=1_000_000, label="People carried when sized by resources"
    )
    weights: Weights = Weights()
    entry_score: float = lever(84.5, unit="points", low=0, high=10_000, label="Score at which people enter")
    exit_score: float = lever(75.5, unit="points", low=0, high=10_000, label="Score below which people leave")
    ppo_score: float = lever(
        89.8, unit="points", low=0, high=10_000, label="Score at which a person is designated a PPO"
    )
    dormant_days: int = lever(
        182, unit="days", low=0, high=3650, label="Days on the dormant list, from which return is instant"
    )
    leaving: Leaving = Leaving()
    lots: Lots = Lots()
    left_after_years: float = uncertainty(
        2.0,
        unit="years",
        low=0.1,
        high=20,
        label="Years in custody still to serve beyond which people are not taken",
    )

    @model_validator(mode="after")
    def _exit_below_entry(self) -> Self:
        if self.exit_score > self.entry_score:
            raise ValueError(
                f"thresholds cross: people leave below {self.exit_score} and enter at {self.entry_score}; "
                "expected exit_score at or below entry_score"
            )
        return self


class Choice(NamedTuple):
    """What a selection meeting decides."""

    enter: Rows
    leave: Rows


def threat(
    weights: Weights, picture: Picture, who: Rows, *, sanctions: NDArray[np.int64],
    ogrs: NDArray[np.float64],
) -> NDArray[np.float64]:  # fmt: skip
    """Return the threat that people pose by the matrix and a picture of them, points, shape ``(n,)``."""
    recent = weights.recent_offending * picture.offending[who]
    recent += weights.serious_acquisitive * picture.sac[who] + weights.intelligence * picture.reports[who]
    return np.asarray(recent + weights.record * np.log(sanctions) + weights.ogrs * ogrs)


def choose(
    cohort: Cohort, points: NDArray[np.float64], carried: NDArray[np.bool_], eligible: NDArray[np.bool_]
) -> Choice:
    """Return who enters and who leaves.

    Parameters
    ----------
    cohort
        The rules.
    points
        Matrix scores, shape ``(n,)``.
    carried
        Who is carried now, shape ``(n,)``.
    eligible
        Who may be taken or kept, shape ``(n,)``.
    """
    if cohort.sizing == "threat":
        enter = eligible & ~carried & (points >= cohort.entry_score)
        leave = carried & ~(eligible & (points >= cohort.exit_score))
        return Choice(np.flatnonzero(enter), np.flatnonzero(leave))
    # By resources places are filled by score, highest first. Those carried keep their place against a
    # newcomer who scores up to the gap between the two thresholds more.
    stay = np.where(carried, cohort.entry_score - cohort.exit_score, 0.0)
    able = np.flatnonzero(eligible)
    ranked = able[np.argsort(-(points + stay)[able], kind="stable")]
    taken = np.zeros(len(carried), dtype=bool)
    taken[ranked[: cohort.ceiling]] = True
    return Choice(np.flatnonzero(taken & ~carried), np.flatnonzero(carried & ~taken))


def reached(
    cohort: Cohort, choice: Choice, points: NDArray[np.float64], team: Rows, places: Rows, carried: int
) -> Choice:
    """Return what of a choice the teams' agendas get to: who leaves first, then who enters, by score.

    Parameters
    ----------
    cohort, choice
        The rules, and the whole choice.
    points, team
        Matrix scores and teams, shape ``(n,)``.
    places
        Cases that each team's agenda holds, shape ``(teams,)``.
    carried
        People carried before the meeting.
    """
    everyone = np.concatenate([choice.leave, choice.enter[np.argsort(-points[choice.enter], kind="stable")]])
    on_agenda = turns(team[everyone]) < places[team[everyone]]
    if on_agenda.all():
        return choice
    leaves = len(choice.leave)
    leave, enter = everyone[:leaves][on_agenda[:leaves]], everyone[leaves:][on_agenda[leaves:]]
    if cohort.sizing == "resources":
        enter = enter[: max(0, cohort.ceiling - (carried - len(leave)))]
    return Choice(np.sort(enter), np.sort(leave))
