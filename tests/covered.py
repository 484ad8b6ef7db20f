"""Say how much of the two floors that everything stands on the tests pass through, and which rooms the least.

``make coverage`` runs every test and writes ``docs/tables/coverage.csv``.
"""

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from calibration.tables import write_table

PACKAGES = ("simulation", "scenarios")
COUNTS = {
    "lines": ("num_statements", "covered_lines"),
    "branches": ("num_branches", "covered_branches"),
}
#: Rooms shown by name: those passed through the least.
WORST = 3


def table(measured: dict[str, dict[str, dict[str, Any]]]) -> list[list[str]]:
    """Return each package, both, and the rooms of which the least share is covered.

    Parameters
    ----------
    measured
        What ``coverage json`` writes of each file.
    """
    names = [name for pair in COUNTS.values() for name in pair]
    rooms = {
        file.replace("\\", "/"): Counter({name: told["summary"][name] for name in names})
        for file, told in measured.items()
    }
    whole = {name: _sum(rooms, name) for name in PACKAGES}
    worst = sorted(rooms, key=lambda file: (_share(rooms[file]), file))[:WORST]
    rows = whole | {"both": sum(whole.values(), Counter())} | {file: rooms[file] for file in worst}
    head = ["what", "lines", "passed_through", "branches", "taken", "share"]
    return [head, *([name, *_counts(row), f"{100 * _share(row):.1f}%"] for name, row in rows.items())]


def _sum(rooms: dict[str, Counter[str]], package: str) -> Counter[str]:
    return sum((row for file, row in rooms.items() if file.startswith(f"{package}/")), Counter())


def _counts(row: Counter[str]) -> list[str]:
    return [str(row[name]) for names in COUNTS.values() for name in names]


def _share(row: Counter[str]) -> float:
    there, covered = (sum(row[names[place]] for names in COUNTS.values()) for place in (0, 1))
    return covered / there if there else 1.0


def main() -> None:
    """Write the table of what was measured."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("measured", type=Path, help="what coverage wrote as JSON")
    asked.add_argument("out", type=Path, help="the table")
    said = asked.parse_args()
    rows = table(json.loads(said.measured.read_text(encoding="utf-8"))["files"])
    write_table(said.out, rows)


if __name__ == "__main__":
    main()
