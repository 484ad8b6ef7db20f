"""The venue: what the place at which people are seen does to their coming, and to their trust."""

import numpy as np
from numpy.typing import NDArray

from simulation.co_location import AGENCIES
from simulation.engagement import Trust
from simulation.slots import AGENCY_OF, AT_HOME
from simulation.staffing import Staffing
from simulation.surgery import Surgery

Rows = NDArray[np.int64]


class Venue:
    """The shared places of the teams, to those who are seen there.

    Parameters
    ----------
    staffing
        How each team sits together.
    surgery
        The surgery days: on these, and only on these, a surgery's appointments are at the place.
    """

    def __init__(self, staffing: Staffing, surgery: Surgery) -> None:
        together = staffing.together
        inside = [[t.inside(name) * t.seen_there_share for name in AGENCIES] for t in together]
        #: Share of each kind of contact that takes place there, shape ``(teams, slots)``.
        self._share = np.array(inside)[:, AGENCY_OF] * ~AT_HOME
        self._surgery = surgery
        self._log_odds = np.array([t.form.attendance_log_odds for t in together])
        self._trust = np.array([t.form.trust_per_appointment for t in together])

    def _there(self, weekday: int, team: Rows, slot: Rows) -> NDArray[np.float64]:
        if not self._surgery.here.any():
            return np.asarray(self._share[team, slot])
        held = self._surgery.weekday[team] >= 0
        return np.where(held, self._surgery.is_today(weekday, team, slot), self._share[team, slot])

    def attendance(self, weekday: int, team: Rows, slot: Rows) -> NDArray[np.float64]:
        """Return what the place adds to attendance, log-odds, shape ``(n,)``."""
        return np.asarray(self._log_odds[team] * self._there(weekday, team, slot))

    def move_trust(self, trust: Trust, weekday: int, team: Rows, who: Rows, slot: Rows) -> None:
        """Let appointments kept at the place build trust, or cost it, once a day for each person."""
        if not self._trust.any():
            return
        share = self._trust[team] * self._there(weekday, team, slot)
        moved, share = who[share != 0], share[share != 0]
        moved, first = np.unique(moved, return_index=True)
        trust.build(moved, np.maximum(share[first], 0.0))
        trust.lose(moved, np.maximum(-share[first], 0.0))
