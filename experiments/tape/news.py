"""News on a tape: the network it travels, the quickest path of each kind, and how much arrived how late."""

from typing import Any

import networkx as nx
import numpy as np

from simulation import Parameters
from simulation.calendar import WEEK
from simulation.information import MEETING, ORIGIN, SUBJECTS, Kind, graph
from simulation.recorder import Recorder
from simulation.staffing import Staffing
from simulation.systems import RECORDS

LABELS = {
    "arrest": "an arrest", "sanction": "a court result", "reception": "a reception into custody",
    "release": "a release", "missed": "a missed appointment", "report": "a police report",
}  # fmt: skip
#: A subject of news stands for the kind of its name.
_KIND_OF: dict[str, Kind] = {what: kind for kind in ORIGIN for what in SUBJECTS if what == kind}


def network(parameters: Parameters, staffing: Staffing) -> list[dict[str, Any]]:
    """Return each team's network: who sits together, links with their days, and the path of each kind.

    A record is drawn as the agency that keeps it. Where there is no path its list is empty.
    """
    found = []
    for place, team in enumerate(staffing.team_names):
        links = graph(parameters.information, staffing, place)
        drawn = {
            (_keeper(one), _keeper(other)): round(float(about["days"]), 2)
            for one, other, about in links.edges.data()
            if _keeper(one) != _keeper(other)
        }
        found.append(
            {
                "team": team,
                "form": parameters.teams[team].co_location.form,
                "members": list(staffing.together[place].members),
                "links": [[*ends, days] for ends, days in drawn.items()],
                "paths": {what: _path(links, what) for what in SUBJECTS},
            }
        )
    return found


def _keeper(node: str) -> str:
    return next((agency for record, (agency, _) in RECORDS.items() if record == node), node)


def _path(links: "nx.DiGraph[str]", what: str) -> dict[str, Any]:
    """Return the quickest path of news to the team's picture and its days; none where nobody is told."""
    try:
        route = nx.dijkstra_path(links, ORIGIN[_KIND_OF[what]], MEETING, weight="days")
    except nx.NetworkXNoPath:
        return {"path": [], "days": None}
    days = round(float(nx.path_weight(links, route, weight="days")), 2)
    return {"path": list(dict.fromkeys(map(_keeper, route))), "days": days}


def days_to_agencies(parameters: Parameters, staffing: Staffing, team: int, kind: Kind) -> dict[str, float]:
    """Return the days until each agency has heard of what happened, by the quickest path from its record."""
    links = graph(parameters.information, staffing, team)
    lengths = nx.single_source_dijkstra_path_length(links, ORIGIN[kind], weight="days")
    return {name: length for name, length in lengths.items() if name != MEETING}


class NewsCounts:
    """What was sent, what was read and how old it was, week by week and kind by kind."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    @staticmethod
    def kinds() -> list[dict[str, str]]:
        """Return the kinds of news in the order of every list."""
        return [
            {"name": what, "label": LABELS[what], "from": _keeper(ORIGIN[_KIND_OF[what]])}
            for what in SUBJECTS
        ]

    def of_week(self, day: int) -> list[list[float]]:
        """Return for each kind the pieces sent, the pieces read and their mean age in days."""
        week = slice(day - WEEK, day)
        told = []
        for what in SUBJECTS:
            sent, read, days = (
                float(np.sum(self.recorder.daily(name)[week]))
                for name in (f"news_sent_{what}", f"news_{what}", f"news_lag_{what}")
            )
            told.append([round(sent), round(read), round(days / read, 1) if read else 0])
        return told
