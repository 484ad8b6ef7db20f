"""Days, dates and weekdays, and the rule for the last day.

Time is counted in days from midnight at the start of the run's first day: day ``d`` is the half-open
interval ``[d, d + 1)``. A run of ``n`` days holds days ``0`` to ``n - 1``; an event at exactly ``n`` falls
outside it. Windows used in outcomes follow the same rule: the start belongs, the end does not.
"""

from dataclasses import dataclass
from datetime import date, timedelta

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
WEEK = 7


@dataclass(frozen=True)
class Calendar:
    """A run's calendar, counted from its first day."""

    first: date

    def day(self, when: date) -> int:
        """Return the day number of a date; negative before the run."""
        return (when - self.first).days

    def date(self, day: int) -> date:
        """Return the date of a day number."""
        return self.first + timedelta(days=day)

    def weekday(self, day: int) -> int:
        """Return 0 for Monday to 6 for Sunday."""
        return (self.first.weekday() + day) % WEEK

    def is_working(self, day: int) -> bool:
        """Return whether the day is a Monday to Friday. Bank holidays are part of staff leave."""
        return self.weekday(day) < 5


def years_later(when: date, years: float) -> date:
    """Return the date a number of years later; whole years keep the day of the month."""
    whole, part = divmod(years, 1)
    try:
        moved = when.replace(year=when.year + int(whole))
    except ValueError:  # 29 February
        moved = when.replace(year=when.year + int(whole), day=28)
    return moved + timedelta(days=round(part * DAYS_PER_YEAR))
