"""What the lab found, as a table and in sentences."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from experiments.evaluating.designs import label_of

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

#: The power that evaluations are usually planned for.
WANTED_POWER = 0.8
#: Of evaluations by 95% intervals, those that chance makes find an effect where there is none.
CHANCE = 0.05
#: How surely intervals that hold the truth too seldom or too often are told from those that chance makes.
SURE = 0.99
#: The before-and-after count that is told: months, and the largest share of a pool that might be carried.
YEAR, FEW = 12, 0.1


#: Evaluations below which a share of them is hardly known.
FEWEST = 20


def reported(found: "pd.DataFrame") -> "pd.DataFrame":
    """Return what every design reported as texts for a page, with all intervals."""
    import pandas as pd

    return pd.DataFrame(
        {
            "effect": row["effect"],
            "months": str(row["months"]),
            "design": label_of(row["design"]),
            "places": str(row["places"]),
            "people": f"{row['people']:,.0f}",
            "evaluations": _made(row),
            "true": _percent(row["true_change"]),
            "reported": _reported(row),
            "bias": f"{row['bias']:+.2f} ({row['bias_low']:+.2f} to {row['bias_high']:+.2f})",
            "covered": _share(row, "coverage"),
            "held (99%)": _held(row),
            "finds one": _share(row, "power"),
        }
        for row in found.to_dict("records")
    )


def tables(found: "pd.DataFrame") -> "Iterator[Table]":
    """Yield what every design reported as a table for a terminal, one for each effect and follow-up."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    for (effect, months), rows in found.groupby(["effect", "months"], sort=False):
        title = f"Effect {effect}, {months} months"
        shown = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
        shown.add_column("design")
        for head in ("places", "made", "true", "reported", "bias", "covered", "finds one"):
            shown.add_column(head, justify="right")
        for row in rows.to_dict("records"):
            shown.add_row(
                label_of(row["design"]), str(row["places"]), str(row["evaluations"]),
                _percent(row["true_change"]),
                _percent(row["reported_change"]), f"{row['bias']:+.2f}", f"{row['coverage_share']:.0%}",
                f"{row['power_share']:.0%}",
            )  # fmt: skip
        yield shown


def sentences(found: "pd.DataFrame") -> list[str]:
    """Return what there is to say of the longest follow-up, where there are evaluations enough to say it."""
    longest = found[(found["months"] == found["months"].max()) & (found["evaluations"] >= FEWEST)]
    if not len(longest):
        return [
            f"Fewer than {FEWEST} evaluations of each kind say nothing: more --worlds, or fewer places each."
        ]
    return [*_falsely(longest), *_missed(longest), *_enough(longest), *_other_effects(longest)]


def _falsely(found: "pd.DataFrame") -> Iterator[str]:
    """Yield what is reported where there is no effect at all."""
    nothing = found[found["true_effect"] == 0]
    for design, rows in nothing.groupby("design", sort=False):
        most, label = rows.iloc[-1], label_of(design)
        low, high = most["power_low"], most["power_high"]
        known = f"({low:.0%} to {high:.0%}; {most['evaluations']} evaluations of {most['places']} places)"
        if low > CHANCE:
            reported = f"reports {_percent(most['reported_change'])}"
            told = f"{reported}, and finds an effect in {most['power_share']:.0%}"
        elif high < CHANCE:
            told = "finds one in less than 5%"
        else:
            told = "finds one about as often as chance would"
        yield f"Without any effect {label} {told} {known}."


def _missed(found: "pd.DataFrame") -> Iterator[str]:
    """Yield of designs whose bias is not one of chance what they report in place of the truth."""
    off = found[(found["true_effect"] != 0) & ((found["bias_low"] > 0) | (found["bias_high"] < 0))]
    for (effect, design), rows in off.groupby(["effect", "design"], sort=False):
        most = rows.iloc[-1]
        reported = f"{label_of(design)} reports {_percent(most['reported_change'])}"
        held = f"its intervals hold the truth in {most['coverage_share']:.0%} of evaluations"
        yield f"Where the effect is {effect} ({_percent(most['true_change'])}), {reported}; {held}."


