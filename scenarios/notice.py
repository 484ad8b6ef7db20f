"""Notices: changes from which nothing comes, or less than it seems. They are told and do no harm."""

from collections.abc import Iterator, Sequence
from datetime import date

from scenarios.change import Change
from scenarios.idle import remark
from scenarios.problem import echo
from scenarios.site import Site
from scenarios.tree import value_at
from simulation import Timeline
from simulation.calendar import years_later


def notices(changes: Sequence[Change], place: Site, timeline: Timeline) -> list[str]:
    """Return a notice for every change that was already so, or from which less comes than it seems.

    Parameters
    ----------
    changes
        What options change in the site. Generated changes, which stand in no file, are passed over.
    place
        The site.
    timeline
        What the changes lead to.
    """
    return [text for change in changes if change.line for text in _told(change, place, timeline)]


def _told(change: Change, place: Site, timeline: Timeline) -> list[str]:
    return list(_already_so(change, place)) or list(_idle(change, timeline))


def _already_so(change: Change, place: Site) -> Iterator[str]:
    base = before = value_at(place.values, change.path)
    values = [step.applied(base) for step in change.steps]
    if all(value == base for value in values):
        already = f"{change.key} is already {echo(base)} in {place.name}"
        yield f"{already}; {change.file}:{change.line} changes nothing"
        return
    for step, value in zip(change.steps, values, strict=True):
        if value == before:
            already = f"{change.key} is already {echo(value)} on {step.since}"
            yield f"{already}; {change.file}:{step.line} changes nothing then"
        before = value


def _idle(change: Change, timeline: Timeline) -> Iterator[str]:
    """Yield what there is to know of a change if it is so on every date from its first step on."""
    since = change.steps[0].since
    remarks = [remark(change.key, parameters) for when, parameters in timeline if not since or when >= since]
    if all(remarks):
        yield f"{change.key} {remarks[0]} ({change.file}:{change.line})"


def unreached(changes: Sequence[Change], start: date, years: float) -> list[str]:
    """Return a notice for every step that comes when a run of some years from ``start`` has ended."""
    end = years_later(start, years)
    return [
        f"{change.key} from {step.since}: the run ends on {end}; "
        f"{change.file}:{step.line or change.line} changes nothing"
        for change in changes
        for step in change.steps
        if step.since is not None and step.since >= end
    ]
