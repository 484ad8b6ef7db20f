"""Outcomes: a run counted up, as :mod:`simulation.reported` declares them.

People are counted from the decision date over the whole local pool, because options change who is
managed. ``cohort_`` outcomes describe those selected in the measured years, with follow-up for the rate
they name.
"""

import numpy as np
from numpy.typing import NDArray

from simulation import indicators
from simulation.bands import COLOURS
from simulation.calendar import DAYS_PER_YEAR, WEEK
from simulation.categories import NAMES as CATEGORIES
from simulation.co_location import AGENCIES
from simulation.costs import Costs
from simulation.indicators import per
from simulation.information import KINDS, SUBJECT, SUBJECTS
from simulation.ledger import ITEMS, PAYERS, account, police_hours, recorded_share
from simulation.model import IOMModel
from simulation.offences import NAMES as OFFENCES
from simulation.offences import by_kind
from simulation.police_roles import ROLES
from simulation.stays import REASONS

_SUMS = (
    "committed_offences", "proven_offences", "sac_offences", "sanctions", "arrests", "breaches",
    "crime_cost_gbp", "contacts_due", "contacts_made", "contacts_missed", "contacts_expired",
    "contacts_struck_out",
    "joint_visits", "lead_changes", "enforcements", "iom_cost_gbp", "ordinary_cost_gbp", "entries",
    "wrong_selections",
    "introductions", "introduction_minutes", *(f"exits_{why}" for why in REASONS),
    "handovers_prepared", "meeting_minutes", "cases_not_reached", "news_shared", "actions_raised",
    "desk_minutes", "news_lost", "look_ups",
    "staff_left", "handovers", "minutes_lost", "minutes_pooled", "time_limited_gbp", "cases_put_off",
    *(f"police_minutes_{role}" for role in ROLES),
    "enforcements_lapsed", "outreach_visits", "outreach_found", "beat_visits",
    "reminders", "warnings", "dropped_out", "re_engaged", "compacts_signed", "compact_visits",
    "prescriptions_stopped", "nightly_visits", "cautions", "cautions_broken", "managed_adjournments",
    "charge_days_saved", "court_reports", "custody_spared",
    "referrals", "programmes_completed", "programmes_dropped_out", "programmes_cut_short",
    "programmes_lapsed", "needs_met",
    "in_reach_visits", "in_reach_minutes", "assessed_inside", "release_plans_ready", "gate_meetings",
    "youth_minutes", "youth_moves", "youth_moves_prepared", "youth_fallen_out", "commissioned",
    "mentor_matches", "mentor_meetings",
    *(f"paid_by_{payer}_gbp" for payer in PAYERS), *(f"spent_on_{item}_gbp" for item in ITEMS),
)  # fmt: skip
_OF_WORLD = ("committed_offences", "proven_offences", "sac_offences", "sanctions", "arrests", "breaches",
             "crime_cost_gbp", "community_orders", *(f"proven_{kind}" for kind in OFFENCES))  # fmt: skip
_WEEKLY_OF_WORLD = _OF_WORLD[:7]
_WEEKLY = (*_WEEKLY_OF_WORLD, "caseload", *(f"caseload_{c}" for c in COLOURS), "wrong_bands", "contacts_made",
           "contacts_due", "contacts_expired", "contact_minutes", "entries", "exits")  # fmt: skip
_LEVELS = ("caseload", *(f"caseload_{c}" for c in COLOURS), "wrong_bands")


def world_outcomes(model: IOMModel, costs: Costs) -> dict[str, float]:
    """Return the outcomes that have a meaning with and without a partnership, at one scenario's costs."""
    measured = slice(model.measured_from, model.days)
    result = {name: float(model.recorder.daily(name)[measured].sum()) for name in _OF_WORLD}
    hearings = model.recorder.daily("hearings")[measured].sum()
    result["court_wait_days"] = per(model.recorder.daily("court_wait_days")[measured].sum(), hearings)
    offending = model.parameters.offending
    share, weight = recorded_share(offending), by_kind(costs.severity)
    committed = np.array([model.recorder.daily(f"committed_{kind}")[measured].sum() for kind in OFFENCES])
    result |= {f"committed_{kind}": float(n) for kind, n in zip(OFFENCES, committed, strict=True)}
    result |= {f"recorded_{kind}": float(n) for kind, n in zip(OFFENCES, committed * share, strict=True)}
    result["recorded_offences"] = float(committed @ share)
    result["severity_weighted_harm"] = float(committed @ weight)
    result["police_hours"] = float(police_hours(model.recorder, costs, offending)[measured].sum())
    result |= indicators.of_world(model)
    result["custody_days"] = float(model.recorder.daily("in_custody")[measured].sum())
    return result


