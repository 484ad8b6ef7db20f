"""A table of the report: what is read, and the numbers behind it as CSV."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.differences import TWIN
from experiments.report.reading import Reading
from experiments.words import number, span
from simulation import OUTCOMES, Outcome

if TYPE_CHECKING:
    import pandas as pd

#: What stands where the third range would, as long as nothing has been run over the assumptions.
NOT_COMPUTED = "not computed yet: needs a sweep over the assumptions"


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes
    ----------
    caption, headings, rows
        What is read; the first cell of a row is its heading.
    csv
        The same and more, unrounded.
    last_for_all
        One cell beside all rows, under the last heading.
    """

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    csv: str
    last_for_all: str = ""

    @property
    def address(self) -> str:
        """The CSV as an address that needs no network."""
        return data_uri(self.csv.encode(), "text/csv;charset=utf-8")


def data_uri(content: bytes, kind: str) -> str:
    """Return an address that holds its own content."""
    return f"data:{kind};base64,{b64encode(content).decode()}"


def plain(caption: str, frame: "pd.DataFrame", rows: "pd.DataFrame | None" = None) -> Table:
    """Return a table of a frame whose cells are texts, or of fewer ``rows`` with the whole as CSV."""
    shown = frame if rows is None else rows
    cells = [[str(cell) for cell in row] for row in shown.itertuples(index=False)]
    return Table(caption, list(shown.columns), cells, frame.to_csv(index=False))


def labelled(outcome: Outcome) -> str:
    """Return an outcome's label with its unit where that is not plain."""
    if outcome.unit == "gbp":
        return f"{outcome.label}, £"
    plain_unit = outcome.unit in ("", "share", "per year") or outcome.unit in outcome.label.lower()
    return outcome.label if plain_unit else f"{outcome.label}, {outcome.unit}"


def differences(reading: Reading, option: str, reference: str) -> Table | None:
    """Return the headline outcomes' paired differences, the three ranges kept apart."""
    import pandas as pd

    rows, raw = [], []
    of, prefix = (option, "twin_") if reference == TWIN else (reference, "")
    for name, outcome in OUTCOMES.items():
        row = reading.difference(option, reference, name) if outcome.headline else None
        if row is None:
            continue
        level = reading.level(of, prefix + name)
        rows.append([labelled(outcome), number(level, outcome.unit), *told(reading, row, outcome.unit)])
        raw.append({"outcome": name, "option": option, "reference": reference, "level": level, **row})
    if not rows:
        return None
    known = len(_known_ranges(reading)) == 3
    beside = "without IOM" if reference == TWIN else reading.label(reference)
    headings = ["Outcome", beside, "Difference", "The average", "One real area", "If we are wrong"]
    against = "the same people with the same luck and no IOM" if reference == TWIN else beside
    caption = f"{reading.label(option)} against {against}, {reading.period}; {raw[0]['n']:.0f} pairs of runs"
    csv = pd.DataFrame(raw).to_csv(index=False)
    return Table(caption, headings, rows, csv, "" if known else NOT_COMPUTED)


def told(reading: Reading, row: Any, unit: str) -> list[str]:
    """Return a mean difference and its known ranges in words, all with as many decimals."""
    sizes = [abs(row[end]) for end in ("mean_difference", "area_low", "area_high") if row[end] == row[end]]
    like = max(sizes)
    mean = number(row["mean_difference"], unit, signed=True, like=like)
    return [mean, *(span(row, unit, *ends, like) for ends in _known_ranges(reading))]


def _known_ranges(reading: Reading) -> list[tuple[str, str]]:
    ranges = [("low", "high"), ("area_low", "area_high"), ("wrong_low", "wrong_high")]
    return [ends for ends in ranges if ends[0] in reading.study.differences.columns]


def levels(reading: Reading, names: Iterable[str], caption: str) -> Table | None:
    """Return outcomes' means over replications, a column a scenario."""
    import pandas as pd

    rows, raw = [], []
    for name in names:
        values = [reading.level(scenario, name) for scenario in reading.scenarios]
        if all(value != value for value in values):
            continue
        outcome = OUTCOMES[name]
        like = max(abs(value) for value in values if value == value)
        rows.append([labelled(outcome), *(number(value, outcome.unit, like=like) for value in values)])
        raw.append({"outcome": name, **dict(zip(reading.scenarios, values, strict=True))})
    if not rows:
        return None
    headings = ["Outcome", *(reading.label(name) for name in reading.scenarios)]
    runs = f"{caption}; mean of {reading.how_many}"
    return Table(runs, headings, rows, pd.DataFrame(raw).to_csv(index=False))


def money(reading: Reading) -> Table | None:
    """Return what each scenario costs and gains against no IOM."""
    import pandas as pd

    rows, raw = [], []
    for scenario in reading.scenarios:
        net = reading.spread(scenario, "net_benefit_gbp")
        if not net.n:
            continue
        cost = reading.level(scenario, "iom_cost_gbp")
        crime = reading.level(scenario, "twin_crime_cost_gbp") - reading.level(scenario, "crime_cost_gbp")
        figures = {"cost_gbp": cost, "crime_avoided_gbp": crime, **net._asdict()}
        raw.append({"scenario": scenario, **figures})
        ranges = [span(figures, "gbp", *ends, net.mean) for ends in _known_ranges(reading)[:2]]
        cells = [number(amount, "gbp") for amount in (cost, crime)]
        rows.append([reading.label(scenario), *cells, number(net.mean, "gbp", signed=True), *ranges])
    if not rows:
        return None
    headings = [
        "Scenario", "Partnership costs, £", "Crime avoided, £", "Net benefit, £", "The average",
        "One real area", "If we are wrong",
    ]  # fmt: skip
    caption = f"Money against the same place without IOM, {reading.period}, thousands of pounds"
    return Table(caption, headings, rows, pd.DataFrame(raw).to_csv(index=False), NOT_COMPUTED)
