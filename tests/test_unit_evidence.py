"""Every number says where it comes from, or that it is assumed, how far it may be off and why."""

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibration.evidence import Evidence, Stated, built_in, cited, informed, register, set_by_sites, sources
from calibration.evidence.__main__ import TABLES
from calibration.evidence.register import REGISTER
from calibration.published import QUICK_EXITS, QUICK_EXITS_TOTAL, SITES, THROUGHPUT, Target
from calibration.quick_exits import PUBLISHED
from scenarios import ScenarioError
from simulation import ogrs3, predictor
from simulation.declare import uncertainty
from simulation.likely import Likely, likely
from simulation.stays import CELLS

ROOT = Path(__file__).parent.parent
STATED = [*built_in(), *set_by_sites()]
TARGETS = [
    *(target for targets in SITES.values() for target in targets),
    *QUICK_EXITS.values(),
    *THROUGHPUT.values(),
]
#: How the documents write numbers.
WORDS = {
    "half": 0.5, "single": 1, "daily": 1, "every day": 1, "next day": 1, "weekly": 1, "every week": 1,
    "every month": 1, "two": 2, "three": 3, "four": 4, "four-weekly": 4, "five": 5, "fortnightly": 14,
}  # fmt: skip
TIMES = {"": 1, "k": 1000, "K": 1000}


def numbers_in(text: str) -> set[float]:
    """Return the numbers of a text, written in figures or in words."""
    figures = re.findall(r"(\d+(?:,\d{3})*(?:\.\d+)?)([kK]?)", text)
    in_figures = {float(figure.replace(",", "")) * TIMES[times] for figure, times in figures}
    in_words = {float(n) for word, n in WORDS.items() if re.search(rf"\b{word}\b", text, re.IGNORECASE)}
    return in_figures | in_words


def texts() -> Iterator[Path]:
    """Yield the files in which evidence is cited."""
    for folder in ("simulation", "scenarios", "calibration", "docs"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".yaml", ".md", ".csv", ".json") and path.name not in TABLES:
                yield path


def is_founded(stated: Stated) -> bool:
    """Return whether a value points to evidence, or is assumed with a range and a reason."""
    if stated.confidence != "assumed" or (stated.role == "fact" and stated.kind.startswith("assumed")):
        return bool(stated.cites or stated.documents)
    if not stated.kind.startswith("assumed"):
        return True
    assert stated.likely is not None, stated
    low, high, because = stated.likely
    return low < high and low <= stated.value <= high and bool(because)


def is_too_sure(stated: Stated) -> bool:
    """Return whether a value calls itself surer than everything it cites."""
    found = {register()[name].confidence for name in stated.cites}
    surest = {"seed": {"seed"}, "published": {"seed", "published", "secondary"}}
    return bool(found) and not stated.documents and not found & surest.get(stated.confidence, found)


def test_a_value_points_to_evidence_or_is_assumed_with_a_range_and_a_reason() -> None:
    assert len({it.key for it in STATED}) > 800
    assert [(it.place, it.key) for it in STATED if not is_founded(it)] == []


def test_a_value_is_no_surer_than_its_evidence() -> None:
    assert [(it.place, it.key) for it in STATED if is_too_sure(it)] == []


def test_a_value_without_foundation_is_found() -> None:
    fact = Stated("a.b", 5.0, "fact", "days", "built in", "assumed", "", None)
    assert not is_founded(fact)
    assert not is_founded(replace(fact, confidence="expert", said="as everybody knows"))
    assert not is_founded(replace(fact, role="uncertainty", likely=Likely(6, 9, "a test")))
    assert is_founded(replace(fact, said="EX296, 2007/08"))
    assert is_founded(replace(fact, said="the process evaluation", confidence="seed"))
    assert is_founded(replace(fact, role="uncertainty", likely=Likely(4, 9, "a test")))
    assert is_too_sure(replace(fact, said="EX308", confidence="published"))
    assert not is_too_sure(replace(fact, said="EX308"))


