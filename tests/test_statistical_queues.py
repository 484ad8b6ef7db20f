"""Everything that is scarce agrees with queueing theory in the long run.

Places (court sittings, programme places, mentors), diaries' minutes and the agenda of meetings. Each figure
is compared by batch means, two-sided at 0.01, on luck that is always the same.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import simpy
from scipy import stats

from simulation.capacity import Places
from simulation.diaries import fill
from simulation.meetings import Meeting, agenda

ARRIVALS = 100_000
WARM_UP = 5_000
BATCHES = 30


def erlang_c(servers: int, load: float) -> float:
    """Return the probability that an arrival waits in M/M/c, ``load`` in erlangs."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return servers * blocked / (servers - load * (1 - blocked))


def waits(servers: int, load: float, seed: int) -> np.ndarray:
    """Return the waits of Poisson arrivals with unit exponential service, after a warm-up."""
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
    return np.array(places.waits_days[WARM_UP:])


def test_erlang_c_itself_agrees_with_published_values() -> None:
    """M/M/1 waits with probability load; two servers at one erlang with a third."""
    assert erlang_c(1, 0.6) == pytest.approx(0.6)
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.5), (3, 1.5), (6, 3.5)])
def test_waits_agree_with_erlang_c(servers: int, load: float) -> None:
    """Batch means, two-sided at 0.01.

    A probability of waiting 15 per cent off is found with a power over 0.99, a mean wait a fifth off with
    one over 0.8 in the largest queue and over 0.99 in the others (measured over 30 seeds each).
    """
    found = waits(servers, load, seed=servers)
    for sample, theory in (
        (found > 1e-9, erlang_c(servers, load)),
        (found, erlang_c(servers, load) / (servers - load)),
    ):
        means = [batch.mean() for batch in np.array_split(sample.astype(float), BATCHES)]
        assert stats.ttest_1samp(means, theory).pvalue > 0.01, (np.mean(means), theory)


def agrees(sample: np.ndarray, theory: float) -> None:
    """Compare a long row of observations with a mean."""
    means = [batch.mean() for batch in np.array_split(np.asarray(sample, dtype=float), BATCHES)]
    assert stats.ttest_1samp(means, theory).pvalue > 0.01, (np.mean(means), theory)


def arrivals(
    load: float, visit: Callable[[Places, int], Iterator[simpy.Event]], seed: int, number: int
) -> None:
    """Let people arrive at one place, so many, at a rate."""
    env = simpy.Environment()
    place = Places(env, 1)
    gaps = np.random.default_rng(seed).exponential(1 / load, number).tolist()

    def arrive() -> Iterator[simpy.Event]:
        for one, gap in enumerate(gaps):
            yield env.timeout(gap)
            env.process(visit(place, one))

    env.process(arrive())
    env.run()


def test_sittings_that_all_take_as_long_agree_with_pollaczek_and_khinchine() -> None:
    """Hearings and programmes hold a place for a fixed time: M/D/1, where people wait half as long."""
    load, found = 0.7, []

    def visit(place: Places, _: int) -> Iterator[simpy.Event]:
        found.append((yield from place.hold(1.0)))

    arrivals(load, visit, 1, 40_000)
    agrees(found[2_000:], load / (2 * (1 - load)))


def test_those_who_go_ahead_and_those_who_do_not_agree_with_cobham() -> None:
    """Two classes at one place, nobody interrupted: the first waits for itself, the second for both."""
    load, share, number = 0.7, 0.4, 60_000
    generator = np.random.default_rng(2)
    first = (generator.random(number) < share).tolist()
    service = generator.exponential(1.0, number).tolist()
    found: dict[bool, list[float]] = {True: [], False: []}

    def visit(place: Places, one: int) -> Iterator[simpy.Event]:
        came = place.env.now
        yield place.ask(ahead=first[one])
        found[first[one]].append(place.env.now - came)
        yield place.env.timeout(service[one])
        place.give_back()

    arrivals(load, visit, 3, number)
    agrees(np.array(found[True][1_000:]), load / (1 - load * share))
    agrees(np.array(found[False][1_000:]), load / ((1 - load * share) * (1 - load)))