def outcomes(model: IOMModel, twin: IOMModel) -> dict[str, float]:
    """Return every outcome of a run, and the twin's with ``twin_`` before it where it has a meaning."""
    costs = model.parameters.costs
    own, other = world_outcomes(model, costs), world_outcomes(twin, costs)
    result = own | _partnership_outcomes(model) | _cohort(model, twin)
    result |= {f"twin_{name}": value for name, value in other.items()}
    result["offences_averted"] = other["committed_offences"] - own["committed_offences"]
    result["proven_averted"] = other["proven_offences"] - own["proven_offences"]
    measured = slice(model.measured_from, model.days)
    result |= account(model.recorder, twin.recorder, costs, model.parameters.offending, measured)
    return result


def weekly(model: IOMModel) -> dict[str, NDArray[np.float64]]:
    """Return weekly series from ``start``: sums of counts, the last day of levels, shape ``(weeks,)``."""
    names = _WEEKLY if model.partnership is not None else _WEEKLY_OF_WORLD
    weeks = (model.days - model.measured_from) // WEEK
    result = {}
    for name in names:
        days = model.recorder.daily(name)[model.measured_from :][: weeks * WEEK].reshape(weeks, WEEK)
        result[name] = days[:, -1].copy() if name in _LEVELS else days.sum(axis=1)
    return result


def _partnership_outcomes(model: IOMModel) -> dict[str, float]:
    works = model.works
    measured = slice(model.measured_from, model.days)

    def daily(name: str) -> NDArray[np.float64]:
        return model.recorder.daily(name)[measured]

    result = {name: float(daily(name).sum()) for name in _SUMS}
    carried = daily("caseload").sum()
    census = min(model.calendar.day(model.parameters.census_date), model.days - 1)
    on_census = model.recorder.daily("caseload")[census]
    for what in ("statutory", "ppo"):
        result[f"caseload_{what}_share"] = per(model.recorder.daily(f"caseload_{what}")[census], on_census)
    result["caseload_census"] = float(on_census)
    result["caseload_mean"] = float(daily("caseload").mean())
    result["ever_managed"] = float(np.isfinite(works.caseload.first_entered).sum())
    result["trust_mean"] = per(daily("trust").sum(), carried)
    result["motivation_mean"] = per(daily("motivation").sum(), carried)
    result |= _news_lags(model)
    result |= indicators.of_partnership(model)
    result["wrong_band_share"] = per(daily("wrong_bands").sum(), carried)
    result["vacancy_share"] = per(daily("posts_vacant").sum(), daily("posts_in_force").sum())
    result["band_lag_days"] = per(daily("band_lag_days").sum(), daily("bands_righted").sum())
    result["minutes_per_person_week"] = per(daily("contact_minutes").sum() * WEEK, carried)
    for status in ("statutory", "others"):
        missed, asked = daily(f"missed_{status}").sum(), daily(f"appointments_{status}").sum()
        result[f"missed_{status}_share"] = per(missed, asked)
    cases = daily("managed_cases").sum()
    result["case_days_managed"] = per(daily("managed_case_days").sum(), cases)
    in_community = carried - daily("caseload_blue").sum()
    result["review_age_days"] = per(daily("review_days").sum(), in_community)
    result["plan_days"] = per(daily("plan_days").sum(), daily("plans_made").sum())
    in_time = daily("plans_in_time").sum()
    result["plans_in_time_share"] = per(in_time, in_time + daily("plans_late").sum())
    ended_actions = daily("actions_done").sum() + daily("actions_lapsed").sum()
    result["actions_done_in_time_share"] = per(daily("actions_in_time").sum(), ended_actions)
    # Those that expired, and those still waiting, have waited too.
    waiting = works.contacts.waiting_days(model.days)
    waited = daily("contact_wait_days").sum() + daily("expired_wait_days").sum() + waiting.sum()
    ended = sum(daily(name).sum() for name in ("contacts_made", "contacts_missed", "contacts_expired"))
    result["contact_wait_days"] = per(waited, ended + len(waiting))
    result["release_gap_days"] = per(daily("release_gap_days").sum(), daily("releases_followed").sum())
    result["youth_led_mean"] = float(daily("youth_days").mean())
    for colour in COLOURS[:4]:
        result[f"band_{colour}_share"] = per(daily(f"caseload_{colour}").sum(), carried)
    for agency in AGENCIES:
        used, opened = daily(f"minutes_used_{agency}").sum(), daily(f"minutes_open_{agency}").sum()
        result[f"utilisation_{agency}"] = per(used, opened)
        result[f"staff_minutes_{agency}"] = float(used)
        result[f"led_by_{agency}_share"] = per(daily(f"led_by_{agency}").sum(), carried)
    for pathway, (days, number) in works.pathways.waited(model.days, model.measured_from).items():
        result[f"wait_days_{pathway}"] = per(days, number)
    rows = works.caseload.rows()
    needed = model.world.course.score[rows] > 0
    result["needs_known_share"] = per((needed & works.pathways.known[rows]).sum(), needed.sum())
    cells = works.choosing.stays.quick_exits(model.measured_from, model.days)
    came_at_all, left_soon = (sum(part) for part in zip(*cells.values(), strict=True))
    result["deselected_within_30_days_share"] = per(left_soon, came_at_all)
    for cell, (came, left) in cells.items():
        result[f"deselected_within_30_days_{cell}_share"] = per(left, came)
    result["introduction_wait_days"] = per(daily("introduction_wait_days").sum(), result["introductions"])
    for name in CATEGORIES:
        result[f"category_{name}_mean"] = float(daily(f"category_{name}").mean())
    return result


