"""Agencies and teams: posts turned into minutes, and what each piece of work takes."""

from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.calendar import DAYS_PER_YEAR, WEEK, Calendar
from simulation.co_location import AGENCIES, CoLocation, Forms, Together
from simulation.declare import Group, lever, uncertainty
from simulation.systems import Systems

WORKING_DAYS_A_WEEK = 5


class AgencyStaff(Group):
    """What agencies have in common: the day, and the footprint of a contact."""

    minutes_a_day: float = uncertainty(
        420, unit="minutes a day", low=0, high=1440,
        label="Minutes a member of staff is on duty in a working day", likely=(380, 450),
        because="a day of six and a half to seven and a half hours",
    )  # fmt: skip
    absence_share: float = uncertainty(
        0.22, unit="share", low=0, high=1, label="Leave, training and sickness",
        source="EX200: 12.3 days sickness a year in probation, with leave and training", likely=(0.16, 0.27),
        because="12.3 days sick (EX200), 25 to 41 of leave and holidays, 5 to 15 of training, in 260",
    )  # fmt: skip
    iom_share: float = lever(
        1.0,
        unit="share",
        low=0,
        high=1,
        label="Share of duty time for managed people; the rest serves others",
    )
    contact_minutes: float = uncertainty(
        30, unit="minutes", low=1, high=480, label="Minutes with the person at a contact", likely=(10, 60),
        because="a word at the door to an hour's appointment",
    )  # fmt: skip
    travel_minutes: float = uncertainty(
        15, unit="minutes", low=0, high=480, label="Travel for a contact", likely=(5, 40),
        because="one town to half a county",
    )  # fmt: skip
    recording_minutes: float = uncertainty(
        8, unit="minutes", low=0, high=240, label="Recording a contact, in each system", likely=(3, 20),
        because="a line to a full entry",
    )  # fmt: skip
    systems: int = uncertainty(
        1, unit="systems", low=0, high=17, label="Systems a contact is typed into", likely=(1, 5),
        because="one to several; staff looked people up in 17 (PE096), which is not typing",
    )  # fmt: skip
    coordination_minutes: float = uncertainty(
        10, unit="minutes", low=0, high=240, label="Calls and messages to other agencies for a contact",
        likely=(3, 25), because="a message to several calls",
    )  # fmt: skip
    caseload_minutes_a_week: float = uncertainty(
        6, unit="minutes a week", low=0, high=600,
        label="Fixed work for each person carried, contact or not", likely=(2, 20),
        because="files, letters and calls for everybody carried, seen or not",
    )  # fmt: skip
    cost_gbp_a_year: float = uncertainty(
        40_000, unit="gbp a year", low=0, label="Cost of a post",
        source="EX297 (police, 45,500), EX336 (probation, 40,000), EX337 (voluntary sector, 30,000)",
        likely=(25_000, 50_000), because="voluntary sector (EX337) to police (EX297) and probation (EX336)",
    )  # fmt: skip
    funded_posts: int = lever(
        0, unit="posts", low=0, high=500, label="Posts, of those there are, paid by time-limited funding"
    )
    seconded_posts: int = lever(
        0, unit="posts", low=0, high=500, label="Posts, of those there are, held by staff on secondment"
    )

    @property
    def seconded(self) -> int:
        """Seconded posts that there are: an agency whose posts are cut keeps secondments longest."""
        return min(self.seconded_posts, self.posts)

    @property
    def funded(self) -> int:
        """Posts that there are and that time-limited funding pays."""
        return min(self.funded_posts, self.posts - self.seconded)

    @property
    @abstractmethod
    def posts(self) -> int:
        """Posts, whatever the agency calls them."""


class Officers(AgencyStaff):
    """An agency whose staff are officers."""

    officers: int = lever(0, unit="posts", low=0, high=500, label="Officers")

    @property
    def posts(self) -> int:
        """Posts of officers."""
        return self.officers


class Workers(AgencyStaff):
    """An agency whose staff are workers."""

    workers: int = lever(0, unit="posts", low=0, high=500, label="Workers")

    @property
    def posts(self) -> int:
        """Posts of workers."""
        return self.workers


class Agencies(Group):
    """The agencies of the partnership."""

    police: Officers = Officers(officers=18, contact_minutes=20, cost_gbp_a_year=45_500)
    neighbourhood_police: Officers = Officers(
        caseload_minutes_a_week=1, officers=20, iom_share=0.2, contact_minutes=15, cost_gbp_a_year=45_500
    )
    probation: Officers = Officers(officers=18)
    prison: Officers = Officers(
        caseload_minutes_a_week=1, officers=3, cost_gbp_a_year=40_000, travel_minutes=0
    )
    drug_treatment: Workers = Workers(caseload_minutes_a_week=3, workers=12)
    vcs: Workers = Workers(caseload_minutes_a_week=1, workers=5, cost_gbp_a_year=30_000)


class Team(Group):
    """One team: its part of the area, and how it sits together."""

    share: float = lever(1.0, unit="share", low=0, high=1, label="Share of the area's people and staff")
    co_location: CoLocation = CoLocation()


