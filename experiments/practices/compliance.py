"""Compliance: what is done so that people come, and what follows when they do not."""

from experiments.practices.practice import Practice

_DROP = "Dropping out and coming back"

ROWS: tuple[Practice, ...] = (
    Practice(
        "Reminders", "compliance", ("compliance.reminders.share", "compliance.reminders.minutes"),
        "reminders", "test_a_reminder_takes_minutes_and_lifts_its_own_appointment", "contacts_missed", -914,
    ),
    Practice(
        "Warnings", "compliance", ("enforcement.warns", "enforcement.warning_minutes"), "warnings",
        "test_nobody_is_proceeded_against_without_a_warning", "warnings", 350,
    ),
    Practice(
        "Breach and recall", "compliance", ("enforcement.acted_share", "enforcement.days_to_action"),
        "swift-enforcement", "test_more_runs_acted_on_return_more_people_to_custody", "enforcements", 31,
    ),
    Practice(
        _DROP, "compliance", ("compliance.drop_out.after_missed",), "giving-up",
        "test_the_team_stops_trying_with_those_whom_nothing_obliges", "dropped_out", 105,
    ),
    Practice(
        _DROP, "compliance", ("compliance.drop_out.after_missed", "outreach.share"), "giving-up-outreach",
        "test_whoever_goes_out_brings_people_back", "re_engaged", 88,
    ),
    Practice(
        "Compact", "compliance", ("compliance.compact.used",), "compact",
        "test_a_lapse_of_a_signatory_brings_a_visit", "compacts_signed", 86,
    ),
    Practice(
        "Rapid prescribing", "compliance", ("pathways.programmes.drugs.fast_track",), "rapid-prescribing",
        "test_whoever_goes_ahead_is_served_first", "wait_days_drugs", -31,
    ),
    Practice(
        "Sanctions", "compliance", ("compliance.sanctions.share",), "stopped-prescriptions",
        "test_a_stopped_prescription_brings_people_back_and_costs_trust", "prescriptions_stopped", 635,
    ),
    Practice(
        "Conditional cautions", "compliance", ("at_court.cautions.share",), "conditional-cautions",
        "test_conditions_kept_end_a_case_and_conditions_broken_do_not", "cautions", 38,
    ),
    Practice(
        "Nightly visits", "compliance", ("compliance.nightly.days", "compliance.nightly.by"),
        "nightly-visits", "test_visits_are_owed_every_working_day_for_some_days_after_a_release",
        "nightly_visits", 1970,
    ),
)  # fmt: skip
