"""The workshop and the animation in a real browser, with the network shut.

One browser and one server, which end by themselves. With ``SCREENSHOTS`` set to a folder, each view is
photographed there.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from experiments import Plan, compare, report
from experiments.tape import places, record
from experiments.tape.animation import animate
from scenarios import load
from simulation import IOMModel
from tests.test_functional_tape import SMALL

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no browser tests")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this system: NO BROWSER TESTS RUN")

YEARS = 0.5
PROJECTOR = {"width": 1280, "height": 720}
LONGEST_MS = 300_000
#: What must come back as the text that it is.
SCRIPT = "<img src=x onerror=alert(1)>"


class Seen:
    """What went wrong in a page: errors, failed or foreign requests."""

    def __init__(self, page: Any, allowed: str) -> None:
        self.wrong: list[str] = []
        page.on("console", lambda message: message.type == "error" and self.wrong.append(message.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("response", lambda answer: answer.status >= 400 and self.wrong.append(answer.url))
        page.on("request", lambda request: self._asked(request.url, allowed))
        page.on("requestfailed", self._failed)
        page.on("dialog", lambda dialog: self.wrong.append(f"a script ran: {dialog.message}"))

    def _asked(self, url: str, allowed: str) -> None:
        if not url.startswith((allowed, "data:", "blob:")):
            self.wrong.append(f"asked for {url}")

    def _failed(self, request: Any) -> None:
        # Chromium calls a stream aborted that a page has read to its end.
        if not re.search(r"/api/(tape|twin)$", request.url):
            self.wrong.append(f"failed: {request.url} {request.failure}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("site") / "small.yaml"
    path.write_text(SMALL)
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    arguments = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
    with sync_api.sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield found
        found.close()


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    # From where the site is, so that no picture shows where that lies.
    command = [sys.executable, "-m", "experiments", "app", site.name, "--port", "0", "--workers", "1"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=site.parent)
    try:
        assert server.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())
        assert found
        yield found[0]
        children = _children(server.pid)
        assert children
        server.send_signal(signal.SIGINT)
        assert server.wait(90) == 0
        end = time.monotonic() + 30
        while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < end:
            time.sleep(0.1)
        assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
    finally:
        server.kill()


def _children(parent: int) -> list[int]:
    if not Path("/proc").is_dir():
        return [parent]
    listed = (path for path in Path("/proc").glob("[0-9]*/stat"))
    return [
        int(path.parent.name)
        for path in listed
        if path.read_text().rpartition(")")[2].split()[1] == str(parent)
    ]


def barriers(page: Any) -> list[str]:
    """Return what axe finds critical or serious."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in found
        if one["impact"] in ("critical", "serious")
    ]


def photograph(page: Any, name: str) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"workshop-{name}.png", animations="disabled")


def photograph_a_county(page: Any, address: str) -> None:
    """Take the picture that shows a whole place: two years of it take too long for a test."""
    if os.environ.get("SCREENSHOTS"):
        page.goto("about:blank")
        page.goto(f'{address}#{{"site":"nottingham","years":2}}')
        page.locator("canvas.people").wait_for(state="visible")
        go_to(page, 60)
        photograph(page, "watch")


def tab_to(page: Any, name: str, most: int = 120) -> None:
    """Press Tab until what has the focus is called so."""
    told = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(told).strip()
        if focused.startswith(name) and "slider" not in focused:
            return
    raise AssertionError(f"no way to {name} by Tab")


def go_to(page: Any, week: int) -> None:
    """Move to a week, as soon as it has been lived through."""
    end = time.monotonic() + LONGEST_MS / 1000
    shown = page.locator(".transport .week")
    while f"Week {week} of" not in shown.inner_text() and time.monotonic() < end:
        page.get_by_role("slider", name="Week", exact=True).fill(str(week))
        page.wait_for_timeout(50)
    assert f"Week {week} of" in shown.inner_text()


def cells(page: Any, panel: str) -> list[list[str]]:
    """Return the body of a panel's table."""
    rows = page.get_by_role("region", name=panel).locator("tbody tr")
    return [row.locator("th, td").all_inner_texts() for row in rows.all()]


