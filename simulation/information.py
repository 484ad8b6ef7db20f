"""Information: who learns what, and when.

Agencies, information systems and the team are nodes of a graph; an edge carries the days that news takes
along it and the share of news that it passes on at all. News starts in the record into which it is first
written and reaches the team along the quickest path. A protocol opens an edge between two agencies,
sitting together shortens it for members and lengthens it for everybody they left behind; access to a
record, a shared record, a download or an information desk are further edges. Bands and selection use what
has arrived, not what is true.
"""

from itertools import permutations
from typing import Literal, get_args

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from simulation.co_location import AGENCIES, Agency, Together
from simulation.declare import Group, lever, uncertainty
from simulation.staffing import Staffing
from simulation.systems import DESK, RECORDS, SHARED, System, Systems

Kind = Literal[
    "arrest", "sanction", "reception", "release", "missed", "sac_arrest", "sac_sanction", "report",
    "false_report",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
#: What each kind of news is about, for whoever hears it: nobody can tell a false report from a true one.
SUBJECT: dict[Kind, str] = {
    "arrest": "arrest", "sanction": "sanction", "reception": "reception", "release": "release",
    "missed": "missed", "sac_arrest": "arrest", "sac_sanction": "sanction", "report": "report",
    "false_report": "report",
}  # fmt: skip
SUBJECTS = tuple(dict.fromkeys(SUBJECT.values()))
MEETING = "team"


class Information(Group):
    """How news goes where nobody sits together, and what finds it where it does not."""

    between_agencies_days: float = uncertainty(
        3.0, unit="days", low=0, high=60, label="News between two agencies by telephone, letter and e-mail",
        likely=(1, 10), because="the next day to the next fortnightly meeting",
    )  # fmt: skip
    arrest_days: float = uncertainty(
        0.5, unit="days", low=0, high=30,
        label="News of an arrest from the custody suite to the police team", likely=(0.1, 2),
        because="the same shift to the morning after a weekend",
    )  # fmt: skip
    court_result_days: float = uncertainty(
        4.0, unit="days", low=0, high=60, label="A court result from the court to probation", likely=(1, 10),
        because="a list the next day to a letter in the second week",
    )  # fmt: skip
    prison_days: float = uncertainty(
        3.0, unit="days", low=0, high=60, label="A reception or a release from the prison to probation",
        likely=(0.5, 10), because="a call on the day to a letter in the second week",
    )  # fmt: skip
    report_days: float = uncertainty(
        1.0, unit="days", low=0, high=60, label="A police report from whoever took it to the police team",
        likely=(0.2, 4), because="the same day to after the officer's rest days",
    )  # fmt: skip
    appointment_days: float = uncertainty(
        1.0, unit="days", low=0, high=30,
        label="A missed appointment from the case record to its own agency", likely=(0.2, 5),
        because="noted the same day to the end of the week",
    )  # fmt: skip
    lead_to_meeting_days: float = uncertainty(
        1.0, unit="days", low=0, high=30,
        label="From the police team, which keeps the list, to the team's picture", likely=(0.2, 3),
        because="the same day to after a weekend",
    )  # fmt: skip
    protocol: tuple[Agency, ...] = lever(
        AGENCIES, unit="choice", label="Agencies that signed the information-sharing protocol"
    )
    without_protocol: Literal["slow", "none"] = uncertainty(
        "slow", unit="choice", label="What agencies without a protocol do: ask case by case, or not share"
    )
    without_protocol_days: float = uncertainty(
        14.0, unit="days", low=0, high=365, label="News between agencies that ask case by case",
        source="IOM survey 2010-11, barriers: absence of information-sharing protocols; the days are assumed",
        likely=(5, 42), because="a week to six, for asking and being allowed",
    )  # fmt: skip
    kept_share: float = uncertainty(
        1.0, unit="share", low=0, high=1,
        label="News passed on by telephone, letter and e-mail; the rest is found when lists are compared",
    )  # fmt: skip
    told_at_contact_share: float = uncertainty(
        0.0, unit="share", low=0, high=1,
        label="Kept contacts at which people say, or staff see, what has happened to them since",
    )  # fmt: skip
    found_out_share: float = uncertainty(
        0.0, unit="share", low=0, high=1,
        label="Visits to the wrong place, at home or in prison, that find out where the person is",
    )  # fmt: skip


#: The record into which each kind of news is first written. A missed appointment is written into the
#: record of the agency it was with, where that is another.
ORIGIN: dict[Kind, System] = {
    "arrest": "police_computer",
    "sanction": "court_record",
    "reception": "prison_record",
    "release": "prison_record",
    "missed": "probation_record",
    "sac_arrest": "police_computer",
    "sac_sanction": "court_record",
    "report": "intelligence_record",
    "false_report": "intelligence_record",
}


def graph(information: Information, staffing: Staffing, team: int) -> "nx.DiGraph[str]":
    """Return a team's information graph: nodes are agencies, systems and the team.

    Edges carry ``days``, and ``kept``: the share of news that they pass on at all.
    """
    network: nx.DiGraph[str] = nx.DiGraph()
    network.add_nodes_from((*AGENCIES, *RECORDS, MEETING))
    together, systems = staffing.together[team], staffing.systems
    for one, other in permutations(AGENCIES, 2):
        protocol = one in information.protocol and other in information.protocol
        if protocol or information.without_protocol == "slow":
            days = _days_between(information, together, one, other, protocol=protocol)
            # Nobody forgets to tell somebody who sits beside them.
            beside = together.beside(one, other)
            kept = beside + (1 - beside) * information.kept_share
            network.add_edge(one, other, days=days, kept=kept)
    network.add_edge("police", MEETING, days=information.lead_to_meeting_days, kept=1.0)
    _add_records(network, information, together, systems)
    _add_shared_record_and_desk(network, information, systems)
    return network


def _days_between(
    information: Information, together: Together, one: Agency, other: Agency, *, protocol: bool
) -> float:
    """Return the days that news takes from one agency to another."""
    if not protocol:
        # Sitting together does not make sharing lawful.
        return max(information.between_agencies_days, information.without_protocol_days)
    days, beside = information.between_agencies_days, together.beside(one, other)
    if one in together.members and other in together.members:
        inside = min(days, together.form.news_delay_days)
        return beside * inside + (1 - beside) * days
    # Whoever sits inside is not at hand for those they left behind.
    return days + together.silo_days(one) + together.silo_days(other)


def _add_records(
    network: "nx.DiGraph[str]", information: Information, together: Together, systems: Systems
) -> None:
    """Add the edges from each record to those who are told of it, have access to it or download it."""
    computer = systems.police_computer
    for record, (owner, entry) in RECORDS.items():
        days = getattr(information, entry) + together.silo_days(owner)
        if record != "police_computer" or computer.arrests != "looked_up":
            network.add_edge(record, owner, days=days, kept=1.0)
        access = getattr(systems, record)
        for reader in access.read_by:
            _add_quicker(network, record, reader, access.read_days)
    if computer.arrests == "daily":
        network.add_edge("court_record", "police_computer", days=computer.court_days, kept=1.0)
        network.add_edge("prison_record", "police_computer", days=computer.prison_days, kept=1.0)
        network.add_edge("police_computer", MEETING, days=0.0, kept=1.0)


def _add_quicker(network: "nx.DiGraph[str]", start: str, end: str, days: float) -> None:
    """Add an edge that drops nothing, unless there is a quicker one already."""
    if not network.has_edge(start, end) or network.edges[start, end]["days"] > days:
        network.add_edge(start, end, days=days, kept=1.0)


def _add_shared_record_and_desk(
    network: "nx.DiGraph[str]", information: Information, systems: Systems
) -> None:
    """Add what is written into the shared record or told to the desk, both of which the team reads."""
    shared, desk = systems.shared_record, systems.desk
    telling = {
        SHARED: (shared.members, shared.read_days),
        DESK: (desk.members if desk.officers else (), desk.passing_days),
    }
    for node, (members, days) in telling.items():
        for agency in members:
            if agency in information.protocol:
                network.add_edge(agency, node, days=days, kept=1.0)
                network.add_edge(node, MEETING, days=0.0, kept=1.0)


def ways(information: Information, staffing: Staffing) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the quickest ways from every record to every team.

    Returns
    -------
    tuple
        The distinct shares of news that edges keep, ascending, shape ``(levels,)``; and days, shape
        ``(levels, teams, records)``, using only edges that keep at least so much; infinite where there is
        no way.
    """
    networks = [graph(information, staffing, team) for team in range(len(staffing.team_names))]
    shares: set[float] = {about["kept"] for network in networks for _, _, about in network.edges.data()}
    levels = sorted(shares - {0.0} | {1.0})
    days = np.full((len(levels), len(networks), len(RECORDS)), np.inf)
    for place, level in enumerate(levels):
        for team, network in enumerate(networks):
            sure = nx.DiGraph((b, a, about) for a, b, about in network.edges.data() if about["kept"] >= level)
            sure.add_node(MEETING)
            found = nx.single_source_dijkstra_path_length(sure, MEETING, weight="days")
            days[place, team] = [found.get(record, np.inf) for record in RECORDS]
    return np.array(levels), days
