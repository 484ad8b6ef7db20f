"""An area's own caseload: what is refused and how, what is written, and that nobody can be found in it."""

import csv
import io
import re
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from calibration import caseload as room
from calibration.caseload import table
from calibration.caseload.example import COLUMNS, rows
from calibration.caseload.figures import protected
from calibration.local_mix import encode, usual_score
from calibration.published import SITES
from experiments.command_line import app
from scenarios import ScenarioError, check, load
from scenarios.yaml_file import read as read_yaml

EXAMPLE = Path(__file__).parent.parent / "docs" / "examples" / "caseload.csv"
TODAY = date(2026, 9, 30)
HEADER = "reference,date_of_birth,statutory,previous_occasions"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def iom(*arguments: str) -> Result:
    return CliRunner().invoke(
        app, ["caseload", *arguments, "--on", "30/09/2026"], env={"NO_COLOR": "1", "COLUMNS": "80"}
    )


def people(count: int = 30, **changed: str) -> list[list[str]]:
    """Return rows of so many people; those of ``row_4=...`` are replaced by what is said."""
    found = [[f"P{n}", f"{n % 28 + 1:02}/03/1985", "yes" if n % 2 else "no", "20"] for n in range(count)]
    for name, said in changed.items():
        found[int(name.removeprefix("row_")) - 2] = said.split(",")
    return found


def content(rows_: list[list[str]], header: str = HEADER) -> str:
    return "\n".join([header, *(",".join(row) for row in rows_)]) + "\n"


