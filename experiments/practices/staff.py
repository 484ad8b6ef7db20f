"""Governance, staff and money over time, and what the police's minutes go to."""

from experiments.practices.practice import Practice

ROWS = (
    Practice(
        "Established partnerships", "staff",
        ("governance.habits", "governance.months_together", "governance.settling_months",
         "governance.news_delay_at_outset", "governance.attendance_at_outset"),
        "young-partnership", "test_habits_grow_towards_settled_ones", "cases_put_off", 85,
    ),
    Practice(
        "Shared or contested leadership", "staff",
        ("governance.leadership", "governance.led_by", "governance.contested.attendance_share"),
        "contested-leadership", "test_contested_leadership_empties_chairs_and_slows_news",
        "cases_put_off", 312,
    ),
    Practice(
        "Agencies that take part", "staff", ("agencies.drug_treatment.iom_share",),
        "drug-workers-stay-away", "test_an_agency_without_time_hears_and_does_nothing",
        "contacts_made", -9000,
    ),
    Practice(
        "Time-limited funding", "staff",
        ("funding.ends", "funding.kept_share", "agencies.probation.funded_posts",
         "agencies.vcs.funded_posts"),
        "funding-ends", "test_posts_end_with_their_money_unless_kept", "contacts_made", -810,
    ),
    Practice(
        "Seconded posts", "staff",
        ("agencies.prison.seconded_posts", "funding.secondments_end", "funding.secondments_kept_share"),
        "secondment-ends", "test_seconded_staff_return_on_their_date", "minutes_lost", 64_500,
    ),
    Practice(
        "Staff turnover", "staff",
        ("turnover.leaving_per_year", "turnover.days_to_fill", "turnover.training_weeks",
         "turnover.training_speed_share"),
        "staff-turnover", "test_the_share_of_vacant_posts_is_that_of_the_rates", "vacancy_share", 0.050,
    ),
    Practice(
        "Pooled budgets", "staff",
        ("funding.pooled", "funding.pool_pays", "funding.pool_price_ratio", "turnover.leaving_per_year"),
        "pooled-budgets", "test_the_pool_buys_minutes_with_the_money_of_vacant_posts", "minutes_pooled",
        152_000,
    ),
    Practice(
        "The police's four roles", "staff",
        ("police_roles.sharing", "police_roles.order", "police_roles.weights.intelligence",
         "police_roles.intelligence_minutes_a_week", "police_roles.enforcement_minutes"),
        "police-roles", "test_minutes_set_aside_for_one_role_are_missing_in_another",
        "police_minutes_support", -178_000,
    ),
    Practice(
        "Assertive outreach", "staff",
        ("outreach.share", "outreach.by", "outreach.minutes", "outreach.within_days"),
        "outreach", "test_whoever_is_found_is_seen_and_has_an_appointment_tomorrow", "outreach_visits", 1950,
    ),
    Practice(
        "Proportionate visits", "staff",
        ("proportionality.unsupervised_visits_per_week", "contacts.intelligence_needed"),
        "proportionate-visits", "test_visits_without_a_ground_are_capped", "contacts_due", -1300,
    ),
    Practice(
        "Beat officers who know", "staff",
        ("beat.told", "beat.visits_per_week", "beat.briefing_minutes_a_week", "beat.trust_lost_share"),
        "beat-not-told", "test_beat_officers_call_only_if_nobody_told_them", "beat_visits", 1580,
    ),
)  # fmt: skip
