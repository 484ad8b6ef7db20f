"""The glossary: its terms, and links to them from what the code calls things."""

import re
from functools import cache
from pathlib import Path

GLOSSARY = Path(__file__).parent.parent.parent / "docs" / "glossary.md"
_ENTRY = re.compile(r'^- <a id="([\w-]+)"></a>((?:\*\*[^*]+\*\*(?:, )?)+):', re.MULTILINE)


@cache
def terms() -> dict[str, str]:
    """Return the anchor of every term; an entry may be about several."""
    found = _ENTRY.findall(GLOSSARY.read_text(encoding="utf-8"))
    return {term: anchor for anchor, several in found for term in re.findall(r"\*\*([^*]+)\*\*", several)}


def linked(text: str) -> str:
    """Return a text in which the first use of every term links to the glossary beside the page."""
    anchors = {term.lower(): anchor for term, anchor in terms().items()}
    used: set[str] = set()

    def link(word: re.Match[str]) -> str:
        anchor = anchors[word[1].lower()]
        if anchor in used:
            return word[0]
        used.add(anchor)
        return f"[{word[0]}](glossary.md#{anchor})"

    return _any().sub(link, text)


@cache
def _any() -> re.Pattern[str]:
    """Return the pattern of any term, in one or more; a longer one goes before a shorter one."""
    longest = sorted(map(re.escape, terms()), key=len, reverse=True)
    return re.compile(rf"(?i)\b({'|'.join(longest)})(?:s|es)?\b")
