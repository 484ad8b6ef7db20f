"""Co-location: how a team sits together, and what that does.

A form is a bundle of mechanisms, each with its own number: news between members travels faster, travel
and coordination take fewer minutes, joint visits become possible, the venue draws people in or keeps them
away, premises cost money, and every further agency inside adds meetings about the building. No source
measures these sizes; they are assumptions with ranges, to be read as thresholds.
"""

from typing import Literal, Self

from pydantic import model_validator

from simulation.declare import Group, fact, lever, uncertainty

Agency = Literal["police", "neighbourhood_police", "probation", "prison", "drug_treatment", "vcs"]
AGENCIES: tuple[Agency, ...] = (
    "police", "neighbourhood_police", "probation", "prison", "drug_treatment", "vcs",
)  # fmt: skip
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
    premises_gbp_a_year: float = uncertainty(0.0, unit="gbp a year", low=0, label="Premises")
    most_time_share: float = fact(
        1.0, unit="share", low=0, high=1, label="Share of working time that the form allows at most"
    )
    vetted_only: bool = fact(False, label="Closed to unvetted staff")


class Forms(Group):
    """The forms of co-location and their mechanisms."""

    none: Form = Form()
    virtual: Form = Form(
        news_delay_days=0.5, coordination_saved_share=0.3, upkeep_minutes_a_week=10, premises_gbp_a_year=5_000
    )
    hub: Form = Form(
        news_delay_days=0.2, travel_saved_share=0.25, coordination_saved_share=0.7, joint_visits=True,
        attendance_log_odds=0.1, upkeep_minutes_a_week=30, premises_gbp_a_year=60_000,
    )  # fmt: skip
    police_station: Form = Form(
        news_delay_days=0.2, travel_saved_share=0.15, coordination_saved_share=0.7, joint_visits=True,
        attendance_log_odds=-0.3, upkeep_minutes_a_week=30, premises_gbp_a_year=20_000, vetted_only=True,
    )  # fmt: skip
    neutral_venue: Form = Form(
        news_delay_days=0.3, travel_saved_share=0.25, coordination_saved_share=0.6, joint_visits=True,
        attendance_log_odds=0.3, upkeep_minutes_a_week=35, premises_gbp_a_year=50_000,
    )  # fmt: skip
    one_stop_surgery: Form = Form(
        news_delay_days=0.2, travel_saved_share=0.25, coordination_saved_share=0.7, joint_visits=False,
        attendance_log_odds=0.25, upkeep_minutes_a_week=10, premises_gbp_a_year=10_000, most_time_share=0.2,
    )  # fmt: skip


class CoLocation(Group):
    """How one team sits together."""

    form: FormName = lever("none", unit="choice", label="Form of co-location")
    members: tuple[Agency, ...] = lever((), unit="choice", label="Agencies that share the place")
    time_share: float = lever(
        1.0, unit="share", low=0, high=1, label="Share of working time that members spend there"
    )
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
        self.form: Form = getattr(forms, arrangement.form)
        inside = () if arrangement.form == "none" else arrangement.members
        if self.form.vetted_only:
            inside = tuple(agency for agency in inside if agency in arrangement.vetted)
        # One agency alone shares a place with nobody.
        inside = inside if len(inside) > 1 else ()
        self.members = inside
        self.time_share = min(arrangement.time_share, self.form.most_time_share) if inside else 0.0
        #: In how many agencies' meetings about the place each member sits.
        self.upkeep_minutes_a_week = self.form.upkeep_minutes_a_week * max(0, len(inside) - 1) * bool(inside)
        self.premises_gbp_a_year = self.form.premises_gbp_a_year * bool(inside)

    def saved(self, agency: str, share: float) -> float:
        """Return the share of a work's minutes that an agency saves by being a member."""
        return share * self.time_share if agency in self.members else 0.0
