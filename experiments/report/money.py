"""The money: what each scenario costs and avoids against no IOM, in columns that add up."""

from experiments.differences import NET_BENEFIT, TWIN
from experiments.report.reading import Reading
from experiments.report.table import NOT_COMPUTED, RANGES, Table, told
from experiments.words import number


def money(reading: Reading) -> Table | None:
    """Return a row a scenario: cost, what is avoided, net benefit with its ranges, and break-even."""
    import pandas as pd

    rows, raw = [], []
    for scenario in reading.scenarios:
        net = reading.difference(scenario, TWIN, NET_BENEFIT)
        if net is None:
            continue
        parts = _parts(reading, scenario, net["mean_difference"])
        raw.append({"scenario": scenario, **parts, **{key: net[key] for key in net if key != "outcome"}})
        signs = {"cost_gbp": False}
        amounts = [number(value, "gbp", signed=signs.get(key, True)) for key, value in parts.items()][:4]
        rows.append([reading.label(scenario), *amounts, *told(reading, net, "gbp"), _even(parts)])
    if not rows:
        return None
    known = RANGES[: len(reading.ranges)]
    headings = ["Scenario", "Cost", "Crime avoided", "Custody avoided", "Other", "Net", *known, "Breaks even"]
    last = [] if reading.wrong_known else [RANGES[-1]]
    caption = f"Money against the same place without IOM, {reading.period}, thousands of pounds"
    frame, source = pd.DataFrame(raw), "runs.parquet and differences.csv"
    last_for_all = NOT_COMPUTED if last else ""
    return Table(caption, [*headings, *last], rows, frame, source, "pounds", last_for_all)


def _parts(reading: Reading, scenario: str, net: float) -> dict[str, float]:
    cost = reading.level(scenario, "iom_cost_gbp")
    crime = reading.level(scenario, "saved_by_victims_gbp")
    custody = reading.level(scenario, "saved_by_prisons_gbp")
    rest = net + cost - crime - custody
    factor = (crime - net) / crime if crime > 0 else float("nan")
    return {
        "cost_gbp": cost, "crime_avoided_gbp": crime, "custody_avoided_gbp": custody, "other_gbp": rest,
        "breaks_even_at_times_crime_avoided": factor,
    }  # fmt: skip


def _even(parts: dict[str, float]) -> str:
    """Return the crime avoided at which the rest stays as it is and nothing is gained or lost."""
    factor = parts["breaks_even_at_times_crime_avoided"]
    if factor != factor:
        return "-"
    return "at any" if factor <= 0 else f"at {factor:.1f} times"
