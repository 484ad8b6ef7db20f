"""What the page shows of a finished comparison: four outcomes with their ranges, and one caution."""

from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field

from experiments.differences import TWIN
from experiments.sentences import sentences
from experiments.workshop.request import Decision, Place, Word
from scenarios import Scenario
from scenarios.exercise import GuessedOutcome
from scenarios.explain import written
from scenarios.tree import field_at, value_at
from simulation import OUTCOMES, Parameters

#: The outcomes shown, as the report's first figure has them, and those whose levels a guess can be about.
SHOWN = ("committed_offences", "contacts_made", "contact_wait_days", "iom_cost_gbp")
LEVELS: tuple[str, ...] = get_args(GuessedOutcome)
#: The difference and its three ranges; the last where it was run under draws of what is not known.
RANGES = ("mean_difference", "low", "high", "area_low", "area_high", "wrong_low", "wrong_high")


class Choice(BaseModel):
    """Options and decisions that are compared with the site as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    options: Annotated[list[Word], Field(max_length=4)] = []
    decisions: Annotated[list[Decision], Field(max_length=40)] = []


class Comparison(BaseModel):
    """A comparison that the page asks for, or many runs of one choice alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    site: Place
    choices: Annotated[list[Choice], Field(min_length=1, max_length=2)]
    alone: bool = False
    draws: bool = False
    replications: Annotated[int, Field(ge=2, le=100)] = 20
    years: Annotated[float, Field(ge=0.25, le=5)] = 2.0
    seed: Annotated[int, Field(ge=0, lt=2**53)] = 1


def changed(scenario: Scenario) -> list[list[str]]:
    """Return what a scenario changes: the key and its label, the site's value, the last one, from when."""
    values = scenario.timeline[0][1].model_dump()
    rows = []
    for change in scenario.changes:
        field = field_at(Parameters, change.path)
        steps = [step for step in change.steps if step.since]
        old, new = value_at(values, change.path), scenario.provenance[change.key].value
        label = f"{change.key}: {field.title}" if field is not None else change.key
        rows.append([label, written(old), written(new), ", ".join(f"{step.since}" for step in steps)])
    return rows


def compared(folder: Path) -> dict[str, Any]:
    """Return a finished study as JSON values.

    Returns
    -------
    dict
        ``scenarios``; ``outcomes``, for each choice the paired difference with its ranges and every
        replication's; ``weekly``, the proven offences of every run; ``said``, the command line's sentences.
    """
    import pandas as pd

    runs = pd.read_parquet(folder / "runs.parquet")
    differences = pd.read_csv(folder / "differences.csv")
    weekly = pd.read_parquet(folder / "weekly.parquet")
    done = runs[runs["status"] == "done"]
    scenarios = list(dict.fromkeys(runs["scenario"]))
    return {
        "scenarios": scenarios,
        "replications": int(done["replication"].nunique()),
        "outcomes": [_outcome(name, scenarios, done, differences) for name in SHOWN],
        "levels": {
            name: {scenario: done.loc[done["scenario"] == scenario, name].tolist() for scenario in scenarios}
            for name in LEVELS
        },
        "weekly": {name: _weekly(weekly, name, "proven_offences") for name in scenarios},
        "said": sentences(runs, differences, scenarios),
        "before_after": _before_after(done, scenarios),
    }


def _outcome(name: str, scenarios: list[str], done: Any, differences: Any) -> dict[str, Any]:
    outcome, base = OUTCOMES[name], scenarios[0]
    wide = done.pivot(index="replication", columns="scenario", values=name)
    choices = []
    for option in scenarios[1:]:
        rows = differences[
            (differences["outcome"] == name)
            & (differences["option"] == option)
            & (differences["reference"] == base)
        ]
        if not len(rows):
            continue
        row = rows.iloc[0]
        told = {key: _number(row[key]) for key in RANGES}
        pairs = (wide[option] - wide[base]).dropna().tolist()
        choices.append({"scenario": option, "pairs": pairs, **told})
    about = {"name": name, "label": outcome.label, "unit": outcome.unit, "better": outcome.better}
    return {**about, "base": _number(wide[base].mean()), "choices": choices}


def _weekly(weekly: Any, scenario: str, outcome: str) -> list[list[float]]:
    own = weekly[(weekly["scenario"] == scenario) & (weekly["outcome"] == outcome)]
    wide = own.pivot(index="replication", columns="week", values="value")
    return [[_number(value) or 0 for value in row] for row in wide.to_numpy(float)]


def _before_after(done: Any, scenarios: list[str]) -> list[dict[str, Any]]:
    """Return the change that a before-and-after count would have published, with IOM and without any."""
    told = []
    for name in scenarios:
        own = done[done["scenario"] == name]
        with_iom, without = own["before_after_change"].mean(), own["twin_before_after_change"].mean()
        told.append({"scenario": name, "published": _number(with_iom), TWIN: _number(without)})
    return told


def _number(value: Any) -> float | None:
    """Return a number that JSON can hold; ``None`` for one that is not known."""
    found = float(value)
    return round(found, 4) if found == found else None
