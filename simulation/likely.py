"""Where a parameter's value is likely to lie: as declared, or by one rule for all that nobody measured."""

from math import log
from typing import Any, NamedTuple

from pydantic.fields import FieldInfo
from scipy.special import expit, logit

#: Units in which nothing is counted but odds.
_SHARES = ("share", "probability")
_HALF_TO_DOUBLE = 2.0
#: Odds of one to three against three to one.
_ODDS = 3.0
_LOG_ODDS = 0.7


class Likely(NamedTuple):
    """In nine cases of ten the value lies from ``low`` to ``high``, ``because`` of this."""

    low: float
    high: float
    because: str


def likely(declared: FieldInfo, value: Any = None) -> Likely | None:
    """Return where a declared parameter's value is likely to lie; ``None`` where it is no number.

    Nothing declared, the rule is: a share has a third to three times its odds, log-odds reach 0.7 either
    way, any other quantity half to double; all within what a file may say. What is nought or whole by default
    is so unless a site says otherwise.

    Parameters
    ----------
    declared
        The field of a parameter, as of ``Parameters.model_fields``.
    value
        What stands there, if it is not the default. A declared range that does not hold it gives way to
        the rule.
    """
    about: Any = declared.json_schema_extra or {}
    value = declared.default if value is None else value
    if isinstance(value, bool) or not isinstance(value, int | float) or about.get("role") == "fact":
        return None
    if "likely" in about and about["likely"][0] <= value <= about["likely"][1]:
        low, high = about["likely"]
        return Likely(low, high, about["because"])
    found = "no figure found" if about["confidence"] == "assumed" else "a figure of other people or times"
    if about["unit"] in _SHARES and value >= 0:
        if value in (0, 1):
            return Likely(value, value, "so unless a site says otherwise")
        low, high = float(expit(logit(value) - log(_ODDS))), float(expit(logit(value) + log(_ODDS)))
        because = f"{found}: a third to three times the odds"
    elif about["unit"] == "log-odds":
        low, high, because = (
            value - _LOG_ODDS,
            value + _LOG_ODDS,
            f"{found}: 0.7 of log-odds either way",
        )
    elif value == 0:
        return Likely(0, 0, "so unless a site says otherwise")
    else:
        low, high = sorted((value / _HALF_TO_DOUBLE, value * _HALF_TO_DOUBLE))
        because = f"{found}: half to double"
    low, high = _within(declared, low, high)
    if declared.annotation is int:
        low, high = round(low), round(high)
    return Likely(low, high, because)


def _within(declared: FieldInfo, low: float, high: float) -> tuple[float, float]:
    """Return a range cut to what a file may say."""
    for limit in declared.metadata:
        low = max(low, getattr(limit, "ge", low), getattr(limit, "gt", low))
        high = min(high, getattr(limit, "le", high))
    return low, high