def _news_lags(model: IOMModel) -> dict[str, float]:
    """Return the mean days from what happens to people carried to the team's knowing, by kind and in all."""
    measured = slice(model.measured_from, model.days)
    still = model.works.awareness.news.outstanding
    still = still[still["ours"]]
    about = np.array([SUBJECTS.index(SUBJECT[kind]) for kind in KINDS])[still["kind"]]
    days, pieces = np.zeros((2, len(SUBJECTS)))
    for place, what in enumerate(SUBJECTS):
        waited = model.days - still["time"][about == place]
        days[place] = model.recorder.daily(f"news_lag_{what}")[measured].sum() + waited.sum()
        pieces[place] = model.recorder.daily(f"news_{what}")[measured].sum() + len(waited)
    each = zip(SUBJECTS, days, pieces, strict=True)
    lags = {f"news_lag_{what}_days": per(total, number) for what, total, number in each}
    return lags | {"news_lag_days": per(days.sum(), pieces.sum())}


def _cohort(model: IOMModel, twin: IOMModel) -> dict[str, float]:
    """Describe those first selected in the measured years: their record, and a year on from selection."""
    works = model.works
    first = works.caseload.first_entered
    records = works.choosing.at_selection
    chosen = np.flatnonzero((first >= model.measured_from) & np.isfinite(first))
    result = {
        f"cohort_{name}_mean": per(values[chosen].sum(), len(chosen)) for name, values in records.items()
    }
    # Whoever leaves the area within the year cannot be followed.
    stays = model.world.record.leaves > first + DAYS_PER_YEAR
    followed = chosen[(first[chosen] + DAYS_PER_YEAR < model.days) & stays[chosen]]
    for prefix, run in (("", model), ("twin_", twin)):
        offences = _in_window(run.world.justice.proven, followed, first, 0.0, DAYS_PER_YEAR)
        result[f"{prefix}cohort_reoffending_rate_12m"] = per((offences > 0).sum(), len(followed))
        result[f"{prefix}cohort_occasions_per_person_year"] = per(offences.sum(), len(followed))
        result |= {f"{prefix}{name}": v for name, v in indicators.of_people(model, run, followed).items()}
        dates = _sanction_dates(run)
        after = _in_window(dates, followed, first, 0.0, DAYS_PER_YEAR)
        before = _in_window(dates, followed, first, -DAYS_PER_YEAR, 0.0)
        result[f"{prefix}before_after_change"] = per(after.sum(), before.sum()) - 1
    result["cohort_expected_rate_12m"] = expected = indicators.expected(model, followed)
    for prefix in ("", "twin_"):
        observed = result[f"{prefix}cohort_reoffending_rate_12m"]
        result[f"{prefix}cohort_observed_over_expected"] = per(observed, expected)
    return result


def _sanction_dates(model: IOMModel) -> list[tuple[int, float]]:
    """Return every sanction on record as person and day, those before the run among them."""
    careers = model.world.careers
    earlier = zip(careers.history_person.tolist(), careers.history_day.tolist(), strict=True)
    return [*earlier, *((person, day) for person, day, _, _ in model.world.justice.sanctions)]


def _in_window(
    dates: list[tuple[int, float]],
    who: NDArray[np.int64],
    first: NDArray[np.float64],
    since: float,
    until: float,
) -> NDArray[np.float64]:
    """Count people's dates in a window around their first selection, shape ``(n,)``."""
    person = np.array([row[0] for row in dates], dtype=np.int64)
    day = np.array([row[1] for row in dates], dtype=float)
    inside = (day >= first[person] + since) & (day < first[person] + until)
    return np.bincount(person[inside], minlength=len(first)).astype(float)[who]
