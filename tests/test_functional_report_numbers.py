"""The report's numbers: those of the files beside it, in every table, on the page as in the workbook."""

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from experiments import Plan, Study, compare, report
from experiments.report.table import levels
from simulation.ledger import SAVERS
from tests.report_page import Page, replicate

NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?")
WEEKLY = {
    "Offences averted so far, committed in the whole area": "averted",
    "Minutes of contact a person carried and week": "contact_minutes",
    "Share of the caseload in a band other than prompt news would give": "wrong_bands",
}
BANDS = ("red", "amber", "green", "blue")
LABELS = {"Nottingham": "nottingham", "hub": "nottingham+hub", "bigger-cohort": "nottingham+bigger-cohort"}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("study") / "out"
    plan = Plan(replications=5, workers=1)
    return compare("nottingham", "hub", "bigger-cohort", plan=plan, out=folder, simulate=replicate)


@pytest.fixture(scope="module")
def page(study: Study) -> Page:
    report.write(study, excel=True)
    return Page(study)


@pytest.fixture(scope="module")
def runs(study: Study) -> pd.DataFrame:
    return pd.read_parquet(study.folder / "runs.parquet").set_index(["scenario", "replication"]).sort_index()


def kind(row: dict[str, str]) -> str:
    """Return what a table is of, by the columns of its numbers."""
    signs = {
        "crime_avoided_gbp": "money",
        "measure": "break-even",
        "mean_difference": "differences",
        "what": "published",
        "Week": "weekly",
        "week": "bands",
    }
    signs |= {"Key": "values", "outcome": "levels"}
    return next(name for sign, name in signs.items() if sign in row)


def of_kind(page: Page, name: str) -> list[tuple[str, list[dict[str, str]]]]:
    captions = [caption for caption, _ in page.tables]
    found = zip(captions, page.csvs, strict=True)
    return [(caption, rows) for caption, rows in found if kind(rows[0]) == name]


def test_every_table_is_of_a_kind_that_is_checked_below(page: Page) -> None:
    counts = {
        name: len(of_kind(page, name))
        for name in ("differences", "levels", "money", "break-even", "published", "weekly", "bands", "values")
    }
    assert counts == {
        "differences": 6,
        "levels": 9,
        "money": 1,
        "break-even": 1,
        "published": 1,
        "weekly": 3,
        "bands": 1,
        "values": 4,
    }
    assert sum(counts.values()) == len(page.tables)


def test_what_is_read_rounds_what_the_csv_holds(page: Page) -> None:
    """Every number that is read is that of its row of the CSV, rounded as it is shown."""
    checked = 0
    for (caption, rows), unrounded in zip(page.tables, page.csvs, strict=True):
        if kind(unrounded[0]) == "values":
            continue
        # Where not every row is read, the week tells which.
        by_week = {(row.get("scenario", ""), row.get("Week") or row.get("week")): row for row in unrounded}
        for place, row in enumerate(rows[1:]):
            which = {"weekly": ("", row[0]), "bands": (LABELS.get(row[0], ""), row[1])}.get(
                kind(unrounded[0])
            )
            held = by_week[which] if which else unrounded[place]
            known = [float(value) for value in held.values() if NUMBER.fullmatch(value.split("e")[0])]
            for text, number, half in (found for cell in row[1:] for found in numbers(cell)):
                near = min(abs(number - value) for value in known)
                assert near <= half * 1.001, (caption, row[0], text)
                checked += 1
    assert checked > 500


def numbers(cell: str) -> list[tuple[str, float, float]]:
    """Return a cell's numbers with half of what their last figure is worth."""
    if cell.startswith("not computed"):
        return []
    scale = 1000.0 if "k" in cell else 0.01 if "%" in cell or "points" in cell else 1.0
    found = []
    for text in NUMBER.findall(cell.replace("\N{MINUS SIGN}", "-")):
        decimals = len(text.partition(".")[2])
        found.append((text, float(text.replace(",", "")) * scale, 0.5 * 10**-decimals * scale))
    # Money that rounds to nothing is shown without its thousands.
    return [(text, number, 500.0 if cell == "0" else half) for text, number, half in found]


