"""What a court does: disposal, length, time served, supervision.

The same functions sentence people whose careers are being grown and people in the running model; they
take single numbers or arrays alike.
"""

from typing import Any, NamedTuple

import numpy as np
from scipy.special import ndtri

from simulation.calendar import DAYS_PER_MONTH
from simulation.declare import Group, Stream, fact, uncertainty
from simulation.offences import by_kind

DISPOSAL = Stream("sentence.disposal", "occurrence", "custody, community order or less, at the n-th sanction")
LENGTH = Stream("sentence.length", "occurrence", "length of the custody of the n-th sanction")
BREACH = Stream("sentence.breach", "occurrence", "whether and when the n-th sentence is breached")

DEALT_WITH = Stream("sentence.dealt_with", "occurrence", "whether the n-th sanction breaches supervision")

FINE, ORDER, CUSTODY = 0, 1, 2


class CustodyMonths(Group):
    """Mean length of an immediate custodial sentence, as pronounced."""

    burglary_dwelling: float = uncertainty(
        21.4, unit="months", low=0.5, high=120, label="Domestic burglary", confidence="published",
        source="EX267, average custodial sentence length, domestic burglary, 2009", likely=(17, 26),
        because="published for all domestic burglars; these have longer records and plead more",
    )  # fmt: skip
    burglary_other: float = uncertainty(
        10.0, unit="months", low=0.5, high=120, label="Other burglary",
        source="below EX268, 16.7 months for all burglary", likely=(6, 16.7),
        because="not above all burglary (EX268)",
    )  # fmt: skip
    robbery: float = uncertainty(
        36.0, unit="months", low=0.5, high=120, label="Robbery", source="below EX271, 61.5 months in stock",
        likely=(24, 50), because="below the stock, which holds long sentences longer (EX271)",
    )  # fmt: skip
    vehicle_crime: float = uncertainty(
        5.0, unit="months", low=0.5, high=120, label="Vehicle crime", likely=(3, 9),
        because="magistrates' sentences, for the most part; a judgement",
    )  # fmt: skip
    theft: float = uncertainty(
        3.0, unit="months", low=0.5, high=120, label="Theft", likely=(2, 6),
        because="magistrates' sentences, for the most part; a judgement",
    )  # fmt: skip
    handling: float = uncertainty(
        5.0, unit="months", low=0.5, high=120, label="Handling stolen goods", likely=(3, 9),
        because="magistrates' sentences, for the most part; a judgement",
    )  # fmt: skip
    damage: float = uncertainty(
        3.0, unit="months", low=0.5, high=120, label="Criminal damage", likely=(1.5, 6),
        because="magistrates' sentences, for the most part; a judgement",
    )  # fmt: skip
    violence: float = uncertainty(
        9.0, unit="months", low=0.5, high=120, label="Violence", likely=(5, 15),
        because="magistrates' and Crown Court; a judgement",
    )  # fmt: skip
    drugs: float = uncertainty(
        14.0, unit="months", low=0.5, high=120, label="Drugs", likely=(8, 24),
        because="possession to supply; a judgement",
    )  # fmt: skip
    public_order: float = uncertainty(
        3.0, unit="months", low=0.5, high=120, label="Public order", likely=(1.5, 6),
        because="magistrates' sentences, for the most part; a judgement",
    )  # fmt: skip


