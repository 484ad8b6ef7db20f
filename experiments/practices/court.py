"""At court: what is done about cases of the people carried."""

from experiments.practices.practice import Practice

ROWS: tuple[Practice, ...] = (
    Practice(
        "Sessions for managed offenders", "court", ("at_court.sessions.every_weeks",), "managed-sessions",
        "test_a_session_hears_cases_on_its_day_and_spares_adjournments", "case_days_managed", -12.2,
    ),
    Practice(
        "Premium service", "court", ("at_court.premium.saved_share",), "premium-service",
        "test_a_ready_file_brings_the_charge_forward", "charge_days_saved", 8900,
    ),
    Practice(
        "Reports before sentence", "court", ("at_court.reports.share",), "court-reports",
        "test_a_report_moves_sentences_from_custody_to_orders", "court_reports", 200,
    ),
)  # fmt: skip
