"""What a comparison says in a few plain sentences that claim no more than the intervals allow."""

from typing import TYPE_CHECKING, Any

from experiments.differences import NET_BENEFIT, TWIN, has_third, third_known
from experiments.words import number, row_of, widest
from simulation import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

CAVEAT = (
    "The effects of contact, visits and enforcement are assumptions within the range of the controlled "
    "evidence, none to modest, not findings of this model. Ranges in brackets are 95% intervals of the "
    "average. "
)
CHANCE_ALONE = "All ranges hold chance alone; what if the assumptions are wrong is not in them."
FEW_DRAWN = (
    "The average and one real area hold chance and what is not known together, over {} draws of it; how much "
    "is chance takes more of them, or more runs under each, to tell."
)
DRAWN = (
    "The average and one real area hold chance and what is not known together; if we are wrong is over what "
    "is not known alone, chance taken off, as far as it is drawn."
)
#: Replications below which sentences warn.
FEW = 10


def sentences(runs: "pd.DataFrame", differences: "pd.DataFrame", scenarios: list[str]) -> list[str]:
    """Return what was found, in sentences that claim no more than the intervals allow."""
    base = scenarios[0]
    said = [few(runs, base), _against_twin(runs, differences, base), _also(differences, base)]
    for option in scenarios[1:]:
        said.append(_against_base(differences, option, base))
    said.append(_published(runs, base))
    said.append(caveat(runs, differences))
    return [text for text in said if text]


def caveat(runs: "pd.DataFrame", differences: "pd.DataFrame") -> str:
    """Return what holds of every number, and what its ranges hold."""
    draws = runs.loc[runs["status"] == "done", "draw"].nunique()
    if third_known(differences):
        return CAVEAT + DRAWN
    return CAVEAT + (FEW_DRAWN.format(draws) if draws > 1 else CHANCE_ALONE)


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
    row = row_of(differences, "committed_offences", base, TWIN)
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
        row = row_of(differences, outcome, base, TWIN)
        if row is None or row["n"] < 2:
            continue
        about = OUTCOMES[outcome]
        if _clear(row):
            change = number(row["mean_difference"], about.unit, signed=True, like=widest(row))
            told.append(f"{about.label.lower()} {change}")
        else:
            told.append(f"no clear difference in {about.label.lower()}")
    money = row_of(differences, NET_BENEFIT, base, TWIN)
    if money is not None and money["n"] > 1:
        verb = "more than it costs" if money["mean_difference"] > 0 else "less than it costs"
        amount = number(abs(money["mean_difference"]), "gbp")
        told.append(f"in money what it avoids is £{amount} {verb} beyond ordinary supervision")
    return f"{base}, the rest: {'; '.join(told)}." if told else ""


def _against_base(differences: "pd.DataFrame", option: str, base: str) -> str:
    row = row_of(differences, "committed_offences", option, base)
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
        other = row_of(differences, outcome, option, base)
        if other is not None and _clear(other):
            about = OUTCOMES[outcome]
            change = number(other["mean_difference"], about.unit, signed=True)
            unit = "" if about.unit == "share" or about.unit in about.label.lower() else f" {about.unit}"
            details.append(f"{about.label.lower()} {change}{unit}")
    text += f" With it: {', '.join(details)}." if details else ""
    money = row_of(differences, "net_benefit_gbp", option, base)
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
