"""What sensitivity says: a table a quantity, and plain sentences."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from experiments.deciding.quantity import Quantity
from experiments.words import number
from simulation import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from experiments.deciding.sensitivity import Sensitivity

#: Share of chance in single runs above which sentences warn of one run.
MUCH = 0.5
#: Total share below which a factor is said to decide next to nothing.
LITTLE = 0.05


def tables(found: "Sensitivity") -> "Iterator[Table]":
    """Yield a table a quantity: each factor, the one that decides most first."""
    from rich import box
    from rich.table import Table

    for quantity, rows in found.indices.items():
        shown = Table(title=str(quantity), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
        shown.add_column("factor", overflow="fold")
        headings = (
            ("effect", "95%", "bends") if found.method == "morris" else ("alone", "95%", "in all", "95%")
        )
        for heading in headings:
            shown.add_column(heading, justify="right", no_wrap=True)
        for row in _rows(ranked(found, rows)):
            shown.add_row(row.factor, *_cells(found, quantity, row))
        yield shown


def ranked(found: "Sensitivity", rows: "pd.DataFrame") -> "pd.DataFrame":
    """Return factors by how much they decide, most first."""
    by = "effect" if found.method == "morris" else "total"
    return rows.sort_values(by, ascending=False, kind="stable", ignore_index=True)


def _rows(rows: "pd.DataFrame") -> Iterator[Any]:
    return rows.itertuples()


def _cells(found: "Sensitivity", quantity: Quantity, row: Any) -> tuple[str, ...]:
    if found.method == "morris":
        unit, like = OUTCOMES[quantity.outcome].unit, abs(row.effect_high)
        effect, low, high, bends = (
            number(value, unit, like=like)
            for value in (row.effect, row.effect_low, row.effect_high, row.bends)
        )
        return effect, f"{low} to {high}", bends
    return (
        _share(row.first), f"{_share(row.first_low)} to {_share(row.first_high)}",
        _share(row.total), f"{_share(row.total_low)} to {_share(row.total_high)}",
    )  # fmt: skip


def _share(value: float) -> str:
    """Return a share of variance in per cent, within 0 and 100, which an estimate can leave."""
    return "-" if value != value else f"{100 * min(max(value, 0.0), 1.0):.0f}%"


def sentences(found: "Sensitivity") -> list[str]:
    """Return what was found, in sentences that claim no more than the runs allow."""
    said = [text for quantity, rows in found.indices.items() for text in _about(found, quantity, rows)]
    if all(spread.replications < 2 for spread in found.spreads.values()):
        said.append("With one replication a point, chance cannot be told from the factors: --replications 2.")
    if found.method == "morris":
        said.append(_next(found))
        said.append(
            "An effect is what moving the factor from one end of its range to the other does, on average, "
            "up or down."
        )
    else:
        said.append(
            "Alone: the share of variance that would go if only this factor were known. In all: the share "
            "that it decides with others too. Both are of what the factors bring, chance taken off."
        )
    return [*said, "What decides depends on the ranges that the study gives its factors."]


def _about(found: "Sensitivity", quantity: Quantity, rows: "pd.DataFrame") -> Iterator[str]:
    spread, first = found.spreads[quantity], next(_rows(ranked(found, rows)))
    share = spread.chance_share
    if share == share:
        much = "; one run says little" if share > MUCH else ""
        yield f"{quantity}: {100 * share:.0f}% of the variance between single runs is chance{much}."
    if found.method == "morris":
        clear = told(rows)
        many = (
            f"{len(clear)} of {len(rows)} factors stand out from chance"
            if len(clear)
            else "no factor stands out from chance"
        )
        yield f"{quantity}: {many}{f', {first.factor} most' if len(clear) else ''}."
    elif first.total == first.total and first.total_low > 0:
        none = [row.factor for row in _rows(rows) if row.total_high < LITTLE]
        little = f"; {', '.join(none)} next to nothing" if none else ""
        yield f"{quantity}: {first.factor} decides most ({_share(first.total)} in all){little}."
    else:
        yield f"{quantity}: no factor can be told from chance with these runs."


def told(rows: "pd.DataFrame") -> list[str]:
    """Return the factors of a screening that stand out from chance, or move anything where it is unknown."""
    clear = rows["effect_low"] > rows["chance"].fillna(0.0)
    return [str(name) for name in rows.loc[clear, "factor"]]


def _next(found: "Sensitivity") -> str:
    """Say how to go on from a screening."""
    matter = list(dict.fromkeys(name for rows in found.indices.values() for name in told(rows)))
    if len(matter) < 2:
        return "Nothing to go on with yet: more replications (--extend), or wider ranges."
    keys = " ".join(f"--factor {name}" for name in matter)
    return f"Next: the same command with --method sobol {keys}"
