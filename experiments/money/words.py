"""What the money says: tables for the terminal and the report, in a planner's words."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from experiments.money.account import Account
from experiments.money.break_even import FEWEST, BreakEven, Told, break_even
from experiments.money.switching import COST, Switch, of_prices
from experiments.words import number

if TYPE_CHECKING:
    from rich.table import Table

#: The row whose words say what its chance is of.
PAYS = "Chance that it pays"
#: What is told of a scenario's break-even, a row each: words, attribute, unit.
ROWS = (
    ("Net benefit, £", "net", "gbp"),
    ("Net present value, optimism bias on both sides, £", "present", "gbp"),
    ("Reduction in the area's offences at which it pays", "needed", "share"),
    ("Reduction found", "found", "share"),
    (PAYS, "pays", "share"),
    ("The same if others commit half of what is averted", "pays_replaced", "share"),
    ("Cost of an offence averted, £", "per_averted", ""),
    ("The same if others commit half of what is averted, £", "per_averted_replaced", ""),
    ("Cost of a person managed, £", "per_managed", ""),
)
#: What stands where a ratio has no meaning.
CANNOT_SAY = "cannot be said"


def figure(told: Told, unit: str) -> str:
    """Return a figure with its range, as a planner reads it."""
    if told.value != told.value:
        return CANNOT_SAY
    value, low, high = (number(one, unit, like=told.value) for one in told)
    return value if low == high or told.low != told.low else f"{value} ({low} to {high})"


def of_what(drawn: int) -> str:
    """Return what ranges hold, by the draws of what is not known that runs are under; 0 for none."""
    return f"luck and {drawn} draws of what is not known" if drawn else "luck alone"


def worded(found: Sequence[BreakEven]) -> Iterator[tuple[str, str, str]]:
    """Yield the rows of break-even as words, attribute and unit; the chance says what it is of."""
    about = of_what(max(one.drawn for one in found))
    for words, name, unit in ROWS:
        yield (f"{words}: {about}" if words == PAYS else words), name, unit


def rows(found: Sequence[BreakEven]) -> Iterator[list[str]]:
    """Yield the rows of the table of break-even, a column a scenario."""
    for words, name, unit in worded(found):
        yield [words, *(figure(getattr(one, name), unit) for one in found)]


def tables(accounts: Sequence[Account], prices: str) -> "Iterator[Table]":
    """Yield break-even of every scenario, then each one's switching values."""
    found = [break_even(account) for account in accounts]
    table = _headed(
        f"Does it pay? Prices of {prices}; 95% interval of {of_what(max(one.drawn for one in found))}",
        "",
        *(f.scenario for f in found),
    )
    for row in rows(found):
        table.add_row(*row)
    yield table
    for account in accounts:
        yield switches(f"What would turn the answer, all else alike: {account.scenario}", of_prices(account))


def switches(title: str, found: Iterable[Switch], ends: str = "likely") -> "Table":
    """Return switching values as a table."""
    table = _headed(title, "number", "now", "breaks even at", ends)
    for one in found:
        mark = " *" if ends == "likely" and one.in_reach else ""
        name = _named(one)
        between = f"{_plain(one.low)} to {_plain(one.high)}" if one.low < one.high else "-"
        table.add_row(name, _plain(one.now), _plain(one.value) + mark, between)
    return table


def _plain(value: float) -> str:
    """Return a parameter's value; of one that no value turns, that there is none."""
    if value != value:
        return "nowhere"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _named(switch: Switch) -> str:
    return switch.label if switch.key == COST else switch.key


def sentences(accounts: Sequence[Account]) -> Iterator[str]:
    """Yield what can and cannot be said."""
    for account in accounts:
        near = [_named(one) for one in of_prices(account) if one.in_reach]
        verb = "pays" if account.net.mean() > 0 else "does not pay"
        turned = f"; within its likely range {' or '.join(near)} would turn that" if near else ""
        yield f"{account.scenario} {verb} on the average{turned}."
    if any(len(account.net) < FEWEST for account in accounts):
        yield "With one run no range is told."
    drawn = max(account.drawn for account in accounts)
    if drawn:
        yield f"The chance that it pays is of one area's {of_what(drawn)} together."
    else:
        yield (
            "The chance that it pays is of one area's luck alone; what if the effects assumed are wrong is "
            "not in it."
        )


def _headed(title: str, *columns: str) -> "Table":
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    return table
