"""The summary of a caseload for people: how complete it is, what is odd, and how it compares."""

from calibration.caseload.figures import KINDS, counted, figures, missing, needs, odd
from calibration.caseload.reading import FEWEST_PEOPLE, Caseload
from calibration.published import SITES
from scenarios.own_caseload import written

LABELS = {target.name: target.label for targets in SITES.values() for target in targets} | {
    "age": "age",
    "women": "women, %",
    "years_carried": "years since selection",
}
#: Names of teams are an area's own words; this much of one is shown.
_LONGEST_NAME, _MOST_NAMES = 30, 20


def summary(caseload: Caseload, below: int) -> list[str]:
    """Return lines on a caseload in which no count under ``below`` stands."""
    people = len(caseload.people)
    dormant = f", and {written(caseload.dormant, below)} on the dormant list" if caseload.dormant else ""
    lines = [f"{people:,} people carried on {caseload.counted:%d/%m/%Y}{dormant}"]
    lines += [f"Note: {notice}" for notice in caseload.notices]
    if caseload.rows_left_out:
        lines.append(f"Note: rows left out: {caseload.rows_left_out:,}")
    lines += ["", "How complete", *_complete(caseload, below)]
    lines += ["", "Who they are", *_who(caseload, below)]
    found = odd(caseload)
    if found:
        lines += ["", "Odd, and kept", *(f"  {what}: {written(n, below)}" for what, n in found.items())]
    lines += ["", "Beside the pioneer sites (Tables 3.2 and 3.3, December 2009)"]
    lines += _aligned(beside(caseload, below))
    lines += [
        f"Counts under {below} and means of fewer than {FEWEST_PEOPLE} people are not shown;",
        "hidden is what would give a small count away.",
    ]
    return lines


def _complete(caseload: Caseload, below: int) -> list[str]:
    rows = []
    for column, lacking in missing(caseload).items():
        said = f"{written(lacking, below)} without" if lacking else "all"
        rows.append([column, said])
    return _aligned(rows)


def _who(caseload: Caseload, below: int) -> list[str]:
    rows = []
    for kind in KINDS:
        if kind in caseload.columns:
            rows.append([kind, _counts(counted(caseload, kind, below)) or "nothing known"])
    rows += [[f"need: {name}", f"{share.value:.0%}"] for name, share in needs(caseload, below).items()]
    return _aligned(rows)


def _counts(found: dict[str, int | None]) -> str:
    """Return counts in words; what is hidden is not named, because a team can be called after a person."""
    said = [f"{_name(name)} {n:,}" for name, n in found.items() if n is not None]
    more = [f"{len(said) - _MOST_NAMES:,} more"] if len(said) > _MOST_NAMES else []
    hidden = ["others hidden"] if None in found.values() else []
    return ", ".join([*said[:_MOST_NAMES], *more, *hidden])


def beside(caseload: Caseload, below: int) -> list[list[str]]:
    """Return a table of the caseload's figures beside those of the pioneer sites, header first."""
    own = figures(caseload, below)
    rows = [["figure", "here", *SITES]]
    for name, label in LABELS.items():
        here = f"{own[name].value:.4g}" if name in own else "-"
        there = [
            next((f"{target.value:g}" for target in SITES[site] if target.name == name), "-")
            for site in SITES
        ]
        rows.append([label, here, *there])
    return rows


def _name(name: str) -> str:
    """Return an area's own word without what would move a cursor, or be run by a spreadsheet."""
    plain = "".join(letter if letter.isprintable() else " " for letter in name)
    return plain if len(plain) <= _LONGEST_NAME else plain[: _LONGEST_NAME - 3] + "..."


def _aligned(rows: list[list[str]]) -> list[str]:
    if not rows:
        return []
    width = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  " + "  ".join(cell.ljust(size) for cell, size in zip(row, width, strict=True)).rstrip()
        for row in rows
    ]
