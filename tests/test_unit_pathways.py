"""Pathways: needs found, waited for, met and lost again, with the rest of the model held still."""

import numpy as np
import pytest
import simpy
from pydantic import ValidationError

from simulation import Parameters, needs
from simulation.calendar import DAYS_PER_YEAR
from simulation.course import Course
from simulation.luck import Luck
from simulation.motivation import Motivation, MotivationRules, Stories
from simulation.pathways import ATTENDING, NOWHERE, WAITING, PathwayRules, Pathways
from simulation.programmes import PATHWAYS, Programme, Programmes
from simulation.recorder import Recorder
from simulation.relief import Relief, ReliefRules
from simulation.world import World, grow_pool
from tests.standing_still import PROBATION, VCS, counted, partnership

DAYS = 400
ALWAYS = 10.0


class Area:
    """Some people at liberty for good, and pathways for them."""

    def __init__(self, rules: PathwayRules, trust: float = 0.5) -> None:
        values = Parameters().model_dump()
        values["pool"]["first_sanctions_per_year"] = 60
        values["needs"]["renewed_per_year"] = 0.0
        parameters, luck = Parameters(**values).world(), Luck(1, 0)
        careers = grow_pool(parameters, luck, DAYS)
        self.env, self.recorder = simpy.Environment(), Recorder(DAYS, keep_events=True)
        self.world = World(self.env, luck, self.recorder, parameters, careers, lambda *_: None)
        self.world.custody.at_liberty[:] = True
        self.everybody = np.arange(len(careers))
        people = self.world.people
        self.motivation = Motivation(people, luck, MotivationRules(own=0.5, spread=0))
        self.relief = Relief(
            self.env, luck, self.recorder, people, self.world.course, self.motivation, rules.relief
        )
        self.pathways = Pathways(
            self.env, luck, self.recorder, people, self.relief, self.world.custody,
            np.full(len(careers), trust), rules,
        )  # fmt: skip

    def counted(self, name: str) -> float:
        return float(self.recorder.daily(name).sum())


def rules(places: int = 1000, at_once: int = 9, **changes: object) -> PathwayRules:
    """Return rules with one simple programme on every pathway, and needs that are always found."""
    one = {
        "places": places, "outside_per_week": 0.0, "weeks": 8, "attendance": ALWAYS / 2,
        "missed_weeks": 8, "met_share": 1.0, "relapse_per_year": 0.0,
    } | {name: changes.pop(name) for name in list(changes) if name in Programme.model_fields}  # fmt: skip
    programmes = Programmes(**{pathway: Programme(**one) for pathway in PATHWAYS})
    return PathwayRules(
        programmes=programmes, at_once=at_once, assessment={"found": ALWAYS}, **changes,  # type: ignore[arg-type]
    )  # fmt: skip


def test_without_places_everybody_waits_until_the_referral_lapses() -> None:
    area = Area(rules(places=0, longest_wait_days=50))
    referred = area.pathways.review(area.everybody, 0)
    area.env.run(until=49)
    assert len(referred) > len(area.everybody)
    assert not (area.pathways.stage == ATTENDING).any()
    area.env.run(until=51)
    assert (area.pathways.stage == NOWHERE).all()
    assert area.counted("programmes_lapsed") == len(referred)


def test_with_a_place_for_everybody_nobody_waits() -> None:
    area = Area(rules())
    area.pathways.review(area.everybody, 0)
    area.env.run(until=1)
    assert not (area.pathways.stage == WAITING).any()
    assert sum(area.counted(f"wait_days_{pathway}") for pathway in PATHWAYS) == 0


@pytest.mark.parametrize("pathway", ["accommodation", "drugs"])
def test_more_places_mean_a_shorter_wait(pathway: str) -> None:
    waits = []
    for places in (2, 10, 50):
        area = Area(rules(places=places, longest_wait_days=300))
        area.pathways.review(area.everybody, 0)
        area.env.run(until=350)
        waits.append(area.counted(f"wait_days_{pathway}") / area.counted(f"waits_{pathway}"))
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > waits[-1]


