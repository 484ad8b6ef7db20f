"""Funding: posts that are paid for a time only, secondments, and money in a pool."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from simulation.co_location import AGENCIES, Agency
from simulation.declare import Group, fact, lever, uncertainty
from simulation.staffing import Agencies, AgencyStaff


class Funding(Group):
    """Money with an end, and money that agencies share.

    Posts that end are those of the highest numbers; what they cost ends with them.
    """

    ends: date = fact(
        date(2010, 3, 31), unit="date", label="Last day of time-limited funding", confidence="seed",
        source="PE029 to PE036: pioneer funding is stated for 2008/09 and 2009/10",
    )  # fmt: skip
    kept_share: float = lever(
        1.0, unit="share", low=0, high=1,
        label="Posts paid by time-limited funding that agencies keep when it ends",
    )  # fmt: skip
    other_gbp_a_year: float = fact(
        0.0,
        unit="gbp a year",
        low=0,
        label="Time-limited funding spent on other things than posts and places",
    )
    secondments_end: date = lever(
        date(2011, 3, 31), unit="date", label="Last day of secondments, before staff return"
    )
    secondments_kept_share: float = lever(
        1.0, unit="share", low=0, high=1, label="Seconded posts that agencies keep when secondments end",
        source="TK018: one seconded post in Bristol, which the prison service kept", confidence="seed",
    )  # fmt: skip
    pooled: tuple[Agency, ...] = lever(
        (), unit="choice", label="Agencies that put the money of vacant posts into a pool"
    )
    pool_pays: Agency = lever("probation", unit="choice", label="Agency whose sessional staff the pool pays")
    pool_price_ratio: float = uncertainty(
        1.3, unit="ratio", low=0.5, high=5, label="Price of sessional staff over that of a post"
    )

    def ended(self, agencies: Agencies, today: date) -> NDArray[np.int64]:
        """Return how many posts of each agency are gone by a day, shape ``(agencies,)``."""
        staff: list[AgencyStaff] = [getattr(agencies, name) for name in AGENCIES]
        gone = np.zeros(len(AGENCIES), dtype=np.int64)
        if today > self.ends:
            gone += [_lost(agency.funded, self.kept_share) for agency in staff]
        if today > self.secondments_end:
            gone += [_lost(agency.seconded, self.secondments_kept_share) for agency in staff]
        return gone


def _lost(posts: int, kept: float) -> int:
    """Return posts that are not kept; whole ones, a half is kept."""
    return posts - int(posts * kept + 0.5)
