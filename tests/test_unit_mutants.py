"""The mistakes that are put into the model are the ones meant, and what they show is counted rightly."""

import ast
from pathlib import Path

import pytest

from tests.mutants import ROOM, rates
from tests.mutation import mutants, mutated

TEXT = '''"""Words, with 1 number."""

LIMIT: float = lever(3.5, label="Up to 4", low=0)


def f(a: int = 2, *, quick: bool = False) -> int:
    """Return what is over 5."""
    if a < 1 and not quick:
        a.sort()
        raise ValueError(f"{a} is under 1")
    a.kept[0] = a * 3
    return a - 1
'''


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "room.py"
    path.write_text(TEXT)
    return path


def test_each_kind_of_mistake_is_found_where_a_run_passes(file: Path) -> None:
    found = [(it.line, it.operator, it.was, it.becomes) for it in mutants(file)]
    assert sorted(found) == [
        (3, "constant", "0", "1"),
        (3, "constant", "3.5", "5.25"),
        (6, "constant", "2", "3"),
        (6, "constant", "False", "True"),
        (8, "boolean", "a < 1 and (not quick)", "a < 1 or not quick"),
        (8, "boolean", "not quick", "quick"),
        (8, "comparison", "a < 1", "a <= 1"),
        (8, "constant", "1", "2"),
        (9, "removed statement", "a.sort()", "pass"),
        (11, "arithmetic", "a * 3", "a / 3"),
        (11, "constant", "0", "1"),
        (11, "constant", "3", "4"),
        (11, "removed statement", "a.kept[0] = a * 3", "pass"),
        (12, "arithmetic", "a - 1", "a + 1"),
        (12, "constant", "1", "2"),
        (12, "returned value", "return a - 1", "return None"),
    ]


def test_a_mutant_is_the_text_with_one_mistake(file: Path) -> None:
    whole = ast.unparse(ast.parse(TEXT))
    for mutant in mutants(file):
        changed = mutated(TEXT, mutant.number)
        one = [new for old, new in zip(whole.splitlines(), changed.splitlines(), strict=True) if old != new]
        assert len(one) == 1, mutant
        assert mutant.becomes in one[0] or mutant.operator == "boolean"
    with pytest.raises(IndexError):
        mutated(TEXT, 99)


def test_every_room_has_mutants_and_they_are_told_apart() -> None:
    found = [mutant for name in ("diaries", "capacity", "bands") for mutant in mutants(ROOM / f"{name}.py")]
    assert len(found) > 60
    assert len({mutant[:6] for mutant in found}) == len(found)
    compile(mutated((ROOM / "diaries.py").read_text(), 7), "diaries.py", "exec")


def test_rates_have_exact_intervals() -> None:
    rows = [{"operator": "constant", "outcome": "killed"}] * 9 + [
        {"operator": "boolean", "outcome": "survived"}
    ]
    table = rates(rows)
    assert table[1][:4] == ["boolean", "1", "0", "0.000"]
    # Clopper and Pearson, nine of ten.
    assert table[-1] == ["all", "10", "9", "0.900", "0.555", "0.997"]
