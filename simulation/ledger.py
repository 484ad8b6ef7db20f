"""The ledger: who pays for the partnership and what for, and who saves by it.

Every pound of the partnership goes through :func:`pay`, with the day, who pays and what for, so that the
account by payer, the account by item and the total are one. Savings are the twin's use of police, courts,
prison and orders less the run's own, each priced once; those of victims are the rest of what crime costs.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.calendar import DAYS_PER_YEAR
from simulation.co_location import AGENCY_NAMES
from simulation.costs import Costs
from simulation.offences import NAMES, by_kind
from simulation.offending import OffendingParameters
from simulation.outcome import Outcome
from simulation.recorder import Recorder

Days = NDArray[np.float64]

#: Who pays: agencies for their own posts, the youth offending team, money with an end, and the partnership.
PAYERS: dict[str, str] = {
    **AGENCY_NAMES,
    "youth_offending_team": "the youth offending team",
    "time_limited": "time-limited money",
    "partnership": "a budget of the partnership",
}
#: What for.
ITEMS = {
    "posts": "posts", "sessional": "sessional staff", "premises": "premises", "systems": "systems",
    "set_up": "setting up", "places": "programme places bought", "contracts": "contracts",
    "mentors": "mentors", "supports": "small supports", "other": "time-limited money on other things",
}  # fmt: skip
#: Who saves where there is less crime.
SAVERS = {
    "victims": "victims and the public", "police": "the police outside the partnership",
    "courts": "courts", "prisons": "prisons", "probation": "probation, by community orders",
}  # fmt: skip

OUTCOMES = [
    *(Outcome(f"paid_by_{payer}_gbp", f"Paid by {label}", "gbp", "less") for payer, label in PAYERS.items()),
    *(Outcome(f"spent_on_{item}_gbp", f"Spent on {label}", "gbp", "less") for item, label in ITEMS.items()),
    *(Outcome(f"saved_by_{saver}_gbp", f"Saved by {label}, against no IOM", "gbp", "more")
      for saver, label in SAVERS.items()),
    Outcome("net_present_value_gbp", "Net present value over no IOM", "gbp", "more", False,
            "the net benefit discounted to the decision date, optimism bias on both sides"),
    Outcome("police_hours", "Officer hours on recorded offences", "hours", "less", False,
            "expected, by the table of police effort in use"),
    Outcome("community_orders", "Community orders", "people"),
]  # fmt: skip


class Entry(NamedTuple):
    """Pounds, who pays them and what for."""

    payer: str
    item: str
    gbp: float


def pay(recorder: Recorder, day: float, entry: Entry) -> None:
    """Enter pounds: once in the total, once by who pays, once by what for."""
    recorder.count("iom_cost_gbp", day, entry.gbp)
    recorder.count(f"paid_by_{entry.payer}_gbp", day, entry.gbp)
    recorder.count(f"spent_on_{entry.item}_gbp", day, entry.gbp)


def recorded_share(offending: OffendingParameters) -> Days:
    """Return the share of committed offences that the police record, by kind."""
    return 1 / by_kind(offending.actual_per_recorded)


def police_hours(recorder: Recorder, costs: Costs, offending: OffendingParameters) -> Days:
    """Return the officer hours that a run's recorded offences take, day by day."""
    hours = costs.attendance_hours if costs.police_effort == "attendance" else costs.investigation_hours
    each = by_kind(hours) * recorded_share(offending)
    return np.asarray(
        sum(recorder.daily(f"committed_{name}") * h for name, h in zip(NAMES, each, strict=True))
    )


def burden(recorder: Recorder, costs: Costs, offending: OffendingParameters) -> dict[str, Days]:
    """Return what a run's crime costs each of :data:`SAVERS`, pounds a day, shape ``(days,)``."""
    others = 1 - costs.crime_response_share
    return {
        "victims": recorder.daily("crime_cost_gbp") * costs.crime_price_ratio * others,
        "police": police_hours(recorder, costs, offending) * costs.police_hour_gbp,
        "courts": recorder.daily("hearings") * costs.court_case_gbp,
        "prisons": recorder.daily("in_custody") * costs.custody_gbp_a_year / DAYS_PER_YEAR,
        "probation": recorder.daily("community_orders") * costs.community_order_gbp,
    }


def savings(
    own: Recorder, twin: Recorder, costs: Costs, offending: OffendingParameters
) -> Iterator[tuple[str, Days]]:
    """Yield each saver with the pounds a day that the partnership saves it; a loss is below zero.

    What somebody else commits instead is no saving to victims and police.
    """
    with_it, without = burden(own, costs, offending), burden(twin, costs, offending)
    for saver in SAVERS:
        stays = 1 - costs.replacement_share if saver in ("victims", "police") else 1.0
        yield saver, (without[saver] - with_it[saver]) * stays


def account(
    own: Recorder, twin: Recorder, costs: Costs, offending: OffendingParameters, measured: slice
) -> dict[str, float]:
    """Return what the partnership saves whom over the measured days, its net benefit and present value."""
    saved = {name: days[measured] for name, days in savings(own, twin, costs, offending)}
    cost, replaced = own.daily("iom_cost_gbp")[measured], own.daily("ordinary_cost_gbp")[measured]
    benefit = np.asarray(sum(saved.values()))
    later = (1 + costs.discount_rate) ** (-np.arange(len(cost)) / DAYS_PER_YEAR)
    now = float((benefit * later).sum())
    # Nobody is too hopeful about a loss.
    now *= 1 - costs.optimism_benefit_share if now > 0 else 1.0
    spent = float(((cost * (1 + costs.optimism_cost_share) - replaced) * later).sum())
    totals = {f"saved_by_{name}_gbp": float(days.sum()) for name, days in saved.items()}
    return totals | {
        "net_benefit_gbp": float((benefit - cost + replaced).sum()),
        "net_present_value_gbp": now - spent,
    }