def test_differences_are_those_of_the_runs_and_of_the_file(study: Study, page: Page, runs: Any) -> None:
    file = pd.read_csv(study.folder / "differences.csv").set_index(["outcome", "option", "reference"])
    seen = set()
    for _, rows in of_kind(page, "differences"):
        for row in rows:
            outcome, option, reference = row["outcome"], row["option"], row["reference"]
            for column in ("mean_difference", "low", "high", "area_low", "area_high", "n"):
                assert float(row[column]) == pytest.approx(file.loc[(outcome, option, reference), column])
            if outcome == "net_benefit_gbp" and reference == "twin":
                # A run's net benefit is its difference to the twin already.
                before = 0.0 * runs.loc[option, outcome]
            elif reference == "twin":
                before = runs.loc[option, f"twin_{outcome}"]
            else:
                before = runs.loc[reference, outcome]
            assert float(row["mean_difference"]) == pytest.approx((runs.loc[option, outcome] - before).mean())
            if row.get("level"):
                assert float(row["level"]) == pytest.approx(before.mean())
            seen.add((option, reference))
    assert seen == {
        (option, reference)
        for option in study.scenarios
        for reference in ("nottingham", "twin")
        if option != reference
    }


def test_levels_are_those_of_the_runs(study: Study, page: Page, runs: Any) -> None:
    rows = [row for _, found in of_kind(page, "levels") for row in found]
    assert {"caseload_mean", "contact_wait_days", "band_lag_days", "utilisation_police"} <= {
        row["outcome"] for row in rows
    }
    for row in rows:
        for name in study.scenarios:
            assert float(row[name]) == pytest.approx(runs.loc[name, row["outcome"]].mean())


def test_money_is_that_of_the_runs_and_adds_up(page: Page, runs: Any) -> None:
    ((_, rows),) = of_kind(page, "money")
    for row in rows:
        own = runs.loc[row["scenario"]]
        crime, custody = own["saved_by_victims_gbp"].mean(), own["saved_by_prisons_gbp"].mean()
        net = own["net_benefit_gbp"].mean()
        assert float(row["crime_avoided_gbp"]) == pytest.approx(crime)
        assert float(row["custody_avoided_gbp"]) == pytest.approx(custody)
        assert float(row["mean_difference"]) == pytest.approx(net)
        assert float(row["cost_gbp"]) == pytest.approx(own["iom_cost_gbp"].mean())
        parts = sum(float(row[part]) for part in ("crime_avoided_gbp", "custody_avoided_gbp", "other_gbp"))
        assert parts - float(row["cost_gbp"]) == pytest.approx(net)
        times = row["breaks_even_at_times_crime_avoided"]
        if times:
            assert net + (float(times) - 1) * crime == pytest.approx(0, abs=1)
        else:
            assert crime <= 0


def test_break_even_is_that_of_the_runs(page: Page, runs: Any) -> None:
    ((_, rows),) = of_kind(page, "break-even")
    figures = {row["measure"]: row for row in rows}
    for name in LABELS.values():
        own = runs.loc[name]
        beyond = (own["iom_cost_gbp"] - own["ordinary_cost_gbp"]).mean()
        saved = sum(own[f"saved_by_{saver}_gbp"] for saver in SAVERS).mean()
        assert float(figures["Net benefit, £"][name]) == pytest.approx(saved - beyond)
        per_person = float(figures["Cost of a person managed, £"][name])
        assert per_person == pytest.approx(beyond / own["ever_managed"].mean())


def test_the_published_count_stands_beside_what_iom_adds(page: Page, runs: Any) -> None:
    ((_, rows),) = of_kind(page, "published")
    own = runs.loc["nottingham"]
    published, without = own["before_after_change"], own["twin_before_after_change"]
    wanted = [published.mean(), without.mean(), (published - without).mean()]
    assert [float(row["change"]) for row in rows] == pytest.approx(wanted)


def test_weekly_series_are_those_of_the_file(study: Study, page: Page) -> None:
    weekly = pd.read_parquet(study.folder / "weekly.parquet")
    columns = ["scenario", "outcome", "replication", "week"]
    series = weekly.set_index(columns)["value"].sort_index()
    tables = of_kind(page, "weekly")
    assert {caption.removesuffix(", by week") for caption, _ in tables} == set(WEEKLY)
    for caption, rows in tables:
        for column in rows[0]:
            if column == "Week" or column.endswith((", low", ", high")):
                continue
            own = series[LABELS[column]]
            measure = WEEKLY[caption.removesuffix(", by week")]
            if measure == "averted":
                gap = own["twin_committed_offences"] - own["committed_offences"]
                values = gap.groupby("replication").cumsum()
            else:
                values = own[measure] / own["caseload"]
            wanted = values.groupby("week").mean().tolist()
            assert [float(row[column]) for row in rows] == pytest.approx(wanted)


def test_bands_are_those_of_the_file(study: Study, page: Page) -> None:
    weekly = pd.read_parquet(study.folder / "weekly.parquet")
    means = weekly.groupby(["scenario", "outcome", "week"])["value"].mean()
    ((_, rows),) = of_kind(page, "bands")
    assert len(rows) == len(study.scenarios) * weekly["week"].nunique()
    for row in rows:
        own = [means[row["scenario"], f"caseload_{band}", int(row["week"]) - 1] for band in BANDS]
        assert [float(row[band]) for band in BANDS] == pytest.approx(own)
        assert float(row["all"]) == pytest.approx(sum(own))
        assert float(row["low"]) < float(row["all"]) < float(row["high"])


