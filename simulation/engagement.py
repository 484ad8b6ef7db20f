"""Engagement: whether people are there, and what being seen does to trust."""

import numpy as np
from numpy.typing import NDArray

from simulation.declare import Column, Group, Stream, uncertainty
from simulation.luck import Luck
from simulation.motivation import Motivation
from simulation.people import People

Rows = NDArray[np.int64]
ATTEND = Stream("engagement.attend", "occurrence", "whether the k-th contact of a kind finds the person")
TRUST = Stream("engagement.trust", "occurrence", "a person's trust at the outset")


class Engagement(Group):
    """Attendance and trust. No source gives missed-appointment rates for these people."""

    attendance: float = uncertainty(
        0.6, unit="log-odds", low=-4, high=10,
        label="Attendance of a voluntary appointment at average trust", likely=(-0.2, 1.4),
        because="45% to 80% of voluntary appointments kept; no rate for these people is published",
    )  # fmt: skip
    statutory: float = uncertainty(
        0.7, unit="log-odds", low=-2, high=4, label="What being under supervision adds to attendance",
        likely=(0.2, 1.4), because="an order obliges: odds a fifth higher to four times as high",
    )  # fmt: skip
    at_home: float = uncertainty(
        0.2, unit="log-odds", low=-4, high=10, label="Being found by a visit at home, unannounced",
        likely=(-0.6, 1.0), because="found at home one time in three to three in four",
    )  # fmt: skip
    in_custody: float = uncertainty(
        2.2, unit="log-odds", low=-4, high=6, label="Seeing a visitor in custody", likely=(1.2, 3.4),
        because="inside, people are at hand: 77% to 97% are seen",
    )  # fmt: skip
    per_trust: float = uncertainty(
        1.5, unit="log-odds", low=0, high=6, label="Attendance, for each unit of trust above one half",
        likely=(0.5, 2.5), because="that trust moves attendance is plausible; by how much nobody measured",
    )  # fmt: skip
    same_day: float = uncertainty(
        0.3, unit="log-odds", low=-2, high=3,
        label="Attendance when two agencies come together, or appointments follow at one place",
        likely=(0.0, 0.8),
        because="what a one-stop surgery (TK016) is for; none to a doubling of the odds",
    )  # fmt: skip
    trust_at_outset: float = uncertainty(
        0.35, unit="share", low=0, high=1, label="Mean trust at the outset", likely=(0.2, 0.5),
        because="wary at first, rather than hostile or won over",
    )  # fmt: skip
    trust_spread: float = uncertainty(
        0.4, unit="share", low=0, high=1, label="Spread (whole range) of trust at the outset over people",
        likely=(0.2, 0.8), because="people differ; how much nobody measured",
    )  # fmt: skip
    trust_per_contact: float = uncertainty(
        0.02, unit="share", low=0, high=1, label="Share of missing trust that a kept contact builds",
        likely=(0.005, 0.05),
        because="a quarter to two and a half years of weekly contact win half of what is missing",
    )  # fmt: skip
    trust_lost_at_handover: float = uncertainty(
        0.2, unit="share", low=0, high=1, label="Share of trust lost when the lead changes",
        likely=(0.05, 0.5), because="a judgement: hardly any to half",
    )  # fmt: skip
    trust_lost_at_enforcement: float = uncertainty(
        0.3, unit="share", low=0, high=1, label="Share of trust lost at an enforcement", likely=(0.05, 0.6),
        because="a judgement: hardly any to more than half",
    )  # fmt: skip


class Trust:
    """Trust of each person in the people who work with them, and what follows for attendance."""

    def __init__(
        self, people: People, luck: Luck, engagement: Engagement, motivation: Motivation | None = None
    ) -> None:
        self.luck, self.motivation = luck, motivation
        self.level = people.own(Column("trust", "float64", "engagement", "trust, 0 to 1", "share"))
        spread = luck.many(TRUST, np.arange(people.count), 0) - 0.5
        self.level[:] = np.clip(engagement.trust_at_outset + engagement.trust_spread * spread, 0.0, 1.0)

    def attends(
        self, engagement: Engagement, who: Rows, occurrence: Rows, *, base: NDArray[np.float64],
        statutory: NDArray[np.bool_], stream: Stream = ATTEND,
    ) -> NDArray[np.bool_]:  # fmt: skip
        """Return who keeps a contact, shape ``(n,)``; what people want moves it wherever it is.

        Parameters
        ----------
        engagement
            Parameters.
        who, occurrence
            People, and the running number of the contact for each.
        base
            Log-odds of place, venue and circumstance.
        statutory
            Whether supervision obliges them.
        stream
            Where the luck comes from.
        """
        z = base + engagement.per_trust * (self.level[who] - 0.5) + engagement.statutory * statutory
        if self.motivation is not None:
            z = z + self.motivation.pull(who)
        return self.luck.many(stream, who, occurrence) < 1 / (1 + np.exp(-z))

    def build(self, who: Rows, share: float | NDArray[np.float64]) -> None:
        """Let kept contacts build a share of missing trust."""
        self.level[who] += share * (1 - self.level[who])

    def lose(self, who: Rows, share: float | NDArray[np.float64]) -> None:
        """Let people lose a share of their trust, one for all or one each."""
        self.level[who] *= 1 - share