class Staffing:
    """Posts of every team and agency, as the minutes of a day and the footprint of a contact.

    Arrays have shape ``(teams, agencies)``, agencies in the order of :data:`AGENCIES`.
    """

    def __init__(
        self, agencies: Agencies, teams: dict[str, Team], forms: Forms, systems: Systems | None = None
    ) -> None:
        self.team_names = tuple(teams)
        self.systems = systems = systems or Systems()
        self.together = [Together(team.co_location, forms) for team in teams.values()]
        staff: list[AgencyStaff] = [getattr(agencies, name) for name in AGENCIES]
        #: Whether each agency of each team shares its place with another.
        self.inside = np.array([[name in t.members for name in AGENCIES] for t in self.together])
        share = np.array([team.share for team in teams.values()])[:, None]
        posts = np.array([agency.posts for agency in staff], dtype=float)
        self.share = share[:, 0]
        self.posts = share * posts
        on_duty = np.array([s.minutes_a_day * (1 - s.absence_share) * s.iom_share for s in staff])
        self.minutes = self.posts * on_duty
        #: Minutes of managed people's work that a filled post gives in a day, shape ``(agencies,)``.
        self.on_duty = on_duty
        #: Whether an agency has anybody to take part, today: posts end with their money.
        self.staffed = self.minutes > 0
        upkeep = np.array(
            [
                [
                    t.upkeep_minutes_a_week / WORKING_DAYS_A_WEEK if name in t.members else 0.0
                    for name in AGENCIES
                ]
                for t in self.together
            ]
        )
        iom_share = np.array([s.iom_share for s in staff])
        #: Whether an agency's staff serve other people too, shape ``(agencies,)``.
        self.serves_others = iom_share < 1
        inside = np.array([[t.inside(name) for name in AGENCIES] for t in self.together])
        twice = np.array([t.form.supervision_minutes_a_week / WORKING_DAYS_A_WEEK for t in self.together])
        upkeep = upkeep + twice[:, None] * inside * self.posts * iom_share
        self.upkeep = np.minimum(upkeep, self.minutes)
        self.caseload_minutes = np.array([s.caseload_minutes_a_week / WORKING_DAYS_A_WEEK for s in staff])
        self.with_person = np.array([s.contact_minutes for s in staff])
        typed = [systems.typed(name, s.systems) for s, name in zip(staff, AGENCIES, strict=True)]
        self.footprint = np.array([
            [self._footprint(s, into, n, t) for s, into, n in zip(staff, typed, AGENCIES, strict=True)]
            for t in self.together
        ])  # fmt: skip
        ordinary = agencies.probation
        days = WORKING_DAYS_A_WEEK / WEEK * DAYS_PER_YEAR
        on_duty_a_year = ordinary.minutes_a_day * (1 - ordinary.absence_share) * days
        whole = self._footprint(ordinary, ordinary.systems, "probation", Together(CoLocation(), forms))
        #: What a minute of ordinary supervision with a person costs, its travel and recording included.
        self.ordinary_gbp_per_minute = (
            ordinary.cost_gbp_a_year / max(on_duty_a_year, 1.0) * whole / ordinary.contact_minutes
        )
        self.post_gbp_a_year = np.array([s.cost_gbp_a_year * s.iom_share for s in staff])
        self.cost_gbp_a_year = float((self.posts * self.post_gbp_a_year).sum())
        self.premises_gbp_a_year = float(sum(t.premises_gbp_a_year for t in self.together))
        self.cost_gbp_a_year += self.premises_gbp_a_year + systems.gbp_a_year

    @staticmethod
    def _footprint(staff: AgencyStaff, systems: int, name: str, together: Together) -> float:
        form = together.form
        there = form.travel_saved_share * together.seen_there_share
        travel = staff.travel_minutes * (1 - together.saved(name, there))
        talk = staff.coordination_minutes * (1 - together.saved(name, form.coordination_saved_share))
        return staff.contact_minutes + travel + talk + staff.recording_minutes * systems

    def who_goes(
        self, team: NDArray[Any], agency: NDArray[Any] | int, lead: NDArray[Any]
    ) -> NDArray[np.int64]:
        """Return the agencies that go, shape ``(n,)``: the lead where the one that should has nobody."""
        return np.where(self.staffed[team, agency], agency, lead).astype(np.int64)

    def set_up_gbp(self, before: "Staffing | None") -> float:
        """Return what it costs to set up places and systems that were not there before."""
        known = dict(zip(before.team_names, before.together, strict=True)) if before else {}
        places = sum(
            together.set_up_gbp
            for name, together in zip(self.team_names, self.together, strict=True)
            if name not in known or not known[name].members or known[name].form_name != together.form_name
        )
        had = bool(before and before.systems.shared_record.members)
        return float(places + self.systems.set_up_gbp * (not had))

    def opened(self, calendar: Calendar, day: int) -> NDArray[np.float64]:
        """Return the minutes with which diaries open on a day, upkeep of the place taken off."""
        if not calendar.is_working(day):
            return np.zeros_like(self.minutes)
        return np.asarray(self.minutes - self.upkeep)


def whole_area() -> dict[str, Team]:
    """Return a single team that covers the area."""
    return {"area": Team()}
