"""The grammar of changes: what an option does to one key, and from when."""

from dataclasses import dataclass
from datetime import date
from math import floor
from typing import Any

from scenarios.problem import Problem, echo
from scenarios.provenance import Leaf, is_wrapped, unwrap_leaf
from scenarios.tree import Path
from scenarios.yaml_file import Node


@dataclass(frozen=True)
class Step:
    """One change of a leaf: a value, or what to do to the site's own value."""

    since: date | None
    verb: str
    amount: Any
    line: int
    column: int

    def applied(self, base: Any) -> Any:
        """Return the changed value; whole things are rounded half up."""
        if self.verb == "value":
            return self.amount
        changed = base + self.amount if self.verb == "add" else base * self.amount
        return floor(changed + 0.5) if isinstance(base, int) else changed


@dataclass(frozen=True)
class Change:
    """What an option does to one leaf.

    Every step works on the value of the site, not on that of an earlier step.
    """

    path: Path
    steps: tuple[Step, ...]
    file: str
    line: int
    column: int
    leaf: Leaf

    @property
    def key(self) -> str:
        """The dotted key."""
        return ".".join(self.path)


def steps_of(node: Node, file: str, key: str, problems: list[Problem]) -> tuple[tuple[Step, ...], Leaf]:
    """Return the steps that a change's value stands for; add what is wrong to ``problems``."""
    if node.is_list and any(part.is_mapping for part in node.value):
        steps = []
        for part in node.value:
            if not part.is_mapping or "from" not in part.value:
                problems.append(
                    Problem(
                        file,
                        part.line,
                        part.column,
                        key,
                        "a step without a date",
                        "{from: 2010-04-01, value: ...}",
                    )
                )
                continue
            since = part.value["from"][1]
            if type(since.value) is not date:
                problems.append(
                    Problem(
                        file,
                        since.line,
                        since.column,
                        f"{key}.from",
                        f"is {echo(since.plain())}",
                        "a date, as 2010-04-01",
                    )
                )
                continue
            rest = Node({k: v for k, v in part.value.items() if k != "from"}, part.line, part.column)
            step, _ = _step(rest, file, key, problems, since.value)
            if step is not None:
                steps.append(step)
        dates = [step.since for step in steps if step.since is not None]
        if dates != sorted(set(dates)):
            problems.append(
                Problem(
                    file, node.line, node.column, key, "dates are not ascending", "each later than the last"
                )
            )
        return tuple(steps), Leaf(node.plain(), file=file, line=node.line)
    step, leaf = _step(node, file, key, problems, None)
    return ((step,) if step is not None else ()), leaf


def _step(
    node: Node, file: str, key: str, problems: list[Problem], since: date | None
) -> tuple[Step | None, Leaf]:
    place = (node.line, node.column)
    if node.is_mapping and not is_wrapped(node):
        names = list(node.value)
        if len(names) == 1 and names[0] in ("add", "scale"):
            amount = node.value[names[0]][1]
            number = amount.value
            if isinstance(number, bool) or not isinstance(number, int | float) or number != number:
                problems.append(
                    Problem(
                        file,
                        amount.line,
                        amount.column,
                        f"{key}.{names[0]}",
                        f"is {echo(amount.plain())}",
                        "a number",
                    )
                )
                return None, Leaf(None)
            return Step(since, names[0], number, *place), Leaf(number, file=file, line=node.line)
        problems.append(
            Problem(
                file,
                *place,
                key,
                f"has {', '.join(names[:4]) or 'nothing'}",
                "a value, {add: ...} or {scale: ...}",
            )
        )
        return None, Leaf(None)
    leaf = unwrap_leaf(node, file, key, problems)
    return Step(since, "value", leaf.value, *place), leaf
