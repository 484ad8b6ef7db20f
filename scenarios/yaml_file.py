"""Reading YAML safely: positions kept, and nothing taken in that a scenario has no use for.

Text is read as a stream of events. Size is checked before a byte is read; depth, aliases, anchors, tags
and further documents on the stream itself, so that a hostile file costs no more than a short one.
"""

import math
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as yaml_events
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from scenarios.problem import Problem, ScenarioError, echo

LARGEST_BYTES = 128 * 1024
DEEPEST = 20
MOST_VALUES = 10_000

Scalar = str | int | float | bool | date | None


@dataclass(frozen=True)
class Node:
    """A value and where it stands; lines and columns count from 1.

    ``value`` is a scalar, a list of nodes, or a mapping of names to pairs of key node and value node.
    """

    value: Any
    line: int
    column: int

    @property
    def is_mapping(self) -> bool:
        """Whether this is a mapping."""
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        """Whether this is a list."""
        return isinstance(self.value, list)

    def problem(self, file: str, key: str, wrong: str, expected: str = "", hint: str = "") -> Problem:
        """Return a problem that stands here."""
        return Problem(file, self.line, self.column, key, wrong, expected, hint)

    def plain(self) -> Any:
        """Return the value without positions: dicts, tuples and scalars."""
        if self.is_mapping:
            return {name: node.plain() for name, (_, node) in self.value.items()}
        if self.is_list:
            return tuple(node.plain() for node in self.value)
        return self.value


def read(path: Path, shown: str) -> Node:
    """Read a file whose top level is a mapping.

    Parameters
    ----------
    path
        The file.
    shown
        The file as the user named it, for messages.

    Raises
    ------
    ScenarioError
        If the file cannot be read as plain YAML.
    """

    def refuse(wrong: str, expected: str = "", hint: str = "") -> ScenarioError:
        return ScenarioError([Problem(shown, 0, 0, "", wrong, expected, hint)])

    try:
        if path.is_dir():
            raise refuse("is a directory", "a YAML file")
        if not path.is_file():
            wrong = "is not a plain file" if path.exists() else "there is no such file"
            raise refuse(wrong, "the path of a YAML file")
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise refuse(f"has {size:,} bytes", f"at most {LARGEST_BYTES:,}")
        content = path.read_bytes()
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8").split("\n")
        wrong, wanted = "is not text in UTF-8", "a YAML file, saved as UTF-8"
        raise ScenarioError([Problem(shown, len(before), len(before[-1]) + 1, "", wrong, wanted)]) from None
    except OSError as error:
        raise refuse(f"cannot be read ({error.strerror})", "a file that you may read") from None
    return parse(text, shown)


def parse(text: str, shown: str) -> Node:
    """Return what a text says whose top level is a mapping, as :func:`read` does of a file."""
    root = _Composer(shown).compose(text)
    if root is None:
        wanted = "a mapping that begins with kind: and name:"
        raise ScenarioError([Problem(shown, 0, 0, "", "is empty", wanted)])
    if not root.is_mapping:
        raise ScenarioError([root.problem(shown, "", f"begins with {echo(root.plain())}", "a mapping")])
    return root


