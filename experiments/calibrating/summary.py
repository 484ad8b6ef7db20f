"""What a validation comes to, in a few rows, failures first among them."""

from typing import TYPE_CHECKING

from calibration.posterior import Posterior

if TYPE_CHECKING:
    import pandas as pd

#: What ranks are told of together.
UNKNOWNS, EXPECTED = "unknowns, together", "figures expected, together"
#: A posterior this narrow, in spreads of the prior, is one that the data have moved.
MOVED = 0.9
#: A published figure with a smaller tail surprises the prior.
SURPRISING = 0.05


def summary(tables: "dict[str, pd.DataFrame]", posterior: Posterior) -> "pd.DataFrame":
    """Return in a few rows what the tables of a validation come to.

    Parameters
    ----------
    tables
        As of :func:`experiments.calibrating.validate.validate`.
    posterior
        What was checked.
    """
    import pandas as pd

    matches, shared = tables["matches"], tables["moved_shared"]
    surprised, emulated = tables["conflict"], tables["emulator"]
    made, looser = posterior.made, matches["figure"] == "throughput"
    met = matches["within"] == "yes"
    rows = [
        ("posterior checked", posterior.fingerprint),
        ("runs learned from, and runs with too few or too many people", f"{made.finished}, {made.beyond}"),
        ("sampler: worst R-hat", f"{made.worst_rhat:.3f}"),
        ("sampler: fewest independent draws", f"{made.fewest_effective:.0f} of {made.sampled}"),
        ("sampler: draws that diverged", f"{made.diverged} of {made.sampled}"),
        ("figures of Tables 3.2 and 3.3 met by the mean of runs under draws", _of(met[~looser])),
        ("throughput within its likelihood", _of(met[looser])),
    ]  # fmt: skip
    rows += [
        (f"missed: {row.site}, {row.figure}", f"{row.model:.4g} beside {row.published:.4g}")
        for row in matches[matches["within"] == "no"].itertuples()
    ]
    rows += _of_sites_held_out(tables["held_out"])
    rows += _of_ranks(tables["ranks"])
    rows += [
        (f"shared values narrowed to less than {MOVED} of their prior", _of(shared["width"] < MOVED)),
        (f"figures with a tail below {SURPRISING} under the prior", _of(surprised["tail"] < SURPRISING)),
        ("figures of rows held out where nine in ten should lie", f"{emulated['inside'].mean():.0%}"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["check", "found"])


def _of(column: "pd.Series[bool]") -> str:
    return f"{int(column.sum())} of {len(column)}"


def _of_sites_held_out(held: "pd.DataFrame") -> list[tuple[str, str]]:
    from scipy.stats import binomtest

    inside = held["inside"] == "yes"
    # Clopper and Pearson's, as if figures of a site were independent, which they are not.
    low, high = binomtest(int(inside.sum()), len(inside)).proportion_ci()
    interval = f"{inside.mean():.0%} (95% interval {low:.0%} to {high:.0%})"
    return [
        ("figures of sites held out better than the mean of the others", _of(held["better"] == "yes")),
        ("figures of sites held out where nine in ten should lie", f"{_of(inside)}, {interval}"),
    ]


def _of_ranks(ranks: "pd.DataFrame") -> list[tuple[str, str]]:
    together = ranks["quantity"].isin([UNKNOWNS, EXPECTED])
    rows = [
        (
            f"{row.method}, {row.datasets} truths, width of ranks of {row.quantity}: too sure above 1",
            f"{row.width:.2f} (95% interval {row.low:.2f} to {row.high:.2f})",
        )
        for row in ranks[together].itertuples()
    ]
    for method, own in ranks[~together].groupby("method", sort=False):
        least = own.sort_values("probability", kind="stable").iloc[0]
        among = min(1.0, len(own) * float(least["probability"]))
        rows.append(
            (f"{method}, the least even of {len(own)} ranks: {least['quantity']}", f"p = {among:.2g}")
        )
    return rows
