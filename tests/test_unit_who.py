"""Who is managed: categories, first contact, intelligence and leaving, one rule at a time."""

from datetime import date
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from simulation import IOMModel, Parameters, bands, selection
from simulation.categories import NAMES, Categories, Category, Scope
from simulation.co_location import AGENCIES, Forms
from simulation.contact_plans import Plans
from simulation.contacts import SHARE_OF, Contacts
from simulation.engagement import Engagement, Trust
from simulation.first_contact import FirstContact, Introductions, Where
from simulation.intelligence import Intelligence, Reports
from simulation.leaving import Exits, Leaving
from simulation.luck import Luck
from simulation.offences import SERIOUS_ACQUISITIVE
from simulation.people import People
from simulation.picture import Memory, Picture
from simulation.recorder import Recorder
from simulation.slots import NEIGHBOURHOOD, POLICE
from simulation.staffing import Agencies, Staffing, Team
from simulation.stays import REASONS, Stays

EVERYBODY = np.arange(4)
ALWAYS, NEVER = np.ones(4, dtype=bool), np.zeros(4, dtype=bool)
PRISON = AGENCIES.index("prison")


def small(**changes: object) -> Parameters:
    values = Parameters().model_dump()
    values["pool"] |= {"first_sanctions_per_year": 400, "history_years": 15}
    values["iom_start"], values["start"] = date(2009, 1, 1), date(2009, 4, 1)
    values["cohort"] |= {"sizing": "resources", "ceiling": 60}
    for key, value in changes.items():
        *groups, last = key.split("__")
        place = values
        for group in groups:
            place = place[group]
        place[last] = value
    return Parameters(**values)


def run(**changes: object) -> IOMModel:
    parameters = small(**changes)
    return IOMModel(((parameters.iom_start, parameters),), years=0.25, strict=True).run()


def total(model: IOMModel, name: str) -> float:
    return float(model.recorder.daily(name).sum())


def lived(model: IOMModel) -> dict[str, list[float]]:
    """Return every daily count but those of categories and of news themselves."""
    names = [name for name in model.recorder.names() if not name.startswith(("category_", "news_"))]
    return {name: model.recorder.daily(name).tolist() for name in names}


@pytest.fixture(scope="module")
def base() -> IOMModel:
    return run()


class TestCategories:
    #: A woman of 30, a man of 20 under supervision, a PPO of 35, and a man of 35 who is none of these.
    KNOWN: ClassVar = {
        "age": np.array([30.0, 20.0, 35.0, 35.0]),
        "female": np.array([True, False, False, False]),
        "drug_user": NEVER,
        "statutory": np.array([False, True, True, False]),
        "ppo": np.array([False, False, True, False]),
    }

    def sorted_by(self, **used: dict[str, object]) -> Scope:
        declared = Categories().model_dump()
        scope = Scope(People(4))
        scope.adopt(Categories(**{n: {**declared[n], **used.get(n, {"used": False})} for n in NAMES}))
        scope.sort(**self.KNOWN)
        return scope

    def test_the_first_category_whose_conditions_are_met_counts(self) -> None:
        on = {"used": True}
        scope = self.sorted_by(women=on, young_adults=on, ppo=on, general=on)
        names = [NAMES[place] for place in scope.category]
        assert names == ["women", "young_adults", "ppo", "general"]

    @pytest.mark.parametrize(
        ("condition", "fits"),
        [
            ({"sex": "men"}, [False, True, True, True]),
            ({"drugs": "heroin_or_crack"}, [False] * 4),
            ({"supervision": "non_statutory"}, [True, False, False, True]),
            ({"designation": "other"}, [True, True, False, True]),
            ({"from_age_years": 20, "to_age_years": 35}, [True, True, False, False]),
            ({}, [True] * 4),
        ],
    )
    def test_conditions(self, condition: dict[str, object], fits: list[bool]) -> None:
        assert Category(**condition).fits(**self.KNOWN).tolist() == fits

    def test_points_of_a_category_lift_its_people(self) -> None:
        scope = self.sorted_by(women={"used": True, "points": 12}, general={"used": True})
        assert scope.points(EVERYBODY).tolist() == [12, 0, 0, 0]

    def test_people_of_no_category_have_no_points_and_the_whole_plan(self) -> None:
        scope = self.sorted_by(women={"used": True, "points": 12, "contact_share": 0.5})
        assert scope.category.tolist() == [NAMES.index("women"), -1, -1, -1]
        assert scope.points(EVERYBODY).tolist() == [12, 0, 0, 0]
        shares = scope.shares(EVERYBODY)[:, SHARE_OF]
        assert shares[:, NEIGHBOURHOOD].tolist() == [1, 1, 1, 1]
        assert shares[:, POLICE].tolist() == [0.5, 1, 1, 1]

    @pytest.mark.parametrize(("share", "due"), [(0.0, 0), (0.5, 8), (1.0, 16), (2.0, 32)])
    def test_a_lighter_category_is_planned_fewer_contacts(self, share: float, due: int) -> None:
        """Red asks for two visits a week; eight weeks."""
        contacts = Contacts(People(1))
        contacts.adopt(Plans(), Staffing(Agencies(), {"a": Team()}, Forms()))
        contacts.share[:] = share
        contacts.begin(np.array([0]), 0, np.zeros(1))
        one, band, team = np.ones(1, dtype=bool), np.array([bands.RED], dtype=np.int8), np.zeros(1, dtype=int)
        for day in range(56):
            while contacts.next_due[0, POLICE] <= day:
                contacts.fall_due(day, np.array([0]), np.array([POLICE]), band, team, one)
        assert contacts.due == pytest.approx(due, abs=1)

    def test_whoever_is_of_no_category_is_not_carried(self, base: IOMModel) -> None:
        model = run(categories__general__supervision="statutory")
        assert base.partnership is not None
        assert model.partnership is not None
        assert not base.partnership.choosing.stays.all().statutory.all()
        taken_on = model.partnership.choosing.stays.all().statutory
        assert len(taken_on) > 50
        assert taken_on.all()

    def test_categories_alike_in_all_but_name_change_nothing(self, base: IOMModel) -> None:
        model = run(**{f"categories__{name}__used": True for name in NAMES})
        assert lived(model) == lived(base)
        assert total(model, "category_crime_causing_users") > 0


