"""Criminal records, and the risk that follows from them.

The record is the truth: sanctions, ages, kind of the latest offence. From it and from needs comes the
dynamic predictor's log-odds, and from those the hazard of a proven offence. Whatever the partnership does
enters as a shift of the log-odds, declared by the room that causes it.
"""

import numpy as np
from numpy.typing import NDArray

from simulation import hazard, needs
from simulation.calendar import DAYS_PER_YEAR
from simulation.careers import Careers, risk
from simulation.declare import Column
from simulation.people import People

OWNER = "record"


class Record:
    """Everyone's record, hazard and clock of offence-free time.

    Parameters
    ----------
    people
        The column store.
    careers
        The pool as it was grown.
    """

    def __init__(self, people: People, careers: Careers) -> None:
        def own(name: str, dtype: str, about: str, values: NDArray[np.generic], unit: str = "") -> NDArray:  # type: ignore[type-arg]
            return people.own(Column(name, dtype, OWNER, about, unit), values)

        self.count = len(careers)
        self.female = own("female", "bool", "woman", careers.female)
        self.birth_day = own("birth_day", "float64", "day of birth", careers.birth_day, "days")
        self.age_first = own("age_first", "float64", "age at first sanction", careers.age_first, "years")
        self.age_convicted = own(
            "age_convicted", "float64", "age at first conviction", careers.age_convicted, "years"
        )
        self.joins = own("joins", "float64", "day the person turns prolific", careers.joins, "days")
        self.leaves = own("leaves", "float64", "day the person leaves for good", careers.leaves, "days")
        self.sanctions = own("sanctions", "int64", "sanction occasions so far", careers.sanctions)
        self.offences = own(
            "proven_offences", "int64", "proven offences so far", careers.offences, "offences"
        )
        self.breaches = own("breaches", "int64", "enforced breaches so far", careers.breaches)
        self.kind = own("latest_kind", "int64", "kind of the latest sanctioned offence", careers.kind)
        self.sanctioned = own(
            "sanctioned", "float64", "day of the latest sanction", careers.sanctioned, "days"
        )
        self.origin = own("clock_origin", "float64", "start of offence-free time", careers.released, "days")
        self.age_start = own(
            "age_start", "float64", "age at the start of follow-up",
            (careers.released - careers.birth_day) / DAYS_PER_YEAR, "years",
        )  # fmt: skip
        self.need = own("need_log_odds", "float64", "needs", needs.log_odds(careers.needs), "log-odds")
        self.shift = own(
            "shift", "float64", "what others' work adds to risk", np.zeros(self.count), "log-odds"
        )
        self.risk = own(
            "risk", "float64", "log-odds of the record and needs", np.zeros(self.count), "log-odds"
        )
        self.floor = own("floor", "float64", "floor of the hazard a month", np.zeros(self.count))
        self.excess = own("excess", "float64", "falling part of the hazard a month", np.zeros(self.count))
        self._stale: set[int] = set()
        self._compute(np.arange(self.count))

    def refresh(self) -> None:
        """Compute risk and hazard anew, in one pass a day, for people whose record or clock has changed."""
        if self._stale:
            self._compute(np.array(sorted(self._stale)))
            self._stale.clear()

    def _compute(self, who: NDArray[np.int64]) -> None:
        age_now = (self.sanctioned[who] - self.birth_day[who]) / DAYS_PER_YEAR
        self.risk[who] = risk(
            female=self.female[who], age_start=self.age_start[who], age_now=age_now,
            age_first=self.age_first[who], sanctions=self.sanctions[who], kind=self.kind[who],
            need=self.need[who],
        )  # fmt: skip
        self._rate(who)

    def shift_to(self, who: NDArray[np.int64], shift: NDArray[np.float64]) -> None:
        """Set what the partnership's work adds to people's log-odds, and their hazard with it."""
        changed = self.shift[who] != shift
        who = who[changed]
        self.shift[who] = shift[changed]
        self._rate(who)

    def need_is(self, who: NDArray[np.int64], log_odds: NDArray[np.float64]) -> None:
        """Set what needs add to people's log-odds."""
        self.need[who] = log_odds
        self._stale.update(who.tolist())

    def sanction(self, person: int, day: float, kind: int, offences: int) -> int:
        """Add a sanction occasion and return its number."""
        self.sanctions[person] += 1
        self.offences[person] += offences
        self.kind[person] = kind
        self.sanctioned[person] = day
        self.restart(person, day)
        return int(self.sanctions[person])

    def breach(self, person: int) -> None:
        """Add a recorded breach."""
        self.breaches[person] += 1

    def restart(self, person: int, day: float) -> None:
        """Start offence-free time anew: at a sanction, and at release after it."""
        self.origin[person] = day
        self.age_start[person] = (day - self.birth_day[person]) / DAYS_PER_YEAR
        self._stale.add(person)

    def pause(self, person: int, days: float) -> None:
        """Let offence-free time stand still for days held without a new sanction."""
        self.origin[person] += days

    def _rate(self, who: NDArray[np.int64]) -> None:
        # The closed form is checked between -3 and 4; nobody's record leaves that range in practice.
        shape = hazard.from_log_odds(np.minimum(np.maximum(self.risk[who] + self.shift[who], -3.0), 4.0))
        self.floor[who], self.excess[who] = shape.floor, shape.excess
