"""What every program begins with, and what it counts."""

from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from experiments.benchmark.law import Law
from simulation import IOMModel, Parameters
from simulation.careers import Careers
from simulation.luck import Luck
from simulation.needs import log_odds
from simulation.world import grow_pool

Column = NDArray[np.float64]
OUTCOMES = (
    "contacts", "offences", "sanctions", "custody_days", "red_days", "amber_days", "green_days",
)  # fmt: skip


class Start(NamedTuple):
    """The pool on the first day, one row a person; days count from it."""

    female: NDArray[np.bool_]
    birth: Column
    age_first: Column
    need: Column
    sanctions: NDArray[np.int64]
    kind: NDArray[np.int64]
    sanctioned: Column
    #: Day of release from the latest custody, in the future for those inside.
    released: Column
    #: Arrests and sanctions known, as faded as they are by now.
    known: Column
    managed: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.female)


class Counts(NamedTuple):
    """What happened in the days of a run; days are those of persons, the bands' of those carried."""

    contacts: float
    offences: float
    sanctions: float
    custody_days: float
    red_days: float
    amber_days: float
    green_days: float


class Program(Protocol):
    """A program of the reduced rules: called with the law, the start, days and a seed."""

    def __call__(self, law: Law, start: Start, days: int, seed: int) -> Counts:
        """Run from the first day and return what happened."""


def pool(values: Parameters, *, quiet: bool = False) -> Careers:
    """Return the people, grown by fixed luck, in whose cases the reduced rules begin.

    Nobody joins on the way, and no case waits when the run begins. In a quiet world everybody is at liberty.
    """
    careers = grow_pool(values.world(), Luck(1, 0), 1)
    careers = replace(
        careers, hearings=np.full_like(careers.hearings, np.inf), joins=np.zeros_like(careers.joins)
    )
    if quiet:
        careers = replace(careers, released=np.minimum(careers.released, 0.0))
    return careers


def our_model(values: Parameters, careers: Careers, replication: int = 0) -> IOMModel:
    """Return the model of the reduced rules."""
    return IOMModel(((values.iom_start, values),), replication=replication, careers=careers, years=1.0)


def start(values: Parameters, careers: Careers) -> Start:
    """Return the pool as other programs need it, with the people whom the model selects on its first day."""
    model = our_model(values, careers)
    model.step()
    return Start(
        female=careers.female, birth=careers.birth_day, age_first=careers.age_first,
        need=log_odds(careers.needs), sanctions=careers.sanctions.astype(np.int64),
        kind=careers.kind.astype(np.int64), sanctioned=careers.sanctioned, released=careers.released,
        known=model.works.awareness.team.offending.copy(), managed=model.works.caseload.carried.copy(),
    )  # fmt: skip


def ours(values: Parameters, careers: Careers, days: int, replication: int) -> Counts:
    """Run the model for some days and return what it counted."""
    model = our_model(values, careers, replication)
    while model.day < days:
        model.step()
    names = (
        "contacts_made", "committed_offences", "sanctions", "in_custody",
        "caseload_red", "caseload_amber", "caseload_green",
    )  # fmt: skip
    return Counts(*(float(model.recorder.daily(name)[:days].sum()) for name in names))
