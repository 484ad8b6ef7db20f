"""Hiding: counts of people that are too small to be shown, where a site was made from an area's own records.

How small is too small stands in the site's file. Whoever shows results does so within :func:`hiding`; there
one function writes every number (:func:`experiments.words.number`) and one clears every table that leaves as
a file (:func:`cleared`), so that what is hidden on the page is hidden in its CSV and in the workbook. Shipped
sites are of nobody real, and nothing of theirs is hidden.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from scenarios.own_caseload import OwnCaseload, small, written
from simulation import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

_BELOW: ContextVar[int] = ContextVar("below", default=0)
#: The unit of what is counted in people.
PEOPLE = "people"
#: Columns that count runs and weeks.
_NOT_PEOPLE = frozenset({"n", "week", "Week", "replication", "draw", "point", "seed"})


@contextmanager
def hiding(own: OwnCaseload | None) -> Iterator[None]:
    """Hide small counts of people within, if a site was made from records; otherwise nothing."""
    token = _BELOW.set(own.suppress_below if own is not None else 0)
    try:
        yield
    finally:
        _BELOW.reset(token)


def hidden(value: float, unit: str) -> bool:
    """Return whether a number is a count of people, or a difference of counts, that must not be shown."""
    return unit == PEOPLE and small(abs(value), _BELOW.get())


def instead(value: float) -> str:
    """Return what stands where a number is hidden."""
    return written(abs(value), _BELOW.get())


def cleared(frame: "pd.DataFrame", unit: str = "") -> "pd.DataFrame":
    """Return a table without small counts of people.

    Parameters
    ----------
    frame
        With a column ``unit`` or ``outcome``, with columns named as outcomes, or all of one unit.
    unit
        The unit of all its numbers, if they have one.
    """
    if not _BELOW.get():
        return frame
    numbers = [name for name in frame.select_dtypes("number").columns if name not in _NOT_PEOPLE]
    if "unit" in frame:
        units = frame["unit"]
    elif "outcome" in frame:
        units = frame["outcome"].map(_unit)
    else:
        units = None
    result = frame.astype(dict.fromkeys(numbers, object))
    for name in numbers:
        each = units if units is not None else [unit or _unit(name)] * len(frame)
        result[name] = [
            instead(value) if hidden(value, of) else value
            for value, of in zip(frame[name], each, strict=True)
        ]
    return result


def _unit(outcome: Any) -> str:
    found = OUTCOMES.get(str(outcome).removeprefix("twin_"))
    return found.unit if found is not None else ""
