"""Calibration: what is published about the pioneer sites, and how well the model matches it."""

from calibration.census import at_census
from calibration.published import QUICK_EXITS, SITES, THROUGHPUT, Target

__all__ = ["QUICK_EXITS", "SITES", "THROUGHPUT", "Target", "at_census"]
