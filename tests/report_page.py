"""A report's page as tests read it, and a study of every outcome to write one of."""

import csv
import io
import re
from base64 import b64decode
from collections.abc import Mapping
from html.parser import HTMLParser

import numpy as np

from experiments import Study, report
from simulation import OUTCOMES, Result, Timeline

WEEKS = 26
VOID = {"meta", "img", "link", "br", "hr", "input", "wbr"}
EMBEDDED = re.compile(r'href="data:text/csv;charset=utf-8;base64,([^"]+)"')


def replicate(
    scenarios: Mapping[str, Timeline], *, seed: int, replication: int, years: float, events: bool = False
) -> list[Result]:
    """Return every outcome and weekly series there is, of a plausible size."""
    results = []
    for place, name in enumerate(scenarios):
        generator = np.random.default_rng([seed, replication, place])
        sizes = {"share": 0.5, "gbp": 1e6}
        outcomes = {
            f"{prefix}{key}": sizes.get(about.unit, 1000.0) * generator.uniform(0.8, 1.2)
            for prefix in ("", "twin_")
            for key, about in OUTCOMES.items()
            if not prefix or key.split("_")[0] not in ("iom", "net", "utilisation", "contacts", "caseload")
        }
        names = [
            "caseload",
            "contact_minutes",
            "wrong_bands",
            "committed_offences",
            "twin_committed_offences",
        ]
        names += [f"caseload_{band}" for band in ("red", "amber", "green", "blue")]
        weekly = {key: generator.uniform(50, 100, WEEKS) for key in names}
        results.append(Result(name, outcomes, weekly))
    return results


class Page(HTMLParser):
    """A page's elements, its tables as texts, and whether every element is closed where it should be."""

    def __init__(self, study: Study) -> None:
        super().__init__()
        self.text = report.write(study).read_text(encoding="utf-8")
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.headings: list[str] = []
        self.tables: list[tuple[str, list[list[str]]]] = []
        self._open: list[str] = []
        self.feed(self.text)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "table":
            self.tables.append(("", []))
        elif tag == "tr":
            self.tables[-1][1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> at {self.getpos()}"

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        self.words.append(data)
        if self._open[-1:] == ["h2"]:
            self.headings.append(data)
        if self._open[-1:] == ["caption"]:
            self.tables[-1] = (data, self.tables[-1][1])
        elif self._open[-1:] in (["td"], ["th"]):
            self.tables[-1][1][-1][-1] += data

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    @property
    def said(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def csvs(self) -> list[list[dict[str, str]]]:
        found = (b64decode(code).decode("utf-8-sig") for code in EMBEDDED.findall(self.text))
        return [list(csv.DictReader(io.StringIO(text))) for text in found]
