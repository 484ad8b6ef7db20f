"""Desk work: pieces of work about people that need nobody but the agency, each with a deadline.

Plans and their reviews, evaluations, actions from meetings, hand-overs in preparation, warnings and papers
for court share diaries with contacts. What is close to its deadline comes before contacts, the rest gets what
contacts leave.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.caseload import Caseload
from simulation.co_location import AGENCIES
from simulation.declare import Group, uncertainty
from simulation.diaries import fill
from simulation.recorder import Recorder

Rows = NDArray[np.int64]
Minutes = float | NDArray[np.float64]
(
    PLAN, PLAN_REVIEW, EVALUATION, ACTION, HANDOVER, WARNING, COURT_REPORT, CASE_FILE, RELEASE, CONFERENCE,
) = range(10)  # fmt: skip
#: Whether work of each kind goes with the lead when it changes.
_OF_THE_LEAD = np.isin(np.arange(10), (PLAN, PLAN_REVIEW))


class Desk(Group):
    """When desk work is done."""

    urgent_days: float = uncertainty(
        3, unit="days", low=0, high=60, label="Days before its deadline from which work precedes contacts"
    )


class Pieces(NamedTuple):
    """Pieces of work, one row each."""

    kind: Rows
    person: Rows
    agency: Rows
    minutes: NDArray[np.float64]
    due: NDArray[np.float64]

    def where(self, chosen: NDArray[Any]) -> "Pieces":
        """Return some of the pieces."""
        return Pieces(
            self.kind[chosen],
            self.person[chosen],
            self.agency[chosen],
            self.minutes[chosen],
            self.due[chosen],
        )

    def of(self, kind: int) -> "Pieces":
        """Return the pieces of one kind."""
        return self.where(self.kind == kind)


def _joined(first: Pieces, then: Pieces) -> Pieces:
    if not len(first.kind):
        return then
    return Pieces(
        np.concatenate([first.kind, then.kind]), np.concatenate([first.person, then.person]),
        np.concatenate([first.agency, then.agency]), np.concatenate([first.minutes, then.minutes]),
        np.concatenate([first.due, then.due]),
    )  # fmt: skip


_NOTHING: Rows = np.zeros(0, dtype=np.int64)
_NONE = Pieces(_NOTHING, _NOTHING, _NOTHING, _NOTHING.astype(float), _NOTHING.astype(float))


class Deskwork:
    """The open pieces of work of every agency and team.

    Parameters
    ----------
    caseload, recorder
        Who belongs to which team and lead, and the counts.
    """

    def __init__(self, caseload: Caseload, recorder: Recorder) -> None:
        self.caseload, self.recorder = caseload, recorder
        self.open = self._done = _NONE

    def adopt(self, desk: Desk) -> None:
        """Take over parameters."""
        self.desk = desk

    def post(self, kind: int, who: Rows, agency: NDArray[np.integer], minutes: Minutes, due: Minutes) -> None:
        """Put pieces of work on desks.

        Parameters
        ----------
        kind
            Of work.
        who, agency
            About whom and for which agency, shape ``(n,)``.
        minutes, due
            How long each takes and the last day for it, one for all or shape ``(n,)``.
        """
        if len(who):
            each, last = (np.full(len(who), given, dtype=float) for given in (minutes, due))
            new = Pieces(np.full(len(who), kind), who, agency.astype(np.int64), each, last)
            self.open = _joined(self.open, new)

    def drop(self, chosen: NDArray[np.bool_]) -> None:
        """Take open pieces off their desks, a mask of shape ``(open,)``."""
        self.open = self.open.where(~chosen)

    def drop_about(self, who: Rows, kind: int) -> None:
        """Take all work of a kind about people off its desks."""
        chosen = self.open.kind == kind
        if chosen.any():
            self.drop(chosen & np.isin(self.open.person, who))

    def fill(self, day: int, left: NDArray[np.float64], *, urgent: bool) -> None:
        """Give diaries' minutes to work, the nearest deadline first.

        Parameters
        ----------
        day
            Today.
        left
            Minutes left in the diaries, shape ``(teams, agencies)``; reduced in place.
        urgent
            Whether only to do what is close to its deadline, or past it.
        """
        ahead = self.desk.urgent_days if urgent else np.inf
        chosen = np.flatnonzero(self.open.due <= day + ahead)
        if not len(chosen):
            return
        work = self.open.where(chosen)
        lead = self.caseload.lead[work.person]
        agency = np.where(_OF_THE_LEAD[work.kind] & (lead >= 0), lead, work.agency)
        diary = self.caseload.team[work.person] * len(AGENCIES) + agency
        order = np.lexsort((work.kind, work.person, work.due))
        filled = fill(left.reshape(-1), diary, work.minutes, order)
        self.open.minutes[chosen] -= filled.given
        if filled.done.any():
            done = np.zeros(len(self.open.kind), dtype=bool)
            done[chosen[filled.done]] = True
            self._done = _joined(self._done, self.open.where(done))
            self.drop(done)
        self.recorder.count("desk_minutes", day, float(filled.given.sum()))

    def done(self) -> Pieces:
        """Return, once, what has been done since this was last asked: each morning, yesterday's work."""
        done, self._done = self._done, _NONE
        return done
