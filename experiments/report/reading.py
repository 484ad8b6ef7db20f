"""A study as the report reads it: levels, paired differences and weekly series by name."""

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.differences import Range, over_draws, summarise, third_known
from experiments.store import held_manifest
from experiments.study import Study
from simulation.co_location import AGENCY_NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The three ranges, which are never confused, by the columns that hold their ends.
AVERAGE, AREA, WRONG = ("low", "high"), ("area_low", "area_high"), ("wrong_low", "wrong_high")


class Reading:
    """Looks up what a study holds; what it does not hold is NaN or ``None``, never an error."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.manifest: dict[str, Any] = held_manifest(study.folder)
        self.done = study.runs[study.runs["status"] == "done"]
        self.base, *self.options = study.scenarios
        #: Scenarios with at least one run that did not fail.
        self.scenarios = [name for name in study.scenarios if (self.done["scenario"] == name).any()]
        self.years = float(self.manifest["years"])
        self.start: date = study.place.timeline[0][1].start
        rows: list[dict[Any, Any]] = study.differences.to_dict("records")
        self.known = {(row["option"], row["reference"], row["outcome"]): row for row in rows}
        #: The ranges this study can tell; the third needs draws.
        self.ranges = [AVERAGE, AREA, *([WRONG] if third_known(study.differences) else [])]

    @property
    def wrong_known(self) -> bool:
        """Whether what is not known was drawn, often enough to tell."""
        return WRONG in self.ranges

    @property
    def replications(self) -> int:
        """Replications in which some scenario did not fail."""
        return int(self.done["replication"].nunique())

    @property
    def how_many(self) -> str:
        """How many replications, in words, and under how many draws."""
        under = f" under {self.draws} draws" if self.draws > 1 else ""
        return f"{self.replications} replication{'s' if self.replications != 1 else ''}{under}"

    @property
    def draws(self) -> int:
        """Draws under which some scenario did not fail; 1 where nothing is drawn."""
        return int(self.done["draw"].nunique())

    @property
    def drawn(self) -> dict[str, list[float]]:
        """Draws by key; none where the study is of the site's own values."""
        said = self.manifest.get("draw", "none")
        return {} if said == "none" else said["values"]

    def interval(self, mark: str) -> str:
        """Return what names the interval that a figure draws; nothing where one run has none."""
        return f"; {mark}: 95% interval of the average" if self.replications > 1 else ""

    @property
    def period(self) -> str:
        """The measured time in words."""
        years = "1 year" if self.years == 1 else f"{self.years:g} years"
        return f"{years} from {day(self.start)}"

    @property
    def place(self) -> str:
        """The site's name as it is written in a sentence."""
        return words(self.study.place.name).title()

    def label(self, scenario: str) -> str:
        """Return a scenario's short name: the place, or the options that change it."""
        if scenario == self.study.place.name:
            return self.place
        options = scenario.removeprefix(f"{self.study.place.name}+")
        return f"{self.place} with {options}" if scenario == self.base else options

    def runs(self, scenario: str, outcome: str) -> "NDArray[np.float64]":
        """Return an outcome of every run of a scenario, without what is not known."""
        if outcome not in self.done.columns:
            return np.empty(0)
        values = self.done.loc[self.done["scenario"] == scenario, outcome]
        return values.dropna().to_numpy(float)

    def level(self, scenario: str, outcome: str) -> float:
        """Return an outcome's mean over runs."""
        values = self.runs(scenario, outcome)
        return float(values.mean()) if len(values) else float("nan")

    def spread(self, scenario: str, outcome: str) -> Range:
        """Return an outcome's mean with its ranges."""
        if outcome not in self.done.columns:
            return summarise(np.empty(0))
        own = self.done[self.done["scenario"] == scenario].dropna(subset=[outcome])
        return summarise(own[outcome].to_numpy(float), own["draw"].to_numpy())

    def difference(self, option: str, reference: str, outcome: str) -> dict[Any, Any] | None:
        """Return a row of the differences; ``None`` where there is no pair."""
        row = self.known.get((option, reference, outcome))
        return row if row is not None and row["n"] else None

    def pairs(self, option: str, outcome: str) -> "NDArray[np.float64]":
        """Return the paired differences of an option to the base, one a pair of runs."""
        if outcome not in self.done.columns:
            return np.empty(0)
        wide = self.done.pivot(index=["draw", "replication"], columns="scenario", values=outcome)
        return (wide[option] - wide[self.base]).dropna().to_numpy(float)

    def weekly(self, scenario: str, outcome: str) -> "NDArray[np.float64] | None":
        """Return a weekly series, shape ``(runs, weeks)``, or ``(draws, weeks)`` where there are several."""
        weekly = self.study.weekly
        own = weekly[(weekly["scenario"] == scenario) & (weekly["outcome"] == outcome)]
        if not len(own):
            return None
        units = over_draws(own, ["week"], ["value"])
        index = [name for name in ("draw", "replication") if name in units]
        return units.pivot(index=index, columns="week", values="value").to_numpy(float)


def half_width(rows: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return the half-width of the 95% interval of each column's mean; NaN for one row."""
    from scipy.stats import t

    if len(rows) < 2:
        return np.full(rows.shape[1], np.nan)
    half: NDArray[np.float64] = t.ppf(0.975, len(rows) - 1) * rows.std(axis=0, ddof=1) / np.sqrt(len(rows))
    return half


def day(when: date) -> str:
    """Return a date as it is read aloud."""
    return f"{when.day} {when:%B %Y}"


def words(name: str) -> str:
    """Return a name of the files as words."""
    return AGENCY_NAMES.get(name, name.replace("_", " ").replace("-", " "))


def listed(names: list[str], last: str = "and") -> str:
    """Return names as a list in a sentence."""
    return f" {last} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
