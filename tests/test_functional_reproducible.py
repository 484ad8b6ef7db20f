"""The same study gives the same bytes, however it is run."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SMALL = """
kind: site
name: Small
extends: nottingham
parameters:
  iom_start: 2009-09-01
  pool: {first_sanctions_per_year: 500}
"""


def run(folder: Path, *, hash_seed: str, workers: str) -> list[bytes]:
    site = folder / "small.yaml"
    site.write_text(SMALL)
    out = folder / f"out-{hash_seed}-{workers}"
    command = [
        sys.executable, "-m", "experiments", "compare", str(site), "hub", "--replications", "2", "--years",
        "0.5", "--workers", workers, "--out", str(out), "--quiet", "--events",
    ]  # fmt: skip
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=120)
    names = ("runs.parquet", "weekly.parquet", "events.parquet", "differences.csv")
    return [(out / name).read_bytes() for name in names]


def test_hash_seeds_and_workers_change_no_byte(tmp_path: Path) -> None:
    first = run(tmp_path, hash_seed="0", workers="1")
    assert first == run(tmp_path, hash_seed="1", workers="2")
    assert len(first[0]) > 1000
