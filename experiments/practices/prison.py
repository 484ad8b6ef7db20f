"""What is done inside, before and on the day of release."""

from experiments.practices.practice import Practice

PAGE = "prison"
ROWS: tuple[Practice, ...] = (
    Practice(
        "In-reach", PAGE, ("contacts.blue.prison_per_week", "contacts.blue.drug_treatment_per_week"),
        "in-reach", "test_a_fuller_plan_inside_asks_for_more_visits", "utilisation_prison", 0.30,
    ),
    Practice(
        "Seconded prison officer", PAGE, ("agencies.prison.officers", "agencies.prison.seconded_posts"),
        "one-officer-inside", "test_one_officer_has_no_minutes_for_what_three_do", "utilisation_prison", 0.72,
    ),
    Practice(
        "Short-sentence assessment", PAGE,
        ("in_reach.short_sentences", "in_reach.assessed_by", "in_reach.assessment_minutes"),
        "short-sentence-assessments", "test_short_sentences_alone_are_assessed_inside", "assessed_inside",
        242,
    ),
    Practice(
        "Release planning", PAGE,
        ("release_plans.notice_days", "release_plans.by", "release_plans.minutes"),
        "release-plans", "test_a_plan_that_is_ready_brings_contact_and_referrals_forward",
        "release_gap_days", -3.0,
    ),
    Practice(
        "Joint prison visits", PAGE,
        ("in_reach.reception_visits", "in_reach.booking_minutes", "in_reach.tried_days"),
        "joint-prison-visits", "test_together_a_visit_is_booked_and_the_story_told_once", "in_reach_minutes",
        42_500,
    ),
    Practice(
        "Next-day prison visits", PAGE, ("in_reach.booked_days", "in_reach.reception_visits"),
        "next-day-prison-visits", "test_visits_come_so_many_days_after_the_news", "in_reach_visits", 325,
    ),
    Practice(
        "Through the gate", PAGE,
        ("gate.share", "gate.by", "gate.minutes", "gate.travel_minutes", "gate.attendance_log_odds",
         "gate.for_days"),
        "met-at-the-gate", "test_whoever_is_met_comes_to_more_appointments_for_a_time", "gate_meetings", 88,
    ),
    Practice(
        "Distance of the prison", PAGE, ("distance.far_share", "distance.far_travel_minutes"),
        "prison-far-away", "test_distance_takes_travel_so_that_fewer_visits_fit", "utilisation_prison", 0.14,
    ),
)  # fmt: skip
