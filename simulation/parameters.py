"""Every parameter of a run, in one frozen tree."""

from datetime import date
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
from simulation.declare import Group, fact
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
    def _dates_in_order(self) -> Self:
        if not self.iom_start <= self.census_date or not self.iom_start < self.start:
            raise ValueError("dates cross; expected iom_start before start and not after census_date")
        return self

    @model_validator(mode="after")
    def _teams_cover_the_area(self) -> Self:
        total = sum(team.share for team in self.teams.values())
        if abs(total - 1) > 1e-6:
            raise ValueError(f"shares of teams add up to {total:g}; expected 1")
        return self

    @model_validator(mode="after")
    def _somebody_selects(self) -> Self:
        if not any("selection" in meeting.purposes for meeting in self.meetings.values()):
            raise ValueError(
                "no meeting takes anybody on; expected selection among the purposes of one of "
                f"{', '.join(self.meetings) or 'meetings'}"
            )
        return self

    @model_validator(mode="after")
    def _duties_can_be_done(self) -> Self:
        for agency in self.mandatory:
            asked = self.contacts.matrix()[:, [slot.name for slot in SLOTS].index(agency)]
            staff = getattr(self.agencies, agency)
            if asked.any() and staff.posts * staff.iom_share == 0:
                raise ValueError(
                    f"contacts with {agency} are mandatory and nobody is there to make them; "
                    f"expected posts in agencies.{agency}, or no contacts, or not in mandatory"
                )
        return self

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
