"""Dealing: how a case is dealt with on its way through justice; nothing special for anybody here.

A partnership puts its own dealing in the place of this one, for the people it carries.
"""

from collections.abc import Generator
from typing import Any

import simpy


class Dealing:
    """What can be done for a case: nothing, as in any area without a partnership."""

    def hastened(self, person: int, kind: int, charge: float) -> simpy.Event | None:
        """Return an event that lets the charge come sooner than it would, or nothing."""
        return None

    def diverted(
        self, person: int, number: int, kind: int, *, proven: bool
    ) -> Generator[simpy.Event, Any, bool]:
        """Deal with a person who has been arrested out of court; return whether that ended the case."""
        return False
        yield

    def days_to_court(self, person: int, number: int, days: float, adjourned: float) -> float:
        """Return days from charge to the hearing that completes a case.

        Parameters
        ----------
        person, number
            Who, and the running number of the offence.
        days, adjourned
            Days as things are, and those of them that come of an adjournment.
        """
        return days

    def closed(self, person: int, number: int) -> None:
        """Take note that the case of a person's n-th offence is over, whatever came of it."""

    def leaning(self, person: int) -> float:
        """Return by how much what the court is told lowers the log-odds of custody."""
        return 0.0
