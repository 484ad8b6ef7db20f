"""Every practice of a partnership that the model holds, with the effect worked out by hand before any run."""

from experiments.practices import (
    compliance,
    court,
    eras,
    know,
    meetings,
    motivation,
    pathways,
    prison,
    staff,
    voluntary_sector,
    who,
    young_people,
)
from experiments.practices.practice import Practice

__all__ = ["PRACTICES", "Practice", "moved_first"]

PRACTICES: tuple[Practice, ...] = (
    *who.ROWS, *meetings.ROWS, *know.ROWS, *staff.ROWS, *pathways.ROWS, *compliance.ROWS, *court.ROWS,
    *prison.ROWS, *young_people.ROWS, *voluntary_sector.ROWS, *motivation.ROWS, *eras.ROWS,
)  # fmt: skip


def moved_first(scenario: str) -> set[str]:
    """Return the outcomes that the options of a scenario move first, by its name, as ``bristol+letters``."""
    _, *options = scenario.split("+")
    return {practice.outcome for practice in PRACTICES if practice.option in options}
