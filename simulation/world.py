"""The locality without any partnership: people, offending, justice and custody."""

from collections.abc import Callable

import numpy as np
import simpy

from simulation.careers import Careers, grow
from simulation.course import Course
from simulation.custody import Custody
from simulation.declare import Group
from simulation.justice import Courts, Justice
from simulation.luck import Luck
from simulation.needs import Needs
from simulation.offences import by_kind
from simulation.offending import Offending, OffendingParameters
from simulation.people import People
from simulation.pool import Pool
from simulation.record import Record
from simulation.recorder import Recorder
from simulation.sentencing import Bench, Sentencing


class WorldParameters(Group):
    """Everything that holds whether or not there is a partnership."""

    pool: Pool = Pool()
    needs: Needs = Needs()
    offending: OffendingParameters = OffendingParameters()
    courts: Courts = Courts()
    sentencing: Sentencing = Sentencing()


def grow_pool(world: WorldParameters, luck: Luck, days: int) -> Careers:
    """Return the locality's pool for a run of ``days`` days."""
    return grow(
        world.pool, world.needs, world.offending.proven_mix, world.sentencing, luck=luck, days=days,
        days_to_sanction=world.courts.mean_days(),
    )  # fmt: skip


class World:
    """The world's rooms, joined.

    Parameters
    ----------
    env, luck, recorder
        The clock, keyed luck and the counts.
    parameters
        The world's parameters.
    careers
        The pool, from :func:`grow_pool`.
    on_news
        Called with a kind of news, a person and the time at which it happens.
    """

    def __init__(
        self, env: simpy.Environment, luck: Luck, recorder: Recorder, parameters: WorldParameters,
        careers: Careers, on_news: Callable[[str, int, float], None],
    ) -> None:  # fmt: skip
        self.parameters, self.careers = parameters, careers
        self.people = People(len(careers), careers.number)
        self.record = Record(self.people, careers)
        self.course = Course(self.people, careers, parameters.needs, luck, self.record)
        self.custody = Custody(
            env, self.people, self.record, recorder, careers, parameters.sentencing,
            on_move=lambda person, time, inside: on_news("reception" if inside else "release", person, time),
        )  # fmt: skip
        self.justice = Justice(
            env, record=self.record, custody=self.custody, luck=luck, recorder=recorder,
            courts=parameters.courts, bench=Bench(parameters.sentencing),
            conviction_share=parameters.offending.conviction_share,
            offences_per_occasion=parameters.pool.offences_per_occasion, on_news=on_news,
        )  # fmt: skip
        self.offending = Offending(
            self.people, self.record, luck, recorder, parameters.offending, self.justice.detected
        )
        self.justice.clear_up = self.offending.clear_up
        mix = by_kind(parameters.offending.proven_mix)
        self.justice.take_over(careers, np.cumsum(mix / mix.sum()))
