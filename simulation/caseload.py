"""The caseload: who is carried, by which team, in which band, with which lead."""

import numpy as np
from numpy.typing import NDArray

from simulation.bands import BLUE, COLOURS, NONE, WHITE
from simulation.co_location import AGENCIES
from simulation.declare import Column, Event, Stream
from simulation.luck import Luck
from simulation.people import People
from simulation.recorder import Recorder

Rows = NDArray[np.int64]
TEAM = Stream("caseload.team", "occurrence", "the part of the area in which a person lives")

EVENTS = (
    Event("selected", "caseload", "a person is taken on"),
    Event("returned", "caseload", "a person returns from the dormant list"),
    Event("dormant", "caseload", "a person goes on the dormant list"),
    Event("deselected", "caseload", "a person leaves the scheme"),
    Event("band", "caseload", "a person's band is set"),
    Event("lead", "caseload", "a person's lead agency changes"),
)


class Caseload:
    """The columns of being managed, and the moves between them.

    Parameters
    ----------
    people, luck, recorder
        The column store, keyed luck and the event log.
    shares
        Share of the area's people in each team.
    """

    def __init__(self, people: People, luck: Luck, recorder: Recorder, shares: NDArray[np.float64]) -> None:
        def own(name: str, dtype: str, about: str, unit: str = "", start: float = 0.0) -> NDArray:  # type: ignore[type-arg]
            return people.own(Column(name, dtype, "caseload", about, unit, start))

        self.recorder = recorder
        self.carried = own("carried", "bool", "on the caseload, custody included, dormant list not")
        self.dormant_until = own("dormant_until", "float64", "end of the dormant list", "days", -np.inf)
        self.band = own("band", "int8", "0 green, 1 amber, 2 red, 3 blue, 4 white, 5 none", "", NONE)
        self.entered = own("entered", "float64", "day of the latest selection", "days", np.inf)
        self.first_entered = own("first_entered", "float64", "day of the first selection", "days", np.inf)
        self.reviewed = own("reviewed", "float64", "day the band was last set", "days", -np.inf)
        self.ppo = own("ppo", "bool", "designated a prolific and other priority offender")
        self.lead = own("lead", "int8", "position of the lead agency; -1 for none", "", -1)
        self.team = own("team", "int32", "position of the team")
        edges = np.cumsum(shares / shares.sum())
        rows = np.arange(people.count)
        self.team[:] = np.searchsorted(edges, luck.many(TEAM, rows, 0)).clip(max=len(shares) - 1)
        #: Local names of the bands, for the log.
        self.band_names: tuple[str, ...] = COLOURS

    def rows(self) -> Rows:
        """Return everyone carried."""
        return self.carried.nonzero()[0]

    def enter(self, who: Rows, day: int) -> None:
        """Take people on, or back from the dormant list."""
        returning = self.dormant_until[who] > day
        self.recorder.log_many(who[~returning], "selected", day)
        self.recorder.log_many(who[returning], "returned", day)
        self.recorder.count("entries", day, len(who))
        self.carried[who] = True
        self.dormant_until[who] = -np.inf
        self.entered[who] = day
        self.first_entered[who] = np.minimum(self.first_entered[who], day)

    def leave(self, who: Rows, day: int, dormant_days: int) -> None:
        """Take people off the caseload, onto the dormant list if there is one."""
        self.recorder.log_many(who, "dormant" if dormant_days else "deselected", day)
        self.recorder.count("exits", day, len(who))
        self.carried[who] = False
        self.ppo[who] = False
        self.lead[who] = -1
        self.dormant_until[who] = day + dormant_days
        self.band[who] = WHITE if dormant_days else NONE

    def forget(self, day: int) -> None:
        """End the dormant time of those whose days are over."""
        over = np.flatnonzero((self.band == WHITE) & (self.dormant_until <= day))
        self.band[over] = NONE
        self.recorder.log_many(over, "deselected", day)

    def set_band(self, who: Rows, band: NDArray[np.int8], day: int, *, reviewed: bool) -> None:
        """Set bands; a meeting's review restarts the time since the last one."""
        changed = self.band[who] != band
        self.band[who] = band
        if reviewed:
            self.reviewed[who] = day
        self.recorder.count("band_changes", day, np.count_nonzero(changed))
        if self.recorder.keep_events:
            for person, colour in zip(who[changed], band[changed], strict=True):
                self.recorder.log(int(person), "band", day, detail=self.band_names[colour])

    def set_lead(self, who: Rows, lead: NDArray[np.int8], day: int) -> Rows:
        """Set lead agencies and return the people whose earlier lead was another."""
        changed = self.lead[who] != lead
        handed_over = who[changed & (self.lead[who] >= 0)]
        self.lead[who] = lead
        if self.recorder.keep_events:
            for person in who[changed]:
                self.recorder.log(int(person), "lead", day, detail=AGENCIES[self.lead[person]])
        return np.asarray(handed_over)

    def desk_of_lead(self, who: Rows) -> Rows:
        """Return the team and lead agency of those who have one, as one number each."""
        lead = self.lead[who]
        return np.asarray(self.team[who] * len(AGENCIES) + lead)[lead >= 0]

    def designate(self, who: NDArray[np.bool_]) -> None:
        """Designate people as prolific and other priority offenders, until they leave; shape ``(n,)``."""
        self.ppo |= who

    def in_community(self) -> NDArray[np.bool_]:
        """Return who is carried and, as far as the team knows, not in custody."""
        return np.asarray(self.carried & (self.band != BLUE))