@pytest.mark.parametrize(("places", "gbp_a_year"), [(110, 0), (160, 400_000), (100, -80_000)])
def test_places_beyond_those_of_the_first_day_are_paid_for(places: int, gbp_a_year: float) -> None:
    works = partnership()
    values = works.parameters.pathways.model_dump()
    values["programmes"]["accommodation"]["places"] = places
    works.pathways.adopt(PathwayRules(**values))
    works.opened = works.left = works.vacancies.open(0)
    before = counted(works, "iom_cost_gbp")
    works.record(0)
    paid = (counted(works, "iom_cost_gbp") - before) * DAYS_PER_YEAR
    assert paid == pytest.approx(works.vacancies.cost_gbp_a_year + gbp_a_year)


def test_what_a_report_can_say_is_of_needs_and_of_trust_alike() -> None:
    area = Area(rules(), trust=0.8)
    person = int(np.flatnonzero((area.world.course.score > 0).any(axis=1))[0])
    assert area.pathways.knows(person) == pytest.approx(0.4)
    area.pathways.known[person] = True
    assert area.pathways.knows(person) == pytest.approx(0.9)


def test_people_from_outside_take_places() -> None:
    quiet, busy = (Area(rules(places=20, outside_per_week=each)) for each in (0.0, 20.0))
    for area in (quiet, busy):
        area.env.run(until=100)
        area.pathways.review(area.everybody, 100)
        area.env.run(until=200)
    assert busy.counted("programmes_completed") < quiet.counted("programmes_completed")


def test_a_met_need_takes_off_what_the_predictor_gives_it() -> None:
    area = Area(rules(relief=ReliefRules(anyway_statutory=0, anyway_others=0)))
    area.pathways.review(area.everybody, 0)
    area.env.run(until=100)
    area.relief.weigh(area.everybody)
    # Whoever completed everything has nothing left, and the whole of their needs off their risk.
    done = area.everybody[(area.relief.unmet(area.everybody) == 0).all(axis=1)]
    assert len(done) > 20
    assert area.relief.fall[done] == pytest.approx(area.world.course.score[done] @ needs.LOG_ODDS)


def test_what_would_have_been_met_anyway_takes_off_nothing() -> None:
    area = Area(rules(relief=ReliefRules(anyway_statutory=1, anyway_others=1)))
    area.pathways.review(area.everybody, 0)
    area.env.run(until=100)
    area.relief.weigh(area.everybody)
    assert area.relief.met.any()
    assert not area.relief.fall.any()


def test_needs_that_are_met_come_back() -> None:
    area = Area(rules(relapse_per_year=10.0))
    area.pathways.review(area.everybody, 0)
    area.env.run(until=57)
    met = area.relief.met.sum()
    area.env.run(until=57 + 36.525)
    # A year of ten relapses: after a tenth of it one in e is still met.
    assert area.relief.met.sum() / met == pytest.approx(np.exp(-1), abs=0.08)


def test_what_stabilises_a_life_comes_first_or_what_weighs_most() -> None:
    two = [needs.NAMES.index(item) for item in ("accommodation", "activities_encourage_offending")]
    for order, expected in (("stabilise", "accommodation"), ("severe", "activities")):
        area = Area(rules(at_once=1, order=order))
        area.pathways.known[:, two] = True
        area.pathways.assessed[:] = 0
        both = area.everybody[(area.world.course.score[:, two] == 2).all(axis=1)]
        area.pathways.review(both, 0)
        assert len(both) > 20
        assert (area.pathways.stage[both, PATHWAYS.index(expected)] == WAITING).all()


def test_a_pathway_waits_for_those_it_requires() -> None:
    area = Area(PathwayRules(at_once=9))
    assert area.pathways.rules.programmes.employment.requires == ("accommodation",)
    area.pathways.known[:] = True
    area.pathways.assessed[:] = 0
    unmet = area.relief.unmet(area.everybody)
    workless = unmet[:, needs.NAMES.index("unemployed")] > 0
    homeless = unmet[:, needs.NAMES.index("accommodation")] > 0
    area.pathways.review(area.everybody, 0)
    employment = area.pathways.stage[:, PATHWAYS.index("employment")]
    assert (employment[workless & ~homeless] == WAITING).all()
    # Whoever has been referred for a home may be referred for work at the next review.
    assert (employment[workless & homeless] == NOWHERE).all()
    area.pathways.review(area.everybody, 7)
    assert (employment[workless] == WAITING).all()


