"""Values and files that the declarations allow, drawn: what is right by itself, and mostly together."""

from datetime import date, timedelta
from typing import Any, Literal, get_args, get_origin

from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from scenarios import option_names
from scenarios.option import DATES, holds_from_the_first_day
from scenarios.site import Site, load_site
from scenarios.tree import Path, about, field_at, leaves
from simulation import Parameters

#: Numbers without an upper limit are drawn up to so many times what the site says.
TIMES = 20
#: Draws stay within what one machine lives through in a test.
MOST = {("pool", "first_sanctions_per_year"): 2000.0}


def site(name: str = "nottingham") -> Site:
    """Return a shipped site."""
    return load_site(name)


def changeable(place: Site, *, dated: bool) -> list[Path]:
    """Return the leaves that an option can set, or only those that it can set on any date."""
    found = [path for path, _ in leaves(place.values) if path not in DATES]
    return [path for path in found if not (dated and holds_from_the_first_day(path))]


def values_of(field: FieldInfo, usual: Any, most: float | None = None) -> st.SearchStrategy[Any]:
    """Return the values that a declaration takes, its limits and what is usual among them."""
    kind: Any = field.annotation
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) is tuple:
        return st.lists(st.sampled_from(get_args(get_args(kind)[0])), unique=True, max_size=6)
    if kind is bool:
        return st.booleans()
    if kind is str:
        return st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=12)
    if kind is date:
        return st.integers(0, 5000).map(lambda days: date(2008, 4, 1) + timedelta(days))
    low, high = _limits(field, usual)
    high = min(high, most) if most is not None else high
    likely = about(field).get("likely") or (low, high)
    if kind is int:
        return st.sampled_from([low, usual, high]).map(int) | st.integers(int(low), int(high))
    ends = st.sampled_from([low, usual, high]).map(float)
    return ends | st.floats(*likely) | st.floats(low, high, allow_subnormal=False)


def _limits(field: FieldInfo, usual: Any) -> tuple[float, float]:
    low = next((bound.ge for bound in field.metadata if hasattr(bound, "ge")), None)
    above = next((bound.gt for bound in field.metadata if hasattr(bound, "gt")), None)
    high = next((bound.le for bound in field.metadata if hasattr(bound, "le")), None)
    if low is None:
        low = above + 1e-3 if above is not None else -TIMES * (abs(usual) + 1)
    return low, high if high is not None else max(low, TIMES * (abs(usual) + 1))


@st.composite
def changes(draw: st.DrawFn, place: Site, *, most: int = 6, dated: bool = False) -> dict[Path, Any]:
    """Draw some leaves of a site, and a value for each that it takes by itself."""
    paths = draw(
        st.lists(st.sampled_from(changeable(place, dated=dated)), min_size=1, max_size=most, unique=True)
    )
    found = {}
    for path in paths:
        field = field_at(Parameters, path)
        assert field is not None, path
        usual = place.values
        for name in path:
            usual = usual[name]
        found[path] = draw(values_of(field, usual, MOST.get(path)))
    return found


@st.composite
def options(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the content of an option or an era file."""
    place = site()
    said: dict[str, Any] = {"kind": draw(st.sampled_from(["option", "option", "era"])), "name": "Drawn"}
    since = draw(st.sampled_from([None, "iom_start", "start", date(2010, 6, 1)]))
    if since is not None:
        said["from"] = since
    found = draw(changes(place, dated=since != "iom_start"))
    said["changes"] = {".".join(path): draw(_written(value)) for path, value in found.items()}
    return said


@st.composite
def sites(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the content of a site file that extends a shipped one."""
    said: dict[str, Any] = {
        "kind": "site",
        "name": "Drawn",
        "extends": draw(st.sampled_from(["nottingham", "bristol"])),
    }
    parameters: dict[str, Any] = {}
    for path, value in draw(changes(site(said["extends"]))).items():
        here = parameters
        for name in path[:-1]:
            here = here.setdefault(name, {})
        here[path[-1]] = draw(
            st.sampled_from([value, {"value": value, "source": "PE049", "confidence": "seed"}])
        )
    return said | {"parameters": parameters}


@st.composite
def studies(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the content of a study file."""
    design = draw(st.sampled_from(["grid", "latin_hypercube", "sobol", "morris", "saltelli"]))
    factors: dict[str, Any] = {}
    for path, value in draw(changes(site(), most=3)).items():
        two = type(value) in (int, float) and design != "grid"
        factors[".".join(path)] = {"low": value, "high": value + 1} if two else [value]
    said = {"kind": "study", "name": "Drawn", "site": "nottingham", "factors": factors, "design": design}
    said["options"] = draw(st.lists(st.sampled_from(["none", *option_names()]), min_size=1, max_size=3))
    if design != "grid":
        said["points"] = draw(st.sampled_from([2, 8, 12, 40, 2000]))
    return said


def _written(value: Any) -> st.SearchStrategy[Any]:
    """Return the ways in which an option says a value."""
    ways: list[Any] = [
        value,
        value,
        {"value": value, "confidence": "assumed", "note": "drawn"},
        [{"from": date(2010, 4, 1), "value": value}, {"from": date(2011, 4, 1), "value": value}],
    ]
    if type(value) in (int, float):
        ways += [{"add": value}, {"scale": value}]
    return st.sampled_from(ways)
