"""The model: one clock, and the order of a day as data."""

import gc
from collections.abc import Callable
from typing import Any, NamedTuple

import mesa
import numpy as np
import simpy

from simulation.agents import AgencyAgent, Offender
from simulation.calendar import Calendar, years_later
from simulation.careers import Careers
from simulation.co_location import AGENCIES
from simulation.invariants import check
from simulation.luck import Luck
from simulation.parameters import Timeline
from simulation.partnership import Partnership
from simulation.recorder import Recorder
from simulation.world import World, grow_pool


class Phase(NamedTuple):
    """One phase of a day: its name, what it does, and whether it needs a partnership."""

    name: str
    about: str
    of_partnership: bool


#: The order of a day. SimPy's processes then run until the next midnight.
DAY_PLAN = (
    Phase("changes", "parameters that change today are adopted", True),
    Phase("needs", "some needs begin and some end, whoever helps", False),
    Phase("risk", "risk accrues for people at liberty; offences are committed, some are detected", False),
    Phase("news", "what happened reaches the teams; known moves turn bands blue and back", True),
    Phase("meetings", "selection, review and tasking set the caseload, bands and leads", True),
    Phase("work due", "contacts fall due by band and agency; overtaken ones expire", True),
    Phase("diaries", "the day's minutes are shared out; what is left over is carried to tomorrow", True),
    Phase("contacts", "people are seen, or not; missed appointments become news and enforcement", True),
    Phase("engagement", "risk and detection answer to contact, visits and attention", True),
    Phase("record", "the day is counted", True),
)


class IOMModel(mesa.Model):
    """One run: a locality, and the partnership that manages some of its people.

    Parameters
    ----------
    timeline
        Dated parameters, the first from ``iom_start``. The world's are those of the first entry.
    seed, replication
        Keys of luck. The same two give everybody the same luck in every scenario.
    years
        Years measured from ``start``.
    partnership
        ``False`` for the twin: the same people and luck, and nobody who manages them.
    careers
        The pool, if it has been grown already for the same world, seed, replication and length.
    keep_events
        Whether to keep the event log.
    strict
        Whether to check the invariants at the end of every day.

    Raises
    ------
    ValueError
        If the timeline is empty or out of order.
    """

    def __init__(
        self, timeline: Timeline, *, seed: int = 1, replication: int = 0, years: float = 2.0,
        partnership: bool = True, careers: Careers | None = None, keep_events: bool = False,
        strict: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(seed=seed)
        dates = [when for when, _ in timeline]
        if not dates or dates != sorted(set(dates)):
            raise ValueError("a timeline needs at least one entry, dates strictly ascending")
        first = timeline[0][1]
        self.calendar = Calendar(first.iom_start)
        self.measured_from = self.calendar.day(first.start)
        self.days = self.calendar.day(years_later(first.start, years))
        self.parameters = first
        self._set(timeline)
        self.strict = strict
        self.env = simpy.Environment()
        luck = Luck(seed, replication)
        self.recorder = Recorder(self.days, keep_events=keep_events)
        if careers is None:
            careers = grow_pool(first.world(), luck, self.days)
        self.luck = luck.of_rows(careers.number)
        self.partnership: Partnership | None = None
        self.world = World(self.env, self.luck, self.recorder, first.world(), careers, self._news)
        if partnership:
            self.partnership = Partnership(
                self.env, self.calendar, self.luck, self.recorder, self.world, first
            )
            self.agencies = [AgencyAgent(self, name) for name in AGENCIES]
        self.day = 0
        self._plan = self._bind()

    def _bind(self) -> list[tuple[str, Callable[[int], Any]]]:
        world, works = self.world, self.partnership
        does: dict[str, Callable[[int], Any]] = {"needs": world.course.step, "risk": world.offending.step}
        if works is not None:
            does |= {
                "changes": self._change, "news": works.read_news, "meetings": works.meet,
                "work due": works.find_work, "diaries": works.fill_diaries, "contacts": works.make_contacts,
                "engagement": works.respond, "record": works.record,
            }  # fmt: skip
        here = [phase.name for phase in DAY_PLAN if works is not None or not phase.of_partnership]
        return [(name, does[name]) for name in here]

    def step(self) -> None:
        """Live through one day."""
        day = self.day
        if day == 0:
            # Everybody is where the run finds them before the first phase.
            self.env.run(until=1e-9)
            if self.partnership is not None:
                self.partnership.awareness.begin()
        for _, act in self._plan:
            act(day)
        self.env.run(until=day + 1)
        self.recorder.daily("in_custody")[day] = np.count_nonzero(self.world.custody.holds)
        self.day += 1
        #: Mesa's own viewers and runners stop by this.
        self.running = self.day < self.days
        if self.strict:
            check(self)

    def run(self) -> "IOMModel":
        """Run to the end and return the model."""
        self.live_until(self.days)
        return self

    def live_until(self, day: int) -> None:
        """Live through the days before a day."""
        # Nothing that a run makes holds itself in a circle; to look for that takes a tenth of its time.
        collects = gc.isenabled()
        gc.disable()
        try:
            while self.day < day:
                self.step()
        finally:
            if collects:
                gc.enable()

    @property
    def works(self) -> Partnership:
        """The partnership at work.

        Raises
        ------
        ValueError
            In the twin, which has none.
        """
        if self.partnership is None:
            raise ValueError("nobody is managed in the twin: it has no partnership")
        return self.partnership

    @property
    def offenders(self) -> "mesa.agent.AgentSet":
        """Everyone in the pool as Mesa agents: thin views of their rows, made when first asked for."""
        if not self.agents_by_type.get(Offender):
            for person in range(self.world.people.count):
                Offender(self, person)
        return self.agents_by_type[Offender]

    def follow(self, timeline: Timeline) -> None:
        """Follow another timeline from today on.

        The run is then the one that had this timeline from the first day: luck is keyed, so a past that the
        two share is the same past.

        Raises
        ------
        ValueError
            If the timelines differ before today.
        """
        today = self.calendar.date(self.day)
        lived = [entry for entry in self.timeline if entry[0] < today]
        if [entry for entry in timeline if entry[0] < today] != lived:
            raise ValueError(f"the timeline differs from the one lived through before {today}")
        self._set(timeline)

    def _set(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self._changes = {self.calendar.day(when): parameters for when, parameters in timeline[1:]}

    def _change(self, day: int) -> None:
        parameters = self._changes.get(day)
        # A change to what is so already is no change, and disturbs nobody's plans.
        if parameters is not None and parameters != self.parameters and self.partnership is not None:
            self.parameters = parameters
            self.partnership.adopt(parameters, day)

    def _news(self, kind: Any, person: int, time: float) -> None:
        if self.partnership is not None:
            self.partnership.awareness.hear(kind, person, time)
