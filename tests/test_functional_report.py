"""The report: whole in one file, readable by everybody, claiming no more than it may, there in every case."""

import itertools
import re
from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import simulation.replication
from experiments import Plan, Study, compare, report, run
from experiments.command_line import app
from experiments.report.answer import answer
from experiments.report.finding import finding
from experiments.report.reading import Reading
from tests import stand_in
from tests.report_page import Page, replicate


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


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
    held = [b64decode(code).decode() for code in re.findall(r"base64,([A-Za-z0-9+/=]+)", page.text)]
    named = {found for text in (page.text, *held) for found in re.findall(r"https?://[^\s\"'<>]+", text)}
    # Names of XML vocabularies, which nothing fetches.
    assert named <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def says_what_it_is(page: Page) -> None:
    assert "A simulation of made-up people; not a forecast" in page.said
    assert "not computed yet: needs runs over the range of the assumptions" in page.said
    assert "95% interval of the mean paired difference" in page.said
    assert "Where 95% of single paired runs fall" in page.said
    assert not re.search(r"\bsignificant|\bproves\b|\bnan\b|\bNone\b", page.said)


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
        (row(-41, 19, 30), "it has about 41 fewer, which is 4.1% (the average: 22 to 60 fewer; one real "
         "area: 11 to 71 fewer)"),
        (row(9, 5, 12), "it has about 9 more, which is 0.9% (the average: 4 to 14 more; one real area: "
         "from 3 fewer to 21 more)"),
        (row(-6, 8, 40), "the runs do not show which way it goes (the average: from 14 fewer to 2 more; one "
         "real area: from 46 fewer to 34 more; about 14 more replications would settle chance, not the "
         "assumptions)"),
        (row(1, 80, 400), "the runs do not show which way it goes (the average: from 79 fewer to 81 more; "
         "one real area: from 400 fewer to 410 more)"),
        (row(0.1, 3, 40), "for it any difference is smaller than 0.5% (the average: from 2.9 fewer to 3.1 "
         "more; one real area: from 40 fewer to 41 more)"),
        (row(-1064, 85, 191), "it has about 1,100 fewer, which is 106.4% (the average: 970 to 1,200 fewer; "
         "one real area: 870 to 1,300 fewer)"),
        (row(0, 0, 0), "it makes no difference at all in these runs"),
        (row(-41, 19, 30, n=1), "of it there is one pair of runs only, which says nothing about chance"),
    ],
)  # fmt: skip
def test_no_sentence_claims_more_than_its_ranges(found: dict[str, float], said: str) -> None:
    assert finding("it", found, 1000.0) == said


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            (-80, 5),
            "4.1% on the average, and if we are wrong it could be the other way round",
        ),
        ((-80, -2), "fewer, which is 4.1% (the average"),
    ],
)
def test_what_could_be_the_other_way_round_if_we_are_wrong_is_said_to(
    wrong: tuple[float, float], said: str
) -> None:
    told = finding(
        "it", row(-41, 19, 30) | dict(zip(("wrong_low", "wrong_high"), wrong, strict=True)), 1000.0
    )
    assert said in told
    assert "if we are wrong: " in told


@pytest.mark.parametrize("case", CASES)
def test_the_answer_is_three_sentences_at_most(case: str) -> None:
    told = [str(sentence) for sentence in answer(Reading(CASES[case]()))]
    assert 1 <= len(told) <= 3
    assert not any(re.search(r"[.?!]\s", sentence) for sentence in told)


def test_the_third_range_is_told_where_it_is_known(study: Study, page: Page) -> None:
    frame = study.differences.assign(
        wrong_low=2 * study.differences["area_low"], wrong_high=2 * study.differences["area_high"]
    )
    told = Page(replace(study, differences=frame))
    assert "the range of the assumptions" not in " ".join(cell for _, rows in told.tables for cell in rows[1])
    assert "if we are wrong:" in told.said
    money = next(rows for caption, rows in told.tables if caption.startswith("Money"))
    assert money[0][-4:] == ["The average", "One real area", "If we are wrong", "Breaks even"]
    report.write(study)


def test_sections_stand_in_their_order_and_what_is_not_known_leaves_no_hole(page: Page) -> None:
    assert page.headings == [
        "The answer", "What was changed", "Differences", "Money", "What you can and cannot say",
        "What a before-and-after count would have said", "Bands, minutes, staff and news", "Assumptions",
        "Limits", "Checks, and how to make it again", "Data",
    ]  # fmt: skip
    ranges = ["The average", "One real area", "If we are wrong"]
    tables = [rows for caption, rows in page.tables if " against " in caption and "pairs of runs" in caption]
    assert len(tables) == 5
    assert all(rows[0][-3:] == ranges for rows in tables)
    assert all(rows[1][-1].startswith("not computed yet") for rows in tables)


def test_every_figure_has_two_titles_words_a_table_and_its_numbers(page: Page) -> None:
    names = [element for element, _ in page.elements]
    figures = names.count("figure")
    assert figures == 7
    assert names.count("figcaption") == names.count("details") == names.count("img") == figures
    pieces = page.text.split("<figure>")[1:]
    for piece in (text.split("</figure>")[0] for text in pieces):
        assert piece.count("<h3>") == piece.count('class="how"') == 1
        assert piece.count("<table>") == piece.count('href="data:text/csv') == 1
        picture = b64decode(piece.split("data:image/svg+xml;base64,")[1].split('"')[0]).decode()
        # Words stay words, so that they can be found, copied and set in the reader's own type.
        assert "<text" in picture


def test_few_replications_are_warned_of(page: Page) -> None:
    assert "5 replications are few: use 10 or more before you lean on a number." in page.said


def test_what_was_changed_is_told_old_to_new(page: Page) -> None:
    tables = dict(page.tables)
    changed = tables["What bigger-cohort changes in Nottingham"]
    ceiling = next(row for row in changed if row[1] == "cohort.ceiling")
    assert ceiling[2:5] == ["591 people", "786 people", "1 January 2010"]
    form = tables["What hub changes in Nottingham"][1]
    assert form[:4] == ["Form of co-location (city)", "teams.city.co_location.form", "none", "hub"]


def test_effects_come_first_among_the_assumptions_with_source_and_neutral_value(page: Page) -> None:
    captions = [caption for caption, _ in page.tables]
    rows = next(rows for caption, rows in page.tables if caption.startswith("Effects of IOM"))[1:]
    assert {row[1] for row in rows[:5]} == {
        "enforcement.acted_share",
        "pathways.relief.effect",
        "response.log_odds_per_hour",
        "response.deterrence_log_odds",
        "response.detection_per_hour",
    }
    assert all(row[3] == "0" and row[6] in ("assumed", "expert") for row in rows[:5])
    assert rows[0][-1].startswith("not computed yet")
    forms = dict(page.tables)[captions[-1]]
    assert any(row[1] == "forms.hub.news_delay_days" for row in forms)
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
    assert "<h1>What does the partnership in Nottingham do" in Path("here/report.html").read_text("utf-8")
