"""Write the stories of the documentation: people of one run, chosen by what happens to them."""

from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from experiments.trace import Story, draw, opening, tell
from scenarios import load
from simulation import IOMModel

DOCS = Path(__file__).parent.parent / "docs"
SITE, YEARS = "nottingham", 2.0
HEAD = f"""# {{number}} stories

Any person of any run can be followed. These are of Nottinghamshire as it was, seed 1, replication 0:

```sh
.venv/bin/iom run {SITE} --replications 1 --draw none --out results/stories
.venv/bin/iom trace results/stories {{first}}
```

`make stories` writes this page; each person is the first who fits what the heading says, or fits it most. A
team does not see the offences; it knows what it has heard of. When the model changes, so do the stories.
"""


class Life(NamedTuple):
    """A person's events, in order of time."""

    person: int
    events: list[tuple[Any, ...]]

    def number(self, *kinds: str) -> int:
        """Return how many events there are of some kinds."""
        return sum(line[2] in kinds for line in self.events)

    def has(self, *kinds: str) -> bool:
        """Return whether there is an event of each kind."""
        return {line[2] for line in self.events} >= set(kinds)

    def days_in(self, band: str) -> float:
        """Return the days between being set to a band and the next change of band."""
        moves = [line for line in self.events if line[2] in ("band", "dormant", "deselected")]
        days = (later[3] - line[3] for line, later in pairwise(moves) if line[4] == band)
        return float(sum(days))

    def longest_unknown(self) -> float:
        """Return the longest time from a release until the team heard of it."""
        longest, released = 0.0, None
        for line in self.events:
            if line[2] == "release":
                released = line[3]
            elif line[2] == "known" and line[4] == "release" and released is not None:
                longest, released = max(longest, line[3] - released), None
        return longest


class Wanted(NamedTuple):
    """A story: its heading, what it shows, and how well a life fits it; 0 is not at all."""

    title: str
    about: str
    fit: Callable[[Life], float]


WANTED = (
    Wanted(
        "A prolific offender in red", "Of everybody carried he is seen most often.",
        lambda life: life.number("contact"),
    ),
    Wanted(
        "Released, and nobody told", "The longest time from a release until the team heard of it.",
        lambda life: life.longest_unknown(),
    ),
    Wanted(
        "In green for longest", "Little contact falls due, much of it lapses on full days, little is heard.",
        lambda life: life.days_in("green"),
    ),
    Wanted(
        "A need that is met", "Assessed, referred, waiting, attending, completing; and the need stays met.",
        lambda life: life.number("need met") * life.has("programme completed") * (not life.number("relapse")),
    ),
    Wanted(
        "A place lost", "Programmes are begun and lost by staying away, and a need that was met comes back.",
        lambda life: life.number("programme lost") * life.has("relapse"),
    ),
    Wanted(
        "Proceeded against", "Missed appointments lead back to custody while the scheme works with him.",
        lambda life: life.number("enforcement") * life.has("breach", "programme completed"),
    ),
)  # fmt: skip


def main() -> None:
    """Live through one run and write ``docs/stories.md`` with its pictures."""
    model = IOMModel(load(SITE).timeline, years=YEARS, keep_events=True)
    openings = [opening(model, person) for person in range(model.world.people.count)]
    model.run()
    lived: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for line in sorted(model.recorder.events, key=lambda line: line[3]):
        lived[line[0]].append(line)
    lives = [Life(person, lived[person]) for person in sorted(lived)]
    parts, told = [], []
    for wanted in WANTED:
        life = max((one for one in lives if one.person not in told), key=wanted.fit)
        if not wanted.fit(life):
            raise SystemExit(f"nobody fits: {wanted.title}")
        told.append(life.person)
        parts.append(_part(wanted, life, openings[life.person], model))
    number = {3: "Three", 6: "Six"}.get(len(WANTED), str(len(WANTED)))
    page = HEAD.format(number=number, first=told[0]) + "".join(parts)
    (DOCS / "stories.md").write_text(page, encoding="utf-8")


def _part(wanted: Wanted, life: Life, who: str, model: IOMModel) -> str:
    lines = tell(life.events, model.calendar)
    title = f"Person {life.person} of {SITE}, replication 0"
    story = Story(title, lines, life.events, model.calendar.first, model.days)
    picture = f"story-{'-'.join(wanted.title.lower().replace(',', '').split())}.png"
    draw(story, DOCS / "pictures" / picture)
    told = "\n".join(f"- {line}" for line in lines)
    counts = Counter(line[2] for line in life.events)
    return f"""
## {wanted.title}

{wanted.about}

![Contacts, bands, custody, arrests and offences of person {life.person} by date](pictures/{picture})

{who} In this run: {counts["offence"]} offences, {counts["arrest"]} arrests,
{counts["contact"]} contacts kept and {counts["missed"]} missed.

<details><summary>The whole story</summary>

{told}

</details>
"""


if __name__ == "__main__":
    main()
