"""What is shipped: sites beside each other, options, eras and studies."""

from functools import cache
from typing import Any

from scenarios import load, load_study, option_names, site_names, study_names
from scenarios.explain import written
from scenarios.library import about_file, canonical
from scenarios.option import load_option
from scenarios.site import Site, load_site
from scenarios.tree import about, declared_at
from simulation import Parameters

Table = list[list[str]]
#: What staff, places and sittings are counted in.
_CAPACITY = ("posts", "places", "cases a day")
ERA = "era-"


def plain_options() -> list[str]:
    """Return the names of shipped options, the generated one included, eras not."""
    return [name for name in option_names() if not name.startswith(ERA)]


def eras() -> list[str]:
    """Return the names of shipped eras."""
    return [name for name in option_names() if name.startswith(ERA)]


def options(names: list[str]) -> Table:
    """Return options with the question each asks and the keys that it changes at one of the sites."""
    return [["option", "why", "what it sets"], *([f"`{name}`", *_asked(name)] for name in names)]


def _asked(name: str) -> list[str]:
    changes = load_option(name, _somewhere()).changes
    keys = dict.fromkeys(_in_every_team(change.key) for change in changes)
    said = ", ".join(f"`{key}`" for key in keys) if len(keys) < 10 else f"{len(keys)} parameters"
    said = said or "nothing: these are built in"
    return [about_file("option", name)["why"], said]


@cache
def _somewhere() -> Site:
    """Return a site to which the options are applied, because a key of every team is one of each."""
    return load_site("nottingham")


def _in_every_team(key: str) -> str:
    """Return a key with any team for the team that it is of."""
    parts = key.split(".")
    return ".".join([parts[0], "*", *parts[2:]]) if parts[0] == "teams" else key


def studies() -> Table:
    """Return the shipped studies."""
    rows = []
    for name in study_names():
        study = load_study(name)
        said = about_file("study", name)
        rows.append([f"`{name}`", said["why"] or said["title"], study.design, str(study.replications)])
    return [["study", "what it asks", "design", "replications"], *rows]


def initial() -> Table:
    """Return what the sites set about time, the pool and who is carried."""
    return _beside(
        lambda key, _: key.split(".")[0] in ("iom_start", "census_date", "start", "pool", "cohort")
    )


def resources() -> Table:
    """Return what there is a limited number of, site by site: posts, places, sittings, minutes of agendas."""

    def scarce(key: str, unit: str) -> bool:
        return unit in _CAPACITY or key.endswith(".agenda_minutes")

    return [row for row in _beside(scarce, all_of_them=True) if set(row[2:]) != {"0"}]


def _beside(wanted: Any, *, all_of_them: bool = False) -> Table:
    """Return values of the sites beside each other; without ``all_of_them`` where a site's file sets one."""
    sites = {canonical(name): load(name) for name in site_names()}
    keys = dict.fromkeys(key for site in sites.values() for key in site.provenance)
    rows = []
    for key in keys:
        unit = about(declared_at(Parameters, key))["unit"]
        leaves = [site.provenance.get(key) for site in sites.values()]
        if wanted(key, unit) and (all_of_them or any(leaf and leaf.file for leaf in leaves)):
            rows.append([f"`{key}`", unit, *(written(leaf.value) if leaf else "" for leaf in leaves)])
    return [["key", "unit", *sites], *rows]
