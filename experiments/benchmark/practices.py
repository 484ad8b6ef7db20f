"""What each practice costs in time: a site with its option against the site as it is.

The past up to the decision date is lived once. Each option's future is a copy of that process, so that all
begin with the same people in the same places; the site as it is takes its turn among them. Ratios of the
least of some rounds, of one call and one machine, are all that means anything.
"""

import time
from argparse import ArgumentParser
from functools import partial
from pathlib import Path

from calibration.tables import write_table
from experiments.practices import PRACTICES
from scenarios import load
from simulation import IOMModel, Timeline
from simulation.branch import branch, can_branch

SITE, AS_IT_IS = "bristol", "as it is"
COLUMNS = ("practice", "option", "times the site as it is")
#: After so many options the site as it is has another turn.
_TURN = 8


def main() -> None:
    """Write a row a practice, the dearest first."""
    parser = ArgumentParser(prog="python -m experiments.benchmark.practices", description=__doc__)
    parser.add_argument("options", nargs="*", help="options to time; all without")
    parser.add_argument("--days", type=int, default=91)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    if not can_branch():
        parser.exit(1, "this machine does not copy processes: the practices are timed on Linux only\n")
    past = load(SITE).timeline[0]
    names = {
        one.option: one.name
        for one in PRACTICES
        if (one.option in asked.options or not asked.options)
        # An era has another past, which cannot be shared.
        and load(SITE, one.option).timeline[0] == past
    }
    ratios = ratio_by_option(list(names), asked.days, asked.rounds)
    rows = [
        (names[option], option, f"{ratio:.2f}")
        for option, ratio in sorted(ratios.items(), key=lambda item: -item[1])
    ]
    for row in (COLUMNS, *rows):
        print("  ".join(row))
    if asked.out:
        write_table(asked.out, [COLUMNS, *rows])


def ratio_by_option(options: list[str], days: int, rounds: int) -> dict[str, float]:
    """Return how many times as long some days from the decision date take with each option."""
    timelines = {option: load(SITE, option).timeline for option in options}
    timelines[AS_IT_IS] = load(SITE).timeline
    model = IOMModel(timelines[AS_IT_IS], years=1.0)
    while model.day < model.measured_from:
        model.step()
    turns = [
        option for place in range(0, len(options), _TURN)
        for option in (AS_IT_IS, *options[place : place + _TURN])
    ]  # fmt: skip
    least = dict.fromkeys(timelines, float("inf"))
    for _ in range(rounds):
        for option in turns:
            took = branch(partial(_seconds, model, timelines[option], days))
            least[option] = min(least[option], took)
    return {option: least[option] / least[AS_IT_IS] for option in options}


def _seconds(model: IOMModel, timeline: Timeline, days: int) -> float:
    model.follow(timeline)
    begun, until = time.process_time(), model.day + days
    while model.day < until:
        model.step()
    return time.process_time() - begun


if __name__ == "__main__":
    main()
