"""An area's own caseload: read from a CSV file, checked, summed up, and made a site file."""

from calibration.caseload.figures import figures
from calibration.caseload.fitting import Fitted, fitted, processes, targets
from calibration.caseload.reading import Caseload, read
from calibration.caseload.site_file import Setting, destination, parent_for, settings, site_of, text
from calibration.caseload.summary import beside, summary

__all__ = [
    "Caseload", "Fitted", "Setting", "beside", "destination", "figures", "fitted", "parent_for",
    "processes", "read", "settings", "site_of", "summary", "targets", "text",
]  # fmt: skip
