"""Calibration: what is published about the pioneer sites, and how well the model matches it."""

from calibration.census import at_census
from calibration.published import SITES, Target

__all__ = ["SITES", "Target", "at_census"]
