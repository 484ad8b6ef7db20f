"""The house as it stands: packages, their rooms and what imports what, read from the source."""

import ast
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
#: From the ground up: a package imports those before it and none after it.
FLOORS = ("simulation", "scenarios", "calibration", "experiments")


@dataclass(frozen=True)
class Room:
    """A module, or a package within a floor: its name, and what its docstring says first."""

    name: str
    phrase: str


@cache
def rooms(floor: str) -> tuple[Room, ...]:
    """Return the rooms of a floor in the order of their names."""
    folder = ROOT / floor
    files = [file for file in folder.glob("*.py") if not file.stem.startswith("__")]
    files += folder.glob("*/__init__.py")
    found = [Room(_name(file), _phrase(file)) for file in files]
    return tuple(sorted(found, key=lambda room: room.name))


def about(floor: str) -> str:
    """Return what a floor says of itself first."""
    return _phrase(ROOT / floor / "__init__.py")


@cache
def arrows() -> Counter[tuple[str, str]]:
    """Return how many modules of one floor import another floor, by the two."""
    found: Counter[tuple[str, str]] = Counter()
    for floor in FLOORS:
        for file in sorted((ROOT / floor).rglob("*.py")):
            found.update((floor, other) for other in _imported(file) if other in FLOORS and other != floor)
    return found


@cache
def defined(module: str) -> frozenset[str]:
    """Return the names to which a room of the simulation assigns something itself."""
    body = _parsed(ROOT / "simulation" / f"{module}.py").body
    targets = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    targets += [node.target for node in body if isinstance(node, ast.AnnAssign)]
    names = (name for target in targets for name in ast.walk(target))
    return frozenset(name.id for name in names if isinstance(name, ast.Name))


def _imported(file: Path) -> set[str]:
    """Return the floors that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(_parsed(file)):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
    return found


def _name(file: Path) -> str:
    return file.parent.name if file.stem == "__init__" else file.stem


def _phrase(file: Path) -> str:
    """Return the first line of a module's docstring, without the module's own name before it."""
    first = (ast.get_docstring(_parsed(file)) or "").partition("\n")[0].rstrip(".")
    name, colon, rest = first.partition(": ")
    return rest if colon and _is_the_same(name, _name(file)) else first


def _is_the_same(said: str, name: str) -> bool:
    """Return whether a docstring's opening says no more than the name of its room."""
    plain = said.lower().removeprefix("the ").replace("-", "").replace(" ", "")
    return plain.rstrip("s") == name.replace("_", "").rstrip("s")


@cache
def _parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))
