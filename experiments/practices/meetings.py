"""Meetings, agendas, plans and leads."""

from experiments.practices.practice import Practice

PAGE = "meetings"
ROWS = (
    Practice(
        "Meetings", PAGE, ("meetings.*.purposes", "meetings.*.opening_minutes", "meetings.*.travel_minutes"),
        "one-meeting", "test_merging_saves_the_opening_and_a_full_agenda_drops_cases", "meeting_minutes",
        -1564,
    ),
    Practice(
        "Attendance at meetings", PAGE, ("meetings.*.attendance_share", "meetings.*.attending"),
        "empty-chairs", "test_absent_agencies_give_no_minutes_bring_no_news_and_take_no_actions",
        "meeting_minutes", -16_600,
    ),
    Practice(
        "Sharing news at meetings", PAGE, ("meetings.*.purposes", "meetings.*.attending"),
        "shared-tasking", "test_what_an_agency_knows_is_told_at_the_meeting", "news_shared", 107,
    ),
    Practice(
        "Actions", PAGE, ("meetings.*.action_share", "meetings.*.action_days", "actions.lapse_days"),
        "meeting-actions", "test_actions_are_raised_by_their_chance", "actions_raised", 782,
    ),
    Practice(
        "Agendas and diaries", PAGE, ("meetings.*.agenda_minutes", "meetings.*.order"),
        "short-agendas", "test_a_longer_agenda_never_lengthens_the_wait_for_a_review", "review_age_days", 9.7,
    ),
    Practice(
        "What falls off an agenda", PAGE, ("meetings.*.left_over_first",),
        "left-over-first", "test_what_fell_off_comes_first_by_rule", "band_lag_days", 0.0,
    ),
    Practice(
        "ASPIRE", PAGE, ("aspire.plan_within_days", "aspire.assessment_contacts", "aspire.plan_minutes"),
        "plans-in-a-week", "test_a_nearer_deadline_brings_plans_sooner", "plan_days", -8.7,
    ),
    Practice(
        "Lead professional", PAGE, ("leads.most_per_post", "leads.first", "leads.women", "leads.unhoused"),
        "shared-leads", "test_a_full_agency_keeps_whom_it_has_and_the_next_line_decides_on_the_others",
        "led_by_probation_share", -0.16,
    ),
    Practice(
        "Hand-over when supervision ends", PAGE,
        ("meetings.*.purposes", "leads.at_supervision_end", "leads.notice_days", "leads.prepared_loss_share"),
        "prepared-handover", "test_a_prepared_handover_takes_minutes_before_and_loses_less_trust",
        "handovers_prepared", 94,
    ),
)  # fmt: skip
