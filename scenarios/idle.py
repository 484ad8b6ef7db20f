"""When a key is not looked at: rules, each of which is tested by running the model."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from scenarios.problem import echo
from simulation import Parameters
from simulation.co_location import AGENCIES, Together


class Rule(NamedTuple):
    """When a key is not looked at, or not wholly.

    ``tell`` is given the parameters and what the stars of ``keys`` stand for; it returns what a user should
    know, or nothing where the key works.
    """

    keys: str
    tell: Callable[..., str]


def _while(key: str, value: Any, *idle: Any) -> str:
    shown = value if isinstance(value, str) else echo(value)
    return f"changes nothing while {key} is {shown}" if value in idle else ""


def _apart(p: Parameters, team: str) -> str:
    return _while(f"teams.{team}.co_location.form", p.teams[team].co_location.form, "none")


def _members(p: Parameters, team: str) -> str:
    own = p.teams[team].co_location
    closed = p.forms.of(own.form).vetted_only
    outside = [agency for agency in own.members if closed and agency not in own.vetted]
    if outside:
        return f"leaves {', '.join(outside)} outside: {own.form} is for agencies in co_location.vetted only"
    return _apart(p, team)


def _time_share(p: Parameters, team: str) -> str:
    own = p.teams[team].co_location
    most = p.forms.of(own.form).most_time_share
    if own.time_share > most:
        return f"counts for {most:g} and no more, which is the most that {own.form} allows"
    return _apart(p, team)


def _vetted(p: Parameters, team: str) -> str:
    form = p.teams[team].co_location.form
    closed = p.forms.of(form).vetted_only
    return _apart(p, team) or ("" if closed else f"changes nothing while {form} is open to unvetted staff")


def _form(p: Parameters, form: str, _: str) -> str:
    shared = any(team.co_location.form == form != "none" for team in p.teams.values())
    return "" if shared else f"changes nothing while nobody shares a place in the form {form}"


def _joint(p: Parameters) -> str:
    together = [Together(team.co_location, p.forms) for team in p.teams.values()]
    visits = any({"police", "probation"} <= set(t.members) and t.form.joint_visits for t in together)
    return "" if visits else "changes nothing while police and probation of no team can visit together"


def _same_day(p: Parameters) -> str:
    surgery = any(Together(team.co_location, p.forms).surgery_weekday >= 0 for team in p.teams.values())
    apart = _joint(p)
    return f"{apart} and no team has a surgery" if apart and not surgery else ""


def _agency(p: Parameters, agency: str, what: str) -> str:
    # Ordinary supervision is costed by what probation's contacts take, IOM or not.
    if agency == "probation" or what in ("officers", "workers") or getattr(p.agencies, agency).posts:
        return ""
    return f"changes nothing while agencies.{agency} has no posts"


def _contact(p: Parameters, band: str, who: str) -> str:
    agency = "police" if who == "disruption" else who
    return "" if getattr(p.agencies, agency).posts else f"only lapses while agencies.{agency} has no posts"


def _size(p: Parameters) -> str:
    return _while("response.log_odds_per_hour", p.response.log_odds_per_hour, 0)


def _shape(p: Parameters, *idle: str) -> str:
    return _while("response.shape", p.response.shape, *idle)


def _acted(p: Parameters) -> str:
    return _while("enforcement.acted_share", p.enforcement.acted_share, 0)


def _unless(key: str, works: bool) -> str:
    return "" if works else f"changes nothing while {key}"


def _category(p: Parameters, name: str, what: str) -> str:
    return _unless(f"categories.{name}.used is false", getattr(p.categories, name).used or what == "used")


def _access(p: Parameters, record: str) -> str:
    return _unless(f"systems.{record}.read_by is empty", bool(getattr(p.systems, record).read_by))


def _shared(p: Parameters, what: str) -> str:
    return _unless(
        "systems.shared_record.members is empty", what == "members" or bool(p.systems.shared_record.members)
    )


def _no_protocol(p: Parameters) -> str:
    return _unless(
        "every agency has signed information.protocol", set(AGENCIES) > set(p.information.protocol)
    )


def _leading(p: Parameters, way: str, _: str) -> str:
    return _unless(f"governance.leadership is {p.governance.leadership}", p.governance.leadership == way)


def _settled(p: Parameters) -> str:
    return _while("governance.habits", p.governance.habits, "settled")


def _pool(p: Parameters) -> str:
    return _unless("funding.pooled is empty", bool(p.funding.pooled))


def _order(p: Parameters, meeting: str) -> str:
    return _while(f"meetings.{meeting}.order", p.meetings[meeting].order, "turn")


def _actions(p: Parameters, meeting: str) -> str:
    return _while(f"meetings.{meeting}.action_share", p.meetings[meeting].action_share, 0)


def _counted(p: Parameters) -> str:
    return "" if p.enforcement.warns else _acted(p)


def _at_rest(group: str, switch: str, *keys: str) -> tuple[Rule, ...]:
    """Return rules of a group's keys, all others or some, that nothing looks at while a switch is off."""

    def tell(p: Parameters, key: str = "") -> str:
        value: Any = p
        for name in (*group.split("."), switch):
            value = getattr(value, name)
        return "" if key == switch else _while(f"{group}.{switch}", value, 0)

    return tuple(Rule(f"{group}.{key}", tell) for key in keys or ("*",))


