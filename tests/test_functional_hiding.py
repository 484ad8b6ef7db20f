"""Small counts of people are hidden where a site was made from an area's own records, and nowhere else."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from experiments import Plan, Study, compare, conduct, report, sweep
from experiments.command_line import app
from experiments.hiding import cleared, hiding
from experiments.manifest import one_by_one
from experiments.report import workbook
from experiments.store import held_manifest
from experiments.words import number
from scenarios import load_study
from scenarios.own_caseload import OwnCaseload
from simulation import OUTCOMES
from tests import report_page
from tests.report_page import Page

OWN = OwnCaseload(30, date(2026, 9, 30))
SITE = "kind: site\nname: Own\nextends: nottingham\nown_caseload: {people: 30, counted: 2026-09-30}\n"
#: What the stand-in counts of people: too few to be shown.
FEW = 3.25


def replicate(*args, **kwargs):  # type: ignore[no-untyped-def]
    """Return every outcome, with every count of people too small to be shown."""
    return [
        replace(
            result,
            outcomes={
                name: FEW if OUTCOMES[name.removeprefix("twin_")].unit == "people" else value
                for name, value in result.outcomes.items()
            },
            weekly={
                name: 0 * rows + FEW if name.startswith("caseload") else rows
                for name, rows in result.weekly.items()
            },
        )
        for result in report_page.replicate(*args, **kwargs)
    ]


@pytest.fixture(scope="module", params=["own", "shipped"])
def study(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "own.yaml").write_text(SITE)
    site = str(folder / "own.yaml") if request.param == "own" else "nottingham"
    return compare(site, "hub", plan=Plan(3, years=0.5, workers=1), out=folder / "out", simulate=replicate)


def test_within_hiding_a_small_count_of_people_is_not_written() -> None:
    assert number(3, "people") == "3.00"
    with hiding(OWN):
        assert number(3, "people") == number(-3, "people", signed=True) == "under 5"
        assert (number(0, "people"), number(5, "people"), number(3, "offences")) == ("0", "5.00", "3.00")
    with hiding(None):
        assert number(3, "people") == "3.00"


def test_a_table_is_cleared_by_its_units_its_outcomes_or_its_columns() -> None:
    units = pd.DataFrame({"unit": ["people", "days"], "a": [3.0, 3.0], "n": [3, 3]})
    outcomes = pd.DataFrame({"outcome": ["entries", "twin_arrests", "custody_days"], "low": [-2.0, 7.0, 2.0]})
    columns = pd.DataFrame({"entries": [4], "custody_days": [4], "replication": [2]})
    assert cleared(units) is units
    with hiding(OWN):
        assert cleared(units)["a"].tolist() == ["under 5", 3.0]
        assert cleared(units)["n"].tolist() == [3, 3]
        assert cleared(outcomes)["low"].tolist() == ["under 5", 7.0, 2.0]
        assert cleared(columns).iloc[0].tolist() == ["under 5", 4, 2]
        assert cleared(pd.DataFrame({"week": [1], "red": [2]}), "people").iloc[0].tolist() == [1, "under 5"]


def test_the_report_its_csvs_and_the_workbook_hide_what_is_small(study: Study) -> None:
    page, own = Page(study), study.place.own_caseload is not None
    book = load_workbook(BytesIO(_workbook(study)))
    held = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    shown = [cell for _, rows in page.tables for row in rows for cell in row]
    embedded = " ".join(report_page.b64decode(it).decode() for it in report_page.EMBEDDED.findall(page.text))
    assert ("under 5" in held) is ("under 5" in shown) is ("under 5" in embedded) is own
    assert (str(FEW) in held) is not own
    assert bool(re.search(rf"(?<![\d.]){re.escape(str(FEW))}(?!\d)", embedded)) is not own
    assert ("Counts of people under 5" in " ".join(page.words)) is own


def _workbook(study: Study) -> bytes:
    report.write(study, excel=True)
    return (study.folder / report.WORKBOOK).read_bytes()


def test_the_manifest_says_of_whom_a_site_was_made(study: Study) -> None:
    said = held_manifest(study.folder)
    told = one_by_one(said)
    if study.place.own_caseload is None:
        assert said["own_caseload"] is None
        assert told == ""
    else:
        assert said["own_caseload"]["people"] == 30
        assert told.startswith("The site was made from records of 30 people, and none of them is in here")


def test_what_a_command_prints_is_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.yaml").write_text(SITE)
    monkeypatch.setattr(conduct, "_simulate", lambda: replicate)

    def printed(site: str) -> str:
        command = [
            "run",
            site,
            "--replications",
            "3",
            "--years",
            "0.5",
            "--workers",
            "1",
            "--out",
            site + "-out",
        ]
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, result.output
        return result.output

    assert "under 5" in printed("own.yaml")
    assert "under 5" not in printed("nottingham")


def test_a_sweeps_workbook_is_written_as_the_reports_is(tmp_path: Path) -> None:
    file = replace(load_study("end-of-funding"), replications=2)
    study = sweep(file, plan=Plan(2, workers=1), out=tmp_path / "out", simulate=report_page.replicate)
    book = load_workbook(BytesIO(workbook.of_sweep(study)))
    assert book.sheetnames == ["Contents", "1 Differences", "2 Runs"]
    heads = [cell.value for cell in book["2 Runs"][4]]
    assert heads == list(study.runs.columns)
    assert book["2 Runs"].max_row == 4 + len(study.runs)
    place = heads.index("committed_offences") + 1
    assert book["2 Runs"].cell(5, place).value == pytest.approx(study.runs["committed_offences"][0])
