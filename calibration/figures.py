"""Figures of a caseload on the scales on which they are compared, and what is published of each site there.

Counts, means and ages are compared in logarithms, shares in log-odds, and how many people were ever carried
over those carried now in logarithms.
"""

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logit

from calibration.local_mix import Floats
from calibration.published import SITES, THROUGHPUT, Target

if TYPE_CHECKING:
    import pandas as pd

SHARES = ("statutory", "ppo")
MEANS = ("offences", "occasions", "breaches", "first_conviction_age", "age")
FIGURES = ("caseload", *SHARES, *MEANS, "throughput")
#: Nine cases of ten of a normal spread lie this many deviations about its middle.
NINE_IN_TEN = 1.645
#: People matched to the Police National Computer, by site (PE081, PE075, PE069, PE087, PE063; Table 3.3).
MATCHED = {
    "bristol": 420,
    "lancashire": 1072,
    "nottingham": 349,
    "west-midlands": 205,
    "west-yorkshire": 1152,
}


def on_scale(bank: "pd.DataFrame") -> Floats:
    """Return the figures of a bank's rows on their scales, shape ``(rows, figures)``."""
    people = bank["caseload"].to_numpy()
    columns = [np.log(people)]
    for name in SHARES:
        # Half a person more on either side keeps a share of none or all within reach.
        columns.append(logit((bank[name].to_numpy() / 100 * people + 0.5) / (people + 1)))
    columns += [np.log(np.maximum(bank[name].to_numpy(), 1e-2)) for name in MEANS]
    columns.append(np.log(bank["ever"].to_numpy() / people))
    return np.column_stack(columns)


def plain(values: Floats) -> Floats:
    """Return figures in people, per cent, means and years for figures on their scales, any shape."""
    result = np.exp(values)
    for name in SHARES:
        place = FIGURES.index(name)
        result[..., place] = 100 / (1 + np.exp(-values[..., place]))
    return result


def observed(site: str) -> Floats:
    """Return what is published of a site on the scales, shape ``(figures,)``."""
    values = {target.name: target.value for target in SITES[site]}
    return np.array(
        [
            np.log(values["caseload"]),
            *(logit(values[name] / 100) for name in SHARES),
            *(np.log(values[name]) for name in MEANS),
            np.log(throughput(site)),
        ]
    )


def throughput(site: str) -> float:
    """Return people ever identified over those carried: the site's own, or that of all sites.

    A site's own is known only where those matched are more than those carried, and not of a part of it.
    """
    return throughput_target(site).value


def throughput_target(site: str) -> Target:
    """Return the published throughput that stands for a site: its own, or that of all sites."""
    target = THROUGHPUT[site] if has_throughput(site) else THROUGHPUT["all"]
    return target._replace(name="throughput")


def has_throughput(site: str) -> bool:
    """Return whether a site's own count of people ever identified tells its throughput."""
    return THROUGHPUT[site].value > THROUGHPUT["all"].value


def discrepancy(site: str, *, alone: bool = False) -> Floats:
    """Return how far a model that is right may be off for reasons outside it, standard deviations.

    The stock is of a county where the team worked in a city, and counted by hand: 3%. A share moves with who
    is counted as what: 1.5 points. The means of Table 3.3 are of people ever identified who were found in
    the register, so many of them, and not of those carried: 2%, and the sampling error of their number, with
    a spread between people that is not published. Throughput is of all sites together, over years that are
    not the model's: a factor of 1.6 either way in two cases of three. Sites without one of their own share
    that of all sites, which is one figure however many lean on it: in a fit to all, each counts it for its
    part.

    Parameters
    ----------
    site
        Which.
    alone
        Whether the site stands by itself, and counts in full what others lean on too.
    """
    values = {target.name: target.value for target in SITES[site]}
    shares = [0.015 / (values[name] / 100 * (1 - values[name] / 100)) for name in SHARES]
    means = [np.hypot(0.02, PEOPLE_DIFFER[name] / np.sqrt(MATCHED[site])) for name in MEANS]
    sharing = 1 if alone or has_throughput(site) else sum(not has_throughput(other) for other in SITES)
    return np.array([0.03, *shares, *means, np.log(1.6) * np.sqrt(sharing)])


#: Spread between people over the mean; nobody published it. It is that of the model's own caseloads.
PEOPLE_DIFFER = {
    "offences": 0.8,
    "occasions": 0.55,
    "breaches": 1.0,
    "first_conviction_age": 0.16,
    "age": 0.22,
}
