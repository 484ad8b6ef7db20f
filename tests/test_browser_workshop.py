"""The workshop and the animation in a real browser, with the network shut.

One browser and one server, which end by themselves. With ``SCREENSHOTS`` set to a folder, each view is
photographed there.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from experiments import Plan, compare, report
from experiments.draws import default_draw
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


NAMED = """(() => {
    const on = document.activeElement;
    return (on.getAttribute('aria-label') || on.labels?.[0]?.textContent || on.textContent).trim();
})()"""


#: A step of the week from elsewhere than where the focus is.
STEP = "document.querySelector('[aria-label=\"Step a week\"]').click()"


def focused(page: Any) -> str:
    """Return what the focus is on is called; nothing where the focus is lost."""
    return "" if page.evaluate("document.activeElement === document.body") else str(page.evaluate(NAMED))


def tab_to(page: Any, name: str, key: str = "Tab", most: int = 200) -> None:
    """Press Tab until what has the focus is called so, not round by the end of the page."""
    first = focused(page) == ""
    for _ in range(most):
        page.keyboard.press(key)
        found = focused(page)
        assert found, f"the focus is lost on the way to {name}"
        assert first or not found.startswith("Skip to"), f"no way to {name} by {key}"
        first = False
        if found.startswith(name) and "slider" not in found:
            return
    raise AssertionError(f"no way to {name} by {key}")


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
    page.get_by_role("group", name="Staff minutes, week 20").focus()
    page.evaluate(STEP)
    assert focused(page) == "Staff minutes, week 21"
    go_to(page, 20)
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
    page.get_by_role("combobox", name="threat carries all above a score").select_option("threat")
    page.get_by_text("nothing, or less, would come of 1 as things stand").wait_for()
    assert page.get_by_text("Changes nothing while “threat carries all").is_visible()
    page.get_by_role("combobox", name="threat carries all above a score").select_option("resources")
    page.get_by_text("1 change marked on the left.").wait_for()
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
    page.get_by_role(
        "button", name="The last year: orange is time in which somebody did not know: show"
    ).click()
    known = cells(page, "The last year: orange")
    assert {len(row) for row in known} <= {5}
    assert barriers(page) == []
    page.get_by_role(
        "button", name="The last year: orange is time in which somebody did not know: show"
    ).click()
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
    assert page.get_by_text("after week 26 was seen, and the twin").count() == 2
    page.get_by_role("button", name="1 Lock").click()
    assert not page.get_by_label("Lowest", exact=True).is_visible()
    page.get_by_role("button", name="2 This run").click()
    assert "1 of 2 ranges held what came" in page.locator("main").inner_text()
    page.get_by_role("button", name="3 20 runs").click()
    page.get_by_role("button", name="Cancel").wait_for()
    assert page.get_by_role("button", name="3 20 runs").is_disabled()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("goes on without the other runs").wait_for()
    page.get_by_role("button", name="4 Twin").click()
    page.get_by_role("button", name="5 Mechanism").click()
    page.get_by_text("What became of contacts").wait_for()
    assert barriers(page) == []
    photograph(page, "guess")

    # Undo, after which a story is another one, and compare.
    page.get_by_role("button", name="Intervene").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("None yet.").wait_for()
    with page.expect_response(re.compile("/api/story/")):
        page.get_by_role("button", name="Follow", exact=True).click()
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
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save the results").click()
    assert "results/differences.csv" in ZipFile(saved.value.path()).namelist()
    if default_draw() == "posterior":
        page.get_by_label("also if we are wrong").check()
        page.get_by_label("Runs of each").select_option("10")
        page.locator("form").get_by_role("button", name="Compare").click()
        page.get_by_role("heading", name=re.compile("under draws of what is not known")).wait_for()
        page.get_by_role("region", name="Offences committed").get_by_text("Table").click()
        assert " to " in committed.locator("td").last.inner_text()
        assert barriers(page) == []

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
    assert seen.wrong == []
    photograph_a_county(page, address)
    page.close()


def test_a_change_is_made_with_the_keyboard_alone(browser: Any, address: str) -> None:
    page = browser.new_page(viewport=PROJECTOR)
    page.set_default_timeout(LONGEST_MS)
    seen = Seen(page, address)
    page.goto(f'{address}#{{"site":"small","years":{YEARS}}}')
    page.locator("canvas.people").wait_for(state="visible")
    tab_to(page, "Intervene")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="No meeting this week").wait_for()
    tab_to(page, "Week")
    shown, end = page.locator(".transport .week"), time.monotonic() + LONGEST_MS / 1000
    while "Week 26 of" not in shown.inner_text() and time.monotonic() < end:
        page.keyboard.press("End")
        page.wait_for_timeout(50)
    page.keyboard.press("Home")
    next_meeting = page.get_by_role("button", name="Go to the next meeting").inner_text()
    tab_to(page, next_meeting)
    page.keyboard.press("Enter")
    assert focused(page) == f"Review meeting, week {next_meeting.split()[-1]}"
    tab_to(page, "People carried when sized by resources")
    page.keyboard.press("Control+a")
    page.keyboard.type("25")
    page.get_by_text("1 change marked on the left").wait_for()
    tab_to(page, "Because")
    page.keyboard.type("half ")
    # Whoever writes while the meeting is passed by stays where they write.
    page.evaluate(STEP)
    page.get_by_role("heading", name="No meeting this week").wait_for()
    page.keyboard.type(f"the list {SCRIPT}")
    page.evaluate(STEP.replace("Step", "Back"))
    assert focused(page).startswith("Because")
    tab_to(page, "Run on")
    page.keyboard.press("Enter")
    page.locator(".log li").wait_for()
    assert focused(page) == "Run on"
    assert f"half the list {SCRIPT}" in page.locator(".log li").inner_text()
    tab_to(page, "Export as an option file")
    page.keyboard.press("Enter")
    page.locator("pre").wait_for()
    # The week goes on, and what was exported stays where it is, as the focus does.
    page.evaluate(STEP)
    assert page.locator("pre").is_visible()
    assert focused(page) == "Export as an option file"
    tab_to(page, "Undo", "Shift+Tab")
    page.keyboard.press("Enter")
    page.get_by_text("None yet.").wait_for()
    assert focused(page) == "Decisions so far"
    tab_to(page, "Follow", "Shift+Tab")
    page.keyboard.press("Enter")
    tab_to(page, "Follow")
    tab_to(page, "Person ")
    person = focused(page)
    page.keyboard.press("Enter")
    page.locator(".story li").first.wait_for()
    assert focused(page) == person
    tab_to(page, "Guess", "Shift+Tab")
    page.keyboard.press("Enter")
    for label, text in (
        ("Team", "Police"),
        ("Lowest", "1"),
        ("Best", "2"),
        ("Highest", "3"),
        ("Because", "x"),
    ):
        tab_to(page, label)
        page.keyboard.type(text)
    tab_to(page, "Add the guess")
    page.keyboard.press("Enter")
    assert focused(page) == "Team"
    tab_to(page, "1 Lock")
    page.keyboard.press("Enter")
    assert focused(page) == "✓ Lock"
    tab_to(page, "2 This run")
    assert seen.wrong == []
    page.close()


#: A hand on the arrow key of the slider: week by week to the twentieth, and back to the second.
PASS_BY = """(slider) => {
    for (const week of [...Array(20).keys(), 2]) {
        slider.value = week;
        slider.dispatchEvent(new Event('input'));
    }
}"""


class Held:
    """Requests of one kind that wait until they are let through; their bodies."""

    def __init__(self, page: Any, path: str) -> None:
        self.routes: list[Any] = []
        self.page, self.path = page, path
        page.route(path, lambda route: self.routes.append(route))

    def wait(self, number: int = 1) -> list[dict[str, Any]]:
        end = time.monotonic() + LONGEST_MS / 1000
        while len(self.routes) < number and time.monotonic() < end:
            self.page.wait_for_timeout(20)
        assert len(self.routes) == number
        return [route.request.post_data_json for route in self.routes]

    def let_go(self, **head: Any) -> None:
        """Answer all as the first, with more in the head than the server says; those after go unhindered."""
        self.page.unroute(self.path)
        told = [json.loads(line) for line in self.routes[0].fetch(timeout=LONGEST_MS).text().splitlines()]
        told = [{**line, **head} if "tape" in line else line for line in told]
        for route in self.routes:
            # A request that the page has given up cannot be answered.
            with suppress(sync_api.Error):
                route.fulfill(body="\n".join(map(json.dumps, told)) + "\n")


def set_up(page: Any, chance: int) -> None:
    """Set up half a year of the small place in a hub, with some chance."""
    page.get_by_role("button", name="Set up").click()
    page.get_by_role("combobox", name="Place", exact=True).select_option("small")
    page.get_by_role("combobox", name="With", exact=True).select_option("hub")
    page.get_by_role("spinbutton", name="Years", exact=True).fill(f"{YEARS}")
    page.get_by_role("spinbutton", name="Chance").fill(str(chance))
    page.get_by_role("button", name="Begin").click()


def guess(page: Any) -> None:
    """Write a team's guess down."""
    page.get_by_role("button", name="Guess", exact=True).click()
    answers = (("Team", "Police"), ("Lowest", "1"), ("Best guess", "2"), ("Highest", "3"), ("Because", "x"))
    for label, text in answers:
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Add the guess").click()


