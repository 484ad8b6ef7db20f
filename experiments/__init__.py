"""Running many: comparisons and studies with paired luck, their files, and the command line."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.plan import Plan
    from experiments.study import Study, compare, run, sweep

__all__ = ["Plan", "Study", "compare", "run", "sweep"]


def __getattr__(name: str) -> Any:
    """Import what is public when it is first asked for, so that checking a file starts at once."""
    if name not in __all__:
        raise AttributeError(f"module 'experiments' has no attribute {name!r}")
    return getattr(import_module("experiments.study"), name)
