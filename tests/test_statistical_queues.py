"""Places agree with queueing theory."""

import math

import numpy as np
import pytest
import simpy
from scipy import stats

from simulation.capacity import Places

ARRIVALS = 20_000
WARM_UP = 2_000
BATCHES = 30


def erlang_c(servers: int, load: float) -> float:
    """Return the probability that an arrival waits in M/M/c, ``load`` in erlangs."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return servers * blocked / (servers - load * (1 - blocked))


def queue(servers: int, load: float, seed: int) -> Places:
    """Run Poisson arrivals at unit exponential service through places."""
    env = simpy.Environment()
    places = Places(env, servers)
    generator = np.random.default_rng(seed)
    gaps, services = generator.exponential(1 / load, ARRIVALS), generator.exponential(1.0, ARRIVALS)

    def arrive():
        for gap, service in zip(gaps.tolist(), services.tolist(), strict=True):
            yield env.timeout(gap)
            env.process(places.hold(service))

    env.process(arrive())
    env.run()
    return places


@pytest.mark.parametrize(("servers", "load"), [(1, 0.6), (3, 2.1), (12, 9.6)])
def test_waits_agree_with_erlang_c(servers: int, load: float) -> None:
    """Batch means: a mean wait 15 per cent off is found with a power over 0.9, two-sided at 0.001."""
    waits = np.array(queue(servers, load, seed=servers).waits_days[WARM_UP:])
    for found, theory in (
        (waits > 1e-12, erlang_c(servers, load)),
        (waits, erlang_c(servers, load) / (servers - load)),
    ):
        means = [batch.mean() for batch in np.array_split(found.astype(float), BATCHES)]
        assert stats.ttest_1samp(means, theory).pvalue > 0.001, (np.mean(means), theory)


def test_little_holds_exactly_over_a_busy_period() -> None:
    """The area under the number held equals the sum of service times, and under the queue that of waits."""
    env = simpy.Environment()
    places = Places(env, 2)
    area = {"queue": 0.0, "since": 0.0}

    def watch(_: simpy.Event | None = None) -> None:
        area["queue"] += len_before[0] * (env.now - area["since"])
        area["since"] = env.now
        len_before[0] = len(places.waiting)

    len_before = [0]

    def arrive():
        for n in range(50):
            env.process(places.hold(1.0 + 0.1 * (n % 7)))
            yield env.timeout(0.4)

    env.process(arrive())
    while env.peek() != math.inf:
        env.step()
        watch()
    assert area["queue"] == pytest.approx(sum(places.waits_days))
    assert places.busy_place_days(env.now) == pytest.approx(sum(1.0 + 0.1 * (n % 7) for n in range(50)))


def test_capacity_changes_by_date() -> None:
    env = simpy.Environment()
    places = Places(env, 0)
    begun: list[tuple[int, float]] = []

    def wait(name: int):
        waited = yield from places.hold(10.0)
        begun.append((name, waited))

    def change():
        yield env.timeout(5)
        places.resize(2)  # two of three move up at once
        yield env.timeout(1)
        places.resize(0)  # they keep their places; the third waits on
        yield env.timeout(19)
        places.resize(1)

    for name in range(3):
        env.process(wait(name))
    env.process(change())
    env.run(until=4.9)
    assert places.busy == 0
    env.run()
    assert begun == [(0, 5.0), (1, 5.0), (2, 25.0)]


def test_a_place_is_given_back_once_when_somebody_gives_up() -> None:
    env = simpy.Environment()
    places = Places(env, 1)

    def wait():
        try:
            yield from places.hold(5.0)
        except simpy.Interrupt:
            return

    first, second = env.process(wait()), env.process(wait())

    def give_up():
        yield env.timeout(1)
        second.interrupt()
        yield env.timeout(1)
        first.interrupt()

    env.process(give_up())
    env.run()
    assert (places.busy, places.waiting) == (0, [])


def test_negative_capacity_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        Places(simpy.Environment(), -1)
