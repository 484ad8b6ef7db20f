"""What rooms declare: parameters, streams of luck, columns and events, collected from all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from inspect import get_annotations
from typing import Any

from pydantic.fields import FieldInfo

from experiments.documentation.house import defined, rooms
from scenarios import load
from scenarios.tree import declared_at, group_at, leaves
from simulation import IOMModel, Parameters
from simulation.declare import Column, Event, Stream

FLOOR = "simulation"


@dataclass(frozen=True)
class Declared:
    """One parameter: its key, declaration and built-in value, and the room that declares it."""

    key: str
    field: FieldInfo
    value: Any
    room: str


@cache
def parameters() -> tuple[Declared, ...]:
    """Return every parameter in the order of the declarations."""
    return tuple(_declared(path, value) for path, value in leaves(Parameters().model_dump()))


def _declared(path: tuple[str, ...], value: Any) -> Declared:
    key, group = ".".join(path), group_at(Parameters, path[:-1])
    assert group is not None
    return Declared(key, declared_at(Parameters, key), value, _room_of(group, path[-1]))


def _room_of(group: type, name: str) -> str:
    """Return the room of the class that declares a field, which may be one that the group extends."""
    owner = [base for base in group.__mro__ if name in get_annotations(base)][-1]
    return owner.__module__.removeprefix(f"{FLOOR}.")


@cache
def streams() -> dict[str, tuple[Stream, ...]]:
    """Return the streams of luck by the room that declares them."""
    return {room: tuple(_own(room, Stream)) for room in _rooms() if any(_own(room, Stream))}


@cache
def events() -> dict[str, tuple[Event, ...]]:
    """Return the kinds of line of the event log by the room that writes them."""
    return {room: tuple(_own(room, Event)) for room in _rooms() if any(_own(room, Event))}


@cache
def columns() -> tuple[Column, ...]:
    """Return what is held of every person, from a small model in which nobody has lived a day."""
    first = load("nottingham").timeline[0][1]
    model = IOMModel(((first.iom_start, first),), years=0.01)
    return tuple(model.world.people.declared.values())


def _rooms() -> tuple[str, ...]:
    return tuple(room.name for room in rooms(FLOOR))


def _own(room: str, kind: type) -> Iterator[Any]:
    """Yield what a room itself declares of a kind, one by one or several together."""
    names = defined(room)
    for name, value in vars(import_module(f"{FLOOR}.{room}")).items():
        if name in names:
            together = value.values() if isinstance(value, dict) else value
            several = together if isinstance(value, tuple | list | dict) else (value,)
            yield from (it for it in several if isinstance(it, kind))
