"""The ledger: every pound is traced to an event or a minute, and the sums are those of the totals."""

from collections import Counter

import numpy as np
import pytest

from experiments.money.lancashire import days_inside
from scenarios import load
from simulation import IOMModel
from simulation.calendar import DAYS_PER_YEAR
from simulation.co_location import AGENCIES, Together
from simulation.costs import Costs
from simulation.ledger import ITEMS, PAYERS, SAVERS, Entry, account, pay, police_hours
from simulation.offences import NAMES, by_kind
from simulation.offending import OffendingParameters
from simulation.outcomes import outcomes
from simulation.prices import DEFLATOR, at_prices_of
from simulation.recorder import Recorder

OFFENDING = OffendingParameters()
MEASURED = slice(0, 730)


def recorder(**daily: float) -> Recorder:
    made = Recorder(730, keep_events=False)
    for name, amount in daily.items():
        made.daily(name)[:] = amount
    return made


@pytest.fixture(scope="module")
def runs() -> tuple[IOMModel, IOMModel]:
    timeline = load("bristol", "police-station+more-housing").timeline
    twin = IOMModel(timeline[:1], years=0.1, partnership=False, keep_events=True).run()
    return IOMModel(timeline, years=0.1, careers=twin.world.careers, keep_events=True).run(), twin


class TestWhoPays:
    def test_a_pound_is_in_the_total_once_and_once_in_each_account(self) -> None:
        entered = recorder()
        pay(entered, 3.5, Entry("police", "posts", 12.0))
        pay(entered, 3, Entry("partnership", "set_up", 30.0))
        assert entered.daily("iom_cost_gbp")[3] == 42 == entered.daily("iom_cost_gbp").sum()
        assert entered.daily("paid_by_police_gbp").sum() == entered.daily("spent_on_posts_gbp").sum() == 12
        assert entered.daily("paid_by_partnership_gbp").sum() == entered.daily("spent_on_set_up_gbp")[3] == 30

    def test_both_accounts_add_up_to_the_cost_of_the_partnership(
        self, runs: tuple[IOMModel, IOMModel]
    ) -> None:
        found = outcomes(*runs)
        for names in (
            [f"paid_by_{payer}_gbp" for payer in PAYERS],
            [f"spent_on_{item}_gbp" for item in ITEMS],
        ):
            assert sum(found[name] for name in names) == pytest.approx(found["iom_cost_gbp"])
        assert found["paid_by_police_gbp"] > 0 < found["spent_on_premises_gbp"]

    def test_posts_paid_by_money_with_an_end_pass_to_their_agency_when_it_ends(self) -> None:
        timeline = load("lancashire").timeline
        model = IOMModel(timeline, years=0.4)
        ends = timeline[0][1].funding.ends
        model.run()
        on, after = model.calendar.day(ends), model.calendar.day(ends) + 1
        paid = {name: model.recorder.daily(f"paid_by_{name}_gbp") for name in ("time_limited", "probation")}
        assert paid["time_limited"][on] > 0 == paid["time_limited"][after]
        assert paid["probation"][after] > paid["probation"][on]


