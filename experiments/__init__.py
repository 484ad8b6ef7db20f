"""Running many: comparisons with paired luck, their files, and the command line."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.study import Plan, Study, compare, run

__all__ = ["Plan", "Study", "compare", "run"]


def __getattr__(name: str) -> Any:
    """Import what is public when it is first asked for, so that checking a file starts at once."""
    if name not in __all__:
        raise AttributeError(f"module 'experiments' has no attribute {name!r}")
    from experiments import study

    return getattr(study, name)
