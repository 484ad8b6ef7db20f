"""Eras: the law's rules as files, what each moves, and that the rules of 2009 are those the sites have."""

import numpy as np
import pytest
import simpy

from scenarios import load, site_names
from simulation import IOMModel
from simulation.calendar import DAYS_PER_MONTH
from simulation.sentencing import CUSTODY, Bench, Sentence, Sentencing
from simulation.tiers import Tiers

ERAS = ("era-2009", "era-2015", "era-2024", "era-2026")
DRAWS = np.linspace(0.01, 0.99, 99)


def sentences(**rules: float) -> Sentence:
    """Return custody of every length for one kind of offence: the first draw always jails."""
    bench = Bench(Sentencing(**rules))
    many = np.zeros(99)
    return bench.sentence(
        kind=np.zeros(99, dtype=int),
        sanctions=np.full(99, 30),
        disposal=many,
        length=DRAWS,
        breach=many + 0.5,
    )


@pytest.mark.parametrize("site", site_names())
@pytest.mark.parametrize("era", ERAS)
def test_every_era_applies_to_every_site_and_leaves_its_practice_alone(site: str, era: str) -> None:
    found = load(site, era)
    assert {change.path[0] for change in found.changes} <= {"sentencing", "response"}
    assert bool(found.changes) == (era != "era-2009")
    assert found.timeline[0][1].meetings == load(site).timeline[0][1].meetings


def test_an_era_combines_with_a_practice() -> None:
    found = load("bristol", "era-2026+hub")
    assert found.timeline[0][1].sentencing.recall_days == 56
    assert {team.co_location.form for team in found.timeline[-1][1].teams.values()} == {"hub"}


def test_shorter_sentences_are_topped_up_to_twelve_months_of_supervision() -> None:
    before, after = sentences(), sentences(top_up_months=12)
    assert (before.disposal == CUSTODY).all()
    year = 12 * DAYS_PER_MONTH
    short = before.short
    assert 0 < short.sum() < 99
    assert (before.supervised_days[short] == 0).all()
    assert after.supervised_days[short] == pytest.approx(year)
    longer = ~short
    assert (after.supervised_days[longer] >= before.supervised_days[longer]).all()
    # From two years on nothing is topped up.
    long = before.custody_days >= year
    assert after.supervised_days[long] == pytest.approx(before.supervised_days[long])
    assert (after.custody_days == before.custody_days).all()


def test_earlier_release_shortens_custody_and_lengthens_the_licence() -> None:
    half, third = sentences(), sentences(served_share=1 / 3)
    more_than_a_day = third.custody_days > 1
    assert third.custody_days[more_than_a_day] == pytest.approx(half.custody_days[more_than_a_day] * 2 / 3)
    licensed = half.supervised_days > 0
    assert (third.supervised_days[licensed] > half.supervised_days[licensed]).all()


def released(final_share: float) -> IOMModel:
    """Return a year of a small area."""
    site = load("bristol").timeline[0][1]
    changed = site.model_copy(
        update={
            "sentencing": site.sentencing.model_copy(update={"final_share": final_share}),
            "pool": site.pool.model_copy(update={"first_sanctions_per_year": 300}),
        }
    )
    return IOMModel(((changed.iom_start, changed),), years=0.5, partnership=False).run()


def test_in_the_last_part_of_a_supervision_nobody_has_to_come() -> None:
    whole, reset = released(0.0), released(1 / 3)
    everybody = np.arange(whole.world.people.count)
    for model, share in ((whole, 1.0), (reset, 2 / 3)):
        custody = model.world.custody
        supervised = custody.statutory(everybody, model.days)
        obliged = custody.obliged(everybody, model.days)
        assert not (obliged & ~supervised).any()
        assert supervised.sum() > 30
        assert obliged.sum() / supervised.sum() == pytest.approx(share, abs=0.15 if share < 1 else 0)


def test_a_recall_takes_as_long_as_the_rules_for_the_sentence_say() -> None:
    model = released(0.0)
    custody = model.world.custody
    custody.sentencing = Sentencing(recall_days=40, recall_days_short=14)
    free = np.flatnonzero(custody.at_liberty)[:2]
    custody._short[free] = [True, False]
    env: simpy.Environment = model.env
    since = env.now
    for person in free.tolist():
        env.process(custody.recall(person))
    env.run(until=since + 20)
    assert custody.holds[free].tolist() == [0, 1]
    env.run(until=since + 45)
    assert custody.holds[free].tolist() == [0, 0]


def test_tiers_move_ordinary_contact_and_nothing_by_default() -> None:
    ogrs = np.array([0.2, 0.6, 0.9])
    assert Tiers().share(ogrs).tolist() == [1, 1, 1]
    assert Tiers(low=0.9, high=1.3).share(ogrs).tolist() == [0.9, 1, 1.3]