class TestWhoSaves:
    def test_each_saving_is_the_difference_of_what_happened_times_its_price(self) -> None:
        costs = Costs()
        own = recorder(
            hearings=1, in_custody=10, community_orders=0.5, crime_cost_gbp=1_000, committed_theft=2
        )
        twin = recorder(
            hearings=2, in_custody=14, community_orders=1, crime_cost_gbp=3_000, committed_theft=7
        )
        found = account(own, twin, costs, OFFENDING, MEASURED)
        theft = 5 / OFFENDING.actual_per_recorded.theft * costs.attendance_hours.theft
        assert found["saved_by_courts_gbp"] == pytest.approx(730 * costs.court_case_gbp)
        assert found["saved_by_prisons_gbp"] == pytest.approx(
            730 * 4 * costs.custody_gbp_a_year / DAYS_PER_YEAR
        )
        assert found["saved_by_probation_gbp"] == pytest.approx(730 * 0.5 * costs.community_order_gbp)
        assert found["saved_by_police_gbp"] == pytest.approx(730 * theft * costs.police_hour_gbp)
        without_response = 2_000 * costs.crime_price_ratio * (1 - costs.crime_response_share)
        assert found["saved_by_victims_gbp"] == pytest.approx(730 * without_response)
        assert found["net_benefit_gbp"] == pytest.approx(
            sum(found[f"saved_by_{saver}_gbp"] for saver in SAVERS)
        )

    def test_what_another_commits_instead_is_saved_by_nobody(self) -> None:
        own, twin = recorder(), recorder(crime_cost_gbp=10, committed_robbery=1, hearings=1)
        found = account(own, twin, Costs(replacement_share=1.0), OFFENDING, MEASURED)
        assert found["saved_by_victims_gbp"] == found["saved_by_police_gbp"] == 0
        assert found["net_benefit_gbp"] == found["saved_by_courts_gbp"] > 0

    def test_the_two_tables_of_police_effort_are_kept_apart(self) -> None:
        one = recorder(committed_robbery=4.8)
        per_recorded = OFFENDING.actual_per_recorded.robbery
        for table, hours in (("attendance", 12.6), ("investigation", 86.9)):
            found = police_hours(one, Costs(police_effort=table), OFFENDING)
            assert found == pytest.approx(np.full(730, 4.8 / per_recorded * hours))

    def test_without_a_difference_nobody_saves_and_the_loss_is_the_cost(self) -> None:
        same = recorder(crime_cost_gbp=500, hearings=3, in_custody=90, committed_theft=4)
        same.daily("iom_cost_gbp")[:] = 100
        same.daily("ordinary_cost_gbp")[:] = 30
        found = account(same, same, Costs(), OFFENDING, MEASURED)
        assert [found[f"saved_by_{saver}_gbp"] for saver in SAVERS] == [0] * len(SAVERS)
        assert found["net_benefit_gbp"] == pytest.approx(-70 * 730)


class TestPresentValue:
    def test_later_pounds_count_less_at_the_declared_rate(self) -> None:
        plain = {"optimism_cost_share": 0.0, "optimism_benefit_share": 0.0}
        own, twin = recorder(), recorder()
        own.daily("iom_cost_gbp")[365] = 1_000
        found = account(own, twin, Costs(**plain), OFFENDING, MEASURED)
        assert found["net_present_value_gbp"] == pytest.approx(-1_000 / 1.035 ** (365 / DAYS_PER_YEAR))
        undiscounted = account(own, twin, Costs(discount_rate=0.0, **plain), OFFENDING, MEASURED)
        assert undiscounted["net_present_value_gbp"] == undiscounted["net_benefit_gbp"] == -1_000

    def test_optimism_raises_costs_and_cuts_benefits_but_flatters_no_loss(self) -> None:
        own, twin = recorder(iom_cost_gbp=10, ordinary_cost_gbp=4), recorder(hearings=1)
        costs = Costs(
            discount_rate=0.0, court_case_gbp=100, optimism_cost_share=0.2, optimism_benefit_share=0.3
        )
        found = account(own, twin, costs, OFFENDING, MEASURED)
        assert found["net_present_value_gbp"] == pytest.approx(730 * (70 - (12 - 4)))
        worse = account(recorder(hearings=1), recorder(), costs, OFFENDING, MEASURED)
        assert worse["net_present_value_gbp"] == worse["net_benefit_gbp"] == pytest.approx(-73_000)


