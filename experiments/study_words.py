"""What a study says: a row a point, and which points cannot be told apart."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.differences import NET_BENEFIT, TWIN, Done, Range, summarise
from experiments.plan import MAIN_OUTCOME
from experiments.sentences import caveat, few
from experiments.words import number, span, widest
from simulation import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from experiments.study import Study

#: More rows than this are for a file, not for a screen.
MOST_ROWS = 60
#: Of more factors than this a screen shows the number of the point, and runs.parquet the values.
MOST_FACTORS = 4
SHOWN = (MAIN_OUTCOME, NET_BENEFIT)
LABELS = ("offences", "net, £")
_WORDS = {MAIN_OUTCOME: "offences", NET_BENEFIT: "pounds of net benefit"}


def factors_of(study: "Study") -> list[str]:
    """Return the keys of a study's factors."""
    return list(study.points[0].factors)


def figures(study: "Study") -> "pd.DataFrame":
    """Return what the table says as numbers: a row a point and outcome, differences to no IOM.

    In a grid each row is compared, run by run, with the point that differs in the first factor alone and has
    its first value: ``to_first`` and the 95% interval of its average.
    """
    rows = study.differences
    rows = rows[(rows["reference"] == TWIN) & rows["outcome"].isin(SHOWN)]
    columns = ["options", *factors_of(study), "outcome", "mean_difference", "low", "high", "n"]
    found = rows[columns]
    first = first_of(study)
    if first:
        done = Done(study.runs)
        steps = [
            step(done, str(name), first[str(name)], str(outcome))
            for name, outcome in zip(rows["option"], rows["outcome"], strict=True)
        ]
        found = found.assign(
            to_first=[one.mean for one in steps],
            to_first_low=[one.low for one in steps],
            to_first_high=[one.high for one in steps],
        )
    return found.sort_values(["outcome", "options"], kind="stable").round(2)


def first_of(study: "Study") -> dict[str, str]:
    """Return for each scenario of a grid the one like it that has the first factor's first value."""
    if study.design != "grid":
        return {}
    _, *rest = factors_of(study)
    firsts: dict[tuple[Any, ...], str] = {}
    found = {}
    for point in study.points:
        like = (point.option, *(point.labels[other] for other in rest))
        found[point.scenario.name] = firsts.setdefault(like, point.scenario.name)
    return found if len(firsts) < len(study.points) else {}


def step(done: Done, scenario: str, first: str, outcome: str) -> Range:
    """Return what a scenario brings over another with the same luck, with its ranges."""
    pairs = done.to_scenario(scenario, first, outcome) if scenario in done else None
    return summarise(*(pairs if pairs is not None else (np.empty(0), np.empty(0))))


def table(study: "Study") -> "Table":
    """Return every point against no IOM: mean paired differences, 95% interval of the average."""
    from rich import box
    from rich.table import Table

    site = study.place.name
    title = f"{site}: every point against the same place without IOM (the average)"
    shown = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("option", overflow="fold")
    wide = len(factors_of(study)) > MOST_FACTORS
    for name in ["point"] if wide else [key.split(".")[-1] for key in factors_of(study)]:
        shown.add_column(name, overflow="fold")
    for label in LABELS:
        shown.add_column(label, justify="right", no_wrap=True)
    against = study.differences[study.differences["reference"] == TWIN].set_index(["option", "outcome"])
    options = list(dict.fromkeys(point.option for point in study.points))
    for point in sorted(study.points, key=lambda point: options.index(point.option))[:MOST_ROWS]:
        cells = []
        for outcome in SHOWN:
            place = (point.scenario.name, outcome)
            row: Any = against.loc[place] if place in against.index else None
            cells.append(
                "-"
                if row is None
                else span(
                    row,
                    OUTCOMES[outcome].unit,
                    "low",
                    "high",
                    widest(row, ("mean_difference", "low", "high")),
                )
            )
        values = [point.number] if wide else point.labels.values()
        shown.add_row(point.option, *map(_said, values), *cells)
    if len(study.points) > MOST_ROWS:
        shown.caption = f"and {len(study.points) - MOST_ROWS:,} more: differences.csv"
    return shown


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:,.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def sentences(study: "Study") -> list[str]:
    """Return what was found, in sentences that claim no more than the intervals allow."""
    done = Done(study.runs)
    said = [text for text in [few(study.runs, study.scenarios[0])] if text]
    if len(factors_of(study)) == 1 and len(study.points) > 1:
        options = list(dict.fromkeys(point.option for point in study.points))
        for option in options:
            said += _best(study, done, option)
            said += _whole_way(study, done, option)
        for option in options[1:]:
            said += _against(study, option, options[0])
        said.append("Values are compared one by one; among many, some differ by luck alone.")
    return [*said, caveat(study.runs, study.differences)]