def _enough(found: "pd.DataFrame") -> Iterator[str]:
    """Yield how many places a design without a bias beyond chance needs to find an effect."""
    there = found[found["true_effect"] != 0]
    for (effect, design), rows in there.groupby(["effect", "design"], sort=False):
        if ((rows["bias_low"] > 0) | (rows["bias_high"] < 0)).any():
            continue
        enough = rows[rows["power_share"] >= WANTED_POWER]
        # The fewest places that are enough, or the best that there is.
        told = enough.iloc[0] if len(enough) else rows.sort_values("power_share").iloc[-1]
        finds = f"{label_of(design).capitalize()} finds the {effect} effect in "
        most = f"{told['power_share']:.0%} with {told['places']} places ({told['people']:,.0f} people)"
        yield f"{finds}{most}." if len(enough) else f"{finds}no more than {most}."


def _other_effects(found: "pd.DataFrame") -> Iterator[str]:
    """Yield how far what randomised people aim at is from what the whole scheme does."""
    for effect, rows in found[found["true_effect"] != 0].groupby("effect", sort=False):
        by_design = rows.drop_duplicates("design").set_index("design")["true_effect"]
        if {"randomised_people", "randomised_places"} <= set(by_design.index):
            lot, whole = by_design["randomised_people"], by_design["randomised_places"]
            yield (
                f"People share staff: being drawn while half of the others are changes {lot:+.3f} "
                f"occasions a year ({effect} effect), the whole scheme {whole:+.3f}."
            )


def left_out(found: "pd.DataFrame", designs: Sequence[str]) -> list[str]:
    """Return which of the designs asked for are in no table."""
    return [
        f"No table has {label_of(design)}: no two evaluations could be made of these places and people; "
        "expected more places in an evaluation, and worlds enough for them."
        for design in designs
        if design not in set(found["design"])
    ]


def fall(found: "pd.DataFrame") -> list[str]:
    """Return what counting a year before and after finds of the highest scores where nobody is managed."""
    year = found[(found["months"] == YEAR) & (found["share"] <= FEW)] if len(found) else found
    return [
        f"Where nobody is managed at all, the {row['share']:.0%} of the pool with the highest scores change "
        f"by {_percent(row['change'])} from the year before to the year after "
        f"({_percent(row['area_low'])} to {_percent(row['area_high'])} in single places)."
        for row in year.to_dict("records")
    ][-1:]


def fallen(found: "pd.DataFrame") -> "pd.DataFrame":
    """Return what counts before and after find where nobody is managed as texts: shares by windows.

    Parameters
    ----------
    found
        As :func:`experiments.evaluating.falls.falls` returns them.
    """
    import pandas as pd

    rows = []
    for share, windows in found.groupby("share") if len(found) else ():
        row = {"of the pool": f"{share:.0%}", "people": f"{windows['people'].max():,.0f}"}
        for one in windows.to_dict("records"):
            ends = f"{_percent(one['area_low'])} to {_percent(one['area_high'])}"
            row[f"{one['months']} months"] = f"{_percent(one['change'])} ({ends})"
        rows.append(row)
    return pd.DataFrame(rows)


def _made(row: dict[Any, Any]) -> str:
    """Return how many evaluations were made, and of how many if some could not be."""
    made, not_made = int(row["evaluations"]), int(row["not_made"])
    return f"{made:,} of {made + not_made:,}" if not_made else f"{made:,}"


def _share(row: dict[Any, Any], name: str) -> str:
    share, low, high = (row[f"{name}_{part}"] for part in ("share", "low", "high"))
    return f"{share:.0%} ({low:.0%} to {high:.0%})"


def _reported(row: dict[Any, Any]) -> str:
    """Return the mean of what is reported, and where 95% of reports fall."""
    mean = row["reported_change"]
    # All are shares of one level: what the design compares with, on the mean.
    level = row["reported_effect"] / mean if mean else float("nan")
    low, high = (row[f"reported_{end}"] / level for end in ("low", "high"))
    return f"{_percent(mean)} ({_percent(low)} to {_percent(high)})" if low == low else _percent(mean)


def _held(row: dict[Any, Any]) -> str:
    """Return how many intervals hold the truth, and how many would in 99 of 100 such rows."""
    from scipy.stats import binom

    made = int(row["evaluations"])
    low, high = binom.interval(SURE, made, 1 - CHANCE)
    return f"{round(row['coverage_share'] * made):,} ({low:,.0f} to {high:,.0f})"


def _percent(share: float) -> str:
    return f"{share:+.0%}" if round(share, 2) else "0%"
