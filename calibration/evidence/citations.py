"""Citations: which parameter points to which evidence, and which is assumed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from calibration.evidence.register import register, sources
from scenarios import explain, site_names
from scenarios.explain import BUILT_IN
from scenarios.tree import about, declared_at, leaves
from simulation import Parameters
from simulation.likely import Likely, likely

_CITED = re.compile(r"\b([A-Z]{2})(\d{3})\b(?: to \1(\d{3})\b)?")


@dataclass(frozen=True)
class Stated:
    """A value of a parameter, with what is said of it.

    Attributes
    ----------
    key, value, role, unit
        The parameter.
    place
        The file and line; ``built in`` if it is the declaration's own.
    confidence
        How sure the value is.
    said
        Source and note.
    likely
        Where the value is likely to lie; ``None`` where it is no number, or a fact.
    """

    key: str
    value: Any
    role: str
    unit: str
    place: str
    confidence: str
    said: str
    likely: Likely | None

    @property
    def cites(self) -> tuple[str, ...]:
        """Ids of the evidence that is named."""
        return cited(self.said)

    @property
    def documents(self) -> tuple[str, ...]:
        """Names of the documents that are named."""
        text = self.said.lower()
        return tuple(it.name for it in sources().values() if any(word in text for word in it.cited_as))

    @property
    def kind(self) -> str:
        """What the value rests on, in a word of the page about the register.

        A text, a date, a choice or a switch is a *description*; what is nought or whole is *at rest* until
        a site or an option sets it.
        """
        if self.confidence != "assumed":
            return "cites evidence"
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            return "description"
        if self.value in (0, 1) and (self.likely is None or self.likely.low == self.likely.high):
            return "at rest"
        return "assumed, near evidence" if self.cites else "assumed"


def cited(text: str) -> tuple[str, ...]:
    """Return the ids that a text names, each once, ranges such as PE043 to PE045 in full."""
    found = [
        f"{letters}{number:03}"
        for letters, first, last in _CITED.findall(text)
        if letters in _letters()
        for number in range(int(first), int(last or first) + 1)
    ]
    return tuple(dict.fromkeys(found))


def built_in() -> Iterator[Stated]:
    """Yield every parameter as declared, tables as a site has them that says nothing of them."""
    for path, value in leaves(Parameters().model_dump()):
        key = ".".join(path)
        field = declared_at(Parameters, key)
        said = about(field)
        yield Stated(
            key, value, said["role"], said["unit"], BUILT_IN, said["confidence"], said["source"],
            likely(field, value),
        )  # fmt: skip


def set_by_sites() -> Iterator[Stated]:
    """Yield every value that the file of a shipped site sets."""
    for site in site_names():
        for it in explain(site):
            if it.place != BUILT_IN:
                said = f"{it.source}; {it.note}"
                yield Stated(
                    it.key, it.value, it.role, it.unit, it.place, it.confidence, said, it.likely
                )  # fmt: skip


def informed(key: str) -> tuple[str, ...]:
    """Return the ids of the evidence that informs a parameter or a target."""
    return tuple(
        it.id for it in register().values() if any(fnmatchcase(key, name) for name in it.informs)
    )  # fmt: skip


@cache
def _letters() -> frozenset[str]:
    return frozenset(name[:2] for name in register())
