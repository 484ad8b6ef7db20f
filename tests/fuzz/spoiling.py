"""Ways of spoiling a file: its values, its keys, its structure, its text and its bytes.

A document is a tree of :class:`Pairs`, lists and scalars. A slip is drawn as a few numbers and a piece of a
vocabulary, so that Hypothesis can make a failing file small.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.vocabulary import ENCODINGS, KEYS, ODD, TOKENS


class Pairs(list[list[Any]]):
    """A mapping as pairs, so that a key can stand in it twice."""


class Raw(str):
    """A value that stands in the file as it is."""


number = st.integers(0, 10_000)
TREE_SLIPS = ("set", "near", "key", "typo", "drop", "twice", "move", "wrap", "list", "dated", "grow")
#: A larger tree grows no more: a file need only be larger than what is allowed.
LARGEST_TREE = 500


def tree(value: Any) -> Any:
    """Return plain values as a tree."""
    if isinstance(value, dict):
        return Pairs([name, tree(part)] for name, part in value.items())
    if isinstance(value, list | tuple):
        return [tree(part) for part in value]
    return value


tree_slips = st.lists(
    st.tuples(
        st.sampled_from(TREE_SLIPS), number, number,
    ),
    max_size=3,
)  # fmt: skip
text_slips = st.lists(
    st.tuples(
        st.sampled_from(["insert", "cut", "line twice", "line away", "swap", "short", "repeat", "indent"]),
        number, number,
    ),
    max_size=2,
)  # fmt: skip
byte_slips = st.tuples(
    st.sampled_from(ENCODINGS), st.sampled_from([b""] * 9 + [b"\x80", b"\xff\xfe", b"\xed\xa0\x80"]), number
)


def spoil_tree(root: Any, slips: list[tuple[str, int, int]]) -> Any:
    """Return a tree with slips in it; the tree given is used up."""
    for what, at, how in slips:
        places = list(_places(root))
        if not places:
            return root
        holder, place = places[at % len(places)]
        pair = holder[place] if isinstance(holder, Pairs) else None
        value = pair[1] if pair is not None else holder[place]
        if what in ("key", "typo") and pair is not None:
            pair[0] = KEYS[how % len(KEYS)] if what == "key" else _mistyped(str(pair[0]), how)
        elif what == "drop":
            del holder[place]
        elif what == "twice":
            holder.insert(how % (len(holder) + 1), list(pair) if pair is not None else value)
        elif what == "move":
            other, there = places[how % len(places)]
            value = deepcopy(value)
            other.insert(there, ["moved", value] if isinstance(other, Pairs) else value)
        elif what == "grow" and len(places) < LARGEST_TREE:
            holder.extend([[f"k{n}", value] if pair is not None else value for n in range(how % 300)])
        else:
            new = _other_value(what, value, how)
            if pair is not None:
                pair[1] = new
            else:
                holder[place] = new
    return root


def _places(root: Any) -> Iterator[tuple[Any, int]]:
    waiting = [root]
    while waiting and len(waiting) < 5000:
        here = waiting.pop()
        if isinstance(here, list):
            for place, part in enumerate(here):
                yield here, place
                waiting.append(part[1] if isinstance(here, Pairs) else part)


def _other_value(what: str, value: Any, how: int) -> Any:
    if what == "wrap":
        names = ("value", "add", "scale", "low", "from", "source", "x")
        return Pairs([[names[how % len(names)], value]])
    if what == "list":
        return [value] * (how % 4)
    if what == "dated":
        return [
            Pairs([["from", date(2009 + how % 5, 1 + n % 12, 1)], ["value", value]])
            for n in range(how % 3 + 1)
        ]
    if what == "near" and type(value) in (int, float):
        return (
            -value,
            value * 10,
            value / 10,
            value + 1,
            value - 1,
            str(value),
            [value],
            value * 1e9,
            not value,
        )[how % 9]
    if what == "near" and isinstance(value, date):
        return value.replace(year=(1, 1900, 2008, 2009, 2010, 2011, 2050, 9999)[how % 8], day=1)
    return Raw(ODD[how % len(ODD)])


def _mistyped(name: str, how: int) -> str:
    at = how % max(1, len(name))
    return (
        name[:at] + name[at + 1 :], name[:at] + name[at : at + 1] + name[at:], name.upper(), name + "s",
        name.replace("_", "-"), name.replace(".", "_"), name.rsplit("_", 1)[0], name + "_days", name + ".x",
    )[how % 9]  # fmt: skip


def written(root: Any, how: int) -> str:
    """Return a tree as YAML: blocks, or braces below some depth, with some indent."""
    return "\n".join(_lines(root, 0, " " * (1 + how % 4), how // 4 % 6)) + "\n"


def _lines(here: Any, depth: int, indent: str, braces: int) -> Iterator[str]:
    for part in here if isinstance(here, list) else [here]:
        key, value = (f"{_scalar(part[0])}:", part[1]) if isinstance(here, Pairs) else ("-", part)
        if isinstance(value, list) and value and depth < braces:
            yield indent * depth + key
            yield from _lines(value, depth + 1, indent, braces)
        else:
            yield f"{indent * depth}{key} {_inline(value)}"


def _inline(value: Any) -> str:
    if isinstance(value, Pairs):
        return "{" + ", ".join(f"{_scalar(name)}: {_inline(part)}" for name, part in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, Raw | date):
        return str(value)
    if isinstance(value, str) and value.replace("_", "").replace(".", "").isidentifier():
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def spoil_text(text: str, slips: list[tuple[str, int, int]], longest: int) -> str:
    """Return a text with slips in it, at most so long."""
    for what, at, how in slips:
        lines = text.splitlines(keepends=True) or [""]
        line = at % len(lines)
        place = (at * 7919 + how) % (len(text) + 1)
        if what == "insert":
            text = text[:place] + TOKENS[how % len(TOKENS)] + text[place:]
        elif what == "cut":
            text = text[:place] + text[place + 1 + how % 40 :]
        elif what == "short":
            text = text[:place]
        elif what == "repeat":
            text = text[:place] + text[place : place + 1 + at % 30] * (how * 3) + text[place:]
        else:
            other = how % len(lines)
            if what == "line twice":
                lines.insert(other, lines[line])
            elif what == "line away":
                del lines[line]
            elif what == "swap":
                lines[line], lines[other] = lines[other], lines[line]
            else:
                lines[line] = (" ", "  ", "\t", "    ")[how % 4] + lines[line]
            text = "".join(lines)
    return text[:longest]


def as_bytes(text: str, how: tuple[str, bytes, int]) -> bytes:
    """Return a text in some encoding, perhaps with bytes in it that are none."""
    encoding, more, at = how
    content = text.encode(encoding, errors="replace")
    at %= len(content) + 1
    return content[:at] + more + content[at:]
