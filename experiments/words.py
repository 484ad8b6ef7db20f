"""What a comparison says: a table for the terminal, and a few plain sentences."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from experiments.differences import NET_BENEFIT, TWIN, has_third, third_known
from experiments.hiding import hidden, instead
from experiments.practices import moved_first
from simulation import OUTCOMES, Outcome

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table


CAVEAT = (
    "The effects of contact, visits and enforcement are assumptions within the range of the controlled "
    "evidence, none to modest, not findings of this model. Ranges in brackets are 95% intervals of the "
    "average. "
)
CHANCE_ALONE = "All ranges hold chance alone; what if the assumptions are wrong is not in them."
DRAWN = (
    "The average and one real area hold chance and what is not known together; if we are wrong is over what "
    "is not known alone, chance taken off, as far as it is drawn."
)
#: Replications below which sentences warn.
FEW = 10


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
    """Return a range in words that fit a column."""
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
            row = _row(differences, outcome, name, reference)
            unit = OUTCOMES[outcome].unit
            cells.append("-" if row is None else span(row, unit, *ends, _widest(row)))
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
        unit, like = outcome.unit, _widest(row)
        table.add_row(
            _label(outcome), number(mean, unit), number(row["mean_difference"], unit, signed=True, like=like),
            span(row, unit, "low", "high", like), span(row, unit, "area_low", "area_high", like),
        )  # fmt: skip
    return table


def _widest(row: Any) -> float:
    """Return the largest number of a row, whose decimals the others follow."""
    return float(
        max(abs(row[end]) for end in ("mean_difference", "area_low", "area_high") if row[end] == row[end])
    )


def sentences(runs: "pd.DataFrame", differences: "pd.DataFrame", scenarios: list[str]) -> list[str]:
    """Return what was found, in sentences that claim no more than the intervals allow."""
    base = scenarios[0]
    said = [few(runs, base), _against_twin(runs, differences, base), _also(differences, base)]
    for option in scenarios[1:]:
        said.append(_against_base(differences, option, base))
    said.append(_published(runs, base))
    said.append(caveat(differences))
    return [text for text in said if text]


def caveat(differences: "pd.DataFrame") -> str:
    """Return what holds of every number, and what its ranges hold."""
    return CAVEAT + (DRAWN if third_known(differences) else CHANCE_ALONE)


def _row(differences: "pd.DataFrame", outcome: str, option: str, reference: str) -> Any:
    rows = differences[
        (differences["outcome"] == outcome)
        & (differences["option"] == option)
        & (differences["reference"] == reference)
    ]
    return rows.iloc[0] if len(rows) else None


def _clear(row: Any) -> bool:
    return bool(row["low"] > 0 or row["high"] < 0)


def _change(row: Any, fewer: str = "fewer", more: str = "more") -> str:
    mean = row["mean_difference"]
    bounds = sorted((abs(row["low"]), abs(row["high"])))
    return f"{abs(mean):,.0f} {fewer if mean < 0 else more} ({bounds[0]:,.0f} to {bounds[1]:,.0f})"


def _caveat(row: Any) -> str:
    told = ""
    if row["area_low"] < 0 < row["area_high"]:
        told = f" A single area could see the opposite{'' if has_third(row) else ' by luck alone'}."
    return told + _if_wrong(row)


def _if_wrong(row: Any) -> str:
    """Say where the difference lies over what is not known and, where that is so, that luck does more."""
    if not has_third(row):
        return ""
    # Variances add up: what is not known and luck make one real area together.
    less = 2 * (row["wrong_high"] - row["wrong_low"]) ** 2 < (row["area_high"] - row["area_low"]) ** 2
    luck = ", which is less than luck does to a single area" if less else ""
    low, high = row["wrong_low"], row["wrong_high"]
    return f" If we are wrong about what is not known: {low:+,.0f} to {high:+,.0f}{luck}."


def _against_twin(runs: "pd.DataFrame", differences: "pd.DataFrame", base: str) -> str:
    row = _row(differences, "committed_offences", base, TWIN)
    if row is None:
        return ""
    mean = runs.loc[runs["scenario"] == base, "twin_committed_offences"].mean()
    if row["n"] < 2:
        return f"{base}: one run says nothing about chance; use more replications."
    if not _clear(row):
        return (
            f"{base}: no clear difference in offences committed against the same people and luck without "
            f"IOM, over {row['n']:.0f} replications (average {row['low']:+,.0f} to {row['high']:+,.0f} "
            f"of {mean:,.0f}).{_if_wrong(row)}"
        )
    share = 100 * abs(row["mean_difference"]) / mean
    return (
        f"{base}: {_change(row)} offences committed in the area than by the same people with the same luck "
        f"without IOM, {share:.1f}% of {mean:,.0f}.{_caveat(row)}"
    )


def few(runs: "pd.DataFrame", base: str) -> str:
    """Return a warning if a scenario has few replications, or nothing."""
    n = int(((runs["scenario"] == base) & (runs["status"] == "done")).sum())
    if 1 < n < FEW:
        return f"{n} replications are few: use {FEW} or more before you lean on anything below."
    return ""


def _also(differences: "pd.DataFrame", base: str) -> str:
    """Say what else changed against no IOM, welcome or not: proven offences, custody, money."""
    told = []
    for outcome in ("proven_offences", "cohort_reoffending_rate_12m", "custody_days"):
        row = _row(differences, outcome, base, TWIN)
        if row is None or row["n"] < 2:
            continue
        about = OUTCOMES[outcome]
        if _clear(row):
            change = number(row["mean_difference"], about.unit, signed=True, like=_widest(row))
            told.append(f"{about.label.lower()} {change}")
        else:
            told.append(f"no clear difference in {about.label.lower()}")
    money = _row(differences, NET_BENEFIT, base, TWIN)
    if money is not None and money["n"] > 1:
        verb = "more than it costs" if money["mean_difference"] > 0 else "less than it costs"
        amount = number(abs(money["mean_difference"]), "gbp")
        told.append(f"in money what it avoids is £{amount} {verb} beyond ordinary supervision")
    return f"{base}, the rest: {'; '.join(told)}." if told else ""


def _against_base(differences: "pd.DataFrame", option: str, base: str) -> str:
    row = _row(differences, "committed_offences", option, base)
    if row is None or row["n"] < 2:
        return ""
    if _clear(row):
        text = f"{option}: {_change(row)} offences committed than as it is.{_caveat(row)}"
    else:
        text = (
            f"{option}: no clear difference in offences committed from as it is "
            f"(average {row['low']:+,.0f} to {row['high']:+,.0f}).{_if_wrong(row)}"
        )
    details = []
    for outcome in ("minutes_per_person_week", "contact_wait_days", "wrong_band_share"):
        other = _row(differences, outcome, option, base)
        if other is not None and _clear(other):
            about = OUTCOMES[outcome]
            change = number(other["mean_difference"], about.unit, signed=True)
            unit = "" if about.unit == "share" or about.unit in about.label.lower() else f" {about.unit}"
            details.append(f"{about.label.lower()} {change}{unit}")
    text += f" With it: {', '.join(details)}." if details else ""
    money = _row(differences, "net_benefit_gbp", option, base)
    if money is not None:
        verb = "gains" if money["mean_difference"] > 0 else "loses"
        could = "chance and what is not known" if has_third(money) else "chance alone"
        clear = "" if _clear(money) else f", which {could} could reverse"
        text += f" In money it {verb} £{number(abs(money['mean_difference']), 'gbp')} on average{clear}."
    return text


def _published(runs: "pd.DataFrame", base: str) -> str:
    own = runs[(runs["scenario"] == base) & (runs["status"] == "done")]
    if "before_after_change" not in own.columns or own["before_after_change"].isna().all():
        return ""
    with_iom, without = own["before_after_change"].mean(), own["twin_before_after_change"].mean()
    return (
        f"A before-and-after count of those selected would have published {100 * with_iom:+.0f}% sanction "
        f"occasions; without any IOM the same people show {100 * without:+.0f}%, because people are selected "
        "at their worst."
    )
