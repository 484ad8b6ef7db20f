"""Eras: rules of another year, under which a practice of 2009 works otherwise."""

from experiments.practices.practice import Practice

_SHORT = "Supervision after short sentences"

ROWS: tuple[Practice, ...] = (
    Practice(
        _SHORT, "eras", ("sentencing.top_up_months", "sentencing.top_up_below_months"), "era-2015",
        "test_shorter_sentences_are_topped_up_to_twelve_months_of_supervision",
        "caseload_statutory_share", 0.16,
    ),
    Practice(
        "The end of appointments, and tiers", "eras", ("sentencing.final_share", "response.tiers.high"),
        "era-2024", "test_in_the_last_part_of_a_supervision_nobody_has_to_come", "ordinary_cost_gbp", 53_000,
    ),
    Practice(
        _SHORT, "eras", ("sentencing.top_up_months", "sentencing.served_share"), "era-2026",
        "test_earlier_release_shortens_custody_and_lengthens_the_licence", "caseload_statutory_share", 0.16,
    ),
)  # fmt: skip
