"""A study as the report reads it: levels, paired differences and weekly series by name."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.differences import Range, summarise
from experiments.study import Study

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Reading:
    """Looks up what a study holds; what it does not hold is NaN or ``None``, never an error."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.manifest: dict[str, Any] = json.loads((study.folder / "manifest.json").read_text())
        self.done = study.runs[study.runs["status"] == "done"]
        self.base, *self.options = study.scenarios
        #: Scenarios with at least one run that did not fail.
        self.scenarios = [name for name in study.scenarios if (self.done["scenario"] == name).any()]
        self.years = float(self.manifest["years"])
        self.start: date = study.place.timeline[0][1].start
        rows: list[dict[Any, Any]] = study.differences.to_dict("records")
        self.known = {(row["option"], row["reference"], row["outcome"]): row for row in rows}

    @property
    def replications(self) -> int:
        """Replications in which some scenario did not fail."""
        return int(self.done["replication"].nunique())

    @property
    def how_many(self) -> str:
        """How many replications, in words."""
        return f"{self.replications} replication{'s' if self.replications != 1 else ''}"

    @property
    def period(self) -> str:
        """The measured time in words."""
        years = "1 year" if self.years == 1 else f"{self.years:g} years"
        return f"{years} from {day(self.start)}"

    def label(self, scenario: str) -> str:
        """Return a scenario's short name: its options, or the site."""
        return scenario if scenario == self.base else scenario.removeprefix(f"{self.study.place.name}+")

    def runs(self, scenario: str, outcome: str) -> "NDArray[np.float64]":
        """Return an outcome of every run of a scenario, without what is not known."""
        if outcome not in self.done.columns:
            return np.empty(0)
        values = self.done.loc[self.done["scenario"] == scenario, outcome]
        return values.dropna().to_numpy(float)

    def level(self, scenario: str, outcome: str) -> float:
        """Return an outcome's mean over replications."""
        values = self.runs(scenario, outcome)
        return float(values.mean()) if len(values) else float("nan")

    def spread(self, scenario: str, outcome: str) -> Range:
        """Return an outcome's mean with its ranges, for one that is a difference itself."""
        return summarise(self.runs(scenario, outcome))

    def difference(self, option: str, reference: str, outcome: str) -> dict[Any, Any] | None:
        """Return a row of the differences; ``None`` where there is no pair."""
        row = self.known.get((option, reference, outcome))
        return row if row is not None and row["n"] else None

    def pairs(self, option: str, outcome: str) -> "NDArray[np.float64]":
        """Return the paired differences of an option to the base, one a replication."""
        if outcome not in self.done.columns:
            return np.empty(0)
        wide = self.done.pivot(index="replication", columns="scenario", values=outcome)
        return (wide[option] - wide[self.base]).dropna().to_numpy(float)

    def weekly(self, scenario: str, outcome: str) -> "NDArray[np.float64] | None":
        """Return a weekly series, shape ``(replications, weeks)``."""
        weekly = self.study.weekly
        own = weekly[(weekly["scenario"] == scenario) & (weekly["outcome"] == outcome)]
        if not len(own):
            return None
        return own.pivot(index="replication", columns="week", values="value").to_numpy(float)


def day(when: date) -> str:
    """Return a date as it is read aloud."""
    return f"{when.day} {when:%B %Y}"
