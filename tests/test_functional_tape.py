"""A tape says what the run did, in a form that a player and a planner can lean on."""

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments import Plan, compare
from experiments.command_line import app
from experiments.tape import places, record, record_twin
from experiments.tape.animation import NAME, animate, in_one
from experiments.tape.recording import LEVELS, OF_PARTNERSHIP, OF_WORLD
from experiments.workshop.request import Asked, Decision, Places
from scenarios import load
from simulation import IOMModel, Timeline
from simulation.bands import COLOURS
from simulation.information import KINDS, ORIGIN
from simulation.outcomes import weekly
from simulation.pathways import WAITING
from simulation.systems import RECORDS

SMALL = """
kind: site
name: Small
extends: nottingham
parameters:
  iom_start: 2009-03-01
  pool: {first_sanctions_per_year: 400, history_years: 15}
  cohort: {sizing: resources, ceiling: 40}
"""
YEARS = 0.5


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("site") / "small.yaml"
    path.write_text(SMALL)
    return path


def recorded(timeline: Timeline) -> tuple[IOMModel, list[dict[str, Any]]]:
    model = IOMModel(timeline, years=YEARS)
    return model, list(record(model))


def series(tape: list[dict[str, Any]], name: str) -> list[float]:
    place = [line["name"] for line in tape[0]["lines"]].index(name)
    return [week["lines"][place] for week in tape[1:]]


def test_the_lines_are_those_of_the_outcomes(site: Path) -> None:
    model, tape = recorded(load(str(site)).timeline)
    known = weekly(model)
    named = [name for name, _, _ in OF_WORLD + OF_PARTNERSHIP + LEVELS]
    compared = [name for name in named if name in known]
    assert len(compared) > 8
    for name in compared:
        assert series(tape, name) == [round(value) for value in known[name]], name
    assert len(tape) == 1 + tape[0]["weeks"]


def test_a_week_tells_the_review_meeting_it_held_by_its_local_name(site: Path) -> None:
    _, tape = recorded(load(str(site)).timeline)
    held = [week["review"] for week in tape[1:] if week["review"]]
    assert {week.get("meeting") for week in tape[1:] if week["review"]} == {"MAPPOM"}
    assert not any("meeting" in week for week in tape[1:] if not week["review"])
    apart = [date.fromisoformat(later) - date.fromisoformat(one) for one, later in pairwise(held)]
    assert len(held) > 5
    assert {days.days for days in apart} == {28}


def test_a_letter_is_where_a_person_is_and_what_the_team_believes(site: Path) -> None:
    model, tape = recorded(load(str(site)).timeline)
    assert model.partnership is not None
    people = [person for line in tape for person in line["people"]]
    *_, last = places(tape)
    assert len(people) == len(set(people)) == len(last)
    letters = dict(zip(people, last, strict=True))
    caseload, holds = model.partnership.caseload, model.world.custody.holds
    for person in caseload.rows().tolist():
        letter = COLOURS[caseload.band[person]][0]
        assert letters[person] == (letter.upper() if holds[person] else letter)
    assert sum(letter.lower() in "rgab" for letter in letters.values()) == len(caseload.rows())


def test_minutes_and_queues_are_the_partnerships(site: Path) -> None:
    model, tape = recorded(load(str(site)).timeline)
    assert model.partnership is not None
    for place, agency in enumerate(tape[0]["agencies"]):
        used = model.recorder.daily(f"minutes_used_{agency['name']}")[model.measured_from :]
        assert sum(week["used"][place] for week in tape[1:]) == pytest.approx(used.sum(), abs=len(tape))
    waiting = len(model.partnership.contacts.waiting_days(model.days))
    queues = dict(zip((queue["name"] for queue in tape[0]["queues"]), tape[-1]["queues"], strict=True))
    groups = {queue["name"]: queue["group"] for queue in tape[0]["queues"]}
    contacts = [name for name, group in groups.items() if group == "contacts and court" and name != "court"]
    assert sum(queues[name] for name in contacts) == waiting
    for_places = [queues[name] for name, group in groups.items() if group == "places on pathways"]
    assert sum(for_places) == (model.partnership.pathways.stage == WAITING).sum()
    assert len(tape[0]["queues"]) == len(tape[-1]["queues"])