def headings(page: Any) -> list[str]:
    """Return the columns of the table of offences in Watch."""
    found = page.get_by_role("region", name="Proven offences a week, whole area").locator("thead th")
    return list(found.all_inner_texts())


def test_a_room_has_one_setting_one_choice_and_one_decision_at_a_time(browser: Any, address: str) -> None:
    page = browser.new_page(viewport=PROJECTOR)
    page.set_default_timeout(LONGEST_MS)
    page.goto(f'{address}#{{"site":"small","options":["hub"],"years":{YEARS}}}')
    page.locator("canvas.people").wait_for(state="visible")
    go_to(page, 26)
    page.get_by_role("button", name="Proven offences a week, whole area: show as a table").click()

    # A run that comes when its setting has gone is nobody's.
    tapes = Held(page, "**/api/tape")
    set_up(page, 2)
    assert tapes.wait()[0]["seed"] == 2
    week, step = page.locator(".transport .week"), page.get_by_role("button", name="Step a week")
    assert (week.inner_text(), step.is_disabled()) == ("", True)
    step.focus()
    page.keyboard.press("Enter")
    assert focused(page) == "Step a week"
    twins = Held(page, "**/api/twin")
    late, tapes.routes = tapes.routes, []
    set_up(page, 1)
    page.locator("#setting").wait_for(state="hidden")
    tapes.wait()
    tapes.routes = [*tapes.routes, *late]
    tapes.let_go()
    go_to(page, 26)
    page.wait_for_timeout(200)
    assert headings(page)[:2] == ["Week", "This run"]
    assert "Without the last change" not in headings(page)
    # The twin shows when it comes, in a table as well.
    assert "No IOM" not in headings(page)
    twins.wait()
    twins.let_go()
    page.get_by_role("columnheader", name="No IOM").wait_for()

    # Weeks that are passed by are not asked for, and what is refused is not asked again at once.
    asked: list[Any] = []
    page.route("**/api/meeting", lambda route: (asked.append(route), route.fulfill(status=503, body="{}")))
    go_to(page, 2)
    page.get_by_role("button", name="Intervene").click()
    page.get_by_role("slider", name="Week", exact=True).evaluate(PASS_BY)
    page.wait_for_timeout(2000)
    assert asked == []
    page.get_by_role("button", name="Go to the next meeting").click()
    meeting = int(page.locator(".intervene h2").first.inner_text().split()[-1])
    end = time.monotonic() + LONGEST_MS / 1000
    while not asked and time.monotonic() < end:
        page.wait_for_timeout(50)
    page.get_by_role("spinbutton", name="People carried when sized by resources").fill("30")
    page.wait_for_timeout(2000)
    assert len(asked) == 1

    # A decision that is under way is one, whatever is pressed until it shows.
    tapes = Held(page, "**/api/tape")
    page.get_by_label("Because (required)").fill("fewer")
    run_on = page.get_by_role("button", name=re.compile("Run on|Running"))
    run_on.click()
    since = tapes.wait()[0]["decisions"][0]["since"]
    page.get_by_role("slider", name="Week", exact=True).fill(str(meeting + 1))
    page.get_by_role("slider", name="Week", exact=True).fill(str(meeting))
    assert run_on.is_disabled()
    run_on.press("Enter")
    page.wait_for_timeout(300)
    tapes.wait(1)
    tapes.let_go(implied=[{"since": since, "key": "cohort.sizing", "value": "threat"}])
    page.locator(".log li").wait_for()
    assert page.locator(".log li").count() == 1
    assert "and with it threat carries all" in page.locator(".log li").inner_text()

    # Levers stand as they did in the week that is shown, with what a decision implied.
    ceiling = page.get_by_role("spinbutton", name="People carried when sized by resources")
    sizing = page.get_by_role("combobox", name="threat carries all above a score")
    assert (ceiling.input_value(), sizing.input_value()) == ("30", "threat")
    go_to(page, meeting - 1)
    assert (ceiling.input_value(), sizing.input_value()) == ("40", "resources")
    go_to(page, meeting)
    assert page.get_by_text("This meeting has decided.").is_visible()
    page.get_by_role("button", name="Proven offences a week: with the last change").click()
    assert all(row[1] == row[2] for row in cells(page, "Proven offences a week: with the last change"))
    page.evaluate("delete Navigator.prototype.clipboard")
    page.get_by_role("button", name="Export as an option file").click()
    page.get_by_role("button", name="Copy the command").click()
    page.get_by_text("the command is selected").wait_for()
    assert page.evaluate("String(getSelection())").startswith("iom compare")

    # Twenty other runs belong to one choice; what is compared is called what it is.
    weekly = [[1] * 26, [3] * 26]
    found = {
        "scenarios": ["small+decisions"], "weekly": {"small+decisions": weekly},
        "levels": {"proven_offences": {"small+decisions": [26, 78]}},
    }  # fmt: skip
    page.route("**/api/studies", lambda route: route.fulfill(json={"id": "x", "state": "done"}))
    page.route("**/api/studies/x/differences", lambda route: route.fulfill(json=found))
    guess(page)
    page.get_by_role("button", name="1 Lock").click()
    page.get_by_role("button", name="2 This run").click()
    page.get_by_role("button", name="3 20 runs").click()
    page.get_by_role("button", name="✓ 20 runs").wait_for()
    page.get_by_role("button", name="Guesses and answers: show as a table").click()
    assert ["20 runs", "26", "", "78"] in cells(page, "Guesses and answers")
    page.get_by_role("button", name="Watch").click()
    assert "20 other runs, four-week average: least" in headings(page)
    page.get_by_role("button", name="Compare", exact=True).click()
    offered = page.locator("form:visible select").first.locator("option").all_inner_texts()
    assert offered[:2] == ["hub, and our decisions", "this run\N{RIGHT SINGLE QUOTATION MARK}s setting: hub"]
    assert page.locator("form:visible select").first.locator("option[value=hub]").count() == 0
    page.get_by_role("button", name="Intervene").click()
    # A file that comes when its run is no longer shown is not.
    files = Held(page, "**/api/option")
    page.get_by_role("button", name="Export as an option file").click()
    files.wait()
    page.get_by_role("button", name="Undo").click()
    files.let_go()
    page.wait_for_timeout(300)
    assert page.locator("pre").count() == 0
    page.get_by_role("button", name="Watch").click()
    assert not [text for text in headings(page) if "20 other runs" in text]
    page.close()


