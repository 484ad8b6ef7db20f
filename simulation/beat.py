"""The beat: neighbourhood officers who do not know who is carried visit anyway, and undo trust.

Being told stops it: at the daily tasking, by a briefing that takes minutes, or across the desk where they
sit together with the IOM team.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulation.bands import BLUE
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES, Together
from simulation.declare import Event, Group, Stream, lever, uncertainty
from simulation.engagement import Trust
from simulation.luck import Luck
from simulation.people import People
from simulation.recorder import Recorder
from simulation.staffing import WORKING_DAYS_A_WEEK, Staffing

Rows = NDArray[np.int64]
VISITED = Stream("beat.visited", "day", "whether beat officers who do not know call on a person")
EVENTS = (Event("beat visit", "beat", "beat officers who do not know that a person is carried call"),)
IOM_TEAM, BEAT = AGENCIES.index("police"), AGENCIES.index("neighbourhood_police")


class BeatRules(Group):
    """What beat officers know of who is carried."""

    told: Literal["tasking", "briefing", "nobody"] = lever(
        "tasking", unit="choice", label="How beat officers learn who is carried", confidence="seed",
        source="Process evaluation, 3.1: daily tasking ensures co-ordination between IOM and beat officers",
    )  # fmt: skip
    briefing_minutes_a_week: float = uncertainty(
        15, unit="minutes a week", low=0, high=300, label="Minutes of a briefing, for each beat officer"
    )
    visits_per_week: float = uncertainty(
        0.1, unit="per week", low=0, high=5,
        label="Calls on each person in the community by beat officers who do not know",
    )  # fmt: skip
    trust_lost_share: float = uncertainty(
        0.1, unit="share", low=0, high=1, label="Share of trust lost at a call that crosses the plan"
    )


class Beat:
    """Calls of officers who do not know, and the briefings that prevent them.

    Parameters
    ----------
    people, luck, recorder
        The column store, keyed luck and the counts.
    caseload, trust
        The people carried, and their trust.
    """

    def __init__(
        self, people: People, luck: Luck, recorder: Recorder, caseload: Caseload, trust: Trust
    ) -> None:
        self.luck, self.recorder, self.caseload, self.trust = luck, recorder, caseload, trust
        self.at_liberty = people.read("at_liberty")

    def adopt(self, rules: BeatRules, staffing: Staffing) -> None:
        """Take over parameters."""
        self.rules = rules
        self.minutes = staffing.footprint[:, BEAT]
        each = rules.briefing_minutes_a_week / WORKING_DAYS_A_WEEK * (rules.told == "briefing")
        self.briefing = staffing.posts[:, BEAT] * each
        unaware = [1.0 - _together(place) for place in staffing.together]
        #: Chance of a call on a working day, shape ``(teams,)``.
        self.chance = np.array(unaware) * rules.visits_per_week / WORKING_DAYS_A_WEEK
        self.chance *= rules.told == "nobody"

    def patrol(self, day: int, rows: Rows, left: NDArray[np.float64]) -> None:
        """Hold the briefing, or call on people whom nobody said to leave alone.

        Parameters
        ----------
        day
            A working day.
        rows
            People carried, shape ``(n,)``.
        left
            Minutes in the diaries, shape ``(teams, agencies)``; reduced by briefings and calls.
        """
        left[:, BEAT] = np.maximum(left[:, BEAT] - self.briefing, 0.0)
        if not self.chance.any():
            return
        rows = rows[self.caseload.band[rows] != BLUE]
        team = self.caseload.team[rows]
        drawn = self.luck.many(VISITED, rows, day)
        for place, chance in enumerate(self.chance):
            called = rows[(team == place) & (drawn < chance)]
            able = called[: int(left[place, BEAT] / self.minutes[place])]
            left[place, BEAT] -= len(able) * self.minutes[place]
            found = able[self.at_liberty[able]]
            self.trust.lose(found, self.rules.trust_lost_share)
            self.recorder.count("beat_visits", day, len(able))
            self.recorder.log_many(found, "beat visit", day)


def _together(place: Together) -> float:
    """Return the share of time for which beat officers sit with the IOM team."""
    return place.time_share * ({"police", "neighbourhood_police"} <= set(place.members))
