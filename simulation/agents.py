"""People and agencies as Mesa agents: thin views, for those who look."""

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import mesa

from simulation.bands import COLOURS, NONE
from simulation.co_location import AGENCIES

if TYPE_CHECKING:
    from simulation.model import IOMModel


class _Counters(WeakKeyDictionary["IOMModel", Iterator[int]]):
    """A counter of agents for each model, for as long as somebody else holds the model."""

    def __getitem__(self, model: "IOMModel") -> Iterator[int]:
        return self.setdefault(model, itertools.count(1))


class View(mesa.Agent):
    """An agent that looks at the model's columns, and keeps no model alive.

    Mesa's own counters hold every model that ever had an agent until the process ends, which many runs in
    one process cannot afford.
    """

    _ids = _Counters()  # type: ignore[assignment]


class Offender(View):
    """A view of one person's row. Reading an attribute reads the column of that name.

    Parameters
    ----------
    model
        The model.
    person
        The row.
    """

    model: "IOMModel"

    def __init__(self, model: "IOMModel", person: int) -> None:
        super().__init__(model)
        self.person = person

    @property
    def colour(self) -> str:
        """The band, or ``none`` for somebody who is not managed."""
        code = self.read("band") if self.model.partnership is not None else NONE
        return COLOURS[code] if code < NONE else "none"

    @property
    def band(self) -> str:
        """The local name of the band."""
        return self.model.parameters.bands.local_name(self.colour) if self.colour != "none" else "none"

    def read(self, column: str) -> Any:
        """Return the person's value in a column, as a plain Python value.

        Raises
        ------
        KeyError
            If there is no such column.
        """
        return self.model.world.people.read(column)[self.person].item()


class AgencyAgent(View):
    """A view of one agency: its posts and its minutes, all teams together."""

    model: "IOMModel"

    def __init__(self, model: "IOMModel", name: str) -> None:
        super().__init__(model)
        self.name = name
        self._place = AGENCIES.index(name)

    @property
    def posts(self) -> float:
        """Posts in force."""
        return float(self.model.works.staffing.posts[:, self._place].sum())

    @property
    def minutes_left(self) -> float:
        """Minutes left in today's diaries."""
        return float(self.model.works.left[:, self._place].sum())
