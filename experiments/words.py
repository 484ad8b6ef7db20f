"""Numbers as a planner reads them, and the tables of a comparison for the terminal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from experiments.differences import NET_BENEFIT, TWIN, third_known
from experiments.hiding import hidden, instead
from experiments.practices import moved_first
from simulation import OUTCOMES, Outcome

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table


def number(value: float, unit: str, *, signed: bool = False, like: float | None = None) -> str:
    """Return a number as a planner reads it: whole counts, shares in per cent, money in thousands.

    A count of people that must not be shown is hidden.

    Parameters
    ----------
    value, unit
        The number and its outcome's unit.
    signed
        Whether a plus is shown.
    like
        The largest number it stands beside: it is shown with as many decimals as that one.
    """
    if value != value:
        return "-"
    if hidden(value, unit):
        return instead(value)
    size = abs(value if like is None else like)
    sign = "+" if signed and value else ""
    if unit == "gbp":
        thousands = f"{value / 1000:{sign},.0f}"
        return "0" if thousands.lstrip("+-") == "0" else f"{thousands}k"
    if unit == "share":
        return f"{100 * value:{sign}.1f}%"
    return f"{value:{sign},.{0 if size >= 100 or size == 0 else 1 if size >= 10 else 2}f}"


def span(row: Any, unit: str, low: str, high: str, like: float) -> str:
    """Return a range in words that fit a column; a dash where no run has a difference."""
    if not row["n"]:
        return "-"
    if row[low] != row[low]:
        return "one run only" if row["n"] < 2 else "too few draws"
    first, last = (number(row[end], unit, signed=True, like=like) for end in (low, high))
    return first if first == last else f"{first} to {last}"


def tables(runs: "pd.DataFrame", differences: "pd.DataFrame", scenarios: list[str]) -> "Iterator[Table]":
    """Yield every choice against no IOM at a glance, then each against what it is compared with."""
    base = scenarios[0]
    if len(scenarios) == 1:
        yield _levels(runs, base)
    else:
        title = "Every choice against the same place without IOM (the average)"
        yield _summary(differences, scenarios, TWIN, ("low", "high"), title)
    title = f"{base} against the same place without IOM (whole area)"
    yield _one(runs, differences, base, TWIN, "without", title)
    for option in scenarios[1:]:
        yield _one(runs, differences, option, base, "as it is", f"{option} against {base}")
        for part in parts(differences, option, scenarios):
            yield _one(runs, differences, option, part, "with that", f"{option} against {part} alone")
    if third_known(differences):
        wrong, title = ("wrong_low", "wrong_high"), "If we are wrong (over what is not known), against"
        yield _summary(differences, scenarios, TWIN, wrong, f"{title} no IOM")
        if scenarios[1:]:
            yield _summary(differences, scenarios, base, wrong, f"{title} {base} as it is")


def _headed(title: str, *headings: str) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(
        title=title,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        collapse_padding=True,
    )
    table.add_column("", overflow="fold")
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _label(outcome: Outcome) -> str:
    return f"{outcome.label}, £" if outcome.unit == "gbp" else outcome.label


def parts(differences: "pd.DataFrame", option: str, scenarios: list[str]) -> list[str]:
    """Return the choices that a combination contains, and is compared with, as ``b`` of ``a+b``."""
    others = set(differences.loc[differences["option"] == option, "reference"])
    return [name for name in scenarios[1:] if name in others]


def _levels(runs: "pd.DataFrame", scenario: str) -> "Table":
    done = runs[(runs["scenario"] == scenario) & (runs["status"] == "done")]
    table = _headed(f"{scenario}: mean of {len(done)} replications", "level")
    for name, outcome in OUTCOMES.items():
        if outcome.headline and name in done.columns:
            table.add_row(_label(outcome), number(float(done[name].mean()), outcome.unit))
    return table


def _summary(
    differences: "pd.DataFrame", scenarios: list[str], reference: str, ends: tuple[str, str], title: str
) -> "Table":
    """Set every choice against one reference, with one of the ranges of four differences."""
    chosen = ("committed_offences", "proven_offences", "custody_days", NET_BENEFIT)
    labels = ("offences", "proven", "custody days", "net, £")
    table = _headed(title, *labels)
    for name in (name for name in scenarios if name != reference):
        cells = []
        for outcome in chosen:
            row = row_of(differences, outcome, name, reference)
            unit = OUTCOMES[outcome].unit
            cells.append("-" if row is None else span(row, unit, *ends, widest(row)))
        short = "as it is" if name == scenarios[0] else name.removeprefix(scenarios[0])
        table.add_row(short, *cells)
    return table


def _one(
    runs: "pd.DataFrame", differences: "pd.DataFrame", option: str, reference: str, level: str, title: str
) -> "Table":
    table = _headed(title, level, "difference", "the average", "one real area")
    rows = differences[(differences["option"] == option) & (differences["reference"] == reference)]
    rows = rows.set_index("outcome")
    done = runs[runs["status"] == "done"]
    also = moved_first(option) if reference != TWIN else set()
    for name, outcome in OUTCOMES.items():
        if not (outcome.headline or name in also) or name not in rows.index:
            continue
        row: Any = rows.loc[name]
        if reference == TWIN and name == NET_BENEFIT:
            continue
        column = f"twin_{name}" if reference == TWIN else name
        of = option if reference == TWIN else reference
        mean = float(done[done["scenario"] == of][column].to_numpy(float).mean())
        unit, like = outcome.unit, widest(row)
        table.add_row(
            _label(outcome), number(mean, unit), number(row["mean_difference"], unit, signed=True, like=like),
            span(row, unit, "low", "high", like), span(row, unit, "area_low", "area_high", like),
        )  # fmt: skip
    return table


def widest(row: Any, ends: tuple[str, ...] = ("mean_difference", "area_low", "area_high")) -> float:
    """Return the largest number of a row, whose decimals the others follow; 0 where nothing is known."""
    return float(max((abs(row[end]) for end in ends if row[end] == row[end]), default=0.0))


def row_of(differences: "pd.DataFrame", outcome: str, option: str, reference: str) -> Any:
    """Return the row of an option's outcome against a reference, or nothing."""
    rows = differences[
        (differences["outcome"] == outcome)
        & (differences["option"] == option)
        & (differences["reference"] == reference)
    ]
    return rows.iloc[0] if len(rows) else None
