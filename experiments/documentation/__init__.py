"""The documentation: what its pages show of files and of declarations, put where they show it."""

from experiments.documentation.pages import DOCS, shown

__all__ = ["DOCS", "shown"]
