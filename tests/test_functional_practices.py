"""Every practice of the table exists: its parameters, option, test, outcome and page."""

import re
from pathlib import Path

import pytest

from experiments.practices import PRACTICES, Practice
from scenarios import load
from scenarios.tree import field_at, table_at
from simulation import OUTCOMES, Parameters

ROOT = Path(__file__).parent.parent
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py"))


@pytest.mark.parametrize("practice", PRACTICES, ids=lambda practice: practice.option)
def test_every_name_of_a_row_exists(practice: Practice) -> None:
    page = (ROOT / "docs" / "practices" / f"{practice.page}.md").read_text(encoding="utf-8")
    assert f"## {practice.name}\n" in page
    assert practice.outcome in OUTCOMES
    assert re.search(rf"^ *def {practice.test}\(", TESTS, re.MULTILINE)
    for key in practice.keys:
        assert field_at(Parameters, tuple(key.split("."))) is not None, key


@pytest.mark.parametrize("practice", PRACTICES, ids=lambda practice: practice.option)
def test_the_option_of_a_row_changes_what_the_row_says(practice: Practice) -> None:
    changed = {_general(change.path) for change in load("bristol", practice.option).changes}
    assert changed & set(practice.keys), changed


def _general(path: tuple[str, ...]) -> str:
    """Return a key with the names of teams and meetings replaced by a star."""
    if field_at(Parameters, path[:1]) is not None and table_at(Parameters, path[:1]) is not None:
        path = (path[0], "*", *path[2:])
    return ".".join(path)
