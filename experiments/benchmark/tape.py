"""What a tape costs: its recording, its size, and how quickly the animation of it opens, each beside its bar.

The cost of recording is that of reading the run, writing the lines and compressing them, beside the measured
weeks of the run themselves, in seconds of the processor.
"""

import gzip
import json
import re
import statistics
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path

from calibration.tables import write_table
from experiments import Plan, compare
from experiments.benchmark.classroom import chromium
from experiments.tape import record
from experiments.tape.animation import animate
from scenarios import load
from simulation import IOMModel

SITE, OPTION, CARRIED, YEARS = "nottingham", "hub", 500, 2.0
OPENINGS = 5
COLUMNS = ("what", "measured", "bar")


def main() -> None:
    """Measure, and print a row for each bar."""
    parser = ArgumentParser(prog="python -m experiments.benchmark.tape", description=__doc__)
    parser.add_argument("--out", type=Path, help="CSV file to write as well")
    out = parser.parse_args().out
    rows = [*_recording(), *_animation()]
    for line in (COLUMNS, *rows):
        print("; ".join(line))
    if out:
        write_table(out, [COLUMNS, *rows])


def _recording() -> list[tuple[str, str, str]]:
    sized = {"sizing": "resources", "ceiling": CARRIED}
    timeline = tuple(
        (when, own.model_copy(update={"cohort": own.cohort.model_copy(update=sized)}))
        for when, own in load(SITE).timeline
    )
    model = IOMModel(timeline, years=YEARS)
    while model.day < model.measured_from:
        model.step()
    living, step = 0.0, model.step

    def timed() -> None:
        nonlocal living
        began = time.process_time()
        step()
        living += time.process_time() - began

    model.step = timed  # type: ignore[method-assign]
    began = time.process_time()
    lines = [json.dumps(line, separators=(",", ":")) for line in record(model)]
    packed = gzip.compress("\n".join(lines).encode(), 9)
    share = (time.process_time() - began - living) / living
    carried = int(model.works.caseload.carried.sum())
    return [
        ("Recording, of the run's own time", f"{share:.1%}", "under 10%"),
        (f"Tape of two years, {carried} people carried", f"{len(packed) / 1000:.1f} KB", "under 30 KB"),
    ]


def _animation() -> list[tuple[str, str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        study = compare(SITE, OPTION, plan=Plan(1, years=YEARS, workers=1), out=Path(folder) / "out")
        path = animate(study.folder)
        size = path.stat().st_size
        number = len(re.findall(r'class="tape"', path.read_text(encoding="utf-8")))
        opening = _opened(path)
    seconds = f"{statistics.median(opening):.2f} s" if opening else "no browser here"
    return [
        (f"Animation of {number} choices, two years", f"{size / 1000:.0f} KB", "under 300 KB"),
        ("Opening it from disk, median", seconds, "under 1 s"),
    ]


def _opened(path: Path) -> list[float]:
    """Return how long each opening of a page took until its first tape was to be seen."""
    browser = chromium()
    if browser is None:
        return []
    from playwright.sync_api import sync_playwright

    seconds = []
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for _ in range(OPENINGS):
            page = opened.new_page(viewport={"width": 1280, "height": 720})
            began = time.perf_counter()
            page.goto(path.as_uri())
            page.locator("html[data-ready]").wait_for()
            seconds.append(time.perf_counter() - began)
            page.close()
        opened.close()
    return seconds


if __name__ == "__main__":
    main()
