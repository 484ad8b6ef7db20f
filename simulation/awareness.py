"""Awareness: what happened, what is on its way to being known, and what is known."""

import numpy as np
from numpy.typing import NDArray

from simulation.careers import Careers
from simulation.caseload import Caseload
from simulation.declare import Event
from simulation.information import KINDS, Information, Kind, News
from simulation.people import People
from simulation.picture import Memory, Picture
from simulation.recorder import Recorder
from simulation.staffing import Staffing

Rows = NDArray[np.int64]
EVENTS = (Event("known", "awareness", "a team learns what happened to a person"),)


class Awareness:
    """The team's picture, the true one, and the news between them.

    Parameters
    ----------
    people, caseload, recorder
        The column store, whose teams live where, and the counts.
    careers, arrests_per_sanction
        The records with which everybody begins.
    memory
        How long news counts.
    """

    def __init__(
        self, people: People, caseload: Caseload, recorder: Recorder, careers: Careers,
        arrests_per_sanction: float, memory: Memory,
    ) -> None:  # fmt: skip
        self.recorder = recorder
        self.news = News(caseload.team)
        self.team = Picture(people, "team", memory)
        self.true = Picture(people, "true", memory)
        for picture in (self.team, self.true):
            picture.remember(careers, arrests_per_sanction)
        self._heard: dict[Kind, list[tuple[int, float]]] = {kind: [] for kind in KINDS}
        self._wrong_since = np.full(people.count, np.inf)

    def adopt(self, information: Information, memory: Memory, staffing: Staffing) -> None:
        """Take over parameters."""
        self.news.adopt(information, staffing)
        self.team.adopt(memory)
        self.true.adopt(memory)

    def begin(self) -> None:
        """Know on the first day who is in custody: lists were compared when the scheme was set up."""
        self._pass_on(0)
        self.team.know_inside(self.true)

    def hear(self, kind: Kind, person: int, time: float) -> None:
        """Take note of what happened; the next morning it is true, and on its way to being known."""
        self._heard[kind].append((person, time))

    def read(self, day: int) -> None:
        """Let a night pass, and read the morning's news."""
        self.team.fade()
        self.true.fade()
        self._pass_on(day)
        for kind, people, times in self.news.arrived(day):
            self.team.learn(kind, people, times, day)
            self.recorder.count(f"news_read_{kind}", day, len(people))
            self.recorder.count(f"news_days_{kind}", day, float((day - times).sum()))
            self.recorder.log_many(people, "known", day, detail=kind)

    def measure_lag(self, day: int, rows: Rows, wrong: NDArray[np.bool_]) -> None:
        """Time how long each wrong band lasts until it is put right.

        Parameters
        ----------
        day
            Today.
        rows
            People carried, shape ``(n,)``.
        wrong
            Whether their band is another than the truth would give, shape ``(n,)``.
        """
        since = self._wrong_since[rows]
        righted = ~wrong & np.isfinite(since)
        self.recorder.count("band_lag_days", day, float((day - since[righted]).sum()))
        self.recorder.count("bands_righted", day, int(righted.sum()))
        # Whoever is no longer carried has no band to be wrong.
        still = np.where(wrong, np.minimum(since, day), np.inf)
        self._wrong_since[:] = np.inf
        self._wrong_since[rows] = still

    def _pass_on(self, day: int) -> None:
        """Send yesterday's events on their way; nothing looks at either picture between two mornings."""
        for kind, events in self._heard.items():
            if events:
                people = np.array([person for person, _ in events])
                times = np.array([time for _, time in events])
                self.true.learn(kind, people, times, day)
                self.recorder.count(f"news_sent_{kind}", day, len(people))
                self.news.post(kind, people, times)
                events.clear()