def _in_reach(p: Parameters, key: str) -> str:
    if key.startswith("assess"):
        return _while("in_reach.short_sentences", p.in_reach.short_sentences, False)
    visits = key in ("booked_days", "booking_minutes", "tried_days")
    return _while("in_reach.reception_visits", p.in_reach.reception_visits, "none") if visits else ""


def _youth(p: Parameters, key: str) -> str:
    if key != "workers" and not p.youth.workers:
        return _while("youth.workers", p.youth.workers, 0)
    prepared = key in ("conference_minutes", "prepared_falls_out_share")
    return _while("youth.conference_notice_days", p.youth.conference_notice_days, 0) if prepared else ""


def _weights(p: Parameters, _: str) -> str:
    return _while("police_roles.sharing", p.police_roles.sharing, "urgency", "order")


def _briefed(p: Parameters) -> str:
    return _while("beat.told", p.beat.told, "tasking", "briefing")


def _introduced(p: Parameters, *ways: str) -> str:
    first = p.first_contact
    used = {first.in_prison, first.in_cells, first.in_community}
    return _unless(f"nobody is told by {' or '.join(ways).replace('_', ' ')}", not used.isdisjoint(ways))


def _ends(p: Parameters, posts: str) -> str:
    some = any(getattr(getattr(p.agencies, name), posts) for name in AGENCIES)
    return _unless(f"no agency has {posts} posts", some)


def _contract(p: Parameters, key: str) -> str:
    rules = p.commissioning
    if key != "people_per_year" and not rules.people_per_year:
        return _while("commissioning.people_per_year", rules.people_per_year, 0)
    bands = (p.contacts.red, p.contacts.amber, p.contacts.green, p.contacts.blue)
    lifted = [band for band in bands if 0 < band.vcs_per_week < rules.contacts_per_week]
    return _unless("no band's plan asks for fewer", key != "contacts_per_week" or bool(lifted))


def _lots(p: Parameters, _: str) -> str:
    lots = p.cohort.lots
    return "leaves nobody to be managed: no lot lies between the two" if lots.lowest == lots.highest else ""


