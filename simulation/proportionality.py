"""Proportionality: how often police may call on people whom nobody supervises and of whom little is known."""

import numpy as np
from numpy.typing import NDArray

from simulation.declare import Group, lever
from simulation.slots import NEIGHBOURHOOD, POLICE

VISITS = (POLICE, NEIGHBOURHOOD)


class Proportionality(Group):
    """The limit on visits without intelligence; disruption visits have none without it."""

    unsupervised_visits_per_week: float = lever(
        5.0, unit="per week", low=0, high=20,
        label="Most police visits to people under no supervision of whom too little is known",
        source="PE099: daily visits without intelligence are not proportionate", confidence="expert",
    )  # fmt: skip


def proportionate(
    rules: Proportionality, weekly: NDArray[np.float64], slot: NDArray[np.int64], warranted: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the share of their plan that people get, shape ``(n,)``; all of it but for capped visits.

    Parameters
    ----------
    rules
        The limit.
    weekly
        Contacts a week that people's plans ask for, shape ``(n, slots)``.
    slot
        The kind of contact in question, shape ``(n,)``.
    warranted
        Whether supervision or what is known justifies any number of visits, shape ``(n,)``.
    """
    share = np.ones(len(slot))
    capped = ((slot == POLICE) | (slot == NEIGHBOURHOOD)) & ~warranted
    visits = np.maximum(weekly[capped][:, VISITS].sum(axis=1), 1e-9)
    share[capped] = np.minimum(rules.unsupervised_visits_per_week / visits, 1.0)
    return share
