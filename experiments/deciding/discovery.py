"""Discovery: under which conditions an option fails, which one is robust, and what knowing would be worth."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.deciding.box import Box, best, peel
from experiments.deciding.quantity import Quantity
from experiments.deciding.regret import information, regrets
from experiments.deciding.sample import Sample, read
from experiments.deciding.tree import Tree, grow
from experiments.differences import NET_BENEFIT
from experiments.files import StoreError, write_bytes
from simulation import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

CONDITIONS, REGRET, INFORMATION = "conditions.csv", "regret.csv", "information.csv"


@dataclass
class Discovery:
    """What was found in a sample.

    Attributes
    ----------
    quantity, threshold
        What was asked: where the quantity does not reach the threshold.
    values, fails
        The quantity at every point, and where it falls short, shape ``(points,)``.
    path, box
        The peeling, and the box it came to; no box where it never fails or always does.
    tree
        The same as questions; none where there is no box.
    regret, worth
        A row an alternative, and a row a factor; none where there is one alternative only.
    """

    folder: Path
    sample: Sample
    quantity: Quantity
    threshold: float
    values: "NDArray[np.float64]"
    fails: "NDArray[np.bool_]"
    path: list[Box]
    box: Box | None
    tree: Tree | None
    regret: "pd.DataFrame | None"
    worth: "pd.DataFrame | None"


def discover(
    folder: Path | str, *, outcome: str = NET_BENEFIT, option: str = "", reference: str = "",
    threshold: float = 0.0,
) -> Discovery:  # fmt: skip
    """Find the conditions under which an option falls short, and write the tables beside its runs.

    Parameters
    ----------
    folder
        A sweep's, of a sample or grid of what is uncertain.
    outcome
        One that is better when it is more or when it is less.
    option, reference
        The option asked about, by default the study's last; and another one to subtract.
    threshold
        It falls short below this where more is better, and above it where less is.

    Raises
    ------
    experiments.files.StoreError
        If the folder holds no finished sweep, or the option is not of it.
    MissingRowsError
        If runs failed or have no figure, naming each.
    """
    folder = Path(folder)
    sample = read(folder)
    quantity = Quantity(outcome, option or sample.options[-1], reference)
    for name in filter(None, (quantity.option, reference)):
        if name not in sample.options:
            raise StoreError(
                f"{name!r} is no option of {folder}; expected one of {', '.join(sample.options)}"
            )
    if not OUTCOMES[outcome].better:
        raise StoreError(f"{outcome} is neither better when more nor when less; expected one that is")
    sign = 1 if OUTCOMES[outcome].better == "more" else -1
    values = sample.means(quantity)
    fails = sign * values < sign * threshold
    path, box, tree = [], None, None
    if 0 < fails.sum() < len(fails):
        path = peel(sample.factors, fails)
        box, tree = best(sample.factors, fails, path), grow(sample.factors, fails)
    payoffs = sample.payoffs(outcome)
    regret = worth = None
    if payoffs.shape[1] > 1:
        states = sample.states()
        regret = regrets(payoffs.groupby(level=0, sort=False).mean(), sign, threshold)
        worth = information(payoffs, states, sign) if len(states.columns) and len(states) > 1 else None
    found = Discovery(folder, sample, quantity, threshold, values, fails, path, box, tree, regret, worth)
    _write(found)
    return found


def files(found: Discovery) -> list[str]:
    """Return the names of the tables that were written."""
    there = {CONDITIONS: found.box, REGRET: found.regret, INFORMATION: found.worth}
    return [name for name, table in there.items() if table is not None]


def _write(found: Discovery) -> None:
    tables = {CONDITIONS: _conditions(found), REGRET: found.regret, INFORMATION: found.worth}
    for name in files(found):
        table = tables[name]
        assert table is not None
        write_bytes(found.folder / name, table.to_csv(index=False, float_format="%.6g").encode())


def _conditions(found: Discovery) -> "pd.DataFrame":
    import pandas as pd

    rows = [("box", str(box), box.inside, box.hits) for box in (found.box,) if box]
    rows += [
        ("tree", str(leaf), leaf.inside, leaf.hits) for leaf in (found.tree.leaves if found.tree else ())
    ]
    table = pd.DataFrame(rows, columns=["found_by", "conditions", "points", "falls_short"])
    return table.assign(
        share=table["falls_short"] / table["points"], coverage=table["falls_short"] / int(found.fails.sum())
    )
