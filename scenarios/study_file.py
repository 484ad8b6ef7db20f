"""Study files: read, and refused with every mistake at its place."""

from pathlib import Path
from typing import Any, get_args

from scenarios.design import Name, unfit
from scenarios.factor import Factor, factor_from
from scenarios.library import beside, canonical, either, find, head
from scenarios.option import Option, load_option
from scenarios.problem import ScenarioError, echo
from scenarios.scenario import IMPLIED, fights
from scenarios.site import Site, load_site
from scenarios.study import Draw, StudyFile
from scenarios.tree import Path as Key
from scenarios.tree import meant, value_at
from scenarios.yaml_file import Node, read

DESIGNS: tuple[Name, ...] = get_args(Name)
DRAWS: tuple[Draw, ...] = get_args(Draw)
MOST_SCENARIOS = 2000
KEYS = ("site", "options", "factors", "design", "points", "replications", "years", "draw")
#: What a number of a study may be: the lowest and highest, and what it is where nothing is said.
REPLICATIONS, YEARS, POINTS = (1, 100_000, 20), (0.1, 20, 2.0), (2, MOST_SCENARIOS, 0)


def load_study(name: str) -> StudyFile:
    """Return a study by shipped name or path.

    Raises
    ------
    ScenarioError
        With everything that is wrong in the file, its site and its options.
    """
    path, shown = find("study", name)
    return study_from(read(path, shown), path, shown)


def study_from(root: Node, path: Path, shown: str) -> StudyFile:
    """Return the study that a file's content says.

    Raises
    ------
    ScenarioError
        With everything that is wrong in the file, its site and its options.
    """
    reader = _Reader(root, path, shown)
    study = reader.study()
    if study is None or reader.problems:
        raise ScenarioError(reader.problems)
    return study


