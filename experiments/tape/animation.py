"""One self-contained file that plays a study's tapes from disk, with no network."""

import base64
import gzip
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from experiments.manifest import TraceError, manifest_of, one_by_one, timeline
from experiments.tape.player import FOLDER, MODULES, STYLE
from experiments.tape.recording import record, record_twin
from simulation import IOMModel

MOST_SCENARIOS = 6
NAME = "animation.html"
_IMPORT = re.compile(r"^import .*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)


def animate(out: Path | str, replication: int = 0) -> Path:
    """Write a study's animation into its folder and return its path.

    Parameters
    ----------
    out
        The study's folder. Its runs are lived through again by key.
    replication
        Which one.

    Raises
    ------
    experiments.manifest.TraceError
        If the folder holds no study, or the model has changed since.
    scenarios.ScenarioError
        If the replication's draw could not be run.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    manifest = manifest_of(Path(out))
    if replication >= manifest["replications"]:
        raise TraceError(
            f"{out} has no replication {replication}; expected 0 to {manifest['replications'] - 1}"
        )
    names = list(manifest["scenarios"])[:MOST_SCENARIOS]
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
        title=f"{site}, week by week", note=one_by_one(manifest), tapes=tapes,
        twin=packed(record_twin(twin)), player=in_one(), style=(FOLDER / STYLE).read_text(encoding="utf-8"),
    )  # fmt: skip
    path = Path(out) / NAME
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(text, encoding="utf-8")
    os.replace(aside, path)
    return path


def packed(lines: Iterable[dict[str, Any]]) -> str:
    """Return a tape as it stands in a page: compressed, and in letters that mean nothing to a browser."""
    text = "\n".join(json.dumps(line, separators=(",", ":")) for line in lines)
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


def in_one() -> str:
    """Return the player's modules as one: in their order, without what joins them."""
    texts = [(FOLDER / name).read_text(encoding="utf-8") for name in MODULES]
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts)
