"""Contacts: what falls due, and what becomes of it."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.bands import BLUE, GREEN, RED
from simulation.calendar import WEEK
from simulation.co_location import AGENCIES
from simulation.contact_plans import Plans
from simulation.diaries import fill, fill_joint
from simulation.people import People
from simulation.recorder import Recorder
from simulation.slots import AGENCY_OF, ALL_KINDS, AT_HOME, JOINT, NEIGHBOURHOOD, SLOTS
from simulation.staffing import Staffing
from simulation.surgery import Surgery

#: Which of a person's two shares holds for each kind of contact.
SHARE_OF = (np.arange(len(SLOTS)) != NEIGHBOURHOOD).astype(np.int64)
Rows = NDArray[np.int64]
Minutes = NDArray[np.float64]


class Made(NamedTuple):
    """Contacts that staff set out on in a day, one row each."""

    person: Rows
    slot: Rows
    joint: NDArray[np.bool_]
    waited: NDArray[np.float64]
    #: Minutes that today's diary gave; earlier days may have given some as well.
    given: Minutes
    #: Position of the agency that set out, or :data:`YOUTH_TEAM`.
    by: Rows

    def joined(self, other: "Made | None") -> "Made":
        """Return these contacts and others."""
        if other is None:
            return self
        return Made(*(np.append(mine, theirs) for mine, theirs in zip(self, other, strict=True)))


class Contacts:
    """Work that is due, minute by minute, for each person and kind of contact.

    Parameters
    ----------
    people
        The column store, for its length.
    """

    def __init__(self, people: People) -> None:
        shape = (people.count, len(SLOTS))
        self.remaining = np.zeros(shape)
        self.due_since: NDArray[Any] = np.zeros(shape, dtype=np.int32)
        self.next_due = np.full(shape, np.inf)
        self.extra = np.zeros(shape)
        self.number: NDArray[Any] = np.zeros(shape, dtype=np.int32)
        self.spells = np.zeros(people.count, dtype=np.int32)
        #: Contacts a week that bands ask for, shape ``(bands, slots)``.
        self.weekly = np.zeros((0, len(SLOTS)))
        #: Share of the band's plan that each person gets: of visits by neighbourhood police, and of all else.
        self.share = np.ones((people.count, 2))
        self.clear_counts()

    def clear_counts(self) -> None:
        """Begin a day's counts: contacts due, expired, struck out, and the days the expired had waited."""
        self.due = self.expired = self.struck_out = 0
        self.expired_wait_days = 0.0

    def adopt(self, plans: Plans, staffing: Staffing) -> bool:
        """Take over parameters; return whether another number of contacts is asked for than before."""
        self.plans, self.staffing = plans, staffing
        before, self.weekly = self.weekly, plans.matrix()
        #: Minutes of a whole contact, shape (teams, slots).
        self.footprint = staffing.footprint[:, AGENCY_OF]
        self.surgery = Surgery(staffing, AGENCY_OF, AT_HOME)
        self.joint_allowed = np.array(
            [
                together.form.joint_visits and all(AGENCIES[AGENCY_OF[s]] in together.members for s in JOINT)
                for together in staffing.together
            ]
        )
        return not np.array_equal(self.weekly, before)

    def asks(self, who: Rows, slot: Rows, band: NDArray[np.int8]) -> NDArray[np.float64]:
        """Return contacts a week of some kinds that bands ask for, for people's shares, shape ``(n,)``."""
        return np.asarray(self.weekly[band, slot] * self.share[who, SHARE_OF[slot]])

    def begin(self, who: Rows, day: int, first: NDArray[np.float64]) -> None:
        """Plan people's first contacts, within a week, spread by ``first`` (0 to 1, shape ``(n,)``)."""
        self.strike_out(who, np.zeros(len(SLOTS), dtype=bool))
        self.next_due[who] = day + first[:, None] * WEEK
        self.spells[who] += 1

    def end(self, who: Rows) -> None:
        """Strike out all work for people."""
        self.strike_out(who, np.zeros(len(SLOTS), dtype=bool))
        self.extra[who] = 0

    def replan(self, who: Rows, band: NDArray[np.int8], day: int) -> None:
        """Follow a change of band: strike out what is not asked any more, bring forward what is sooner."""
        weekly = self.weekly[band] * self.share[who][:, SHARE_OF]
        asked = weekly > 0
        self.strike_out(who, asked)
        gap = np.divide(WEEK, weekly, out=np.full(weekly.shape, np.inf), where=asked)
        self.next_due[who] = np.minimum(self.next_due[who], day + gap)

    def bring_forward(self, who: Rows, slot: Rows, day: int) -> None:
        """Let the next contacts of some kinds fall due today."""
        self.next_due[who, slot] = np.minimum(self.next_due[who, slot], day)

    def strike_out(self, who: Rows, kept: NDArray[np.bool_]) -> None:
        """Drop work that is not kept, shape ``(slots,)`` or ``(n, slots)``, and count it."""
        dropped = (self.remaining[who] > 0) & ~kept
        self.struck_out += int(np.count_nonzero(dropped))
        self.remaining[who] *= ~dropped

    def waiting_days(self, day: int) -> NDArray[np.float64]:
        """Return how long each contact still waiting has waited by a day, shape ``(n,)``."""
        return day - self.due_since[self.remaining > 0]

    def look(self, day: int, rows: Rows) -> tuple[Rows, Rows]:
        """Return positions in ``rows`` and kinds of the contacts to look at today."""
        return _cells(self.next_due[rows] <= day)

    def fall_due(
        self, day: int, who: Rows, slot: Rows, band: NDArray[np.int8], team: Rows, gets: NDArray[np.float64]
    ) -> tuple[Rows, Rows]:
        """Put on the list what falls due today, and return it; one overtaken by the next expires.

        Parameters
        ----------
        day
            Today.
        who, slot
            People and kinds of contact from :meth:`look`, shape ``(n,)``.
        band, team
            Their bands and teams, shape ``(n,)``.
        gets
            Share of the plan for this kind of contact that the person gets, above 1 where more, ``(n,)``.
        """
        weekly = self.asks(who, slot, band) * gets
        asked = weekly > 0
        # The next one is due from when this one was, not from when it was looked at, so that weekends make
        # no plan thinner; but a plan nobody could keep piles up no more than a weekend's debt. What is not
        # asked for is looked at again in a week.
        following = self.next_due[who, slot] + WEEK / np.where(asked, weekly, 1.0)
        self.next_due[who, slot] = np.maximum(following, day - 2)
        who, slot, team = who[asked], slot[asked], team[asked]
        overtaken = self.remaining[who, slot] > 0
        self.expired += int(np.count_nonzero(overtaken))
        self.expired_wait_days += float((day - self.due_since[who, slot])[overtaken].sum())
        self.due += len(who)
        self.remaining[who, slot] = self.footprint[team, slot] + self.extra[who, slot]
        self.extra[who, slot] = 0
        self.due_since[who, slot] = day
        return who, slot

    def owe(self, day: int, who: Rows, slot: int, team: Rows) -> int:
        """Put contacts beyond the plan on the list, where none of the kind waits; return how many."""
        new = self.remaining[who, slot] == 0
        who, team = who[new], team[new]
        self.remaining[who, slot] = self.footprint[team, slot]
        self.due_since[who, slot] = day
        self.due += len(who)
        return len(who)

    def fill(
        self, day: int, left: Minutes, rows: Rows, band: NDArray[np.int8], team: Rows,
        kinds: NDArray[np.bool_] = ALL_KINDS, *, weekday: int = 0,
    ) -> Made:  # fmt: skip
        """Share out the day's minutes and return the contacts that staff can make.

        Parameters
        ----------
        day
            Today.
        left
            Minutes left in each team's and agency's diary, shape ``(teams, agencies)``; reduced in place.
        rows, band, team
            People carried, their bands and teams, shape ``(n,)``.
        kinds
            The kinds of contact whose turn it is, shape ``(slots,)``.
        weekday
            Today, 0 for Monday: some teams hold a surgery on a fixed day of the week.
        """
        flat = left.reshape(-1)
        joint = place = booked = rows[:0]
        in_surgery, held = np.zeros(0), np.zeros((len(rows), len(SLOTS)), dtype=bool)
        if all(kinds[slot] for slot in JOINT):
            if self.surgery.here.any():
                # Whoever is in custody comes to no surgery.
                out = np.where(band == BLUE, -1, team)
                today, held = self.surgery.book(
                    weekday, left, self.remaining, self.due_since, rows, out, _urgency(band)
                )  # fmt: skip
                place, booked = _cells(today)
                in_surgery = self.remaining[rows[place], booked]
                self.remaining[rows[place], booked] = 0
            joint, held = self._fill_joint(day, flat, rows, band, team, held)
        jointly = self.remaining[joint[:, None], JOINT].ravel()
        self.remaining[joint[:, None], JOINT] = 0
        alone, slot_alone, given = self._fill_single(flat, rows, band, team, ~held & kinds)
        person = np.concatenate([np.repeat(joint, 2), rows[place], alone])
        slot = np.concatenate([np.array(JOINT * len(joint), dtype=np.int64), booked, slot_alone])
        given = np.concatenate([jointly, in_surgery, given])
        together = np.arange(len(person)) < 2 * len(joint)
        waited = day - self.due_since[person, slot]
        self.remaining[person, slot] = 0
        self.number[person, slot] += 1
        return Made(person, slot, together, waited, given, AGENCY_OF[slot])

    def _fill_joint(
        self, day: int, left: Minutes, rows: Rows, band: NDArray[np.int8], team: Rows,
        held: NDArray[np.bool_],
    ) -> tuple[Rows, NDArray[np.bool_]]:  # fmt: skip
        """Book visits that both agencies owe, for both or for neither.

        Returns
        -------
        tuple
            The people visited, and ``held`` with contacts for which a joint visit is still being tried.
        """
        police, probation = (self.remaining[rows, slot] * ~held[:, slot] for slot in JOINT)
        both = np.flatnonzero((police > 0) & (probation > 0) & (band != BLUE) & self.joint_allowed[team])
        if not len(both):
            return both, held
        since = np.maximum(*(self.due_since[rows[both], slot] for slot in JOINT))
        first, second = (team[both] * len(AGENCIES) + AGENCY_OF[slot] for slot in JOINT)
        order = np.lexsort((rows[both], since, -_urgency(band[both])))
        booked = fill_joint(left, first, second, police[both], probation[both], order)
        # After some days each agency goes alone, so that a small diary cannot hold a visit up for ever.
        trying = both[~booked & (day - since < self.plans.joint_wait_days)]
        held[trying[:, None], JOINT] = True
        return rows[both[booked]], held

    def _fill_single(
        self, left: Minutes, rows: Rows, band: NDArray[np.int8], team: Rows, turn: NDArray[np.bool_]
    ) -> tuple[Rows, Rows, Minutes]:
        place, slot = _cells((self.remaining[rows] > 0) & turn)
        who = rows[place]
        needed = self.remaining[who, slot]
        diary = team[place] * len(AGENCIES) + AGENCY_OF[slot]
        order = np.lexsort((slot, who, self.due_since[who, slot], -_urgency(band[place])))
        filled = fill(left, diary, needed, order)
        self.remaining[who, slot] = needed - filled.given
        return who[filled.done], slot[filled.done], filled.given[filled.done]


def log(recorder: Recorder, day: int, who: Rows, slot: Rows, event: str) -> None:
    """Log who was seen or missed at which kind of contact, shape ``(n,)``."""
    if recorder.keep_events:
        for person, kind in zip(who, slot, strict=True):
            recorder.log(int(person), event, day, detail=SLOTS[kind].name)


def _cells(matrix: NDArray[np.bool_]) -> tuple[Rows, Rows]:
    """Return rows and columns of what holds; NumPy looks through a flat matrix ten times as fast."""
    place, slot = np.divmod(np.flatnonzero(matrix), len(SLOTS))
    return place, slot


def _urgency(band: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the order of bands in diaries: red before amber before green, custody with green."""
    return np.where((band > GREEN) & (band <= RED), band, GREEN)
