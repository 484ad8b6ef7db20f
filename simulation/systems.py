"""Information systems: where things are first written, who may look, and what is typed how often.

Agencies keep records of their own, and hardly anybody can see all of them. Something that happens is
written into one record first; who has access to that record can look, everybody else is told. A shared
record and an information desk are what partnerships build against that.
"""

from typing import Literal

from simulation.co_location import Agency
from simulation.declare import Group, lever, uncertainty

System = Literal[
    "police_computer", "court_record", "prison_record", "probation_record", "drug_treatment_record",
    "vcs_record", "intelligence_record",
]  # fmt: skip
SHARED, DESK = "shared_record", "desk"

#: Each record with the agency that keeps or is sent it, and the declared delay with which that agency's
#: people in the partnership come to know what is written there.
RECORDS: dict[System, tuple[Agency, str]] = {
    "police_computer": ("police", "arrest_days"),
    "court_record": ("probation", "court_result_days"),
    "prison_record": ("prison", "prison_days"),
    "probation_record": ("probation", "appointment_days"),
    "drug_treatment_record": ("drug_treatment", "appointment_days"),
    "vcs_record": ("vcs", "appointment_days"),
    "intelligence_record": ("police", "report_days"),
}
#: The record into which each agency writes its contacts.
WRITTEN_BY: dict[Agency, System] = {
    "police": "police_computer", "neighbourhood_police": "police_computer", "probation": "probation_record",
    "prison": "prison_record", "drug_treatment": "drug_treatment_record", "vcs": "vcs_record",
}  # fmt: skip


class AgencyRecord(Group):
    """A record that one agency keeps, and others may have access to."""

    read_by: tuple[Agency, ...] = lever(
        (), unit="choice", label="Agencies whose people in the partnership look into the record themselves"
    )
    read_days: float = uncertainty(
        1.0, unit="days", low=0, high=30, label="Days until somebody with access looks"
    )


class PoliceComputer(AgencyRecord):
    """The police computer, in which arrests are written first."""

    arrests: Literal["told", "daily", "looked_up"] = lever(
        "told", unit="choice",
        label="Whether the custody suite tells the team of an arrest, a list is downloaded each morning as "
        "well, or nobody knows until somebody looks the person up",
        source="Key Principles 2015, 5.3: daily downloads of arrests, court outcomes and releases, later",
    )  # fmt: skip
    court_days: float = uncertainty(
        7.0, unit="days", low=0, high=60, label="A court result from the court to the police computer"
    )
    prison_days: float = uncertainty(
        2.0, unit="days", low=0, high=60, label="A move from the prison to the police computer"
    )


class SharedRecord(Group):
    """A case management system that agencies share; none where nobody has access."""

    members: tuple[Agency, ...] = lever((), unit="choice", label="Agencies with access to the shared record")
    read_days: float = uncertainty(
        0.5, unit="days", low=0, high=30, label="From one agency's entry until the team has read it"
    )
    double_entry: bool = lever(
        True, label="Whether a contact is typed into the agency's own systems as well",
        source="Process evaluation, information exchange: no successful example of integration",
        confidence="seed",
    )  # fmt: skip
    set_up_gbp: float = uncertainty(
        700_000, unit="gbp", low=0, high=5_000_000, label="Setting the shared record up",
        source="PE029 and PE030: 450,000 and 250,000 pounds for the West Midlands' system", confidence="seed",
    )  # fmt: skip
    running_gbp_a_year: float = uncertainty(
        50_000, unit="gbp a year", low=0, high=1_000_000, label="Running the shared record"
    )


class InformationDesk(Group):
    """An information desk: whoever collates and looks people up; none where it has no officers."""

    officers: int = lever(0, unit="posts", low=0, high=50, label="Information officers")
    members: tuple[Agency, ...] = lever((), unit="choice", label="Agencies that tell the desk what they know")
    passing_days: float = uncertainty(
        1.0, unit="days", low=0, high=30, label="From an agency that tells the desk to the team's picture"
    )
    databases: int = lever(
        5, unit="systems", low=0, high=50, label="Databases in which a person has to be looked up"
    )
    look_up_minutes: float = uncertainty(
        2, unit="minutes", low=0, high=60, label="Looking a person up in one database"
    )
    minutes_a_day: float = uncertainty(
        320, unit="minutes a day", low=0, high=1440,
        label="Minutes in which an information officer looks people up, leave taken off",
    )  # fmt: skip
    officer_gbp_a_year: float = uncertainty(
        28_000, unit="gbp a year", low=0, high=200_000, label="Cost of an information officer"
    )


class Systems(Group):
    """Every system, what it costs and who has access."""

    police_computer: PoliceComputer = PoliceComputer()
    court_record: AgencyRecord = AgencyRecord()
    prison_record: AgencyRecord = AgencyRecord()
    probation_record: AgencyRecord = AgencyRecord()
    drug_treatment_record: AgencyRecord = AgencyRecord()
    vcs_record: AgencyRecord = AgencyRecord()
    intelligence_record: AgencyRecord = AgencyRecord()
    shared_record: SharedRecord = SharedRecord()
    desk: InformationDesk = InformationDesk()

    def typed(self, agency: str, own: int) -> int:
        """Return into how many systems an agency types a contact: its own, the shared one, or both."""
        if agency not in self.shared_record.members:
            return own
        return own + 1 if self.shared_record.double_entry else 1

    @property
    def set_up_gbp(self) -> float:
        """What setting up the shared record costs; nothing where there is none."""
        return self.shared_record.set_up_gbp * bool(self.shared_record.members)

    @property
    def gbp_a_year(self) -> float:
        """What the shared record and the desk cost a year."""
        running = self.shared_record.running_gbp_a_year * bool(self.shared_record.members)
        return running + self.desk.officers * self.desk.officer_gbp_a_year