def place(**changes: object) -> Where:
    everywhere = {
        "team": np.zeros(4, dtype=int), "lead": np.full(4, AGENCIES.index("probation"), dtype=np.int8),
        "inside": NEVER, "held": NEVER, "arrested": np.full(4, -np.inf), "drug_user": ALWAYS,
    }  # fmt: skip
    return Where(**(everywhere | changes))


class TestFirstContact:
    AT_HOME = Engagement(at_home=10, in_custody=6)
    NOBODY_IN = Engagement(at_home=-4, trust_at_outset=0, trust_spread=0)

    def told(
        self, how: dict[str, object], where: Where, engagement: Engagement = AT_HOME, days: int = 3,
        minutes: float = 10_000,
    ) -> tuple[Introductions, NDArray[np.float64]]:  # fmt: skip
        people, recorder = People(4), Recorder(100, keep_events=False)
        trust = Trust(people, Luck(1, 0), engagement)
        introductions = Introductions(people, recorder, trust)
        staffing = Staffing(Agencies(), {"a": Team()}, Forms())
        introductions.adopt(FirstContact(letter_days=0, **how), engagement, staffing)
        introductions.ask_for(EVERYBODY, 0)
        left = np.zeros((1, len(AGENCIES)))
        used = np.zeros(len(AGENCIES))
        for day in range(days):
            left[:] = minutes
            introductions.make(day, left, where)
            used += minutes - left[0]
        return introductions, used

    def outcome(self, how: str) -> tuple[float, float]:
        """Return minutes that four introductions at home take, and mean trust after them."""
        introductions, used = self.told({"in_community": how}, place(), days=30)
        assert not introductions.waiting.any()
        return float(used.sum()), float(introductions.trust.level.mean())

    def test_a_joint_introduction_takes_more_time_and_builds_more_trust(self) -> None:
        (alone, trust_alone), (jointly, trust_jointly) = self.outcome("visit"), self.outcome("joint_visit")
        assert jointly > 1.5 * alone
        assert trust_jointly > trust_alone > Engagement().trust_at_outset - 0.1

    def test_a_letter_takes_less_time_than_a_visit_and_costs_trust(self) -> None:
        (letter, trust_letter), (nothing, trust_before) = self.outcome("letter"), self.outcome("none")
        assert nothing == 0
        assert letter == 4 * FirstContact().letter_minutes
        assert trust_letter < trust_before

    def test_where_people_are_decides_who_goes(self) -> None:
        how = {"in_prison": "visit", "in_cells": "visit", "in_community": "visit"}
        _, at_home = self.told(how, place(), days=1)
        _, in_prison = self.told(how, place(inside=ALWAYS, held=ALWAYS), days=1)
        _, in_cells = self.told(how, place(arrested=np.full(4, -0.5)), days=1)
        assert [np.flatnonzero(used).tolist() for used in (at_home, in_prison, in_cells)] == [
            [AGENCIES.index("probation")], [PRISON], [AGENCIES.index("police")],
        ]  # fmt: skip

    def test_in_the_cells_everybody_is_found_and_at_home_nobody_who_is_inside(self) -> None:
        how = {"in_cells": "visit", "in_community": "visit"}
        cells, _ = self.told(how, place(arrested=np.full(4, -0.5)), self.NOBODY_IN, days=1)
        unknown, used = self.told(how, place(held=ALWAYS), days=30)
        assert not cells.waiting.any()
        assert unknown.waiting.all()
        again = 1 + 29 // FirstContact().again_days
        visit = Staffing(Agencies(), {"a": Team()}, Forms()).footprint[0, AGENCIES.index("probation")] + 20
        assert used.sum() == pytest.approx(4 * again * visit)

    def test_without_minutes_nobody_is_told_and_a_visit_can_take_two_days(self) -> None:
        how = {"in_community": "visit"}
        none, _ = self.told(how, place(), minutes=0)
        slow, _ = self.told(how, place(), minutes=90, days=2)
        assert none.waiting.all()
        assert 0 < slow.waiting.sum() < 4

    def test_one_agency_goes_alone_when_two_find_no_time_together(self) -> None:
        how = {"in_community": "joint_visit", "joint_wait_days": 5}
        short = {"minutes": 50.0}
        early, _ = self.told(how, place(), days=5, **short)
        late, _ = self.told(how, place(), days=15, **short)
        assert early.waiting.all()
        assert not late.waiting.all()

    def test_no_contact_comes_before_it_for_people_under_no_supervision(self, base: IOMModel) -> None:
        never = {"engagement__at_home": -4, "engagement__in_custody": -4, "engagement__per_trust": 0}
        model = run(first_contact__in_community="visit", first_contact__in_prison="visit", **never)
        works = model.partnership
        assert works is not None
        for people, alone in ((works.choosing.introductions.waiting, False), (works.caseload.carried, True)):
            who = np.flatnonzero(people & (alone ^ works.choosing.introductions.waiting))
            slot, nobody = np.full(len(who), POLICE), np.zeros(len(who), dtype=bool)
            assert len(who) > 0
            planned = works.steering.planning.open_to(who, slot)
            assert planned.any()
            band = works.caseload.band[who]
            assert (works._gets(who, slot, band, ~nobody) == planned).all()
            assert (works._gets(who, slot, band, nobody) == (planned & alone)).all()
        assert total(model, "contacts_due") < 0.95 * total(base, "contacts_due")

    def test_people_introduced_are_seen_and_are_counted_once(self) -> None:
        model = run(first_contact__in_community="joint_visit", first_contact__in_cells="visit",
                    first_contact__in_prison="visit")  # fmt: skip
        works = model.partnership
        assert works is not None
        ever = np.isfinite(works.caseload.first_entered).sum()
        assert 0.5 * ever < total(model, "introductions") <= ever


