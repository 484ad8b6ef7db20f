"""Places whose number can change by date: court sittings, programme places, rooms."""

from collections.abc import Callable, Generator
from typing import Any

import simpy


class Places:
    """A SimPy resource with a capacity that can be changed while it runs.

    SimPy's own resource has no setter for capacity, and one with no place at all cannot be made. A place
    taken away while somebody holds it goes when they leave. Those who wait are served in order of arrival,
    those who go ahead first.

    Parameters
    ----------
    env
        The clock.
    capacity
        Places at the start, at least 0.

    Raises
    ------
    ValueError
        If the capacity is negative.
    """

    def __init__(self, env: simpy.Environment, capacity: int) -> None:
        self.env = env
        self.capacity = 0
        self.busy = 0
        self.waiting: list[simpy.Event] = []
        #: How many of those waiting, the first of them, go before all others.
        self.ahead = 0
        self.waits_days: list[float] = []
        self.busy_days = 0.0
        self._counted_until = env.now
        self.resize(capacity)

    def resize(self, capacity: int) -> None:
        """Set the number of places; those waiting move up at once if there are more."""
        if capacity < 0:
            raise ValueError(f"capacity is {capacity}; it cannot be negative")
        self.capacity = capacity
        self._admit()

    def ask(self, *, ahead: bool = False) -> simpy.Event:
        """Join the queue; the event fires when a place is there, which is then held until given back.

        Whoever goes ahead is served before all who do not, in order of arrival among themselves.
        """
        turn = self.env.event()
        self.waiting.insert(self.ahead if ahead else len(self.waiting), turn)
        self.ahead += ahead
        self._admit()
        return turn

    def withdraw(self, turn: simpy.Event) -> None:
        """Leave the queue, or give back the place if it has come already."""
        if turn.triggered:
            self.give_back()
        else:
            place = self.waiting.index(turn)
            self.ahead -= place < self.ahead
            del self.waiting[place]

    def give_back(self) -> None:
        """Leave a place to whoever is next."""
        self._count()
        self.busy -= 1
        self._admit()

    def hold(self, days: float | Callable[[], float]) -> Generator[simpy.Event, Any, float]:
        """Wait for a place, hold it for ``days`` and give it back; return the days waited."""
        arrived = self.env.now
        turn = self.ask()
        try:
            yield turn
        except BaseException:
            self.withdraw(turn)
            raise
        waited = self.env.now - arrived
        self.waits_days.append(waited)
        try:
            yield self.env.timeout(days() if callable(days) else days)
        finally:
            self.give_back()
        return waited

    def busy_place_days(self, now: float) -> float:
        """Return the place-days used up to ``now``."""
        return self.busy_days + self.busy * (now - self._counted_until)

    def _count(self) -> None:
        self.busy_days += self.busy * (self.env.now - self._counted_until)
        self._counted_until = self.env.now

    def _admit(self) -> None:
        while self.waiting and self.busy < self.capacity:
            self._count()
            self.busy += 1
            self.ahead = max(self.ahead - 1, 0)
            self.waiting.pop(0).succeed()