def test_those_who_give_up_waiting_agree_with_theory() -> None:
    """Mentors: whoever has none after so long stops waiting. M/M/1 with a fixed patience.

    The density of the wait that an arrival meets is ``p load exp(-(1 - load) x)`` up to the patience, and
    falls as ``exp(-x)`` beyond it, where nobody joins.
    """
    load, patience, number = 0.8, 2.0, 60_000
    service = np.random.default_rng(4).exponential(1.0, number).tolist()
    gave_up = []

    def visit(place: Places, one: int) -> Iterator[simpy.Event]:
        turn = place.ask()
        yield turn | place.env.timeout(patience)
        gave_up.append(not turn.triggered)
        if turn.triggered:
            yield place.env.timeout(service[one])
        place.withdraw(turn)

    arrivals(load, visit, 5, number)
    fall = np.exp(-(1 - load) * patience)
    idle = 1 / (1 + load * (1 - fall) / (1 - load) + load * fall)
    agrees(np.array(gave_up[1_000:]), idle * load * fall)


def backlog(mean: float) -> float:
    """Return the mean left over where each day takes one piece, and a Poisson number of them comes."""
    return mean**2 / (2 * (1 - mean))


def test_diaries_agree_with_a_queue_in_days_and_urgent_work_feels_nothing_of_the_rest() -> None:
    """Pieces of a day each, in two urgencies; what an urgent piece waits for is urgent pieces alone."""
    urgent, both, days = 0.4, 0.8, 60_000
    generator = np.random.default_rng(6)
    comes = generator.poisson((urgent, both - urgent), (days, 2))
    needed, kind = np.zeros(0), np.zeros(0, dtype=np.int64)
    left_over = np.zeros((days, 2))
    for day, new in enumerate(comes.tolist()):
        needed = np.append(needed, np.full(sum(new), 420.0))
        kind = np.append(kind, np.repeat((0, 1), new))
        order = np.argsort(kind, kind="stable")
        filled = fill(np.array([420.0]), np.zeros(len(needed), dtype=np.int64), needed, order)
        needed, kind = (needed - filled.given)[~filled.done], kind[~filled.done]
        left_over[day] = np.bincount(kind, minlength=2)
    agrees(left_over[1_000:, 0], backlog(urgent))
    agrees(left_over[1_000:].sum(axis=1), backlog(both))


def test_an_agenda_by_exception_leaves_over_what_theory_says() -> None:
    """Four minutes are one case a meeting; of many people a Poisson number changes band between two."""
    meeting = Meeting(order="exception", agenda_minutes=4, minutes_per_case=4)
    people, load, meetings = 200, 0.6, 20_000
    generator = np.random.default_rng(7)
    rows, band = np.arange(people), np.zeros(people, dtype=np.int8)
    proposed, reviewed = band.copy(), np.zeros(people)
    found = []
    for number, new in enumerate(generator.poisson(load, meetings).tolist()):
        calm = np.flatnonzero(proposed == band)
        proposed[calm[:new]] = 1
        order = agenda(
            meeting, rows, reviewed=reviewed, band=band, proposed=proposed, left_over=np.zeros(people, bool)
        )
        seen = order[: meeting.cases]
        proposed[seen], reviewed[seen] = 0, number
        found.append(len(order) - len(seen))
    agrees(np.array(found[500:]), backlog(load))


def test_in_turn_everybody_comes_up_once_a_round() -> None:
    """Seven people and three places on the agenda: each waits two or three meetings, 7/3 in the mean."""
    meeting = Meeting(order="turn", agenda_minutes=12, minutes_per_case=4)
    rows, none = np.arange(7), np.zeros(7, dtype=np.int8)
    reviewed, gaps = np.linspace(-7, -1, 7), []
    for number in range(70):
        order = agenda(
            meeting, rows, reviewed=reviewed, band=none, proposed=none, left_over=np.zeros(7, bool)
        )
        seen = order[: meeting.cases]
        gaps += (number - reviewed[seen]).tolist() if number > 7 else []
        reviewed[seen] = number
    assert set(gaps) == {2.0, 3.0}
    assert np.mean(gaps) == pytest.approx(7 / 3, abs=0.02)
