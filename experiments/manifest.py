"""What a manifest says of a study's runs, so that any of them can be lived again."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from calibration.posterior import Draws
from experiments.draws import RUNS_A_DRAW, timeline_of
from experiments.identity import changes, model_source
from experiments.store import MANIFEST, held_manifest
from scenarios import Scenario
from scenarios.change import Change, Step
from scenarios.provenance import Leaf
from scenarios.site import Site
from simulation import Parameters, Timeline


class TraceError(Exception):
    """A run that cannot be lived again, and why."""


def drawn(draws: Draws | None, scenarios: Sequence[Scenario]) -> Any:
    """Return what is drawn as JSON values: every draw, and what each scenario makes of the site under it."""
    if draws is None:
        return "none"
    return {
        "posterior": draws.posterior,
        "runs_a_draw": RUNS_A_DRAW,
        "local": draws.local,
        "kept_by": draws.kept_by,
        "values": {".".join(path): column for path, column in draws.values.items()},
        "site": scenarios[0].place.parameters.model_dump(mode="json"),
        "changes": {scenario.name: changes(scenario) for scenario in scenarios},
    }


def manifest_of(out: Path) -> dict[str, Any]:
    """Return the manifest of a study of this very model.

    Raises
    ------
    TraceError
        If the folder holds no study, or the model has changed since.
    """
    manifest = held_manifest(out)
    if "identity" not in manifest:
        raise TraceError(f"{out} holds no study; expected a folder with a {MANIFEST} of one")
    if manifest["identity"]["model"] != model_source():
        raise TraceError(f"the model has changed since {out} was made; expected a study of this model")
    return manifest


def one_by_one(manifest: dict[str, Any]) -> str:
    """Return what is to be said where people are shown one by one, if the site was made from records."""
    own = manifest.get("own_caseload")
    if not own:
        return ""
    return (
        f"The site was made from records of {own['people']:,} people, and none of them is in here: everybody "
        "is made up."
    )


def timeline(manifest: dict[str, Any], scenario: str, replication: int) -> Timeline:
    """Return the timeline that a replication of a scenario was run with.

    Raises
    ------
    scenarios.ScenarioError
        If its draw could not be run.
    """
    said = manifest.get("draw", "none")
    if said == "none":
        return tuple(
            (date.fromisoformat(entry["from"]), Parameters.model_validate(entry["parameters"]))
            for entry in manifest["scenarios"][scenario]
        )
    values = {tuple(key.split(".")): column for key, column in said["values"].items()}
    return timeline_of(_scenario(scenario, said), replication, Draws(values))


def _scenario(name: str, said: dict[str, Any]) -> Scenario:
    """Return as much of a scenario as other values of its site need."""
    parameters = Parameters.model_validate(said["site"])
    place = Site(name, MANIFEST, parameters, parameters.model_dump(), {})
    done = tuple(
        Change(tuple(one["key"].split(".")), tuple(map(_step, one["steps"])), MANIFEST, 0, 0, Leaf(None))
        for one in said["changes"][name]
        if "steps" in one
    )
    held = {tuple(one["key"].split(".")): one["held"] for one in said["changes"][name] if "held" in one}
    return Scenario(name, name, (), ((parameters.iom_start, parameters),), done, (), {}, place, held)


def _step(said: list[Any]) -> Step:
    since, verb, amount = said
    when = None if since is None else date.fromisoformat(since)
    return Step(when, verb, tuple(amount) if isinstance(amount, list) else amount, 0, 0)
