"""Bad files are normal: each is refused in under a second, with a place, an expectation and a way out."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios import ScenarioError, check, load

OPTION = "kind: option\nname: Test\nchanges:\n"
STUDY = "kind: study\nname: Test\nsite: nottingham\nfactors:\n"
SITE = "kind: site\nname: Test\nextends: nottingham\nparameters:\n"


def refused(tmp_path: Path, text: str | bytes, *, name: str = "file.yaml") -> list[str]:
    """Write a file, check that it is refused within a second of computing, and return the messages."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    begun = time.process_time()
    problems = check([path])
    assert time.process_time() - begun < 2.0
    assert problems, "nothing was refused"
    assert all(str(problem).startswith(str(path)) for problem in problems)
    return [str(problem).removeprefix(str(path)) for problem in problems]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (OPTION + "  cohort.cieling: 400\n", ":4:3: cohort.cieling: unknown key; did you mean ceiling?"),
        (OPTION + "  agencies.police.travel_hours: 1\n", "did you mean travel_minutes? Keys carry their unit"),
        (OPTION + "  agencies.police.officers: -3\n", ":4:29: agencies.police.officers: is -3; expected a whole number from 0 to 500 posts"),
        (OPTION + "  agencies.police.officers: '5'\n", "is '5'; expected a whole number"),
        (OPTION + "  agencies.police.officers: +2\n", "is '+2'; expected a value; did you mean {add: 2}?"),
        (OPTION + "  agencies.police.officers: true\n", "is true; expected a whole number"),
        (OPTION + "  agencies.police.officers: 5.5\n", "is 5.5; expected a whole number"),
        (OPTION + "  agencies.police.iom_share: .nan\n", "is nan; expected a number"),
        (OPTION + "  agencies.police.iom_share: .inf\n", "is inf; expected a number"),
        (OPTION + "  co_location.form: hubb\n", "is 'hubb'; expected one of none, virtual, hub"),
        (OPTION + "  co_location.members: police\n", "expected a list of police"),
        (OPTION + "  agencies.police: 5\n", "agencies.police: is a group; expected one of its keys: minutes_a_day"),
        (OPTION + "  teams.town.share: 0.5\n", "the site has no 'town'"),
        (OPTION + "  courts.cases_a_day: 10\n", "describes the world and cannot change on the way; expected from: iom_start"),
        (OPTION + "  cohort.ceiling: [{from: 2010-06-01, value: 3}, {from: 2010-02-01, value: 4}]\n", "dates are not ascending"),
        (OPTION + "  cohort.ceiling: [{from: 2010-02-31, value: 3}]\n", "is '2010-02-31'; expected a date"),
        (OPTION + "  cohort.ceiling: [{from: 2007-01-01, value: 3}]\n", "begins on 2007-01-01; expected a date from 2008-04-01"),
        (OPTION + "  cohort.ceiling: {times: 3}\n", "has 'times'; expected a value, {add: ...} or {scale: ...}"),
        (OPTION + "  cohort.ceiling: {add: two}\n", "is 'two'; expected a number"),
        (OPTION + "  cohort.sizing: {add: 1}\n", "add to 'threat'"),
        (OPTION + "  cohort.ceiling: {value: 3, sauce: PE1}\n", "unknown key beside a value; expected value, source, confidence, note"),
        (OPTION + "  cohort.ceiling: {value: 3, confidence: seed}\n", "is seed without a source; expected source: beside it"),
        (OPTION + "  cohort.ceiling: {value: 3, confidence: sure}\n", "is 'sure'; expected one of seed, published, expert, assumed"),
        (OPTION + "  cohort.ceiling: 2010-04-01\n", "is 2010-04-01; expected a whole number from 0 to 1,000,000 people"),
        (OPTION + "  cohort.ceiling:\n", ":4:3: cohort.ceiling: is empty; expected a whole number"),
        (OPTION + "  cohort.ceiling: {scale: .inf}\n", ":4:27: cohort.ceiling.scale: is inf; expected a number"),
        (OPTION + "  cohort.ceiling: {scale: 1e308}\n", "cohort.ceiling: is 5910000"),
        (OPTION + "  co_location.form.size: 3\n", "expected teams.city.co_location.form, which is a value without keys of its own"),
        (OPTION + "  \"cohort\\e[2J\": 5\n", ":4:3: cohort\\x1b[2J: unknown key"),
        (OPTION + "  start: 2011-01-01\n", "is a date of the site, which options count from; expected it in a site file"),
        (OPTION + "  bands.red.from_score: 1\n", "thresholds cross: red begins at 1"),
        (OPTION + "  cohort.exit_score: 99\n", "thresholds cross: people leave below 99"),
        (OPTION + "  agencies.probation.officers: 0\n", "contacts with probation are mandatory and nobody is there"),
        (OPTION + "  co_location.form: hub\n  co_location.members: [police]\n", "form hub needs at least two members"),
        ("kind: option\nname: Test\n", "changes: is missing"),
        ("kind: option\nname: Test\nchanges: {}\n", "changes: is empty"),
        ("kind: option\nname: Test\nfrom: later\nchanges: {cohort.ceiling: 5}\n", "is 'later'; expected iom_start (2008-04-01), start (2010-01-01) or a later date"),
        ("kind: option\nname: Test\nfrom: 2001-01-01\nchanges: {cohort.ceiling: 5}\n", ":3:7: from: is 2001-01-01; expected iom_start"),
        ("kind: optoin\nname: Test\nchanges: {cohort.ceiling: 5}\n", ":1:7: kind: is 'optoin'; expected site, option, era, study, exercise or evaluation"),
        ("name: Test\nchanges: {cohort.ceiling: 5}\n", "kind: is missing; expected one of site, option, era, study"),
        ("kind: option\nchanges: {cohort.ceiling: 5}\n", "name: is missing"),
        ("kind: option\nname: Test\nwhen: 3\nchanges: {cohort.ceiling: 5}\n", ":3:1: when: unknown key"),
        (OPTION + "  cohort.ceiling: 5\n  cohort.ceiling: 6\n", ":5:3: cohort.ceiling: set before in line 4; expected once"),
        (SITE + "  agencies: {police: {officers: -3}}\n", "agencies.police.officers: is -3; expected a whole number from 0 to 500 posts"),
        (SITE + "  teams: {city: {share: 0.9}}\n", "shares of teams add up to 1.31; expected 1"),
        (SITE + "  start: 2001-01-01\n", ":5:3: start: dates cross"),
        (SITE + "  iom_start: 2010-03-01\n", ":5:3: iom_start: dates cross"),
        (SITE + "  census_date: 2001-01-01\n", ":5:3: census_date: dates cross"),
        (SITE + "  start: 9999-12-31\n", ":5:3: start: is 9999-12-31; expected a year from 1950 to 2100"),
        (SITE + "  start: 2100-01-01\n", ":5:3: start: start would be 33,512 days after iom_start, 2008-04-01; expected at most 7,320"),
        (SITE + "  pool: {first_sanctions_per_year: 1000000, history_years: 50}\n", ":5:3: pool: first_sanctions_per_year for history_years makes 50,000,000 careers; expected at most 10,000,000"),
        (SITE + "  start: 2010-04-31\n", ":5:3: start: is '2010-04-31'; expected a date, as 2010-04-01"),
        (SITE + "  cohort: 5\n", ":5:3: cohort: is 5; expected a group of keys"),
        (SITE + "  cohort: {ceiling: {source: PE049}}\n", "cohort.ceiling: has no value; expected a whole number"),
        (SITE + "  teams: {inner.city: {share: 0}}\n", "is named 'inner.city'; expected a name of letters"),
        ("kind: site\nname: T\n", "parameters: is missing; expected it, or extends: with a parent"),
        ("kind: site\nname: T\nextends: nowhere\nparameters: {}\n", ":3:10: extends: parent 'nowhere' is missing"),
        ("kind: site\nname: T\nextends: other.yaml\nparameters: {}\n", "parent 'other.yaml' is missing"),
        ("kind: site\nname: T\nextends: ../../etc/passwd.yaml\nparameters: {}\n", "leads out of the file's own folder"),
        ("kind: site\nname: T\nextends: file.yaml\nparameters: {}\n", "is circular"),
        ("", "is empty"),
        ("# only a comment\n", "is empty"),
        ("- a\n- b\n", "expected a mapping"),
        ("kind: option\nname: [unclosed\n", "this is not YAML"),
        ("kind: option\n---\nkind: option\n", "a second document begins here"),
        ("kind: !!python/object:os.system x\n", "tag"),
        ("kind: &a option\nname: *a\n", "anchor '&a'"),
        ("? [a, b]\n: c\n", "expected a name"),
        (STUDY + "  cohort.cieling: [400]\n", ":5:3: cohort.cieling: unknown key; did you mean ceiling?"),
        (STUDY + "  cohort.ceiling: 400\n", ":5:19: cohort.ceiling: is 400; expected a list of values, or {low: ..., high: ...}; one value alone"),
        (STUDY + "  cohort.ceiling: []\n", "cohort.ceiling: is []; expected a list of values"),
        (STUDY + "  cohort.ceiling: [400, -4]\n", ":5:25: cohort.ceiling: is -4; expected a whole number from 0 to 1,000,000 people"),
        (STUDY + "  cohort.ceiling: [400, 500, 400]\n", ":5:30: cohort.ceiling: has 400 twice; expected each value once"),
        (STUDY + "  co_location.form: [none, hubb]\n", ":5:28: co_location.form: is 'hubb'; expected one of none, virtual, hub"),
        (STUDY + "  cohort.ceiling: {low: 3, high: 5}\n", "cohort.ceiling: is a range, which a grid cannot cross; expected a list of values, or design: latin_hypercube, sobol, morris or saltelli"),
        (STUDY + "  cohort.ceiling: {low: 5, high: 3}\ndesign: sobol\npoints: 4\n", ":5:34: cohort.ceiling.high: is 3; expected a number above low, 5"),
        (STUDY + "  cohort.sizing: {low: 5, high: 7}\ndesign: sobol\npoints: 4\n", "cohort.sizing: is a range; expected a list, each value one of threat, resources"),
        (STUDY + "  start: [2010-02-01]\n", "start: is a date of the site"),
        (STUDY + "  teams.city.co_location.form: [hub]\n  co_location.form: [none]\n", ":6:3: co_location.form: is set by teams.city.co_location.form as well; expected each key in one factor"),
        (STUDY + "  cohort.ceiling: [400]\noptions: [bigger-cohort]\n", ":5:3: cohort.ceiling: is set by bigger-cohort.yaml:6 as well; expected options and factors that set different keys"),
        (STUDY + "  cohort.ceiling: [400]\noptions: [hubb]\n", ":6:11: options: 'hubb': there is no option of this name; did you mean hub?"),
        (STUDY + "  cohort.ceiling: [400]\noptions: [mine.yaml]\n", "options: 'mine.yaml' is missing; expected a file in this folder or a shipped option"),
        (STUDY + "  cohort.ceiling: [400]\noptions: [../../x.yaml]\n", "leads out of the file's own folder"),
        (STUDY + "  cohort.ceiling: [400]\noptions: [hub, none, hub]\n", ":6:22: options: has 'hub' twice; expected each option once"),
        (STUDY + "  cohort.ceiling: [400]\noptions: hub\n", "options: is 'hub'; expected a list of options"),
        (STUDY + "  cohort.ceiling: [400]\noptions: [hub+one-stop]\n", ":6:11: options: 'hub+one-stop' sets teams.city.co_location.form twice"),
        (STUDY + "  cohort.ceiling: [400]\ndesign: lattice\n", ":6:9: design: is 'lattice'; expected one of grid, latin_hypercube, sobol, morris, saltelli"),
        (STUDY + "  cohort.ceiling: [400]\npoints: 8\n", "points: is for designs that sample; expected latin_hypercube, sobol, morris or saltelli"),
        (STUDY + "  cohort.ceiling: [400]\ndesign: sobol\n", "points: is missing; expected points: from 2 to 2,000"),
        (STUDY + "  cohort.ceiling: [400]\ndesign: sobol\npoints: 6\n", ":7:9: points: is 6; expected a power of two"),
        (STUDY + "  cohort.ceiling: [400]\ndesign: morris\npoints: 5\n", "points: is 5; expected a multiple of 2"),
        (STUDY + "  cohort.ceiling: [400]\ndesign: saltelli\npoints: 9\n", "points: is 9; expected 3 times a power of two"),
        (STUDY + "  cohort.ceiling: [400]\nreplications: 0\n", "replications: is 0; expected a whole number from 1 to 100,000"),
        (STUDY + "  cohort.ceiling: [400]\nyears: .nan\n", "years: is nan; expected a number from 0.1 to 20"),
        (STUDY + "  cohort.ceiling: [400]\nseed: 3\n", ":6:1: seed: unknown key"),
        (STUDY + "  cohort.exit_score: [10, 99]\n", "thresholds cross: people leave below 99"),
        (STUDY + f"  cohort.ceiling: {list(range(1500))}\n  agencies.vcs.workers: [1, 2]\n", "factors: are 3,000 with the options; expected at most 2,000"),
        ("kind: study\nname: T\nsite: nowhere\nfactors: {cohort.ceiling: [4]}\n", ":3:7: site: 'nowhere': there is no site of this name"),
        ("kind: study\nname: T\nfactors: {cohort.ceiling: [4]}\n", "site: is missing"),
        ("kind: study\nname: T\nsite: nottingham\n", "factors: is missing; expected keys, each with a list"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    messages = refused(tmp_path, text)
    assert any(message in line for line in messages), messages
    assert len(messages) == 1, messages


def test_three_errors_in_one_file_are_told_at_once(tmp_path: Path) -> None:
    text = (
        OPTION
        + "  cohort.cieling: 400\n  agencies.police.officers: -3\n  agencies.vcs.workers: [{value: 3}]\n"
    )
    messages = refused(tmp_path, text)
    assert [line.split(":")[1] for line in messages] == ["4", "5", "6"]
    # The misspelt members would have made the hub one of two agencies: one typo, one error.
    assert len(refused(tmp_path, OPTION + "  co_location.form: hub\n  co_location.membrs: [police]\n")) == 1
    both = refused(tmp_path, SITE + "  cohort: {cieling: 4, ceiling: -1}\n  bands: {red: {name: 7}}\n")
    assert len(both) == 3


def test_contradictions_are_told_together_each_at_its_key(tmp_path: Path) -> None:
    said = refused(tmp_path, SITE + "  teams: {city: {share: 0.9}}\n  start: 2001-01-01\n")
    assert [line.partition("; ")[0] for line in said] == [
        ":5:3: teams: shares of teams add up to 1.31",
        ":6:3: start: dates cross: start is 2001-01-01, iom_start 2008-04-01",
    ]  # fmt: skip


@pytest.mark.parametrize("order", ["one.yaml+two.yaml", "two.yaml+one.yaml"])
def test_a_contradiction_stands_in_the_option_that_it_is_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("one.yaml").write_text(OPTION + "  agencies.probation.iom_share: 0\n")
    Path("two.yaml").write_text(OPTION + "  cohort.ceiling: 50\n")
    said = [str(problem) for problem in check([order])]
    assert [line.partition(": contacts")[0] for line in said] == ["one.yaml:4:33: agencies.probation"]


def test_files_that_are_no_text_or_too_large(tmp_path: Path) -> None:
    assert "is not text in UTF-8" in refused(tmp_path, bytes(range(128, 256)))[0]
    typed = "kind: option\nname: Café".encode("cp1252")
    assert ":2:10: is not text in UTF-8; expected a YAML file, saved as UTF-8" in refused(tmp_path, typed)[0]
    large = tmp_path / "large.yaml"
    with large.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    begun = time.process_time()
    assert "has 104,857,600 bytes; expected at most 131,072" in str(check([large])[0])
    assert time.process_time() - begun < 2.0
    assert "is a directory" in str(check([tmp_path])[0])
    assert "no such file" in str(check([tmp_path / "nothing.yaml"])[0])
    assert "name too long" in str(check(["x" * 5000 + ".yaml"])[0])
    assert "more than 10,000 values" in refused(tmp_path, "a: [" + "1," * 60_000 + "]")[0]


def test_an_option_has_a_bounded_number_of_dates(tmp_path: Path) -> None:
    def steps(year: int) -> str:
        days = [f"{{from: {year + n // 28}-01-{n % 28 + 1:02}, value: {n}}}" for n in range(150)]
        return f"[{', '.join(days)}]"

    text = OPTION + f"  cohort.ceiling: {steps(2011)}\n  agencies.vcs.workers: {steps(2031)}\n"
    assert "something changes on 301 dates; expected at most 200 dates" in refused(tmp_path, text)[0]


def test_hostile_nesting_and_aliases_stop_at_once(tmp_path: Path) -> None:
    assert "nested more than 20 deep" in refused(tmp_path, "a: " + "[" * 5000 + "]" * 5000)[0]
    deep = "".join(" " * n + f"k{n}:\n" for n in range(300))
    assert "nested more than 20 deep" in refused(tmp_path, deep)[0]
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"b{n}: &b{n} [{','.join(['*a'] * 9)}]\n" for n in range(50)
    )
    assert "anchor '&a'" in refused(tmp_path, bomb)[0]