class CustodyWeight(Group):
    """How far the kind of offence moves the log-odds of custody."""

    burglary_dwelling: float = uncertainty(
        1.4, unit="log-odds", low=-5, high=5, label="Domestic burglary", confidence="expert",
        source="EX269: 85% custody at the third domestic burglary, 2008", likely=(0.9, 2.0),
        because="85% custody at the third (EX269) leaves little more room",
    )  # fmt: skip
    burglary_other: float = uncertainty(
        0.4, unit="log-odds", low=-5, high=5, label="Other burglary", likely=(-0.1, 0.9),
        because="that it weighs more than theft and less than a dwelling is certain, no more",
    )  # fmt: skip
    robbery: float = uncertainty(
        2.0, unit="log-odds", low=-5, high=5, label="Robbery", likely=(1.4, 2.7),
        because="the gravest kind here; a judgement",
    )  # fmt: skip
    vehicle_crime: float = uncertainty(
        0.1, unit="log-odds", low=-5, high=5, label="Vehicle crime", likely=(-0.4, 0.6),
        because="near the average offence; a judgement",
    )  # fmt: skip
    theft: float = uncertainty(
        -0.3, unit="log-odds", low=-5, high=5, label="Theft", likely=(-0.8, 0.2),
        because="below the average offence; a judgement",
    )  # fmt: skip
    handling: float = uncertainty(
        0.0, unit="log-odds", low=-5, high=5, label="Handling stolen goods", likely=(-0.5, 0.5),
        because="near the average offence; a judgement",
    )  # fmt: skip
    damage: float = uncertainty(
        -0.8, unit="log-odds", low=-5, high=5, label="Criminal damage", likely=(-1.3, -0.3),
        because="among the lightest; a judgement",
    )  # fmt: skip
    violence: float = uncertainty(
        0.0, unit="log-odds", low=-5, high=5, label="Violence", likely=(-0.5, 0.5),
        because="near the average offence; a judgement",
    )  # fmt: skip
    drugs: float = uncertainty(
        -0.5, unit="log-odds", low=-5, high=5, label="Drugs", likely=(-1.1, 0.2),
        because="possession to supply; a judgement",
    )  # fmt: skip
    public_order: float = uncertainty(
        -0.8, unit="log-odds", low=-5, high=5, label="Public order", likely=(-1.3, -0.3),
        because="among the lightest; a judgement",
    )  # fmt: skip


class Sentencing(Group):
    """Sentences of the era."""

    custody_weight: CustodyWeight = CustodyWeight()
    custody_months: CustodyMonths = CustodyMonths()
    custody_first_sanction: float = uncertainty(
        -5.2, unit="log-odds", low=-10, high=2, label="Custody at a first sanction, for an average offence",
        likely=(-5.8, -4.6), because="one in 330 to one in 100",
    )  # fmt: skip
    custody_per_log_sanctions: float = uncertainty(
        1.45, unit="log-odds", low=0, high=3, label="Custody, for each unit of the logarithm of sanctions",
        likely=(1.2, 1.7),
        because="17% to 47% at the twentieth sanction; no custody rates by record were found",
    )  # fmt: skip
    length_spread: float = uncertainty(
        0.7, unit="ratio", low=0.01, high=2, label="Spread (standard deviation of the log) of lengths",
        likely=(0.4, 1.0), because="two thirds of sentences within a factor of 1.5 to 2.7 of the usual",
    )  # fmt: skip
    community_order_share: float = uncertainty(
        0.75, unit="share", low=0, high=1, label="Community orders among sentences other than custody",
        likely=(0.55, 0.9), because="fines and discharges take the rest, few with these records",
    )  # fmt: skip
    community_order_months: float = uncertainty(
        12.0, unit="months", low=1, high=36, label="Length of a community order", likely=(9, 18),
        because="most orders are of a year",
    )  # fmt: skip
    served_share: float = fact(
        0.5, unit="share", low=0.1, high=1, label="Share of a sentence served before release",
        source="Criminal Justice Act 2003, section 244: half-way release", confidence="published",
    )  # fmt: skip
    licence_from_months: float = fact(
        12.0, unit="months", low=0, high=60, label="Sentence from which release is on licence",
        source="Criminal Justice Act 2003, in 2009; shorter sentences had no licence (EX266)",
        confidence="published",
    )  # fmt: skip
    top_up_months: float = fact(
        0.0, unit="months", low=0, high=24,
        label="Supervision from release that shorter sentences are topped up to; 0 for none",
        source="none in 2009: releases from under twelve months were unsupervised (EX266)",
        confidence="published",
    )  # fmt: skip
    top_up_below_months: float = fact(
        24.0, unit="months", low=0, high=60, label="Sentence below which that supervision is topped up",
        source="Offender Rehabilitation Act 2014, section 2", confidence="published",
    )  # fmt: skip
    final_share: float = fact(
        0.0, unit="share", low=0, high=0.9,
        label="Last share of an order or licence in which no appointments are made any more",
    )  # fmt: skip
    breach_share: float = uncertainty(
        0.27, unit="share", low=0, high=1, label="Supervised sentences breached at business as usual",
        source="EX290, 27% of orders breached (2001, all offenders)", likely=(0.18, 0.4),
        because="27% of all orders (EX290); these people breach more, and further offences are "
        "counted there",
    )  # fmt: skip
    breach_dealt_with_share: float = uncertainty(
        0.5, unit="share", low=0, high=1,
        label="Sanctions passed under supervision that are recorded as a breach of it as well",
        source="fitted to PE072, 7.4 breaches, Table 3.3, Nottingham", likely=(0.1, 0.9),
        because="recorded differently by place, as breaches in Table 3.3 differ",
    )  # fmt: skip
    recall_days_short: float = fact(
        28, unit="days", low=1, high=365, confidence="published", source="EX292, fixed-term recall",
        label="Days in custody after a breach or recall, for sentences below those released on licence",
    )  # fmt: skip
    recall_days: float = fact(
        28, unit="days", low=1, high=365, label="Days in custody after a breach or recall",
        source="EX292, fixed-term recall", confidence="published",
    )  # fmt: skip


