"""Time the model against the plain program, and test that they agree."""

import argparse
import json
from pathlib import Path
from typing import Any

from experiments.benchmark.compare import ALPHA, CASES, MISSED, compare, holm, scaling


def main() -> None:
    """Run the benchmark, print figures beside bars, and keep them in ``results/benchmark.json``."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--quick", action="store_true", help="three repeats, and a smaller pool for scaling")
    quick = reader.parse_args().quick
    found: dict[str, Any] = {"cases": []}
    for case in CASES:
        result = compare(case, repeats=3 if quick else 6)
        found["cases"].append(result)
        print(f"{case.name} ({result['people']:,} rows): {result['ratio']:.1f} times as fast as plain SimPy, "
              f"bar {case.bar:g}: {verdict(result['ratio'] >= case.bar)}")  # fmt: skip
        for what in ("offender_days", "contacts"):
            print(f"  {what.replace('_', '-')} a second: {result[what + '_per_second']:,.0f}"
                  f" against {result['plain_' + what + '_per_second']:,.0f}", flush=True)  # fmt: skip
    print_agreement(found["cases"])
    found["scaling"] = scaling(29_000 if quick else 145_000, 20 if quick else 30)
    ratio, bar = found["scaling"]["ratio"], found["scaling"]["bar"]
    costs = ", ".join(
        f"{n:,} people {cost:.2f} microseconds"
        for n, cost in found["scaling"]["microseconds_per_person_day"].items()
    )
    print(f"a person-day: {costs}; ratio {ratio:.2f}, bar {bar:g}: {verdict(ratio <= bar)}")
    path = Path("results/benchmark.json")
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(found, indent=1))


def print_agreement(cases: list[dict[str, Any]]) -> None:
    """Adjust the cases' p-values for their number, and print what was tested and what would be seen."""
    rows = [(case, name, row) for case in cases for name, row in case["agreement"].items()]
    adjusted = holm([row["p"] for _, _, row in rows])
    print(f"agreement: two-sided Welch tests, p after Holm, {ALPHA:g} for all of them together; in brackets"
          f" the difference that {1 - MISSED:.0%} of repetitions would find")  # fmt: skip
    for (case, name, row), p in zip(rows, adjusted, strict=True):
        row["p_holm"] = p
        print(f"  {case['case']}, {name}: {row['model']:,.0f} against {row['plain']:,.0f}, p {p:.2f}"
              f" ({row['seen_from_share']:.1%}){'' if p > ALPHA else ' DIFFERENT'}")  # fmt: skip


def verdict(reached: bool) -> str:
    """Return the word for a bar."""
    return "reached" if reached else "fallen short"


if __name__ == "__main__":
    main()
