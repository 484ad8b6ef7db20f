"""What a parameter is, what it stands at, where that comes from, and what an option makes of it."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from scenarios.change import Change
from scenarios.library import is_path
from scenarios.problem import Problem, ScenarioError
from scenarios.provenance import Leaf
from scenarios.scenario import load
from scenarios.tree import about, declared_at, did_you_mean, expected
from simulation import Parameters
from simulation.likely import Likely

BUILT_IN = "built in"


@dataclass(frozen=True)
class Explained:
    """One leaf of a scenario.

    Attributes
    ----------
    key, label, unit, role
        As declared; ``takes`` is the kind, range and unit in words.
    value
        What it stands at in the end; ``before`` is the site's own value.
    source, confidence, note
        Of the value.
    likely
        Where the value is likely to lie and why, if it is assumed or the declaration says so.
    place
        The file and line of the value; ``built in`` if it is the declaration's own.
    changes
        The days on which options change it, with the value from then on.
    """

    key: str
    label: str
    unit: str
    role: str
    takes: str
    value: Any
    before: Any
    source: str
    confidence: str
    note: str
    place: str
    likely: Likely | None = None
    changes: tuple[tuple[date, Any], ...] = ()


def explain(site: str, options: str = "", key: str = "") -> list[Explained]:
    """Return what there is to know about parameters of a scenario, in the order of the declarations.

    Parameters
    ----------
    site, options
        As for :func:`scenarios.load`.
    key
        A key, a group, a key of every team without the team, or any part of a key or of a label; empty for
        everything.

    Raises
    ------
    ScenarioError
        If the scenario cannot be loaded, or nothing answers to the key.
    """
    scenario = load(site, options)
    own = load(site).provenance if scenario.changes else scenario.provenance
    changes = {change.key: change for change in scenario.changes}
    leaves = scenario.provenance.items()
    return _answering(key, [_explained(it, leaf, own[it].value, changes.get(it)) for it, leaf in leaves])


def _explained(key: str, leaf: Leaf, before: Any, change: Change | None) -> Explained:
    field = declared_at(Parameters, key)
    said = about(field)
    place = f"{leaf.file}:{leaf.line}" if leaf.file else change.file if change else BUILT_IN
    steps = change.steps if change else ()
    return Explained(
        key, str(field.title), said["unit"], said["role"], expected(field), leaf.value, before, leaf.source,
        leaf.confidence, leaf.note, place, leaf.likely(field),
        tuple((step.since, step.applied(before)) for step in steps if step.since),
    )  # fmt: skip


def _answering(key: str, found: list[Explained]) -> list[Explained]:
    """Return the leaves a key means: those that have it as whole parts, else as a word, else as a piece."""
    wanted = key.strip().strip(".").lower()
    plain = wanted.replace("-", "_")
    if not plain:
        return found
    keys = [it.key.lower().replace("-", "_") for it in found]
    named = [it for it, name in zip(found, keys, strict=True) if f".{plain}." in f".{name}."]
    texts = [f"{name} {it.label.lower()}" for it, name in zip(found, keys, strict=True)]
    # Where a word begins first: rent is also a part of current.
    for like in (rf"(?<![a-z]){re.escape(plain)}", re.escape(plain), re.escape(wanted)):
        named = named or [it for it, text in zip(found, texts, strict=True) if re.search(like, text)]
    if not named:
        names = dict.fromkeys(part for it in found for part in (it.key, *it.key.split(".")))
        hint = did_you_mean(plain, list(names))
        groups = ", ".join(dict.fromkeys(it.key.split(".")[0] for it in found if "." in it.key))
        wanted = "" if "?" in hint else f"a key, a part of one or of a label; groups are {groups}"
        hint = hint if "?" in hint else ""
        raise ScenarioError([Problem(key, 0, 0, "", "there is no key of this name", wanted, hint)])
    return named


def answer(site: str, options: str = "", key: str = "") -> str:
    """Return what :func:`explain` finds, as text; without a key, only what the options change.

    What cannot be an option is taken for a key.
    """
    try:
        found = explain(site, options, key)
    except ScenarioError as error:
        if key or not options:
            raise
        try:
            return table(explain(site, "", options))
        except ScenarioError as other:
            raise (other if "." in options and not is_path(options) else error) from None
    changed = [it for it in found if it.changes]
    if key or not changed:
        return table(found)
    rest = f"{len(found) - len(changed)} others are as in {site}: iom explain {site}"
    return f"{table(changed)}\n\n{rest}"


def table(found: Sequence[Explained]) -> str:
    """Return leaves as text for people, 80 columns wide: one in full, several as a table by group."""
    if len(found) == 1:
        return "\n".join(_card(found[0]))
    groups: dict[str, list[str]] = {}
    for it in found:
        group = it.key.rpartition(".")[0]
        groups.setdefault(group, [group] if group else []).extend(_row(it))
    return "\n\n".join("\n".join(lines) for lines in groups.values())


def _card(it: Explained) -> Iterator[str]:
    yield it.key
    said = {
        "": it.label, "value": _value(it), "changed": _dated(it), "takes": it.takes,
        "likely": _likely(it, with_reason=True), "role": it.role, "confidence": it.confidence,
        "source": it.source, "note": it.note, "where": it.place,
    }  # fmt: skip
    for name, text in said.items():
        if text:
            yield from wrapped(text, 80, f"  {name:<12}" if name else "  ", " " * (14 if name else 2))


def _row(it: Explained) -> Iterator[str]:
    cells = [[it.key.rpartition(".")[2]], wrapped(_value(it), 22), [it.role], [it.confidence]]
    for name, value, role, confidence in zip_longest(*cells, fillvalue=""):
        yield f"  {name:<31} {value:<22} {role:<11} {confidence}".rstrip()
    details = [it.label, _dated(it), it.takes, _likely(it), it.source, it.note, it.place]
    yield from wrapped("; ".join(filter(None, details)), 80, " " * 6, " " * 6)


def wrapped(text: str, width: int, first: str = "", others: str = "") -> list[str]:
    """Return text as lines that hold whole words, the first and the others each begun with their own."""
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=others,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _value(it: Explained) -> str:
    values = dict.fromkeys(map(written, (it.before, it.value)))
    unit = it.unit if isinstance(it.value, int | float) else ""
    return f"{' -> '.join(values)} {unit}".rstrip()


def _likely(it: Explained, *, with_reason: bool = False) -> str:
    if it.likely is None or it.likely.low == it.likely.high:
        return ""
    low, high, because = it.likely
    lowest, highest = (f"{float(f'{value:.3g}'):.10g}" for value in (low, high))
    return f"{lowest} to {highest}, {because}" if with_reason else f"likely {lowest} to {highest}"


def _dated(it: Explained) -> str:
    if len(it.changes) == 1:
        return f"from {it.changes[0][0]}"
    return ", ".join(f"{written(value)} from {since}" for since, value in it.changes)


def written(value: Any) -> str:
    """Return a value as a file would write it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(written, value))}]"
    return f"{value:.10g}" if isinstance(value, float) else str(value) or "''"
