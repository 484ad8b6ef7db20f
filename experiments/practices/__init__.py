"""Every practice of a partnership that the model holds, with the effect worked out by hand before any run."""

from experiments.practices import pathways
from experiments.practices.practice import Practice

__all__ = ["PRACTICES", "Practice"]

PRACTICES: tuple[Practice, ...] = (*pathways.ROWS,)
