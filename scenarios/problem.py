"""Problems: what is wrong in a file, where, what was expected and what to do."""

from dataclasses import dataclass

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
        head = ": ".join(part for part in (place, self.key) if part)
        return f"{head}: {'; '.join(parts)}"


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
    """Return a value as it can be shown in a message, cut to a decent length."""
    text = repr(value)
    return text if len(text) <= LONGEST_ECHO else text[: LONGEST_ECHO - 3] + "..."
