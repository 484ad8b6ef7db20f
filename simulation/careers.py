"""Careers grown to today: the locality's pool of prolific offenders and their records.

Nobody's history is drawn from a table. Each career runs from its first sanction under the same hazard,
the same delays and the same sentencing as the model itself. Whoever reaches ``entry_sanctions`` belongs
to the pool: before the run and still active, or during it, on the day of that sanction. Everyone's past
is therefore a consequence, and what selected people look like can be compared with published tables.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from simulation import hazard, needs, predictor
from simulation.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from simulation.declare import Stream
from simulation.luck import Luck
from simulation.needs import Needs
from simulation.offences import PREDICTOR_LOG_ODDS, ProvenMix, by_kind
from simulation.pool import Pool
from simulation.sentencing import BREACH, DEALT_WITH, DISPOSAL, LENGTH, Bench, Sentencing

FIRST = Stream("career.first", "occurrence", "sex, age and date of a first sanction: three numbers a person")
INTERVAL = Stream("career.interval", "occurrence", "hazard to the n-th proven offence, before the run")
LEAVING = Stream("career.leaving", "occurrence", "when a person leaves the area for good")
KIND = Stream("career.kind", "occurrence", "kind of the n-th sanctioned offence, before the run")
OUTSTANDING = Stream("career.outstanding", "occurrence", "offences taken into account at the n-th sanction")
#: Cases of one person that can wait at once; at the highest rates three do.
_CASES = 12


@dataclass(frozen=True)
class Careers:
    """The pool as it stands when the run begins, or when each person joins it.

    Every array has shape ``(n,)``; days count from the first day of the run and may be negative; ages are
    years. ``history_person``, ``history_day`` and ``history_kind`` tell every earlier sanction, one row each,
    person after person, in as few bytes as will do: there are some sixteen for each person.
    """

    #: By which luck knows people: the same in every world that they are in.
    number: NDArray[np.int64]
    female: NDArray[np.bool_]
    birth_day: NDArray[np.float64]
    age_first: NDArray[np.float64]
    age_convicted: NDArray[np.float64]
    disposition: NDArray[np.float64]
    needs: dict[str, NDArray[np.int8]]
    joins: NDArray[np.float64]
    leaves: NDArray[np.float64]
    sanctions: NDArray[np.int32]
    offences: NDArray[np.int32]
    breaches: NDArray[np.int32]
    kind: NDArray[np.int8]
    #: Whether the latest sentence was custody too short for a licence.
    short: NDArray[np.bool_]
    sanctioned: NDArray[np.float64]
    released: NDArray[np.float64]
    supervised_until: NDArray[np.float64]
    breach_day: NDArray[np.float64]
    history_day: NDArray[np.float64]
    history_kind: NDArray[np.int8]
    #: Days of the hearings that wait, shape ``(n, cases)``, infinite where there is none.
    hearings: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.female)

    @property
    def history_person(self) -> NDArray[np.int64]:
        """Whose each earlier sanction is."""
        return np.repeat(np.arange(len(self)), self.sanctions)


def risk(
    *, female: NDArray[np.bool_], age_start: NDArray[np.float64], age_now: NDArray[np.float64],
    age_first: NDArray[np.float64], sanctions: NDArray[np.int32], kind: NDArray[np.int64],
    need: NDArray[np.float64],
) -> NDArray[np.float64]:  # fmt: skip
    """Return the dynamic log-odds at month 0 of people's latest sanction, shape ``(n,)``."""
    return predictor.log_odds(
        predictor.DYNAMIC, female=female, age_start=age_start, age_now=age_now, age_first=age_first,
        sanctions=sanctions, offence=PREDICTOR_LOG_ODDS[kind], needs=need,
    )  # fmt: skip


