"""One self-contained file that plays a study's tapes from disk, with no network."""

import base64
import gzip
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from experiments.files import write_bytes
from experiments.manifest import TraceError, manifest_of, one_by_one, timeline
from experiments.report.play import ANIMATION as NAME
from experiments.report.play import link_to_animation
from experiments.tape.player import FOLDER, MODULES, STYLE
from experiments.tape.recording import record, record_twin
from simulation import IOMModel

#: Scenarios in one file unless they are named: each adds some forty kilobytes.
MOST_SCENARIOS = 6
_IMPORT = re.compile(r"^import .*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)


def animate(out: Path | str, replication: int = 0, scenarios: Sequence[str] = ()) -> Path:
    """Write a study's animation into its folder, tell its report of it, and return its path.

    Parameters
    ----------
    out
        The study's folder. Its runs are lived through again by key.
    replication
        Which one.
    scenarios
        Which ones; without any the first six, and the page names those that are left out.

    Raises
    ------
    experiments.manifest.TraceError
        If the folder holds no study, or not that replication or scenario, or the model has changed since.
    experiments.files.StoreError
        If the folder cannot be written.
    scenarios.ScenarioError
        If the replication's draw could not be run.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    manifest = manifest_of(Path(out))
    if replication >= manifest["replications"]:
        raise TraceError(
            f"{out} has no replication {replication}; expected 0 to {manifest['replications'] - 1}"
        )
    there = list(manifest["scenarios"])
    for name in scenarios:
        if name not in there:
            raise TraceError(f"{name}: no such scenario in {out}; expected one of {', '.join(there)}")
    names = list(dict.fromkeys(scenarios)) or there[:MOST_SCENARIOS]
    left_out = [name for name in there if name not in names]
    timelines = {name: timeline(manifest, name, replication) for name in names}
    key = {"seed": manifest["seed"], "replication": replication, "years": manifest["years"]}
    first = next(iter(timelines.values()))
    twin = IOMModel(first[:1], partnership=False, **key)
    tapes = []
    for name, lived in timelines.items():
        same_world = lived[0][1].world() == first[0][1].world()
        model = IOMModel(lived, careers=twin.world.careers if same_world else None, **key)
        tapes.append({"name": name, "packed": packed(record(model))})
    room = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True,
    )  # fmt: skip
    site = next(iter(timelines))
    text = room.get_template("animation.html.j2").render(
        title=f"{site}, week by week", note=one_by_one(manifest), tapes=tapes, left_out=left_out,
        twin=packed(record_twin(twin)), player=in_one(), style=(FOLDER / STYLE).read_text(encoding="utf-8"),
    )  # fmt: skip
    path = Path(out) / NAME
    write_bytes(path, text.encode())
    link_to_animation(Path(out))
    return path


def packed(lines: Iterable[dict[str, Any]]) -> str:
    """Return a tape as it stands in a page: compressed, and in letters that mean nothing to a browser."""
    text = "\n".join(json.dumps(line, separators=(",", ":")) for line in lines)
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


def in_one() -> str:
    """Return the player's modules as one: in their order, without what joins them."""
    texts = [(FOLDER / name).read_text(encoding="utf-8") for name in MODULES]
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts)
