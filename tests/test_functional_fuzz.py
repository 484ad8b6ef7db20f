"""Any file is read, or refused with placed words, quickly; ``make fuzz`` reads thousands."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from scenarios import Problem, ScenarioError
from tests.fuzz import oracle
from tests.fuzz.__main__ import batch, summed
from tests.fuzz.grammar import KINDS, files

OPTION = "kind: option\nname: Test\nchanges:\n  cohort.ceiling: 5\n"
QUICK = settings(
    max_examples=50, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.reuse, Phase.generate, Phase.shrink],
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_any_file_is_read_or_refused_at_a_place(kind: str, tmp_path: Path) -> None:
    path = tmp_path / ("file.csv" if kind == "caseload" else "file.yaml")

    @QUICK
    @given(files(kind))
    def holds(content: bytes) -> None:
        path.write_bytes(content)
        found = oracle.judge(kind, path)
        assert not found.fault, found

    holds()


@pytest.mark.parametrize("kind", KINDS)
def test_some_files_are_right_and_some_are_not(kind: str, tmp_path: Path) -> None:
    found = batch(kind, 0, 5, tmp_path, cases=15)
    assert 0 < found["accepted"] < found["cases"]
    *_, last = summed([found])
    assert last.startswith(f"all,{found['cases']},{found['accepted']},{found['cases'] - found['accepted']},")


def test_a_batch_is_the_same_files_again(tmp_path: Path) -> None:
    one, other = (batch("option", 3, 5, tmp_path, cases=10) for _ in range(2))
    assert one["accepted"] == other["accepted"]
    assert one["cases"] == other["cases"] == 10


@pytest.mark.parametrize(
    ("does", "fault"),
    [
        (KeyError("x"), "KeyError at test_functional_fuzz.py:"),
        (ScenarioError([]), "refused without a word"),
        (ScenarioError([Problem("{path}", 0, 0, "", "is odd")]), "no place: is odd"),
        (ScenarioError([Problem("{path}", 5, 1, "", "is odd")]), "a place that is not there"),
        (ScenarioError([Problem("{path}", 4, 99, "", "is odd")]), "a column that is not there"),
        (ScenarioError([Problem("other.yaml", 1, 1, "", "is odd")]), "a complaint about other.yaml"),
        (ScenarioError([Problem("{path}", 4, 1, "", "")]), "a complaint that cannot be printed"),
        (None, "too slow"),
    ],
)
def test_what_breaks_a_promise_is_found(
    does: Exception | None, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(OPTION.rstrip())

    def fails(*_: object) -> None:
        if does is None:
            end = time.process_time() + 0.02
            while time.process_time() < end:
                pass
        elif isinstance(does, ScenarioError):
            raise ScenarioError([_at(problem, path) for problem in does.problems])
        else:
            raise does

    monkeypatch.setattr(oracle, "answer", fails)
    monkeypatch.setattr(oracle, "MOST_SECONDS", 0.01)
    assert oracle.judge("option", path).fault.startswith(fault)


def _at(problem: Problem, path: Path) -> Problem:
    file = problem.file.format(path=path)
    return Problem(file, problem.line, problem.column, problem.key, problem.wrong)


def test_a_file_that_breaks_a_promise_is_kept_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oracle, "answer", lambda *_: [][0])
    found = batch("option", 0, 1, tmp_path / "kept", cases=3)
    assert sum(found["faults"].values()) == found["cases"] == len(list((tmp_path / "kept").iterdir()))
    *_, last = summed([found])
    assert last.startswith("all,3,0,0,")
    assert last.split(",")[6:8] == ["3", "0"]
