"""Governance: how settled the habits of working together are, who leads, and what both do.

Joined-up working does not just happen. While habits grow, news between agencies that do not sit together
takes longer and some meetings miss somebody; an agency that stays away leaves the cases it leads to the
next meeting. Nothing here touches an outcome directly.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulation.calendar import DAYS_PER_MONTH
from simulation.co_location import AGENCIES, Agency
from simulation.declare import Group, Stream, fact, lever, uncertainty
from simulation.information import Information
from simulation.luck import Luck

ATTENDS = Stream(
    "governance.attends", "day", "whether an agency of a team sends somebody to a meeting", of="thing"
)
#: Habits are looked at anew so often while they grow.
LOOKED_AT_DAYS = 28


class Leadership(Group):
    """What one way of leading a partnership does to working together."""

    news_delay_ratio: float = uncertainty(
        1.0, unit="ratio", low=0.1, high=10, label="Days of news between agencies, over those when shared"
    )
    attendance_share: float = uncertainty(
        1.0,
        unit="share",
        low=0,
        high=1,
        label="Meetings to which an agency that does not lead sends somebody",
    )


class Governance(Group):
    """How established the partnership is, and who leads it."""

    habits: Literal["settled", "growing"] = lever(
        "settled",
        unit="choice",
        label="Whether habits of sharing and of meeting are settled, or grow with the months",
    )
    months_together: float = fact(
        0.0, unit="months", low=0, high=600,
        label="Months for which the agencies had worked together when the partnership began",
    )  # fmt: skip
    settling_months: float = uncertainty(
        12.0, unit="months", low=0.5, high=120, label="Months in which habits come two-thirds of the way"
    )
    news_delay_at_outset: float = uncertainty(
        2.0, unit="ratio", low=1, high=10, label="Days of news between agencies at the outset, over settled"
    )
    attendance_at_outset: float = uncertainty(
        0.7, unit="share", low=0, high=1, label="Meetings to which an agency sends somebody at the outset"
    )
    leadership: Literal["shared", "one_agency", "contested"] = lever(
        "shared", unit="choice", label="Whether agencies lead together, one leads, or who leads is contested"
    )
    led_by: Agency = lever("police", unit="choice", label="The agency that leads where one does")
    shared: Leadership = Leadership()
    one_agency: Leadership = Leadership(attendance_share=0.85)
    contested: Leadership = Leadership(news_delay_ratio=1.5, attendance_share=0.8)


class Habits:
    """The habits of a partnership on a day: how much slower its news is, and who comes to meetings.

    Parameters
    ----------
    luck
        Keyed luck.
    """

    def __init__(self, luck: Luck) -> None:
        self.luck = luck

    def adopt(self, governance: Governance, day: int) -> None:
        """Take over parameters."""
        self.governance, self.day = governance, day
        self.settle()

    def settle(self) -> None:
        """Let habits be those of today."""
        governance = self.governance
        months = governance.months_together + self.day / DAYS_PER_MONTH
        unsettled = np.exp(-months / governance.settling_months) * (governance.habits == "growing")
        leading: Leadership = getattr(governance, governance.leadership)
        self.news_delay_ratio = float(
            leading.news_delay_ratio * (1 + (governance.news_delay_at_outset - 1) * unsettled)
        )
        led = governance.leadership == "one_agency"
        share = [1.0 if led and name == governance.led_by else leading.attendance_share for name in AGENCIES]
        #: Chance that each agency sends somebody, shape ``(agencies,)``.
        self.attendance = np.array(share) * (1 - (1 - governance.attendance_at_outset) * unsettled)
        self._always = bool((self.attendance >= 1).all())

    def moved_on(self, day: int) -> bool:
        """Return whether habits have grown by a day since they were last looked at."""
        self.day = day
        if self.governance.habits == "settled" or day % LOOKED_AT_DAYS:
            return False
        self.settle()
        return True

    def slowed(self, information: Information) -> Information:
        """Return how long news takes with habits as they are; those who sit together are not slowed."""
        days = information.between_agencies_days * self.news_delay_ratio
        return information.model_copy(update={"between_agencies_days": days})

    def present(self, attending: tuple[Agency, ...], team: int, day: int) -> NDArray[np.bool_]:
        """Return which agencies are no hindrance to a meeting, shape ``(agencies,)``.

        An agency that is expected and stays away is one. What an agency holds by itself it does hold.
        """
        if len(attending) < 2 or self._always:
            return np.ones(len(AGENCIES), dtype=bool)
        expected = np.array([name in attending for name in AGENCIES])
        rows = np.arange(len(AGENCIES)) + team * len(AGENCIES)
        return np.asarray(~expected | (self.luck.many(ATTENDS, rows, day) < self.attendance))
