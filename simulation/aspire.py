"""ASPIRE: assess, sentence plan, implement, review, evaluate; all of it work of the lead.

The lead assesses at its first contacts and writes a plan with referrals. Until it is made the other
agencies' contacts do not begin, because nobody has been referred to them. Plans are reviewed while a person
is carried, and the work is evaluated when they leave.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.bands import BLUE
from simulation.calendar import WEEK
from simulation.caseload import Caseload
from simulation.contacts import Contacts
from simulation.declare import Column, Event, Group, lever, uncertainty
from simulation.deskwork import EVALUATION, PLAN, PLAN_REVIEW, Deskwork, Pieces
from simulation.people import People
from simulation.recorder import Recorder
from simulation.slots import DISRUPTION, DRUGS, SLOT_OF

Rows = NDArray[np.int64]
EVENTS = (Event("planned", "aspire", "the plan with its referrals is made"),)
UNKNOWN, ASSESSING, PLANNING, PLANNED = range(4)


class Aspire(Group):
    """The steps of managing a person, and what each takes of the lead's time."""

    plan_within_days: float = lever(
        21, unit="days", low=1, high=182, label="Days from selection in which the plan is to be made",
        source="EX192: 15 working days (National Standards 2007); PE105: three weeks in Bristol",
        confidence="published",
    )  # fmt: skip
    assessment_contacts: int = uncertainty(
        2, low=0, high=12, label="Kept contacts with the lead that an assessment needs"
    )
    assessment_minutes: float = uncertainty(
        40, unit="minutes", low=0, high=240, label="Minutes that assessing adds to each contact set for it",
        source="EX207: two and a half hours in all, from recollection; 1.5 to 5",
    )  # fmt: skip
    plan_minutes: float = uncertainty(
        70, unit="minutes", low=0, high=480, label="Writing the plan and making its referrals",
        source="EX207: two and a half hours in all, from recollection; 1.5 to 5",
    )  # fmt: skip
    review_every_days: int = lever(
        112, unit="days", low=7, high=730, label="Days after which a plan is to be reviewed"
    )
    review_minutes: float = uncertainty(
        30, unit="minutes", low=0, high=240, label="Reviewing a plan; zero for plans that nobody reviews"
    )
    evaluation_minutes: float = uncertainty(
        30, unit="minutes", low=0, high=240, label="Evaluating the work with a person who leaves"
    )

    @property
    def spacing_days(self) -> float:
        """Days between appointments so that an assessment without a miss leaves as long for the plan."""
        return max(1.0, self.plan_within_days / (self.assessment_contacts + 1))