def _best(study: "Study", done: Done, option: str) -> Iterator[str]:
    """Say at which value of the one factor an option does best, and which values do as well."""
    (key,) = factors_of(study)
    own = [p for p in study.points if p.option == option and p.scenario.name in done]
    for outcome, words in ((MAIN_OUTCOME, "fewest offences"), (NET_BENEFIT, "best in money")):
        sign = -1 if OUTCOMES[outcome].better == "less" else 1
        found = [
            (point, done.to_twin(point.scenario.name, outcome)) for point in own if outcome in done.outcomes
        ]
        ranges = [(point, summarise(*pairs)) for point, pairs in found if pairs is not None]
        means = [(point, range_) for point, range_ in ranges if range_.n > 1]
        if len(means) < 2:
            continue
        best, range_ = max(means, key=lambda entry: sign * entry[1].mean)
        like = []
        for point, _ in means:
            pairs = done.to_scenario(point.scenario.name, best.scenario.name, outcome)
            apart = summarise(*pairs) if pairs is not None and point is not best else None
            if apart is not None and not (apart.low > 0 or apart.high < 0):
                like.append(_said(point.factors[key]))
        unit = OUTCOMES[outcome].unit
        low, high = (
            number(end, unit, signed=True, like=abs(range_.mean)) for end in (range_.low, range_.high)
        )
        same = f"{_listed(like)} cannot be told from it" if like else "every other value does worse"
        yield (
            f"{option}: {words} at {key} {_said(best.factors[key])} ({low} to {high} against no IOM); {same} "
            "with these replications."
        )


def _whole_way(study: "Study", done: Done, option: str) -> Iterator[str]:
    """Say what the one factor's last value brings over its first, with the same luck."""
    (key,) = factors_of(study)
    own = [point for point in study.points if point.option == option]
    if not first_of(study):
        return
    found = [(it, step(done, own[-1].scenario.name, own[0].scenario.name, it)) for it in SHOWN]
    told = []
    for name, one in found:
        unit = OUTCOMES[name].unit
        like = max(abs(one.mean), abs(one.low), abs(one.high))
        if one.n > 1:
            between = span(one._asdict(), unit, "low", "high", like)
            told.append(f"{number(one.mean, unit, signed=True, like=like)} {_WORDS[name]} ({between})")
    if told:
        ends = f"from {_said(own[0].labels[key])} to {_said(own[-1].labels[key])}"
        yield f"{option}: {key} {ends}, run by run: {_listed(told)}."


def _against(study: "Study", option: str, base: str) -> Iterator[str]:
    """Say at which values an option differs clearly from the first one in offences."""
    (key,) = factors_of(study)
    rows = study.differences[study.differences["outcome"] == MAIN_OUTCOME].set_index(["option", "reference"])
    first = {point.number: point.scenario.name for point in study.points if point.option == base}
    fewer: list[str] = []
    more: list[str] = []
    for point in study.points:
        place = (point.scenario.name, first.get(point.number, ""))
        if point.option == option and place in rows.index:
            row: Any = rows.loc[place]
            (fewer if row["high"] < 0 else more if row["low"] > 0 else []).append(_said(point.factors[key]))
    told = [
        f"{word} offences at {_listed(where)}" for word, where in (("fewer", fewer), ("more", more)) if where
    ]
    yield f"{option} against {base}, {key} alike: {' and '.join(told) or 'no clear difference in offences'}."


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
