"""Progress: how far a study is, how fast it goes, and how long it will take."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """How far a study is, counted in runs.

    Attributes
    ----------
    done, wanted
        Runs that there are, those of earlier calls too, and runs asked for.
    failed
        Runs of this call that failed.
    ran, seconds
        Runs of this call, and how long it has been at them.
    """

    done: int
    wanted: int
    failed: int = 0
    ran: int = 0
    seconds: float = 0.0

    @property
    def per_minute(self) -> float:
        """Runs a minute so far; 0 while there is none."""
        return 60 * self.ran / self.seconds if self.ran and self.seconds else 0.0

    @property
    def left(self) -> float:
        """Seconds left at the rate so far; NaN while there is none."""
        return 60 * (self.wanted - self.done) / self.per_minute if self.per_minute else float("nan")

    def __str__(self) -> str:
        parts = [f"{self.done:,} of {self.wanted:,} runs"]
        if self.per_minute:
            parts.append(f"{self.per_minute:,.3g} a minute")
            parts.append(f"{in_words(self.left)} left" if self.done < self.wanted else in_words(self.seconds))
        if self.failed:
            parts.append(f"{self.failed:,} failed")
        return ", ".join(parts)


#: Told how a study stands whenever a task is finished.
Progress = Callable[[Standing], None]


class Meter:
    """Counts runs as they come in, and tells a listener.

    Parameters
    ----------
    done, wanted
        Runs that there are, and runs asked for.
    listener
        Whom to tell, if anybody.
    """

    def __init__(self, done: int, wanted: int, listener: Progress | None) -> None:
        self.standing, self._listener = Standing(done, wanted), listener
        self._begun = time.monotonic()
        self._tell()

    def count(self, runs: int, failed: int) -> None:
        """Count runs that came in, and how many of them failed."""
        now, seconds = self.standing, time.monotonic() - self._begun
        self.standing = Standing(now.done + runs, now.wanted, now.failed + failed, now.ran + runs, seconds)
        self._tell()

    def _tell(self) -> None:
        if self._listener is not None:
            self._listener(self.standing)


def in_words(seconds: float) -> str:
    """Return a length of time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
