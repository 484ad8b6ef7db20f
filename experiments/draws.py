"""What a replication is run under: a draw of what is not known, or the site's own values."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from calibration.posterior import Draws, shipped_posterior
from scenarios import Problem, Scenario, ScenarioError
from scenarios.study import Draw
from simulation import Timeline

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Numbers = TypeVar("Numbers", int, "NDArray[np.int64]")

#: Runs of different luck under each draw. Two are the fewest that tell chance from what is not known, and
#: the fewer there are under each, the more draws the same runs see, which is what the average and its
#: spread are known from. Neighbours share a draw, so that a study that is extended only adds draws.
RUNS_A_DRAW = 2


def default_draw() -> Draw:
    """Return what is done where nobody says: the posterior is drawn from once one ships."""
    return "posterior" if shipped_posterior() is not None else "none"


def draws_of(draw: Draw | None, scenarios: Sequence[Scenario]) -> Draws | None:
    """Return the draws that a study's scenarios share; nothing where they are run on the site's own values.

    Parameters
    ----------
    draw
        What is asked for; ``None`` for the default.
    scenarios
        All scenarios of the study.

    Raises
    ------
    ScenarioError
        If draws are asked for and no posterior ships.
    """
    if (draw or default_draw()) == "none":
        return None
    posterior = shipped_posterior()
    if posterior is None:
        raise ScenarioError([Problem("draw", 0, 0, "posterior", "there is none in this version", "none")])
    draws = posterior.draws(scenarios)
    return draws if len(draws) else None


def draw_of(replication: Numbers, draws: Draws | None) -> Numbers:
    """Return the number of the draw that a replication is run under, or of each of many; 0 without draws.

    After the last draw the first comes again, with other luck.
    """
    return replication // RUNS_A_DRAW % len(draws) if draws is not None else 0 * replication


def timeline_of(scenario: Scenario, replication: int, draws: Draws | None) -> Timeline:
    """Return a scenario's timeline in a replication.

    Raises
    ------
    ScenarioError
        If the draw cannot stand, or not with what the options say.
    """
    if draws is None:
        return scenario.timeline
    return scenario.drawn(draws.draw(draw_of(replication, draws)))


def in_words(draws: Draws, replications: int) -> str:
    """Say how many draws there are in so many replications, and of what."""
    number = min(-(-replications // RUNS_A_DRAW), len(draws))
    local = f" and of the local mix of {draws.local}" if draws.local else ""
    kept = f"; the local mix is as the site has it, because of {', '.join(draws.kept_by)}"
    return (
        f"{number} {'draw' if number == 1 else 'draws'} of what is not known, {RUNS_A_DRAW} runs under each: "
        f"{len(draws.values)} values of shared behaviour{local}{kept if draws.kept_by else ''}"
    )