def refused(said: str | bytes, *options: str) -> list[str]:
    """Refuse a file quickly, with a message a line and nothing written; return the messages."""
    Path("own.csv").write_bytes(said if isinstance(said, bytes) else said.encode())
    begun = time.process_time()
    result = iom("own.csv", *options)
    assert time.process_time() - begun < 3
    assert result.exit_code == 2, result.output
    assert not Path("own.yaml").exists()
    lines = result.output.splitlines()
    assert all(line.startswith(("own.csv", "left out: own.csv")) for line in lines), result.output
    return lines


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("X9,12/31/1985,yes,20", "own.csv:4:2: date_of_birth: has 31 as its month, as if"),
        ("X9,31/12/85,yes,20", ":4:2: date_of_birth: has a year of 2 figures; expected day/month/year"),
        ("X9,31/02/1985,yes,20", ":4:2: date_of_birth: is a day that the calendar does not have"),
        ("X9,31386,yes,20", ":4:2: date_of_birth: is a spreadsheet's own day number"),
        ("X9,last spring,yes,20", ":4:2: date_of_birth: is not a date; expected day/month/year"),
        ("X9,01/10/2026,yes,20", ":4:2: date_of_birth: lies in the future; expected a day up to 30/09/2026"),
        ("X9,01/10/2019,yes,20", ":4:2: date_of_birth: makes an age of 7; expected 10 to 100 years"),
        ("X9,01/10/1819,yes,20", ":4:2: date_of_birth: makes an age of 207; expected 10 to 100 years"),
        ("X9,01/10/1985,perhaps,20", ":4:3: statutory: is none of the words known here; expected yes or no"),
        ("X9,01/10/1985,yes,2.5", ":4:4: previous_occasions: is 2.5; expected a whole number"),
        ("X9,01/10/1985,yes,501", ":4:4: previous_occasions: is 501; expected 0 to 500"),
        ("X9,01/10/1985,yes,lots", ":4:4: previous_occasions: is not a plain number"),
        ("X9,01/10/1985,yes,-1", ":4:4: previous_occasions: begins with -, which a spreadsheet runs"),
        ("=1+1,01/10/1985,yes,20", ":4:1: reference: begins with =, which a spreadsheet runs as a formula"),
        ("+44,01/10/1985,yes,20", ":4:1: reference: begins with +"),
        ("@SUM(A1),01/10/1985,yes,20", ":4:1: reference: begins with @"),
        ("\tx,01/10/1985,yes,20", ":4:1: reference: begins with a tab"),
        (",01/10/1985,yes,20", ":4:1: reference: is empty; expected what tells this person from others"),
        ("p 0,01/10/1985,yes,20", ":4:1: reference: is the person of line 2; expected each person once"),
        ("X9,01/10/1985,yes", "own.csv:4:1: has 3 cells; expected 4, as the header has"),
        ("X9,01/10/1985,yes,20,x", "own.csv:4:1: has 5 cells; expected 4"),
        ("X9\x07,01/10/1985,yes,20", ":4:1: reference: holds a control character"),
        ("P" * 501 + ",01/10/1985,yes,20", ":4:1: reference: is 501 letters long; expected at most 500"),
    ],
)  # fmt: skip
def test_a_bad_row_is_placed_explained_and_keeps_the_whole_file_out(row: str, message: str) -> None:
    (line,) = refused(content(people(9, row_4=row) + people(40)[9:]))
    assert message in line


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (b"", "own.csv: is empty; expected a header and a row for each person"),
        (b"\n \n,,\n", "is empty"),
        (HEADER.encode(), "own.csv: has 0 people who are carried; expected at least 25"),
        (content(people(24)).encode(), "has 24 people who are carried"),
        (content(people()).replace("P7", "P\x007").encode(), "own.csv:9:1: holds a byte of zero (NUL)"),
        (content(people()).encode("utf-16-le"), "own.csv:1:1: holds a byte of zero (NUL)"),
        (content(people()).encode("utf-16")[:-1], "own.csv:31:1: is cut short; expected text in UTF-8"),
        (content(people()).replace("P7", "P\x81").encode("latin-1"), "9:1: is text neither in UTF-8 nor"),
        (content(people()).replace("P7", '"P7').encode(), "own.csv:9:1: cannot be split into cells"),
        (b"PK\x03\x04 and so on", "is a workbook or an archive; expected a CSV file; save it from"),
        (b"x" * (table.LARGEST_BYTES + 1), "has 4,194,305 bytes; expected at most 4,194,304"),
        (b"a," * 101, "own.csv:1:1: has 102 columns; expected at most 100"),
        (content(people(), HEADER.replace("statutory", "x")).encode(), "statutory: this column is"),
        (content(people(), HEADER.replace("date_of_birth", "x")).encode(), "date_of_birth or age: this"),
        (content(people(), "reference,dob,age,age").encode(), "age: is there twice, in cells 3 and 4"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_caseload_is_refused(said: bytes, message: str) -> None:
    assert any(message in line for line in refused(said))


def test_what_is_no_file_is_refused() -> None:
    Path("folder.csv").mkdir()
    assert "folder.csv: is a directory; expected a CSV file" in iom("folder.csv").output
    assert "nowhere.csv: there is no such file" in iom("nowhere.csv").output


def test_every_mistake_is_told_at_once_and_many_are_counted() -> None:
    two = refused(content(people(row_3="P1,x,maybe,z", row_9="P0,01/01/1980,no,3")))
    assert [line.split(": ")[0] for line in two] == [
        "own.csv:3:2",
        "own.csv:3:3",
        "own.csv:3:4",
        "own.csv:9:1",
    ]
    many = refused(content([[f"P{n}", "soon", "yes", "many"] for n in range(400)]))
    assert "has 800 mistakes in 400 rows; most in date_of_birth (400), previous_occasions (400)" in many[0]
    assert len(many) < 60


def test_more_rows_than_are_read_are_refused_in_bounded_time_and_memory() -> None:
    header, one = b"reference,age,statutory,previous_occasions\n", b"1,1,y,1\n"
    *_, last = refused(header + one * 500_000)
    assert "own.csv:20002:1: has more than 20,000 rows" in last
    assert "has 8,000,043 bytes" in refused(header + one * 1_000_000)[0]


def test_messages_never_quote_what_stands_in_a_cell() -> None:
    secret = "Jane Example"
    cells = [secret, secret, secret, secret]
    lines = refused(content([*people(), cells, [secret, "01/01/1980", "yes", f"={secret}"]]))
    assert len(lines) == 4
    assert secret not in "".join(lines)
    # A file without a header has a person where the columns belong.
    assert secret not in "".join(refused(content([cells, *people()], ",".join(cells[:1] + people(1)[0][1:]))))


class TestBadRowsLeftOut:
    def test_they_are_listed_and_the_others_used(self) -> None:
        Path("own.csv").write_text(content(people(40, row_5="P3,soon,yes,20", row_7="P3,01/01/1980,no,2")))
        result = iom("own.csv", "--leave-out-bad-rows")
        assert result.exit_code == 0, result.output
        assert "left out: own.csv:5:2: date_of_birth: is not a date" in result.output
        assert "38 people carried" in result.output

    def test_not_where_dates_are_american_because_the_others_would_be_misread(self) -> None:
        lines = refused(content(people(40, row_5="P3,12/31/1985,yes,20")), "--leave-out-bad-rows")
        assert "has dates with the month first, so that no other date in it can be trusted" in "".join(lines)

    def test_not_where_most_are_bad(self) -> None:
        bad = {f"row_{n + 2}": f"P{n},soon,yes,20" for n in range(40)}
        lines = refused(content(people(70, **bad)), "--leave-out-bad-rows")
        assert "has 40 rows that cannot be used and 30 that can" in "".join(lines)


def caseload(said: str | bytes) -> room.Caseload:
    Path("own.csv").write_bytes(said if isinstance(said, bytes) else said.encode())
    return room.read(Path("own.csv"), TODAY)


@pytest.mark.parametrize(
    ("encoding", "notice"),
    [("utf-8", ""), ("utf-8-sig", ""), ("cp1252", "read as Windows-1252"), ("utf-16", "read as UTF-16")],
)
def test_encodings_that_spreadsheets_write_are_read(encoding: str, notice: str) -> None:
    named = [["Zoë", "01/01/1980", "yes", "3"], *people()]
    found = caseload(content(named).encode(encoding))
    assert len(found.people) == 31
    assert notice in "".join(found.notices)


@pytest.mark.parametrize(
    "written", ["31/12/1985", "31-12-1985", "31.12.1985", "31 Dec 1985", "31st December 1985", "1985-12-31",
                "1985-12-31 00:00:00", "31/12/1985 00:00"],
)  # fmt: skip
def test_dates_are_british_or_iso(written: str) -> None:
    found = caseload(content([["X", written, "yes", "3"], *people()]))
    assert found.people[0].age == pytest.approx((TODAY - date(1985, 12, 31)).days / 365.25)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("26,01/01/2000,09/10/2026,", "date_selected: lies in the future"),
        ("26,01/01/2000,01/01/2009,", "date_selected: is at an age of 9; expected 10 years or more"),
        ("20,01/01/2000,,", "age: is 20.5, and by the date of birth 27; expected one of the two"),
        (",01/01/2000,,28", "age_at_first_conviction: is above the age now"),
        (",01/01/2000,,9", "age_at_first_conviction: is 9; expected 10 to 100"),
        ("26,,01/01/2008,", "date_selected: is at an age of 8"),
    ],
)
def test_what_cannot_be_true_together_is_refused(cells: str, message: str) -> None:
    header = "reference,statutory,previous_occasions,age,date_of_birth,date_selected,age_at_first_conviction"
    others = [[f"P{n}", "yes", "9", "30", "", "", "15"] for n in range(30)]
    said = content([["X", "yes", "3", *cells.split(",")], *others], header)
    assert message in refused(said)[0]


