"""The co-location table: what sitting together has to save, and how few it may put off, to pay.

No source measures what a form of co-location does, so that the answer is a threshold for each of its
mechanisms, told in what staff can observe: minutes a contact, and appointments missed of a hundred.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit

from experiments.deciding.quantity import Quantity
from experiments.deciding.sample import read
from experiments.differences import NET_BENEFIT
from experiments.files import StoreError
from experiments.money.switching import Plane, Switch, of_factors, plane
from experiments.store import held_manifest
from scenarios.tree import about, declared_at
from simulation import Parameters

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

#: Agencies whose contacts are reckoned with.
MEMBERS = ("police", "probation")
#: The form whose mechanisms are swept, what it saves, and shares of all of that at which it is looked at.
FORM, SAVED, SHARES = "hub", ("coordination_saved_share", "travel_saved_share"), (0.0, 0.25, 0.5, 0.75, 1.0)


def thresholds(folder: Path | str, option: str, reference: str) -> "pd.DataFrame":
    """Return a row a mechanism: the value beyond which an option beats another in money.

    Parameters
    ----------
    folder
        Of a sweep over what one form of co-location does.
    option, reference
        The form, and what it is compared with.

    Returns
    -------
    pandas.DataFrame
        ``factor``, ``pays_if`` (``at least`` or ``at most``), ``threshold``, ``low``, ``high`` and ``unit``;
        empty where no value within the sweep turns the choice, the others in the middle of theirs.
        ``end_to_end_gbp`` is what a mechanism brings from one end of its range to the other; ``explained`` is
        the share of what differs between points that the straight line behind it explains, ``mean_gain_gbp``
        the mean over all points.

    Raises
    ------
    experiments.files.StoreError
        If the folder holds no finished sweep, or none of these options.
    MissingRowsError
        If runs failed.
    """
    import pandas as pd

    folder = Path(folder)
    sample = read(folder)
    for name in (option, reference):
        if name not in sample.options:
            raise StoreError(
                f"{name!r} is no option of {folder}; expected one of {', '.join(sample.options)}"
            )
    found, explained = of_factors(sample, option, reference=reference)
    parameters = _site_of(folder)
    gain = sample.means(Quantity(NET_BENEFIT, option, reference)).mean()
    rows = [_row(one, parameters) for one in found]
    return pd.DataFrame(rows).assign(explained=explained, mean_gain_gbp=gain)


def _site_of(folder: Path) -> Parameters:
    """Return the parameters of a sweep's first scenario, of which only what is swept differs in others."""
    scenarios = held_manifest(folder)["scenarios"]
    return Parameters.model_validate(next(iter(scenarios.values()))[-1]["parameters"])


def frontier(folder: Path | str, option: str, reference: str) -> "pd.DataFrame":
    """Return, for a rent and minutes saved, how many appointments a form may put off and still pay.

    Parameters
    ----------
    folder, option, reference
        As of :func:`thresholds`.

    Returns
    -------
    pandas.DataFrame
        A row for each rent (none, half of the form's own and all of it) and share of all minutes of
        coordination and travel that is saved. ``puts_off_at_most`` is of a hundred appointments, or what it
        has to win of them, with 95% interval; beyond what the sweep varied it is told as more.
    """
    import pandas as pd

    sample = read(Path(folder))
    parameters = _site_of(Path(folder))
    through = plane(sample, option, reference=reference)
    names = [key.rsplit(".", 1)[-1] for key in through.keys]
    at, saved = names.index("attendance_log_odds"), [names.index(name) for name in SAVED]
    # The sweep's own forms hold what is swept.
    own = float(getattr(Parameters().forms, FORM).premises_gbp_a_year)
    minutes = sum(float(observed(through.keys[place], np.ones(1), parameters)[1][0]) for place in saved)
    rows = []
    for rent in (0.0, own / 2, own):
        for share in SHARES:
            x = through.middle.copy()
            x[saved], x[names.index("premises_gbp_a_year")], x[at] = share, rent, 0.0
            needed = [
                -(line[0] + (x - through.middle) @ line[1:]) / line[1 + at]
                for line in (through.line, *through.draws)
            ]
            told = [_put_off(value, through, at, parameters) for value in _middle_and_ends(np.array(needed))]
            rows.append([f"{rent:,.0f}", f"{share * minutes:.0f}", told[0], f"{told[2]} to {told[1]}"])
    return pd.DataFrame(
        rows, columns=["rent_gbp_a_year", "minutes_saved_a_contact", "puts_off_at_most", "95%"]
    )


def _middle_and_ends(needed: "NDArray[np.float64]") -> list[float]:
    return [float(needed[0]), *np.quantile(needed[1:], [0.025, 0.975]).tolist()]


def _put_off(log_odds: float, through: Plane, at: int, parameters: Parameters) -> str:
    """Return the appointments that a form puts off of a hundred if that is what it does to attendance."""
    ends = through.low[at], through.high[at]
    (told,) = observed(through.keys[at], np.clip([log_odds], *ends), parameters)[1]
    beyond = "more than " if log_odds != np.clip(log_odds, *ends) else ""
    return f"wins {beyond}{-told:.0f}" if round(told) < 0 else f"{beyond}{told:.0f}"


def _row(one: Switch, parameters: Parameters) -> dict[str, Any]:
    unit, values = observed(one.key, np.array([one.value, one.low, one.high]), parameters)
    value, *ends = values.tolist()
    # Where less attendance is more appointments missed, the direction turns.
    rises = one.rises != (unit == "appointments put off of a hundred")
    turns = ("at least" if rises else "at most") if np.isfinite(value) else ""
    return {
        "factor": one.key, "pays_if": turns, "threshold": value,
        "low": min(ends), "high": max(ends), "unit": unit, "end_to_end_gbp": one.swing,
    }  # fmt: skip


def observed(key: str, values: Any, parameters: Parameters) -> tuple[str, Any]:
    """Return a mechanism's values as what staff can observe, with the unit.

    Parameters
    ----------
    key
        A parameter of a form.
    values
        Its values, an array.
    parameters
        The site's, whose contacts and attendance they are of.
    """
    staff = [getattr(parameters.agencies, name) for name in MEMBERS]
    if key.endswith(".coordination_saved_share"):
        return "minutes saved a contact", values * np.mean([one.coordination_minutes for one in staff])
    if key.endswith(".travel_saved_share"):
        return "minutes saved a contact", values * np.mean([one.travel_minutes for one in staff])
    if key.endswith(".attendance_log_odds"):
        base = parameters.engagement.attendance
        return "appointments put off of a hundred", 100 * (expit(base) - expit(base + values))
    return f"{about(declared_at(Parameters, key))['unit']}, for each place", values
