"""First contact: how people are told that they have been chosen, by whom, and where.

Where a person is decides the route: in prison, in the police cells, or in the community. On each route a
letter goes out, somebody visits, or two agencies visit together. It is work like any other, and may find
nobody. Until then people under no supervision get no contacts; how they were told is where trust begins.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.co_location import AGENCIES
from simulation.declare import Column, Event, Group, Stream, lever, uncertainty
from simulation.diaries import fill, fill_joint
from simulation.engagement import Engagement, Trust
from simulation.people import People
from simulation.recorder import Recorder
from simulation.staffing import Staffing

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]
Minutes = NDArray[np.float64]
FOUND = Stream(
    "first_contact.found", "occurrence", "whether the k-th attempt at an introduction finds a person"
)
EVENTS = (Event("introduced", "first_contact", "a person is told that they have been chosen, and by whom"),)

How = Literal["none", "letter", "visit", "joint_visit"]
_NONE, _LETTER, _VISIT, _JOINT = range(4)
_HOW = ("none", "letter", "visit", "joint_visit")
PRISON, CELLS, COMMUNITY = range(3)
_POLICE, _PRISON, _DRUGS, _VCS = (
    AGENCIES.index(name) for name in ("police", "prison", "drug_treatment", "vcs")
)


class FirstContact(Group):
    """How people are told, by where they are, and what each way takes and does."""

    in_prison: How = lever("none", unit="choice", label="First contact with people in prison")
    in_cells: How = lever(
        "none", unit="choice", label="First contact with people just arrested, in the cells"
    )
    in_community: How = lever("none", unit="choice", label="First contact with people in the community")
    cells_days: float = uncertainty(
        1, unit="days", low=0, high=4, label="Days after an arrest for which a person is found in the cells",
        source="Police and Criminal Evidence Act 1984, section 41: 24 hours before charge",
        confidence="published",
    )  # fmt: skip
    preparation_minutes: float = uncertainty(
        20, unit="minutes", low=0, high=240, label="Reading up before a visit, for each agency that goes"
    )
    letter_minutes: float = uncertainty(
        20, unit="minutes", low=0, high=240, label="Police time to write and serve a letter"
    )
    letter_days: float = uncertainty(2, unit="days", low=0, high=30, label="Days until a letter is read")
    again_days: int = uncertainty(
        4, unit="days", low=1, high=60, label="Days until the next attempt at somebody who was not found"
    )
    joint_wait_days: float = uncertainty(
        7,
        unit="days",
        low=0,
        high=60,
        label="Days for which two agencies look for time before one goes alone",
    )
    trust_by_letter: float = uncertainty(
        -0.05, unit="share", low=-1, high=1,
        label="Share of missing trust that a letter builds; below 0, share of trust that it takes",
    )  # fmt: skip
    trust_by_visit: float = uncertainty(
        0.05, unit="share", low=-1, high=1,
        label="Share of missing trust that a visit by one agency builds; below 0, share that it takes",
    )  # fmt: skip
    trust_by_joint_visit: float = uncertainty(
        0.1, unit="share", low=-1, high=1,
        label="Share of missing trust that a joint visit builds; below 0, share that it takes",
    )  # fmt: skip


class Where(NamedTuple):
    """What is known of everybody that a first contact depends on, each of shape ``(people,)``."""

    team: Rows
    lead: NDArray[np.int8]
    #: Known to be in custody, and in custody.
    inside: Flags
    held: Flags
    #: Day of the latest arrest.
    arrested: NDArray[np.float64]
    drug_user: Flags
    #: Returns the minutes of travel that the prison in which people are held adds.
    travel: Callable[[Rows], Minutes] = lambda who: np.zeros(len(who))


class Introduced(NamedTuple):
    """People told today; and those visited, a row for each agency that was there."""

    told: Rows
    person: Rows
    agency: Rows


class _Plan(NamedTuple):
    """How people who wait are to be told today, each of shape ``(n,)``."""

    who: Rows
    route: Rows
    how: Rows
    first: Rows
    second: Rows
    diary: Rows
    minutes_first: Minutes
    minutes_second: Minutes


class Introductions:
    """People who wait to be told, and the work of telling them.

    Parameters
    ----------
    people, recorder, trust
        The column store, the counts and the trust that first contact moves.
    """

    def __init__(self, people: People, recorder: Recorder, trust: Trust) -> None:
        def own(name: str, dtype: str, about: str) -> NDArray:  # type: ignore[type-arg]
            return people.own(Column(name, dtype, "first_contact", about))

        self.recorder, self.trust = recorder, trust
        self.waiting = own("to_introduce", "bool", "has been chosen and not been told")
        self._told = own("introduced", "bool", "has been told, now or in an earlier stay")
        self._since = own("to_introduce_since", "float64", "day of being chosen")
        self._try_from = own("introduce_from", "float64", "day of the next attempt")
        self._tries = own("introduction_attempts", "int32", "attempts at an introduction")
        self._left = own("introduction_minutes", "float64", "minutes that an attempt begun still needs")

    def adopt(self, first: FirstContact, engagement: Engagement, staffing: Staffing) -> None:
        """Take over parameters."""
        self.first, self.engagement, self.staffing = first, engagement, staffing
        routes = (first.in_prison, first.in_cells, first.in_community)
        self._how = np.array([_HOW.index(how) for how in routes])
        self._trust = (0.0, first.trust_by_letter, first.trust_by_visit, first.trust_by_joint_visit)

    def ask_for(self, who: Rows, day: int) -> None:
        """Note people taken on who have not been told before."""
        new = who[~self._told[who]]
        if not self._how.any():
            self._told[new] = True
            return
        self.waiting[new] = True
        self._since[new], self._try_from[new], self._left[new] = day, day, 0.0

    def drop(self, who: Rows) -> None:
        """Tell no more those who have left."""
        self.waiting[who] = False

    def make(self, day: int, left: Minutes, where: Where) -> Introduced:
        """Make what introductions the day's minutes allow, longest waiting first.

        Parameters
        ----------
        day
            Today.
        left
            Minutes left in each team's and agency's diary, shape ``(teams, agencies)``; reduced in place.
        where
            Where everybody is, and who is responsible for them.
        """
        who = np.flatnonzero(self.waiting & (self._try_from <= day))
        if not len(who) or not left.any():
            return Introduced(who[:0], who[:0], who[:0])
        who = who[np.argsort(self._since[who], kind="stable")]
        plan = self._plan(day, who, where)
        together = self._book_pairs(day, left.reshape(-1), plan)
        alone = self._book_singles(day, left.reshape(-1), plan, together)
        letters = alone & (plan.how == _LETTER)
        out = np.flatnonzero((together | alone) & ~letters)
        met = np.zeros(len(who), dtype=bool)
        met[out] = self._found(who[out], plan.route[out], where.held[who[out]])
        self._try_from[who[out[~met[out]]]] = day + self.first.again_days
        self.recorder.count("introductions_missed", day, len(out) - np.count_nonzero(met))
        self._end(who[plan.how == _NONE], day, _NONE)
        self._end(who[letters], day, _LETTER)
        self._end(who[met & alone], day, _VISIT)
        self._end(who[met & together], day, _JOINT)
        both = met & together
        told = who[met | letters]
        return Introduced(told, np.r_[who[met], who[both]], np.r_[plan.first[met], plan.second[both]])

    def _plan(self, day: int, who: Rows, where: Where) -> _Plan:
        """Decide the route by where people are, and with it who goes."""
        team, lead = where.team[who], where.lead[who].astype(np.int64)
        in_cells = (day - where.arrested[who] <= self.first.cells_days) & (self._how[CELLS] != _NONE)
        route = np.where(in_cells, CELLS, np.where(where.inside[who], PRISON, COMMUNITY))
        how = self._how[route]
        partner = np.where(lead != _POLICE, lead, np.where(where.drug_user[who], _DRUGS, _VCS))
        first = np.select([(how == _LETTER) | (route == CELLS), route == PRISON], [_POLICE, _PRISON], lead)
        second = np.where(first == _POLICE, partner, np.where(route == PRISON, lead, _POLICE))
        # The lead always has somebody if anyone has.
        first = self.staffing.who_goes(team, first, lead)
        second = self.staffing.who_goes(team, second, first)
        visit = self.staffing.footprint[team] + self.first.preparation_minutes
        rows = np.arange(len(who))
        visit = visit + (where.travel(who) * (route == PRISON))[:, None]
        minutes = np.where(how == _LETTER, self.first.letter_minutes, visit[rows, first])
        minutes = np.where(self._left[who] > 0, self._left[who], minutes)
        return _Plan(who, route, how, first, second, team * len(AGENCIES), minutes, visit[rows, second])

    def _book_pairs(self, day: int, left: Minutes, plan: _Plan) -> Flags:
        """Book joint visits, for both agencies or for neither; return which were booked, shape ``(n,)``."""
        pair = np.flatnonzero(
            (plan.how == _JOINT) & (plan.first != plan.second) & (self._left[plan.who] == 0)
        )
        booked = np.zeros(len(plan.who), dtype=bool)
        needed = plan.minutes_first[pair], plan.minutes_second[pair]
        first, second = (plan.diary + plan.first)[pair], (plan.diary + plan.second)[pair]
        booked[pair] = fill_joint(left, first, second, *needed, np.arange(len(pair)))
        taken = float((plan.minutes_first + plan.minutes_second)[booked].sum())
        self.recorder.count("introduction_minutes", day, taken)
        return booked

    def _book_singles(self, day: int, left: Minutes, plan: _Plan, together: Flags) -> Flags:
        """Book letters and visits by one agency; return which are ready, shape ``(n,)``."""
        waited = day - self._since[plan.who]
        patient = (plan.first != plan.second) & (waited < self.first.joint_wait_days)
        begun = self._left[plan.who] > 0
        ready = (plan.how == _VISIT) | ((plan.how == _JOINT) & ~together & (begun | ~patient))
        ready |= (plan.how == _LETTER) & (waited >= self.first.letter_days)
        place = np.flatnonzero(ready)
        needed = plan.minutes_first[place]
        filled = fill(left, (plan.diary + plan.first)[place], needed, np.arange(len(place)))
        self._left[plan.who[place]] = np.where(filled.done, 0.0, needed - filled.given)
        self.recorder.count("introduction_minutes", day, float(filled.given.sum()))
        ready[place] = filled.done
        return np.asarray(ready)

    def _found(self, who: Rows, route: Rows, held: Flags) -> Flags:
        engagement, nobody_obliged = self.engagement, np.zeros(len(who), dtype=bool)
        base = np.where(route == PRISON, engagement.in_custody, engagement.at_home)
        there = self.trust.attends(
            engagement, who, self._tries[who], base=base, statutory=nobody_obliged, stream=FOUND
        )
        self._tries[who] += 1
        return np.asarray((route == CELLS) | (there & (held == (route == PRISON))))

    def _end(self, who: Rows, day: int, how: int) -> None:
        """Count people as told, and let the way of it build or take trust."""
        self.waiting[who], self._told[who] = False, True
        if how == _NONE:
            return
        self.trust.build(who, max(self._trust[how], 0.0))
        self.trust.lose(who, max(-self._trust[how], 0.0))
        self.recorder.count("introductions", day, len(who))
        self.recorder.count("introduction_wait_days", day, float((day - self._since[who]).sum()))
        self.recorder.log_many(who, "introduced", day, detail=_HOW[how])