def test_an_age_in_whole_years_stands_for_the_middle_of_that_year() -> None:
    said = [[f"P{n}", "yes", "9", "30"] for n in range(29)] + [["X", "yes", "9", "30.2"]]
    found = caseload(content(said, "reference,statutory,previous_occasions,age"))
    assert [found.people[0].age, found.people[-1].age] == [30.5, 30.2]


def test_other_headers_and_separators_are_told() -> None:
    header = "PNC ID;D.O.B.;Statutory Status;Previous convictions;RAG;Notes"
    said = header + "\n" + "\n".join(f"P{n};01/01/1985;Non-statutory;3;Gold;" for n in range(30))
    found = caseload(said)
    assert [found.people[0].statutory, found.people[0].band] == [False, "red"]
    told = "; ".join(found.notices)
    for text in (
        "separated by semicolons",
        "D.O.B. is read as date_of_birth",
        "left out of the export: Notes",
    ):
        assert text in told


def test_the_dormant_list_is_not_carried() -> None:
    found = caseload(
        content([[*row, "white" if n < 6 else "red"] for n, row in enumerate(people(40))], HEADER + ",band")
    )
    assert (len(found.people), found.dormant) == (34, 6)


class TestSmallCounts:
    @pytest.mark.parametrize(
        ("counts", "shown"),
        [
            ({"a": 30, "b": 9, "c": 0}, {"a": 30, "b": 9, "c": 0}),
            ({"a": 30, "b": 9, "c": 3}, {"a": 30, "b": None, "c": None}),
            ({"a": 30, "b": 2, "c": 1, "d": 8}, {"a": 30, "d": None, "b": None, "c": None}),
            ({"a": 30, "b": 4, "c": 3}, {"a": 30, "b": None, "c": None}),
        ],
    )
    def test_are_hidden_with_what_would_give_them_away(
        self, counts: dict[str, int], shown: dict[str, int | None]
    ) -> None:
        assert protected(counts, 5) == shown

    def test_stand_neither_in_the_summary_nor_in_the_site_file(self) -> None:
        header = HEADER + ",scheme,sex"
        said = [
            [*row, "PPO" if n < 3 else "NSO", "female" if n < 4 else "male"]
            for n, row in enumerate(people(60))
        ]
        Path("own.csv").write_text(content(said, header))
        result = iom("own.csv", "--out", "summary")
        written = result.output + Path("own.yaml").read_text() + Path("summary/summary.txt").read_text()
        assert re.search(r"scheme +others hidden", written)
        assert re.search(r"PPO, % +- ", written)
        assert "ppo 3" not in written
        assert "female 4" not in written
        lower = iom("own.csv", "--force", "--suppress-below", "3").output
        assert "nso 57, ppo 3" in lower

    def test_do_not_name_what_they_count(self) -> None:
        said = [[*row, f"Officer {n}" if n % 9 == 0 else "North"] for n, row in enumerate(people(60))]
        Path("own.csv").write_text(content(said, HEADER + ",team"))
        output = iom("own.csv").output
        assert re.search(r"team +North 53, others hidden", output)
        assert "Officer" not in output

    def test_of_a_scenario_made_from_records_are_hidden_even_below_a_child(self) -> None:
        Path("own.csv").write_text(content(people(60)))
        assert iom("own.csv", "--suppress-below", "8").exit_code == 0
        Path("child.yaml").write_text("kind: site\nname: Child\nextends: own.yaml\n")
        mark = load("child.yaml", "hub").own_caseload
        assert mark is not None
        assert (mark.people, mark.counted, mark.written(7), mark.written(8)) == (60, TODAY, "under 8", "8")
        assert load("nottingham").own_caseload is None
        (note,) = load("child.yaml").notices
        assert note.endswith("keep counts of people under 8 to yourselves")


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        ("yes", ":4:15: own_caseload: is 'yes'; expected people, counted and suppress_below"),
        ("{people: 0, counted: 2026-09-30}", "own_caseload.people: is 0; expected a whole number from 1"),
        ("{people: 30}", "own_caseload.counted: is missing"),
        ("{people: 30, counted: soon}", "own_caseload.counted: is 'soon'; expected a date"),
        ("{people: 30, counted: 2026-09-30, below: 3}", "own_caseload.below: unknown key"),
        ("{people: 30, counted: 2026-09-30, suppress_below: 0}", "suppress_below: is 0; expected a whole"),
    ],
)  # fmt: skip
def test_a_mark_that_says_nothing_is_refused(mark: str, message: str) -> None:
    Path("own.yaml").write_text(f"kind: site\nname: Own\nextends: nottingham\nown_caseload: {mark}\n")
    assert any(message in str(problem) for problem in check(["own.yaml"]))


