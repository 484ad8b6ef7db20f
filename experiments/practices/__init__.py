"""Every practice of a partnership that the model holds, with the effect worked out by hand before any run."""

from experiments.practices import compliance, court, know, meetings, pathways, staff, who
from experiments.practices.practice import Practice

__all__ = ["PRACTICES", "Practice"]

PRACTICES: tuple[Practice, ...] = (
    *who.ROWS, *meetings.ROWS, *know.ROWS, *staff.ROWS, *pathways.ROWS,
    *compliance.ROWS, *court.ROWS,
)  # fmt: skip