def test_every_effect_says_itself_where_it_is_likely_to_lie_and_that_it_may_be_nothing() -> None:
    for stated in built_in():
        if stated.role == "effect":
            assert stated.likely is not None
            assert stated.likely.low <= 0 <= stated.likely.high, stated.key
            assert "no figure found" not in stated.likely.because, stated.key


@pytest.mark.parametrize("target", TARGETS, ids=lambda it: f"{it.source}-{it.name}")
def test_a_target_is_the_number_of_its_evidence(target: Target) -> None:
    of, *over = (register()[name] for name in cited(target.source))
    assert of.number is not None
    value = of.number
    for below in over:
        assert below.number is not None
        value /= below.number
    assert target.value == pytest.approx(value)
    assert all(target.name in it.informs for it in (of, *over))


def test_each_number_of_the_three_tables_is_a_target_or_says_why_not() -> None:
    targets = {name for target in TARGETS for name in cited(target.source)}
    tabled = {it.id: it for it in register().values() if it.place in ("Table 3.1", "Table 3.2", "Table 3.3")}
    assert [sum(it.place == f"Table 3.{n}" for it in tabled.values()) for n in (1, 2, 3)] == [5, 19, 30]
    assert {name for name, it in tabled.items() if not it.not_a_target} == targets - {"PE015"}
    assert not any(it.not_a_target for name, it in register().items() if name not in tabled)


def test_quick_exits_are_printed_for_every_cell_and_in_all() -> None:
    assert set(PUBLISHED) == {*CELLS, QUICK_EXITS_TOTAL.name}
    assert register()[QUICK_EXITS_TOTAL.source].number == QUICK_EXITS_TOTAL.value


@pytest.mark.parametrize(
    "it", [it for it in register().values() if it.confidence == "seed"], ids=lambda it: it.id
)
def test_what_a_pioneer_document_says_is_in_its_quotation(it: Evidence) -> None:
    if it.number is not None:
        assert it.number in numbers_in(it.quotation)
    elif it.unit == "date":
        assert it.value[:4] in it.quotation
    else:
        assert it.value in it.quotation
    assert len(it.quotation.split()) <= 20


def test_quotations_are_of_pioneer_documents_alone() -> None:
    for it in register().values():
        assert bool(it.quotation) == (it.confidence == "seed"), it.id


def test_every_id_that_is_cited_is_in_the_register_and_none_is_dead() -> None:
    letters = "|".join(sorted({name[:2] for name in register()} | {"SV"}))
    looks_like = re.compile(rf"\b(?:{letters})\d{{3}}\b")
    named: dict[str, str] = {}
    for path in texts():
        if path != REGISTER:
            text = path.read_text(encoding="utf-8")
            named |= dict.fromkeys([*looks_like.findall(text), *cited(text)], path.name)
    assert {name: place for name, place in named.items() if name not in register()} == {}
    dead = [it for it in register().values() if not it.informs and not it.not_a_target and it.id not in named]
    assert dead == []


def test_every_document_of_the_list_is_used() -> None:
    used = {it.source for it in register().values()} | {name for it in STATED for name in it.documents}
    assert set(sources()) == used


def test_a_value_and_what_informs_it_agree() -> None:
    for stated in built_in():
        for name in stated.cites:
            assert name in informed(stated.key), f"{name} does not say that it informs {stated.key}"


def coefficients(form: predictor.Form) -> set[float]:
    """Return every number of a form of the predictor."""
    sexes = (form.men, form.women)
    return {
        form.intercept, form.first_sanction, form.second_sanction, form.per_sanction, *form.months,
        *form.offence.values(), *form.need.values(),
        *(number for sex in sexes for number in (sex.base, *sex.age_powers, sex.gap_per_year, *sex.copas)),
    }  # fmt: skip


