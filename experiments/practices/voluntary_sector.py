"""The voluntary sector: its workers, its contracts, its volunteers and small supports."""

from experiments.practices.practice import Practice

PAGE = "voluntary_sector"
ROWS: tuple[Practice, ...] = (
    Practice(
        "Capacity of the voluntary sector", PAGE, ("agencies.vcs.workers",), "more-voluntary-workers",
        "test_workers_beyond_the_work_there_is_make_no_more_contacts", "utilisation_vcs", -0.18,
    ),
    Practice(
        "Commissioning", PAGE,
        ("commissioning.people_per_year", "commissioning.weeks", "commissioning.hours_a_place",
         "commissioning.contacts_per_week", "commissioning.gbp_a_place"),
        "commissioned-case-managers", "test_a_contract_takes_no_more_people_than_its_year_has_places",
        "led_by_vcs_share", 0.17,
    ),
    Practice(
        "Mentoring", PAGE,
        ("mentoring.mentors", "mentoring.referred_share", "mentoring.matching_days", "mentoring.weeks",
         "mentoring.leaving_per_year", "mentoring.raised_by_meeting"),
        "mentors", "test_meetings_with_a_mentor_raise_motivation", "mentor_meetings", 640,
    ),
    Practice(
        "Small supports", PAGE,
        ("supports.share", "supports.weeks", "supports.gbp_a_week", "supports.attendance_log_odds"),
        "small-supports", "test_small_supports_lift_attendance_as_long_as_they_are_given",
        "programmes_dropped_out", -28,
    ),
)  # fmt: skip