class Sentence(NamedTuple):
    """A sentence, single or arrays: days from the day it is passed."""

    disposal: Any
    custody_days: Any
    supervised_days: Any
    #: Day of the enforced breach after supervision starts; infinite where there is none.
    breach_after: Any
    #: Whether it is a custodial sentence too short to be released on licence from.
    short: Any


def _either(condition: Any, one: Any, other: Any) -> Any:
    return one if condition else other


class Bench:
    """A court's habits, read once from the parameters.

    Parameters
    ----------
    sentencing
        The era's sentencing.
    """

    def __init__(self, sentencing: Sentencing) -> None:
        self.habits = sentencing
        self.weight = by_kind(sentencing.custody_weight)
        months = by_kind(sentencing.custody_months)
        # The mean of a lognormal is exp(mu + sigma^2 / 2).
        self.log_length = np.log(months * DAYS_PER_MONTH) - sentencing.length_spread**2 / 2

    def custody_probability(self, kind: Any, sanctions: Any, leaning: float = 0.0) -> Any:
        """Return the probability of custody for a kind of offence at the n-th sanction.

        ``leaning`` is by how much what the court is told lowers its log-odds.
        """
        habits = self.habits
        z = habits.custody_first_sanction + habits.custody_per_log_sanctions * np.log(sanctions)
        return 1 / (1 + np.exp(-(z + self.weight[kind] - leaning)))

    def sentence(
        self, *, kind: Any, sanctions: Any, disposal: Any, length: Any, breach: Any, leaning: float = 0.0
    ) -> Sentence:
        """Return the sentence that three uniform draws lead to.

        Parameters
        ----------
        kind, sanctions
            Position of the offence in ``KINDS``, and sanctions including this one.
        disposal, length, breach
            Uniform draws of the streams of this room, shape ``(n,)`` or single.
        leaning
            Fall of the log-odds of custody by what the court is told.
        """
        habits = self.habits
        # NumPy takes twenty times as long as Python over a single number, and a run passes thousands.
        where, larger = (np.where, np.maximum) if np.ndim(disposal) else (_either, max)
        custody = self.custody_probability(kind, sanctions, leaning)
        jailed = disposal < custody
        ordered = ~jailed & ((disposal - custody) < habits.community_order_share * (1 - custody))
        pronounced = np.exp(self.log_length[kind] + habits.length_spread * ndtri(length))
        served = where(jailed, larger(1.0, habits.served_share * pronounced), 0.0)
        licensed = jailed & (pronounced >= habits.licence_from_months * DAYS_PER_MONTH)
        order_days = habits.community_order_months * DAYS_PER_MONTH
        supervised = where(licensed, pronounced - served, where(ordered, order_days, 0.0))
        topped_up = jailed & (pronounced < habits.top_up_below_months * DAYS_PER_MONTH)
        top_up = habits.top_up_months * DAYS_PER_MONTH
        supervised = where(topped_up, larger(supervised, top_up), supervised)
        share = max(habits.breach_share, 1e-12)
        breached = (supervised > 0) & (breach < share)
        after = where(breached, breach / share * supervised, np.inf)
        disposed = where(jailed, CUSTODY, where(ordered, ORDER, FINE))
        return Sentence(disposed, served, supervised, after, jailed & ~licensed)
