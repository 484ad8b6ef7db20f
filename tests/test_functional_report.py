"""The report: true to the files, whole in one file, readable by everybody, and there in every case."""

import csv
import io
import itertools
import re
from base64 import b64decode
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import simulation.replication
from experiments import Plan, Study, compare, report, run
from experiments.command_line import app
from experiments.report.answer import finding
from simulation import OUTCOMES, Result, Timeline
from tests import stand_in

WEEKS = 26
VOID = {"meta", "img", "link", "br", "hr", "input", "wbr"}
EMBEDDED = re.compile(r'href="data:text/csv;charset=utf-8;base64,([^"]+)"')


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def replicate(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Return every outcome and weekly series there is, of a plausible size."""
    results = []
    for place, name in enumerate(scenarios):
        generator = np.random.default_rng([seed, replication, place])
        sizes = {"share": 0.5, "gbp": 1e6}
        outcomes = {
            f"{prefix}{key}": sizes.get(about.unit, 1000.0) * generator.uniform(0.8, 1.2)
            for prefix in ("", "twin_")
            for key, about in OUTCOMES.items()
            if not prefix or key.split("_")[0] not in ("iom", "net", "utilisation", "contacts", "caseload")
        }
        names = [
            "caseload",
            "contact_minutes",
            "wrong_bands",
            "committed_offences",
            "twin_committed_offences",
        ]
        names += [f"caseload_{band}" for band in ("red", "amber", "green", "blue")]
        weekly = {key: generator.uniform(50, 100, WEEKS) for key in names}
        results.append(Result(name, outcomes, weekly))
    return results


class Page(HTMLParser):
    """A page's elements, its tables as texts, and whether every element is closed where it should be."""

    def __init__(self, study: Study) -> None:
        super().__init__()
        self.text = report.write(study).read_text(encoding="utf-8")
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.tables: list[tuple[str, list[list[str]]]] = []
        self._open: list[str] = []
        self.feed(self.text)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "table":
            self.tables.append(("", []))
        elif tag == "tr":
            self.tables[-1][1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> at {self.getpos()}"

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        self.words.append(data)
        if self._open[-1:] == ["caption"]:
            self.tables[-1] = (data, self.tables[-1][1])
        elif self._open[-1:] in (["td"], ["th"]):
            self.tables[-1][1][-1][-1] += data

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    @property
    def said(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def csvs(self) -> list[list[dict[str, str]]]:
        found = (b64decode(code).decode() for code in EMBEDDED.findall(self.text))
        return [list(csv.DictReader(io.StringIO(text))) for text in found]


def study_of(*options: str, replications: int = 5, simulate: object = replicate) -> Study:
    return compare("nottingham", *options, plan=Plan(replications, workers=1), simulate=simulate)


CASES = {
    "a comparison": lambda: study_of("hub"),
    "more scenarios than lines": lambda: study_of("hub", "bigger-cohort", "hub+bigger-cohort", "no-effect"),
    "a run": lambda: run("nottingham", plan=Plan(3, workers=1), simulate=replicate),
    "a run of an option": lambda: run("nottingham", "hub", plan=Plan(3, workers=1), simulate=replicate),
    "one replication": lambda: study_of("hub", replications=1),
    "few outcomes": lambda: study_of("hub", simulate=stand_in.replicate),
    "a failed run": lambda: study_of("hub", simulate=stand_in.replicate_and_fail),
    "nothing but failures": lambda: study_of("hub", simulate=fail),
}


def fail(*args: object, **settings: object) -> object:
    raise ValueError("a <bad> day")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("study") / "out"
    plan = Plan(replications=5, workers=1)
    return compare("nottingham", "hub", "bigger-cohort", plan=plan, out=folder, simulate=replicate)


@pytest.fixture(scope="module")
def page(study: Study) -> Page:
    return Page(study)


@pytest.mark.parametrize("case", CASES)
def test_every_page_is_sound_needs_no_network_and_says_what_it_is(case: str) -> None:
    page = Page(CASES[case]())
    can_be_heard(page)
    needs_no_network(page)
    says_what_it_is(page)


def can_be_heard(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert page.all("html")[0]["lang"] == "en-GB"
    assert {"header", "nav", "main", "footer", "title"} <= {tag for tag, _ in page.elements}
    assert all(image.get("alt") for image in page.all("img"))
    headings = page.all("th")
    assert headings
    assert {heading.get("scope") for heading in headings} == {"row", "col"}
    assert all(caption and all(row for row in rows) for caption, rows in page.tables)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    named = [attributes.get("aria-labelledby") for attributes in page.all("section")]
    linked = [str(link["href"])[1:] for link in page.all("a") if str(link["href"]).startswith("#")]
    assert set(named) | set(linked) <= set(ids)


def needs_no_network(page: Page) -> None:
    addresses = [
        attributes[name]
        for _, attributes in page.elements
        for name in ("src", "href", "srcset", "action", "poster", "data")
        if name in attributes
    ]
    assert all(str(address).startswith(("#", "data:")) for address in addresses)
    assert not page.all("script", "link", "iframe", "object")
    assert "@import" not in page.text
    assert "url(" not in page.text


def says_what_it_is(page: Page) -> None:
    assert "A simulation of made-up people; not a forecast" in page.said
    assert "not computed yet: needs a sweep over the assumptions" in page.said
    assert "95% interval of the mean paired difference" in page.said
    assert "Where 95% of single paired runs fall" in page.said
    assert not re.search(r"\bsignificant|\bproves\b|\bnan\b|\bNone\b", page.said)


def test_differences_are_those_of_the_runs(study: Study, page: Page) -> None:
    runs = pd.read_parquet(study.folder / "runs.parquet").set_index(["scenario", "replication"])
    rows = [row for rows in page.csvs for row in rows if "reference" in row]
    seen = set()
    for row in rows:
        outcome, option, reference = row["outcome"], row["option"], row["reference"]
        base = f"twin_{outcome}" if reference == "twin" else outcome
        if base == "twin_net_benefit_gbp":
            # A run's net benefit is its difference to the twin already.
            before = 0.0 * runs.loc[option, outcome]
        else:
            before = runs.loc[option if reference == "twin" else reference, base]
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


def test_what_is_read_is_what_was_run(study: Study, page: Page) -> None:
    rows = next(rows for caption, rows in page.tables if caption.startswith("hub against nottingham"))
    runs = pd.read_parquet(study.folder / "runs.parquet").set_index("scenario")
    shown = {row[0]: row for row in rows}
    for label, outcome in (("Contacts made", "contacts_made"), ("Days in custody", "custody_days")):
        row = shown[label]
        base, hub = (runs.loc[scenario, outcome].mean() for scenario in study.scenarios[:2])
        assert row[1] == f"{base:,.0f}"
        assert float(row[2].replace(",", "")) == pytest.approx(hub - base, abs=0.5)


def test_levels_weekly_series_and_money_are_those_of_the_files(study: Study, page: Page) -> None:
    runs = pd.read_parquet(study.folder / "runs.parquet").set_index("scenario")
    levels = [row for rows in page.csvs for row in rows if row.keys() == {"outcome", *study.scenarios}]
    assert {"caseload_mean", "contact_wait_days", "band_lag_days"} <= {row["outcome"] for row in levels}
    for row in levels:
        for name in study.scenarios:
            assert float(row[name]) == pytest.approx(runs.loc[name, row["outcome"]].mean())
    money = {row["scenario"]: row for rows in page.csvs for row in rows if "crime_avoided_gbp" in row}
    for name in study.scenarios:
        own = runs.loc[name]
        avoided = (own["twin_crime_cost_gbp"] - own["crime_cost_gbp"]).mean()
        assert float(money[name]["crime_avoided_gbp"]) == pytest.approx(avoided)
        assert float(money[name]["mean"]) == pytest.approx(own["net_benefit_gbp"].mean())
    weekly = pd.read_parquet(study.folder / "weekly.parquet")
    red = weekly.query("scenario == 'nottingham+hub' and outcome == 'caseload_red'").groupby("week")["value"]
    bands = next(rows for rows in page.csvs if "hub, red" in rows[0])
    assert [float(row["hub, red"]) for row in bands] == pytest.approx(red.mean().tolist())


def test_the_published_count_stands_beside_the_paired_difference(study: Study, page: Page) -> None:
    runs = study.runs[study.runs["scenario"] == "nottingham"]
    rows = next(rows for rows in page.csvs if "What is compared" in rows[0])
    measure = "cohort_occasions_per_person_year"
    paired = (runs[measure] - runs[f"twin_{measure}"]).mean() / runs[f"twin_{measure}"].mean()
    wanted = [runs["before_after_change"].mean(), runs["twin_before_after_change"].mean(), paired]
    assert [float(row["Change"]) for row in rows] == pytest.approx(wanted)


def test_failed_runs_are_listed() -> None:
    page = Page(CASES["a failed run"]())
    assert "1 of 10 runs failed and are left out" in page.said
    assert "hub, replication 1: ValueError: a bad day" in page.said


def test_a_study_of_failures_only_still_says_so_and_its_words_are_not_markup() -> None:
    page = Page(CASES["nothing but failures"]())
    assert "There is none: every run failed." in page.said
    assert "ValueError: a <bad> day" in page.said


def test_one_replication_claims_nothing() -> None:
    answer = Page(CASES["one replication"]()).said.split("The answer")[2].split("What was changed")[0]
    assert answer.count("one pair of runs only, which says nothing about chance") == 2
    assert not re.search("fewer|more", answer)


def row(mean: float, average: float, area: float, n: int = 20) -> dict[str, float]:
    return {
        "mean_difference": mean, "low": mean - average, "high": mean + average,
        "area_low": mean - area, "area_high": mean + area, "n": n,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (row(-41, 19, 30), "about 41 fewer (the average: 22 to 60 fewer; one real area: 11 to 71 fewer)"),
        (row(9, 5, 12), "about 9 more (the average: 4 to 14 more; one real area: from 3 fewer to 21 more)"),
        (
            row(-6, 8, 40),
            "no clear direction (the average: from 14 fewer to 2 more; one real area: from 46 fewer to 34 "
            "more; about 16 more replications would settle chance, not the assumptions)",
        ),
        (row(0.1, 8, 40), "no clear direction (the average: from 7.9 fewer to 8.1 more; one real area: "
         "from 40 fewer to 40 more)"),
        (row(0, 0, 0), "no difference at all"),
    ],
)  # fmt: skip
def test_no_sentence_claims_more_than_its_ranges(found: dict[str, float], said: str) -> None:
    assert finding(found) == said


def test_what_was_changed_is_told_old_to_new(page: Page) -> None:
    tables = dict(page.tables)
    ceiling = next(
        row for row in tables["What bigger-cohort changes in nottingham"] if row[1] == "cohort.ceiling"
    )
    assert ceiling[2:5] == ["591", "786", "1 January 2010"]
    form = tables["What hub changes in nottingham"][1]
    assert form[1:4] == ["teams.city.co_location.form", "none", "hub"]


def test_effects_come_first_among_the_assumptions_with_source_and_neutral_value(page: Page) -> None:
    rows = next(rows for caption, rows in page.tables if caption.startswith("Effects of IOM"))[1:]
    assert {row[1] for row in rows[:4]} == {
        "enforcement.acted_share",
        "response.log_odds_per_hour",
        "response.deterrence_log_odds",
        "response.detection_per_hour",
    }
    assert all(row[3] == "0" and row[6] == "assumed" for row in rows[:4])
    assert any(row[1] == "forms.hub.news_delay_days" for row in rows)
    every = next(rows for rows in page.csvs if "Role" in rows[0])
    assert {row["Role"] for row in every} >= {"effect", "lever", "uncertainty", "fact"}


def test_the_same_study_gives_the_same_page(study: Study, page: Page) -> None:
    assert report.write(study).read_text(encoding="utf-8") == page.text


def test_the_commands_write_and_list_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation.replication, "replicate", stand_in.replicate)
    arguments = ["run", "nottingham", "--replications", "2", "--workers", "1", "--out", "here"]
    told = CliRunner().invoke(app, arguments)
    assert told.exit_code == 0
    assert "report.html" in told.output
    assert "<h1>What does the partnership in nottingham do" in Path("here/report.html").read_text("utf-8")
