"""Justice: from a detected offence to arrest, court and sentence."""

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray
from scipy.special import ndtri

from simulation.capacity import Places
from simulation.careers import KIND, Careers
from simulation.custody import REMAND, Custody
from simulation.dealing import Dealing
from simulation.declare import Event, Group, Stream, uncertainty
from simulation.luck import Luck
from simulation.offences import NAMES
from simulation.offences import SERIOUS_ACQUISITIVE as SAC
from simulation.record import Record
from simulation.recorder import Recorder
from simulation.sentencing import BREACH, CUSTODY, DEALT_WITH, DISPOSAL, FINE, LENGTH, ORDER, Bench

Rows = NDArray[np.int64]
Times = NDArray[np.float64]

ARREST = Stream("justice.arrest", "occurrence", "days from the k-th offence to arrest and charge")
REMANDED = Stream("justice.remand", "occurrence", "whether the k-th offence leads to a remand in custody")
LISTING = Stream("justice.listing", "occurrence", "days from charge to the first listing of the k-th offence")
COMPLETION = Stream("justice.completion", "occurrence", "days from listing to completion of the k-th offence")
HOUR = Stream("justice.hour", "occurrence", "hour of the arrest and of the hearing of the k-th offence")
CONVICTED = Stream("justice.convicted", "occurrence", "whether the k-th offence is proven")
CLEARED = Stream("justice.cleared", "occurrence", "further offences cleared with the n-th sanction")

EVENTS = (
    Event("arrest", "justice", "a person is arrested and charged"),
    Event("hearing", "justice", "a case is heard"),
    Event("sanction", "justice", "a person is sentenced"),
)

#: A case takes one of the day's places and gives it back before the next day's first case.
SITTING_DAYS = 0.999

_TIMELINESS = "MoJ, Judicial and Court Statistics, 2010 Q2"


class Courts(Group):
    """Courts and the time a case takes."""

    cases_a_day: int = uncertainty(
        70, unit="cases a day", low=0, high=100_000, label="Cases the area's courts can complete in a day"
    )
    outside_share: float = uncertainty(
        0.8, unit="share", low=0, high=1, label="Share of that capacity taken by everybody else's cases"
    )
    arrest_days: float = uncertainty(
        94.0, unit="days", low=0.1, high=1000, label="Mean days from offence to charge",
        source=f"EX274, {_TIMELINESS} (median 63)", confidence="published",
    )  # fmt: skip
    arrest_spread: float = uncertainty(
        0.9, unit="ratio", low=0.01, high=3, label="Spread (standard deviation of the log) of days to charge",
        source="EX274: mean 94 over median 63 gives 0.895", confidence="published",
    )  # fmt: skip
    listing_days: float = uncertainty(
        32.0, unit="days", low=0, high=1000, label="Mean days from charge to first listing",
        source=f"EX275, {_TIMELINESS}", confidence="published",
    )  # fmt: skip
    completion_days: float = uncertainty(
        32.0, unit="days", low=0, high=1000, label="Mean days from first listing to completion",
        source=f"EX276, {_TIMELINESS}", confidence="published",
    )  # fmt: skip
    completed_at_once_share: float = uncertainty(
        0.5, unit="share", low=0, high=0.99, label="Cases completed at first listing",
        source=f"EX276, {_TIMELINESS}: median 0", confidence="published",
    )  # fmt: skip
    remand_share: float = uncertainty(
        0.25, unit="share", low=0, high=1, label="Charges that lead to a remand in custody",
        likely=(0.1, 0.45),
        because="more than for all defendants, by record; no rate by previous convictions was found",
    )  # fmt: skip

    def places(self) -> int:
        """Return the cases a day left for the pool; at least one where there is any capacity."""
        left = int(self.cases_a_day * (1 - self.outside_share) + 0.5)
        return max(left, min(1, self.cases_a_day))

    def mean_days(self) -> float:
        """Return the mean days from an offence to its sanction, queues aside."""
        return self.arrest_days + self.listing_days + self.completion_days