def test_two_options_that_set_one_key_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(OPTION + "  teams.city.co_location.form: virtual\n")
    with pytest.raises(
        ScenarioError, match=r"mine.yaml:4:3: teams.city.co_location.form: is set by hub.yaml:[0-9]+ as well"
    ):
        load("nottingham", f"hub+{path}")


def test_correct_files_are_accepted(tmp_path: Path) -> None:
    shipped = Path(__file__).parent.parent / "scenarios"
    assert check(sorted(shipped.glob("*/*.yaml"))) == []
    path = tmp_path / "mine.yaml"
    path.write_text(
        OPTION
        + "  bands.red.name: Gold\n  cohort.ceiling: {value: 300, source: PE049, confidence: seed}\n"
        + "  agencies.vcs.workers: [{from: 2010-04-01, value: 3}, {from: 2011-04-01, value: 0}]\n"
        + "  agencies.probation.officers: {add: 2.0}\n  agencies.police.officers: 20.0\n"
    )
    assert check([path]) == []


TOKENS = st.sampled_from(
    ["kind", "name", "changes", "parameters", "cohort", "ceiling", "value", "from", "add", "scale", "source",
     "teams", "city", ": ", ":", "- ", "{", "}", "[", "]", ", ", "#", "&a", "*a", "!", "|", ">", "'", '"', "%",
     "@", "\\", " ", "  ", "\n", "\n  ", "\t", "---", "...", "?", "~", "0", "1", ".", "-", "+", "e5", "_",
     "1e400", ".nan", "true", "2010-04-01", "2010-02-30", "é", "\x1b", "\ufeff"]
)  # fmt: skip


BEGINNINGS = st.sampled_from(
    [
        "",
        OPTION + "  ",
        STUDY + "  cohort.ceiling: ",
        STUDY + "  cohort.ceiling: [3]\n",
        OPTION + "  cohort.ceiling: ",
        SITE + "  ",
        SITE + "  cohort: {ceiling: ",
    ]
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BEGINNINGS, st.lists(TOKENS, max_size=25).map("".join))
def test_any_text_is_either_accepted_or_refused_in_words(tmp_path: Path, begin: str, text: str) -> None:
    path = tmp_path / "fuzz.yaml"
    path.write_text(begin + text)
    for problem in check([path]):
        assert str(problem).isprintable()