def test_pathways_that_require_each_other_are_refused() -> None:
    circle = {"accommodation": {"requires": ("employment",)}}
    with pytest.raises(ValidationError, match="wait for each other"):
        Programmes(**circle)  # type: ignore[arg-type]


def test_trust_brings_needs_out() -> None:
    found = []
    for trust in (0.0, 1.0):
        area = Area(PathwayRules(), trust)
        area.pathways.review(area.everybody, 0)
        found.append(area.pathways.known.sum())
    assert found[0] < found[1]


def test_staying_away_loses_the_place() -> None:
    area = Area(rules(attendance=-4.0, missed_weeks=2))
    area.pathways.review(area.everybody, 0)
    area.env.run(until=60)
    assert area.counted("programmes_dropped_out") > 10 * area.counted("programmes_completed")


def test_needs_begin_and_end_and_their_spread_stays() -> None:
    values = Parameters().model_dump()
    values["pool"]["first_sanctions_per_year"] = 300
    values["needs"]["renewed_per_year"] = 6.0
    parameters, luck = Parameters(**values).world(), Luck(1, 0)
    careers = grow_pool(parameters, luck, 10)
    world = World(
        simpy.Environment(), luck, Recorder(DAYS, keep_events=False), parameters, careers, lambda *_: None
    )
    before = world.course.score.copy()
    for day in range(DAYS):
        world.course.step(day)
    after = world.course.score
    assert (before != after).any(axis=1).mean() > 0.3
    assert after.mean(axis=0) == pytest.approx(before.mean(axis=0), abs=0.09)
    assert world.record.need == pytest.approx(after @ needs.LOG_ODDS)


def test_needs_stay_where_nothing_is_renewed() -> None:
    area = Area(rules())
    before = area.world.course.score.copy()
    for day in range(DAYS):
        area.world.course.step(day)
    assert isinstance(area.world.course, Course)
    assert (area.world.course.score == before).all()


def test_waiting_wears_motivation_down_and_completing_lifts_it() -> None:
    waiting, completing = Area(rules(places=0, longest_wait_days=300)), Area(rules())
    for area in (waiting, completing):
        area.pathways.review(area.everybody, 0)
        for day in range(100):
            area.env.run(until=day + 1)
            area.motivation.pass_day(day, area.pathways.waiting())
    wants = waiting.pathways.waiting()
    assert wants.mean() > 0.9
    assert (waiting.motivation.level[wants] < 0.5).all()
    assert completing.motivation.level[wants].mean() > 0.5


def test_motivation_returns_to_a_persons_own_level_and_stays_between_nought_and_one() -> None:
    area = Area(rules())
    area.motivation.lower(area.everybody, 1.0)
    assert (area.motivation.level == 0).all()
    for day in range(400 * 7):
        area.motivation.pass_day(day, np.zeros(len(area.everybody), dtype=bool))
    assert area.motivation.level == pytest.approx(0.5, abs=1e-6)
    area.motivation.lift(area.everybody, 1.0)
    assert (area.motivation.level == 1).all()


def test_a_story_is_told_again_only_to_agencies_that_do_not_share_it() -> None:
    stories = Stories(3, 4)
    who = np.array([0, 1, 2])
    apart = np.zeros(3, dtype=bool)
    assert len(stories.tell(who, np.array([0, 0, 0]), apart)) == 0
    assert stories.tell(who, np.array([1, 1, 0]), np.array([False, True, False])).tolist() == [0]
    assert len(stories.tell(who, np.array([1, 1, 0]), apart)) == 0


@pytest.mark.parametrize("kept", [False, True])
def test_whoever_has_been_read_about_need_not_tell_their_story_again(kept: bool) -> None:
    works = partnership(motivation__story_kept=kept)
    who = np.arange(10)
    for agency in (PROBATION, VCS):
        works._tell_stories(who, np.full(10, agency))
    assert works.motivation.level[who] == pytest.approx(0.5 if kept else 0.5 * 0.95)


def test_motivation_pulls_neither_way_where_it_weighs_nothing() -> None:
    area = Area(rules())
    area.motivation.level[:] = np.linspace(0, 1, len(area.everybody))
    assert area.motivation.pull(area.everybody)[[0, -1]] == pytest.approx([-0.5, 0.5])
    area.motivation.rules = MotivationRules(per_motivation=0)
    assert not area.motivation.pull(area.everybody).any()