class Planning:
    """Where each person's plan has got to.

    Parameters
    ----------
    people, recorder
        The column store and the counts.
    caseload, contacts, desk
        Leads and bands, and where the work is done.
    drug_user
        Who uses heroin or crack, shape ``(n,)``; drug workers see nobody else.
    """

    def __init__(
        self, people: People, recorder: Recorder, caseload: Caseload, contacts: Contacts, desk: Deskwork,
        drug_user: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        self.recorder, self.caseload, self.contacts, self.desk = recorder, caseload, contacts, desk
        self.drug_user = drug_user

        def own(name: str, dtype: str, about: str, unit: str = "") -> NDArray:  # type: ignore[type-arg]
            return people.own(Column(name, dtype, "aspire", about, unit))

        self.stage = own("plan_stage", "int8", "0 unknown, 1 being assessed, 2 being planned for, 3 planned")
        self.kept = own("assessment_kept", "int64", "contacts kept for the assessment")
        self.since = own("plan_since", "float64", "start of the plan's time; stands still in custody", "days")
        self.looked_at = own("plan_looked_at", "float64", "day the plan was made or last reviewed", "days")

    def adopt(self, aspire: Aspire) -> None:
        """Take over parameters."""
        self.aspire = aspire

    def begin(self, who: Rows, back: NDArray[np.bool_], day: int) -> None:
        """Begin to assess people taken on; whoever is back from the dormant list keeps a plan there was.

        Parameters
        ----------
        who, back
            People taken on, and whether each comes from the dormant list, shape ``(n,)``.
        day
            Today.
        """
        who = who[~(back & (self.stage[who] == PLANNED))]
        self.stage[who], self.kept[who], self.since[who] = ASSESSING, 0, day
        if self.aspire.assessment_contacts == 0:
            self._plan(who, day)
            return
        slot = SLOT_OF[self.caseload.lead[who]]
        sooner = min(1.0, self.aspire.spacing_days / WEEK)
        self.contacts.next_due[who, slot] -= (1 - sooner) * (self.contacts.next_due[who, slot] - day)
        self.contacts.extra[who, slot] += self.aspire.assessment_minutes

    def follow(self, day: int, rows: Rows) -> None:
        """Let a day pass for everyone carried."""
        assessing = rows[self.stage[rows] == ASSESSING]
        if len(assessing):
            band, lead = self.caseload.band[assessing], self.caseload.lead[assessing]
            self.since[assessing[band == BLUE]] += 1
            slot = SLOT_OF[lead]
            unseen = (self.contacts.weekly[band, slot] == 0) | ((slot == DRUGS) & ~self.drug_user[assessing])
            # A lead who does not see the person plans from the files.
            self._plan(assessing[(band != BLUE) & unseen], day)
        stage = self.stage[rows]
        waiting = rows[(stage == ASSESSING) | (stage == PLANNING)]
        overdue = np.floor(day - self.since[waiting] - self.aspire.plan_within_days) == 1
        overdue &= (self.stage[waiting] == PLANNING) | (self.caseload.band[waiting] != BLUE)
        self.recorder.count("plans_late", day, np.count_nonzero(overdue))
        if self.aspire.review_minutes:
            turn = self.looked_at[rows] + self.aspire.review_every_days <= day
            self._review(rows[turn & (stage == PLANNED)], day)

    def seen(self, day: int, who: Rows, slot: Rows, seen: NDArray[np.bool_]) -> None:
        """Count contacts of the lead towards assessments, and make the next appointment.

        Parameters
        ----------
        day
            Today.
        who, slot, seen
            Contacts set out on today, and whether the person was there, shape ``(n,)``.
        """
        own = (self.stage[who] == ASSESSING) & (slot == SLOT_OF[self.caseload.lead[who]])
        who, slot, seen = who[own], slot[own], seen[own]
        self.kept[who] += seen
        enough = self.kept[who] >= self.aspire.assessment_contacts
        self._plan(who[enough], day)
        again = ~enough & (self.caseload.band[who] != BLUE)
        who, slot = who[again], slot[again]
        next_due = self.contacts.next_due
        next_due[who, slot] = np.minimum(next_due[who, slot], day + self.aspire.spacing_days)
        extra = self.contacts.extra
        extra[who, slot] = np.maximum(extra[who, slot], self.aspire.assessment_minutes)

    def open_to(self, who: Rows, slot: Rows) -> NDArray[np.bool_]:
        """Return whether contacts of some kinds have begun, shape ``(n,)``.

        The lead, a prison and disruption on intelligence do not wait for the plan.
        """
        lead = slot == SLOT_OF[self.caseload.lead[who]]
        inside = self.caseload.band[who] == BLUE
        return np.asarray((self.stage[who] == PLANNED) | lead | inside | (slot == DISRUPTION))

    def done(self, pieces: Pieces, day: int) -> None:
        """Take in plans finished and reviewed yesterday: referrals are out this morning."""
        who = pieces.of(PLAN).person
        self._planned(who[self.stage[who] == PLANNING], day - 1)

    def end(self, who: Rows, day: int) -> None:
        """Strike out all desk work about people who are about to leave, and evaluate the work with them."""
        if len(who):
            self.desk.drop(np.isin(self.desk.open.person, who) & (self.desk.open.kind != EVALUATION))
            self.stage[who[self.stage[who] != PLANNED]] = UNKNOWN
            if self.aspire.evaluation_minutes:
                lead, minutes = self.caseload.lead[who], self.aspire.evaluation_minutes
                self.desk.post(EVALUATION, who, lead, minutes, day + self.aspire.plan_within_days)

    def _plan(self, who: Rows, day: int) -> None:
        if not len(who):
            return
        self.stage[who] = PLANNING
        if not self.aspire.plan_minutes:
            self._planned(who, day)
            return
        due = self.since[who] + self.aspire.plan_within_days
        self.desk.post(PLAN, who, self.caseload.lead[who], self.aspire.plan_minutes, due)

    def _planned(self, who: Rows, day: int) -> None:
        self.stage[who], self.looked_at[who] = PLANNED, day
        took = day - self.since[who]
        self.recorder.count("plans_made", day, len(who))
        self.recorder.count("plan_days", day, float(took.sum()))
        self.recorder.count(
            "plans_in_time", day, np.count_nonzero(np.floor(took) <= self.aspire.plan_within_days)
        )
        self.recorder.log_many(who, "planned", day)

    def _review(self, who: Rows, day: int) -> None:
        if not len(who):
            return
        self.looked_at[who] = day
        minutes, due = self.aspire.review_minutes, day + self.aspire.plan_within_days
        self.desk.post(PLAN_REVIEW, who, self.caseload.lead[who], minutes, due)