class TestTheSiteFile:
    def test_passes_every_check_and_carries_the_caseloads_own_figures(self) -> None:
        result = iom(str(EXAMPLE), "--name", "ours")
        assert result.exit_code == 0, result.output
        assert check(["ours.yaml"]) == []
        scenario = load("ours.yaml")
        site = scenario.timeline[0][1]
        assert (site.cohort.ceiling, site.cohort.sizing, site.census_date) == (223, "resources", TODAY)
        told = scenario.provenance["pool.offences_per_occasion"]
        assert (told.source, told.confidence) == ("own caseload, 223 people, 30/09/2026", "seed")
        assert site.pool.offences_per_occasion == pytest.approx(53.66 / 20.68, abs=0.01)
        assert site.teams["walsall"].share == pytest.approx(154 / 223, abs=1e-3)

    def test_holds_nothing_of_a_person(self) -> None:
        iom(str(EXAMPLE), "--name", "ours", "--out", "summary")
        written = "".join(path.read_text() for path in (Path("ours.yaml"), *Path("summary").iterdir()))
        births = [row[1] for row in csv.reader(io.StringIO(EXAMPLE.read_text()))][1:]
        assert "SYNTHETIC" not in written
        assert not any(born in written for born in births)

    def test_scales_people_posts_and_courts_by_those_carried(self) -> None:
        Path("own.csv").write_text(content(people(59)))
        iom("own.csv", "--site", "nottingham")
        parent, own = load("nottingham").timeline[0][1], load("own.yaml").timeline[0][1]
        share = 59 / 591
        assert own.pool.first_sanctions_per_year == pytest.approx(
            parent.pool.first_sanctions_per_year * share, rel=1e-3
        )
        assert (own.agencies.police.officers, own.agencies.prison.officers) == (2, 1)
        assert own.courts.cases_a_day == 7  # of 70

    @pytest.mark.parametrize(("count", "parent"), [(30, "west-midlands"), (900, "west-yorkshire")])
    def test_extends_the_site_nearest_in_size(self, count: int, parent: str) -> None:
        Path("own.csv").write_text(content(people(count)))
        iom("own.csv")
        assert read_yaml(Path("own.yaml"), "own.yaml").value["extends"][1].value == parent

    def test_is_not_overwritten_without_force(self) -> None:
        Path("own.csv").write_text(content(people()))
        Path("own.yaml").write_text("mine")
        assert "own.yaml: is there already; expected --force to overwrite it" in iom("own.csv").output
        assert Path("own.yaml").read_text() == "mine"
        assert iom("own.csv", "--force").exit_code == 0
        assert Path("own.yaml").read_text() != "mine"

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (("--name", "nottingham"), "nottingham: is the name of a shipped site"),
            (("--name", "../out"), "../out: cannot be the name of a site; expected at most 40 letters"),
            (
                ("--site", "notingham"),
                "no caseload of a site of this name is published; did you mean nottingham?",
            ),
        ],
    )
    def test_has_a_name_and_a_parent_that_there_can_be(self, options: tuple[str, ...], message: str) -> None:
        Path("own.csv").write_text(content(people()))
        result = iom("own.csv", *options)
        assert result.exit_code == 2
        assert message in result.output


