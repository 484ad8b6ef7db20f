"""Evidence: every number with its source, and what it informs."""

from calibration.evidence.citations import Stated, built_in, cited, informed, set_by_sites
from calibration.evidence.register import Evidence, Source, register, sources

__all__ = [
    "Evidence", "Source", "Stated", "built_in", "cited", "informed", "register", "set_by_sites", "sources",
]  # fmt: skip