class TestEveryPoundIsTraced:
    def test_the_ledger_reconciles_with_the_event_log(self, runs: tuple[IOMModel, IOMModel]) -> None:
        """Crime, courts and offences by kind, priced by hand from the log of both runs."""
        price = dict(zip(NAMES, by_kind(OFFENDING.cost), strict=True))
        found = outcomes(*runs)
        costs = runs[0].parameters.costs
        logged = []
        for model in runs:
            here = [line for line in model.recorder.events if model.measured_from <= line[3] < model.days]
            logged.append(
                Counter([line[2] for line in here] + [line[4] for line in here if line[2] == "offence"])
            )
        for prefix, counted in zip(("", "twin_"), logged, strict=True):
            for kind in NAMES:
                assert found[f"{prefix}committed_{kind}"] == counted[kind]
                share = 1 / getattr(OFFENDING.actual_per_recorded, kind)
                assert found[f"{prefix}recorded_{kind}"] == pytest.approx(counted[kind] * share)
            assert found[f"{prefix}committed_offences"] == counted["offence"] > 0
            assert sum(found[f"{prefix}proven_{kind}"] for kind in NAMES) == counted["sanction"]
            assert found[f"{prefix}crime_cost_gbp"] == sum(counted[kind] * price[kind] for kind in NAMES)
        own, twin = logged
        assert found["saved_by_courts_gbp"] == (twin["hearing"] - own["hearing"]) * costs.court_case_gbp
        per_pound = costs.crime_price_ratio * (1 - costs.crime_response_share)
        assert found["saved_by_victims_gbp"] == pytest.approx(
            sum((twin[kind] - own[kind]) * price[kind] for kind in NAMES) * per_pound
        )
        hours = by_kind(costs.attendance_hours) / by_kind(OFFENDING.actual_per_recorded)
        each = zip(NAMES, hours * costs.police_hour_gbp, strict=True)
        assert found["saved_by_police_gbp"] == pytest.approx(
            sum((twin[kind] - own[kind]) * gbp for kind, gbp in each)
        )

    def test_days_in_custody_are_those_between_reception_and_release(
        self, runs: tuple[IOMModel, IOMModel]
    ) -> None:
        """The ledger counts who is inside once a day, the log to the minute: both over the whole run."""
        own, twin = (
            days_inside(model.recorder.events, model.world.people.count, model.days).sum() for model in runs
        )
        counted = [model.recorder.daily("in_custody").sum() for model in runs]
        assert counted == pytest.approx([own, twin], rel=0.005)

    def test_what_is_spent_is_what_was_bought(self, runs: tuple[IOMModel, IOMModel]) -> None:
        """Posts, places to sit and places on programmes, by hand from what the site and its options say."""
        model, _ = runs
        parameters, found = model.parameters, outcomes(*runs)
        years = (model.days - model.measured_from) / DAYS_PER_YEAR
        staff = [getattr(parameters.agencies, name) for name in AGENCIES]
        posts = sum(one.posts * one.cost_gbp_a_year * one.iom_share for one in staff)
        together = [Together(team.co_location, parameters.forms) for team in parameters.teams.values()]
        housing = parameters.pathways.programmes.accommodation
        before = load("bristol").timeline[0][1].pathways.programmes.accommodation.places
        places = (housing.places - before) * housing.cost_gbp_a_place_year
        assert found["spent_on_posts_gbp"] == pytest.approx(posts * years)
        assert found["spent_on_premises_gbp"] == pytest.approx(
            sum(one.premises_gbp_a_year for one in together) * years
        )
        assert found["spent_on_places_gbp"] == pytest.approx(places * years)
        # The teams sat in a hub before, and move into police stations on the decision date.
        assert found["spent_on_set_up_gbp"] == sum(one.set_up_gbp for one in together) > 0

    def test_posts_cost_their_agency_what_is_left_of_money_with_an_end(
        self, runs: tuple[IOMModel, IOMModel]
    ) -> None:
        model, _ = runs
        probation = model.parameters.agencies.probation
        days = model.days - model.measured_from
        kept = probation.posts - probation.funded
        paid = outcomes(*runs)["paid_by_probation_gbp"]
        assert paid == pytest.approx(kept * probation.cost_gbp_a_year * days / DAYS_PER_YEAR)


class TestPrices:
    def test_an_amount_comes_back_from_another_year(self) -> None:
        assert at_prices_of("2007-08", at_prices_of("2012-13", 100)) != 100
        assert at_prices_of("2007-08", at_prices_of("2012-13", 100), "2012-13") == pytest.approx(100)

    def test_prices_of_other_years_were_brought_to_the_price_year(self) -> None:
        assert Costs().crime_price_ratio == pytest.approx(at_prices_of("2007-08", 1, "2015-16"), abs=0.005)
        assert Costs().community_order_gbp == pytest.approx(at_prices_of("2007-08", 1_400, "2008-09"), abs=5)
        hour = at_prices_of("2007-08", 45_500 / 1_420, "2005-06")
        assert Costs().police_hour_gbp == pytest.approx(hour, abs=0.5)

    def test_prices_rise_and_an_unknown_year_is_told(self) -> None:
        assert list(DEFLATOR.values()) == sorted(DEFLATOR.values())
        with pytest.raises(ValueError, match=r"no price level for '1999-00'; expected one of 2003-04"):
            at_prices_of("1999-00", 1)
