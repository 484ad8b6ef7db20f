"""An outcome: what a run is reported by, with its label, unit and better direction."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Outcome:
    """A declared outcome."""

    name: str
    label: str
    unit: str
    better: Literal["less", "more", ""] = ""
    headline: bool = False
    about: str = ""
