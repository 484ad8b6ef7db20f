"""Turnover: who sits in each post, for how long, and how long it takes to find and train the next.

Every post is a SimPy process. Its holder stays for a time, leaves, the post is filled, a starter is trained.
"""

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy

from simulation.calendar import DAYS_PER_YEAR, WEEK
from simulation.co_location import AGENCIES
from simulation.declare import Group, Stream, uncertainty
from simulation.luck import Luck

TENURE = Stream("turnover.tenure", "occurrence", "how long the k-th holder of a post stays", of="thing")
FILLED, VACANT, TRAINING = range(3)
MOST_POSTS = 500


class Turnover(Group):
    """How often staff leave, and what it takes to replace them.

    Posts are stated for a site as they were filled, so that nobody leaves unless it is asked what happens
    if they do.
    """

    leaving_per_year: float = uncertainty(
        0.0, unit="per year", low=0, high=12, label="Staff who leave a post in a year, over those in post"
    )
    days_to_fill: float = uncertainty(
        90, unit="days", low=0, high=730, label="Days for which a post stays vacant"
    )
    training_weeks: float = uncertainty(
        8, unit="weeks", low=0, high=104, label="Weeks for which a starter is in training"
    )
    training_speed_share: float = uncertainty(
        0.5, unit="share", low=0, high=1, label="Share of a trained colleague's work that a starter does"
    )


class Posts:
    """The posts of every agency, and who sits in them.

    Parameters
    ----------
    env, luck
        The clock and keyed luck.
    on_leaving
        Called with the positions of agency and post when a holder leaves.

    Attributes
    ----------
    state
        Filled, vacant or training, shape ``(agencies, MOST_POSTS)``.
    """

    def __init__(self, env: simpy.Environment, luck: Luck, on_leaving: Callable[[int, int], None]) -> None:
        self.env, self.luck, self.on_leaving = env, luck, on_leaving
        self.state = np.zeros((len(AGENCIES), MOST_POSTS), dtype=np.int8)
        self._begun = [0] * len(AGENCIES)
        self._changed = env.event()

    def adopt(self, turnover: Turnover, number: list[int]) -> None:
        """Take over parameters, and the number of each agency's posts; new posts come with their holders."""
        self.turnover = turnover
        for agency, posts in enumerate(number):
            for post in range(self._begun[agency], posts):
                self.env.process(self._sit(agency, post))
            self._begun[agency] = max(self._begun[agency], posts)
        self._changed.succeed()
        self._changed = self.env.event()

    def _sit(self, agency: int, post: int) -> Generator[simpy.Event, Any, None]:
        holder = 0
        while True:
            yield from self._stay(agency * MOST_POSTS + post, holder)
            self.state[agency, post] = VACANT
            self.on_leaving(agency, post)
            yield self.env.timeout(self.turnover.days_to_fill)
            self.state[agency, post] = TRAINING
            yield self.env.timeout(self.turnover.training_weeks * WEEK)
            self.state[agency, post] = FILLED
            holder += 1

    def _stay(self, key: int, holder: int) -> Generator[simpy.Event, Any, None]:
        """Wait until the integrated rate of leaving reaches the holder's unit exponential."""
        left = -np.log(self.luck.one(TENURE, key, holder))
        while True:
            since, per_day = self.env.now, self.turnover.leaving_per_year / DAYS_PER_YEAR
            if not per_day:
                yield self._changed
                continue
            leaves = self.env.timeout(max(left, 0.0) / per_day)
            happened = yield leaves | self._changed
            if leaves in happened:
                return
            left -= per_day * (self.env.now - since)
