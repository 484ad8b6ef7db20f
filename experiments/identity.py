"""What a study is: a hash of everything its numbers depend on, and a description of the machine."""

import json
import platform
import subprocess
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from calibration.posterior import Draws
from experiments.draws import RUNS_A_DRAW
from scenarios import Scenario

#: Libraries whose version can change a number.
DEPENDENCIES = ("mesa", "simpy", "numpy", "scipy", "networkx", "pydantic")


def resolved(scenario: Scenario) -> list[dict[str, Any]]:
    """Return a scenario's dated parameters as plain JSON values."""
    return [
        {"from": when.isoformat(), "parameters": p.model_dump(mode="json")} for when, p in scenario.timeline
    ]


def changes(scenario: Scenario) -> list[dict[str, Any]]:
    """Return what a scenario's options do to the site, and what it holds, as plain JSON values."""
    done: list[dict[str, Any]] = [
        {"key": change.key, "steps": [[step.since, step.verb, step.amount] for step in change.steps]}
        for change in scenario.changes
    ]
    return done + [{"key": ".".join(path), "held": value} for path, value in scenario.held.items()]


def digest(value: Any) -> str:
    """Return a short hash of JSON values that does not depend on the order of keys."""
    return sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def model_source() -> str:
    """Return a hash of the model's source files."""
    import simulation

    folder = Path(simulation.__file__).parent
    text = sha256()
    for path in sorted(folder.glob("*.py")):
        text.update(path.name.encode() + path.read_bytes())
    return text.hexdigest()[:16]


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that numbers depend on."""
    found = {"python": platform.python_version()}
    for name in DEPENDENCIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def study(
    scenarios: Mapping[str, Scenario], *, seed: int, years: float, draws: Draws | None = None
) -> dict[str, Any]:
    """Return what identifies a study: its scenarios, what is drawn, the model, the libraries, seed and years.

    Replications are left out, so that a study can be extended.
    """
    drawn: Any = "none"
    if draws is not None:
        values = digest({".".join(path): column for path, column in draws.values.items()})
        drawn = {"posterior": draws.posterior, "values": values, "runs_a_draw": RUNS_A_DRAW}
    return {
        "scenarios": {
            # What is the same over the site's values need not be over others: 5 more, or 25.
            name: digest(resolved(scenario) if draws is None else [resolved(scenario), changes(scenario)])
            for name, scenario in scenarios.items()
        },
        "draw": drawn,
        "model": model_source(),
        "versions": versions(),
        "seed": seed,
        "years": float(years),
    }


def run_id(identity: Mapping[str, Any], scenario: str, replication: int) -> str:
    """Return the id of one run."""
    own = {**identity, "scenarios": identity["scenarios"][scenario], "replication": replication}
    return digest(own)


def machine() -> dict[str, Any]:
    """Return the processor's features and the commit, which can explain a difference in the last bit."""
    import numpy as np

    features: dict[str, bool] = getattr(np._core._multiarray_umath, "__cpu_features__", {})  # type: ignore[attr-defined]
    return {
        "machine": platform.machine(),
        "system": platform.system(),
        "processor_features": sorted(name for name, has in features.items() if has),
        "commit": _commit(),
        "date": date.today().isoformat(),
    }


def _commit() -> str:
    here = Path(__file__).parent
    try:
        found = subprocess.run(
            ["git", "-C", str(here), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""
