"""The report: one HTML file that says what a study found, how sure that is, and how to make it again."""

from experiments.report.page import WORKBOOK, write
from experiments.report.play import PAGE

__all__ = ["PAGE", "WORKBOOK", "write"]
