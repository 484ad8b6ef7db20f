"""Tables of what is declared, by the name that a page asks for them with."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable
from functools import cache

from calibration.evidence import Stated, built_in, register, sources
from calibration.published import SITES
from experiments.documentation import declared, glossary, library
from experiments.documentation.house import FLOORS, ROOT, arrows, rooms
from experiments.documentation.library import Table
from scenarios.explain import written
from scenarios.tree import about, expected
from simulation import DAY_PLAN, OUTCOMES
from simulation.outcome import Outcome


def table(name: str) -> Table:
    """Return a table, head first; after a slash stand the groups of parameters that it is to hold.

    Raises
    ------
    KeyError
        If nobody declares anything of the name.
    """
    name, _, groups = name.partition("/")
    rows = _parameters(groups.split(",")) if groups else _TABLES[name]()
    return [[_in_cell(cell) for cell in row] for row in rows]


def _in_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _phases() -> Table:
    rows = [[phase.name, phase.about, "" if phase.of_partnership else "yes"] for phase in DAY_PLAN]
    return [["phase", "what happens", "in the twin too"], *rows]


def _streams() -> Table:
    rows = [
        [f"`{it.name}`", f"`{room}`", it.by, it.about]
        for room, own in declared.streams().items()
        for it in own
    ]
    return [["stream", "room", "a number for every", "what it decides"], *rows]


def _events() -> Table:
    rows = [[it.name, f"`{room}`", it.about] for room, own in declared.events().items() for it in own]
    return [["event", "room", "when"], *rows]


def _columns() -> Table:
    rows = [[f"`{it.name}`", f"`{it.owner}`", it.about, it.unit] for it in declared.columns()]
    return [["column", "owner", "what it holds", "unit"], *sorted(rows, key=lambda row: row[1])]


def _rooms() -> Table:
    """Return the rooms of the simulation, with how much each declares."""
    of_room = Counter(it.room for it in declared.parameters())
    rows = [
        [
            f"`{room.name}`", room.phrase, str(of_room[room.name] or ""),
            ", ".join(f"`{it.name}`" for it in declared.streams().get(room.name, ())),
        ]
        for room in rooms("simulation")
    ]  # fmt: skip
    return [["room", "what it is", "parameters", "luck"], *rows]


def _floors() -> Table:
    rows = []
    for floor in reversed(FLOORS):
        below = [f"{other} ({arrows()[floor, other]})" for other in FLOORS if arrows()[floor, other]]
        rows.append([f"`{floor}`", str(len(rooms(floor))), ", ".join(below) or "nothing of ours"])
    return [["floor", "rooms", "imports, in so many modules"], *rows]


def _parameters(groups: list[str]) -> Table:
    rows = [_parameter(it) for it in declared.parameters() if it.key.split(".")[0] in groups]
    return [["key", "what it is", "value", "takes", "likely", "role", "rests on"], *rows]


def _parameter(it: declared.Declared) -> list[str]:
    said, stated = about(it.field), _stated()[it.key]
    between = stated.likely
    likely = (
        f"{_short(between.low)} to {_short(between.high)}" if between and between.low < between.high else ""
    )
    rests = f"{stated.kind}: {stated.said}" if stated.said else stated.kind
    role = f"{stated.role}, neutral {said['neutral']:g}" if "neutral" in said else stated.role
    return [f"`{it.key}`", str(it.field.title), written(it.value), expected(it.field), likely, role, rests]


@cache
def _stated() -> dict[str, Stated]:
    return {it.key: it for it in built_in()}


def _short(value: float) -> str:
    """Return a number with three figures that count."""
    return f"{float(f'{value:.3g}'):,.10g}"


def _effects() -> Table:
    names = {it.key for it in declared.parameters() if about(it.field)["role"] == "effect"}
    return [
        _parameters([])[0],
        *(_parameter(it) for it in declared.parameters() if it.key in names),
    ]


def _outcomes() -> Table:
    return [
        ["outcome", "what it is", "unit", "better", "said first"],
        *map(_outcome, OUTCOMES.values()),
    ]


def _headlines() -> Table:
    return [_outcomes()[0][:-1], *(_outcome(it)[:-1] for it in OUTCOMES.values() if it.headline)]


def _outcome(it: Outcome) -> list[str]:
    said = f"{it.label}; {it.about}" if it.about else it.label
    return [f"`{it.name}`", glossary.linked(said), it.unit, it.better, "yes" if it.headline else ""]


def _patterns() -> Table:
    sites = list(SITES)
    labels = dict.fromkeys(target.label for targets in SITES.values() for target in targets)
    published = {(site, it.label): f"{it.value:g} ({it.source})" for site in sites for it in SITES[site]}
    return [["figure", *sites], *([label, *(published[site, label] for site in sites)] for label in labels)]


def _sources() -> Table:
    of_source = Counter(it.source for it in register().values())
    rows = [[it.title, str(of_source[it.name])] for it in sources().values()]
    return [["document", "numbers taken from it"], *sorted(rows, key=lambda row: -int(row[1]))]


def _software() -> Table:
    """Return the libraries that the model and its commands cannot do without, as they are pinned."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split(r"[=<>]", need)[0] for need in project["dependencies"]]
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().split())
    pinned = {name.lower(): pin for name, pin in pins.items()}
    rows = [[name, pinned[name.lower()]] for name in names]
    return [["library", "version"], ["python", project["requires-python"]], *rows]


_TABLES: dict[str, Callable[[], Table]] = {
    "phases": _phases,
    "streams": _streams,
    "events": _events,
    "columns": _columns,
    "rooms": _rooms,
    "floors": _floors,
    "effects": _effects,
    "outcomes": _outcomes,
    "headlines": _headlines,
    "patterns": _patterns,
    "sources": _sources,
    "software": _software,
    "initial": library.initial,
    "resources": library.resources,
    "options": lambda: library.options(library.plain_options()),
    "eras": lambda: library.options(library.eras()),
    "studies": library.studies,
}
