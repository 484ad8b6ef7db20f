"""The report in a real browser: whole from disk, sound to an accessibility checker, narrow and on paper."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from experiments import Plan, compare, report
from tests import stand_in
from tests.report_page import replicate

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NO_BROWSER = (
    "NOT CHECKED: no Chromium here, so the report was not opened in a browser (apt-get install chromium)"
)
pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason=NO_BROWSER), pytest.mark.xdist_group("browser")]

PAPER_WIDTH = 680  # CSS pixels between the margins of A4


class Watched:
    """A page with all it asked for and all it complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as room:
        browser = room.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    cases = {"whole": (replicate, 5), "failed": (stand_in.replicate_and_fail, 5)}
    return {
        name: report.write(
            compare(
                "nottingham", "hub", "bigger-cohort", plan=Plan(replications, workers=1), out=folder / name,
                simulate=simulate,
            )
        )
        for name, (simulate, replications) in cases.items()
    }  # fmt: skip


@pytest.fixture
def whole(browser: Browser, reports: dict[str, Path]) -> Iterator[Watched]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    watched = Watched(page)
    page.goto(reports["whole"].as_uri())
    yield watched
    page.close()


@pytest.mark.parametrize("case", ["whole", "failed"])
def test_the_accessibility_checker_finds_nothing(
    browser: Browser, reports: dict[str, Path], case: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(reports[case].as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    options = {"rules": {"target-size": {"enabled": True}}}
    found = Axe().run(page, options=options).response
    page.close()
    assert len(found["passes"]) > 20
    assert [(one["id"], one["impact"], one["nodes"][0]["html"]) for one in found["violations"]] == []


def test_it_opens_from_disk_asks_for_nothing_and_complains_of_nothing(whole: Watched) -> None:
    whole.page.wait_for_load_state("networkidle")
    assert [url for url in whole.asked if not url.startswith("data:")] == [whole.page.url]
    assert whole.page.url.startswith("file://")
    assert whole.complaints == []
    widths = whole.page.evaluate("[...document.images].map(image => image.naturalWidth)")
    assert len(widths) == 7
    assert all(widths)


@pytest.mark.parametrize("width", [320, 360, 768])
def test_nothing_but_tables_and_pictures_scrolls_sideways(whole: Watched, width: int) -> None:
    """320 pixels are what a screen of 1280 shows at 400%."""
    whole.page.set_viewport_size({"width": width, "height": 640})
    whole.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert whole.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_keyboard_reaches_the_answer_first_and_every_table(whole: Watched) -> None:
    page = whole.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#answer")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details table").first.is_visible()


def test_paper_holds_everything_but_the_links(whole: Watched) -> None:
    page = whole.page
    page.set_viewport_size({"width": PAPER_WIDTH, "height": 1000})
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert all(table.is_visible() for table in page.locator("details table").all())
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER_WIDTH
    sheets = len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True)))
    assert 6 <= sheets <= 16
