"""Who is managed: whom the scheme is for, first contact, selection, leaving."""

from experiments.practices.practice import Practice

_SCOPE = ("Scope and categories", "who")
_FIRST = ("First contact", "who")
_SELECTION = ("Selection", "who")
_LEAVING = ("Leaving", "who")

ROWS: tuple[Practice, ...] = (
    Practice(
        *_SCOPE, ("categories.young_adults.used", "categories.young_adults.contact_share"),
        "lighter-young-adults", "test_a_lighter_category_is_planned_fewer_contacts", "contacts_due", -6100,
    ),
    Practice(
        *_SCOPE, ("categories.women.used", "categories.women.points"), "women-cohort",
        "test_points_of_a_category_lift_its_people", "category_women_mean", 30,
    ),
    Practice(
        *_SCOPE, ("categories.non_statutory.used", "categories.general.supervision"), "statutory-only",
        "test_whoever_is_of_no_category_is_not_carried", "caseload_mean", -102,
    ),
    Practice(
        *_FIRST, ("first_contact.in_community", "first_contact.in_prison", "first_contact.in_cells"),
        "single-introductions", "test_a_joint_introduction_takes_more_time_and_builds_more_trust",
        "introduction_minutes", -25_800,
    ),
    Practice(
        *_FIRST, ("first_contact.in_community",), "letters",
        "test_a_letter_takes_less_time_than_a_visit_and_costs_trust", "introduction_minutes", -52_000,
    ),
    Practice(
        *_SELECTION, ("cohort.weights.intelligence",), "intelligence-led",
        "test_false_reports_lift_scores_until_contact_refutes_them", "wrong_selections", 90,
    ),
    Practice(
        *_SELECTION, ("cohort.weights.serious_acquisitive",), "acquisitive-first",
        "test_news_and_records_say_how_much_was_serious_acquisitive_crime", "caseload_mean", 90,
    ),
    Practice(
        *_LEAVING, ("cohort.leaving.below_exit_days", "cohort.leaving.steps_down"), "graduated-exit",
        "test_people_step_down_before_they_leave", "caseload_mean", 85,
    ),
    Practice(
        *_LEAVING, ("cohort.leaving.recalled_leave",), "recalled-leave",
        "test_recalled_people_leave_and_come_back_on_release", "exits_recalled", 35,
    ),
    Practice(
        *_LEAVING, ("cohort.leaving.misled_leave", "cohort.leaving.other_scheme_share"), "quick-exits",
        "test_people_taken_on_by_mistake_leave_once_it_is_known", "deselected_within_30_days_share", 0.073,
    ),
    Practice(
        *_LEAVING, ("cohort.leaving.dormant_minutes_a_week",), "watched-dormant-list",
        "test_a_watched_dormant_list_takes_police_minutes", "utilisation_police", 0.05,
    ),
)  # fmt: skip
