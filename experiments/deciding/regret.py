"""Regret: what an alternative loses, state by state, against the best; and what knowing would be worth."""

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.deciding.box import is_number
from experiments.deciding.chance import interval

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

FOLDS = 5
#: Knots of the curves by which a payoff is told from one factor.
KNOTS = 4


def regrets(payoffs: "pd.DataFrame", sign: int, threshold: float) -> "pd.DataFrame":
    """Return how robust each alternative is over the states.

    Parameters
    ----------
    payoffs
        An outcome by state, a column an alternative.
    sign
        1 if more is better, -1 if less is.
    threshold
        What an alternative has to reach.

    Returns
    -------
    pandas.DataFrame
        A row an alternative: ``mean``, ``worst`` and ``tenth`` (the state worse than nine in ten) of the
        outcome, ``mean_regret``, ``highest_regret``, ``best_share`` of states in which it is best, and
        ``reached_share`` of states in which it reaches the threshold. The smallest highest regret first.
    """
    import pandas as pd

    good = payoffs * sign
    regret = good.max(axis=1).to_numpy()[:, None] - good.to_numpy()
    best = pd.Series(good.to_numpy().argmax(axis=1)).value_counts(normalize=True)
    rows = pd.DataFrame(
        {
            "alternative": list(payoffs.columns), "mean": payoffs.mean().to_numpy(),
            "worst": sign * good.min().to_numpy(), "tenth": sign * good.quantile(0.1).to_numpy(),
            "mean_regret": regret.mean(axis=0), "highest_regret": regret.max(axis=0),
            "best_share": [float(best.get(place, 0.0)) for place in range(payoffs.shape[1])],
            "reached_share": (good >= sign * threshold).mean().to_numpy(),
        }
    )  # fmt: skip
    return rows.sort_values("highest_regret", kind="stable", ignore_index=True)


def information(payoffs: "pd.DataFrame", states: "pd.DataFrame", sign: int) -> "pd.DataFrame":
    """Return what knowing each factor before the choice would be worth, in units of the outcome.

    Parameters
    ----------
    payoffs
        An outcome by state and replication, a column an alternative.
    states
        A row a state and a column a factor.
    sign
        1 if more is better, -1 if less is.

    Returns
    -------
    pandas.DataFrame
        A row a factor, and one for ``everything``: ``worth`` with its 95% interval ``low`` to ``high``, and
        ``changes_share``, the share of states in which knowing would change the choice. Most first.

    Notes
    -----
    Expected value of partial perfect information by regression (Strong, Oakley and Brennan 2014): each
    alternative's payoff is told from the factor by a smooth curve, and the best by the curve is chosen. The
    curve that chooses in a state was fitted without that state, so that chance is not mistaken for
    knowledge; where a factor is worth nothing the estimate is about 0 or below. For everything, one half of
    the replications chooses and the other half tells the worth.
    """
    import pandas as pd

    replications = payoffs.index.get_level_values(1).nunique()
    good = sign * payoffs.to_numpy().reshape(-1, replications, payoffs.shape[1])
    values = good.mean(axis=1)
    usual = int(values.mean(axis=0).argmax())
    rows = []
    for factor in states.columns:
        choice = _told(states[factor], values).argmax(axis=1)
        rows.append(_row(str(factor), good, choice, usual))
    rows.sort(key=lambda row: -row["worth"])
    if replications > 1:
        choice = good[:, ::2].mean(axis=1).argmax(axis=1)
        rows.append(_row("everything", good[:, 1::2], choice, usual))
    return pd.DataFrame(rows)


def _row(name: str, good: "NDArray[np.float64]", choice: "NDArray[np.int64]", usual: int) -> dict[str, Any]:
    """Return what a choice in each state gains on the usual one; ``good`` is by state, run and choice."""
    gain = good[np.arange(len(good)), :, choice] - good[:, :, usual]
    worth, low, high = interval(gain)
    return {
        "factor": name, "worth": worth, "low": low, "high": high,
        "changes_share": float(np.mean(choice != usual)),
    }  # fmt: skip


def _told(factor: "pd.Series[Any]", values: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return the payoffs that one factor tells, each from the other states, shape as ``values``."""
    from sklearn.linear_model import RidgeCV
    from sklearn.model_selection import KFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, SplineTransformer

    coded: Any = (
        SplineTransformer(KNOTS, extrapolation="linear")
        if is_number(factor)
        else OneHotEncoder(handle_unknown="ignore")
    )
    # The common part of all alternatives decides nothing, and would only add noise to each curve.
    apart = values - values.mean(axis=1, keepdims=True)
    scale = float(apart.std()) or 1.0
    model = make_pipeline(coded, RidgeCV(np.logspace(-4, 2, 13)))
    folds = KFold(min(FOLDS, len(values)), shuffle=True, random_state=0)
    return np.asarray(cross_val_predict(model, factor.to_frame().to_numpy(), apart / scale, cv=folds)) * scale
