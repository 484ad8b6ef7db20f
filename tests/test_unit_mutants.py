"""The mistakes that are put into the model are the ones meant, and what they show is counted rightly."""

import ast
from pathlib import Path

import pytest

from tests import court
from tests.mutants import KEPT_NUMBERS, ROOM, _about, found_again, noticed, rates
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
    rows = [{"operator": "constant", "outcome": "killed"}] * 9
    rows += [{"operator": "boolean", "outcome": "killed since", "reason": ""}]
    table = rates(rows)
    assert table[1][:4] == ["boolean", "1", "0", "0.000"]
    # Clopper and Pearson, nine of ten; what was written since makes no rate better.
    assert table[-1] == ["all", "10", "9", "0.900", "0.555", "0.997", "1", "0", "0"]


def test_what_noticed_a_mistake_is_told_by_kind() -> None:
    by = ["tests/test_unit_needs.py::test_a", "tests/test_functional_schema.py::test_b",
          f"{KEPT_NUMBERS}[x]", "time-out"]  # fmt: skip
    rows = [{"outcome": "killed", "by": name} for name in by] + [{"outcome": "survived", "by": ""}]
    assert [row[1] for row in noticed(rows)] == ["mutants", "1", "1", "1", "1"]


def test_a_survivor_is_found_again_where_its_line_has_moved_to(file: Path) -> None:
    three = next(mutant for mutant in mutants(file) if mutant.was == "a * 3")
    row = court.told(three)
    file.write_text(TEXT.replace('"""Words', "# A line more.\n" * 4 + '"""Words'))
    there = list(mutants(file))
    found = found_again(row, there)
    assert found is not None
    assert (found.line, found.was, found.becomes) == (three.line + 4, "a * 3", "a / 3")
    assert found_again(row | {"was": "a * 4"}, there) is None
    # Of two numbers that are alike, the one in its column; of a line far away, none.
    zero = next(mutant for mutant in mutants(file) if (mutant.was, mutant.becomes) == ("0", "1"))
    assert found_again(court.told(zero), there) == zero
    assert found_again(row | {"line": "200"}, there) is None


def test_tests_about_a_room_are_those_that_import_it() -> None:
    assert "tests/test_unit_mutants.py" not in _about("needs")
    assert "tests/test_unit_capacity.py" in _about("capacity")
    # Of several names behind one import.
    assert "tests/test_unit_who.py" in _about("bands")
    # Of a file that bears the room's name and does not name it otherwise.
    assert "tests/test_unit_money.py" in _about("money")


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> court.Court:
    project = tmp_path / "project"
    (project / "simulation").mkdir(parents=True)
    (project / "simulation" / "room.py").write_text(TEXT)
    monkeypatch.setattr(court, "ROOT", project)
    return court.Court(tmp_path / "copies", 1)


def test_a_test_that_fails_without_a_mistake_kills_nothing(
    copies: court.Court, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant = next(iter(mutants(file)))._replace(file="simulation/room.py")

    def fails(tree: Path, tests: list[str]) -> str:
        changed = (tree / "simulation" / "room.py").read_text() != TEXT
        return next((it for it in tests if "always" in it or ("finds" in it and changed)), "")

    monkeypatch.setattr(court, "_killer", fails)
    by = {tests: copies.judged(mutant, list(tests)) for tests in (
        ("t.py::always",), ("t.py::always", "t.py::finds"), ("t.py::passes",),
    )}  # fmt: skip
    assert [(row["outcome"], row["by"], row["reason"]) for row in by.values()] == [
        ("survived", "", ""), ("killed", "t.py::finds", ""), ("survived", "", ""),
    ]  # fmt: skip
    monkeypatch.setattr(court, "_killer", lambda tree, tests: "another.py::always")
    assert copies.judged(mutant, ["t.py::passes"])["outcome"] == "survived"
    # What fails as a whole without a mistake, as a test that is not there, kills nothing either.
    monkeypatch.setattr(court, "_killer", lambda tree, tests: "what every test imports")
    assert copies.judged(mutant, ["t.py::gone"])["outcome"] == "survived"
    assert copies.judged(mutant, [])["reason"] == "no test passes through it"
    assert next((copies.trees.get()).glob("simulation/*.py")).read_text() == TEXT
