"""Co-location: how a team sits together, and what that does.

A form is a bundle of mechanisms, each with its own number: news between members travels faster, and news
to and from those left outside more slowly; travel and coordination take fewer minutes; joint visits and
surgery days become possible; the venue draws people in or keeps them away, and builds or costs trust;
unvetted and unwilling staff stay outside; premises cost money; staff with two managers are supervised
twice, and every further agency inside adds meetings about the building. No source measures these sizes;
they are assumptions with ranges, to be read as thresholds.
"""

from typing import Literal, Self

from pydantic import model_validator

from simulation.declare import Group, fact, lever, uncertainty

Agency = Literal["police", "neighbourhood_police", "probation", "prison", "drug_treatment", "vcs"]
AGENCIES: tuple[Agency, ...] = (
    "police", "neighbourhood_police", "probation", "prison", "drug_treatment", "vcs",
)  # fmt: skip
#: What they are called in words.
AGENCY_NAMES = {str(agency): agency.replace("_", " ") for agency in AGENCIES} | {"vcs": "voluntary sector"}
Weekday = Literal["none", "monday", "tuesday", "wednesday", "thursday", "friday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")
FormName = Literal["none", "virtual", "hub", "police_station", "neutral_venue", "one_stop_surgery"]


class Form(Group):
    """What one way of sitting together does between its members."""

    news_delay_days: float = uncertainty(2.0, unit="days", low=0, high=30, label="News between members")
    travel_saved_share: float = uncertainty(
        0.0, unit="share", low=0, high=1, label="Travel saved by seeing people at a shared place"
    )
    coordination_saved_share: float = uncertainty(
        0.0, unit="share", low=0, high=1, label="Coordination minutes saved between members"
    )
    joint_visits: bool = fact(False, label="Members can visit together")
    attendance_log_odds: float = uncertainty(
        0.0, unit="log-odds", low=-2, high=2, label="What the venue adds to attendance"
    )
    upkeep_minutes_a_week: float = uncertainty(
        0.0, unit="minutes a week", low=0, high=600, label="Coordination work of each pair of agencies inside"
    )
    premises_gbp_a_year: float = uncertainty(
        0.0, unit="gbp a year", low=0, label="Premises: rent and running"
    )
    most_time_share: float = fact(
        1.0, unit="share", low=0, high=1, label="Share of working time that the form allows at most",
        source="TK016: one afternoon a week in Wolverhampton, taken as a day where it is a surgery",
    )  # fmt: skip
    vetted_only: bool = fact(False, label="Closed to unvetted staff")
    vcs_willing_share: float = uncertainty(
        1.0, unit="share", low=0, high=1, label="Voluntary sector staff who are willing to sit there",
        source="Process evaluation, co-location: concerns in police stations; the share is assumed",
    )  # fmt: skip
    silo_days: float = uncertainty(
        0.0, unit="days", low=0, high=30,
        label="What sitting there all week adds to news to and from agencies and colleagues outside",
        source="Process evaluation, co-location: should not become its own silo; the days are assumed",
    )  # fmt: skip
    supervision_minutes_a_week: float = uncertainty(
        0.0, unit="minutes a week", low=0, high=300,
        label="What a second line manager takes of each member of staff who sits there all week",
        source="Process evaluation, co-location: concern about line management; the minutes are assumed",
    )  # fmt: skip
    trust_per_appointment: float = uncertainty(
        0.0, unit="share", low=-0.5, high=0.5,
        label="Share of missing trust that an appointment there builds, or, below zero, of trust it costs",
    )  # fmt: skip
    surgery_day: Weekday = lever(
        "none", unit="choice", label="Day on which people have one appointment after the other"
    )
    surgery_wait_days: float = uncertainty(
        6, unit="days", low=0, high=6, label="Days for which appointments wait for the surgery day"
    )
    set_up_gbp: float = uncertainty(
        0.0, unit="gbp", low=0, high=500_000, label="Setting the place up",
        source="PE037: up to 190,000 pounds for setting a whole scheme up; what the place takes is assumed",
    )  # fmt: skip


#: What a team does that shares no place: nothing.
APART = Form()


