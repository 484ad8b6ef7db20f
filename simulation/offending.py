"""Offences: committed, and some of them detected.

The hazard is of *proven* offences. Committed offences are drawn at the rate that gives it back: each kind
is committed as often as its proven share over its chance of detection, and over the chance of conviction.
Thinning by detection and conviction then returns the predictor exactly, kind by kind.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simulation.calendar import DAYS_PER_MONTH
from simulation.declare import Column, Event, Group, Stream, uncertainty
from simulation.hazard import HORIZON_MONTHS
from simulation.luck import Luck
from simulation.offences import NAMES, ActualPerRecorded, CrimeCost, Detection, ProvenMix, by_kind
from simulation.offences import SERIOUS_ACQUISITIVE as SAC
from simulation.people import People
from simulation.record import Record
from simulation.recorder import Recorder

Rows = NDArray[np.int64]

UNITS = Stream("offending.units", "occurrence", "integrated hazard at which the k-th offence is committed")
KIND = Stream("offending.kind", "occurrence", "kind of the k-th offence")
TIME = Stream("offending.time", "occurrence", "time of the k-th offence, between midnight and six")
DETECTED = Stream("offending.detected", "occurrence", "whether the k-th offence is detected anyway")
NOTICED = Stream("offending.noticed", "occurrence", "whether police attention detects the k-th offence")

EVENTS = (Event("offence", "offending", "an offence is committed, whether or not anybody learns of it"),)


class OffendingParameters(Group):
    """Offending as the statistics see it."""

    proven_mix: ProvenMix = ProvenMix()
    detection: Detection = Detection()
    actual_per_recorded: ActualPerRecorded = ActualPerRecorded()
    cost: CrimeCost = CrimeCost()
    conviction_share: float = uncertainty(
        0.85, unit="share", low=0.05, high=1, label="Detected offences that end in a sanction",
        likely=(0.7, 0.95), because="most who are charged plead guilty; not looked up",
    )  # fmt: skip


class Offending:
    """The daily pass in which risk accrues and offences fire.

    Parameters
    ----------
    people, record
        The column store and the records, whose hazards accrue.
    luck, recorder
        Keyed luck, and the counts.
    parameters
        The world's offending.
    on_detected
        Called with person, offence number, kind and time of detected offences, shape ``(n,)`` each.
    """

    def __init__(
        self, people: People, record: Record, luck: Luck, recorder: Recorder, parameters: OffendingParameters,
        on_detected: Callable[[Rows, Rows, Rows, NDArray[np.float64]], None],
    ) -> None:  # fmt: skip
        self.record, self.luck, self.recorder = record, luck, recorder
        self.on_detected = on_detected
        mix = by_kind(parameters.proven_mix)
        self.detected = by_kind(parameters.detection) / by_kind(parameters.actual_per_recorded)
        per_proven = mix / mix.sum() / self.detected
        #: Offences committed for each one proven, all kinds together.
        self.committed_per_proven = float(per_proven.sum()) / parameters.conviction_share
        self.kind_edges = np.cumsum(per_proven / per_proven.sum())
        self.cost = by_kind(parameters.cost)
        count = people.count

        def own(name: str, dtype: str, about: str) -> NDArray:  # type: ignore[type-arg]
            return people.own(Column(name, dtype, "offending", about))

        self.accrued = own("accrued", "float64", "integrated hazard of committing an offence")
        self.committed = own("committed", "int32", "offences committed in the run")
        self.outstanding = own("outstanding", "int32", "undetected offences since the latest sanction")
        self.threshold = own("threshold", "float64", "integrated hazard of the next offence")
        #: Chance that police attention detects an offence; the response room's column where there is one.
        self.noticed = np.zeros(count)
        self.at_liberty = people.read("at_liberty")
        self.threshold[:] = luck.exponential(UNITS, np.arange(count), 0)
        #: Called with person, number and time of offences that stay undetected; a partnership's, or nobody.
        self.on_undetected: Callable[[Rows, Rows, NDArray[np.float64]], None] | None = None
        #: Person, time and kind of every offence, in as few bytes as will do: a run commits very many.
        self.offences: list[tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.int8]]] = []

    def clear_up(self, person: int, further: int) -> int:
        """Clear further undetected offences at a sanction, as many as there are; none stays outstanding."""
        cleared = min(further, int(self.outstanding[person]))
        self.outstanding[person] = 0
        return cleared

    def step(self, day: int) -> None:
        """Accrue one day's risk for people at liberty, and commit what falls due."""
        record = self.record
        record.refresh()
        months = (day + 0.5 - record.origin) / DAYS_PER_MONTH
        per_month = record.floor + record.excess * np.exp(np.maximum(months, 0.0) / -HORIZON_MONTHS)
        self.accrued += self.at_liberty * per_month * (self.committed_per_proven / DAYS_PER_MONTH)
        who = np.flatnonzero(self.accrued >= self.threshold)
        while len(who):
            self._commit(who, day)
            who = who[self.accrued[who] >= self.threshold[who]]

    def _commit(self, who: NDArray[np.int64], day: int) -> None:
        number = self.committed[who]
        luck = self.luck
        # The number of the next offence decides when it is committed; all else is of this one.
        of_kind, hour, found, seen, units = luck.several(
            (KIND, TIME, DETECTED, NOTICED, UNITS), who, np.add.outer((0, 0, 0, 0, 1), number)
        )
        kind = np.searchsorted(self.kind_edges, of_kind).clip(max=len(self.kind_edges) - 1)
        # Before six in the morning; moves into and out of custody come later in the day.
        time = day + 0.25 * hour
        known = (found < self.detected[kind]) | (seen < self.noticed[who])
        self.committed[who] += 1
        self.outstanding[who] += ~known
        self.threshold[who] -= np.log(units)
        self.offences.append((who.astype(np.int32), time, kind.astype(np.int8)))
        recorder = self.recorder
        recorder.daily("committed_offences")[day] += len(who)
        recorder.daily("sac_offences")[day] += SAC[kind].sum()
        recorder.daily("crime_cost_gbp")[day] += self.cost[kind].sum()
        for name, number_of in zip(NAMES, np.bincount(kind, minlength=len(NAMES)).tolist(), strict=True):
            if number_of:
                recorder.daily(f"committed_{name}")[day] += number_of
        if recorder.keep_events:
            for person, at, what in zip(who, time, kind, strict=True):
                recorder.log(int(person), "offence", float(at), detail=NAMES[what])
        if known.any():
            self.on_detected(who[known], number[known], kind[known], time[known])
        if self.on_undetected is not None:
            self.on_undetected(who[~known], number[~known], time[~known])
