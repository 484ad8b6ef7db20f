"""A finding: a paired difference in words that claim no more than its ranges do."""

from collections.abc import Callable
from math import ceil, floor, log10, sqrt
from typing import Any

from experiments.differences import has_third, quantile

#: Below this share of what it is compared with, a difference is called small; chosen, not found.
SMALL = 0.005
#: More replications than this, the usual budget, are not advised.
MOST_MORE = 200


def clear(row: Any) -> bool:
    """Return whether the interval of the average leaves zero out."""
    return bool(row["low"] > 0 or row["high"] < 0)


def narrow(row: Any, level: float) -> bool:
    """Return whether the interval of the average leaves out whatever is not small."""
    return bool(max(abs(row["low"]), abs(row["high"])) < SMALL * level)


def finding(name: str, row: Any, level: float, per_hundred: float = 0.0) -> str:
    """Return a difference as a clause.

    Parameters
    ----------
    name
        Who differs.
    row
        A row of the differences, with the range over the assumptions where that is known.
    level
        What it is compared with.
    per_hundred
        The difference a year for every 100 people carried; 0 where that has no meaning.
    """
    if row["n"] < 2:
        return f"of {name} there is one pair of runs only, which says nothing about chance"
    if row["low"] == row["high"] == 0:
        return f"{name} makes no difference at all in these runs"
    if not clear(row):
        if narrow(row, level):
            return f"for {name} any difference is smaller than {_percent(SMALL)} ({_ranges(row)})"
        return f"the runs do not show which way {name} goes ({_ranges(row)}{_more_runs(row)})"
    way = "fewer" if row["mean_difference"] < 0 else "more"
    sizes = [_percent(abs(row["mean_difference"]) / level)] if level > 0 else []
    if per_hundred:
        sizes.append(f"{about(per_hundred)} a year for every 100 people carried")
    size = f", which is {', or '.join(sizes)}" if sizes else ""
    turns = has_third(row) and row["wrong_low"] <= 0 <= row["wrong_high"]
    though = " on the average, and if we are wrong it could be the other way round" if turns else ""
    return f"{name} has about {about(row['mean_difference'])} {way}{size}{though} ({_ranges(row)})"


def _ranges(row: Any) -> str:
    told = [
        f"the average: {_between(row['low'], row['high'])}",
        f"one real area: {_between(row['area_low'], row['area_high'])}",
    ]
    if has_third(row):
        told.append(f"if we are wrong: {_between(row['wrong_low'], row['wrong_high'])}")
    return "; ".join(told)


def _more_runs(row: Any) -> str:
    n, mean = int(row["n"]), abs(row["mean_difference"])
    # Of few replications most of the width is Student's t, which falls with more of them.
    spread = (row["high"] - row["low"]) / 2 * sqrt(n) / quantile(n - 1)
    enough = (m for m in range(n + 1, n + MOST_MORE + 1) if spread * quantile(m - 1) / sqrt(m) <= mean)
    more = next(enough, n) - n
    if not more:
        return ""
    what = "the average" if has_third(row) else "chance, not the assumptions"
    return f"; about {about(more)} more replications would settle {what}"


def about(value: float) -> str:
    """Return a size with two figures."""
    return _shown(float(f"{abs(value):.2g}"))


def _between(low: float, high: float) -> str:
    """Return a range in words, its ends rounded outwards, so that it never looks narrower than it is."""
    least, most = sorted((abs(low), abs(high)))
    if low >= 0 or high <= 0:
        first = _rounded(least, floor, like=most)
        return f"{first} to {_rounded(most, ceil)} {'more' if low >= 0 else 'fewer'}"
    return f"from {_rounded(-low, ceil, like=most)} fewer to {_rounded(high, ceil, like=most)} more"


def _rounded(size: float, towards: Callable[[float], int], like: float = 0.0) -> str:
    """Return a size with two figures, whole where it stands beside ten or more."""
    if not size:
        return "0"
    places = 1 - floor(log10(size))
    if max(size, like) >= 10:
        places = min(places, 0)
    # What is round already stays so, whatever its last bits are.
    return _shown(towards(round(size * 10.0**places, 6)) / 10.0**places)


def _shown(size: float) -> str:
    return f"{size:,.0f}" if size >= 10 else f"{size:g}"


def _percent(share: float) -> str:
    return "less than 0.1%" if share < 0.001 else f"{100 * share:.1f}%"
