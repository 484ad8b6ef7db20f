"""Fuzz every kind of file: ``make fuzz`` reads 10,000 files, and goes on where it was stopped.

Files are drawn in batches, each from a seed of its own; a finished batch is a line in the folder of results.
A file that breaks a promise is kept there.
"""

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.grammar import KINDS, files
from tests.fuzz.oracle import Verdict, judge

BATCH = 100
HEADER = "kind,cases,accepted,refused,slowest_s,largest_mb,tracebacks,other_faults,faults"


def batch(kind: str, number: int, first: int, kept: Path, cases: int = BATCH) -> dict[str, Any]:
    """Read the files of one batch, and return what became of them.

    Parameters
    ----------
    kind
        The kind of file.
    number, first
        Which batch, of which seed.
    kept
        A folder for files that break a promise.
    cases
        Files in the batch.
    """
    verdicts: list[Verdict] = []
    suffix = ".csv" if kind == "caseload" else ".yaml"

    @seed(first * 1_000_003 + number)
    @settings(
        max_examples=cases, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(files(kind))
    def read(content: bytes) -> None:
        path = Path(folder) / f"file{suffix}"
        path.write_bytes(content)
        found = judge(kind, path)
        if found.fault:
            kept.mkdir(parents=True, exist_ok=True)
            (kept / f"{kind}-{first}-{number}-{len(verdicts)}{suffix}").write_bytes(content)
        verdicts.append(found)

    with tempfile.TemporaryDirectory() as folder:
        read()
    return {
        "kind": kind, "batch": number, "cases": len(verdicts), "accepted": sum(v.accepted for v in verdicts),
        "slowest_s": max(v.seconds for v in verdicts), "largest_mb": max(v.megabytes for v in verdicts),
        "faults": Counter(v.fault for v in verdicts if v.fault),
    }  # fmt: skip


def summed(batches: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of the table."""
    yield HEADER
    for kind in (*KINDS, "all"):
        own = [it for it in batches if kind in (it["kind"], "all")]
        if not own:
            continue
        faults = sum((Counter(it["faults"]) for it in own), Counter())
        cases, accepted = (sum(it[name] for it in own) for name in ("cases", "accepted"))
        broken = sum(faults.values())
        tracebacks = sum(count for fault, count in faults.items() if " at " in fault)
        told = "; ".join(f"{fault} ({count})" for fault, count in sorted(faults.items())).replace(",", " ")
        yield (
            f"{kind},{cases},{accepted},{cases - accepted - broken},{max(it['slowest_s'] for it in own):.2f},"
            f"{max(it['largest_mb'] for it in own):.0f},{tracebacks},{broken - tracebacks},{told}"
        )


def main() -> None:
    """Read files in batches, each kind in turn, and write the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument(
        "--kept", type=Path, default=Path("results/fuzz"), help="finished batches, broken files"
    )
    asked.add_argument("--out", type=Path, default=Path("docs/tables/fuzz.csv"))
    given_ = asked.parse_args()
    given_.kept.mkdir(parents=True, exist_ok=True)
    log = given_.kept / f"batches-{given_.seed}.jsonl"
    done = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    known = {(it["kind"], it["batch"]) for it in done}
    each = -(-given_.cases // (BATCH * len(KINDS)))
    for number in range(each):
        for kind in KINDS:
            if (kind, number) not in known:
                done.append(batch(kind, number, given_.seed, given_.kept))
                with log.open("a") as file:
                    file.write(json.dumps(done[-1]) + "\n")
                print(json.dumps(done[-1]), flush=True)
    asked_for = [it for it in done if it["batch"] < each]
    given_.out.write_text("\n".join(summed(asked_for)) + "\n", encoding="utf-8")
    if any(it["faults"] for it in asked_for):
        raise SystemExit(f"some files broke a promise; they are in {given_.kept}")


if __name__ == "__main__":
    main()
