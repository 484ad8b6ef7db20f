"""Every parameter of a run, in one frozen tree."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Self

from pydantic import Field, model_validator

from simulation.actions import ActionWork
from simulation.aspire import Aspire
from simulation.at_court import CourtRules
from simulation.bands import Bands
from simulation.beat import BeatRules
from simulation.categories import Categories
from simulation.co_location import Agency, Forms
from simulation.commissioning import CommissioningRules
from simulation.compliance import ComplianceRules
from simulation.contact_plans import Plans
from simulation.costs import Costs
from simulation.declare import Contradiction, ContradictionsError, Group, fact
from simulation.deskwork import Desk
from simulation.distance import Distance
from simulation.enforcement import Enforcement
from simulation.engagement import Engagement
from simulation.first_contact import FirstContact
from simulation.funding import Funding
from simulation.gate import GateRules
from simulation.governance import Governance
from simulation.in_reach import InReachRules
from simulation.information import Information
from simulation.intelligence import Intelligence
from simulation.justice import Courts
from simulation.leads import Leads
from simulation.meetings import Meeting, usual_meetings
from simulation.mentoring import MentoringRules
from simulation.motivation import MotivationRules
from simulation.needs import Needs
from simulation.offending import OffendingParameters
from simulation.outreach import OutreachRules
from simulation.pathways import PathwayRules
from simulation.picture import Memory
from simulation.police_roles import PoliceRoles
from simulation.pool import Pool
from simulation.proportionality import Proportionality
from simulation.release_plans import ReleasePlanRules
from simulation.response import Response
from simulation.selection import Cohort
from simulation.sentencing import Sentencing
from simulation.slots import SLOTS
from simulation.staffing import Agencies, Team, whole_area
from simulation.supports import SupportRules
from simulation.systems import Systems
from simulation.turnover import Turnover
from simulation.world import WorldParameters
from simulation.youth import YouthRules

#: Years that a date can lie in; the partnership's time before the decision; careers a pool is grown from.
FIRST_YEAR, LAST_YEAR = 1950, 2100
LONGEST_LEAD = timedelta(days=20 * 366)
MOST_GROWN = 10_000_000


class Parameters(Group):
    """A site's parameters, those of the world and those of the partnership.

    Options begin at ``start`` unless they say otherwise; the partnership begins at ``iom_start``.
    """

    iom_start: date = fact(date(2008, 4, 1), unit="date", label="Day the partnership begins")
    census_date: date = fact(date(2009, 12, 31), unit="date", label="Day of the published caseload")
    start: date = fact(
        date(2010, 1, 1), unit="date", label="Decision date: options begin, measurement begins"
    )

    pool: Pool = Pool()
    needs: Needs = Needs()
    offending: OffendingParameters = OffendingParameters()
    courts: Courts = Courts()
    sentencing: Sentencing = Sentencing()
    costs: Costs = Costs()

    categories: Categories = Categories()
    cohort: Cohort = Cohort()
    first_contact: FirstContact = FirstContact()
    intelligence: Intelligence = Intelligence()
    bands: Bands = Bands()
    contacts: Plans = Plans()
    mandatory: tuple[Agency, ...] = fact(
        ("probation",),
        unit="choice",
        label="Agencies whose contacts are a duty and need somebody to make them",
    )
    agencies: Agencies = Agencies()
    teams: dict[str, Team] = Field(default_factory=whole_area, title="Teams")
    forms: Forms = Forms()
    information: Information = Information()
    systems: Systems = Systems()
    memory: Memory = Memory()
    meetings: dict[str, Meeting] = Field(default_factory=usual_meetings, title="Meetings")
    actions: ActionWork = ActionWork()
    leads: Leads = Leads()
    aspire: Aspire = Aspire()
    desk: Desk = Desk()
    engagement: Engagement = Engagement()
    enforcement: Enforcement = Enforcement()
    pathways: PathwayRules = PathwayRules()
    motivation: MotivationRules = MotivationRules()
    response: Response = Response()
    governance: Governance = Governance()
    funding: Funding = Funding()
    turnover: Turnover = Turnover()
    proportionality: Proportionality = Proportionality()
    police_roles: PoliceRoles = PoliceRoles()
    outreach: OutreachRules = OutreachRules()
    beat: BeatRules = BeatRules()
    compliance: ComplianceRules = ComplianceRules()
    at_court: CourtRules = CourtRules()
    in_reach: InReachRules = InReachRules()
    distance: Distance = Distance()
    release_plans: ReleasePlanRules = ReleasePlanRules()
    gate: GateRules = GateRules()
    youth: YouthRules = YouthRules()
    commissioning: CommissioningRules = CommissioningRules()
    mentoring: MentoringRules = MentoringRules()
    supports: SupportRules = SupportRules()

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        found = [*self._wrong_dates(), *self._wrong_shares(), *self._wrong_size(), *self._undone()]
        if found:
            raise ContradictionsError(found)
        return self

    def _wrong_dates(self) -> Iterator[Contradiction]:
        dates = ("start", "iom_start", "census_date")
        outside = [key for key in dates if not FIRST_YEAR <= getattr(self, key).year <= LAST_YEAR]
        for key in outside:
            yield Contradiction(
                (key,), f"is {getattr(self, key)}", f"a year from {FIRST_YEAR} to {LAST_YEAR}"
            )
        if outside:
            return
        for key in ("start", "census_date"):
            day: date = getattr(self, key)
            if day < self.iom_start or self.start == self.iom_start:
                wanted = "iom_start before start and not after census_date"
                wrong = f"dates cross: {key} is {day}, iom_start {self.iom_start}"
                yield Contradiction((key, "iom_start"), wrong, wanted)
                return
        lead = self.start - self.iom_start
        if lead > LONGEST_LEAD:
            wanted = f"at most {LONGEST_LEAD.days:,}, which are all lived through first: a later iom_start"
            wrong = f"start would be {lead.days:,} days after iom_start, {self.iom_start}"
            yield Contradiction(("start", "iom_start"), wrong, wanted)

    def _wrong_shares(self) -> Iterator[Contradiction]:
        total = sum(team.share for team in self.teams.values())
        if abs(total - 1) > 1e-6:
            yield Contradiction(("teams",), f"shares of teams add up to {total:g}", "1")

    def _wrong_size(self) -> Iterator[Contradiction]:
        grown = self.pool.first_sanctions_per_year * self.pool.history_years
        if grown > MOST_GROWN:
            wrong = f"first_sanctions_per_year for history_years makes {grown:,.0f} careers"
            yield Contradiction(("pool",), wrong, f"at most {MOST_GROWN:,}: the pool of a large country")

    def _undone(self) -> Iterator[Contradiction]:
        if not any("selection" in meeting.purposes for meeting in self.meetings.values()):
            some = ", ".join(self.meetings) or "meetings"
            wanted = f"selection among the purposes of one of {some}"
            yield Contradiction(("meetings",), "no meeting takes anybody on", wanted)
        for agency in self.mandatory:
            asked = self.contacts.matrix()[:, [slot.name for slot in SLOTS].index(agency)]
            staff = getattr(self.agencies, agency)
            if asked.any() and staff.posts * staff.iom_share == 0:
                wrong = f"contacts with {agency} are mandatory and nobody is there to make them"
                wanted = f"posts in agencies.{agency}, or no contacts, or not in mandatory"
                yield Contradiction((f"agencies.{agency}", "contacts", "mandatory"), wrong, wanted)

    def world(self) -> WorldParameters:
        """Return the part that holds without a partnership."""
        return WorldParameters(
            pool=self.pool, needs=self.needs, offending=self.offending, courts=self.courts,
            sentencing=self.sentencing,
        )  # fmt: skip


#: Dated parameters: the first from ``iom_start``, each until the next.
Timeline = tuple[tuple[date, Parameters], ...]

#: Keys that describe the world, or what people bring with them: they hold from the first day on. A
#: scenario can set them, but not change them on the way.
FROM_THE_FIRST_DAY = (
    "iom_start", "start", "census_date", "pool.*", "needs.*", "offending.*", "courts.*", "sentencing.*",
    "teams.*.share", "engagement.trust_at_outset", "engagement.trust_spread",
    "motivation.own", "motivation.spread", "memory.*", "costs.*",
)  # fmt: skip
