"""The mark of a site that was made from an area's own records, and what may be shown of such a site.

Shipped sites are made from published tables. A site made by ``iom caseload`` is made from records of people,
so that a small number about it can point at somebody. Whatever shows counts of a scenario asks
``scenario.own_caseload``: where it is there, :meth:`OwnCaseload.written` says how a count may be shown.
"""

from dataclasses import dataclass
from datetime import date

from scenarios.problem import Problem, echo
from scenarios.yaml_file import Node

#: The key of a site file, and what it holds.
KEY = "own_caseload"
PARTS = ("people", "counted", "suppress_below")
#: Counts from one up to below this are not shown, unless the site's file says another number.
SUPPRESS_BELOW = 5
#: Limits of what a file may say.
FEWEST_BELOW, MOST_BELOW, MOST_PEOPLE = 1, 100, 1_000_000


def small(count: float, below: int) -> bool:
    """Return whether a count of people is too small to be shown; none at all is not."""
    return 0 < count < below


def written(count: float, below: int) -> str:
    """Return a count of people as it may be shown."""
    return f"under {below}" if small(count, below) else f"{count:,.0f}"


@dataclass(frozen=True)
class OwnCaseload:
    """What a site was made from: how many people, counted when, and below what counts are not shown."""

    people: int
    counted: date
    suppress_below: int = SUPPRESS_BELOW

    def written(self, count: float) -> str:
        """Return a count of people as it may be shown."""
        return written(count, self.suppress_below)


def own_caseload_from(node: Node, file: str, problems: list[Problem]) -> OwnCaseload | None:
    """Return what a file's mark says; add what is wrong with it to ``problems``."""
    wanted = f"people, counted and suppress_below, as {{people: 432, counted: 2026-11-21, {PARTS[2]}: 5}}"
    if not node.is_mapping:
        problems.append(node.problem(file, KEY, f"is {echo(node.plain())}", wanted))
        return None
    before = len(problems)
    for name, (key, _) in node.value.items():
        if name not in PARTS:
            problems.append(key.problem(file, f"{KEY}.{name}", "unknown key", ", ".join(PARTS)))
    found = {name: node.value[name][1] for name in PARTS if name in node.value}
    for name in ("people", "counted"):
        if name not in found:
            problems.append(node.problem(file, f"{KEY}.{name}", "is missing", wanted))
    for name, low, high in (("people", 1, MOST_PEOPLE), (PARTS[2], FEWEST_BELOW, MOST_BELOW)):
        value = found[name].value if name in found else low
        if type(value) is not int or not low <= value <= high:
            asked = f"a whole number from {low:,} to {high:,}"
            problems.append(found[name].problem(file, f"{KEY}.{name}", f"is {echo(value)}", asked))
    if "counted" in found and type(found["counted"].value) is not date:
        said = echo(found["counted"].plain())
        problems.append(
            found["counted"].problem(file, f"{KEY}.counted", f"is {said}", "a date, as 2026-11-21")
        )
    if len(problems) > before:
        return None
    return OwnCaseload(**{name: part.value for name, part in found.items()})
