"""Where files are: shipped ones by name, others by path."""

import os.path
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scenarios.problem import Problem, ScenarioError, echo
from scenarios.tree import did_you_mean
from scenarios.yaml_file import Node, read

HERE = Path(__file__).parent
#: Kinds of file, each with the folder of those that are shipped.
FOLDERS = {
    "site": "sites", "option": "options", "era": "eras", "study": "studies", "exercise": "exercises",
    "evaluation": "evaluations",
}  # fmt: skip
KINDS = tuple(FOLDERS)
TEXTS = ("why", "about", "note")
#: The generated option that sets every effect to the value at which it changes nothing.
NO_EFFECT = "no-effect"


def canonical(name: str) -> str:
    """Return a name as it is compared: hyphen and underscore are alike, and so are capitals."""
    return name.strip().lower().replace("_", "-")


def _shipped(kind: str) -> dict[str, Path]:
    return {canonical(path.stem): path for path in sorted((HERE / FOLDERS[kind]).glob("*.yaml"))}


def _options() -> dict[str, Path]:
    """Return what can be chosen as an option: options, and eras, which are options about the law."""
    return _shipped("option") | _shipped("era")


def site_names() -> list[str]:
    """Return the names of shipped sites."""
    return list(_shipped("site"))


def option_names() -> list[str]:
    """Return the names of shipped options and eras, the generated one included."""
    return sorted([*_options(), NO_EFFECT])


def shipped_site(file: Path) -> str:
    """Return the name of the shipped site that a file is; nothing for a file of somebody's own."""
    return next((name for name, path in _shipped("site").items() if path == file), "")


def is_path(name: str) -> bool:
    """Return whether a name can only be a path."""
    return name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name


def study_names() -> list[str]:
    """Return the names of shipped studies."""
    return list(_shipped("study"))


def find(kind: str, name: str) -> tuple[Path, str]:
    """Return the file of a name or path, and how to show it in messages.

    Raises
    ------
    ScenarioError
        If no file is shipped under the name and it is not the path of a YAML file.
    """
    if is_path(name):
        return Path(name), name
    shipped = _options() if kind == "option" else _shipped(kind)
    plain = canonical(name)
    if plain in shipped:
        return shipped[plain], shipped[plain].name
    if os.path.isfile(name):
        return Path(name), name
    known = option_names() if kind == "option" else list(shipped)
    wrong = f"there is no {kind} of this name" if plain else f"a {kind} without a name"
    raise ScenarioError([Problem(name or "(empty)", 0, 0, "", wrong, *name_or_path(name, known))])


def name_or_path(name: str, known: list[str]) -> tuple[str, str]:
    """Return what was expected instead of a name, and the nearest known one where there is one."""
    hint = did_you_mean(canonical(name), known)
    if "?" in hint:
        return ("", hint)
    return (f"one of {', '.join(known)}, or the path of a YAML file", "")


def leads_out(name: str, file: Path) -> bool:
    """Return whether a path that stands in a file leads out of the file's own folder."""
    return (file.parent / name).resolve().parent != file.parent.resolve()


def beside(kind: str, key: str, node: Node, said: Any, file: Path, shown: str) -> tuple[str, list[Problem]]:
    """Return a name that a file says, as it can be found, and what is wrong with it.

    Parameters
    ----------
    kind, key
        What is named, and the key that names it.
    node, said
        Where the name stands, and the name.
    file, shown
        The file that says it, in whose folder other files are looked for, and how messages show it.

    Returns
    -------
    The name of what is shipped or the path of a file; empty if there is neither.
    """
    if not isinstance(said, str) or not said.strip():
        wanted = f"the name of a shipped {kind} or of a file"
        return "", [node.problem(shown, key, f"is {echo(node.plain())}", wanted)]
    name = said.strip()
    if is_path(name):
        if leads_out(name, file):
            wrong = f"{name!r:.60} leads out of the file's own folder"
            return "", [node.problem(shown, key, wrong, "a file in the same folder")]
        if not (file.parent / name).is_file():
            wanted = f"a file in this folder or a shipped {kind}"
            return "", [node.problem(shown, key, f"{name!r:.60} is missing", wanted)]
        return str(file.parent / name), []
    try:
        if (kind, canonical(name)) != ("option", NO_EFFECT):
            find(kind, name)
    except ScenarioError as error:
        first = error.problems[0]
        return "", [node.problem(shown, key, f"{echo(name)}: {first.wrong}", first.expected, first.hint)]
    return name, []


def either(names: Sequence[str]) -> str:
    """Return names as a choice in words."""
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def about_file(kind: str, name: str) -> dict[str, str]:
    """Return the title of a shipped file and why it is there."""
    if canonical(name) == NO_EFFECT:
        return {"title": "No effect", "why": "What if nothing the partnership does changed anybody?"}
    root = read(*find(kind, name))
    said = {text: root.value[text][1].value for text in ("name", "why", "about") if text in root.value}
    return {"title": said.get("name", name), "why": said.get("why") or said.get("about", "")}


def head(root: Node, file: str, allowed: tuple[str, ...], *kinds: str) -> list[Problem]:
    """Return what is wrong with a file's own keys: its kind, its name, and keys it cannot have.

    Raises
    ------
    ScenarioError
        If it is of another kind that there is.
    """
    problems = []
    said = root.value.get("kind")
    if said is None:
        problems.append(root.problem(file, "kind", "is missing", f"one of {', '.join(KINDS)}"))
    else:
        node = said[1]
        wanted = kinds or KINDS
        if node.value in KINDS and node.value not in wanted:
            # What its other keys should be is not known from what was wanted.
            problem = node.problem(file, "kind", f"is {echo(node.plain())}", either(wanted))
            raise ScenarioError([problem])
        if node.value not in wanted:
            problems.append(node.problem(file, "kind", f"is {echo(node.plain())}", either(wanted)))
    for text in ("name", *TEXTS):
        pair = root.value.get(text)
        if pair is None:
            if text == "name":
                problems.append(root.problem(file, "name", "is missing", "a text"))
        elif not isinstance(pair[1].value, str) or not pair[1].value.strip():
            problems.append(pair[1].problem(file, text, f"is {echo(pair[1].plain())}", "a text"))
    known = ("kind", "name", *TEXTS, *allowed)
    for name, (key, _) in root.value.items():
        if name not in known:
            problems.append(key.problem(file, name, "unknown key", "", did_you_mean(name, list(known))))
    return problems
