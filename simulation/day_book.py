"""The day book: what a partnership's day is counted by."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation import bands
from simulation.calendar import DAYS_PER_YEAR
from simulation.co_location import AGENCIES
from simulation.indicators import members
from simulation.ledger import Entry, pay

if TYPE_CHECKING:
    from simulation.partnership import Partnership


def enter(works: "Partnership", day: int) -> None:
    """Count the caseload, how far the team's picture lags, minutes, contacts and pounds."""
    _count_caseload(works, day)
    _count_minutes(works, day)
    daily, contacts = works.recorder.daily, works.contacts
    daily("contacts_due")[day] += contacts.due
    daily("contacts_expired")[day] += contacts.expired
    daily("contacts_struck_out")[day] += contacts.struck_out
    daily("expired_wait_days")[day] += contacts.expired_wait_days
    contacts.clear_counts()
    bought = Entry("partnership", "places", works.pathways.bought_gbp_a_year)
    for payer, item, gbp in (*works.vacancies.entries, bought):
        pay(works.recorder, day, Entry(payer, item, gbp / DAYS_PER_YEAR))


def _count_caseload(works: "Partnership", day: int) -> None:
    caseload, daily = works.caseload, works.recorder.daily
    rows = caseload.rows()
    band = caseload.band[rows]
    for name, number in zip(bands.COLOURS, np.bincount(band, minlength=4)[:4], strict=False):
        daily(f"caseload_{name}")[day] = number
    daily("caseload_white")[day] = np.count_nonzero(caseload.band == bands.WHITE)
    daily("caseload")[day] = len(rows)
    daily("caseload_statutory")[day] = np.count_nonzero(works.world.custody.statutory(rows, day))
    daily("caseload_ppo")[day] = np.count_nonzero(caseload.ppo[rows])
    for name, own in members(works.world.record, day, rows).items():
        daily(f"caseload_{name}")[day] = np.count_nonzero(own)
    works.choosing.scope.count(works.recorder, day, rows)
    daily("trust")[day] = works.trust.level[rows].sum()
    daily("motivation")[day] = works.motivation.level[rows].sum()
    works.steering.record(day)
    wrong = works.steering.colour(works.awareness.true, rows) != band
    daily("wrong_bands")[day] = np.count_nonzero(wrong)
    works.awareness.measure_lag(day, rows, wrong)


def _count_minutes(works: "Partnership", day: int) -> None:
    daily = works.recorder.daily
    used, opened = (works.opened - works.left).sum(axis=0), works.opened.sum(axis=0)
    for agency, minutes, available in zip(AGENCIES, used, opened, strict=True):
        daily(f"minutes_used_{agency}")[day] = minutes
        daily(f"minutes_open_{agency}")[day] = available
    daily("minutes_from_others")[day] = used[works.staffing.serves_others].sum()


def enter_contacts(
    works: "Partnership", day: int, seen: NDArray[np.bool_], minutes: NDArray[np.float64]
) -> None:
    """Count the day's contacts, and who had them.

    Parameters
    ----------
    works
        The partnership, whose contacts of the day are made.
    day
        Today.
    seen
        Whether people were there, shape ``(n,)``.
    minutes
        Minutes with a person who is seen, shape ``(n,)``.
    """
    made, count = works.made, works.recorder.count
    count("contacts_made", day, np.count_nonzero(seen))
    count("contacts_missed", day, np.count_nonzero(~seen))
    count("contact_wait_days", day, float(made.waited.sum()))
    count("joint_visits", day, np.count_nonzero(made.joint) // 2)
    who, given = made.person[seen], minutes[seen]
    count("contact_minutes", day, float(given.sum()))
    for name, own in members(works.world.record, day, who).items():
        count(f"contact_minutes_{name}", day, float(given[own].sum()))
    count("contact_minutes_wrong", day, float(given[works.choosing.wrongly[who]].sum()))