def test_an_exercise_does_not_tell_what_it_keeps(browser: Any, address: str) -> None:
    page = browser.new_page(viewport=PROJECTOR)
    page.set_default_timeout(LONGEST_MS)

    def shorter(route: Any) -> None:
        told = route.fetch().json()
        route.fulfill(json={**told, "setting": {**told["setting"], "years": YEARS}})

    page.route("**/api/exercises/*", shorter)
    busy = {"problems": ["too many wait already"]}
    page.route("**/api/twin", lambda route: route.fulfill(status=503, json=busy), times=1)
    page.goto(f'{address}#{{"exercise":"we-cut-crime-by-60-per-cent","site":"small","view":"Compare"}}')
    page.get_by_label("Runs of each").wait_for()
    difference = {
        "scenario": "small+worst-forty+no-effect", "mean_difference": -1, "low": -2, "high": 0,
        "area_low": -3, "area_high": 1, "wrong_low": None, "wrong_high": None, "pairs": [-1, -1],
    }  # fmt: skip
    told = {
        "scenarios": ["small", "small+worst-forty+no-effect"], "weekly": {"small": [[1] * 26, [3] * 26]},
        "outcomes": [{"label": "Offences committed", "unit": "", "base": 90, "choices": [difference]}],
        "levels": {"proven_offences": {"small": [26, 78]}},
        "said": ["small+worst-forty+no-effect and no IOM"],
        "before_after": [{"scenario": "small+worst-forty+no-effect", "published": -0.4, "twin": -0.4}],
    }  # fmt: skip
    state = {"id": "x", "state": "done", "changes": [[["effects", "1", "0", ""]]], "command": "no-effect"}
    why = "failed: small+worst-forty+no-effect, replication 0: no such place"
    states = [{**state, "state": "running"}, {**state, "state": "failed", "said": [why]}, state, state]
    bodies: list[dict[str, Any]] = []
    page.route(
        "**/api/studies",
        lambda route: (bodies.append(route.request.post_data_json), route.fulfill(json=states.pop(0))),
    )
    gone = {"problems": ["there is no such comparison any more"]}
    page.route("**/api/studies/x", lambda route: route.fulfill(status=404, json=gone))
    page.route("**/api/studies/x/differences", lambda route: route.fulfill(json=told))
    compare_them = page.locator("form:visible").get_by_role("button", name="Compare")
    compare_them.click()
    # One that is not heard of again is given up, and one that failed does not say what it ran.
    page.get_by_text("there is no such comparison any more").wait_for()
    assert page.get_by_role("progressbar").count() == 0
    compare_them.click()
    page.get_by_text("the comparison failed").wait_for()
    assert "worst" not in page.get_by_role("alert").inner_text()
    compare_them.click()
    page.get_by_text("s setting: a before-and-after count says \N{MINUS SIGN}40% sanctions.").wait_for()
    assert bodies[0]["choices"][0]["options"] == ["worst-forty", "no-effect"]
    assert not re.search("no.effect|without any IOM|worst", page.locator(".results").inner_text())
    assert page.get_by_role("link", name="Open the full report").count() == 0
    page.get_by_role("region", name="Offences committed").get_by_text("Table").click()
    guess(page)
    assert page.get_by_role("cell", name="before the run").is_visible()
    page.get_by_role("button", name="Compare", exact=True).click()
    assert page.get_by_role("region", name="Offences committed").locator("tbody").first.is_visible()
    # The twin that did not come is asked for again when its turn is.
    page.get_by_role("button", name="Guess", exact=True).click()
    for stage in ("1 Lock", "2 This run", "3 20 runs", "4 Twin"):
        page.get_by_role("button", name=stage).click()
    page.get_by_text("The same people with the same luck and no partnership: ").wait_for()
    # What was compared belongs to this room: another setting does not show it.
    page.get_by_role("button", name="Compare", exact=True).click()
    set_up(page, 1)
    page.get_by_role("heading", name="What the partnership would have published").wait_for(state="detached")
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
