"""Break-even: the reduction at which each scenario pays, its chance, and what an offence averted costs."""

from typing import Any

from experiments.money.account import COLUMNS, account
from experiments.money.break_even import break_even
from experiments.money.words import of_what, rows, worded
from experiments.report.reading import Reading
from experiments.report.table import Table


def pays(reading: Reading) -> Table | None:
    """Return a row a figure and a column a scenario; nothing where a study has no ledger."""
    import pandas as pd

    done = reading.done
    if any(name not in done.columns for name in COLUMNS):
        return None
    costs = {one.name: one.timeline[-1][1].costs for one in reading.study.resolved}
    found = [
        break_even(account(name, costs[name], done[done["scenario"] == name])) for name in reading.scenarios
    ]
    raw = []
    for words, name, unit in worded(found):
        held: dict[str, Any] = {"measure": words, "unit": unit or "gbp"}
        for one in found:
            told = getattr(one, name)
            held |= {
                one.scenario: told.value,
                f"{one.scenario}, low": told.low,
                f"{one.scenario}, high": told.high,
            }
        raw.append(held)
    headings = ["Figure", *(reading.label(name) for name in reading.scenarios)]
    drawn = of_what(max(one.drawn for one in found))
    caption = f"What it takes to pay, {reading.period}; in brackets 95% intervals of {drawn}"
    return Table(caption, headings, list(rows(found)), pd.DataFrame(raw), "runs.parquet")