RULES = (
    Rule("categories.*.*", _category),
    Rule("systems.shared_record.*", _shared),
    *_at_rest("systems.desk", "officers"),
    Rule("systems.*_record.read_days", lambda p, record: _access(p, f"{record}_record")),
    Rule("information.without_protocol", _no_protocol),
    Rule("information.without_protocol_days", _no_protocol),
    *_at_rest("turnover", "leaving_per_year"),
    Rule(
        "first_contact.cells_days",
        lambda p: _while("first_contact.in_cells", p.first_contact.in_cells, "none"),
    ),
    Rule("first_contact.letter_*", lambda p, _: _introduced(p, "letter")),
    Rule("first_contact.trust_by_letter", lambda p: _introduced(p, "letter")),
    Rule("first_contact.preparation_minutes", lambda p: _introduced(p, "visit", "joint_visit")),
    Rule("first_contact.again_days", lambda p: _introduced(p, "visit", "joint_visit")),
    Rule("first_contact.trust_by_visit", lambda p: _introduced(p, "visit", "joint_visit")),
    Rule("first_contact.joint_wait_days", lambda p: _introduced(p, "joint_visit")),
    Rule("first_contact.trust_by_joint_visit", lambda p: _introduced(p, "joint_visit")),
    Rule("police_roles.order", lambda p: _while("police_roles.sharing", p.police_roles.sharing, "urgency")),
    Rule("police_roles.weights.*", _weights),
    *_at_rest("police_roles", "enforcement_minutes", "enforcement_lapses_days"),
    Rule("beat.briefing_minutes_a_week", lambda p: _while("beat.told", p.beat.told, "tasking", "nobody")),
    Rule("beat.visits_per_week", _briefed),
    Rule("beat.trust_lost_share", _briefed),
    Rule("funding.kept_share", lambda p: _ends(p, "funded")),
    Rule("funding.secondments_*", lambda p, _: _ends(p, "seconded")),
    Rule("governance.months_together", _settled),
    Rule("governance.settling_months", _settled),
    Rule("governance.news_delay_at_outset", _settled),
    Rule("governance.attendance_at_outset", _settled),
    Rule("governance.led_by", lambda p: _leading(p, "one_agency", "")),
    Rule("governance.*.*", _leading),
    Rule("funding.pool_pays", _pool),
    Rule("funding.pool_price_ratio", _pool),
    *_at_rest("cohort.leaving", "other_scheme_share", "other_scheme_days", "other_scheme_stay_days"),
    *_at_rest("outreach", "share"),
    Rule("cohort.lots.*", _lots),
    Rule("meetings.*.left_over_first", _order),
    Rule("meetings.*.action_days", _actions),
    Rule("cohort.ceiling", lambda p: _while("cohort.sizing", p.cohort.sizing, "threat")),
    Rule("teams.*.co_location.members", _members),
    Rule("teams.*.co_location.time_share", _time_share),
    Rule("teams.*.co_location.vetted", _vetted),
    Rule("forms.*.*", _form),
    Rule("contacts.joint_wait_days", _joint),
    Rule("engagement.same_day", _same_day),
    Rule("agencies.*.*", _agency),
    Rule("contacts.*.*_per_week", _contact),
    Rule("response.shape", _size),
    Rule("response.saturation_hours", lambda p: _size(p) or _shape(p, "linear", "threshold")),
    Rule("response.threshold_hours", lambda p: _size(p) or _shape(p, "linear", "saturating")),
    Rule("enforcement.missed_before_action", _counted),
    Rule("enforcement.window_days", _counted),
    Rule("enforcement.excused_share", _counted),
    Rule("enforcement.days_to_action", _acted),
    Rule("engagement.trust_lost_at_enforcement", _acted),
    *_at_rest("enforcement", "warns", "warning_minutes", "warning_within_days", "warning_log_odds"),
    *_at_rest("compliance.reminders", "share"),
    *_at_rest("compliance.drop_out", "after_missed"),
    *_at_rest("compliance.compact", "used"),
    *_at_rest("compliance.sanctions", "share"),
    *_at_rest("compliance.nightly", "days"),
    *_at_rest("at_court.sessions", "every_weeks"),
    *_at_rest("at_court.premium", "saved_share"),
    *_at_rest("at_court.reports", "share"),
    *_at_rest("at_court.cautions", "share"),
    Rule("in_reach.*", _in_reach),
    Rule("pathways.stabilise_first", lambda p: _while("pathways.order", p.pathways.order, "severe")),
    *_at_rest("pathways.relief", "effect", "anyway_statutory", "anyway_others"),
    *_at_rest("distance", "far_share"),
    *_at_rest("release_plans", "notice_days"),
    *_at_rest("gate", "share"),
    Rule("youth.*", _youth),
    Rule("commissioning.*", _contract),
    *_at_rest("mentoring", "mentors"),
    *_at_rest("supports", "share"),
    Rule("bands.*.name", lambda p, band: "is a name and changes no number"),
    Rule("mandatory", lambda p: "is for checking files and changes no number"),
)
_PATTERNS = [(re.compile(rule.keys.replace(".", r"\.").replace("*", r"([^.]+)")), rule) for rule in RULES]


def remark(key: str, parameters: Parameters) -> str:
    """Return what a user should know of a key where it changes nothing or less than it seems; or nothing."""
    for pattern, rule in _PATTERNS:
        stars = pattern.fullmatch(key)
        if stars:
            return rule.tell(parameters, *stars.groups())
    return ""
