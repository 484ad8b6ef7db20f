"""Time the model against other programs of the same rules, and test that they agree."""

import argparse
import json
from pathlib import Path
from typing import Any

from experiments.benchmark import growth, page
from experiments.benchmark.compare import LARGE, QUIET, SMALL, Compared, as_json, compare, disagreeing
from experiments.benchmark.machine import described
from experiments.benchmark.page import Bar
from experiments.benchmark.profile import by_phase

#: The short benchmark: fewer days, fewer runs.
SHORT = (SMALL._replace(days=182, runs=3), LARGE._replace(days=91, runs=3), QUIET._replace(days=84, runs=3))
FULL = (SMALL, LARGE, QUIET)


def main() -> None:
    """Run the benchmark, print figures beside bars, and keep them in ``results/benchmark.json``."""
    reader = argparse.ArgumentParser(prog="python -m experiments.benchmark", description=__doc__)
    reader.add_argument("--quick", action="store_true", help="fewer days and runs")
    reader.add_argument("--docs", type=Path, help="folder whose tables/ and pictures/ are written anew")
    asked = reader.parse_args()
    measured = SHORT if asked.quick else FULL
    cases = []
    for case in measured:
        cases.append(compare(case))
        tell(cases[-1])
    people = growth.with_people(7 if asked.quick else 30)
    others = [*growth.with_years((0.5, 1.0) if asked.quick else (0.5, 1.0, 2.0, 4.0))]
    others += growth.with_contacts(28 if asked.quick else 182)
    found = [*(bar for case in cases for bar in page.bars_of(case)), *bars_alone(people)]
    profile = {case.name: by_phase(case, case.days) for case in measured if not case.quiet}
    tables: dict[str, list[page.Line]] = {
        "bars": page.bars(found), "speed": page.speed(cases), "agreement": page.agreement(cases),
        "growth": page.growth([*people, *others]), "profile": page.profile(profile),
        "machine": [("machine",), (described(),)],
    }  # fmt: skip
    for name in ("growth", "profile", "bars", "machine"):
        print(f"\n{name}")
        print("\n".join("  ".join(row) for row in tables[name]), flush=True)
    keep(cases, tables)
    if asked.docs:
        page.write(asked.docs / "tables", tables)
        page.draw(cases, people, asked.docs / "pictures" / "benchmark.png")


def tell(compared: Compared) -> None:
    """Print what a case took, and where programs do not agree."""
    for row in page.speed([compared])[1:]:
        print("  ".join(row), flush=True)
    for row in page.agreement([compared])[1:]:
        print("    ", "  ".join(row[1:]), flush=True)
    for name, outcome in disagreeing(compared):
        print(f"  {name} DIFFERS in {outcome}: its time does not count", flush=True)


def bars_alone(people: list[growth.Point]) -> list[Bar]:
    """Return the bars that need no other program."""
    small, *_, large = (point.microseconds_per_person_day for point in people)
    size = growth.bytes_a_person()
    shown, lived = growth.start_up()
    return [
        Bar(f"a person-day among {people[-1].size:,.0f} against one among {people[0].size:,.0f}",
            f"{large / small:.2f} times", f"at most {growth.RATIO:g}", large / small <= growth.RATIO),
        Bar("memory a person, pool included, no event log", f"{size:,.0f} bytes",
            f"at most {growth.BYTES:,}", size <= growth.BYTES),
        Bar("iom --help", f"{shown:.2f} s", f"at most {growth.HELP:g} s", shown <= growth.HELP),
        Bar("a site's first day, from the start of Python", f"{lived:.2f} s",
            f"at most {growth.FIRST_DAY:g} s", lived <= growth.FIRST_DAY),
    ]  # fmt: skip


def keep(cases: list[Compared], tables: dict[str, Any]) -> None:
    """Keep everything as one file."""
    path = Path("results/benchmark.json")
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"cases": [as_json(case) for case in cases], "tables": tables}, indent=1))


if __name__ == "__main__":
    main()
