"""The reduced rules that all programs follow.

1. *People.* The same pool, all there from the first day. Offences come at the predictor's hazard, looked at
   once a day at liberty; each is of a kind, and detected or not by it.
2. *Law.* A detected offence leads to an arrest some weeks later, to bail or a remand, to a hearing, and to a
   sanction or none. Custody is served to the day; the clock of offence-free time follows the record.
3. *Bands.* Those carried are carried all year. Known arrests and sanctions, which fade, make points, and
   points make the band; it is set on the first day, every four weeks at a review, and on coming out.
   Whoever goes inside turns blue the next morning, and out of it the morning after release.
4. *Contacts.* Each band asks each agency for so many a week. On turning into another band the next contact
   falls due no later than the new plan says; in blue none is due, and on coming out they begin within a week.
   A contact takes a member of staff some minutes between Monday and Friday; it counts if the person is at
   liberty.

No meeting decides anything else; there is no news on its way, no trust and no effect. What is left is what
all programs can do. Staff are enough for a week's contacts within the week, so that the order in which
people wait moves nobody's band and no count.
"""

from typing import Any

from simulation import Parameters
from simulation.co_location import AGENCIES

#: Contacts a week that bands ask for, by agency.
WEEKLY = {
    "green": {"police": 0.5, "probation": 1.0, "vcs": 0.25},
    "amber": {"police": 1.0, "probation": 1.0, "vcs": 0.5},
    "red": {"police": 2.0, "probation": 1.0, "vcs": 0.5},
}
TAKING_PART = ("police", "probation", "vcs")
FROM_POINTS = {"red": 4.0, "amber": 2.5}
CONTACT_MINUTES = 40.0
MINUTES_A_DAY = 400.0
REVIEW_EVERY_DAYS, FIRST_REVIEW = 28, 3


def parameters(
    *, pool_per_year: float, managed: int, officers_per_100: float = 8.0, quiet: bool = False
) -> Parameters:
    """Return parameters under which the model follows the reduced rules.

    Parameters
    ----------
    pool_per_year
        People first sanctioned a year, which sizes the pool.
    managed
        People carried, by score.
    officers_per_100
        Staff of each agency for 100 people carried.
    quiet
        Whether to leave out rules 2 and 3: nobody goes inside, and everybody stays in green, which is what
        a program of queues can say.
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
    values["bands"] |= {"points_per_missed": 0.0, "points_for_ogrs": 0.0}
    for colour, points in FROM_POINTS.items():
        values["bands"][colour]["from_score"] = points
        values["contacts"][colour] = _plan(colour)
    values["contacts"] |= {"green": _plan("green"), "blue": _plan("blue")}
    posts = max(1, round(officers_per_100 * managed / 100))
    for name, agency in values["agencies"].items():
        number = posts if name in TAKING_PART else 0
        agency |= {
            ("officers" if "officers" in agency else "workers"): min(number, 500), "iom_share": 1.0,
            "minutes_a_day": MINUTES_A_DAY, "absence_share": 0.0, "contact_minutes": CONTACT_MINUTES,
            "travel_minutes": 0.0, "recording_minutes": 0.0, "coordination_minutes": 0.0,
            "caseload_minutes_a_week": 0.0,
        }  # fmt: skip
    values["meetings"]["selection"]["every_days"] = 365
    values["meetings"]["review"] |= {
        "purposes": ("review",), "every_days": REVIEW_EVERY_DAYS, "minutes_per_case": 0.0,
    }  # fmt: skip
    values["meetings"]["tasking"]["purposes"] = ()
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
    if quiet:
        values["bands"]["points_per_offence"] = 0.0
        values["courts"]["remand_share"] = 0.0
        rules = values["sentencing"]
        rules |= {"custody_first_sanction": -10.0, "custody_per_log_sanctions": 0.0}
        rules["custody_weight"] = dict.fromkeys(rules["custody_weight"], -5.0)
    return Parameters(**values)


def _plan(colour: str) -> dict[str, float]:
    asked = WEEKLY.get(colour, {})
    return {f"{name}_per_week": asked.get(name, 0.0) for name in (*AGENCIES, "disruption")}