def test_news_takes_the_days_of_its_path(site: Path) -> None:
    model, tape = recorded(load(str(site), "hub").timeline)
    assert model.partnership is not None
    networks = [line["network"] for line in tape if "network" in line]
    delay = model.partnership.awareness.news.delay
    records = list(RECORDS)
    for place, team in enumerate(networks[-1]):
        for what, route in team["paths"].items():
            record = next(ORIGIN[kind] for kind in KINDS if kind == what)
            assert route["days"] == pytest.approx(delay[0, place, records.index(record)], abs=0.01)
            assert route["path"][-1] == "team"
    sent, read = (sum(week["news"][0][place] for week in tape[1:]) for place in (0, 1))
    arrests = model.recorder.daily("arrests")[
        model.measured_from : model.measured_from + 7 * tape[0]["weeks"]
    ]
    # News of people carried; arrests are those of the whole pool.
    assert 0 < sent <= arrests.sum()
    assert read == pytest.approx(sent, abs=5)


def test_a_decision_leaves_the_past_as_it_was(site: Path) -> None:
    asked = Asked(site="small", years=YEARS)
    places = Places({"small": str(site)})
    since = date(2010, 3, 26)
    decided = asked.model_copy(
        update={"decisions": [Decision(since=since, changes={"cohort.ceiling": 20}, because="fewer")]}
    )
    _, before = recorded(places.scenario(asked).timeline)
    _, after = recorded(places.scenario(decided).timeline)
    weeks = (since - date(2010, 1, 1)).days // 7
    assert after[: weeks + 1] == before[: weeks + 1]
    assert after[weeks + 1 :] != before[weeks + 1 :]


def test_a_run_that_turns_to_another_timeline_is_the_run_that_always_had_it(site: Path) -> None:
    timeline = load(str(site), "hub").timeline
    _, whole = recorded(timeline)
    turned = IOMModel(timeline[:1], years=YEARS)
    while turned.day < turned.measured_from:
        turned.step()
    turned.follow(timeline)
    assert list(record(turned)) == whole
    with pytest.raises(ValueError, match="differs from the one lived through"):
        turned.follow(load(str(site), "no-effect").timeline[:1])


def test_recording_changes_nothing(site: Path) -> None:
    timeline = load(str(site)).timeline
    model, _ = recorded(timeline)
    plain = IOMModel(timeline, years=YEARS).run()
    for name in plain.recorder.names():
        assert np.array_equal(plain.recorder.daily(name)[:-7], model.recorder.daily(name)[:-7]), name


def test_the_twin_has_lines_and_nobody_who_manages(site: Path) -> None:
    twin = IOMModel(load(str(site)).timeline, years=YEARS, partnership=False)
    head, *weeks = record_twin(twin)
    assert [line["name"] for line in head["lines"]] == [name for name, _, _ in OF_WORLD]
    assert [week["lines"][0] for week in weeks] == [round(v) for v in weekly(twin)["proven_offences"]]


def test_the_animation_is_one_small_file_without_addresses(site: Path, tmp_path: Path) -> None:
    study = compare(str(site), "hub", plan=Plan(1, years=YEARS, workers=1), out=tmp_path / "out")
    result = CliRunner().invoke(app, ["animate", str(study.folder)])
    assert result.exit_code == 0, result.output
    text = (study.folder / NAME).read_text()
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in text
    assert "import " not in in_one()
    assert len(text) < 120_000
    again = animate(study.folder).read_text()
    assert again == text
    assert CliRunner().invoke(app, ["animate", str(tmp_path)]).exit_code == 2
