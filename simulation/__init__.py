"""The model of Integrated Offender Management: people, agencies, minutes and news."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.model import DAY_PLAN, IOMModel
    from simulation.outcome import Outcome
    from simulation.parameters import Parameters, Timeline
    from simulation.replication import Result, replicate
    from simulation.reported import OUTCOMES

__all__ = ["DAY_PLAN", "OUTCOMES", "IOMModel", "Outcome", "Parameters", "Result", "Timeline", "replicate"]

_ROOM = {
    "DAY_PLAN": "model", "IOMModel": "model", "OUTCOMES": "reported", "Outcome": "outcome",
    "Parameters": "parameters", "Timeline": "parameters", "Result": "replication", "replicate": "replication",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a public name's room when it is first asked for: checking a file needs no clock and no plots."""
    if name not in _ROOM:
        raise AttributeError(f"module 'simulation' has no attribute {name!r}")
    return getattr(import_module(f"simulation.{_ROOM[name]}"), name)
