"""News on a tape: the network it travels, the quickest path of each kind, and how much arrived how late."""

from typing import Any

import networkx as nx
import numpy as np

from simulation import Parameters
from simulation.calendar import WEEK
from simulation.information import KINDS, MEETING, ORIGIN, Kind, graph
from simulation.recorder import Recorder
from simulation.staffing import Staffing

LABELS: dict[Kind, str] = {
    "arrest": "an arrest", "sanction": "a court result", "reception": "a reception into custody",
    "release": "a release", "missed": "a missed appointment",
}  # fmt: skip


def network(parameters: Parameters, staffing: Staffing) -> list[dict[str, Any]]:
    """Return each team's network: who sits together, links with their days, and the path of each kind."""
    found = []
    for place, team in enumerate(staffing.team_names):
        links = graph(parameters.information, staffing, place)
        paths: dict[str, dict[str, Any]] = {}
        for kind, (agency, entry) in ORIGIN.items():
            route = nx.dijkstra_path(links, agency, MEETING, weight="days")
            days = getattr(parameters.information, entry) + nx.path_weight(links, route, weight="days")
            paths[kind] = {"path": route, "days": round(float(days), 2)}
        found.append(
            {
                "team": team,
                "form": parameters.teams[team].co_location.form,
                "members": list(staffing.together[place].members),
                "links": [[one, other, round(links[one][other]["days"], 2)] for one, other in links.edges],
                "paths": paths,
            }
        )
    return found


def days_to_agencies(parameters: Parameters, staffing: Staffing, team: int, kind: Kind) -> dict[str, float]:
    """Return the days until each agency has heard of what happened, by the quickest path from its origin."""
    agency, entry = ORIGIN[kind]
    links = graph(parameters.information, staffing, team)
    first = getattr(parameters.information, entry)
    lengths = nx.single_source_dijkstra_path_length(links, agency, weight="days")
    return {name: first + length for name, length in lengths.items() if name != MEETING}


class NewsCounts:
    """What was sent, what was read and how old it was, week by week and kind by kind."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    @staticmethod
    def kinds() -> list[dict[str, str]]:
        """Return the kinds of news in the order of every list."""
        return [{"name": kind, "label": LABELS[kind], "from": ORIGIN[kind][0]} for kind in KINDS]

    def of_week(self, day: int) -> list[list[float]]:
        """Return for each kind the pieces sent, the pieces read and their mean age in days."""
        week = slice(day - WEEK, day)
        told = []
        for kind in KINDS:
            sent, read, days = (
                float(np.sum(self.recorder.daily(f"news_{what}_{kind}")[week]))
                for what in ("sent", "read", "days")
            )
            told.append([round(sent), round(read), round(days / read, 1) if read else 0])
        return told
