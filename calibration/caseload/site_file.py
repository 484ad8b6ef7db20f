"""A caseload as a site file: what it sets, and what stays as the parent has it."""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from calibration.caseload.figures import Figure, counted, figures, offences_an_occasion
from calibration.caseload.reading import Caseload
from calibration.caseload.summary import LABELS
from calibration.published import SITES
from scenarios import Problem, ScenarioError, site_names
from scenarios.library import canonical, name_or_path
from scenarios.own_caseload import KEY, small
from scenarios.site import NAME, Site, load_site, site_from
from scenarios.tree import about, field_at, leaves
from scenarios.yaml_file import parse
from simulation import Parameters

#: Figures that come out of the model, and so are not set but fitted.
COME_OUT = ("statutory", "ppo", "occasions", "breaches", "age")


class Setting(NamedTuple):
    """A value that the file sets, and where it comes from."""

    value: Any
    source: str = ""
    confidence: str = "assumed"
    note: str = ""


def parent_for(people: int, name: str = "") -> str:
    """Return the shipped site of a name or, without one, that whose published caseload is nearest in size.

    Raises
    ------
    ScenarioError
        If nothing is published about a site of the name.
    """
    if not name:
        return min(SITES, key=lambda site: abs(_published(site, "caseload") - people))
    if canonical(name) not in SITES:
        wrong = "no caseload of a site of this name is published"
        raise ScenarioError([Problem(name, 0, 0, "", wrong, *name_or_path(name, list(SITES)))])
    return canonical(name)


def destination(name: str, *, overwrite: bool) -> Path:
    """Return the path of the site file of a name, in this folder.

    Raises
    ------
    ScenarioError
        If the name cannot be one, is a shipped site's, or is taken.
    """
    name = name.removesuffix(".yaml")
    path = Path(f"{name}.yaml")
    if not NAME.fullmatch(name):
        wanted = "at most 40 letters, digits, _ and -: --name NAME"
        problem = Problem(name or "(empty)", 0, 0, "", "cannot be the name of a site", wanted)
    elif canonical(name) in site_names():
        problem = Problem(name, 0, 0, "", "is the name of a shipped site", "another: --name NAME")
    elif path.exists() and not (overwrite and path.is_file()):
        problem = Problem(str(path), 0, 0, "", "is there already", "--force to overwrite it, or --name NAME")
    else:
        return path
    raise ScenarioError([problem])


def _published(site: str, name: str) -> float:
    return next(target.value for target in SITES[site] if target.name == name)


def settings(caseload: Caseload, parent: str, below: int) -> dict[str, Setting]:
    """Return what a caseload sets in a site that extends a parent, by dotted key.

    Parameters
    ----------
    caseload
        The area's own.
    parent
        Name of a shipped site.
    below
        Counts below this are not used, because the file would tell them.
    """
    place, people = load_site(parent), len(caseload.people)
    scale = people / _published(parent, "caseload")
    own = figures(caseload, below)

    def said(of: Figure) -> str:
        lacking = people - of.known
        known = f", of {of.known:,} of whom it is known" if lacking >= below else ""
        return f"own caseload, {people:,} people, {caseload.counted:%d/%m/%Y}{known}"

    everybody = said(own["caseload"])
    found = _dates(place, caseload.counted, everybody)
    per_head = f"{place.name}'s, by the {people / scale:,.0f} carried there and {people:,} here"
    begin = "pool.first_sanctions_per_year"
    found[begin] = Setting(
        float(f"{place.parameters.pool.first_sanctions_per_year * scale:.4g}"), note=per_head
    )
    courts = math.ceil(place.parameters.courts.cases_a_day * scale)
    found["courts.cases_a_day"] = Setting(courts, note=f"{per_head}: room for the cases of such a pool")
    for key, value in leaves(place.values):
        field = field_at(Parameters, key)
        if key[0] == "agencies" and field is not None and about(field)["unit"] == "posts" and value:
            posts = max(1, int(value * scale + 0.5))
            found[".".join(key)] = Setting(posts, note=f"{per_head}; put in your own")
    found["cohort.sizing"] = Setting("resources", note="as many as the caseload has, by score")
    found["cohort.ceiling"] = Setting(people, everybody, "seed")
    found |= _of_the_pool(caseload, place, own, said)
    found |= _teams(caseload, place, below, everybody)
    return {key: it for key, it in found.items() if _is_in_range(key, it.value)}


def _dates(place: Site, counted_on: date, source: str) -> dict[str, Setting]:
    """Return every date of the parent, moved so that the census is on the day of the caseload."""
    moved = counted_on - place.parameters.census_date
    found = {}
    for key, value in leaves(place.values):
        if type(value) is date:
            found[".".join(key)] = Setting(
                value + moved, note=f"{place.name}'s, later by {moved.days:,} days"
            )
    found["census_date"] = Setting(counted_on, source, "seed")
    found["start"] = Setting(counted_on + timedelta(days=1), note="the day after")
    return found


