"""Problems: what is wrong in a file, where, what was expected and what to do."""

from dataclasses import dataclass
from datetime import date

LONGEST_ECHO = 60


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong; prints as ``file:line:column: key: what; expected; hint``.

    Lines and columns count from 1; 0 means the file as a whole.
    """

    file: str
    line: int
    column: int
    key: str
    wrong: str
    expected: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        parts = [self.wrong]
        if self.expected:
            parts.append(f"expected {self.expected}")
        if self.hint:
            parts.append(self.hint)
        head = ": ".join(part for part in (place, _cut(self.key)) if part)
        # A key or a file's name can hold what would move the cursor or cannot be written at all.
        text = f"{head}: {'; '.join(parts)}"
        return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


class ScenarioError(Exception):
    """Input that cannot be run.

    Parameters
    ----------
    problems
        Everything that is wrong, at least one.
    """

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def echo(value: object) -> str:
    """Return a value as a file would write it, cut to a decent length."""
    return _cut(_written(value))


def _written(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        # More than this is cut away in any case.
        parts = [f"{name}: {_written(value[name])}" for name in list(value)[:LONGEST_ECHO]]
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_written(part) for part in value[:LONGEST_ECHO]) + "]"
    return repr(value)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_ECHO else text[: LONGEST_ECHO - 3] + "..."
