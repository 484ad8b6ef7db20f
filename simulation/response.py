"""Response: what contact, visits and attention do to a person's risk and to detection.

The official predictor was fitted to people under ordinary supervision, so what counts is the contact
*beyond* what a person's status brings anyway. The shape of the response is a structural choice that no
evidence settles; its size is an effect with a neutral value of zero and a range that includes harm.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulation.calendar import WEEK
from simulation.declare import Column, Group, effect, uncertainty
from simulation.people import People
from simulation.record import Record
from simulation.tiers import Tiers

Rows = NDArray[np.int64]


class Response(Group):
    """How risk answers to minutes."""

    shape: Literal["linear", "saturating", "threshold"] = uncertainty(
        "saturating", unit="choice", label="Shape of the response of risk to contact"
    )
    log_odds_per_hour: float = effect(
        0.15, neutral=0, unit="log-odds", low=-0.5, high=1.0,
        label="Fall in the log-odds of reoffending for the first weekly hour beyond ordinary supervision",
        source="EX223 and EX224: no difference in the one matched study; centred on none to modest",
        likely=(-0.15, 0.35),
        because="none to modest, some harm not excluded: the one matched study gives, at 90%, a fall "
        "of 0.22 to a rise of 0.29",
    )  # fmt: skip
    saturation_hours: float = uncertainty(
        2.0, unit="hours", low=0.1, high=20,
        label="Weekly hours at which a saturating response has flattened", likely=(0.5, 5),
        because="a judgement: half an hour to a working day a week",
    )  # fmt: skip
    threshold_hours: float = uncertainty(
        1.0, unit="hours", low=0.05, high=20, label="Weekly hours below which a threshold response is none",
        likely=(0.25, 3), because="a judgement: one short visit to several long ones a week",
    )  # fmt: skip
    memory_weeks: float = uncertainty(
        4.0, unit="weeks", low=0.5, high=52, label="Weeks over which contact counts", likely=(1, 12),
        because="a judgement: gone in a week, or kept for a season",
    )  # fmt: skip
    usual_minutes_statutory: float = uncertainty(
        20, unit="minutes a week", low=0, high=300, label="Ordinary contact under supervision",
        likely=(10, 45), because="an appointment of 20 to 45 minutes, weekly to fortnightly",
    )  # fmt: skip
    tiers: Tiers = Tiers()
    usual_minutes_others: float = uncertainty(
        0, unit="minutes a week", low=0, high=300, label="Ordinary contact without supervision",
        likely=(0, 10), because="nothing is due, and some see a drug worker or a mentor anyway",
    )  # fmt: skip
    deterrence_log_odds: float = effect(
        0.3, neutral=0, unit="log-odds", low=-1, high=3,
        label="Fall in the log-odds after a disruption visit", likely=(-0.1, 0.7),
        because="none to modest; nobody measured what a disruption visit does, and it may provoke",
    )  # fmt: skip
    deterrence_days: float = uncertainty(
        5, unit="days", low=1, high=90, label="Days for which a disruption visit deters", likely=(1, 14),
        because="a visit is remembered for a day or for a fortnight",
    )  # fmt: skip
    detection_per_hour: float = effect(
        0.02, neutral=0, unit="probability", low=0, high=1,
        label="Chance that police contact detects an offence otherwise undetected, for each weekly hour",
        likely=(0, 0.06), because="none to three times what is assumed; never measured",
    )  # fmt: skip


def answer(response: Response, hours: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the fall in log-odds for weekly hours beyond the usual; odd in its argument.

    Less than the usual contact does as much harm as the same excess does good.
    """
    size = np.abs(hours)
    if response.shape == "linear":
        effective = size
    elif response.shape == "saturating":
        scale = response.saturation_hours
        effective = (1 - np.exp(-size / scale)) / (1 - np.exp(-1 / scale))
    else:
        effective = (size >= response.threshold_hours).astype(float)
    return np.sign(hours) * response.log_odds_per_hour * effective


class Dose:
    """Minutes of contact a person-week, fading, and the shift of risk they cause."""

    def __init__(self, people: People, record: Record) -> None:
        self.record = record

        def own(name: str, about: str, unit: str, start: float = 0.0) -> NDArray[np.float64]:
            return people.own(Column(name, "float64", "response", about, unit, start))

        self.minutes = own("contact_minutes", "contact a week, fading", "minutes a week")
        self.police_minutes = own("police_minutes", "police contact a week, fading", "minutes a week")
        self.usual = own(
            "usual_minutes", "ordinary contact a week that this replaces, fading", "minutes a week"
        )
        self.deterred_until = own("deterred_until", "end of deterrence by a visit", "days", -np.inf)
        self.noticed = own("noticed", "chance that police attention detects an offence", "probability")

    def adopt(self, response: Response) -> None:
        """Take over parameters."""
        self.response = response
        self._fades = float(np.exp(-1 / (WEEK * response.memory_weeks)))

    def pass_day(self, rows: Rows, supervised: NDArray[np.bool_], ogrs: NDArray[np.float64]) -> float:
        """Let a day pass: contact fades, and the ordinary contact of a day is set against it.

        Parameters
        ----------
        rows
            People carried who are at liberty, shape ``(n,)``: without the partnership these would have had
            ordinary contact.
        supervised
            Whether ordinary supervision would see them, shape ``(n,)``.
        ogrs
            Their OGRS3 within two years, which decides their tier, shape ``(n,)``.

        Returns
        -------
        float
            Minutes of ordinary contact that the day replaced.
        """
        response = self.response
        for column in (self.minutes, self.police_minutes, self.usual):
            column *= self._fades
        minutes = response.usual_minutes_statutory * response.tiers.share(ogrs)
        usual = np.where(supervised, minutes, response.usual_minutes_others)
        self.usual[rows] += usual / (WEEK * response.memory_weeks)
        return float(usual.sum()) / WEEK

    def give(self, who: Rows, minutes: NDArray[np.float64], police: NDArray[np.bool_]) -> None:
        """Add contact made today; a person may appear more than once."""
        weekly = minutes / self.response.memory_weeks
        np.add.at(self.minutes, who, weekly)
        np.add.at(self.police_minutes, who[police], weekly[police])

    def deter(self, who: Rows, day: int) -> None:
        """Let a disruption visit deter people for some days."""
        self.deterred_until[who] = day + self.response.deterrence_days

    def shift(self, day: int, who: Rows, relief: NDArray[np.float64]) -> None:
        """Set the shift of risk, and detection by attention, of people whose contact is looked at today.

        Parameters
        ----------
        day
            Today.
        who, relief
            People, and the fall of their log-odds by needs that are met, shape ``(n,)``.
        """
        response = self.response
        fall = relief + answer(response, (self.minutes[who] - self.usual[who]) / 60)
        fall += response.deterrence_log_odds * (self.deterred_until[who] > day)
        self.record.shift_to(who, -fall)
        hours = self.police_minutes[who] / 60
        self.noticed[who] = 1 - (1 - response.detection_per_hour) ** hours
