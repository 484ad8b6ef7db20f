"""Halve and double the places of each pathway in Bristol, and set what comes of it beside a calculation.

The calculation takes three figures from the runs as they are: how many are referred in the year, how long a
place is held, and how many of those who start complete and have a need met. Places that are asked for more
than there are of them go round among all who ask; where there are enough, everybody referred starts at once.
With two pathways at once Bristol refers nobody for debt or family, so that these are looked at with all needs
met side by side.
"""

from argparse import ArgumentParser
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np

from calibration.tables import write_table
from scenarios import load
from simulation import IOMModel, Parameters, Timeline
from simulation.calendar import DAYS_PER_YEAR, WEEK
from simulation.pathways import COMPLETED, CUT_SHORT, LOST
from simulation.programmes import MEETS, PATHWAYS, Pathway, Programme

SITE, REPLICATIONS = "bristol", 6
#: Events that end a place.
ENDED = (COMPLETED, LOST, CUT_SHORT)
FACTORS = (0.5, 2.0)
#: Pathways that nobody is referred to as Bristol is, and the option under which some are.
UNDER = {"finance": "needs-in-parallel", "family": "needs-in-parallel"}
COLUMNS = (
    "pathway", "under", "places", "referred", "started", "by hand", "mean wait, days", "by hand ",
    "completed", "by hand  ", "needs met", "by hand   ",
)  # fmt: skip


class Year(NamedTuple):
    """What came of a pathway in a year: people of the scheme, and mean days of waiting and in a place."""

    referred: float
    started: float
    waited: float
    held: float
    completed: float
    met: float


def main() -> None:
    """Write the table."""
    parser = ArgumentParser(prog="python -m experiments.practices.places", description=__doc__)
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    wanted = [(pathway, factor) for pathway in PATHWAYS for factor in (1.0, *FACTORS)]
    # With the places there are, one run serves every pathway under the same option.
    timelines = {_run(*one): changed(_base(one[0]), *one) for one in wanted}
    runs = [(timeline, r) for timeline in timelines.values() for r in range(asked.replications)]
    with ProcessPoolExecutor(asked.workers, mp_context=get_context("spawn")) as pool:
        lived = iter(list(pool.map(years, *zip(*runs, strict=True))))
    by_run = {name: [next(lived) for _ in range(asked.replications)] for name in timelines}
    found = {}
    for pathway, factor in wanted:
        name = _run(pathway, factor)
        mean = Year(*np.nanmean([run[pathway] for run in by_run[name]], axis=0))
        found[pathway, factor] = mean, getattr(timelines[name][-1][1].pathways.programmes, pathway)
    rows = [
        row(pathway, programme, mean, by_hand(found[pathway, 1.0][0], programme))
        for (pathway, _), (mean, programme) in found.items()
    ]
    write_table(asked.out, [[name.strip() for name in COLUMNS], *rows])


def _run(pathway: Pathway, factor: float) -> tuple[str, str, float]:
    """Return what tells runs apart: the option, and the pathway whose places are changed."""
    return UNDER.get(pathway, ""), pathway if factor != 1 else "", factor


def _base(pathway: Pathway) -> Timeline:
    options = [UNDER[pathway]] if pathway in UNDER else []
    return load(SITE, *options).timeline


def changed(base: Timeline, pathway: Pathway, factor: float) -> Timeline:
    """Return a timeline whose places of one pathway are scaled from the decision date on."""
    first, last = base[0][1], base[-1][1]
    dumped = last.model_dump()
    programme = dumped["pathways"]["programmes"][pathway]
    programme["places"] = round(programme["places"] * factor)
    return ((first.iom_start, first), (first.start, Parameters(**dumped)))


def years(timeline: Timeline, replication: int) -> dict[str, Year]:
    """Return what came of every pathway in the first year of one run."""
    model = IOMModel(timeline, replication=replication, years=1.0, keep_events=True).run()
    return {pathway: _year(model, pathway) for pathway in PATHWAYS}


def _year(model: IOMModel, pathway: Pathway) -> Year:
    lines = [line for line in model.recorder.events if line[4] == pathway]
    own = {kind: [line for line in lines if line[2] == kind and line[3] >= model.measured_from]
           for kind in ("referred", "programme started", *ENDED)}  # fmt: skip
    began = {line[0]: line[3] for line in own["programme started"]}
    ended = [line for kind in ENDED for line in own[kind]]
    held = [line[3] - began[line[0]] for line in ended if line[0] in began and line[3] > began[line[0]]]
    works = model.works
    days, number = works.pathways.waited(model.days, model.measured_from)[pathway]
    met = sum(
        line[2] == "need met" and line[4] in MEETS[pathway] and line[3] >= model.measured_from
        for line in model.recorder.events
    )
    return Year(
        len(own["referred"]), len(own["programme started"]), days / number if number else 0.0,
        float(np.mean(held)) if held else float("nan"), len(own[COMPLETED]), met,
    )  # fmt: skip


def by_hand(now: Year, programme: Programme) -> Year:
    """Return what a calculation gives for some number of places, from the year as it is."""
    wanted = (
        now.referred * now.held + programme.outside_per_week * DAYS_PER_YEAR / WEEK * programme.weeks * WEEK
    )
    share = min(1.0, programme.places * DAYS_PER_YEAR / wanted) if wanted else 1.0
    started = now.referred * share
    completed = started * now.completed / max(now.started, 1.0)
    met = completed * now.met / max(now.completed, 1.0)
    waited = programme.longest_wait_days if share < 1 else 0.0
    return now._replace(started=started, waited=waited, completed=completed, met=met)


def row(pathway: str, programme: Programme, measured: Year, hand: Year) -> Sequence[str]:
    """Return a row of the table."""
    figures = (
        measured.started, hand.started, measured.waited, hand.waited, measured.completed, hand.completed,
        measured.met, hand.met,
    )  # fmt: skip
    return [
        pathway,
        UNDER.get(pathway, ""),
        str(programme.places),
        f"{measured.referred:.0f}",
        *(f"{value:.0f}" for value in figures),
    ]


if __name__ == "__main__":
    main()
