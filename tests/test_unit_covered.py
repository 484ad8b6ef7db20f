"""What the tests pass through is added up rightly."""

from tests.covered import table


def room(lines: int, passed: int, branches: int = 0, taken: int = 0) -> dict[str, dict[str, int | str]]:
    names = ("num_statements", "covered_lines", "num_branches", "covered_branches")
    counted = dict(zip(names, (lines, passed, branches, taken), strict=True))
    return {"summary": {**counted, "percent_covered_display": "99"}}


def test_packages_are_added_up_in_lines_and_branches_and_the_worst_rooms_named() -> None:
    measured = {
        "simulation/needs.py": room(90, 90, 10, 10),
        "simulation/gate.py": room(80, 70, 20, 15),
        "simulation/__init__.py": room(0, 0),
        "scenarios/check.py": room(40, 40, 10, 0),
        "scenarios\\tree.py": room(50, 50),
    }
    head, *rows = table(measured)
    assert head == ["what", "lines", "passed_through", "branches", "taken", "share"]
    assert rows[:3] == [
        ["simulation", "170", "160", "30", "25", "92.5%"],
        ["scenarios", "90", "90", "10", "0", "90.0%"],
        ["both", "260", "250", "40", "25", "91.7%"],
    ]
    assert [row[0] for row in rows[3:]] == ["scenarios/check.py", "simulation/gate.py", "scenarios/tree.py"]