class _Composer:
    """Builds nodes from events, without recursion."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.bad_keys: list[Problem] = []
        self.values = 0

    def compose(self, text: str) -> Node | None:
        root: Node | None = None
        open_nodes: list[tuple[Node, list[Node]]] = []
        documents = 0
        try:
            for event in YAML(pure=True).parse(text):
                if isinstance(event, yaml_events.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        raise self._stop(event, "a second document begins here", "one document")
                    continue
                if isinstance(event, yaml_events.AliasEvent):
                    raise self._stop(event, f"alias {echo('*' + event.anchor)}", "the value itself")
                node = self._open(event)
                if node is not None and len(open_nodes) >= DEEPEST and not _is_scalar(event):
                    raise self._stop(event, f"nested more than {DEEPEST} deep", f"at most {DEEPEST}")
                if isinstance(event, yaml_events.MappingStartEvent | yaml_events.SequenceStartEvent):
                    assert node is not None
                    open_nodes.append((node, []))
                    continue
                if isinstance(event, yaml_events.MappingEndEvent | yaml_events.SequenceEndEvent):
                    node, parts = open_nodes.pop()
                    self._close(node, parts)
                if node is None:
                    continue
                if open_nodes:
                    open_nodes[-1][1].append(node)
                else:
                    root = node
        except MarkedYAMLError as error:
            raise ScenarioError([_unreadable(error, self.shown)]) from None
        except ReaderError as error:
            raise ScenarioError([_no_letter(text, error, self.shown)]) from None
        if self.bad_keys:
            raise ScenarioError(self.bad_keys)
        return root

    def _open(self, event: Any) -> Node | None:
        """Return the node an event begins, with nothing in it yet; ``None`` for other events."""
        if not isinstance(
            event,
            yaml_events.ScalarEvent | yaml_events.MappingStartEvent | yaml_events.SequenceStartEvent,
        ):
            return None
        if event.anchor is not None:
            raise self._stop(event, f"anchor {echo('&' + event.anchor)}", "no anchors")
        if getattr(event, "ctag", None) is not None or (event.tag is not None and event.tag != ""):
            raise self._stop(event, f"tag {echo(event.tag)}", "no tags")
        self.values += 1
        if self.values > MOST_VALUES:
            raise self._stop(event, f"more than {MOST_VALUES:,} values", "a shorter file")
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml_events.ScalarEvent):
            plain = event.style is None or event.style == ""
            # The parser marks with a bell where a folded text was folded.
            text = event.value.replace("\a", "") if event.style == ">" else event.value
            return Node(resolve(text) if plain else text, line, column)
        return Node({} if isinstance(event, yaml_events.MappingStartEvent) else [], line, column)

    def _close(self, node: Node, parts: list[Node]) -> None:
        if node.is_list:
            node.value.extend(parts)
            return
        for key, value in zip(parts[::2], parts[1::2], strict=True):
            if not isinstance(key.value, str):
                wanted = "a name, or quotes around a text with a comma in it"
                self.bad_keys.append(key.problem(self.shown, "", f"key {echo(key.plain())}", wanted))
                continue
            if value.value is None and value.line != key.line:
                # The mark of an empty value is that of whatever comes next.
                value = Node(None, key.line, key.column)
            if key.value in node.value:
                first = node.value[key.value][0].line
                wrong = f"set before in line {first}"
                self.bad_keys.append(key.problem(self.shown, key.value, wrong, "once"))
            node.value[key.value] = (key, value)

    def _stop(self, event: Any, wrong: str, expected: str) -> ScenarioError:
        mark = event.start_mark
        return ScenarioError([Problem(self.shown, mark.line + 1, mark.column + 1, "", wrong, expected)])


#: What a parser of YAML says, in words that lead to the mend; where something was left open, it stands there.
_SLIPS = {
    r"'\t'": ("a tab", "spaces to indent with"),
    "mapping values": (
        "a second colon, or a deeper indent than above",
        'quotes around a text with ": " in it, or the indent of the line above',
    ),
    "quoted scalar": ("a quote without its end", "the same quote at the end of the text"),
    "flow mapping": ("a { without its }, or without a comma", "{from: 2010-04-01, value: 3} or the like"),
    "flow sequence": ("a [ without its ], or without a comma", "[police, probation] or the like"),
}


#: Where YAML begins another line.
_BREAK = re.compile("\r\n|[\n\r]")


def _unreadable(error: MarkedYAMLError, shown: str) -> Problem:
    what = " ".join((error.problem or "").split())
    said = f"{error.context or ''} {what}"
    wrong, expected = next((mend for slip, mend in _SLIPS.items() if slip in said), (what[:160], ""))
    left_open = error.context_mark if "without" in wrong else None
    mark = left_open or error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    return Problem(shown, line, column, "", f"this is not YAML: {wrong}", expected)


def _no_letter(text: str, error: ReaderError, shown: str) -> Problem:
    before = _BREAK.split(text[: error.position])
    wrong = f"this is not YAML: the character U+{ord(text[error.position]):04X}"
    return Problem(shown, len(before), len(before[-1]) + 1, "", wrong, "letters, figures and signs")


def _is_scalar(event: Any) -> bool:
    return isinstance(event, yaml_events.ScalarEvent)


# A number with a plus stays a word: whoever writes +2 means two more, and a value of 2 is not that.
_INT = re.compile(r"-?[0-9]+(_[0-9]+)*\Z")
_FLOAT = re.compile(r"-?(\.[0-9]+|[0-9]+(_[0-9]+)*(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_SPECIAL: dict[str, Scalar] = {
    "": None, "~": None, "null": None, "true": True, "false": False, "True": True, "False": False,
    ".nan": math.nan, ".NaN": math.nan, ".inf": math.inf, "-.inf": -math.inf,
    "nan": math.nan, "inf": math.inf, "-inf": -math.inf,
}  # fmt: skip


def resolve(text: str) -> Scalar:
    """Return what a plain scalar stands for: nothing, a truth, a number, a date, or itself.

    This is the core schema of YAML 1.2 with dates; ``yes`` and ``no`` stay words.
    """
    if text in _SPECIAL:
        return _SPECIAL[text]
    if len(text) < 40:
        if _INT.match(text):
            return int(text)
        if _FLOAT.match(text):
            return float(text)
    if _DATE.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
