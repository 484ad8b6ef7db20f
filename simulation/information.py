"""Information: who learns what, and when.

Agencies and the team's meeting are nodes of a graph; an edge carries the days that news takes between
them. News starts where it happens and reaches the meeting along the quickest path. Sitting together
shortens the edges between members. Bands and selection use what has arrived, not what is true.
"""

from collections import defaultdict
from typing import Literal

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from simulation.co_location import AGENCIES, Agency
from simulation.declare import Group, uncertainty
from simulation.staffing import Staffing

Kind = Literal["arrest", "sanction", "reception", "release", "missed"]
KINDS: tuple[Kind, ...] = ("arrest", "sanction", "reception", "release", "missed")
MEETING = "team"
Rows = NDArray[np.int64]
Times = NDArray[np.float64]


class Information(Group):
    """How long news takes where nobody sits together."""

    between_agencies_days: float = uncertainty(
        3.0, unit="days", low=0, high=60, label="News between two agencies by telephone, letter and e-mail"
    )
    arrest_days: float = uncertainty(
        0.5, unit="days", low=0, high=30, label="News of an arrest from the custody suite to the police team"
    )
    court_result_days: float = uncertainty(
        4.0, unit="days", low=0, high=60, label="A court result from the court to probation"
    )
    prison_days: float = uncertainty(
        3.0, unit="days", low=0, high=60, label="A reception or a release from the prison to probation"
    )
    appointment_days: float = uncertainty(
        1.0, unit="days", low=0, high=30, label="A missed appointment from the case record to its own agency"
    )
    lead_to_meeting_days: float = uncertainty(
        1.0,
        unit="days",
        low=0,
        high=30,
        label="From the police team, which keeps the list, to the team's picture",
    )


#: Where news enters the partnership, and along which declared delay.
ORIGIN: dict[Kind, tuple[Agency, str]] = {
    "arrest": ("police", "arrest_days"),
    "sanction": ("probation", "court_result_days"),
    "reception": ("prison", "prison_days"),
    "release": ("prison", "prison_days"),
    "missed": ("probation", "appointment_days"),
}


def graph(information: Information, staffing: Staffing, team: int) -> "nx.Graph[str]":
    """Return a team's information graph: nodes are agencies and the team, edges carry ``days``."""
    network: nx.Graph[str] = nx.Graph()
    together = staffing.together[team]
    for place, one in enumerate(AGENCIES):
        for other in AGENCIES[place + 1 :]:
            days = information.between_agencies_days
            if one in together.members and other in together.members:
                inside = min(days, together.form.news_delay_days)
                days = together.time_share * inside + (1 - together.time_share) * days
            network.add_edge(one, other, days=days)
    network.add_edge("police", MEETING, days=information.lead_to_meeting_days)
    return network


class News:
    """News on its way: what happened to whom, and the day on which the team will know.

    Parameters
    ----------
    team
        Each person's team, shape ``(n,)``.
    """

    def __init__(self, team: Rows) -> None:
        self.team = team
        self.delay: dict[Kind, NDArray[np.float64]] = {}
        self._entry: dict[Kind, float] = {}
        self._arriving: dict[int, list[tuple[Kind, Rows, Times]]] = defaultdict(list)
        self._read_until = -1

    def adopt(self, information: Information, staffing: Staffing) -> None:
        """Take over parameters: the quickest path from each kind's origin to each team's meeting."""
        teams = range(len(staffing.team_names))
        lengths = [
            nx.single_source_dijkstra_path_length(graph(information, staffing, team), MEETING, weight="days")
            for team in teams
        ]
        for kind, (agency, first) in ORIGIN.items():
            entry = self._entry[kind] = getattr(information, first)
            self.delay[kind] = np.array([entry + lengths[team][agency] for team in teams])

    def post(self, kind: Kind, people: Rows, times: Times) -> None:
        """Send news on its way; each piece is read on the morning after it arrives.

        Parameters
        ----------
        kind
            What happened.
        people, times
            To whom and when, shape ``(n,)``.
        """
        arrival = times + self.delay[kind][self.team[people]]
        mornings = np.maximum(np.ceil(arrival).astype(np.int64), self._read_until + 1)
        for morning in set(mornings.tolist()):
            then = mornings == morning
            self._arriving[morning].append((kind, people[then], times[then]))

    def brought(self, day: int, who: Rows, agencies: NDArray[np.bool_]) -> list[tuple[Kind, Rows, Times]]:
        """Take off its way the news of people that one of some agencies knows already, and return it.

        Parameters
        ----------
        day
            Today.
        who
            People spoken about, shape ``(n,)``.
        agencies
            Whose news is brought, shape ``(agencies,)``.
        """
        found: list[tuple[Kind, Rows, Times]] = []
        if not len(who):
            return found
        for morning, pieces in self._arriving.items():
            for place, (kind, people, times) in enumerate(pieces):
                if agencies[AGENCIES.index(ORIGIN[kind][0])]:
                    known = np.isin(people, who) & (times + self._entry[kind] <= day)
                    if known.any():
                        found.append((kind, people[known], times[known]))
                        self._arriving[morning][place] = (kind, people[~known], times[~known])
        return found

    def arrived(self, day: int) -> list[tuple[Kind, Rows, Times]]:
        """Return what the teams learn on a morning, kind by kind, in the order in which it was sent."""
        self._read_until = day
        return self._arriving.pop(day, [])
