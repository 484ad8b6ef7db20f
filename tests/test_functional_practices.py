"""Every practice of the table exists: its parameters, option, test, outcome and page."""

import csv
import re
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from experiments import Plan, compare, words
from experiments.documentation import DOCS, shown
from experiments.practices import PRACTICES, Practice
from scenarios import load
from scenarios.tree import field_at, table_at
from simulation import OUTCOMES, Parameters, Result, Timeline
from tests.report_page import Page

ROOT = Path(__file__).parent.parent
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("test_*.py"))

with (DOCS / "tables" / "practices.csv").open(encoding="utf-8", newline="") as file:
    MEASURED_ROWS = {row["option"]: row for row in csv.DictReader(file)}


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


@pytest.mark.parametrize("practice", PRACTICES, ids=lambda practice: practice.option)
def test_a_page_has_what_was_measured_and_why_it_is_not_as_by_hand(practice: Practice) -> None:
    page = shown(ROOT / "docs" / "practices" / f"{practice.page}.md")
    figure = rf"<!-- number: measured/{practice.option} -->[^<]+<!-- / -->"
    told = re.search(rf"{figure}(.*?)(?:\n\n|\Z)", page, re.DOTALL)
    assert told, "no place for the figure"
    row = MEASURED_ROWS[practice.option]
    low, high = map(float, row["95% interval"].split(" to "))
    off = abs(float(row["measured"]) - practice.by_hand)
    if not low <= practice.by_hand <= high and off > abs(practice.by_hand) / 10:
        assert "why they differ" in told[1]


def _general(path: tuple[str, ...]) -> str:
    """Return a key with the names of teams and meetings replaced by a star."""
    if field_at(Parameters, path[:1]) is not None and table_at(Parameters, path[:1]) is not None:
        path = (path[0], "*", *path[2:])
    return ".".join(path)


def test_a_comparison_shows_what_its_options_move_first(tmp_path: Path) -> None:
    def simulate(scenarios: Mapping[str, Timeline], **keys: Any) -> list[Result]:
        return [Result(name, {"wrong_selections": 7.0 * place, "compacts_signed": 2.0})
                for place, name in enumerate(scenarios)]  # fmt: skip

    plan = Plan(replications=2, years=0.1, workers=1, draw="none")
    study = compare("bristol", "intelligence-led", plan=plan, out=tmp_path / "out", simulate=simulate)
    console = Console(width=120, record=True, file=StringIO())
    for table in words.tables(study.runs, study.differences, study.scenarios):
        console.print(table)
    for text in (console.export_text(), Page(study).said):
        assert OUTCOMES["wrong_selections"].label in text
        assert OUTCOMES["compacts_signed"].label not in text


def test_a_combination_is_compared_with_what_it_contains(tmp_path: Path) -> None:
    def simulate(scenarios: Mapping[str, Timeline], **keys: Any) -> list[Result]:
        return [Result(name, {"committed_offences": 10.0 * len(name)}) for name in scenarios]

    plan, options = Plan(replications=2, years=0.1, workers=1, draw="none"), ("era-2026", "letters+era-2026")
    study = compare("bristol", *options, "letters", plan=plan, out=tmp_path / "out", simulate=simulate)
    known = study.differences.set_index(["option", "reference"])["mean_difference"]
    assert known["bristol+letters+era-2026", "bristol+era-2026"] == 10 * len("+letters")
    assert known["bristol+letters+era-2026", "bristol+letters"] == 10 * len("+era-2026")
    assert {reference for option, reference in known.index if option == "bristol+letters"} == {"bristol"}
    titles = [str(table.title) for table in words.tables(study.runs, study.differences, study.scenarios)]
    assert "bristol+letters+era-2026 against bristol+era-2026 alone" in titles
    assert "letters+era-2026 against era-2026 alone" in Page(study).said