def test_the_workshop_from_the_first_view_to_the_last(
    browser: Any, address: str, site: Path, tmp_path: Path
) -> None:
    head, *weeks = record(IOMModel(load(str(site)).timeline, years=YEARS))
    names = [line["name"] for line in head["lines"]]
    page = browser.new_page(viewport=PROJECTOR)
    page.set_default_timeout(LONGEST_MS)
    seen = Seen(page, address)
    state = f'{{"site":"small","years":{YEARS}}}'
    page.goto(f"{address}#{state}")

    # Watch: what is shown is the model's, by keyboard alone.
    page.locator("canvas.people").wait_for(state="visible")
    page.get_by_role("button", name="Step a week").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Week 1 of 26").wait_for()
    page.get_by_role("button", name="Play", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_text("Week 3 of 26").wait_for()
    page.keyboard.press("Space")
    go_to(page, 20)
    for panel in (
        "Staff minutes this week",
        "Proven offences a week, whole area",
        "People carried, one dot each",
    ):
        page.get_by_role("button", name=f"{panel}: show as a table").press("Enter")
    staff = cells(page, "Staff minutes this week")
    assert [int(row[1].replace(",", "")) for row in staff] == weeks[19]["used"]
    proven = cells(page, "Proven offences a week, whole area")
    assert [int(row[1]) for row in proven] == [week["lines"][0] for week in weeks[19::-1]]
    letters = [*places([head, *weeks])][20]
    people = {row[0]: int(row[1]) for row in cells(page, "People carried, one dot each")}
    assert people["Red"] == letters.count("r")
    assert people["In custody"] == sum(letters.count(letter) for letter in "RAGB")
    assert barriers(page) == []
    for panel in (
        "Staff minutes this week",
        "Proven offences a week, whole area",
        "People carried, one dot each",
    ):
        page.get_by_role("button", name=f"{panel}: show as a table").press("Enter")
    assert barriers(page) == []

    # Intervene: only at a meeting, only with a reason; the past stays, and undo brings the old run back.
    page.get_by_role("button", name="Intervene").click()
    go_to(page, 3)
    page.get_by_role("button", name="Go to the next meeting").click()
    meeting = next(number for number, week in enumerate(weeks, 1) if number > 3 and week["review"])
    page.get_by_role("heading", name=f"Review meeting, week {meeting}").wait_for()
    assert page.get_by_role("button", name="Run on").is_disabled()
    page.get_by_role("spinbutton", name="People carried when sized by resources").fill("20")
    page.get_by_role("button", name="Run on").click()
    assert page.locator(".log li").count() == 0
    page.get_by_label("Because (required)").fill("fewer, and more often")
    photograph(page, "decide")
    page.get_by_role("button", name="Run on").click()
    page.locator(".log li").wait_for()
    go_to(page, 26)
    page.get_by_text("12 weeks on").wait_for()
    page.get_by_role("button", name="Export as an option file").click()
    exported = page.locator("pre").inner_text()
    assert "cohort.ceiling:" in exported
    assert "value: 20}" in exported
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save decisions.yaml").click()
    option = tmp_path / "decisions.yaml"
    option.write_text(Path(saved.value.path()).read_text())
    assert option.read_text() in exported
    assert barriers(page) == []
    photograph(page, "intervene")
    page.get_by_role("button", name="Watch").click()
    page.get_by_role("button", name="Proven offences a week, whole area: show as a table").click()
    both = {int(row[0]): row[1:] for row in cells(page, "Proven offences a week, whole area")}
    assert all(both[week][0] == both[week][1] for week in range(1, meeting + 1))
    assert [int(both[week][1]) for week in sorted(both)] == [week["lines"][0] for week in weeks]
    # The exported file, run by the command line, is the run that is shown.
    again = compare(str(site), str(option), plan=Plan(1, years=YEARS, workers=1), out=tmp_path / "again")
    decided = again.weekly.query("scenario == 'small+decisions' and outcome == 'proven_offences'")
    assert [int(both[week][0]) for week in sorted(both)] == decided.sort_values("week")["value"].tolist()
    page.get_by_role("button", name="Proven offences a week, whole area: show as a table").click()

    photograph(page, "ghost")

    # Follow: the story is this person's, and stands in words.
    page.get_by_role("button", name="Follow", exact=True).click()
    page.get_by_role("combobox", name="Who is listed").select_option("custody")
    page.locator(".people-list button").first.click()
    page.locator(".story li").first.wait_for()
    assert re.search(r"A (wo)?man of \d+", page.locator("main").inner_text())
    assert barriers(page) == []
    photograph(page, "follow")

    # Guess: locked, then revealed in order.
    page.get_by_role("button", name="Guess").click()
    for team, values in (("Police", (1, 2, 3)), ("Probation", (10, 300, 9000))):
        page.get_by_label("Team", exact=True).fill(team)
        for label, value in zip(("Lowest", "Best guess", "Highest"), values, strict=True):
            page.get_by_label(label, exact=True).fill(str(value))
        page.get_by_label("Because", exact=True).fill("we have seen it before")
        page.get_by_role("button", name="Add the guess").click()
    assert page.get_by_role("button", name="2 This run").is_disabled()
    page.get_by_role("button", name="1 Lock").click()
    assert not page.get_by_label("Lowest", exact=True).is_visible()
    page.get_by_role("button", name="2 This run").click()
    assert "1 of 2 ranges held what came" in page.locator("main").inner_text()
    page.get_by_role("button", name="3 20 runs").click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("goes on without the other runs").wait_for()
    page.get_by_role("button", name="4 Twin").click()
    page.get_by_role("button", name="5 Mechanism").click()
    page.get_by_text("What became of contacts").wait_for()
    assert barriers(page) == []
    photograph(page, "guess")

    # Undo, and compare.
    page.get_by_role("button", name="Intervene").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("None yet.").wait_for()
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_label("Runs of each").select_option("5")
    page.locator("form").get_by_role("button", name="Compare").click()
    page.locator(".outcomes .card").first.wait_for()
    assert page.locator(".outcomes .card").count() == 4
    committed = page.get_by_role("region", name="Offences committed").locator("tbody tr").first
    page.get_by_role("region", name="Offences committed").get_by_text("Table").click()
    hub = compare(str(site), "hub", plan=Plan(5, years=YEARS, workers=1, draw="none"), out=tmp_path / "hub")
    rows = hub.differences.query("outcome == 'committed_offences' and option == 'small+hub'")
    mean = rows[rows["reference"] == "small"]["mean_difference"].iloc[0]
    shown = committed.locator("td").first.inner_text().replace("\N{MINUS SIGN}", "-").replace(",", "")
    assert float(shown) == pytest.approx(mean, abs=max(0.05, abs(mean) / 100))
    assert barriers(page) == []
    page.get_by_role("region", name="Offences committed").get_by_text("Table").click()
    photograph(page, "compare")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open the full report").click()
    opened.value.get_by_role("heading", name="The answer").wait_for()
    opened.value.close()

    # An exercise, in another place than its own, and not where it makes no sense.
    page.get_by_role("button", name="Set up").click()
    page.get_by_role("combobox", name="Exercise").select_option("under-one-roof")
    page.get_by_text("The place it was written for.").wait_for()
    page.get_by_role("combobox", name="Played in").select_option("bristol")
    page.get_by_text("Every team of this place sits in a hub already.").wait_for()
    assert page.get_by_role("button", name="Begin").is_disabled()
    assert barriers(page) == []
    photograph(page, "exercise")
    page.get_by_role("combobox", name="Played in").select_option("small")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("heading", name="Put every team into a hub").wait_for()
    assert names[0] == "proven_offences"
    photograph_a_county(page, address)
    assert seen.wrong == []
    page.close()


def test_a_change_is_made_with_the_keyboard_alone(browser: Any, address: str) -> None:
    page = browser.new_page(viewport=PROJECTOR)
    page.set_default_timeout(LONGEST_MS)
    seen = Seen(page, address)
    page.goto(f'{address}#{{"site":"small","years":{YEARS}}}')
    page.locator("canvas.people").wait_for(state="visible")
    go_to(page, 26)
    tab_to(page, "Intervene")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="No meeting this week").wait_for()
    tab_to(page, "Week")
    page.keyboard.press("Home")
    next_meeting = page.get_by_role("button", name="Go to the next meeting").inner_text()
    tab_to(page, next_meeting)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=f"Review meeting, week {next_meeting.split()[-1]}").wait_for()
    tab_to(page, "People carried when sized by resources")
    page.keyboard.press("Control+a")
    page.keyboard.type("25")
    page.get_by_text("1 change marked on the left").wait_for()
    page.get_by_label("Because (required)").focus()
    page.keyboard.type(f"half the list {SCRIPT}")
    tab_to(page, "Run on")
    page.keyboard.press("Enter")
    page.locator(".log li").wait_for()
    assert f"half the list {SCRIPT}" in page.locator(".log li").inner_text()
    tab_to(page, "Undo")
    page.keyboard.press("Enter")
    page.get_by_text("None yet.").wait_for()
    assert seen.wrong == []
    page.close()