def months_to_next(
    shape: hazard.Hazard, since: NDArray[np.float64], units: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the month at which a hazard, integrated from ``since``, reaches ``units``.

    Newton's method from the left: the cumulative hazard is concave, so every step stays short of the root.
    """
    rate, accrued = hazard.rate_and_cumulative(shape, since)
    target = accrued + units
    months = since + units / rate
    for _ in range(8):
        rate, accrued = hazard.rate_and_cumulative(shape, months)
        months += (target - accrued) / rate
    return months


class _Growth:
    """The state of every career while it is being grown.

    Each round takes everyone to their next event: a proven offence, which waits ``delay_days`` for its
    sanction, or the sanction of an earlier one. Offences go on while cases wait.
    """

    def __init__(
        self, pool: Pool, need: Needs, mix: ProvenMix, sentencing: Sentencing, luck: Luck, days: int,
        days_to_sanction: float,
    ) -> None:  # fmt: skip
        self.pool, self.luck, self.days, self.delay = pool, luck, days, days_to_sanction
        self.bench = Bench(sentencing)
        self.kind_edges = np.cumsum(by_kind(mix) / by_kind(mix).sum())
        span = pool.history_years * DAYS_PER_YEAR
        count = max(1, round(pool.first_sanctions_per_year * (span + days) / DAYS_PER_YEAR))
        everybody = np.arange(count)
        first = -span + luck.many(FIRST, everybody, 2) * (span + days)
        yearly = -np.log1p(-pool.leaving_per_year)
        with np.errstate(divide="ignore"):
            stays = luck.exponential(LEAVING, everybody, 0) * DAYS_PER_YEAR / yearly
        # None is longer than those that began before the run can be, so that as many leave as come;
        # where nobody leaves at all, nobody does.
        leaves = first + np.where(np.isinf(stays), np.inf, np.minimum(stays, span))
        #: The numbers by which luck knows people. Nothing asks for the careers of those who have left
        #: before the run begins, and they are not grown.
        self.number = np.flatnonzero(leaves > 0.0)
        count, first, self.leaves = len(self.number), first[self.number], leaves[self.number]
        self.female = luck.many(FIRST, self.number, 0) < pool.women_share
        spread = pool.first_sanction_age_spread_years * ndtri(luck.many(FIRST, self.number, 1))
        self.age_first = np.maximum(10.5, pool.first_sanction_age_years + spread)
        self.birth = first - self.age_first * DAYS_PER_YEAR
        self.disposition = needs.disposition(luck, self.number)
        self.needs = needs.draw(luck, self.number, self.disposition, need)
        self.need = needs.log_odds(self.needs)
        self.sanctions, self.offences, self.breaches = np.zeros((3, count), dtype=np.int32)
        self.short = np.zeros(count, dtype=bool)
        self.kind, self.found = np.zeros(count, dtype=np.int8), np.zeros(count, dtype=np.int64)
        self.sanctioned, self.released, self.since = first.copy(), first.copy(), first.copy()
        self.supervised_until, self.breach_day = first.copy(), np.full(count, np.inf)
        self.age_convicted = self.age_first.copy()
        #: Floor and falling part of everybody's hazard a month.
        self.shape = hazard.Hazard(np.zeros(count), np.zeros(count))
        self.units = np.zeros(count)
        #: Days of the hearings that wait, in a ring: the number of those heard says where it begins.
        self.waiting = np.full((count, _CASES), np.inf)
        self.heard = np.zeros(count, dtype=np.int64)
        self.history: list[tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.int8]]] = []
        self._sanction(np.arange(count), first)
        self._draw(np.arange(count))

    def run(self) -> None:
        """Grow every career up to its state when the run begins, or when it joins the pool."""
        growing = np.arange(len(self.female))
        while len(growing):
            months = (self.since[growing] - self.released[growing]) / DAYS_PER_MONTH
            reached = months_to_next(self._shape(growing), months, self.units[growing])
            offence = self.released[growing] + reached * DAYS_PER_MONTH
            hearing = self.waiting[growing, self.heard[growing] % _CASES]
            day = np.minimum(offence, hearing)
            prolific = self.sanctions[growing] >= self.pool.entry_sanctions
            goes_on = np.where(prolific, (day < 0) & (self.sanctioned[growing] < 0), day < self.days)
            heard = goes_on & (hearing <= offence)
            self._offend(growing[goes_on & ~heard], offence[goes_on & ~heard])
            self._hear(growing[heard], hearing[heard])
            growing = growing[goes_on]

    def hearings(self, who: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the days of people's hearings that wait, the first one first, shape ``(n, most cases)``."""
        most = int((self.found[who] - self.heard[who]).max(initial=1))
        places = (self.heard[who, None] + np.arange(most)) % _CASES
        return np.asarray(self.waiting[who[:, None], places])

    def _shape(self, who: NDArray[np.int64]) -> hazard.Hazard:
        return hazard.Hazard(self.shape.floor[who], self.shape.excess[who])

    def _draw(self, who: NDArray[np.int64]) -> None:
        self.units[who] = self.luck.exponential(INTERVAL, self.number[who], self.found[who])

    def _offend(self, who: NDArray[np.int64], day: NDArray[np.float64]) -> None:
        self.waiting[who, self.found[who] % _CASES] = day + self.delay
        self.since[who] = day
        self.found[who] += 1
        self._draw(who)

    def _hear(self, who: NDArray[np.int64], day: NDArray[np.float64]) -> None:
        """Sanction a waiting case; what was left to accrue before the next offence is left after it too."""
        self.waiting[who, self.heard[who] % _CASES] = np.inf
        self.heard[who] += 1
        at_liberty = day > self.since[who]
        shape, origin = self._shape(who), self.released[who]
        then, now = (hazard.cumulative(shape, (x - origin) / DAYS_PER_MONTH) for x in (self.since[who], day))
        self.units[who] -= np.where(at_liberty, now - then, 0.0)
        # A sanction passed under supervision can count as a breach of it, as an enforced one does.
        under = (self.supervised_until[who] > day) & (
            self.luck.many(DEALT_WITH, self.number[who], self.sanctions[who])
            < self.bench.habits.breach_dealt_with_share
        )
        self.breaches[who] += (self.breach_day[who] < day) | under
        self._sanction(who, day)

    def _sanction(self, who: NDArray[np.int64], day: NDArray[np.float64]) -> None:
        """Sanction people: count, kind, sentence, time served, supervision and breach."""
        luck, pool, number = self.luck, self.pool, self.number[who]
        self.sanctions[who] += 1
        nth = self.sanctions[who]
        kind = np.searchsorted(self.kind_edges, luck.many(KIND, number, nth))
        kind = kind.clip(max=len(self.kind_edges) - 1)
        # A geometric number of further offences is cleared with the one that led to arrest.
        share = 1 - 1 / pool.offences_per_occasion
        further = (
            np.log(luck.many(OUTSTANDING, number, nth)) / np.log(share) if share > 0 else np.zeros(len(who))
        )
        self.offences[who] += 1 + further.astype(np.int64)
        passed = self.bench.sentence(
            kind=kind, sanctions=nth, disposal=luck.many(DISPOSAL, number, nth),
            length=luck.many(LENGTH, number, nth), breach=luck.many(BREACH, number, nth),
        )  # fmt: skip
        self.kind[who], self.sanctioned[who], self.short[who] = kind, day, passed.short
        # A sentence passed on somebody already inside is served after the one that is running.
        self.released[who] = np.maximum(day, self.released[who]) + passed.custody_days
        self.since[who] = self.released[who]
        self.supervised_until[who] = self.released[who] + passed.supervised_days
        self.breach_day[who] = self.released[who] + passed.breach_after
        convicted = nth == 1 + pool.reprimands
        self.age_convicted[who[convicted]] = (day - self.birth[who])[convicted] / DAYS_PER_YEAR
        self.history.append((who.astype(np.int32), day, kind.astype(np.int8)))
        of_record = risk(
            female=self.female[who], age_start=(self.released[who] - self.birth[who]) / DAYS_PER_YEAR,
            age_now=(day - self.birth[who]) / DAYS_PER_YEAR, age_first=self.age_first[who],
            sanctions=nth, kind=kind, need=self.need[who],
        )  # fmt: skip
        self.shape.floor[who], self.shape.excess[who] = hazard.from_log_odds(of_record)


def grow(
    pool: Pool, need: Needs, mix: ProvenMix, sentencing: Sentencing, *, luck: Luck, days: int,
    days_to_sanction: float,
) -> Careers:  # fmt: skip
    """Grow the locality's careers to the first day of a run, and return its pool.

    Parameters
    ----------
    pool, need, mix, sentencing
        The world's parameters.
    luck
        The replication's luck.
    days
        Length of the run; people who turn prolific within it join on that day.
    days_to_sanction
        Mean days from an offence to its sanction.

    Returns
    -------
    Careers
        One row a person. The days in custody after a breach or recall are not taken from past careers;
        they are some four days a year.
    """
    grown = _Growth(pool, need, mix, sentencing, luck, days, days_to_sanction)
    grown.run()
    last_seen = np.maximum(grown.released, grown.sanctioned)
    prolific = grown.sanctions >= pool.entry_sanctions
    active = (last_seen >= -pool.active_years * DAYS_PER_YEAR) & (
        grown.leaves > np.maximum(grown.sanctioned, 0.0)
    )
    belongs = prolific & active & (grown.sanctioned < days)
    kept = np.flatnonzero(belongs)
    person, day, kind = (np.concatenate(column) for column in zip(*grown.history, strict=True))
    mine = np.flatnonzero(belongs[person])
    mine = mine[np.argsort(person[mine], kind="stable")]
    return Careers(
        number=grown.number[kept], female=grown.female[kept], birth_day=grown.birth[kept],
        age_first=grown.age_first[kept], age_convicted=grown.age_convicted[kept],
        disposition=grown.disposition[kept],
        needs={item: score[kept] for item, score in grown.needs.items()},
        joins=np.maximum(grown.sanctioned[kept], 0.0), leaves=grown.leaves[kept],
        sanctions=grown.sanctions[kept],
        offences=grown.offences[kept], breaches=grown.breaches[kept], kind=grown.kind[kept],
        short=grown.short[kept],
        sanctioned=grown.sanctioned[kept], released=grown.released[kept],
        supervised_until=grown.supervised_until[kept], breach_day=grown.breach_day[kept],
        history_day=day[mine], history_kind=kind[mine],
        hearings=grown.hearings(kept),
    )  # fmt: skip
