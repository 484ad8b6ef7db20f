"""What happened: the event log and the daily counts that outcomes are made of."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: One line of the event log, in the columns that vidigi reads.
Line = tuple[int, str, str, float, str, str]


class Recorder:
    """Daily counts by name and, when asked for, a log of events.

    Parameters
    ----------
    days
        Length of the run.
    keep_events
        Whether to keep the event log; counts are always kept.
    """

    def __init__(self, days: int, *, keep_events: bool) -> None:
        self.days = days
        self.keep_events = keep_events
        self.events: list[Line] = []
        self._daily: dict[str, NDArray[np.float64]] = {}

    def daily(self, name: str) -> NDArray[np.float64]:
        """Return the daily series of a count, shape ``(days,)``, made when first asked for."""
        series = self._daily.get(name)
        if series is None:
            series = self._daily[name] = np.zeros(self.days)
        return series

    def count(self, name: str, day: float, amount: float | np.integer[Any] = 1.0) -> None:
        """Add to a day's count; what falls at or after the last day's end is outside the run."""
        whole = int(day)
        if whole < self.days:
            series = self._daily.get(name)
            if series is None:
                series = self.daily(name)
            series[whole] += amount

    def log(self, person: int, event: str, time: float, *, kind: str = "queue", detail: str = "") -> None:
        """Add one line to the event log if it is kept."""
        if self.keep_events:
            self.events.append((person, kind, event, time, detail, ""))

    def log_many(self, people: NDArray[Any], event: str, time: float, *, detail: str = "") -> None:
        """Add one line a person to the event log if it is kept."""
        if self.keep_events:
            self.events.extend((int(person), "queue", event, time, detail, "") for person in people)

    def names(self) -> tuple[str, ...]:
        """Return the names of every daily series."""
        return tuple(self._daily)