class _Reader:
    """Reads one study file, and gathers what is wrong with it."""

    def __init__(self, root: Node, path: Path, shown: str) -> None:
        self.root, self.path, self.shown = root, path, shown
        self.problems = head(root, shown, KEYS, "study")

    def study(self) -> StudyFile | None:
        place = self._site()
        design = self._design()
        replications = self._number("replications", *REPLICATIONS, whole=True)
        years = self._number("years", *YEARS)
        draw = self._draw()
        if place is None:
            return None
        options, factors = self._options(place), self._factors(place)
        number = self._points(design, len(factors))
        self._ranges(design, factors)
        notices = self._fights(options, factors, place)
        size = len(options) * number
        if design == "grid":
            for factor in factors:
                size = (size or len(options)) * len(factor.values)
        if size > MOST_SCENARIOS:
            wrong, wanted = f"are {size:,} with the options", f"at most {MOST_SCENARIOS:,}"
            self._wrong(self.root, "points" if number else "factors", wrong, wanted)
        title = self.root.value["name"][1].value if "name" in self.root.value else ""
        name = canonical(self.path.stem)
        return StudyFile(
            name,
            title,
            place,
            options,
            factors,
            design,
            number,
            int(replications),
            years,
            notices,
            draw,
        )

    def _wrong(self, node: Node, key: str, wrong: str, expected: str = "", hint: str = "") -> None:
        self.problems.append(node.problem(self.shown, key, wrong, expected, hint))

    def _get(self, key: str) -> Node | None:
        return self.root.value[key][1] if key in self.root.value else None

    def _number(self, key: str, low: float, high: float, usual: float, *, whole: bool = False) -> float:
        node = self._get(key)
        if node is None:
            return usual
        value = node.value
        kinds = int if whole else int | float
        if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value <= high:
            what = "a whole number" if whole else "a number"
            self._wrong(node, key, f"is {echo(node.plain())}", f"{what} from {low:,g} to {high:,g}")
            return usual
        return value

    def _site(self) -> Site | None:
        node = self._get("site")
        if node is None:
            self._wrong(self.root, "site", "is missing", "the name of one site or a file in the same folder")
            return None
        name = self._named("site", "site", node, node.value)
        try:
            return load_site(name) if name else None
        except ScenarioError as error:
            self.problems += error.problems
            return None

    def _named(self, kind: str, key: str, node: Node, said: Any) -> str:
        """Return a name as it can be found, or nothing if it cannot be."""
        name, wrong = beside(kind, key, node, said, self.path, self.shown)
        self.problems += wrong
        return name

    def _options(self, place: Site) -> dict[str, tuple[Option, ...]]:
        node = self._get("options")
        if node is None:
            return {"none": ()}
        if not node.is_list or not node.value:
            self._wrong(
                node, "options", f"is {echo(node.plain())}", "a list of options; none is the site as it is"
            )
            return {"none": ()}
        found: dict[str, tuple[Option, ...]] = {}
        for part in node.value:
            if part.value == "none":
                label, parts = "none", []
            else:
                names = part.value.split("+") if isinstance(part.value, str) else [part.value]
                known = [self._named("option", "options", part, name) for name in names]
                parts = [option for name in known if name for option in self._option(name, place)]
                label = "+".join(option.name for option in parts)
            self.problems += [problem for option in parts for problem in option.problems]
            for problem in fights(parts)[:1]:
                wrong = f"{echo(label)} sets {problem.key} twice"
                self._wrong(part, "options", wrong, "options that set different keys")
            if label in found and label:
                self._wrong(part, "options", f"has {echo(label)} twice", "each option once")
            found[label] = tuple(parts)
        return found

    def _option(self, name: str, place: Site) -> list[Option]:
        """Return an option in a list, or nothing if its file cannot be read."""
        try:
            return [load_option(name, place)]
        except ScenarioError as error:
            self.problems += error.problems
            return []

    def _factors(self, place: Site) -> tuple[Factor, ...]:
        node = self._get("factors")
        if node is None or not node.is_mapping or not node.value:
            wrong = "is missing" if node is None else f"is {echo(node.plain())}" if node.value else "is empty"
            self._wrong(
                node or self.root, "factors", wrong, "keys, each with a list or {low: ..., high: ...}"
            )
            return ()
        found = [
            factor_from(key, at, value, self.shown, place, self.problems)
            for key, (at, value) in node.value.items()
        ]
        return tuple(factor for factor in found if factor is not None)

    def _design(self) -> Name:
        node = self._get("design")
        if node is None:
            return "grid"
        for design in DESIGNS:
            if node.value == design:
                return design
        hint = meant(str(node.value), DESIGNS)
        self._wrong(node, "design", f"is {echo(node.plain())}", f"one of {', '.join(DESIGNS)}", hint)
        return "grid"

    def _draw(self) -> Draw | None:
        node = self._get("draw")
        if node is None:
            return None
        for draw in DRAWS:
            if node.value == draw:
                return draw
        self._wrong(node, "draw", f"is {echo(node.plain())}", either(DRAWS))
        return None

    def _points(self, design: Name, factors: int) -> int:
        node = self._get("points")
        wanted = f"points: from {POINTS[0]} to {POINTS[1]:,}"
        if design == "grid":
            if node is not None and "design" not in [problem.key for problem in self.problems]:
                self._wrong(node, "points", "is for designs that sample", either(DESIGNS[1:]))
            return 0
        if node is None:
            self._wrong(self.root, "points", "is missing", wanted)
            return 0
        number = int(self._number("points", *POINTS, whole=True))
        wrong = unfit(design, number, factors) if number and factors else ""
        if wrong:
            self._wrong(node, "points", f"is {number}", wrong)
        return number

    def _ranges(self, design: Name, factors: tuple[Factor, ...]) -> None:
        if design == "grid" and "design" not in [problem.key for problem in self.problems]:
            for factor in factors:
                if not factor.values:
                    node: Node = self.root.value["factors"][1].value[factor.key][1]
                    wanted = f"a list of values, or design: {either(DESIGNS[1:])}"
                    self._wrong(node, factor.key, "is a range, which a grid cannot cross", wanted)

    def _fights(
        self, options: dict[str, tuple[Option, ...]], factors: tuple[Factor, ...], place: Site
    ) -> tuple[str, ...]:
        """Tell of keys that a factor and something else set; return what factors imply, as notices."""
        notices = []
        seen: dict[Key, Factor] = {}
        for factor in factors:
            at = self.root.value["factors"][1].value[factor.key][0]
            for path in factor.paths:
                other = seen.setdefault(path, factor)
                if other is not factor:
                    self._wrong(at, factor.key, f"is set by {other.key} as well", "each key in one factor")
            for change in (c for parts in options.values() for option in parts for c in option.changes):
                by = f"{change.file}:{change.line}" if change.line else change.file
                implied = [IMPLIED[path] for path in factor.paths if path in IMPLIED]
                if change.path in factor.paths:
                    wanted = "options and factors that set different keys"
                    self._wrong(at, factor.key, f"is set by {by} as well", wanted)
                for path, value in implied:
                    if change.path == path and any(step.amount != value for step in change.steps):
                        wrong = f"implies {'.'.join(path)}: {value}, and {by} sets another"
                        self._wrong(at, factor.key, wrong, "options that leave it alone")
        for path, (implied_path, value) in IMPLIED.items():
            if path in seen and implied_path not in seen and value_at(place.values, implied_path) != value:
                said = f"{'.'.join(path)} implies {'.'.join(implied_path)}: {value}"
                notices.append(f"{said} ({self.shown}:{seen[path].line})")
        return tuple(notices)