def _of_the_pool(
    caseload: Caseload, place: Site, own: Mapping[str, Figure], said: Callable[[Figure], str]
) -> dict[str, Setting]:
    """Return what the people carried tell of the pool they come from.

    Women and needs are of those who *begin*; among people with a long record women are far fewer and needs
    far more, so that shares among those carried say nothing directly of either.
    """
    found = {}
    ratio = offences_an_occasion(caseload)
    if ratio is not None:
        found["pool.offences_per_occasion"] = Setting(round(ratio.value, 3), said(ratio), "seed")
    if "first_conviction_age" in own:
        first = own["first_conviction_age"]
        there = _published(place.name, "first_conviction_age")
        before = there - place.parameters.pool.first_sanction_age_years
        found["pool.first_sanction_age_years"] = Setting(
            round(first.value - before, 2), said(first), "expert",
            f"{before:.2f} years before first conviction at {first.value:.2f}, as in {place.name}",
        )  # fmt: skip
    return found


def _teams(caseload: Caseload, place: Site, below: int, source: str) -> dict[str, Setting]:
    """Return the shares of the parent's teams, if the caseload has the same and all can be shown."""
    if "team" not in caseload.columns:
        return {}
    own = {
        name.strip().casefold().replace(" ", "_"): n for name, n in counted(caseload, "team", below).items()
    }
    teams = list(place.parameters.teams)
    known = [n for name, n in own.items() if n is not None and not small(n, below)]
    if set(own) != set(teams) or len(known) < len(own):
        return {}
    shares = {name: round((own[name] or 0) / sum(known), 4) for name in teams}
    # Shares have to add up to one, however they were rounded.
    shares[teams[-1]] = round(1 - sum(shares[name] for name in teams[:-1]), 4)
    return {f"teams.{name}.share": Setting(share, source, "seed") for name, share in shares.items()}


def _is_in_range(key: str, value: Any) -> bool:
    """Return whether the model takes a value; a caseload can come to one that it does not."""
    field = field_at(Parameters, tuple(key.split(".")))
    if field is None:
        return False
    return all(
        getattr(bound, "ge", value) <= value <= getattr(bound, "le", value) for bound in field.metadata
    )


def text(
    name: str, caseload: Caseload, parent: str, set_to: Mapping[str, Setting], below: int,
    fit: Sequence[str] = (),
) -> str:  # fmt: skip
    """Return the text of a site file, which passes every check.

    Parameters
    ----------
    name
        The site's name, which is the file's without ``.yaml``.
    caseload, parent, below
        As for :func:`settings`.
    set_to
        What the file sets.
    fit
        Each fitted figure beside what came out; nothing where nothing was fitted.

    Raises
    ------
    ScenarioError
        If the values do not go together.
    """
    people, own = len(caseload.people), figures(caseload, below)
    fitted = f"Fitted: {'; '.join(fit)}." if fit else "Nothing was fitted: scores are the parent's."
    out = [f"{LABELS[it]} {own[it].value:.4g}" for it in COME_OUT if it in own]
    said = (
        f"Made by iom caseload from the area's own records: {people:,} people carried on "
        f"{caseload.counted:%d/%m/%Y}. It holds no row of them, and no count under {below}. {fitted} "
        f"Counted in the records: {', '.join(out) or 'nothing else'}. What is not set here is as in "
        f"{parent}, whose law and practice are those of England about 2009."
    )
    lines = [
        "kind: site",
        f"name: {json.dumps(name)}",
        f"about: {json.dumps(said)}",
        f"extends: {parent}",
        "# Made from records of people: whatever shows counts of this site does not show small ones.",
        f"{KEY}: {{people: {people}, counted: {caseload.counted}, suppress_below: {below}}}",
        "",
        "parameters:",
        *_nested({tuple(key.split(".")): it for key, it in set_to.items()}.items(), 1),
    ]
    whole = "\n".join(lines) + "\n"
    site_of(name, whole)
    return whole


def site_of(name: str, whole: str) -> Site:
    """Return the site that the text of a file says, before there is a file.

    Raises
    ------
    ScenarioError
        If it says none.
    """
    return site_from(parse(whole, f"{name}.yaml"), Path(f"{name}.yaml"), f"{name}.yaml")


def _nested(items: Iterable[tuple[tuple[str, ...], Setting]], depth: int) -> list[str]:
    groups: dict[str, list[tuple[tuple[str, ...], Setting]]] = {}
    for path, setting in items:
        groups.setdefault(path[0], []).append((path[1:], setting))
    lines = []
    for name, inner in groups.items():
        first, setting = inner[0]
        if first:
            lines += [f"{'  ' * depth}{name}:", *_nested(inner, depth + 1)]
        else:
            lines.append(f"{'  ' * depth}{name}: {_leaf(setting)}")
    return lines


def _leaf(setting: Setting) -> str:
    value = setting.value if isinstance(setting.value, date) else json.dumps(setting.value)
    parts = [f"value: {value}", f"confidence: {setting.confidence}"]
    parts[1:1] = [f"source: {json.dumps(setting.source)}"] if setting.source else []
    parts += [f"note: {json.dumps(setting.note)}"] if setting.note else []
    return "{" + ", ".join(parts) + "}"
