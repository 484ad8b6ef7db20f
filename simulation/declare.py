"""How a room declares itself: parameters, columns, streams and events.

A declaration is made once, beside the mechanism that reads it. Schemas, explanations, controls and
reports are generated from it, so a number the model uses is a number a user can see, source and all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

Role = Literal["lever", "uncertainty", "effect", "fact"]
Scope = Literal["world", "partnership"]
Confidence = Literal["seed", "published", "expert", "assumed"]

#: The closed list of units. A key carries its unit in its name wherever the unit is not plain.
UNITS = frozenset(
    {
        "", "choice", "date", "name", "people", "posts", "places", "cases a day", "days", "weeks", "minutes",
        "hours", "months", "years", "share", "probability", "log-odds", "per week", "per year", "points",
        "minutes a week", "minutes a day", "gbp", "gbp a year", "offences", "sanctions", "appointments",
        "ratio", "systems",
    }
)  # fmt: skip


class Contradiction(NamedTuple):
    """What is wrong between values, and the keys it is about: the first is where it is best mended."""

    keys: tuple[str, ...]
    wrong: str
    expected: str


class ContradictionsError(ValueError):
    """Everything that is wrong between the values of a group."""

    def __init__(self, found: Sequence[Contradiction]) -> None:
        super().__init__("; ".join(f"{one.keys[0]}: {one.wrong}; expected {one.expected}" for one in found))
        self.found = tuple(found)


class Group(BaseModel):
    """A frozen group of parameters: no unknown keys, defaults validated, no ``nan`` or ``inf``."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)


def lever(default: Any = ..., **about: Any) -> Any:
    """Declare a parameter that the partnership can change."""
    return _parameter(default, role="lever", **about)


def uncertainty(default: Any = ..., **about: Any) -> Any:
    """Declare a parameter that nobody controls."""
    return _parameter(default, role="uncertainty", **about)


def fact(default: Any = ..., **about: Any) -> Any:
    """Declare a name, a date or a rule that describes the site rather than being chosen or uncertain."""
    return _parameter(default, role="fact", **about)


def effect(default: Any = ..., *, neutral: float, **about: Any) -> Any:
    """Declare an effect of the partnership, with the value at which it changes nothing."""
    return _parameter(default, role="effect", neutral=neutral, **about)


def _parameter(
    default: Any,
    *,
    role: Role,
    label: str,
    unit: str = "",
    low: float | None = None,
    high: float | None = None,
    above: float | None = None,
    source: str = "",
    confidence: Confidence = "assumed",
    neutral: float | None = None,
    likely: tuple[float, float] | None = None,
    because: str = "",
) -> Any:
    """Return the pydantic field of a declared parameter.

    ``low``, ``high`` and ``above`` are what a file may say; ``likely`` is where the value lies in nine cases
    of ten, ``because`` of which reason. Where neither is said, :mod:`simulation.likely` says them by rule.

    Raises
    ------
    ValueError
        If the unit is not on the closed list, a value neither names a source nor says ``assumed``, or a
        likely range does not hold the default, has no reason or is wider than what a file may say.
    """
    if unit not in UNITS:
        raise ValueError(f"{label}: unit {unit!r} is not declared; known units: {sorted(UNITS)}")
    if confidence != "assumed" and not source:
        raise ValueError(f"{label}: confidence {confidence!r} needs a source")
    about: dict[str, Any] = {"role": role, "unit": unit, "source": source, "confidence": confidence}
    if likely is not None:
        if not likely[0] <= default <= likely[1] or not because:
            raise ValueError(
                f"{label}: a likely range {likely} has the default {default} in it, and a reason"
            )
        if (low is not None and likely[0] < low) or (high is not None and likely[1] > high):
            raise ValueError(f"{label}: a likely range {likely} is within {low} to {high}")
        about |= {"likely": list(likely), "because": because}
    if neutral is not None:
        about["neutral"] = neutral
    return Field(default, title=label, ge=low, gt=above, le=high, json_schema_extra=about)


@dataclass(frozen=True)
class Stream:
    """A declared source of luck, keyed by person and occurrence, or by person and day.

    A few are of things, as posts and pathways, which are counted from nought in every scenario.
    """

    name: str
    by: Literal["occurrence", "day"]
    about: str
    of: Literal["person", "thing"] = "person"


@dataclass(frozen=True)
class Column:
    """A declared attribute of every person. Its owner writes it; other rooms read it."""

    name: str
    dtype: str
    owner: str
    about: str
    unit: str = ""
    start: float = 0.0


@dataclass(frozen=True)
class Event:
    """A declared kind of line in the event log."""

    name: str
    owner: str
    about: str
