"""The posterior's own forecast of the census: the model run under its draws, not the emulator."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np

from calibration.bank import HasRows
from calibration.census import at_census
from calibration.figures import (
    FIGURES,
    NINE_IN_TEN,
    discrepancy,
    observed,
    on_scale,
    plain,
    throughput_target,
)
from calibration.posterior import Posterior
from calibration.published import QUICK_EXITS, SITES
from scenarios import Scenario, load
from simulation import Result

if TYPE_CHECKING:
    import pandas as pd

#: What still counts as a match: the stock within 5%, shares within 3 points, other figures within 5% or
#: inside the range in which the figure itself lies in nine cases of ten.
STOCK, POINTS, MEANS = 0.05, 3.0, 0.05
#: The luck of the first run: none that a row of the bank had, which the draws were fitted to.
FIRST_LUCK = 1_000_000


@dataclass(frozen=True)
class PredictiveJob:
    """What a worker needs to run shipped sites under draws.

    Called with names as ``bristol/000012`` it returns one result a name: the figures at the census of the
    site under the twelfth draw, with a luck that no run of the bank had.
    """

    scenarios: dict[str, Scenario]
    posterior: Posterior

    @classmethod
    def of(cls, sites: Iterable[str], posterior: Posterior) -> Self:
        """Return the job for shipped sites."""
        return cls({site: load(site) for site in sites}, posterior)

    def __call__(self, task: HasRows) -> list[Result]:
        """Return one result a name."""
        return [self._run(name) for name in task.scenarios]

    def only(self, task: HasRows) -> Self:
        """Return the job with no more than some names need."""
        wanted = {name.split("/")[0] for name in task.scenarios}
        return replace(self, scenarios={site: self.scenarios[site] for site in wanted})

    def _run(self, name: str) -> Result:
        site, number = name.split("/")
        scenario = self.scenarios[site]
        timeline = scenario.drawn(self.posterior.draws([scenario]).draw(int(number)))
        return Result(name, at_census(timeline[0][1], FIRST_LUCK + int(number)))


def table(results: Sequence[Result]) -> "pd.DataFrame":
    """Return results as rows: site, draw and figures."""
    import pandas as pd

    named = [(result.scenario.split("/"), result.outcomes) for result in results if not result.error]
    return pd.DataFrame([{"site": site, "draw": int(number)} | of for (site, number), of in named])


def matches(forecast: "pd.DataFrame") -> "pd.DataFrame":
    """Return every target beside the posterior's forecast, and whether the mean is within its bar.

    Told are the mean, its standard error, as so many runs know it, and the range of nine runs in ten.

    Parameters
    ----------
    forecast
        As of :func:`table`.
    """
    import pandas as pd

    rows = []
    for site in sorted(forecast["site"].unique()):
        here = forecast[forecast["site"] == site]
        figures = plain(on_scale(here))
        published, off = plain(observed(site)), discrepancy(site, alone=True)
        low, high = np.quantile(figures, [0.05, 0.95], axis=0)
        sources = {target.name: target.source for target in (*SITES[site], throughput_target(site))}
        for place, name in enumerate(FIGURES):
            mean, wanted = float(figures[:, place].mean()), float(published[place])
            apart = abs(mean - wanted)
            if name in ("statutory", "ppo"):
                met = apart <= POINTS
            elif name == "caseload":
                met = apart <= STOCK * wanted
            else:
                met = abs(np.log(mean / wanted)) <= max(np.log1p(MEANS), NINE_IN_TEN * off[place])
            error = float(figures[:, place].std(ddof=1) / np.sqrt(len(figures)))
            told = (wanted, mean, error, float(low[place]), float(high[place]))
            rows.append((site, name, sources[name], *told, "yes" if met else "no"))
    columns = ["site", "figure", "source", "published", "model", "error", "low", "high", "within"]
    return pd.DataFrame(rows, columns=columns)


def quick_exits(forecast: "pd.DataFrame") -> "pd.DataFrame":
    """Return the cells of Table 3.1, which are fitted to nothing, as the posterior foresees them."""
    import pandas as pd

    rows = []
    for site in sorted(forecast["site"].unique()):
        here = forecast[forecast["site"] == site]
        for cell, target in QUICK_EXITS.items():
            came, left = here[f"came_{cell}"].to_numpy(), here[f"left_{cell}"].to_numpy()
            shares = 100 * left[came > 0] / came[came > 0]
            if not len(shares):
                continue
            low, high = np.quantile(shares, [0.05, 0.95])
            pooled = 100 * left.sum() / came.sum()
            told = (target.value, pooled, low, high, came.mean())
            rows.append((site, cell, target.source, *map(float, told)))
    return pd.DataFrame(
        rows, columns=["site", "cell", "source", "published", "model", "low", "high", "people"]
    )
