"""The reduced rules that both programs follow.

The same pool; offences at the predictor's hazard; arrest, charge, court, sentence, custody and release by
the same law; contacts by a fixed plan with staff whose minutes are limited. No meetings that decide
anything, no news, no trust, no effects: what is left is what both can do.
"""

from typing import Any

from simulation import Parameters
from simulation.co_location import AGENCIES

#: Contacts a week of everybody managed, by agency.
WEEKLY = {"police": 1.0, "probation": 1.0, "vcs": 0.5}
CONTACT_MINUTES = 40.0
MINUTES_A_DAY = 400.0


def parameters(*, pool_per_year: float, managed: int, officers_per_100: float = 8.0) -> Parameters:
    """Return parameters under which the model follows the reduced rules.

    Parameters
    ----------
    pool_per_year
        People first sanctioned a year, which sizes the pool.
    managed
        People carried, by score.
    officers_per_100
        Staff of each agency for 100 people carried.
    """
    values: dict[str, Any] = Parameters().model_dump()
    values["pool"] |= {
        "first_sanctions_per_year": pool_per_year,
        "leaving_per_year": 0.0,
        "history_years": 15,
    }
    values["courts"] |= {"cases_a_day": 100_000}
    values["sentencing"]["breach_share"] = 0.0
    values["cohort"] |= {
        "sizing": "resources",
        "ceiling": managed,
        "left_after_years": 20.0,
    }
    values["bands"]["red"]["from_score"], values["bands"]["amber"]["from_score"] = 1000.0, 999.0
    plan = {f"{name}_per_week": WEEKLY.get(name, 0.0) for name in (*AGENCIES, "disruption")}
    values["contacts"] |= {"green": plan, "amber": plan, "red": plan}
    values["contacts"]["blue"] = dict.fromkeys(plan, 0.0)
    posts = max(1, round(officers_per_100 * managed / 100))
    for name, agency in values["agencies"].items():
        number = posts if name in WEEKLY else 0
        agency |= {
            ("officers" if "officers" in agency else "workers"): min(number, 500), "iom_share": 1.0,
            "minutes_a_day": MINUTES_A_DAY, "absence_share": 0.0, "contact_minutes": CONTACT_MINUTES,
            "travel_minutes": 0.0, "recording_minutes": 0.0, "coordination_minutes": 0.0,
            "caseload_minutes_a_week": 0.0,
        }  # fmt: skip
    values["meetings"]["selection"]["every_days"] = 365
    values["meetings"]["review"] |= {"every_days": 365, "agenda_minutes": 0.0}
    values["meetings"]["tasking"] |= {"every_days": 365, "agenda_minutes": 0.0}
    values["information"] |= {key: 0.0 for key in values["information"] if key.endswith("_days")}
    values["needs"]["renewed_per_year"] = 0.0
    values["pathways"]["at_once"] = 0
    values["engagement"] |= {"attendance": 10.0, "at_home": 10.0, "per_trust": 0.0, "statutory": 0.0}
    values["enforcement"]["acted_share"] = 0.0
    values["response"] |= {"log_odds_per_hour": 0.0, "deterrence_log_odds": 0.0, "detection_per_hour": 0.0}
    values["leads"]["handover_minutes"] = 0.0
    values["aspire"] |= {
        "assessment_contacts": 0, "plan_minutes": 0.0, "review_minutes": 0.0, "evaluation_minutes": 0.0,
    }  # fmt: skip
    return Parameters(**values)