class TestIntelligence:
    def picture(self, name: str = "team") -> Picture:
        return Picture(People(4), name, Memory())

    def test_false_reports_lift_scores_until_contact_refutes_them(self) -> None:
        team, weights = self.picture(), selection.Weights(intelligence=6)

        def score() -> NDArray[np.float64]:
            nothing = np.ones(4, dtype=np.int64), np.zeros(4)
            return selection.threat(weights, team, EVERYBODY, sanctions=nothing[0], ogrs=nothing[1])

        team.learn("report", np.array([0]), np.array([0.0]), 0)
        team.learn("false_report", np.array([1]), np.array([0.0]), 0)
        assert score() == pytest.approx([6, 6, 0, 0])
        team.refute(np.array([0, 1]), 0.5)
        assert score() == pytest.approx([6, 3, 0, 0])
        team.refute(np.array([0, 1]), 1.0)
        assert score() == pytest.approx([6, 0, 0, 0])
        assert team.refuted == pytest.approx([0, 1, 0, 0])

    def test_reports_fade_by_half_in_their_months(self) -> None:
        team = self.picture()
        team.learn("report", np.array([0]), np.array([0.0]), 0)
        for _ in range(round(Memory().report_months * 365.25 / 12)):
            team.fade()
        assert team.reports[0] == pytest.approx(0.5, abs=0.01)

    @pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
    def test_reports_come_of_undetected_offences_with_their_chance(self, share: float) -> None:
        heard: list[int] = []
        reports = self.reports(heard)
        reports.adopt(Intelligence(reports_per_offence=share))
        reports.overhear(np.arange(2000), np.zeros(2000, dtype=int), np.zeros(2000))
        assert len(heard) == pytest.approx(2000 * share, abs=100 * (0 < share < 1))

    @pytest.mark.parametrize("rate", [0.0, 0.5, 4.0])
    def test_false_reports_come_at_their_rate_about_people_in_the_area(self, rate: float) -> None:
        """Half of 2,000 people are in the area; three standard errors at the higher rates."""
        heard: list[int] = []
        reports = self.reports(heard)
        reports.adopt(Intelligence(false_reports_per_year=rate))
        for day in range(365):
            reports.mislead(day)
        assert len(heard) == pytest.approx(1000 * rate, abs=3 * (1000 * rate) ** 0.5 + 1e-9)
        assert all(person % 2 == 0 for person in heard)

    def reports(self, heard: list[int]) -> Reports:
        here = np.where(np.arange(2000) % 2, np.inf, -1.0)
        record = SimpleNamespace(joins=here, leaves=np.full(2000, np.inf))
        awareness = SimpleNamespace(hear_many=lambda kind, people, times: heard.extend(people.tolist()))
        return Reports(People(2000), record, Luck(1, 0), awareness)

    def test_without_points_reports_change_nobody_who_is_carried(self, base: IOMModel) -> None:
        model = run(intelligence__reports_per_offence=1.0, intelligence__false_reports_per_year=20.0)
        assert lived(model) == lived(base)

    def test_false_reports_bring_the_wrong_people_and_true_ones_do_not(self) -> None:
        points = {"cohort__weights__intelligence": 8.0, "cohort__sizing": "threat"}
        misled = run(**points, intelligence__false_reports_per_year=6.0)
        informed = run(**points, intelligence__false_reports_per_year=0.0)
        assert total(informed, "wrong_selections") == total(informed, "exits_wrong_intelligence") == 0
        assert total(misled, "wrong_selections") > 10
        assert total(misled, "exits_wrong_intelligence") > 0


