"""A table of the report: what is read, and the numbers behind it."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.differences import NET_BENEFIT, TWIN
from experiments.hiding import cleared
from experiments.practices import moved_first
from experiments.report.reading import Reading
from experiments.words import number, span
from simulation import OUTCOMES, Outcome

if TYPE_CHECKING:
    import pandas as pd

#: What stands where the third range would, as long as nothing has been run over the assumptions.
NOT_COMPUTED = "not computed yet: needs runs over the range of the assumptions"
RANGES = ("The average", "One real area", "If we are wrong")
#: Beside the headlines, what is told of those selected against the same people without IOM.
OF_COHORT = ("cohort_reoffending_rate_12m", "cohort_occasions_per_person_year")


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes
    ----------
    caption, headings, rows
        What is read; the first cell of a row is its heading.
    frame
        The same and more, unrounded: the CSV and the workbook's sheet.
    source
        The file of the results that the numbers come from.
    unit
        Unit of the frame's numbers.
    last_for_all
        One cell beside all rows, under the last heading.
    more
        What the CSV holds beyond what is read.
    words
        How many of the first columns are words; numbers stand to the right of them.
    """

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    frame: "pd.DataFrame"
    source: str
    unit: str = "as in column unit"
    last_for_all: str = ""
    more: str = ""
    words: int = 1

    @property
    def shared(self) -> "pd.DataFrame":
        """The frame without counts of people that must not be shown."""
        return cleared(self.frame, self.unit)

    @property
    def address(self) -> str:
        """The CSV as an address that needs no network, marked as UTF-8 for spreadsheets."""
        return data_uri(self.shared.to_csv(index=False).encode("utf-8-sig"), "text/csv;charset=utf-8")


def data_uri(content: bytes, kind: str) -> str:
    """Return an address that holds its own content."""
    return f"data:{kind};base64,{b64encode(content).decode()}"


def cells(frame: "pd.DataFrame") -> list[list[str]]:
    """Return a frame of texts as rows."""
    return [[str(cell) for cell in row] for row in frame.itertuples(index=False)]


def labelled(outcome: Outcome) -> str:
    """Return an outcome's label with its unit where that is not plain."""
    if outcome.unit == "gbp":
        return f"{outcome.label}, £"
    plain_unit = outcome.unit in ("", "share", "per year") or outcome.unit in outcome.label.lower()
    return outcome.label if plain_unit else f"{outcome.label}, {outcome.unit}"


def named(name: str) -> dict[str, Any]:
    """Return an outcome's name, label and unit, which begin its row in a frame."""
    return {"outcome": name, "label": OUTCOMES[name].label, "unit": OUTCOMES[name].unit}


def differences(reading: Reading, option: str, reference: str) -> Table | None:
    """Return paired differences of headlines and of what the options move first, the ranges kept apart."""
    import pandas as pd

    rows, raw = [], []
    of, prefix = (option, "twin_") if reference == TWIN else (reference, "")
    also = OF_COHORT if reference == TWIN else moved_first(option)
    for name, outcome in OUTCOMES.items():
        row = reading.difference(option, reference, name)
        if row is None or not (outcome.headline or name in also):
            continue
        # Without IOM there is nothing to gain or to pay.
        nothing = reference == TWIN and name == NET_BENEFIT
        level = 0.0 if nothing else reading.level(of, prefix + name)
        rows.append([labelled(outcome), number(level, outcome.unit), *told(reading, row, outcome.unit)])
        raw.append({**named(name), "level": level, **row})
    if not rows:
        return None
    base = "no IOM" if reference == TWIN else reading.label(reference)
    against = "the same people with the same luck and no IOM"
    if reference != TWIN:
        against = f"{base} as it is" if reference == reading.base else f"{base} alone"
    pairs = f"{raw[0]['n']:.0f} pair{'s' if raw[0]['n'] != 1 else ''} of runs"
    caption = f"{reading.label(option)} against {against}, {reading.period}; {pairs}"
    last = "" if reading.wrong_known else NOT_COMPUTED
    frame, source = pd.DataFrame(raw), "differences.csv, levels from runs.parquet"
    return Table(caption, ["Outcome", base, "Difference", *RANGES], rows, frame, source, last_for_all=last)


def told(reading: Reading, row: Any, unit: str) -> list[str]:
    """Return a mean difference and its known ranges in words, all with as many decimals."""
    like = max(abs(row[end]) for end in ("mean_difference", "area_low", "area_high") if row[end] == row[end])
    mean = number(row["mean_difference"], unit, signed=True, like=like)
    return [_points(text) for text in (mean, *(span(row, unit, *ends, like) for ends in reading.ranges))]


def _points(text: str) -> str:
    """Return a difference of two percentages as what it is."""
    return f"{text.replace('%', '')} points" if "%" in text else text


def levels(reading: Reading, names: Iterable[str], caption: str, *, twin: bool = False) -> Table | None:
    """Return outcomes' means over replications, a column a scenario.

    Parameters
    ----------
    reading
        The study.
    names, caption
        The outcomes, and what they are together.
    twin
        Whether what they are without IOM stands beside them, where that is the same for every scenario:
        another pool, or other people who are selected, have another.
    """
    import pandas as pd

    rows, raw, unknown = [], [], []
    for name in names:
        outcome = OUTCOMES[name]
        found = {scenario: reading.level(scenario, name) for scenario in reading.scenarios}
        if all(value != value for value in found.values()):
            unknown.append(outcome.label[:1].lower() + outcome.label[1:])
            continue
        if twin:
            found = {"no IOM": _of_every_twin(reading, name), **found}
        like = max(abs(value) for value in found.values() if value == value)
        rows.append([labelled(outcome), *(number(it, outcome.unit, like=like) for it in found.values())])
        raw.append({**named(name), **found})
    if not rows:
        return None
    whole = f"{caption}, {reading.period}; mean of {reading.how_many}"
    if twin and unknown:
        whole += f". Not known from such runs: {', '.join(unknown)}"
    headings = ["Outcome", *(["no IOM"] if twin else []), *map(reading.label, reading.scenarios)]
    return Table(whole, headings, rows, pd.DataFrame(raw), "runs.parquet")


def _of_every_twin(reading: Reading, name: str) -> float:
    """Return what an outcome is without IOM, where every scenario's twin has the same in every run."""
    first, *others = (reading.runs(scenario, f"twin_{name}") for scenario in reading.scenarios)
    alike = len(first) and all(np.array_equal(first, other) for other in others)
    return float(first.mean()) if alike else float("nan")
