"""Accounts: a scenario's money, run by run, as a finished study holds it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.deciding.quantity import MissingRowsError
from experiments.files import StoreError
from experiments.store import held_manifest
from simulation.costs import Costs
from simulation.ledger import SAVERS
from simulation.prices import PRICE_YEAR, at_prices_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

#: Savers whose loss is crime itself, which somebody else may commit instead.
OF_CRIME = ("victims", "police")
#: Outcomes that an account is made of.
COLUMNS = (
    "iom_cost_gbp", "ordinary_cost_gbp", "offences_averted", "ever_managed", "twin_committed_offences",
    "twin_crime_cost_gbp", "twin_police_hours", "net_benefit_gbp", "net_present_value_gbp",
    *(f"saved_by_{saver}_gbp" for saver in SAVERS),
)  # fmt: skip


@dataclass(frozen=True)
class Account:
    """A scenario's money against the same place without IOM; arrays hold a value a run, shape ``(n,)``.

    Attributes
    ----------
    scenario, costs
        Its name, and the prices it was reckoned at.
    spent, replaced
        Cost of the partnership, and of the ordinary supervision that it stands in for, pounds.
    saved
        By saver, pounds; below zero where it costs them more.
    at_stake
        What the crime of the same place without IOM costs victims and police, pounds.
    present
        Net present value, pounds.
    averted, committed, managed
        Offences averted, offences committed without IOM, people ever managed.
    draws
        The draw of what is not known that each run is under; ``None`` where nothing is drawn.
    """

    scenario: str
    costs: Costs
    spent: "NDArray[np.float64]"
    replaced: "NDArray[np.float64]"
    saved: "dict[str, NDArray[np.float64]]"
    at_stake: "NDArray[np.float64]"
    present: "NDArray[np.float64]"
    averted: "NDArray[np.float64]"
    committed: "NDArray[np.float64]"
    managed: "NDArray[np.float64]"
    draws: "NDArray[np.int64] | None" = None

    @property
    def drawn(self) -> int:
        """Number of draws that runs are under; 0 where they differ by luck alone."""
        several = 0 if self.draws is None else len(np.unique(self.draws))
        return several if several > 1 else 0

    @property
    def beyond(self) -> "NDArray[np.float64]":
        """Cost beyond ordinary supervision, pounds."""
        return self.spent - self.replaced

    @property
    def of_crime(self) -> "NDArray[np.float64]":
        """What victims and police save, pounds."""
        return np.asarray(sum(self.saved[saver] for saver in OF_CRIME))

    @property
    def net(self) -> "NDArray[np.float64]":
        """Net benefit, pounds."""
        return np.asarray(sum(self.saved.values())) - self.beyond

    def replacing(self, share: float) -> "NDArray[np.float64]":
        """Return the net benefit were a share of the offences averted committed by somebody else.

        Raises
        ------
        ValueError
            If all offences were replaced already, so that nothing tells what they would have saved.
        """
        stays = 1 - self.costs.replacement_share
        if not stays:
            raise ValueError("costs.replacement_share is 1 here; expected less to tell another share's money")
        return self.net + ((1 - share) / stays - 1) * self.of_crime


def accounts(folder: Path | str, prices: str = PRICE_YEAR) -> list[Account]:
    """Return the account of every scenario of a study.

    Parameters
    ----------
    folder
        Of a finished run, comparison or sweep.
    prices
        Financial year in whose prices to tell it, such as ``"2009-10"``.

    Raises
    ------
    experiments.files.StoreError
        If the folder holds no finished study, or one from before there was a ledger.
    MissingRowsError
        If runs failed, naming each scenario.
    ValueError
        If no price level is known for the year.
    """
    import pandas as pd

    folder = Path(folder)
    manifest = held_manifest(folder)
    if "finished" not in manifest or not (folder / "runs.parquet").is_file():
        if not folder.is_dir():
            raise StoreError(f"there is no folder {folder}; expected one that a command has filled")
        raise StoreError(f"{folder} holds no finished study; run the same command to its end")
    runs = pd.read_parquet(folder / "runs.parquet")
    lacking = [name for name in COLUMNS if name not in runs.columns]
    if lacking:
        raise StoreError(
            f"{folder} has no {', '.join(lacking)}; expected a study of this version: run it anew"
        )
    failed = runs.loc[runs["status"] != "done", "scenario"].unique()
    if len(failed):
        raise MissingRowsError(f"runs failed: {', '.join(failed)}; the same command runs them again")
    scale = at_prices_of(prices, 1.0)
    costs = {name: entries[-1]["parameters"]["costs"] for name, entries in manifest["scenarios"].items()}
    return [
        account(str(scenario), Costs.model_validate(costs[str(scenario)]), own, scale)
        for scenario, own in runs.groupby("scenario", sort=False)
    ]


def account(scenario: str, costs: Costs, runs: "pd.DataFrame", scale: float = 1.0) -> Account:
    """Return a scenario's account from its runs, which have :data:`COLUMNS`; pounds times a scale."""

    def of(name: str, times: float = 1.0) -> "NDArray[np.float64]":
        return runs[name].to_numpy(float) * times

    victims = costs.crime_price_ratio * (1 - costs.crime_response_share)
    crime = of("twin_crime_cost_gbp") * victims + of("twin_police_hours") * costs.police_hour_gbp
    return Account(
        scenario, costs, of("iom_cost_gbp", scale), of("ordinary_cost_gbp", scale),
        {saver: of(f"saved_by_{saver}_gbp", scale) for saver in SAVERS},
        crime * (1 - costs.replacement_share) * scale, of("net_present_value_gbp", scale),
        of("offences_averted"), of("twin_committed_offences"), of("ever_managed"),
        runs["draw"].to_numpy(np.int64) if "draw" in runs else None,
    )  # fmt: skip
