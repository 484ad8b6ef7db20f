"""The people of the locality, as columns.

The truth about people lives in columns, one row a person. A room declares the columns it owns and gets
writable arrays; every other room gets a view that NumPy refuses to write to.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.calendar import WEEK
from simulation.declare import Column


class People:
    """A store of declared columns over a fixed number of people.

    Parameters
    ----------
    count
        Rows: everyone in the locality's pool, those who join it later included.
    number
        By which luck knows people, shape ``(count,)``; their rows without it.
    """

    def __init__(self, count: int, number: NDArray[np.int64] | None = None) -> None:
        self.count = count
        weekday = (np.arange(count) if number is None else number) % WEEK
        self._turns = [np.flatnonzero(weekday == day) for day in range(WEEK)]
        self.declared: dict[str, Column] = {}
        self._values: dict[str, NDArray[Any]] = {}

    def own(self, column: Column, values: NDArray[Any] | None = None, *, fixed: bool = False) -> NDArray[Any]:
        """Declare a column and return its array, for its owner to write.

        A fixed column is the values themselves, not a copy, and nobody writes it.

        Raises
        ------
        ValueError
            If the column is already owned: it names both owners.
        """
        taken = self.declared.get(column.name)
        if taken is not None:
            raise ValueError(f"column {column.name!r} of {column.owner} already belongs to {taken.owner}")
        if fixed and values is not None:
            array = values.view()
            array.flags.writeable = False
        else:
            array = np.full(self.count, column.start, dtype=column.dtype)
            if values is not None:
                array[:] = values
        self.declared[column.name] = column
        self._values[column.name] = array
        return array

    def read(self, name: str) -> NDArray[Any]:
        """Return a live view of a column that cannot be written."""
        view = self._values[name].view()
        view.flags.writeable = False
        return view

    def turn(self, day: int) -> NDArray[np.int64]:
        """Return those looked at on a day, a seventh of all: the same people in every world."""
        return self._turns[day % WEEK]

    def row(self, person: int) -> dict[str, Any]:
        """Return every column of one person, as plain Python values."""
        return {name: values[person].item() for name, values in self._values.items()}
