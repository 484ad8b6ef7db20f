"""How a study is run."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenarios.study import Draw

#: The outcome whose precision is asked for where none is named.
MAIN_OUTCOME = "committed_offences"
#: What is meant where neither the plan nor a study's file says it.
REPLICATIONS, YEARS = 20, 2.0


@dataclass(frozen=True)
class Plan:
    """How a study is run.

    Attributes
    ----------
    replications
        How many; with ``precision``, how many to begin with. ``None`` for what the study's file says, or 20.
    precision
        Relative half-width to reach: for each of ``outcomes``, that of every scenario's mean difference
        over the level of the outcome in the first scenario. ``None`` runs the replications and no more.
    budget
        Replications at most when a precision is asked for.
    years
        Years measured; ``None`` for what the study's file says, or 2.
    seed
        The study's seed.
    workers
        Processes; ``None`` for one a core. More than one are fresh processes that import the caller's
        script, which needs its ``if __name__ == "__main__":``.
    events
        Whether to keep event logs.
    outcomes
        The outcomes that ``precision`` is about.
    scheduler
        Address of a Dask scheduler, whose workers run the tasks.
    draw
        ``posterior`` runs replications under draws of what is not known, two under each, ``none`` all on
        the site's own values. ``None`` for what the study's file says or, where it says nothing, for the
        posterior if one ships; a design that samples its factors is not drawn then.
    """

    replications: int | None = None
    precision: float | None = None
    budget: int = 200
    years: float | None = None
    seed: int = 1
    workers: int | None = None
    events: bool = False
    outcomes: tuple[str, ...] = (MAIN_OUTCOME,)
    scheduler: str = ""
    draw: "Draw | None" = None
