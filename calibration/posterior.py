"""The posterior: draws of what is not known, for scenarios to be run under.

A draw has two parts. *Shared behaviour* holds in every place, and is drawn wherever neither the site nor a
file says otherwise. The *local mix* belongs to one shipped site, and is drawn whole or not at all: its values
make sense together only, so that an option or a file that sets one of them keeps all of them as the site has
them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from calibration.inference import Drawn
from calibration.local_mix import NAMES
from calibration.unknowns import Unknowns
from scenarios import Problem, Scenario, ScenarioError, load
from scenarios.tree import Path, value_at

if TYPE_CHECKING:
    import pandas as pd

FILE = "posterior.parquet"
COLUMNS = ("draw", "site", "key", "value")
#: Under what name a file tells beside its table how it was made.
MADE = "made"
#: What is said of a site in the column of that name where a value holds everywhere.
EVERYWHERE = ""
#: The score below which people leave goes with the one at which they enter.
LOCAL_KEYS = (*NAMES, "cohort.exit_score")


@dataclass(frozen=True)
class Draws:
    """Values to run one site under, draw by draw.

    Attributes
    ----------
    values
        By path, one value a draw.
    local
        The shipped site whose mix is drawn too; empty where it is not.
    kept_by
        What keeps the local mix as the site has it: the keys set, empty where it is drawn.
    posterior
        Which posterior they are of: a hash of what it holds.
    """

    values: Mapping[Path, Sequence[Any]]
    local: str = ""
    kept_by: tuple[str, ...] = ()
    posterior: str = ""

    def __len__(self) -> int:
        return len(next(iter(self.values.values()), ()))

    def draw(self, number: int) -> dict[Path, Any]:
        """Return one draw; numbers beyond the last begin again."""
        return {path: column[number % len(column)] for path, column in self.values.items()}


@dataclass(frozen=True)
class Made:
    """How a posterior was made.

    Attributes
    ----------
    rows
        Rows of each site of the bank that it was fitted to, by stage.
    of
        A hash of what these rows came to and of what is published, with its discrepancies.
    finished, beyond
        Rows of all sites that were learned from, and that carried too few people or too many.
    worst_rhat, fewest_effective, diverged, sampled
        How the sampler did, as of :class:`calibration.inference.Drawn`, and how many draws it kept.
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    of: str = ""
    finished: int = 0
    beyond: int = 0
    worst_rhat: float = float("nan")
    fewest_effective: float = float("nan")
    diverged: int = 0
    sampled: int = 0


class Posterior:
    """A table of draws.

    Parameters
    ----------
    table
        One row a value: columns ``draw``, ``site`` (empty for shared behaviour), ``key`` and ``value``.

    Attributes
    ----------
    fingerprint
        A hash of what the table holds, in whatever order.
    made
        How; of nothing, where the table does not say.
    """

    def __init__(self, table: "pd.DataFrame") -> None:
        ordered = table.sort_values(["site", "key", "draw"], kind="stable")
        content = ordered[list(COLUMNS)].to_csv(index=False).encode()
        self.fingerprint = sha256(content).hexdigest()[:16]
        self.made = Made(**table.attrs.get(MADE, {}))
        self._columns: dict[str, dict[Path, list[float]]] = {}
        for (site, key), part in ordered.groupby(["site", "key"], sort=False):
            self._columns.setdefault(str(site), {})[tuple(str(key).split("."))] = part["value"].tolist()

    def draws(self, scenarios: Sequence[Scenario]) -> Draws:
        """Return the draws of a study's scenarios, which are all of one site and share each draw.

        Parameters
        ----------
        scenarios
            A site as it is and with options.
        """
        place = scenarios[0].place
        shared = {
            path: column
            for path, column in self._columns.get(EVERYWHERE, {}).items()
            if path not in place.leaves
        }
        shipped = [leaf.shipped for leaf in place.leaves.values() if leaf.shipped in self._columns]
        if not shipped:
            return Draws(_typed(shared, place.values), posterior=self.fingerprint)
        local = self._columns[shipped[0]]
        set_by_file = {path for path in local if path in place.leaves and not place.leaves[path].shipped}
        set_by_option = {
            change.path for one in scenarios for change in one.changes if change.path in local
            and any(step.verb == "value" for step in change.steps)
        }  # fmt: skip
        kept_by = tuple(sorted(".".join(path) for path in set_by_file | set_by_option))
        if kept_by:
            return Draws(_typed(shared, place.values), "", kept_by, self.fingerprint)
        return Draws(_typed(shared | local, place.values), shipped[0], (), self.fingerprint)


def _typed(columns: Mapping[Path, list[float]], values: dict[str, Any]) -> dict[Path, list[Any]]:
    """Return columns in which whole numbers are whole where the site has them so."""
    found: dict[Path, list[Any]] = {}
    for path, column in columns.items():
        whole = isinstance(value_at(values, path), int)
        found[path] = [round(value) for value in column] if whole else column
    return found


def draws_table(drawn: Drawn, unknowns: Unknowns, number: int, *, made: Made) -> "pd.DataFrame":
    """Return draws, in any order, as the table of a posterior.

    Values are those that a site file would have, rounded as there; a draw whose values cannot stand together
    is passed over for the next.

    Parameters
    ----------
    drawn
        Draws of shared behaviour and of the local mix of shipped sites.
    unknowns
        What was drawn.
    number
        How many.
    made
        How they were made, which the table tells in its attributes.
    """
    import pandas as pd

    places = {site: load(site).timeline[0][1] for site in drawn.local}
    shared = [one.key for one in unknowns.shared]
    rows: list[tuple[int, str, str, float]] = []
    # In any order, so that the first few are draws as good as all.
    kept, order = 0, np.random.default_rng(1).permutation(len(drawn.shared))
    for place in order:
        if kept == number:
            break
        try:
            trees = {
                site: unknowns.placed(
                    parameters, unknowns.centre + unknowns.spread * drawn.standard(site)[place]
                ).model_dump()
                for site, parameters in places.items()
            }
        except ValidationError:
            continue
        for site, tree in trees.items():
            rows += [(kept, site, key, float(value_at(tree, tuple(key.split("."))))) for key in LOCAL_KEYS]
        tree = next(iter(trees.values()))
        rows += [(kept, EVERYWHERE, key, float(value_at(tree, tuple(key.split("."))))) for key in shared]
        kept += 1
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table.attrs[MADE] = asdict(made)
    return table


def read_posterior(path: FilePath) -> Posterior:
    """Return the posterior of a file.

    Raises
    ------
    ScenarioError
        If it is not there, or holds something else.
    """
    import pandas as pd

    expected = "a file that iom calibrate writes"
    try:
        table = pd.read_parquet(path)
    except FileNotFoundError:
        raise ScenarioError([Problem(str(path), 0, 0, "", "there is no such file", expected)]) from None
    except (OSError, ValueError) as error:
        raise ScenarioError(
            [Problem(str(path), 0, 0, "", f"cannot be read: {str(error).splitlines()[0]}", expected)]
        ) from None
    if not set(COLUMNS) <= set(table.columns):
        found = f"has the columns {', '.join(map(str, table.columns))}"
        raise ScenarioError([Problem(str(path), 0, 0, "", found, expected)])
    return Posterior(table)


@cache
def shipped_posterior() -> Posterior | None:
    """Return the posterior that ships; nothing while none does."""
    path = files("calibration").joinpath(FILE)
    if not path.is_file():
        return None
    with as_file(path) as there:
        return read_posterior(there)