def test_it_fits_a_tablet_and_stands_still_where_motion_is_not_wanted(browser: Any, address: str) -> None:
    page = browser.new_page(viewport={"width": 820, "height": 1180}, reduced_motion="reduce")
    seen = Seen(page, address)
    page.goto(f'{address}#{{"site":"small","years":{YEARS}}}')
    page.locator("canvas.people").wait_for(state="visible", timeout=LONGEST_MS)
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_text("Week 2 of 26").wait_for()
    assert page.locator("animateMotion").count() == 0
    page.get_by_role("button", name="Pause").click()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 820
    assert barriers(page) == []
    photograph(page, "tablet")
    assert seen.wrong == []
    page.close()


def test_the_animation_plays_from_disk(browser: Any, site: Path, tmp_path: Path) -> None:
    study = compare(str(site), "hub", plan=Plan(1, years=YEARS, workers=1), out=tmp_path / "out")
    report.write(study)
    path = animate(study.folder)
    page = browser.new_page(viewport=PROJECTOR)
    seen = Seen(page, path.as_uri())
    begun = time.monotonic()
    page.goto(path.as_uri())
    page.locator("html[data-ready]").wait_for()
    assert time.monotonic() - begun < LONGEST_MS / 1000
    page.get_by_role("button", name="Play", exact=True).click()
    page.get_by_text("Week 2 of 26").wait_for()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("combobox", name="Choice").select_option("small+hub")
    go_to(page, 20)
    page.get_by_text("Week 20 of 26").wait_for()
    assert barriers(page) == []
    photograph(page, "animation")
    assert seen.wrong == []
    seen = Seen(page, path.parent.as_uri())
    page.goto((path.parent / "report.html").as_uri())
    assert barriers(page) == []
    page.get_by_role("link", name="Watch it week by week").click()
    page.locator("html[data-ready]").wait_for()
    assert page.url == path.as_uri()
    assert seen.wrong == []
    page.close()
