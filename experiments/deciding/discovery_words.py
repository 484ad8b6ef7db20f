"""What a discovery says: tables for the terminal, and plain sentences."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from experiments.deciding.discovery import Discovery
from experiments.words import number
from simulation import OUTCOMES

if TYPE_CHECKING:
    from rich.table import Table

#: Leaves of the tree that are told: those where it falls short in a larger or a smaller share than these.
OFTEN, SELDOM = 0.5, 0.15
MOST_TOLD = 6


def tables(found: Discovery) -> "Iterator[Table]":
    """Yield how robust each alternative is, and what knowing each factor would be worth."""
    unit = OUTCOMES[found.quantity.outcome].unit
    label = OUTCOMES[found.quantity.outcome].label
    if found.regret is not None:
        shown = _headed(
            f"{label}: every alternative over all points",
            "alternative",
            "mean",
            "worst",
            "highest regret",
            "mean regret",
            "best in",
        )
        rows: Any = found.regret[:MOST_TOLD]
        for row in rows.itertuples():
            figures = (row.mean, row.worst, row.highest_regret, row.mean_regret)
            shown.add_row(
                row.alternative,
                *(_in(value, unit) for value in figures),
                f"{100 * row.best_share:.0f}%",
            )
        yield shown
    if found.worth is not None:
        shown = _headed(
            "What knowing it before the choice would be worth",
            "factor",
            "worth",
            "95%",
            "changes the choice in",
        )
        rows = found.worth
        for row in rows.itertuples():
            ends = f"{_in(row.low, unit)} to {_in(row.high, unit)}"
            # Where knowing is worth nothing, the choice goes to and fro between alternatives that are alike.
            changes = f"{100 * row.changes_share:.0f}%" if row.low > 0 else "-"
            shown.add_row(row.factor, _in(row.worth, unit), ends, changes)
        yield shown


def sentences(found: Discovery) -> list[str]:
    """Return what was found, in sentences."""
    return [*_conditions(found), *_choice(found), *_knowing(found)]


def falls_short(found: Discovery) -> str:
    """Return what it is called where the quantity does not reach the threshold."""
    outcome, wanted = OUTCOMES[found.quantity.outcome], found.threshold
    if outcome.unit == "gbp" and not wanted and outcome.better == "more":
        return "fails to break even"
    side = "below" if outcome.better == "more" else "above"
    return f"is {side} {number(wanted, outcome.unit)}"


def _conditions(found: Discovery) -> Iterator[str]:
    often, of, words = int(found.fails.sum()), len(found.fails), falls_short(found)
    yield f"{found.quantity} {words} in {often} of {of} points ({100 * often / of:.0f}%)."
    if found.box is None or found.tree is None:
        yield "As it is the same everywhere, there are no conditions to find."
        return
    box = found.box
    if box.limits:
        yield (
            f"It {words} mostly where {box}: there in {box.hits} of {box.inside} points "
            f"({100 * box.density:.0f}%), which are {100 * box.coverage:.0f}% of all points where it does."
        )
    else:
        yield "No condition tells it better than chance would."
    told = [leaf for leaf in found.tree.leaves if leaf.share > OFTEN or leaf.share < SELDOM]
    for leaf in told[:MOST_TOLD]:
        yield f"By questions: where {leaf}, in {leaf.hits} of {leaf.inside}."
    if found.tree.right == found.tree.right:
        yield (
            f"On points that it has not seen the tree is right in {100 * found.tree.right:.0f}%; always "
            f"guessing what is commoner, in {100 * found.tree.guess:.0f}%."
        )


def _choice(found: Discovery) -> Iterator[str]:
    if found.regret is None:
        return
    unit, first = OUTCOMES[found.quantity.outcome].unit, found.regret.iloc[0]
    yield (
        f"{first['alternative']} has the smallest highest regret: it never loses more than "
        f"{_in(first['highest_regret'], unit)} against the best at the same point."
    )
    mean = found.regret.sort_values("mean_regret", kind="stable").iloc[0]
    if mean["alternative"] != first["alternative"]:
        yield f"{mean['alternative']} is best on average."


def _knowing(found: Discovery) -> Iterator[str]:
    if found.worth is None:
        return
    unit = OUTCOMES[found.quantity.outcome].unit
    each = found.worth[found.worth["factor"] != "everything"].iloc[0]
    if each["low"] > 0:
        yield (
            f"A study of {each['factor']} would change the choice most: "
            f"in {100 * each['changes_share']:.0f}% of points, worth {_in(each['worth'], unit)} on average."
        )
    else:
        yield "Knowing any one factor better would not clearly change the choice."


def _in(value: float, unit: str) -> str:
    return number(float(value), unit)


def _headed(title: str, *headings: str) -> "Table":
    from rich import box
    from rich.table import Table

    shown = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column(headings[0], overflow="fold")
    for heading in headings[1:]:
        shown.add_column(heading, justify="right", overflow="fold")
    return shown
