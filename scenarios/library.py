"""Where files are: shipped ones by name, others by path."""

import os.path
from collections.abc import Sequence
from pathlib import Path

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
    """Return what is wrong with a file's own keys: its kind, its name, and keys it cannot have."""
    problems = []
    said = root.value.get("kind")
    if said is None:
        problems.append(root.problem(file, "kind", "is missing", f"one of {', '.join(KINDS)}"))
    else:
        node = said[1]
        wanted = kinds or KINDS
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
