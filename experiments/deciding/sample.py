"""Samples: what a sweep found at every point of its factors, read from its folder."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.deciding.quantity import Quantity
from experiments.files import StoreError
from experiments.store import held_manifest
from scenarios.tree import about, field_at
from simulation import Parameters

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

#: Points below which nothing is looked for.
FEWEST_POINTS = 16
#: Designs of :func:`experiments.deciding.sensitivity`: their points are not drawn independently.
HANGING_TOGETHER = ("morris", "saltelli")
_LABELS = ("options", "point")


@dataclass(frozen=True)
class Sample:
    """A sweep as read: its runs, and its factors in order.

    Attributes
    ----------
    runs
        As in ``runs.parquet``.
    factors
        A row a point and a column a factor, by number of point.
    design, title, site
        As the study says.
    """

    runs: "pd.DataFrame"
    factors: "pd.DataFrame"
    design: str
    title: str
    site: str

    @property
    def options(self) -> list[str]:
        """The options, in the order of the study."""
        return list(dict.fromkeys(self.runs["options"]))

    @cached_property
    def levers(self) -> list[str]:
        """Factors that the partnership decides, crossed with the others and not sampled with them."""
        if self.design != "grid":
            return []
        fields = {key: field_at(Parameters, tuple(key.split("."))) for key in self.factors.columns}
        return [key for key, field in fields.items() if field is not None and about(field)["role"] == "lever"]

    def means(self, quantity: Quantity) -> "NDArray[np.float64]":
        """Return a quantity at every point, the mean of its replications.

        Raises
        ------
        MissingRowsError
            If any run failed or has no figure.
        """
        means: NDArray[np.float64] = quantity.of(self.runs).mean(axis=1)
        return means

    def payoffs(self, outcome: str) -> "pd.DataFrame":
        """Return an outcome by state of the world and alternative, and replication below each.

        A state is a point, or what remains of one without the levers; an alternative is an option, with
        levers where a grid crosses them.

        Returns
        -------
        pandas.DataFrame
            Indexed by state and replication, a column an alternative.
        """
        import pandas as pd

        alternatives = self._alternatives()
        columns = {}
        for option in self.options:
            values = Quantity(outcome, option).of(self.runs)
            for words in dict.fromkeys(alternatives):
                # A grid crosses them, so that every alternative meets the same states in the same order.
                here = np.array([own == words for own in alternatives])
                columns[", ".join(filter(None, (option, words)))] = values[here].ravel()
        states = len(self.factors) // len(set(alternatives))
        index = pd.MultiIndex.from_product([range(states), range(values.shape[1])])
        return pd.DataFrame(columns, index=index)

    def _alternatives(self) -> list[str]:
        """Return what the levers of each point are, in words."""
        rows = self.factors[self.levers].to_dict("records")
        return [", ".join(f"{str(key).split('.')[-1]} {value}" for key, value in row.items()) for row in rows]

    def states(self) -> "pd.DataFrame":
        """Return the uncertain factors of each state, in the order of :meth:`payoffs`."""
        uncertain = self.factors.drop(columns=self.levers)
        return uncertain.drop_duplicates(ignore_index=True) if self.levers else uncertain


def read(folder: Path, *, curves: bool = False) -> Sample:
    """Return the sample that a sweep's folder holds.

    Parameters
    ----------
    folder
        Of the sweep.
    curves
        Whether curves are looked at, for which few points will do, and draws: all points of a replication
        share one, so that it keeps their shape. They hide which factor decides.

    Raises
    ------
    experiments.files.StoreError
        If there is no finished sweep in it, or one of too few points or under draws.
    """
    import pandas as pd

    manifest = held_manifest(folder)
    points, study = manifest.get("points"), manifest.get("study")
    if not points or not study:
        raise StoreError(f"{folder} holds no study of points; expected the folder of an iom sweep")
    if "finished" not in manifest or not (folder / "runs.parquet").is_file():
        raise StoreError(f"{folder} holds a study that is not finished; run the same iom sweep to its end")
    if manifest.get("draw", "none") != "none" and not curves:
        raise StoreError(
            f"{folder} was run under draws, which hide what its factors do; expected the same iom sweep with "
            "--draw none and another --out"
        )
    if study["design"] in HANGING_TOGETHER and not curves:
        raise StoreError(
            f"{folder} was drawn by the design {study['design']}, whose points hang together; expected a "
            "sweep of the design grid, sobol or latin_hypercube"
        )
    runs = pd.read_parquet(folder / "runs.parquet")
    told = next(iter(points.values()))
    keys = [name for name in runs.columns if name in told and name not in _LABELS]
    factors = runs.drop_duplicates("point").set_index("point").sort_index()[keys]
    if len(factors) < FEWEST_POINTS and not curves:
        raise StoreError(
            f"{folder} holds {len(factors)} points; expected {FEWEST_POINTS} or more to say what decides"
        )
    return Sample(runs, factors, str(study["design"]), str(study["title"]), str(runs["site"].iloc[0]))
