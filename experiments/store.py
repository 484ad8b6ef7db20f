"""The files of a study: a manifest first, one part a replication, then whole tables."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.identity import run_id
from simulation import Result

if TYPE_CHECKING:
    import pandas as pd

EVENT_COLUMNS = ("entity_id", "event_type", "event", "time", "resource_id", "pathway")
TABLES = ("runs", "weekly", "events")


class ForeignStudyError(Exception):
    """The folder holds another study."""


class Store:
    """One study's folder.

    Every file is written aside and renamed, so that whatever is interrupted leaves whole files only.

    Parameters
    ----------
    folder
        Where the study is kept; made if missing.
    identity
        What identifies the study.

    Raises
    ------
    ForeignStudyError
        If the folder holds a study with another identity.
    """

    def __init__(self, folder: Path, identity: Mapping[str, Any]) -> None:
        self.folder, self.identity = folder, dict(identity)
        self.parts = folder / "parts"
        if folder.exists() and not folder.is_dir():
            raise ForeignStudyError(f"{folder} is a file; expected a folder")
        if not self.accepts(folder, identity):
            raise ForeignStudyError(
                f"{folder} holds another study; expected an empty folder or the same study, "
                "run by the same model and libraries: choose another --out, or move that one away"
            )
        folder.mkdir(parents=True, exist_ok=True)

    @staticmethod
    def accepts(folder: Path, identity: Mapping[str, Any]) -> bool:
        """Return whether a folder can hold the study: it is empty, new, or holds the same one."""
        manifest = folder / "manifest.json"
        if manifest.is_file():
            try:
                held = json.loads(manifest.read_text()).get("identity")
            except (ValueError, AttributeError):
                return False
            return bool(held == json.loads(json.dumps(identity)))
        return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))

    def write_manifest(self, content: Mapping[str, Any]) -> None:
        """Write the manifest, whole."""
        text = json.dumps({"identity": self.identity, **content}, indent=1, sort_keys=True, default=str)
        _replace(self.folder / "manifest.json", text.encode())

    def finished(self, replication: int, *, events: bool) -> bool:
        """Return whether a replication's parts are there and none of its runs failed."""
        parts = [self._part(table, replication) for table in TABLES if events or table != "events"]
        if not all(part.is_file() for part in parts):
            return False
        import pandas as pd

        return bool((pd.read_parquet(parts[0])["status"] == "done").all())

    def add(self, site: str, seed: int, replication: int, results: Iterable[Result], *, events: bool) -> None:
        """Write the parts of one replication; the table of runs last, as the sign that all is there."""
        import pandas as pd

        self.parts.mkdir(exist_ok=True)
        results = list(results)
        runs = [self._run(site, seed, replication, result) for result in results]
        weekly = [
            (result.scenario, 0, replication, week, name, float(value))
            for result in results
            for name, series in sorted(result.weekly.items())
            for week, value in enumerate(series)
        ]
        columns = ["scenario", "draw", "replication", "week", "outcome", "value"]
        tables = {"weekly": pd.DataFrame(weekly, columns=columns)}
        if events:
            lines = [(*line, replication, r.scenario, 0) for r in results for line in r.events]
            tables["events"] = pd.DataFrame(lines, columns=[*EVENT_COLUMNS, "run_number", "scenario", "draw"])
        tables["runs"] = pd.DataFrame(runs)
        for name, table in tables.items():
            _write(self._part(name, replication), table)

    def _run(self, site: str, seed: int, replication: int, result: Result) -> dict[str, Any]:
        return {
            "run_id": run_id(self.identity, result.scenario, replication),
            "site": site,
            "scenario": result.scenario,
            "draw": 0,
            "replication": replication,
            "seed": seed,
            "status": "failed" if result.error else "done",
            "error": result.error,
            **result.outcomes,
        }

    def compact(self, scenarios: list[str], replications: int, *, events: bool) -> "pd.DataFrame":
        """Join the first replications' parts into whole tables, sorted, and return the runs."""
        tables = {"runs": ["replication"], "weekly": ["replication", "outcome", "week"]}
        if events:
            tables["events"] = ["run_number", "time"]
        joined = {name: self._joined(name, replications, scenarios, by) for name, by in tables.items()}
        for name, table in joined.items():
            _write(self.folder / f"{name}.parquet", table)
        return joined["runs"]

    def _joined(self, table: str, replications: int, scenarios: list[str], by: list[str]) -> "pd.DataFrame":
        import pandas as pd

        parts = [pd.read_parquet(self._part(table, number)) for number in range(replications)]
        whole = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
        place = whole["scenario"].map({name: place for place, name in enumerate(scenarios)})
        order = whole.assign(_place=place).sort_values(["_place", "draw", *by], kind="stable")
        return order.drop(columns="_place").reset_index(drop=True)

    def _part(self, table: str, replication: int) -> Path:
        return self.parts / f"{table}-{replication:05d}.parquet"

    def write_table(self, name: str, table: "pd.DataFrame") -> Path:
        """Write a table as CSV and return its path."""
        path = self.folder / name
        _replace(path, table.to_csv(index=False).encode())
        return path


def _write(path: Path, table: "pd.DataFrame") -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    table.to_parquet(aside, index=False)
    os.replace(aside, path)


def _replace(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(content)
    os.replace(aside, path)