class _AtOnce(Executor):
    """Answers as a site would that carries 300 as it stands, and fewer the higher its scores.

    Somebody presses Ctrl-C when it is asked for the last of so many runs.
    """

    def __init__(self, runs: int = 1000) -> None:
        self.left = runs

    def submit(self, fn: Callable[..., Any], /, *given: Any, **_: Any) -> Future[Any]:
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt
        cohort = given[0].cohort
        entry = cohort.entry_score - usual_score(cohort.weights.model_dump())
        ppo = cohort.ppo_score - cohort.entry_score
        as_it_stands = encode(load("west-midlands").timeline[0][1])[-2:]
        found = {it.name: it.value for it in SITES["west-midlands"]}
        found["caseload"] = 300 * 2 ** ((as_it_stands[0] - entry) / 8)
        found["ppo"] = 41 + (as_it_stands[1] - ppo) * 3
        answer = Future[Any]()
        answer.set_result(found)
        return answer


def test_a_fit_moves_scores_towards_the_caseload(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "processes", lambda workers: nullcontext(_AtOnce()))
    result = iom(str(EXAMPLE), "--name", "ours", "--fit", "--rounds", "4")
    assert result.exit_code == 0, result.output
    assert check(["ours.yaml"]) == []
    site, parent = load("ours.yaml").timeline[0][1], load("west-midlands").timeline[0][1]
    assert site.cohort.sizing == "threat"
    assert site.cohort.entry_score != parent.cohort.entry_score
    assert "Fitted: people carried 223 here, 22" in Path("ours.yaml").read_text()
    assert "round 4 of 4: 8 of 8 figures within their bar" in result.output