def test_news_and_records_say_how_much_was_serious_acquisitive_crime() -> None:
    team = Picture(People(4), "team", Memory())
    for kind, person in (("arrest", 0), ("sac_arrest", 1), ("sac_sanction", 2), ("missed", 3)):
        team.learn(kind, np.array([person]), np.array([0.0]), 0)
    assert team.offending.tolist() == [1, 1, 1, 0]
    assert team.sac.tolist() == [0, 1, 1, 0]
    weights = selection.Weights(recent_offending=6, serious_acquisitive=4, record=0, ogrs=0)
    found = selection.threat(weights, team, EVERYBODY, sanctions=np.ones(4, dtype=int), ogrs=np.zeros(4))
    assert found.tolist() == [6, 10, 10, 0]


def test_records_hold_as_much_serious_acquisitive_crime_as_the_mix_says(base: IOMModel) -> None:
    careers = base.world.careers
    share = SERIOUS_ACQUISITIVE[careers.history_kind].mean()
    mix = Parameters().offending.proven_mix
    of_mix = (mix.burglary_dwelling + mix.robbery + mix.vehicle_crime) / sum(mix.model_dump().values())
    assert share == pytest.approx(of_mix, abs=4 * (0.18 / len(careers.history_kind)) ** 0.5)


class TestLeaving:
    def exits(self, **leaving: object) -> Exits:
        exits = Exits(People(4), Luck(1, 0))
        exits.adopt(Leaving(**leaving))
        exits.begin(EVERYBODY, 0, np.array([0.5, 1.0, 2.0, 9.0]))
        return exits

    def test_people_step_down_before_they_leave(self) -> None:
        exits = self.exits(below_exit_days=28, steps_down=True)
        one, held = np.array([1]), []
        bands_by_day = []
        for day in (14, 28, 42):
            held.append(exits.hold(one, day).tolist())
            bands_by_day.append(exits.highest_band(EVERYBODY, day).tolist())
        assert held == [[1], [1], []]
        red = bands.RED
        assert bands_by_day[:2] == [[red, bands.AMBER, red, red], [red, bands.GREEN, red, red]]

    def test_a_score_that_rises_again_ends_the_stepping_down(self) -> None:
        exits = self.exits(below_exit_days=28, steps_down=True)
        exits.hold(np.array([1]), 14)
        exits.hold(np.zeros(0, dtype=np.int64), 28)
        assert exits.highest_band(np.array([1]), 28).tolist() == [bands.RED]
        assert exits.hold(np.array([1]), 42).tolist() == [1]

    def test_as_declared_nobody_is_kept_or_stepped_down_or_elsewhere(self) -> None:
        exits = self.exits()
        assert exits.hold(EVERYBODY, 14).tolist() == []
        assert exits.highest_band(EVERYBODY, 14).tolist() == [bands.RED] * 4
        assert not exits.elsewhere(EVERYBODY, 10_000).any()
        assert not exits.dormant_minutes(np.array([50])).any()

    def test_another_scheme_has_people_for_its_time(self) -> None:
        exits = self.exits(other_scheme_share=1.0, other_scheme_days=0.0, other_scheme_stay_days=100)
        assert exits.elsewhere(EVERYBODY, 1).all()
        assert not exits.elsewhere(EVERYBODY, 101).any()

    def test_another_scheme_finds_half_of_them_by_the_half_life_of_its_days(self) -> None:
        exits, everybody = Exits(People(4000), Luck(1, 0)), np.arange(4000)
        exits.adopt(Leaving(other_scheme_share=1.0, other_scheme_days=50.0, other_scheme_stay_days=3000))
        exits.begin(everybody, 10, np.zeros(4000))
        # Four standard errors of a half among 4,000.
        assert exits.elsewhere(everybody, 10 + round(50 * np.log(2))).mean() == pytest.approx(0.5, abs=0.032)

    def test_people_taken_on_by_mistake_leave_once_it_is_known(self) -> None:
        refuted = np.full(4, 1.5)
        exits = self.exits()
        assert exits.misled(EVERYBODY, refuted).tolist() == [True, True, False, False]
        assert not exits.misled(EVERYBODY, np.zeros(4)).any()
        exits.end(EVERYBODY)
        assert not exits.misled(EVERYBODY, refuted).any()
        assert not self.exits(misled_leave=False).misled(EVERYBODY, refuted).any()

    def test_a_watched_dormant_list_takes_police_minutes(self) -> None:
        minutes = self.exits(dormant_minutes_a_week=5).dormant_minutes(np.array([10, 0]))
        assert minutes[0, AGENCIES.index("police")] == 10
        assert minutes.sum() == 10

    def test_keeping_people_longer_carries_more_of_them(self) -> None:
        at_once, kept = (
            run(cohort__sizing="threat", cohort__exit_score=84, cohort__leaving__below_exit_days=days)
            for days in (0, 84)
        )
        assert total(kept, "caseload") > 1.05 * total(at_once, "caseload")

    def test_the_ceiling_holds_while_people_step_down(self) -> None:
        model = run(cohort__leaving__below_exit_days=200, cohort__leaving__steps_down=True)
        assert model.recorder.daily("caseload").max() == 60

    def test_recalled_people_leave_and_come_back_on_release(self) -> None:
        changes = {"cohort__sizing": "threat", "enforcement__acted_share": 1.0}
        kept, let_go = run(**changes), run(**changes, cohort__leaving__recalled_leave=True)
        assert total(kept, "exits_recalled") == 0
        assert total(let_go, "exits_recalled") > 3
        assert let_go.partnership is not None
        stays = let_go.partnership.choosing.stays.all()
        recalled = list(REASONS).index("recalled")
        back = [
            (stays.person == person) & (stays.entered >= left)
            for person, left in zip(
                stays.person[stays.reason == recalled], stays.left[stays.reason == recalled], strict=True
            )
        ]
        assert any(again.any() for again in back)


def test_quick_exits_are_counted_cell_by_cell_among_those_followed() -> None:
    book, two = Stays(6), np.array([True, False])
    book.begin(np.array([0, 1]), 0, ppo=two, statutory=two)
    book.begin(np.array([2, 3]), 10, ppo=~two, statutory=two)
    book.begin(np.array([4, 5]), 90, ppo=two, statutory=two)
    book.end(np.array([0, 3]), 29, np.array([4, 4]))
    book.end(np.array([1]), 30, np.array([4]))
    book.begin(np.array([0]), 40, ppo=two[:1], statutory=two[:1])
    assert book.quick_exits(0, 100) == {
        "ppo_statutory": (2, 1), "ppo_non_statutory": (1, 1), "other_statutory": (1, 0),
        "other_non_statutory": (1, 0),
    }  # fmt: skip
    assert Stays(3).quick_exits(0, 100)["ppo_statutory"] == (0, 0)
