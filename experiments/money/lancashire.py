"""The Lancashire case study beside the model: what one man cost in four years, and what those carried cost.

The case study is of one man, who was followed because he cost much. The model's figures are of everybody whom
its Lancashire ever carries, in the same years without a partnership, a person and year; nothing of the case
study is put in. Priced in the year of the prices.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from calibration.evidence import register
from experiments.differences import summarise
from experiments.files import write_bytes
from scenarios import load
from simulation import IOMModel
from simulation.calendar import DAYS_PER_YEAR
from simulation.offences import by_kind
from simulation.outcomes import outcomes
from simulation.prices import at_prices_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

SITE, YEARS = "lancashire", 1.0
#: Of the case study: years, the prices it was stated in, and the numbers of its sums in the register.
OVER_YEARS, STATED = 4, "2010-11"
SUMS = {"crime": "TK008", "courts": "TK009", "prison": "TK010", "the scheme": "TK012"}
PRICES = "2007-08"
COMMITTED, RECORDED = "crime, committed", "crime, recorded"
OUT = Path("docs/tables/lancashire.csv")


def stated(what: str) -> float:
    """Return a sum of the case study, pounds a year in the model's prices."""
    return at_prices_of(PRICES, float(register()[SUMS[what]].value), STATED) / OVER_YEARS


def days_inside(events: Iterable[tuple[object, ...]], people: int, days: int) -> "NDArray[np.float64]":
    """Return the days that each person spends in custody, from the event log, shape ``(people,)``."""
    moves: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for person, _, event, time, *_ in events:
        if event in ("reception", "release"):
            moves[int(person)].append((float(time), str(event)))  # type: ignore[call-overload, arg-type]
    inside = np.zeros(people)
    for person, own in moves.items():
        own.sort()
        # Whoever is let out first was inside when the run began.
        since = 0.0 if own[0][1] == "release" else np.nan
        for time, event in own:
            if event == "reception":
                since = time if np.isnan(since) else since
            else:
                inside[person] += 0.0 if np.isnan(since) else time - since
                since = np.nan
        inside[person] += 0.0 if np.isnan(since) else days - since
    return inside


def lived(replication: int, years: float = YEARS) -> dict[str, float]:
    """Return pounds a person and year, by what for, of those carried, without a partnership; and its own."""
    timeline = load(SITE).timeline
    twin = IOMModel(
        timeline[:1], replication=replication, years=years, partnership=False, keep_events=True
    ).run()
    own = IOMModel(timeline, replication=replication, years=years, careers=twin.world.careers).run()
    chosen = np.isfinite(own.works.caseload.first_entered)
    parameters, people = own.parameters, len(chosen)
    person_years = chosen.sum() * own.days / DAYS_PER_YEAR
    kinds = np.concatenate([kind[chosen[who]] for who, _, kind in twin.world.offending.offences])
    prices = by_kind(parameters.offending.cost) * parameters.costs.crime_price_ratio
    recorded = prices / by_kind(parameters.offending.actual_per_recorded)
    heard = sum(bool(chosen[int(line[0])]) for line in twin.recorder.events if line[2] == "hearing")
    inside = days_inside(twin.recorder.events, people, own.days)[chosen].sum()
    came = outcomes(own, twin)
    return {
        COMMITTED: float(prices[kinds].sum() / person_years),
        RECORDED: float(recorded[kinds].sum() / person_years),
        "courts": heard * parameters.costs.court_case_gbp / person_years,
        "prison": inside / DAYS_PER_YEAR * parameters.costs.custody_gbp_a_year / person_years,
        "the scheme": came["iom_cost_gbp"] / (came["caseload_mean"] * years),
    }


def table(runs: list[dict[str, float]]) -> "pd.DataFrame":
    """Return a row for each sum: the case study's and the model's, with its 95% interval over runs."""
    import pandas as pd

    rows = []
    for what in runs[0]:
        found = summarise(np.array([run[what] for run in runs]))
        name = "crime" if what in (COMMITTED, RECORDED) else what
        rows.append(
            {
                "£ a person and year, 2007-08 prices": what,
                "case study": f"{stated(name):,.0f} ({SUMS[name]})",
                "model": f"{found.mean:,.0f} ({found.low:,.0f} to {found.high:,.0f})",
            }
        )
    return pd.DataFrame(rows)


def main(arguments: Iterable[str] | None = None) -> None:
    """Live through Lancashire and write the table."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--replications", type=int, default=4)
    reader.add_argument("--out", type=Path, default=OUT)
    asked = reader.parse_args(None if arguments is None else list(arguments))
    found = table([lived(number) for number in range(asked.replications)])
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(asked.out, found.to_csv(index=False).encode())
    print(found.to_string(index=False))


if __name__ == "__main__":
    main()
