"""The report in a real browser: whole from disk, sound to an accessibility checker, narrow and on paper."""

import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from experiments import Plan, compare, report
from tests import stand_in
from tests.report_page import replicate

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NO_BROWSER = (
    "NOT CHECKED: no Chromium here, so the report was not opened in a browser (apt-get install chromium)"
)
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
#: CSS pixels: a screen of 1280 at 400%, and A4 between its margins.
NARROWEST, PAPER = 320, 680


@pytest.fixture
def reports(tmp_path: Path) -> dict[str, Path]:
    cases = {"whole": replicate, "failed": stand_in.replicate_and_fail}
    plan = Plan(5, workers=1)
    return {
        name: report.write(
            compare("nottingham", "hub", "bigger-cohort", plan=plan, out=tmp_path / name, simulate=simulate)
        )
        for name, simulate in cases.items()
    }


# One test, so that one browser is started: with several workers each would start its own.
@pytest.mark.skipif(CHROMIUM is None, reason=NO_BROWSER)
def test_the_report_in_a_browser(reports: dict[str, Path], subtests: pytest.Subtests) -> None:
    with sync_playwright() as room:
        browser = room.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for check in (
            opens_from_disk_asks_for_nothing_and_complains_of_nothing,
            pleases_the_accessibility_checker,
            scrolls_nothing_sideways_but_tables_and_pictures,
            takes_the_keyboard_to_the_answer_first_and_to_every_table,
            puts_everything_but_the_links_on_paper,
        ):
            for name in ("whole", "failed"):
                with subtests.test(check.__name__, report=name):
                    page = browser.new_page(viewport={"width": 1280, "height": 900})
                    check(page, reports[name].as_uri())
                    page.close()
        browser.close()


def opens_from_disk_asks_for_nothing_and_complains_of_nothing(page: Page, address: str) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address, wait_until="load")
    assert address.startswith("file://")
    assert [url for url in asked if not url.startswith("data:")] == [address]
    assert complaints == []
    widths = page.evaluate("[...document.images].map(image => image.naturalWidth)")
    assert widths
    assert all(widths)


def pleases_the_accessibility_checker(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate(OPEN_ALL)
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    found = Axe().run(page, options=options).response
    assert len(found["passes"]) > 20
    assert [(one["id"], one["impact"], one["nodes"][0]["html"]) for one in found["violations"]] == []


def scrolls_nothing_sideways_but_tables_and_pictures(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate(OPEN_ALL)
    for width in (NARROWEST, 360, 768):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def takes_the_keyboard_to_the_answer_first_and_to_every_table(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_url("**#answer")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details table").first.is_visible()
    regions = page.locator(".scroll")
    assert regions.count() == page.locator(".scroll[tabindex='0'][aria-label]").count()


def puts_everything_but_the_links_on_paper(page: Page, address: str) -> None:
    page.goto(address)
    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert all(table.is_visible() for table in page.locator("details table").all())
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER
    sheets = len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True)))
    assert 4 <= sheets <= 16
