"""Places are held by no more than there are, in order of arrival, and given back exactly once."""

import heapq
import math
from collections.abc import Generator

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.capacity import Places

Story = Generator[simpy.Event, object, None]


def fill(places: Places, gaps: list[float], services: list[float]) -> float:
    """Let people arrive after gaps and hold a place for their service; return the area under the queue."""
    env, area = places.env, 0.0

    def arrive() -> Story:
        for gap, service in zip(gaps, services, strict=True):
            yield env.timeout(gap)
            env.process(places.hold(service))

    env.process(arrive())
    while env.peek() < math.inf:
        queue, since = len(places.waiting), env.now
        env.step()
        area += queue * (env.now - since)
    return area


@pytest.mark.parametrize("servers", [1, 2, 7])
def test_every_wait_is_that_of_the_queue_recursion(servers: int) -> None:
    """In order of arrival everybody takes the place that is free first (Kiefer and Wolfowitz 1955)."""
    generator = np.random.default_rng(servers)
    gaps, services = generator.exponential(1.05 / servers, 600), generator.exponential(1.0, 600)
    places = Places(simpy.Environment(), servers)
    fill(places, gaps.tolist(), services.tolist())
    expected, free, now = [], [0.0] * servers, 0.0
    for gap, service in zip(gaps.tolist(), services.tolist(), strict=True):
        now += gap
        begins = max(now, heapq.heappop(free))
        expected.append(begins - now)
        heapq.heappush(free, begins + service)
    assert np.count_nonzero(expected) > 200
    assert places.waits_days == pytest.approx(expected, abs=1e-9)


def test_little_holds_exactly_over_a_busy_period() -> None:
    """The area under the queue equals the sum of waits, and that under the places held the services."""
    places = Places(simpy.Environment(), 2)
    generator = np.random.default_rng(5)
    gaps, services = generator.exponential(0.5, 200).tolist(), generator.exponential(0.9, 200).tolist()
    area = fill(places, gaps, services)
    assert area > 10
    assert area == pytest.approx(sum(places.waits_days))
    assert places.busy_place_days(places.env.now) == pytest.approx(sum(services))


def holder(places: Places, begun: list[tuple[str, float]], name: str, days: float = 10.0) -> simpy.Process:
    """Start somebody who notes when a place was had, and who may give up."""
    arrived = places.env.now

    def story() -> Story:
        def begin() -> float:
            begun.append((name, places.env.now - arrived))
            return days

        try:
            yield from places.hold(begin)
        except simpy.Interrupt:
            return

    return places.env.process(story())


def test_those_waiting_move_up_at_once_when_places_are_added() -> None:
    env = simpy.Environment()
    places, begun = Places(env, 1), []
    for name in "abcd":
        holder(places, begun, name)
    env.run(until=4)
    places.resize(3)
    env.run(until=5)
    assert begun == [("a", 0.0), ("b", 4.0), ("c", 4.0)]
    assert (places.busy, len(places.waiting)) == (3, 1)


def test_holders_keep_a_place_that_is_taken_away_until_they_leave() -> None:
    env = simpy.Environment()
    places, begun = Places(env, 2), []
    for name, days in (("a", 3.0), ("b", 6.0), ("c", 1.0)):
        holder(places, begun, name, days)
    env.run(until=1)
    places.resize(1)
    assert places.busy == 2
    env.run(until=5)
    assert (places.busy, begun) == (1, [("a", 0.0), ("b", 0.0)])  # what a leaves goes to nobody
    env.run()
    assert begun[-1] == ("c", 6.0)
    assert places.busy_place_days(env.now) == pytest.approx(3 + 6 + 1)


def test_without_a_place_people_wait_for_ever() -> None:
    env = simpy.Environment()
    places, begun = Places(env, 0), []
    waiting = holder(places, begun, "a")
    env.run()  # to the end of all time: nothing is left that could happen
    assert waiting.is_alive
    assert (begun, len(places.waiting), places.busy_place_days(10_000)) == ([], 1, 0.0)


@pytest.mark.parametrize("day", [1.0, 3.0, 5.0])
def test_whoever_gives_up_frees_one_place_or_none(day: float) -> None:
    """Giving up while waiting (day 1), at the moment of moving up (3) and while holding (5)."""
    env = simpy.Environment()
    places, begun = Places(env, 1), []

    def give_up() -> Story:
        yield env.timeout(day - 0.5)
        second.interrupt()

    holder(places, begun, "a", 3.0)
    second = holder(places, begun, "b", 4.0)
    holder(places, begun, "c", 1.0)
    holder(places, begun, "d", 1.0)
    env.run(until=0.5)
    # Timed after the first holder's leaving: on day 3 the place is given before it is given up.
    env.process(give_up())
    env.run()
    third = max(3.0, day)
    assert [one for one in begun if one[0] in "acd"] == [("a", 0.0), ("c", third), ("d", third + 1)]
    assert (places.busy, places.waiting) == (0, [])


steps = st.lists(
    st.tuples(st.sampled_from(["come", "come", "resize", "give up"]), st.integers(0, 4), st.integers(0, 3)),
    max_size=40,
)


@settings(deadline=None, max_examples=150)
@given(steps)
def test_no_history_of_changes_overbooks_or_loses_a_place(history: list[tuple[str, int, int]]) -> None:
    env = simpy.Environment()
    places, begun, people = Places(env, 1), [], []
    for n, (what, size, pause) in enumerate(history):
        held = places.busy
        if what == "come":
            people.append(holder(places, begun, str(n), float(size)))
        elif what == "resize":
            places.resize(size)
        elif people:
            leaver = people[size % len(people)]
            if leaver.is_alive and leaver.target is not None:
                leaver.interrupt()
        env.run(until=env.now + pause + 0.5)
        assert places.busy <= max(places.capacity, held)
        assert not places.waiting or places.busy >= places.capacity
    places.resize(5)
    env.run()
    assert (places.busy, places.waiting) == (0, [])
    assert not any(person.is_alive for person in people)


def test_negative_capacity_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        Places(simpy.Environment(), -1)
