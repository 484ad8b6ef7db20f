"""The bank: runs to the census under drawn parameters, which every fit and every check draws on.

A row is a site, a stage and a number, which decide its parameters, so that a bank is made in any order, on
any number of machines, and goes on where it stopped. Its luck is that of its number. Rows of the stage
``prior`` are drawn from the prior. Rows of the stage ``near`` have a local mix near that of the site's file,
and rows of a round are draws of the fit to all rows before, where a fit needs the figures best. What is
learned from rows is how figures follow from parameters, not where parameters lie, so that rows may lie
anywhere. Rows of the stage ``held`` are drawn from the prior too, with luck of their own, and nothing is
learned from them: they are truths for checks.
"""

import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self
from zlib import crc32

import numpy as np
from pydantic import ValidationError

from calibration.census import BeyondError, at_census
from calibration.local_mix import SPREAD as LOCAL_SPREAD
from calibration.local_mix import Floats
from calibration.unknowns import Unknowns
from scenarios import load
from simulation import Parameters, Result

if TYPE_CHECKING:
    import pandas as pd

PRIOR, NEAR, ROUND, HELD = "prior", "near", "round", "held"
#: How far the stage near a site's file scatters, in the spreads of the local mix.
SCATTER = 0.45
#: A partnership carries no fewer people and no more; a draw that would is no draw of the prior.
FEWEST, MOST = 25, 1500
ROWS_A_TASK = 16
#: The luck of the first truth: none that a row had which anything is learned from.
FIRST_LUCK_HELD = 2_000_000
#: What a row says that is neither a parameter nor a figure.
HEAD = ("site", "stage", "number", "status", "error")
DONE, BEYOND, FAILED = "done", "beyond", "failed"


class Row(NamedTuple):
    """One run of the bank."""

    site: str
    stage: str
    number: int

    @property
    def name(self) -> str:
        """Its name, as in ``bristol/prior/000012``."""
        return f"{self.site}/{self.stage}/{self.number:06d}"

    @classmethod
    def named(cls, name: str) -> Self:
        """Return the row of a name."""
        site, stage, number = name.split("/")
        return cls(site, stage, int(number))


#: Parameters of the rows of rounds on their scales, by stage and site, each of shape ``(rows, unknowns)``.
Rounds = Mapping[str, Mapping[str, Floats]]


def point(unknowns: Unknowns, row: Row, site: Parameters, seed: int, rounds: Rounds | None = None) -> Floats:
    """Return a row's parameters on their scales, shape ``(unknowns,)``."""
    if row.stage.startswith(ROUND):
        of_round = (rounds or {})[row.stage][row.site]
        return np.array(of_round[row.number % len(of_round)], dtype=float)
    luck = np.random.default_rng([seed, crc32(row.stage.encode()), crc32(row.site.encode()), row.number])
    drawn = unknowns.prior(luck.random(len(unknowns)).clip(1e-4, 1 - 1e-4))
    if row.stage == NEAR:
        local = unknowns.local_of(site) + SCATTER * LOCAL_SPREAD * luck.standard_normal(len(LOCAL_SPREAD))
        drawn[-len(local) :] = local
    return drawn


class HasRows(Protocol):
    """Some rows to run, as a runner sends them: their names."""

    @property
    def scenarios(self) -> Sequence[str]:
        """Names of rows."""
        ...


@dataclass(frozen=True)
class BankJob:
    """What a worker needs to run rows: the sites as they were, and the seed.

    Called with some rows it returns one result a row, with parameters and figures as outcomes; a draw that
    carries too few or too many people has none, and ``error`` begins with ``beyond``.
    """

    sites: dict[str, Parameters]
    seed: int
    rounds: Rounds = field(default_factory=dict)

    @classmethod
    def of(cls, sites: Iterable[str], seed: int, rounds: Rounds | None = None) -> Self:
        """Return the job for shipped sites."""
        return cls({site: load(site).timeline[0][1] for site in sites}, seed, rounds or {})

    def __call__(self, task: HasRows) -> list[Result]:
        """Return one result a row."""
        return [self.run(Row.named(name)) for name in task.scenarios]

    def only(self, task: HasRows) -> Self:
        """Return the job with no more than some rows need."""
        wanted = {Row.named(name).site for name in task.scenarios}
        return replace(self, sites={site: self.sites[site] for site in wanted})

    def run(self, row: Row) -> Result:
        """Run one row."""
        unknowns, site = Unknowns(), self.sites[row.site]
        drawn = point(unknowns, row, site, self.seed, self.rounds)
        try:
            parameters = unknowns.placed(site, drawn)
            luck = row.number + (FIRST_LUCK_HELD if row.stage == HELD else 0)
            figures = at_census(parameters, luck, fewest=FEWEST, most=MOST)
        except (BeyondError, ValidationError) as error:
            return Result(row.name, error=f"{BEYOND}: {str(error).splitlines()[0]}")
        except Exception:
            return Result(row.name, error=traceback.format_exc(limit=3))
        # As rounded in the file's own units, which is what was run.
        drawn[-len(LOCAL_SPREAD) :] = unknowns.local_of(parameters)
        return Result(row.name, dict(zip(unknowns.names, drawn.tolist(), strict=True)) | figures)


def table(results: Iterable[Result]) -> "pd.DataFrame":
    """Return results as rows of a bank."""
    import pandas as pd

    rows = []
    for result in results:
        status = DONE if not result.error else BEYOND if result.error.startswith(BEYOND) else FAILED
        rows.append({**Row.named(result.scenario)._asdict(), "status": status, "error": result.error}
                    | result.outcomes)  # fmt: skip
    return pd.DataFrame(rows)
