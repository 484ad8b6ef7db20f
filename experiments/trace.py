"""One person's story, re-run by key: in words and as a picture."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from experiments.drawing import drawing
from experiments.manifest import TraceError, manifest_of, one_by_one, timeline
from simulation import IOMModel
from simulation.calendar import DAYS_PER_YEAR, Calendar
from simulation.co_location import AGENCIES

#: Events told one by one; contacts are told by the month.
_TOLD = {
    "arrest": "arrested and charged",
    "sanction": "sentenced",
    "reception": "received into custody",
    "release": "released",
    "breach": "a breach is enforced",
    "warned": "warned in writing about a missed appointment",
    "enforcement": "missed appointments are proceeded against",
    "cautioned": "cautioned, on condition that appointments are kept",
    "conditions broken": "breaks the conditions of the caution and goes to court",
    "court report": "the team's report for the court is ready",
    "compact": "signs the compact",
    "prescription stopped": "a prescription is stopped until the next appointment",
    "dropped out": "has stayed away too often: the team stops trying",
    "re-engaged": "found again, and appointments resume",
    "outreach": "found at home after a missed appointment",
    "beat visit": "called on by beat officers who were not told",
    "in-reach": "visited inside beyond the plan",
    "release planned": "the plan for the day of release is ready",
    "met at the gate": "met on the day of release",
    "moved to adult services": "moved from the youth offending team to adult services",
    "fell out": "falls out at the move to adult services",
    "commissioned": "taken by the voluntary sector under its contract",
    "matched": "matched with a mentor",
    "unmatched": "the match with the mentor ends",
    "selected": "selected",
    "introduced": "told of the scheme, {}",
    "returned": "taken back from the dormant list",
    "dormant": "put on the dormant list",
    "deselected": "leaves the scheme",
    "departed": "leaves the area for good",
    "band": "band set to {}",
    "lead": "lead is now {}",
    "planned": "the plan is made, and referrals go out",
    "action": "a meeting gives {} an action",
    "referred": "referred: {}",
    "programme started": "gets a place: {}",
    "programme completed": "completes: {}",
    "programme lost": "loses the place by staying away: {}",
    "programme cut short": "custody ends the place: {}",
    "referral lapsed": "the referral lapses: {}",
    "need met": "a need is met: {}",
    "relapse": "a need comes back: {}",
}
_KNOWN = {
    "arrest": "the arrest", "sanction": "the sentence", "reception": "the reception",
    "release": "the release",
}  # fmt: skip


@dataclass(frozen=True)
class Story:
    """A person's story.

    Attributes
    ----------
    title
        Who it is about, and where.
    lines
        The story in words, one line an event or a month.
    events
        The person's lines of the event log, in order of time.
    first
        Day 0.
    days
        Length of the run.
    """

    title: str
    lines: list[str]
    events: list[tuple[Any, ...]]
    first: date
    days: int


def story(out: Path | str, person: int, scenario: str = "", replication: int = 0) -> Story:
    """Tell the story of one person of a study.

    Parameters
    ----------
    out
        The study's folder.
    person
        The person's row.
    scenario
        A scenario of the study, or the options of one; that of the shortest name where none is named.
    replication
        The replication.

    Raises
    ------
    TraceError
        If the folder holds no study, the model has changed since, or there is no such person or scenario.
    scenarios.ScenarioError
        If the replication's draw could not be run.
    """
    manifest = manifest_of(Path(out))
    names = list(manifest["scenarios"])
    chosen = _chosen(names, scenario)
    if chosen is None:
        raise TraceError(f"{scenario}: no such scenario in {out}; expected one of {', '.join(names)}")
    model = IOMModel(
        timeline(manifest, chosen, replication), seed=manifest["seed"], replication=replication,
        years=manifest["years"], keep_events=True,
    )  # fmt: skip
    if not 0 <= person < model.world.people.count:
        last = model.world.people.count - 1
        raise TraceError(f"{person}: no such person; expected a row from 0 to {last}")
    first_line = opening(model, person)
    model.run()
    events = sorted((line for line in model.recorder.events if line[0] == person), key=lambda line: line[3])
    title = f"Person {person} of {chosen}, replication {replication}"
    notes = [text for text in [one_by_one(manifest)] if text]
    lines = [*notes, first_line, *tell(events, model.calendar)]
    return Story(title, lines, events, model.calendar.first, model.days)


def _chosen(names: list[str], asked: str) -> str | None:
    """Return the scenario meant: by its name, or as tables name it, by the options on top of the site."""
    site = min(names, key=len)
    meant = (asked or site, f"{site}+{asked.removeprefix('+')}")
    return next((name for name in meant if name in names), None)


def opening(model: IOMModel, person: int) -> str:
    """Return who a person is as a run begins, before its first step."""
    record = model.world.record
    sex = "A woman" if record.female[person] else "A man"
    age = -record.birth_day[person] / DAYS_PER_YEAR
    joins = float(record.joins[person])
    when = (
        "when the run begins" if joins <= 0 else f"on joining the pool on {model.calendar.date(int(joins))}"
    )
    age += max(joins, 0.0) / DAYS_PER_YEAR
    needs = [name.replace("_", " ") for name, score in model.world.careers.needs.items() if score[person]]
    return (
        f"{sex} of {age:.0f}, first sanctioned at {record.age_first[person]:.0f}; "
        f"{record.sanctions[person]} sanctions and {record.offences[person]} proven offences {when}. "
        f"Needs: {', '.join(needs) or 'none'}."
    )


def tell(events: list[tuple[Any, ...]], calendar: Calendar) -> list[str]:
    """Return the story month by month: events one by one, contacts and offences as sums."""
    lines = []
    for (year, month), group in groupby(events, key=lambda line: calendar.date(int(line[3])).timetuple()[:2]):
        own = list(group)
        for line in own:
            day = calendar.date(int(line[3]))
            if line[2] in _TOLD:
                lines.append(f"{day:%d %b %Y}: {_TOLD[line[2]].format(line[4].replace('_', ' '))}")
            elif line[2] == "known" and line[4] in _KNOWN:
                lines.append(f"{day:%d %b %Y}: the team hears of {_KNOWN[line[4]]}")
        sums = [
            _sum(own, "contact", "kept"),
            _sum(own, "missed", "missed"),
            _sum(own, "offence", "committed"),
        ]
        told = "; ".join(text for text in sums if text)
        if told:
            lines.append(f"In {date(year, month, 1):%B %Y}: {told}")
    return lines


def _sum(events: list[tuple[Any, ...]], event: str, verb: str) -> str:
    counts = Counter(line[4].replace("_", " ") for line in events if line[2] == event)
    if not counts:
        return ""
    noun = "offence" if event == "offence" else "contact"
    total = counts.total()
    each = ", ".join(f"{n} {what}" for what, n in counts.items())
    return f"{total} {noun}{'s' * (total != 1)} {verb} ({each})"


def draw(told: Story, path: Path) -> Path:
    """Draw where a person was, their bands, contacts and offences, and return the path of the PNG."""
    rows = ["offence", "arrest", "custody", "band", "missed", *reversed(AGENCIES)]
    height = {name: place for place, name in enumerate(rows)}
    with drawing(path, size=(11, 4.5), dpi=120) as (_, panes):
        axes = panes[0, 0]
        for line in told.events:
            if line[2] in ("offence", "arrest", "missed"):
                marker = {"offence": "|", "arrest": "v", "missed": "x"}[line[2]]
                axes.plot(line[3], height[line[2]], marker, color="black", markersize=7)
            elif line[2] == "contact":
                agency = "police" if line[4] == "disruption" else line[4]
                axes.plot(line[3], height[agency], ".", color="#2166ac")
        for begin, end in _spells(told):
            axes.barh(height["custody"], end - begin, left=begin, height=0.6, color="#777777")
        for begin, end, name in _bands(told):
            axes.barh(height["band"], end - begin, left=begin, height=0.7, color="white", edgecolor="black")
            if end - begin > 25:
                axes.text((begin + end) / 2, height["band"], name, ha="center", va="center", fontsize=7)
        years = range(told.first.year, told.first.year + told.days // 365 + 2)
        ticks = [((date(year, 1, 1) - told.first).days, str(year)) for year in years]
        ticks = [(day, label) for day, label in ticks if 0 <= day <= told.days]
        axes.set_xticks([day for day, _ in ticks], [label for _, label in ticks])
        axes.set_yticks(range(len(rows)), [name.replace("_", " ") for name in rows])
        axes.set(title=told.title, xlim=(0, told.days), ylim=(-0.7, len(rows) - 0.3))
        axes.grid(axis="x", alpha=0.4)
    return path


def _bands(told: Story) -> list[tuple[float, float, str]]:
    """Return the spells in each band as begin, end and name; the dormant list is one."""
    spells: list[tuple[float, float, str]] = []
    now: tuple[float, str] | None = None
    for line in told.events:
        name = {"band": line[4], "dormant": "dormant", "deselected": ""}.get(line[2])
        if name is None:
            continue
        if now is not None:
            spells.append((now[0], line[3], now[1]))
        now = (line[3], name) if name else None
    return [*spells, (now[0], float(told.days), now[1])] if now is not None else spells


def _spells(told: Story) -> list[tuple[float, float]]:
    """Return the spells in custody as begin and end, from the moves in the log."""
    spells, begin = [], 0.0
    inside = False
    for line in told.events:
        if line[2] == "reception":
            inside, begin = True, line[3]
        elif line[2] == "release":
            spells.append((begin, line[3]))
            inside = False
    return [*spells, (begin, float(told.days))] if inside else spells
