"""The contents: all that the report says of a study, put together once for the page and the workbook."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from experiments.differences import TWIN
from experiments.report.assumptions import changes, effects, mechanisms
from experiments.report.bands import bands
from experiments.report.break_even import pays
from experiments.report.figure import Figure
from experiments.report.lines import averted, minutes, wrong_bands
from experiments.report.money import money
from experiments.report.options import four_outcomes
from experiments.report.published import before_and_after
from experiments.report.reading import Reading
from experiments.report.staff import staff
from experiments.report.table import Table, differences, levels
from experiments.study import Study
from experiments.words import parts
from simulation import OUTCOMES, indicators
from simulation.ledger import PAYERS, SAVERS

CASELOAD = (
    "caseload_mean", "caseload_census", "entries", "band_red_share", "band_amber_share", "band_green_share",
    "band_blue_share",
)  # fmt: skip
WORK = (
    "contacts_due", "contacts_made", "contacts_missed", "contacts_expired", "contacts_struck_out",
    "joint_visits", "minutes_per_person_week", "contact_wait_days", "court_wait_days",
    *(name for name in OUTCOMES if name.startswith("wait_days_")),
)  # fmt: skip
NEWS = ("band_lag_days", "wrong_band_share", "lead_changes")
PAID = tuple(f"paid_by_{payer}_gbp" for payer in PAYERS)
SAVED = tuple(f"saved_by_{saver}_gbp" for saver in SAVERS)
#: Who gets what, as far as the model knows groups.
GROUPS = (
    *(f"{what}_{group}{end}" for group in indicators.GROUPS
      for what, end in (("caseload", "_share"), ("minutes_per_person_week", ""), ("committed_by", ""))),
    "missed_statutory_share", "missed_others_share", "caseload_ppo_share", "contact_minutes_wrong",
)  # fmt: skip
CRIME = (
    "committed_offences", "recorded_offences", "proven_offences", "severity_weighted_harm", "police_hours",
    "custody_days", "community_orders",
)  # fmt: skip
#: What was asked of partnerships, as far as a run can say it, and who works for it.
ASKED = (
    "ni16_recorded_sac", "cohort_ni18_reoffending_rate", "cohort_ni30_change", "ni40_effective_treatment",
    "cohort_expected_rate_12m", "cohort_observed_over_expected", "cohort_first_reoffence_days",
    "minutes_from_others", *(name for name in OUTCOMES if name.startswith("staff_minutes_")),
    "youth_minutes",
)  # fmt: skip

#: Sections that hold figures and tables, in the order of the page, by the ids of their headings.
HEADINGS = {
    "changed": "What was changed",
    "differences": "Differences",
    "money": "Money",
    "before": "What a before-and-after count would have said",
    "inside": "Bands, minutes, staff and news",
    "assumptions": "Assumptions",
}

Part = Figure | Table
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Contents:
    """The figures and tables of a report; what the study does not hold is ``None``."""

    reading: Reading
    changes: list[Table]
    four: Figure | None
    against_base: list[Table]
    against_parts: list[Table]
    against_twin: list[Table]
    averted: Figure | None
    money: Table | None
    pays: Table | None
    payers: Table | None
    savers: Table | None
    crime: Table | None
    before_and_after: Figure | None
    bands: Figure | None
    caseload: Table | None
    minutes: Figure | None
    work: Table | None
    staff: Figure | None
    wrong_bands: Figure | None
    news: Table | None
    groups: Table | None
    asked: Table | None
    effects: Table
    mechanisms: Table | None

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Yield every table with the heading it stands under, in the order of the page."""
        parts: dict[str, list[Part | None]] = {
            "changed": [*self.changes],
            "differences": [
                self.four, *self.against_base, *self.against_parts, *self.against_twin, self.averted,
            ],
            "money": [self.money, self.pays, self.payers, self.savers, self.crime],
            "before": [self.before_and_after],
            "inside": [
                self.bands, self.caseload, self.minutes, self.work, self.staff, self.wrong_bands, self.news,
                self.groups, self.asked,
            ],
            "assumptions": [self.effects, self.mechanisms],
        }  # fmt: skip
        for section, found in parts.items():
            for part in found:
                if part is not None:
                    yield HEADINGS[section], part.table if isinstance(part, Figure) else part


def gather(study: Study) -> Contents:
    """Return the contents of a study's report."""
    reading = Reading(study)
    return Contents(
        reading=reading,
        changes=changes(reading),
        four=four_outcomes(reading),
        against_base=_present(differences(reading, name, reading.base) for name in reading.options),
        against_parts=_present(
            differences(reading, name, part)
            for name in reading.options
            for part in parts(reading.study.differences, name, reading.study.scenarios)
        ),
        against_twin=_present(differences(reading, name, TWIN) for name in reading.scenarios),
        averted=averted(reading),
        money=money(reading),
        pays=pays(reading),
        payers=levels(reading, PAID, "Who pays"),
        savers=levels(reading, SAVED, "Who saves, against no IOM; below zero it costs them more"),
        crime=levels(reading, CRIME, "Crime committed, recorded and proven, and what it takes", twin=True),
        before_and_after=before_and_after(reading),
        bands=bands(reading),
        caseload=levels(reading, CASELOAD, "Caseload"),
        minutes=minutes(reading),
        work=levels(reading, WORK, "Contacts and waits"),
        staff=staff(reading),
        wrong_bands=wrong_bands(reading),
        news=levels(reading, NEWS, "News and bands"),
        groups=levels(reading, GROUPS, "Who gets what; ethnicity is not in the model"),
        asked=levels(reading, ASKED, "National indicators, reoffending, and minutes worked", twin=True),
        effects=effects(reading),
        mechanisms=mechanisms(reading),
    )


def _present(found: Iterable[Kind | None]) -> list[Kind]:
    return [one for one in found if one is not None]