class Justice:
    """Each detected offence as a process: arrest, charge, remand or bail, court, sentence.

    Offences go on while cases wait, and a person can have several. Undetected offences since the latest
    sanction can be cleared with the case that is sentenced.
    """

    def __init__(
        self, env: simpy.Environment, *, record: Record, custody: Custody, luck: Luck, recorder: Recorder,
        courts: Courts, bench: Bench, conviction_share: float, offences_per_occasion: float,
        on_news: Callable[[str, int, float], None],
    ) -> None:  # fmt: skip
        self.env, self.record, self.custody, self.recorder = env, record, custody, recorder
        self.courts, self.bench, self.luck = courts, bench, luck
        self.conviction_share, self.on_news = conviction_share, on_news
        self.hearings = Places(env, courts.places())
        #: Clears further offences of a person at a sanction; the offending room, which is made later.
        self.clear_up: Callable[[int, int], int]
        #: How cases are dealt with; a partnership's, or nobody's.
        self.dealing = Dealing()
        share = 1 - 1 / offences_per_occasion
        self._log_further = np.log(share) if share > 0 else -np.inf
        self.arrests: list[tuple[int, float]] = []
        self.sanctions: list[tuple[int, float, int, int]] = []
        #: Committed day of each offence that was proven, with its person: what a reoffending rate counts.
        self.proven: list[tuple[int, float]] = []

    def detected(self, who: Rows, number: Rows, kind: Rows, time: Times) -> None:
        """Start the stories of detected offences; what luck has in store for them is drawn in one pass.

        Parameters
        ----------
        who, number, kind, time
            Person, running number of the offence, kind and day of each, shape ``(n,)``.
        """
        luck, courts = self.luck, self.courts
        draws = luck.several((HOUR, ARREST, LISTING, COMPLETION, REMANDED, CONVICTED), who, number)
        hour = 0.3 + 0.4 * draws[0]
        days = courts.arrest_days * np.exp(
            courts.arrest_spread * ndtri(draws[1]) - courts.arrest_spread**2 / 2
        )
        arrest = np.maximum(np.floor(time + days) + hour, self.env.now)
        listing, adjourned = self._days_to_court(draws[2], draws[3])
        hearing = np.maximum(np.floor(arrest + (listing + adjourned)) + hour, arrest)
        remanded = draws[4] < courts.remand_share
        convicted = draws[5] < self.conviction_share
        self._start(who, number, kind, time, arrest, hearing, adjourned, remanded, convicted)

    def _start(self, *columns: NDArray[Any]) -> None:
        for case in zip(*(column.tolist() for column in columns), strict=True):
            self.env.process(self._case(*case))

    def take_over(self, careers: Careers, kind_edges: Times) -> None:
        """Go on with the cases that wait when the run begins, or when their people join the pool.

        They are of offences that will be proven; whoever has yet to be charged is charged when the mean
        days from charge to hearing are left.
        """
        person, place = np.nonzero(np.isfinite(careers.hearings))
        hearing = careers.hearings[person, place]
        number = careers.sanctions[person] + place + 1
        kind = np.searchsorted(kind_edges, self.luck.many(KIND, person, number)).clip(max=len(kind_edges) - 1)
        charge = np.maximum(
            hearing - self.courts.listing_days - self.courts.completion_days, careers.joins[person]
        )
        committed = hearing - self.courts.mean_days()
        never, always = np.zeros(len(person), dtype=bool), np.ones(len(person), dtype=bool)
        at_once = np.zeros(len(person))
        # Counted below nought, so that no case shares its luck with an offence of the run.
        self._start(person, -number, kind, committed, charge, hearing, at_once, never, always)

    def _days_to_court(self, listing: Times, completion: Times) -> tuple[Times, Times]:
        """Return days from charge to first listing, and of the adjournment that some cases have."""
        courts, at_once = self.courts, self.courts.completed_at_once_share
        left = np.minimum((1 - completion) / (1 - at_once), 1.0)
        adjourned = -(courts.completion_days / (1 - at_once) * np.log(left))
        return np.asarray(-courts.listing_days * np.log(listing)), np.asarray(adjourned)

    def _case(
        self, person: int, number: int, kind: int, committed: float, arrest: float, hearing: float,
        adjourned: float, remanded: bool, convicted: bool,
    ) -> Generator[simpy.Event, Any, None]:  # fmt: skip
        env, dealing = self.env, self.dealing
        charge: simpy.Event = env.timeout(arrest - env.now)
        sooner = dealing.hastened(person, kind, arrest)
        yield charge if sooner is None else charge | sooner
        if self._gone(person):
            return
        self.arrests.append((person, env.now))
        self.recorder.log(person, "arrest", env.now)
        self.recorder.count("arrests", env.now)
        self.on_news("sac_arrest" if SAC[kind] else "arrest", person, env.now)
        if remanded:
            self.custody.hold(person, REMAND)

        proven = convicted and not remanded
        if (yield from dealing.diverted(person, number, kind, proven=proven)):
            self._caution(person, kind, committed)
            return
        yield env.timeout(dealing.days_to_court(person, number, hearing - arrest, adjourned))
        waited = yield from self.hearings.hold(SITTING_DAYS)
        self.recorder.count("court_wait_days", env.now, waited)
        self.recorder.count("hearings", env.now)
        self.recorder.log(person, "hearing", env.now)
        if convicted and not self._gone(person):
            self._sentence(person, kind, committed)
        dealing.closed(person, number)
        if remanded:
            self.custody.drop(person, REMAND)

    def _gone(self, person: int) -> bool:
        """Return whether a person has left the area for good; a warrant is no story of this model."""
        return bool(self.env.now >= self.record.leaves[person] and not self.custody.holds[person])

    def _sentence(self, person: int, kind: int, committed: float) -> None:
        luck, recorder = self.luck, self.recorder
        next_number = int(self.record.sanctions[person]) + 1
        further = int(np.log(luck.one(CLEARED, person, next_number)) / self._log_further)
        number = self._put_on_record(person, kind, committed, 1 + self.clear_up(person, further))
        disposal, leaning = luck.one(DISPOSAL, person, number), self.dealing.leaning(person)
        passed = self.bench.sentence(
            kind=kind, sanctions=number, disposal=disposal, length=luck.one(LENGTH, person, number),
            breach=luck.one(BREACH, person, number), leaning=leaning,
        )  # fmt: skip
        if leaning and passed.disposal != CUSTODY and disposal < self.bench.custody_probability(kind, number):
            recorder.count("custody_spared", self.env.now)
        self.sanctions.append((person, self.env.now, kind, int(passed.disposal)))
        recorder.count("community_orders", self.env.now, float(passed.disposal == ORDER))
        recorded = luck.one(DEALT_WITH, person, number) < self.bench.habits.breach_dealt_with_share
        self.custody.sentence(person, number, passed, breach_recorded=recorded)

    def _caution(self, person: int, kind: int, committed: float) -> None:
        """Put a caution on the record, which is a sanction like a fine."""
        if not self._gone(person):
            self._put_on_record(person, kind, committed, 1)
            self.sanctions.append((person, self.env.now, kind, FINE))

    def _put_on_record(self, person: int, kind: int, committed: float, offences: int) -> int:
        """Add a sanction occasion to the record and the counts; return its number."""
        now = self.env.now
        number = self.record.sanction(person, now, kind, offences)
        self.proven.append((person, committed))
        self.recorder.log(person, "sanction", now)
        self.recorder.count("sanctions", now)
        self.recorder.count("proven_offences", now, offences)
        self.recorder.count(f"proven_{NAMES[kind]}", now)
        self.on_news("sac_sanction" if SAC[kind] else "sanction", person, now)
        return number