def test_a_fit_that_is_interrupted_keeps_the_best_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "processes", lambda workers: nullcontext(_AtOnce(runs=70)))
    result = iom(str(EXAMPLE), "--name", "ours", "--fit")
    assert result.exit_code == 130, result.output
    assert "interrupted after 2 of 12 rounds" in result.output
    assert "Fitted: people carried 223 here, " in Path("ours.yaml").read_text()


def test_a_fit_that_is_interrupted_at_once_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "processes", lambda workers: nullcontext(_AtOnce(runs=3)))
    result = iom(str(EXAMPLE), "--name", "ours", "--fit")
    assert result.exit_code == 130, result.output
    assert not Path("ours.yaml").exists()


def test_the_example_is_what_the_model_carries() -> None:
    said = list(csv.reader(io.StringIO(EXAMPLE.read_text())))
    made = rows()
    assert tuple(said[0]) == COLUMNS
    assert len(said) - 1 == pytest.approx(len(made), rel=0.05)
    assert all(row[0].startswith("SYNTHETIC-") for row in said[1:])


WHOLE = EXAMPLE.read_bytes()
PIECES = st.sampled_from(
    [
        b",", b";", b'"', b"\n", b"\r", b"\t", b"\x00", b"=", b"-", b"\xff\xfe", b"\xef\xbb\xbf", b"\x81",
        b"\xc3",
        b"12/31/1999", b"31/12/09", b"1e999", b"9" * 30, b"reference", "Zo\xeb".encode("cp1252"),
        "\u0661\u0662".encode(),
    ]
)  # fmt: skip


@given(
    cuts=st.lists(
        st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 400), st.one_of(PIECES, st.binary(max_size=20))),
        max_size=6,
    ),
    kept=st.one_of(st.none(), st.integers(0, len(WHOLE))),
    leave_out=st.booleans(),
)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_refused_with_places_or_become_a_site(
    cuts: list[tuple[int, int, bytes]], kept: int | None, leave_out: bool, tmp_path: Path
) -> None:
    said = WHOLE[:kept]
    for at, gone, put in cuts:
        said = said[:at] + put + said[at + gone :]
    Path("own.csv").write_bytes(said)
    problems = []
    try:
        found = room.read(Path("own.csv"), TODAY, leave_out_bad_rows=leave_out)
        assert leave_out or not found.left_out
        room.summary(found, 5)
        room.site_of("own", room.text("own", found, "bristol", room.settings(found, "bristol", 5), 5))
    except ScenarioError as error:
        problems = [str(problem) for problem in error.problems]
    assert all(problem.startswith("own.csv") for problem in problems)
