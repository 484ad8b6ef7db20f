"""The youth offending team and the move to adult services."""

from experiments.practices.practice import Practice

PAGE = "young_people"
ROWS: tuple[Practice, ...] = (
    Practice(
        "Youth offending team", PAGE,
        ("youth.workers", "youth.minutes_a_day", "youth.contact_minutes", "youth.cost_gbp_a_year"),
        "youth-team", "test_the_team_keeps_the_appointments_of_the_young_from_its_own_diary", "iom_cost_gbp",
        76_000,
    ),
    Practice(
        "Transfer at 18", PAGE, ("youth.until_age_years", "youth.falls_out_share", "youth.out_weeks"),
        "youth-team-until-21", "test_an_unprepared_move_costs_trust_and_some_fall_out", "youth_moves", 12,
    ),
    Practice(
        "Case conferencing", PAGE,
        ("youth.conference_notice_days", "youth.conference_minutes", "youth.prepared_falls_out_share"),
        "transfer-conferences", "test_a_conference_prepares_the_move_and_takes_both_teams_minutes",
        "youth_moves_prepared", 11,
    ),
)  # fmt: skip
