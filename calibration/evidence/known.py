"""What evidence can inform: parameters, targets, and rooms of the model that hold published coefficients."""

from fnmatch import fnmatchcase
from functools import cache
from importlib.util import find_spec

from calibration.published import QUICK_EXITS, SITES, THROUGHPUT
from scenarios.tree import leaves
from simulation import Parameters


def is_known(name: str) -> bool:
    """Return whether a name is of parameters, a target or a room; ``*`` stands for any part of a key."""
    if name.startswith("simulation."):
        return find_spec(name) is not None
    return name in _targets() or any(fnmatchcase(key, name) for key in _keys())


@cache
def _keys() -> tuple[str, ...]:
    return tuple(".".join(path) for path, _ in leaves(Parameters().model_dump()))


@cache
def _targets() -> frozenset[str]:
    sites = (target.name for targets in SITES.values() for target in targets)
    return frozenset([*sites, *QUICK_EXITS, *(target.name for target in THROUGHPUT.values())])
