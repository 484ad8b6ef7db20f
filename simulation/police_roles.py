"""The police's four roles: intelligence, support, enforcement and disruption, from the same minutes.

Support and disruption are visits. Intelligence is work on each person carried in the community: it takes its
minutes, and no room makes news of it, as nobody has measured what an hour of it finds. Enforcement is what it
takes to act on missed appointments: without minutes there is no action.
"""

from collections.abc import Callable, Iterator
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from simulation.bands import BLUE
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES
from simulation.contacts import Contacts, Made
from simulation.declare import Column, Group, lever, uncertainty
from simulation.diaries import fill
from simulation.people import People
from simulation.recorder import Recorder
from simulation.slots import DISRUPTION, POLICE, SLOTS
from simulation.staffing import WORKING_DAYS_A_WEEK

Rows = NDArray[np.int64]
Minutes = NDArray[np.float64]
Role = Literal["intelligence", "support", "enforcement", "disruption"]
ROLES: tuple[Role, ...] = ("enforcement", "intelligence", "support", "disruption")
_DESK = ("enforcement", "intelligence")
IOM_TEAM = AGENCIES.index("police")
#: Weeks over which intelligence work counts as work a week.
MEMORY_WEEKS = 4

#: The kinds of contact that are filled with a role: those of other agencies go with support.
_DISRUPTING = np.arange(len(SLOTS)) == DISRUPTION
_NOBODY: Rows = np.zeros(0, dtype=np.int64)
_VISITS = {
    "visits": np.ones(len(SLOTS), dtype=bool), "support": ~_DISRUPTING, "disruption": _DISRUPTING,
}  # fmt: skip


class RoleWeights(Group):
    """Parts of the police team's day that are set aside for each role; what one leaves, others take."""

    intelligence: float = lever(0.25, unit="share", low=0, high=1, label="Set aside for intelligence")
    support: float = lever(0.4, unit="share", low=0, high=1, label="Set aside for support on pathways")
    enforcement: float = lever(0.15, unit="share", low=0, high=1, label="Set aside for enforcement")
    disruption: float = lever(0.2, unit="share", low=0, high=1, label="Set aside for disruption")

    @model_validator(mode="after")
    def _no_more_than_a_day(self) -> Self:
        total = self.intelligence + self.support + self.enforcement + self.disruption
        if total > 1 + 1e-9:
            raise ValueError(f"weights of the police's roles add up to {total:g}; expected 1 at most")
        return self


class PoliceRoles(Group):
    """What the police team's minutes are for (PE095: four role profiles)."""

    sharing: Literal["urgency", "order", "weights"] = lever(
        "urgency", unit="choice",
        label="How roles share minutes: visits by band and age after desk work, in an order, or by weights",
    )  # fmt: skip
    order: tuple[Role, ...] = lever(ROLES, unit="choice", label="Roles, the first to be served first")
    weights: RoleWeights = RoleWeights()
    intelligence_minutes_a_week: float = lever(
        0.0, unit="minutes a week", low=0, high=600,
        label="Intelligence work asked for on each person carried in the community",
    )  # fmt: skip
    enforcement_minutes: float = uncertainty(
        0.0, unit="minutes", low=0, high=2000, label="Police minutes to act on a run of missed appointments"
    )
    enforcement_lapses_days: int = uncertainty(
        28, unit="days", low=1, high=365, label="Days after which action not taken is dropped"
    )

    @model_validator(mode="after")
    def _each_role_once(self) -> Self:
        if sorted(self.order) != sorted(ROLES):
            raise ValueError(f"order names {', '.join(self.order) or 'no role'}; expected each role once")
        return self


class Enforcing:
    """Action on missed appointments that waits for police minutes."""

    def __init__(self, people: People) -> None:
        self.remaining = np.zeros(people.count)
        self.since = np.zeros(people.count)
        self._asked = False

    def ask(self, who: Rows, minutes: float, day: int) -> None:
        """Put people on the list; whoever is on it stays where they are."""
        self._asked = True
        new = who[self.remaining[who] == 0]
        self.remaining[new] = minutes
        self.since[new] = day

    def drop(self, day: int, lapses_days: int, carried: NDArray[np.bool_]) -> int:
        """Drop what has waited too long or concerns nobody any more; return how much."""
        if not self._asked:
            return 0
        waiting = np.flatnonzero(self.remaining)
        dropped = waiting[(day - self.since[waiting] >= lapses_days) | ~carried[waiting]]
        self.remaining[dropped] = 0
        return len(dropped)

    def work(self, left: Minutes, team: Rows) -> Rows:
        """Give minutes to those who have waited longest; return people who can now be acted on."""
        who: Rows = np.flatnonzero(self.remaining) if self._asked else _NOBODY
        if not len(who):
            return who
        diary = team[who] * len(AGENCIES) + IOM_TEAM
        order = np.argsort(self.since[who], kind="stable")
        filled = fill(left.reshape(-1), diary, self.remaining[who], order)
        self.remaining[who] -= filled.given
        ready = who[filled.done]
        self.remaining[ready] = 0
        return ready


