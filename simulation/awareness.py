"""Awareness: what happened, what is on its way to being known, and what is known."""

from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from simulation.careers import Careers
from simulation.caseload import Caseload
from simulation.declare import Event, Stream
from simulation.information import KINDS, ORIGIN, SUBJECT, Information, Kind
from simulation.luck import Luck
from simulation.news import PLACE, News
from simulation.people import People
from simulation.picture import Memory, Picture
from simulation.recorder import Recorder
from simulation.staffing import Staffing
from simulation.systems import System

Rows = NDArray[np.int64]
SAYS = Stream("awareness.says", "occurrence", "whether the k-th contact of a kind brings what is not known")
_KIND = itemgetter(0)
EVENTS = (Event("known", "awareness", "a team learns what happened to a person"),)


class Awareness:
    """The team's picture, the true one, and the news between them.

    Parameters
    ----------
    people, caseload, luck, recorder
        The column store, who is carried and where they live, keyed luck and the counts.
    careers, arrests_per_sanction
        The records with which everybody begins.
    memory
        How long news counts.
    """

    def __init__(
        self, people: People, caseload: Caseload, luck: Luck, recorder: Recorder, careers: Careers,
        arrests_per_sanction: float, memory: Memory,
    ) -> None:  # fmt: skip
        self.luck, self.recorder = luck, recorder
        self.news = News(caseload, luck)
        self.team = Picture(people, "team", memory)
        self.true = Picture(people, "true", memory)
        for picture in (self.team, self.true):
            picture.remember(careers, arrests_per_sanction)
        #: Yesterday's events: position of the kind, person, time, position of the record.
        self._heard: list[tuple[int, int, float, int]] = []
        self._wrong_since = np.full(people.count, np.inf)

    def adopt(self, information: Information, memory: Memory, staffing: Staffing) -> None:
        """Take over parameters."""
        self.information = information
        self.news.adopt(information, staffing)
        self.team.adopt(memory)
        self.true.adopt(memory)

    def begin(self) -> None:
        """Know on the first day who is in custody: lists were compared when the scheme was set up."""
        # The first morning is still to come, and lets a day pass.
        self._pass_on(0, learnt=-1)
        self.team.know_inside(self.true)

    def hear(self, kind: Kind, person: int, time: float, record: System | None = None) -> None:
        """Take note of what happened; the next morning it is true, and on its way to being known."""
        self._heard.append((KINDS.index(kind), person, time, PLACE[record or ORIGIN[kind]]))

    def hear_many(self, kind: Kind, people: Rows, times: NDArray[np.float64]) -> None:
        """Take note of things of one kind, as :meth:`hear` does, shape ``(n,)``."""
        code, record = KINDS.index(kind), PLACE[ORIGIN[kind]]
        heard = zip(people.tolist(), times.tolist(), strict=True)
        self._heard.extend((code, person, time, record) for person, time in heard)

    def read(self, day: int) -> None:
        """Let a night pass, and read the morning's news."""
        self.team.fade()
        self.true.fade()
        self._pass_on(day, learnt=day)
        self._learn(day, self.news.arrived(day))

    def compare_lists(self, day: int) -> None:
        """Find what was lost on the way, as agencies do when they compare their lists."""
        self.news.find(self.news.lost(), day)
        self._learn(day, self.news.arrived(day))

    def bring(self, day: int, who: Rows, agencies: NDArray[np.bool_]) -> int:
        """Let agencies tell at once what they know of people, and return how many pieces of news it was.

        Parameters
        ----------
        day
            Today.
        who, agencies
            People spoken about, shape ``(n,)``, and whose news counts, shape ``(agencies,)``.
        """
        return self._learn(day, self.news.brought(day, who, agencies))

    def confirm(self, who: Rows, day: int) -> None:
        """Know today where people are, whatever news of it is on its way."""
        self.news.find(self.news.about(who) & self.news.whereabouts(), day)
        self._learn(day, self.news.arrived(day))

    def _learn(self, day: int, news: list[tuple[Kind, NDArray[np.void]]]) -> int:
        """Take news into the team's picture, time it, and return how many pieces it was."""
        for kind, pieces in news:
            self.team.learn(kind, pieces["person"], pieces["time"], day)
            since, what = pieces["time"][pieces["ours"]], SUBJECT[kind]
            self.recorder.count(f"news_{what}", day, len(since))
            self.recorder.count(f"news_lag_{what}", day, float((day - since).sum()))
            self.recorder.log_many(pieces["person"], "known", day, detail=what)
        return sum(len(pieces) for _, pieces in news)

    def correct(
        self, day: int, who: Rows, occurrence: Rows, *, seen: NDArray[np.bool_], astray: NDArray[np.bool_],
        stream: Stream = SAYS,
    ) -> None:  # fmt: skip
        """Let contacts correct the picture by tomorrow morning.

        Parameters
        ----------
        day
            Today.
        who, occurrence
            People whom staff set out to see, and the running number of the contact, shape ``(n,)``.
        seen
            Whether they were seen: they may say what has happened to them.
        astray
            Whether staff went to a place where they are not: staff may be told where they are.
        stream
            Where the luck comes from.
        """
        information = self.information
        if not information.told_at_contact_share + information.found_out_share:
            return
        drawn = self.luck.many(stream, who, occurrence)
        says = seen & (drawn < information.told_at_contact_share)
        told = astray & (drawn < information.found_out_share)
        self.news.find(self.news.about(who[says]), day + 1)
        self.news.find(self.news.about(who[told]) & self.news.whereabouts(), day + 1)

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
        self.recorder.count("bands_righted", day, np.count_nonzero(righted))
        # Whoever is no longer carried has no band to be wrong.
        still = np.where(wrong, np.minimum(since, day), np.inf)
        self._wrong_since[:] = np.inf
        self._wrong_since[rows] = still

    def _pass_on(self, day: int, *, learnt: int) -> None:
        """Send yesterday's events on their way; nothing looks at either picture between two mornings.

        Parameters
        ----------
        day
            Today.
        learnt
            The day up to which pictures have faded.
        """
        if not self._heard:
            return
        # In the order of kinds, and of one kind in that in which it was heard.
        code, people, times, records = map(np.array, zip(*sorted(self._heard, key=_KIND), strict=True))
        self._heard.clear()
        end = np.cumsum(np.bincount(code, minlength=len(KINDS))).tolist()
        for kind, start, stop in zip(KINDS, [0, *end], end, strict=False):
            if start == stop:
                continue
            who = people[start:stop]
            ours = np.count_nonzero(self.news.caseload.carried[who])
            self.recorder.count(f"news_sent_{SUBJECT[kind]}", day, ours)
            if kind != "false_report":
                self.true.learn(kind, who, times[start:stop], learnt)
        self.recorder.count("news_lost", day, self.news.post(code, people, times, records))
