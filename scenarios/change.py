"""The grammar of changes: what an option does to one key, and from when."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import floor, isfinite
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
        if not isinstance(base, int) or not isfinite(self.amount):
            return base + self.amount if self.verb == "add" else base * self.amount
        # In decimals, so that half of what is written is a half: 1.15 times 50 is 57.5.
        amount = Decimal(str(self.amount))
        return floor((base + amount if self.verb == "add" else base * amount) + Decimal("0.5"))


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
    if not node.is_list or not any(part.is_mapping for part in node.value):
        step, leaf = _step(node, file, key, problems, None)
        return ((step,) if step is not None else ()), leaf
    steps = []
    for part in node.value:
        if not part.is_mapping or "from" not in part.value:
            example = "{from: 2010-04-01, value: ...}"
            problems.append(part.problem(file, key, "a step without a date", example))
            continue
        since = part.value["from"][1]
        if type(since.value) is not date:
            wrong = f"is {echo(since.plain())}"
            problems.append(since.problem(file, f"{key}.from", wrong, "a date, as 2010-04-01"))
            continue
        rest = Node({k: v for k, v in part.value.items() if k != "from"}, part.line, part.column)
        step, leaf = _step(rest, file, key, problems, since.value)
        if step is not None:
            steps.append(step)
    dates = [step.since for step in steps if step.since is not None]
    if dates != sorted(set(dates)):
        problems.append(node.problem(file, key, "dates are not ascending", "each later than the last"))
    return tuple(steps), leaf if steps else Leaf(None, file=file, line=node.line)


def _step(
    node: Node, file: str, key: str, problems: list[Problem], since: date | None
) -> tuple[Step | None, Leaf]:
    place = (node.line, node.column)
    if not node.is_mapping or is_wrapped(node):
        leaf = unwrap_leaf(node, file, key, problems)
        if isinstance(leaf.value, str) and leaf.value[:1] == "+":
            more = leaf.value[1:20]
            problems.append(
                node.problem(file, key, f"is {echo(leaf.value)}", "a value", f"did you mean {{add: {more}}}?")
            )
            return None, leaf
        return Step(since, "value", leaf.value, *place), leaf
    nothing = Leaf(None, file=file, line=node.line)
    names = list(node.value)
    if len(names) != 1 or names[0] not in ("add", "scale"):
        wrong = f"has {echo(', '.join(names))}" if names else "has nothing"
        problems.append(node.problem(file, key, wrong, "a value, {add: ...} or {scale: ...}"))
        return None, nothing
    amount = node.value[names[0]][1]
    number = amount.value
    if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number):
        wrong = f"is {echo(amount.plain())}"
        problems.append(amount.problem(file, f"{key}.{names[0]}", wrong, "a number"))
        return None, nothing
    return Step(since, names[0], number, *place), nothing
