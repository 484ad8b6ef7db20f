"""The picture of the house: four floors with their rooms, what imports what, and the phases of a day.

Everything in it is read from the source, so that the file comes out the same to the last byte until the house
changes.
"""

import re
from dataclasses import dataclass
from math import ceil

from experiments.documentation.house import FLOORS, ROOT, about, arrows, rooms
from simulation import DAY_PLAN

PICTURE = ROOT / "docs" / "pictures" / "architecture.svg"
_TEMPLATE = "architecture.svg.j2"
#: In pixels, as all that follows.
WIDTH, MARGIN, LABEL, SHAFT = 1400, 24, 158, 150
COLUMNS, ROW, HEAD, FOOT, ROOF = 4, 32, 26, 12, 120
COLUMN = (WIDTH - 2 * MARGIN - LABEL - SHAFT) / COLUMNS
#: Letters of a phrase, and of a line of a floor's label, that surely have room.
_PHRASE, _LINE = 44, 21
CORRIDOR, CHIP = 112, 44
LANE = 24


@dataclass(frozen=True)
class Floor:
    """A floor as drawn: where it begins, how high it is, and where its rooms stand."""

    name: str
    about: list[str]
    top: float
    height: float
    rooms: list[tuple[float, float, str, str]]

    @property
    def middle(self) -> float:
        """The height at which its arrows begin and end."""
        return self.top + self.height / 2


@dataclass(frozen=True)
class Arrow:
    """What one floor imports of another: in so many modules, in a lane of the shaft."""

    top: float
    bottom: float
    lane: float
    count: int
    to: str


def drawn() -> str:
    """Return the picture, as SVG."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    floors = _floors()
    corridor = floors[-1].top + floors[-1].height
    pages = Environment(
        loader=PackageLoader("experiments.documentation", ""), undefined=StrictUndefined,
        autoescape=True, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return pages.get_template(_TEMPLATE).render(
        floors=floors, arrows=_arrows(floors), phases=_phases(corridor), corridor=corridor, width=WIDTH,
        margin=MARGIN, label=LABEL, shaft=SHAFT, roof=ROOF, corridor_height=CORRIDOR, chip=CHIP,
        height=corridor + CORRIDOR + MARGIN,
    )  # fmt: skip


def _floors() -> list[Floor]:
    """Return the floors from the top down."""
    found, top = [], float(MARGIN + ROOF)
    for name in reversed(FLOORS):
        here = rooms(name)
        down = ceil(len(here) / COLUMNS)
        height = HEAD + down * ROW + FOOT
        places = [
            (
                MARGIN + LABEL + COLUMN * (n // down),
                top + HEAD + ROW * (n % down),
                room.name,
                phrase(room.phrase),
            )
            for n, room in enumerate(here)
        ]
        found.append(Floor(name, lines(about(name), _LINE), top, height, places))
        top += height
    return found


def _arrows(floors: list[Floor]) -> list[Arrow]:
    """Return the arrows, those that reach furthest in the outermost lane."""
    of = {floor.name: floor for floor in floors}
    rank = {name: n for n, name in enumerate(FLOORS)}
    counts = sorted(
        arrows().items(), key=lambda item: (rank[item[0][0]] - rank[item[0][1]], rank[item[0][1]])
    )
    found: list[Arrow] = []
    for n, ((above, below), count) in enumerate(counts):
        # Those that begin or end at one floor lie beside each other.
        begin = of[above].middle + 9 * (n - len(counts) / 2)
        end = of[below].top + 22 + 24 * sum(arrow.to == below for arrow in found)
        found.append(Arrow(begin, end, LANE * n, count, below))
    return found


def _phases(corridor: float) -> list[tuple[float, float, int, str, bool]]:
    """Return the phases of a day: place, width, number, name, and whether the twin lives through it."""
    share = (WIDTH - 2 * MARGIN - LABEL - 16) / len(DAY_PLAN)
    return [
        (MARGIN + LABEL + share * n, share - 10, n + 1, phase.name, not phase.of_partnership)
        for n, phase in enumerate(DAY_PLAN)
    ]


def phrase(said: str) -> str:
    """Return as much of what a docstring says as a room has place for: whole clauses, or words and dots."""
    head, colon, rest = said.replace("`", "").partition(": ")
    said = rest if colon and len(head.split()) < 4 else head + colon + rest
    if len(said) <= _PHRASE:
        return said
    clauses = [end.start() for end in re.finditer(r"[,;:] ", said[:_PHRASE])]
    if clauses and clauses[-1] > _PHRASE / 3:
        return said[: clauses[-1]]
    return said[: said[:_PHRASE].rindex(" ")] + " …"


def lines(said: str, width: int) -> list[str]:
    """Return a text in lines."""
    found = [""]
    for word in said.split():
        if len(found[-1]) + len(word) > width:
            found.append("")
        found[-1] = f"{found[-1]} {word}".strip()
    return found
