"""Write what is declared, and what commands wrote, into all pages; draw the picture of the house."""

from pathlib import Path

from experiments.documentation.house import ROOT
from experiments.documentation.pages import DOCS, shown
from experiments.documentation.picture import PICTURE, drawn


def pages() -> list[Path]:
    """Return all pages: those of the documentation, and those at the door."""
    return [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]


def main() -> None:
    """Write the picture and all pages."""
    PICTURE.write_text(drawn(), encoding="utf-8")
    for page in pages():
        page.write_text(shown(page), encoding="utf-8")


if __name__ == "__main__":
    main()
