"""The limit: the same reduced rules in one loop that Numba compiles to machine code, over arrays.

Nothing is kept but what the rules need, and nobody can be asked anything: no events, no columns declared, no
luck by key, no change of parameters on the way. It says what the machine could do, and what the rest costs.
"""

from typing import Any

import numpy as np
from numba import njit

from experiments.benchmark import law as the
from experiments.benchmark.law import Law
from experiments.benchmark.rules import CONTACT_MINUTES, FIRST_REVIEW, MINUTES_A_DAY, REVIEW_EVERY_DAYS
from experiments.benchmark.start import Counts, Start
from simulation.bands import AMBER, BLUE, GREEN, RED
from simulation.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR
from simulation.hazard import HORIZON_MONTHS

_log_odds, _hazard, _days_to_arrest, _days_to_court, _days_served, _band = (
    njit(function)
    for function in (
        the.log_odds, the.hazard, the.days_to_arrest, the.days_to_court, the.days_served, the.band,
    )
)  # fmt: skip
#: Cases that may begin in a day for a thousand people: some fifty times as many as do.
_ROOM = 100
_CONTACTS, _OFFENCES, _SANCTIONS, _CUSTODY = 0, 1, 2, 3
_BANDS = 4


@njit
def _year(law: Any, start: Any, days: int, luck: Any) -> Any:
    """Live through the days and return the counts: contacts, offences, sanctions, custody, bands by code."""
    (female, birth, age_first, need, sanctions, kind, sanctioned, released, known, managed) = start
    sanctions, kind, sanctioned = sanctions.copy(), kind.copy(), sanctioned.copy()
    known = known.copy()
    n, agencies = len(birth), len(law.posts)
    origin, out = released.copy(), released.copy()
    received, free = np.zeros(n), np.ones(n, dtype=np.bool_)
    accrued, threshold = np.zeros(n), np.empty(n)
    floor, excess = np.empty(n), np.empty(n)
    for i in range(n):
        threshold[i] = luck.standard_exponential()
        floor[i], excess[i] = _assess(i, female, birth, age_first, need, sanctions, kind, sanctioned, origin)
    # Cases wait in a list for each day, which is linked through `after`.
    room = (n * _ROOM // 1000 + 10) * days
    person, what, at, remand = (
        np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room), np.empty(room),
    )  # fmt: skip
    heard, after = np.zeros(room, dtype=np.bool_), np.empty(room, np.int64)
    first, cases = np.full(days, -1, dtype=np.int64), 0
    band = np.full(n, BLUE, dtype=np.int8)
    due = np.full((n, agencies), np.inf)
    waiting = np.empty((agencies, n * 2), np.int64)
    head, tail = np.zeros(agencies, np.int64), np.zeros(agencies, np.int64)
    begun = np.zeros(agencies)
    counts = np.zeros(_BANDS + 4)
    for day in range(days):
        if day > 0:
            case = first[day - 1]
            while case >= 0:
                following, i = after[case], person[case]
                if not heard[case]:
                    known[i] += 1.0
                    waits = _days_to_court(
                        law, luck.standard_exponential(), luck.standard_exponential(), luck.random()
                    )
                    remand[case] = waits if luck.random() < law.remand_share else 0.0
                    if remand[case] > 0:
                        out[i] = max(out[i], at[case] + waits)
                    heard[case], at[case] = True, at[case] + waits
                    then = max(int(at[case]), day)
                    if then < days:
                        after[case], first[then] = first[then], case
                elif luck.random() < law.conviction_share:
                    counts[_SANCTIONS] += 1
                    known[i] += 1.0
                    sanctions[i] += 1
                    kind[i], sanctioned[i], origin[i] = what[case], at[case], at[case]
                    served = _days_served(
                        law, what[case], sanctions[i], luck.random(), luck.standard_normal()
                    )
                    if served > 0:
                        out[i] = max(out[i], at[case]) + max(1.0, served - remand[case])
                    floor[i], excess[i] = _assess(
                        i, female, birth, age_first, need, sanctions, kind, sanctioned, origin
                    )
                case = following
        working = (law.weekday + day) % 7 < 5
        reviews = day % REVIEW_EVERY_DAYS == FIRST_REVIEW
        for i in range(n):
            known[i] *= law.fades
            inside = out[i] > day
            if inside == free[i]:
                free[i] = not inside
                if inside:
                    received[i] = day
                elif sanctioned[i] >= received[i] - 1 or received[i] == 0:
                    origin[i] = out[i]
                    floor[i], excess[i] = _assess(
                        i, female, birth, age_first, need, sanctions, kind, sanctioned, origin
                    )
                else:
                    origin[i] += day - received[i]
            if inside:
                counts[_CUSTODY] += 1
            else:
                months = max(0.0, (day + 0.5 - origin[i]) / DAYS_PER_MONTH)
                accrued[i] += law.pace * (floor[i] + excess[i] * np.exp(-months / HORIZON_MONTHS))
                while accrued[i] >= threshold[i]:
                    counts[_OFFENCES] += 1
                    threshold[i] += luck.standard_exponential()
                    which = min(
                        np.searchsorted(np.array(law.kind_edges), luck.random()), len(law.kind_edges) - 1
                    )
                    if luck.random() < law.detected[which]:
                        arrest = day + _days_to_arrest(law, luck.standard_normal())
                        then = int(arrest)
                        if then < days:
                            if cases == room:
                                raise ValueError("more cases than there is room for")
                            person[cases], what[cases], at[cases] = i, which, arrest
                            after[cases], first[then] = first[then], cases
                            cases += 1
            if not managed[i]:
                continue
            if inside:
                if band[i] != BLUE:
                    band[i] = BLUE
                    due[i] = np.inf
            elif band[i] == BLUE:
                band[i] = _band(law, known[i])
                due[i] = day + 7 * luck.random()
            elif reviews:
                new = _band(law, known[i])
                if new != band[i]:
                    band[i] = new
                    for agency in range(agencies):
                        due[i, agency] = min(due[i, agency], day + 7 / law.weekly[new][agency])
            counts[4 + band[i]] += 1
            if working:
                for agency in range(agencies):
                    if due[i, agency] <= day:
                        due[i, agency] = max(due[i, agency] + 7 / law.weekly[band[i]][agency], day - 2)
                        waiting[agency, tail[agency] % waiting.shape[1]] = i
                        tail[agency] += 1
        if working:
            for agency in range(agencies):
                left = law.posts[agency] * MINUTES_A_DAY + begun[agency]
                while head[agency] < tail[agency] and left >= CONTACT_MINUTES:
                    left -= CONTACT_MINUTES
                    i = waiting[agency, head[agency] % waiting.shape[1]]
                    counts[_CONTACTS] += free[i]
                    head[agency] += 1
                begun[agency] = left if head[agency] < tail[agency] else 0.0
    return counts


@njit
def _assess(
    i: int, female: Any, birth: Any, age_first: Any, need: Any, sanctions: Any, kind: Any, sanctioned: Any,
    origin: Any,
) -> Any:  # fmt: skip
    """Return floor and falling part of a person's hazard by the record."""
    z = _log_odds(
        female[i], (origin[i] - birth[i]) / DAYS_PER_YEAR, (sanctioned[i] - birth[i]) / DAYS_PER_YEAR,
        age_first[i], sanctions[i], kind[i], need[i],
    )  # fmt: skip
    return _hazard(z)


def run(law: Law, start: Start, days: int, seed: int) -> Counts:
    """Run the kernel; the first call of a process compiles it."""
    found = _year(law, start, days, np.random.default_rng(seed))
    contacts, offences, sanctions, custody = found[:4]
    red, amber, green = (found[4 + band] for band in (RED, AMBER, GREEN))
    return Counts(*(float(x) for x in (contacts, offences, sanctions, custody, red, amber, green)))