class Forms(Group):
    """The forms of co-location and their mechanisms."""

    virtual: Form = Form(
        news_delay_days=0.5, coordination_saved_share=0.3, upkeep_minutes_a_week=10,
        premises_gbp_a_year=5_000, set_up_gbp=20_000,
    )  # fmt: skip
    hub: Form = Form(
        news_delay_days=0.2, travel_saved_share=0.25, coordination_saved_share=0.7, joint_visits=True,
        attendance_log_odds=0.1, upkeep_minutes_a_week=30, premises_gbp_a_year=60_000,
        set_up_gbp=50_000,
    )  # fmt: skip
    police_station: Form = Form(
        news_delay_days=0.2, travel_saved_share=0.15, coordination_saved_share=0.7, joint_visits=True,
        attendance_log_odds=-0.3, upkeep_minutes_a_week=30, premises_gbp_a_year=20_000, vetted_only=True,
        vcs_willing_share=0.7, set_up_gbp=15_000,
    )  # fmt: skip
    neutral_venue: Form = Form(
        news_delay_days=0.3, travel_saved_share=0.25, coordination_saved_share=0.6, joint_visits=True,
        attendance_log_odds=0.3, upkeep_minutes_a_week=35, premises_gbp_a_year=50_000,
        set_up_gbp=50_000,
    )  # fmt: skip
    one_stop_surgery: Form = Form(
        news_delay_days=0.2, travel_saved_share=0.25, coordination_saved_share=0.7, joint_visits=False,
        attendance_log_odds=0.25, upkeep_minutes_a_week=10, premises_gbp_a_year=10_000, most_time_share=0.2,
        surgery_day="tuesday", set_up_gbp=5_000,
    )  # fmt: skip

    def of(self, name: FormName) -> Form:
        """Return what a form does."""
        form: Form = APART if name == "none" else getattr(self, name)
        return form


class CoLocation(Group):
    """How one team sits together."""

    form: FormName = lever("none", unit="choice", label="Form of co-location")
    members: tuple[Agency, ...] = lever((), unit="choice", label="Agencies that share the place")
    time_share: float = lever(
        1.0, unit="share", low=0, high=1, label="Share of working time that members spend there"
    )
    seen_there_share: float = lever(
        1.0, unit="share", low=0, high=1,
        label="Share of the members' appointments held at the place; the rest are elsewhere in the area",
    )  # fmt: skip
    vetted: tuple[Agency, ...] = lever(
        ("police", "neighbourhood_police", "probation", "prison"),
        unit="choice",
        label="Agencies with vetted staff",
    )

    @model_validator(mode="after")
    def _needs_members(self) -> Self:
        if self.form != "none" and len(self.members) < 2:
            raise ValueError(
                f"form {self.form} needs at least two members; expected members: [police, probation]"
            )
        return self


class Together:
    """A team's co-location as its rooms read it.

    Parameters
    ----------
    arrangement, forms
        The team's choice, and what each form does.
    """

    def __init__(self, arrangement: CoLocation, forms: Forms) -> None:
        self.form_name = arrangement.form
        self.form: Form = forms.of(arrangement.form)
        inside = () if arrangement.form == "none" else arrangement.members
        if self.form.vetted_only:
            inside = tuple(agency for agency in inside if agency in arrangement.vetted)
        # One agency alone shares a place with nobody.
        inside = inside if len(inside) > 1 else ()
        self.members = inside
        self.time_share = min(arrangement.time_share, self.form.most_time_share) if inside else 0.0
        self.seen_there_share = arrangement.seen_there_share
        #: Minutes a week that each member sits with the others about the place.
        self.upkeep_minutes_a_week = self.form.upkeep_minutes_a_week * max(0, len(inside) - 1) * bool(inside)
        self.premises_gbp_a_year = self.form.premises_gbp_a_year * bool(inside)
        self.set_up_gbp = self.form.set_up_gbp * bool(inside)
        surgery = self.form.surgery_day if inside else "none"
        #: The weekday of the surgery, 0 for Monday; -1 for none.
        self.surgery_weekday = -1 if surgery == "none" else WEEKDAYS.index(surgery)

    def inside(self, agency: str) -> float:
        """Return the share of its working time that an agency spends at the place, the unwilling left out."""
        willing = self.form.vcs_willing_share if agency == "vcs" else 1.0
        return self.time_share * willing if agency in self.members else 0.0

    def beside(self, one: str, other: str) -> float:
        """Return the share of their working time that two agencies spend beside one another."""
        return min(self.inside(one), self.inside(other))

    def silo_days(self, agency: str) -> float:
        """Return the days by which sitting inside delays news to and from an agency's own house."""
        return self.form.silo_days * self.inside(agency)

    def saved(self, agency: str, share: float) -> float:
        """Return the share of a work's minutes that an agency saves by being a member."""
        return share * self.inside(agency)
