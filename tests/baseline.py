"""The numbers that shipped sites give today: ``make baseline`` alone changes them, and shows each.

A run of every site from its first day to thirty days after its decision date, in strict mode. A change that
should not change numbers leaves all of them as they are; one that should says so in the changelog, and
brings its own ``tests/baseline.json``.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from scenarios import load, site_names
from simulation import IOMModel
from simulation.calendar import DAYS_PER_YEAR

FILE = Path(__file__).parent / "baseline.json"
DAYS = 30
#: Sums over all days of a run.
OUTCOMES = (
    "committed_offences", "proven_offences", "sac_offences", "arrests", "sanctions", "hearings",
    "community_orders", "in_custody", "caseload", "caseload_red", "contacts_due", "contacts_made",
    "contacts_missed", "contact_minutes", "contact_wait_days", "referrals", "plans_made", "wrong_bands",
    "trust", "iom_cost_gbp", "crime_cost_gbp",
)  # fmt: skip
#: Sums in another order of the same numbers differ by less.
RELATIVE = 1e-9


def lived(site: str) -> dict[str, Any]:
    """Return what a site's run came to: some sums, and a digest of every series, rounded to thousandths."""
    model = IOMModel(load(site).timeline, years=DAYS / DAYS_PER_YEAR, strict=True).run()
    series = {name: model.recorder.daily(name) for name in sorted(model.recorder.names())}
    digest = hashlib.sha256()
    for name, days in series.items():
        # Adding nought makes one of both noughts.
        digest.update(name.encode() + (np.round(days, 3) + 0.0).astype("<f8").tobytes())
    sums = {name: float(series[name].sum()) for name in OUTCOMES}
    return {"days": model.days, **sums, "series": len(series), "digest": digest.hexdigest()[:16]}


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return each number that is another one now, as a line."""
    return [
        f"{name}: {old.get(name)} -> {new.get(name)}"
        for name in sorted({*old, *new})
        if not _alike(old.get(name), new.get(name))
    ]


def _alike(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return bool(np.isclose(one, other, rtol=RELATIVE, atol=0.0))
    return one == other


def kept() -> dict[str, dict[str, Any]]:
    """Return the numbers that are kept, by site."""
    return dict(json.loads(FILE.read_text(encoding="utf-8"))) if FILE.exists() else {}


def main() -> None:
    """Run every site, show what is another number now, and keep the new ones."""
    before = kept()
    now = {}
    for site in site_names():
        now[site] = lived(site)
        lines = differences(before.get(site, {}), now[site])
        print(f"{site}: {'as before' if not lines else ''}", *lines, sep="\n  ", flush=True)
        FILE.write_text(json.dumps(before | now, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