def test_values_and_their_sources_are_those_of_the_manifest(study: Study, page: Page) -> None:
    manifest = json.loads((study.folder / "manifest.json").read_text())
    last = {name: resolved[-1]["parameters"] for name, resolved in manifest["scenarios"].items()}
    checked = 0
    every = next(rows for _, rows in of_kind(page, "values") if "Role" in rows[0])
    for row in every:
        scenarios = list(LABELS) if row["In"] == "all" else row["In"].split(", ")
        for scenario in (LABELS[label] for label in scenarios):
            value: Any = last[scenario]
            for part in row["Key"].split("."):
                value = value[part]
            assert manifest["provenance"][scenario][row["Key"]]["confidence"] == row["Confidence"]
            shown = NUMBER.match(row["Value"].lstrip("£"))
            if isinstance(value, int | float) and not isinstance(value, bool):
                assert shown is not None
                scale = 0.01 if "%" in row["Value"] else 1
                assert float(shown[0].replace(",", "")) * scale == pytest.approx(value)
                checked += 1
    assert checked > 300
    assert {row["Key"] for row in every} == set(manifest["provenance"]["nottingham"])


def test_the_workbook_holds_the_tables_of_the_page(study: Study, page: Page) -> None:
    book = load_workbook(study.folder / report.WORKBOOK)
    listed = [row for row in book["Contents"].iter_rows(min_row=6, values_only=True) if row[0]]
    assert [row[1] for row in listed] == [caption for caption, _ in page.tables]
    assert [row[0] for row in listed] == book.sheetnames[1:]
    assert all(row[2] in page.headings and row[3] and row[4] for row in listed)
    for (name, caption, *_), unrounded in zip(listed, page.csvs, strict=True):
        sheet = book[name]
        assert sheet["A1"].value == caption
        head, *lines = sheet.iter_rows(min_row=4, values_only=True)
        assert list(head) == list(unrounded[0])
        assert len(lines) == len(unrounded)
        for line, row in zip(lines, unrounded, strict=True):
            for cell, text in zip(line, row.values(), strict=True):
                same = (
                    float(text) == pytest.approx(cell)
                    if isinstance(cell, int | float)
                    else text == (cell or "")
                )
                assert same, (caption, cell, text)


def test_what_a_source_says_is_no_formula_in_the_workbook(tmp_path: Path) -> None:
    option = tmp_path / "mine.yaml"
    option.write_text(
        "kind: option\nname: Mine\nchanges:\n"
        "  cohort.ceiling: {value: 500, source: '=HYPERLINK(\"x\")', confidence: expert}\n"
    )
    plan = Plan(replications=2, workers=1)
    mine = compare("nottingham", str(option), plan=plan, out=tmp_path / "out", simulate=replicate)
    report.write(mine, excel=True)
    book = load_workbook(tmp_path / "out" / report.WORKBOOK)
    cells = [cell for row in book.worksheets[1].iter_rows() for cell in row if cell.value is not None]
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)


def test_no_iom_stands_beside_scenarios_only_where_it_is_the_same_for_all() -> None:
    class Read(SimpleNamespace):
        def runs(self, scenario: str, outcome: str) -> np.ndarray:
            return np.array(self.known[scenario].get(outcome, []), dtype=float)

        def level(self, scenario: str, outcome: str) -> float:
            values = self.runs(scenario, outcome)
            return float(values.mean()) if len(values) else float("nan")

    outcomes = ("committed_offences", "custody_days", "ni16_recorded_sac")
    town = {"committed_offences": [90, 92], "twin_committed_offences": [100, 104],
            "custody_days": [7, 9], "twin_custody_days": [8, 8]}  # fmt: skip
    other_pool = {**town, "twin_custody_days": [8, 9]}
    reading = Read(
        known={"town": town, "town+b": other_pool}, scenarios=["town", "town+b"], period="1 year",
        how_many="2 replications", label=str,
    )  # fmt: skip
    table = levels(reading, outcomes, "Crime", twin=True)
    assert table is not None
    assert table.headings == ["Outcome", "no IOM", "town", "town+b"]
    assert [row[1] for row in table.rows] == ["102", "-"]
    assert "Not known from such runs: serious acquisitive" in table.caption
    plain = levels(reading, outcomes, "Crime")
    assert plain is not None
    assert plain.headings == ["Outcome", "town", "town+b"]
    assert "Not known" not in plain.caption
