"""Motivation: a person's will to change, which rises and falls with what happens to them.

Everybody has a level of their own, to which motivation returns over some months. Being seen, completing
something and needs that are met raise it; waiting for a place, staying away too long, relapse, enforcement
and having to tell one's story once more lower it. It moves whether people are there: at appointments and
programmes, for a mentor or a visitor in custody, and at home, where whoever wants no help does not open the
door. What that does to offending comes of contact made and needs met, not of motivation itself.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.declare import Column, Group, Stream, lever, uncertainty
from simulation.luck import Luck
from simulation.people import People

Rows = NDArray[np.int64]
OWN = Stream("motivation.own", "occurrence", "the level to which a person's motivation returns")


def _step(default: float, label: str, likely: tuple[float, float], because: str) -> float:
    """Declare by what share of the way to its end motivation moves at an event."""
    found: float = uncertainty(
        default, unit="share", low=0, high=1, label=label, likely=likely, because=because
    )
    return found


class MotivationRules(Group):
    """What moves motivation, and what it moves. Nobody has measured any of it."""

    own: float = uncertainty(
        0.45, unit="share", low=0, high=1, label="Mean level of motivation", likely=(0.3, 0.6),
        because="mixed, neither lost nor won; never measured",
    )  # fmt: skip
    spread: float = uncertainty(
        0.5, unit="share", low=0, high=1, label="Spread (whole range) of people's own levels",
        likely=(0.2, 0.8), because="people differ; how much nobody measured",
    )  # fmt: skip
    returns_weeks: float = uncertainty(
        12, unit="weeks", low=1, high=520,
        label="Weeks over which motivation returns to a person's own level", likely=(4, 52),
        because="a month to a year",
    )  # fmt: skip
    raised_by_contact: float = _step(
        0.01, "Raised by a kept contact with the lead", (0, 0.03),
        "none to half of what is missing in half a year of weekly contact",
    )  # fmt: skip
    raised_by_completion: float = _step(
        0.15, "Raised by a completed programme", (0.03, 0.35),
        "a judgement: felt, and not a turning point for most",
    )  # fmt: skip
    lowered_by_waiting: float = _step(
        0.02, "Lowered by a week's wait for a place", (0.005, 0.06),
        "half gone after a quarter of a year to nearly three years of waiting",
    )  # fmt: skip
    lowered_by_failure: float = _step(
        0.1, "Lowered by a place lost, a referral lapsed or a relapse", (0.02, 0.3),
        "a judgement: hardly felt to a third lost",
    )  # fmt: skip
    lowered_by_enforcement: float = _step(
        0.1, "Lowered by an enforcement", (0.02, 0.3),
        "a judgement: hardly felt to a third lost",
    )  # fmt: skip
    lowered_by_retelling: float = _step(
        0.05, "Lowered by telling the story to one more agency", (0, 0.15),
        "a judgement: none to a seventh lost",
    )  # fmt: skip
    story_kept: bool = lever(
        False, unit="choice", label="Agencies read a person's story before they first meet them"
    )
    per_motivation: float = uncertainty(
        1.0, unit="log-odds", low=0, high=6,
        label="Being there for any contact, for each unit of motivation above one half",
        likely=(0.3, 2.0), because="that will moves attendance is plausible; by how much nobody measured",
    )  # fmt: skip


class Motivation:
    """Everybody's motivation, 0 to 1.

    Parameters
    ----------
    people, luck
        The column store, and keyed luck.
    rules
        Parameters.
    """

    def __init__(self, people: People, luck: Luck, rules: MotivationRules) -> None:
        self.level = people.own(Column("motivation", "float64", "motivation", "will to change", "share"))
        spread = luck.many(OWN, np.arange(people.count), 0) - 0.5
        self._people = people
        self._own = np.clip(rules.own + rules.spread * spread, 0.0, 1.0)
        self.level[:] = self._own
        self.rules = rules

    def pull(self, who: Rows) -> NDArray[np.float64]:
        """Return what people's motivation adds to their log-odds of being there, shape ``(n,)``."""
        return np.asarray(self.rules.per_motivation * (self.level[who] - 0.5))

    def pull_one(self, person: int) -> float:
        """Return what :meth:`pull` returns, for one person."""
        return self.rules.per_motivation * (float(self.level[person]) - 0.5)

    def lift(self, who: Rows, share: float) -> None:
        """Raise people's motivation by a share of what is missing; each person once."""
        self.level[who] += share * (1 - self.level[who])

    def lower(self, who: Rows, share: float) -> None:
        """Lower people's motivation by a share of it; each person once."""
        self.level[who] *= 1 - share

    def pass_day(self, day: int, waiting: NDArray[np.bool_]) -> None:
        """Let motivation return towards people's own levels, and sink in those who wait; a seventh a day.

        Parameters
        ----------
        day
            Today.
        waiting
            Who waits for a place on some pathway, shape ``(n,)``.
        """
        turn = self._people.turn(day)
        self.level[turn] += (self._own[turn] - self.level[turn]) / self.rules.returns_weeks
        self.lower(turn[waiting[turn]], self.rules.lowered_by_waiting)


class Stories:
    """Which agencies a person has told their story to.

    Parameters
    ----------
    people, agencies
        How many there are of each.
    """

    def __init__(self, people: int, agencies: int) -> None:
        self._told = np.zeros((people, agencies), dtype=bool)

    def tell(self, who: Rows, agency: Rows, shared: NDArray[np.bool_]) -> Rows:
        """Let people tell their story, and return those who told it once more than needed.

        Parameters
        ----------
        who, agency
            People seen and who saw them, shape ``(n,)``.
        shared
            Whether that agency shares a place, and so the story, with others, shape ``(n,)``.
        """
        new = ~self._told[who, agency]
        again = new & self._told[who].any(axis=1) & ~shared
        self._told[who[new], agency[new]] = True
        return np.unique(who[again])
