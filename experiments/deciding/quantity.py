"""Quantities: an outcome of an option, or how far two options are apart in it, at every point of a study."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.differences import NET_BENEFIT
from simulation import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

#: What is asked about where nothing is named. Both are differences to the same place without IOM already.
USUAL = ("offences_averted", NET_BENEFIT)
MOST_MISSING_NAMED = 20


class MissingRowsError(Exception):
    """Runs that failed, or have no figure for an outcome: what is left would not be the design any more."""


@dataclass(frozen=True)
class Quantity:
    """An outcome of an option; with a reference, the option's figure less that of another with the same luck.

    Attributes
    ----------
    outcome, option
        As in ``runs.parquet``.
    reference
        The other option, or nothing for the outcome itself.
    """

    outcome: str
    option: str
    reference: str = ""

    def __str__(self) -> str:
        less = f" less {self.reference}" if self.reference else ""
        return f"{OUTCOMES[self.outcome].label}, {self.option}{less}"

    def of(self, runs: "pd.DataFrame") -> "NDArray[np.float64]":
        """Return the quantity at every point and replication, shape ``(points, replications)``.

        Parameters
        ----------
        runs
            The runs of a sweep.

        Raises
        ------
        MissingRowsError
            If any run failed or has no figure, naming each.
        """
        own = _matrix(runs, self.option, self.outcome)
        return own - _matrix(runs, self.reference, self.outcome) if self.reference else own


def quantities(options: Sequence[str], outcomes: Sequence[str]) -> list[Quantity]:
    """Return every outcome of every option, and every option less the first."""
    options = list(dict.fromkeys(options))
    levels = [Quantity(outcome, option) for outcome in outcomes for option in options]
    # Those selected differ between options, so that what describes them cannot be subtracted.
    pairs = [(o, option) for o in outcomes if not o.startswith("cohort_") for option in options[1:]]
    return levels + [Quantity(outcome, option, options[0]) for outcome, option in pairs]


def _matrix(runs: "pd.DataFrame", option: str, outcome: str) -> "NDArray[np.float64]":
    own = runs[runs["options"] == option]
    failed = own["status"] != "done"
    missing = own[failed | own[outcome].isna()] if outcome in own.columns else own
    if len(missing):
        raise MissingRowsError(_named(missing, len(own), option, outcome))
    wide = own.pivot(index="point", columns="replication", values=outcome)
    return wide.to_numpy(dtype=np.float64)


def _named(missing: "pd.DataFrame", of: int, option: str, outcome: str) -> str:
    """Say which runs are missing, and what to do."""
    said = [f"{outcome} of {option} is missing in {len(missing):,} of {of:,} runs, and no row may be:"]
    for _, row in missing[:MOST_MISSING_NAMED].iterrows():
        why = str(row["error"]).strip().splitlines()[-1:] if row["status"] != "done" else ["no figure"]
        said.append(f"  point {row['point']}, replication {row['replication']}: {''.join(why)}")
    if len(missing) > MOST_MISSING_NAMED:
        said.append(f"  and {len(missing) - MOST_MISSING_NAMED:,} more")
    failed = (missing["status"] != "done").any()
    said.append("the same command runs again what failed" if failed else "ask for another --outcome")
    return "\n".join(said)