class PoliceTeam:
    """The police team's day, shared among its roles.

    Parameters
    ----------
    people, recorder
        The column store and the counts.
    caseload, contacts
        The people carried and the visits that are due.
    act
        Called with people whose missed appointments are acted on, shape ``(n,)``.
    """

    def __init__(
        self, people: People, recorder: Recorder, caseload: Caseload, contacts: Contacts,
        act: Callable[[Rows], None],
    ) -> None:  # fmt: skip
        self.recorder, self.caseload, self.contacts, self.act = recorder, caseload, contacts, act
        self.enforcing = Enforcing(people)
        self.intelligence = people.own(
            Column(
                "intelligence_minutes", "float64", "police_roles", "police intelligence work a week, fading",
                "minutes a week",
            )
        )  # fmt: skip
        # Work is done, and fades, on working days.
        self._fades = float(np.exp(-1 / (WORKING_DAYS_A_WEEK * MEMORY_WEEKS)))

    def adopt(self, roles: PoliceRoles) -> None:
        """Take over parameters."""
        self.roles = roles

    def enforce(self, who: Rows, day: int) -> None:
        """Act on people's missed appointments: at once if that takes no minutes, else when there are any."""
        if self.roles.enforcement_minutes:
            self.enforcing.ask(who, self.roles.enforcement_minutes, day)
        else:
            self.act(who)

    def share_out(
        self, day: int, left: Minutes, rows: Rows, band: NDArray[np.int8], team: Rows, *, weekday: int = 0
    ) -> Made:
        """Fill the diaries of the day, the police team's by role; arguments as :meth:`Contacts.fill`."""
        lapsed = self.enforcing.drop(day, self.roles.enforcement_lapses_days, self.caseload.carried)
        self.recorder.count("enforcements_lapsed", day, lapsed)
        self.intelligence *= self._fades
        outside = rows[band != BLUE]
        self._wanted = np.bincount(self.caseload.team[outside], minlength=len(left)).astype(float)
        self._wanted *= self.roles.intelligence_minutes_a_week / WORKING_DAYS_A_WEEK
        mine = left[:, IOM_TEAM]
        made = []
        for role, most in self._turns(mine.copy()):
            kept_back = np.maximum(mine - most, 0.0)
            mine -= kept_back
            before = mine.sum()
            if role == "enforcement":
                self.act(self.enforcing.work(left, self.caseload.team))
            elif role == "intelligence":
                self._gather(mine, outside)
            else:
                visits = self.contacts.fill(day, left, rows, band, team, _VISITS[role], weekday=weekday)
                made.append(visits)
            if role in _DESK:
                self.recorder.count(f"police_minutes_{role}", day, float(before - mine.sum()))
            mine += kept_back
        return self._counted(day, Made(*(np.concatenate(parts) for parts in zip(*made, strict=True))))

    def _counted(self, day: int, made: Made) -> Made:
        minutes = self.contacts.footprint[self.caseload.team[made.person], made.slot]
        for role, slot in (("support", POLICE), ("disruption", DISRUPTION)):
            self.recorder.count(f"police_minutes_{role}", day, float(minutes[made.slot == slot].sum()))
        return made

    def _turns(self, opened: Minutes) -> Iterator[tuple[str, Minutes]]:
        """Yield roles in turn, each with the minutes of each team that it may take."""
        everything = np.full_like(opened, np.inf)
        if self.roles.sharing == "urgency":
            yield from (("enforcement", everything), ("intelligence", everything), ("visits", everything))
            return
        if self.roles.sharing == "weights":
            yield from ((role, opened * getattr(self.roles.weights, role)) for role in self.roles.order)
        yield from ((role, everything) for role in self.roles.order)

    def _gather(self, mine: Minutes, rows: Rows) -> None:
        """Work on what is known of people in the community, every one alike."""
        if not self._wanted.any():
            return
        given = np.minimum(self._wanted, mine)
        mine -= given
        self._wanted -= given
        team = self.caseload.team[rows]
        each = given / np.maximum(np.bincount(team, minlength=len(mine)), 1)
        self.intelligence[rows] += each[team] / MEMORY_WEEKS