def test_the_predictors_hold_what_the_register_says() -> None:
    found = {
        room: {it.number for it in register().values() if f"simulation.{room}" in it.informs}
        for room in ("predictor", "ogrs3")
    }
    assert found["predictor"] | {0.0} == {
        predictor.COPAS_YEARS, predictor.MONTHS_CAP, 0.0,
        *coefficients(predictor.STATIC), *coefficients(predictor.DYNAMIC),
    }  # fmt: skip
    by_age = np.concatenate([ogrs3.MEN, ogrs3.WOMEN])
    assert found["ogrs3"] == {
        ogrs3.INTERCEPT_ONE_YEAR, ogrs3.INTERCEPT_TWO_YEARS, ogrs3.COPAS, ogrs3.COPAS_YEARS,
        ogrs3.FIRST_SANCTION, ogrs3.REPEAT, *ogrs3.OFFENCE.values(), *by_age[~np.isnan(by_age)].tolist(),
    }  # fmt: skip


def test_ranges_of_ids_are_read_in_full_and_other_words_are_not_ids() -> None:
    assert cited("PE043 to PE045, EX197; PE043") == ("PE043", "PE044", "PE045", "EX197")
    assert cited("in AB123, PE04, PE0431 and A4") == ()


def test_a_register_with_mistakes_tells_them_all_with_their_lines(tmp_path: Path) -> None:
    with REGISTER.open(encoding="utf-8", newline="") as file:
        head, first, second, *_ = csv.reader(file)
    slips = [
        (0, "pe22", "id is"), (1, "", "quantity is empty"), (4, "much", "low is 'much'"),
        (8, "Hearsay", "source 'Hearsay' is not listed"), (10, "sure", "confidence is 'sure'"),
        (11, "cohort.cieling", "informs 'cohort.cieling'"), (13, "", "has no quotation"),
    ]  # fmt: skip
    rows = [[*first[:place], word, *first[place + 1 :]] for place, word, _ in slips]
    path = tmp_path / "register.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows, second, second, [*second[:4], "1e9", "2e9", *second[6:]]])
    with pytest.raises(ScenarioError) as error:
        register(path)
    told = str(error.value)
    for line, (_, _, wrong) in enumerate(slips, start=2):
        assert re.search(rf"register.csv:{line}:0: .*{re.escape(wrong)}", told), wrong
    assert re.search(r"register.csv:10:0: .*is there already", told)
    assert re.search(r"register.csv:11:0: .*is outside 1e9 to 2e9", told)


@pytest.mark.parametrize(("low", "high"), [(0.6, 0.9), (-0.5, 0.7), (0.2, 1.5)])
def test_a_likely_range_holds_the_default_and_is_no_wider_than_a_file_may_say(
    low: float, high: float
) -> None:
    with pytest.raises(ValueError, match="a likely range"):
        uncertainty(0.5, unit="share", low=0, high=1, label="A share", likely=(low, high), because="a test")


@pytest.mark.parametrize(("value", "low", "high"), [(0.5, 0.25, 0.75), (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)])
def test_a_share_that_nobody_measured_has_a_third_to_three_times_its_odds(
    value: float, low: float, high: float
) -> None:
    found = likely(uncertainty(value, unit="share", low=0, high=1, label="A share"))
    assert found is not None
    assert found[:2] == pytest.approx((low, high))


def test_a_declared_range_gives_way_where_a_site_is_outside_it() -> None:
    field = uncertainty(
        30.0, unit="minutes", low=0, high=480, label="Minutes", likely=(20, 40), because="timed"
    )
    assert likely(field) == likely(field, 25.0) == (20, 40, "timed")
    beyond = likely(field, 60.0)
    assert beyond is not None
    assert beyond[:2] == (30, 120)


@pytest.mark.parametrize("name", TABLES)
def test_the_page_shows_the_register_as_it_is(name: str) -> None:
    with (ROOT / "docs" / "tables" / name).open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == TABLES[name](), "make evidence brings it up to date"
