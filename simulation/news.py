"""News: what happened to whom, and the morning on which the team knows.

A piece of news goes the quickest way on which nobody drops it. Its luck is one keyed number: an edge of
the graph that keeps less than that share of news drops it. So a slower edge never brings any piece sooner.
What nobody passes on is lost until somebody finds it: at a selection meeting, where lists are compared, at
a look-up by the information desk, or because the person says so.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.caseload import Caseload
from simulation.co_location import AGENCIES
from simulation.declare import Stream
from simulation.information import KINDS, Information, Kind, ways
from simulation.luck import Luck
from simulation.staffing import Staffing
from simulation.systems import RECORDS, System

Rows = NDArray[np.int64]
Times = NDArray[np.float64]
KEPT = Stream("news.kept", "occurrence", "how easily the k-th news of a kind about a person is dropped")
#: A piece of news; ``ours`` if it is about somebody who was carried when it happened.
PIECE = np.dtype(
    [("kind", "i1"), ("person", "i8"), ("time", "f8"), ("record", "i1"), ("due", "f8"), ("ours", "?")]
)
PLACE: dict[System, int] = {record: place for place, record in enumerate(RECORDS)}
#: The agency that keeps each record, by position.
_KEEPER = np.array([AGENCIES.index(agency) for agency, _ in RECORDS.values()])


class News:
    """Every piece of news that the teams do not know yet.

    Parameters
    ----------
    caseload
        Each person's team, and who is carried.
    luck
        Keyed luck.
    """

    def __init__(self, caseload: Caseload, luck: Luck) -> None:
        self.caseload, self.luck = caseload, luck
        #: Pieces under way, ``due`` on a morning, and lost ones, never due; in the order of posting.
        self.outstanding = np.zeros(0, dtype=PIECE)
        self._posted = np.zeros((len(caseload.team), len(KINDS)), dtype=np.int64)
        self._read_until = -1

    def adopt(self, information: Information, staffing: Staffing) -> None:
        """Take over parameters: the quickest way from each record to each team, by what it may drop."""
        self.kept, self.delay = ways(information, staffing)
        self._entry = np.array([getattr(information, entry) for _, entry in RECORDS.values()])

    def post(self, kind: Rows, people: Rows, times: Times, records: Rows) -> int:
        """Send news on its way; each piece is read on the morning after it arrives.

        Parameters
        ----------
        kind, people, times
            What happened, as a position in :data:`KINDS`, to whom and when, shape ``(n,)``.
        records
            The record it was written into, as a position in :data:`RECORDS`, shape ``(n,)``.

        Returns
        -------
        int
            How many pieces are lost: nobody passes them on.
        """
        level = np.zeros(len(people), dtype=np.int64)
        if len(self.kept) > 1:
            drawn = self.luck.many(KEPT, people, self._posted[people, kind] * len(KINDS) + kind)
            level = np.searchsorted(self.kept, drawn, side="right")
        np.add.at(self._posted.reshape(-1), people * len(KINDS) + kind, 1)
        pieces = np.zeros(len(people), dtype=PIECE)
        pieces["kind"], pieces["person"], pieces["time"], pieces["record"] = kind, people, times, records
        arrival = times + self.delay[level, self.caseload.team[people], records]
        pieces["due"] = np.maximum(np.ceil(arrival), self._read_until + 1)
        pieces["ours"] = self.caseload.carried[people]
        # NumPy would ask itself at length how to join two dtypes with fields.
        known = len(self.outstanding)
        outstanding = np.empty(known + len(pieces), dtype=PIECE)
        outstanding[:known], outstanding[known:] = self.outstanding, pieces
        self.outstanding = outstanding
        return int(np.count_nonzero(np.isinf(pieces["due"])))

    def arrived(self, day: int) -> list[tuple[Kind, NDArray[np.void]]]:
        """Return the pieces that the teams learn on a morning, kind by kind, as they were sent."""
        self._read_until = day
        return self._take(self.outstanding["due"] <= day)

    def brought(
        self, day: int, who: Rows, agencies: NDArray[np.bool_]
    ) -> list[tuple[Kind, NDArray[np.void]]]:
        """Take off its way the news of people that one of some agencies knows already, and return it.

        Parameters
        ----------
        day
            Today.
        who
            People spoken about, shape ``(n,)``.
        agencies
            Whose news is brought, shape ``(agencies,)``.
        """
        if not len(who):
            return []
        record = self.outstanding["record"]
        known = self.outstanding["time"] + self._entry[record] <= day
        return self._take(known & agencies[_KEEPER[record]] & self.about(who))

    def _take(self, which: NDArray[np.bool_]) -> list[tuple[Kind, NDArray[np.void]]]:
        """Take pieces, shape ``(pieces,)``, and return them kind by kind, as they were sent."""
        if not which.any():
            return []
        pieces, self.outstanding = self.outstanding[which], self.outstanding[~which]
        pieces = pieces[np.argsort(pieces["kind"], kind="stable")]
        ends = np.cumsum(np.bincount(pieces["kind"], minlength=len(KINDS))).tolist()
        of_kind = zip(KINDS, [0, *ends], ends, strict=False)
        return [(kind, pieces[start:end]) for kind, start, end in of_kind if end > start]

    def find(self, which: NDArray[np.bool_], morning: int) -> None:
        """Let outstanding pieces, shape ``(pieces,)``, be known by a morning, whatever became of them."""
        self.outstanding["due"][which] = np.minimum(self.outstanding["due"][which], morning)

    def lost(self) -> NDArray[np.bool_]:
        """Return which outstanding pieces nobody passes on, shape ``(pieces,)``."""
        return np.asarray(np.isinf(self.outstanding["due"]))

    def about(self, who: Rows) -> NDArray[np.bool_]:
        """Return which outstanding pieces are about people, shape ``(pieces,)``."""
        asked = np.zeros(len(self.caseload.team), dtype=bool)
        asked[who] = True
        return np.asarray(asked[self.outstanding["person"]])

    def whereabouts(self) -> NDArray[np.bool_]:
        """Return which outstanding pieces are about a move into or out of custody, shape ``(pieces,)``."""
        kind = self.outstanding["kind"]
        return np.asarray((kind == KINDS.index("reception")) | (kind == KINDS.index("release")))
