"""Vacancies: the minutes and the money of posts that nobody, or a beginner, sits in.

The minutes with which an agency's diaries open are those of its posts that are filled. A post spans its
part of the area, so that one on the border of two teams works for both. The people whom a leaver led lose
trust and have to be handed over; so do those led from a post that ends.
"""

from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from simulation.calendar import DAYS_PER_YEAR, Calendar
from simulation.caseload import Caseload
from simulation.co_location import AGENCIES
from simulation.contacts import Contacts
from simulation.declare import Stream
from simulation.engagement import Trust
from simulation.handover import change_hands
from simulation.ledger import Entry
from simulation.luck import Luck
from simulation.parameters import Parameters
from simulation.recorder import Recorder
from simulation.staffing import Staffing
from simulation.turnover import MOST_POSTS, VACANT, Posts

Minutes = NDArray[np.float64]
LED_FROM = Stream("vacancies.led_from", "occurrence", "which post of the lead agency a person is led from")


class Vacancies:
    """Posts as the minutes and the money of a day.

    Parameters
    ----------
    env, calendar, luck, recorder
        The clock, the calendar, keyed luck and the counts.
    caseload, trust, contacts
        The people carried, their trust, and the work that a hand-over adds to.
    led_elsewhere
        Whom another team than an adult agency leads on, shape ``(n,)``.
    """

    def __init__(
        self, env: simpy.Environment, calendar: Calendar, luck: Luck, recorder: Recorder, caseload: Caseload,
        trust: Trust, contacts: Contacts, led_elsewhere: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        self.env, self.calendar, self.luck, self.recorder = env, calendar, luck, recorder
        self.caseload, self.trust, self.contacts = caseload, trust, contacts
        self.led_elsewhere = led_elsewhere
        self.posts = Posts(env, luck, self._leave)
        self.gone = np.zeros(len(AGENCIES), dtype=np.int64)

    def adopt(self, parameters: Parameters, staffing: Staffing) -> None:
        """Take over parameters."""
        self.parameters, self.staffing = parameters, staffing
        share = np.array([team.share for team in parameters.teams.values()])
        #: Where each team's part of the area begins and ends, 0 to 1, shape ``(teams + 1,)``.
        self.edges = np.r_[0.0, np.cumsum(share / share.sum())]
        staff = [getattr(parameters.agencies, name) for name in AGENCIES]
        self.number = np.array([agency.posts for agency in staff])
        self._funded = np.array([agency.funded for agency in staff])
        self._seconded = np.array([agency.seconded for agency in staff])
        self._pooled = np.array([name in parameters.funding.pooled for name in AGENCIES])
        self.posts.adopt(parameters.turnover, self.number.tolist())
        self._money: tuple[bool, bool] | None = None
        self._settled = False
        self._staff()

    def open(self, day: int) -> Minutes:
        """Return the minutes with which diaries open, those of vacant and ended posts taken off.

        Returns
        -------
        numpy.ndarray
            Minutes, shape ``(teams, agencies)``.
        """
        self._end_posts(day)
        recorder, moving = self.recorder, bool(self.posts.state.any())
        # Where all are in post, posts and their money are as they were yesterday.
        if moving or not self._settled:
            self._within = np.arange(MOST_POSTS) < (self.number - self.gone)[:, None]
            vacant = self._within & (self.posts.state == VACANT)
            self._vacant, self._hired = vacant.sum(axis=1), self._bought(vacant)
            self._cost(day)
            self._settled = not moving
        recorder.count("posts_in_force", day, int((self.number - self.gone).sum()))
        recorder.count("posts_vacant", day, int(self._vacant.sum()))
        recorder.count("time_limited_gbp", day, self._for_a_time / DAYS_PER_YEAR)
        opened = self.staffing.opened(self.calendar, day)
        if not (moving or self.gone.any()) or not self.calendar.is_working(day):
            return opened
        funding, idle = self.parameters.funding, 1 - np.array(self._speeds())[self.posts.state]
        lost = self._spread(np.where(self._within, idle, 1.0)) * self.staffing.on_duty
        payee = getattr(self.parameters.agencies, funding.pool_pays)
        on_duty = 1 - payee.absence_share
        hours = np.zeros_like(opened)
        hours[:, AGENCIES.index(funding.pool_pays)] = self._hired * payee.minutes_a_day * on_duty
        recorder.count("minutes_lost", day, float(lost.sum()))
        recorder.count("minutes_pooled", day, float(hours.sum()))
        return np.asarray(np.maximum(opened + hours - lost, 0.0))

    def _speeds(self) -> tuple[float, float, float]:
        """Return the share of a trained colleague's work that is done in a post filled, vacant, training."""
        return 1.0, 0.0, self.parameters.turnover.training_speed_share

    def _spread(self, amount: NDArray[Any]) -> Minutes:
        """Return amounts of posts, shape ``(agencies, MOST_POSTS)``, by team, ``(teams, agencies)``."""
        spans = self.edges[:, None, None] * self.number[:, None]
        post = np.arange(MOST_POSTS)
        share = np.clip(np.minimum(spans[1:], post + 1) - np.maximum(spans[:-1], post), 0.0, None)
        return np.asarray((share * amount).sum(axis=2))

    def _price(self) -> float:
        """Return what a sessional worker's year costs the pool."""
        funding = self.parameters.funding
        payee = getattr(self.parameters.agencies, funding.pool_pays)
        return float(payee.cost_gbp_a_year * funding.pool_price_ratio)

    def _bought(self, vacant: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return sessional posts that the money of vacant posts pays for today, shape ``(teams,)``."""
        price = self._price()
        if not price or not (vacant.any(axis=1) & self._pooled).any():
            return np.zeros(len(self.edges) - 1)
        money = self._spread(vacant * 1.0) * self.staffing.post_gbp_a_year * self._pooled
        return np.asarray(money.sum(axis=1) / price)

    def _cost(self, day: int) -> None:
        """Work out who pays what a year as it is today, and what is paid for a time."""
        funding, each = self.parameters.funding, self.staffing.post_gbp_a_year
        today = self.calendar.date(day)
        paid, seconded = today <= funding.ends, today <= funding.secondments_end
        other = funding.other_gbp_a_year * paid
        filled = (self.number - self.gone - self._vacant) * each
        # A vacancy saves an agency's own money first.
        own = np.maximum(filled - self._funded * paid * each, 0.0)
        self.entries = [
            *(Entry(name, "posts", float(gbp)) for name, gbp in zip(AGENCIES, own, strict=True)),
            Entry("time_limited", "posts", float((filled - own).sum())),
            Entry("time_limited", "other", other),
            Entry("partnership", "sessional", float(self._hired.sum()) * self._price()),
            Entry("partnership", "premises", self.staffing.premises_gbp_a_year),
            Entry("partnership", "systems", self.staffing.systems.gbp_a_year),
        ]
        self._for_a_time = float(((self._funded * paid + self._seconded * seconded) * each).sum()) + other

    @property
    def cost_gbp_a_year(self) -> float:
        """What the partnership costs a year as it is today, places and contracts aside."""
        return sum(entry.gbp for entry in self.entries)

    def _staff(self) -> None:
        """Let leads be chosen among agencies that have somebody."""
        self.staffing.staffed = (self.staffing.minutes > 0) & (self.number > self.gone)

    def _end_posts(self, day: int) -> None:
        """End the posts whose money has come to an end, those with the highest numbers first."""
        today, funding = self.calendar.date(day), self.parameters.funding
        money = today > funding.ends, today > funding.secondments_end
        if money == self._money:
            return
        self._money, gone = money, funding.ended(self.parameters.agencies, today)
        self._settled = False
        for agency in np.flatnonzero(gone > self.gone).tolist():
            for post in range(self.number[agency] - gone[agency], self.number[agency] - self.gone[agency]):
                self._hand_over(agency, post)
        self.gone = gone
        self._staff()

    def _leave(self, agency: int, post: int) -> None:
        if post < self.number[agency] - self.gone[agency]:
            self.recorder.count("staff_left", self.env.now)
            self._hand_over(agency, post)

    def _hand_over(self, agency: int, post: int) -> None:
        """Give the people led from a post to colleagues, who have to read and to meet them."""
        led = np.flatnonzero((self.caseload.lead == agency) & ~self.led_elsewhere)
        team = self.caseload.team[led]
        width = self.edges[team + 1] - self.edges[team]
        place = (self.edges[team] + width * self.luck.many(LED_FROM, led, 0)) * self.number[agency]
        handed = led[np.floor(place) == post]
        change_hands(
            handed, np.zeros(len(handed), dtype=bool), trust=self.trust, contacts=self.contacts,
            lead=self.caseload.lead, leads=self.parameters.leads, engagement=self.parameters.engagement,
        )  # fmt: skip
        self.recorder.count("handovers", self.env.now, len(handed))
