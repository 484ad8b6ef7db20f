"""Sites: complete places, one parent allowed."""

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from scenarios.library import canonical, find, head, leads_out, shipped_site
from scenarios.own_caseload import KEY, OwnCaseload, own_caseload_from
from scenarios.problem import Problem, ScenarioError, echo
from scenarios.provenance import Leaf, unwrap
from scenarios.tree import Path as Key
from scenarios.tree import about, field_at, leaves, tables
from scenarios.validation import Places, validate
from scenarios.yaml_file import Node, read
from simulation import Parameters

LONGEST_LINE_OF_PARENTS = 10
NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True)
class Site:
    """A site as read: plain values, where each stands, its sources, and the frozen parameters."""

    name: str
    file: str
    parameters: Parameters
    values: dict[str, Any]
    places: Places
    leaves: dict[Key, Leaf] = field(default_factory=dict)
    #: The records it, or its parent, was made from; ``None`` where there are none.
    own_caseload: OwnCaseload | None = None

    @cached_property
    def provenance(self) -> dict[str, Leaf]:
        """Where every leaf's value comes from, by dotted key."""
        found = {}
        for path, value in leaves(self.values):
            field = field_at(Parameters, path)
            said = about(field) if field is not None else {}
            declared = Leaf(value, said.get("source", ""), said.get("confidence", "assumed"))
            found[".".join(path)] = replace(self.leaves.get(path, declared), value=value)
        return found


class _Read(NamedTuple):
    """What a file and its parents say, before it is checked."""

    values: dict[str, Any]
    places: Places
    leaves: dict[Key, Leaf]
    own_caseload: OwnCaseload | None


def load_site(name: str) -> Site:
    """Return a site by shipped name or path.

    Raises
    ------
    ScenarioError
        With everything that is wrong in the file and its parents.
    """
    path, shown = find("site", name)
    return site_from(read(path, shown), path, shown)


def site_from(root: Node, path: Path, shown: str) -> Site:
    """Return the site that a file's content, and its parents, say.

    Raises
    ------
    ScenarioError
        With everything that is wrong in the file and its parents.
    """
    values, places, leaves, own = _read(root, path, shown, ())
    parameters = validate(Parameters, _completed(values), places, shown)
    return Site(canonical(path.stem), shown, parameters, parameters.model_dump(), places, leaves, own)


def _completed(values: dict[str, Any]) -> dict[str, Any]:
    """Return values over the declared ones, key by key.

    Tables, as of teams, are the file's own; an entry that a table has as declared is completed from it.
    """
    declared = Parameters().model_dump()
    for name in tables(Parameters):
        if isinstance(values.get(name), dict):
            declared[name] = {entry: declared[name].get(entry, {}) for entry in values[name]}
    return _merged(declared, values)


def _read(root: Node, path: Path, shown: str, below: tuple[Path, ...]) -> _Read:
    problems = head(root, shown, ("extends", "parameters", KEY), "site")
    values: dict[str, Any] = {}
    places: Places = {}
    leaves: dict[Key, Leaf] = {}
    own: OwnCaseload | None = None
    if "extends" in root.value:
        try:
            parent = _parent(root.value["extends"][1], path, shown, (*below, path.resolve()))
            values, places, leaves, own = parent
        except ScenarioError as error:
            problems += error.problems
    if KEY in root.value:
        own = own_caseload_from(root.value[KEY][1], shown, problems)
    if "parameters" in root.value:
        node: Node = root.value["parameters"][1]
        if node.is_mapping:
            tree = unwrap(node, shown)
            problems += tree.problems + _badly_named(tree.values, tree.places)
            places[()] = (shown, root.value["parameters"][0].line, root.value["parameters"][0].column)
            values = _merged(values, tree.values)
            shipped = shipped_site(path)
            said = {key: replace(leaf, shipped=shipped) for key, leaf in tree.leaves.items()}
            places, leaves = places | tree.places, leaves | said
        else:
            problems.append(node.problem(shown, "parameters", f"is {echo(node.plain())}", "groups of keys"))
    elif "extends" not in root.value:
        problems.append(root.problem(shown, "parameters", "is missing", "it, or extends: with a parent"))
    if problems:
        # What is wrong with the file as a file is told together with what is wrong in its values.
        try:
            validate(Parameters, _completed(values), places, shown, rules=False)
        except ScenarioError as error:
            problems += error.problems
        raise ScenarioError(problems)
    return _Read(values, places, leaves, own)


def _parent(node: Node, path: Path, shown: str, chain: tuple[Path, ...]) -> _Read:
    """Read the one parent a site may have: shipped, or a file in its own folder."""

    def refuse(wrong: str, expected: str, hint: str = "") -> ScenarioError:
        return ScenarioError([node.problem(shown, "extends", wrong, expected, hint)])

    if not isinstance(node.value, str) or not node.value:
        raise refuse("is not a name", "the name of one site or a file in the same folder")
    name = node.value
    if name.endswith((".yaml", ".yml")):
        parent = path.parent / name
        if leads_out(name, path):
            raise refuse(f"{name!r:.60} leads out of the file's own folder", "a file in the same folder")
        parent_shown = str(Path(shown).with_name(name))
        if not parent.is_file():
            raise refuse(f"parent {name!r:.60} is missing", "a file in the same folder or a shipped site")
    else:
        try:
            parent, parent_shown = find("site", name)
        except ScenarioError as error:
            first = error.problems[0]
            raise refuse(f"parent {name!r:.60} is missing", first.expected, first.hint) from None
    if parent.resolve() in chain or len(chain) > LONGEST_LINE_OF_PARENTS:
        raise refuse(
            "is circular: the file is its own parent in the end", "a parent that does not lead back here"
        )
    return _read(read(parent, parent_shown), parent, parent_shown, chain)


def _badly_named(values: dict[str, Any], places: Places) -> list[Problem]:
    """Return a problem for each entry of a table whose name a dotted key could not hold."""
    wanted = "a name of letters, digits, _ and -"
    return [
        Problem(*places[table, name], table, f"is named {echo(name)}", wanted)
        for table in tables(Parameters)
        if isinstance(values.get(table), dict)
        for name in values[table]
        if not NAME.fullmatch(name)
    ]


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for name, value in above.items():
        known = result.get(name)
        both = isinstance(known, dict) and isinstance(value, dict)
        result[name] = _merged(known, value) if both else value  # type: ignore[arg-type]
    return result
