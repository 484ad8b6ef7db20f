"""Switching values: what a number would have to be for the scheme neither to gain nor to lose.

For prices the ledger itself gives it, exactly: every one of them multiplies what a line of the account
counts. For what changes the runs, a sweep's points do, by a straight line through all its factors.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.deciding.chance import spread
from experiments.deciding.quantity import Quantity
from experiments.deciding.sample import Sample
from experiments.differences import NET_BENEFIT
from experiments.money.account import OF_CRIME, Account
from scenarios.tree import declared_at, field_at
from simulation import Parameters
from simulation.likely import likely

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESAMPLES, SEED = 1_000, 1
COST = "cost"


class Switch(NamedTuple):
    """An assumption and the value that would turn the answer, all else alike.

    Attributes
    ----------
    key, label
        The parameter; :data:`COST` for all that the partnership pays for.
    now, value
        What it is, and where nothing is gained or lost; NaN where no value a file may hold does that.
    low, high
        Where it is likely to lie, or, of a factor, the 95% interval of the switching value.
    rises
        Of a factor: whether more of it makes the outcome better.
    swing
        Of a factor: by how much the outcome differs between the ends of its range, all else alike.
    """

    key: str
    label: str
    now: float
    value: float
    low: float
    high: float
    rises: bool = True
    swing: float = float("nan")

    @property
    def in_reach(self) -> bool:
        """Whether a price's switching value is where the price is likely to lie."""
        return self.low <= self.value <= self.high


def of_prices(account: Account) -> list[Switch]:
    """Return the switching value of every price of a scenario, those nearest to what they are first."""
    costs, saved = account.costs, {saver: float(v.mean()) for saver, v in account.saved.items()}
    net = float(account.net.mean())
    # What each price multiplies.
    lines = {
        "costs.custody_gbp_a_year": saved["prisons"], "costs.court_case_gbp": saved["courts"],
        "costs.community_order_gbp": saved["probation"], "costs.crime_price_ratio": saved["victims"],
        "costs.police_hour_gbp": saved["police"],
    }  # fmt: skip
    shares = {
        "costs.crime_response_share": saved["victims"],
        "costs.replacement_share": sum(saved[saver] for saver in OF_CRIME),
    }
    found = []
    for key, line in (lines | shares).items():
        now = float(getattr(costs, key.split(".")[1]))
        times = 1 - net / line if line else float("nan")
        found.append(_priced(key, now, 1 - (1 - now) * times if key in shares else now * times))
    spent = float(account.spent.mean())
    value = 1 + net / spent if spent else float("nan")
    found.append(Switch(COST, "All that the partnership pays for, times", 1.0, value, 1.0, 1.41))
    return sorted(found, key=_distance)


def _priced(key: str, now: float, value: float) -> Switch:
    field = declared_at(Parameters, key)
    allowed = [getattr(limit, end) for limit in field.metadata for end in ("ge", "le") if hasattr(limit, end)]
    if value < min(allowed) or (len(allowed) > 1 and value > max(allowed)):
        value = float("nan")
    range_of = likely(field, now)
    low, high = (range_of.low, range_of.high) if range_of else (now, now)
    return Switch(key, field.title or key, now, value, low, high)


def _distance(switch: Switch) -> float:
    if switch.value != switch.value:
        return float("inf")
    return abs(switch.value - switch.now) / max(switch.high - switch.low, abs(switch.now), 1e-9)


@dataclass(frozen=True)
class Plane:
    """The straight line through a sweep's points, in all numbers that it varies.

    Attributes
    ----------
    keys
        The numbers, shape ``(k,)``.
    middle, low, high
        Of each over the points, shape ``(k,)``.
    line
        The outcome at the middle of all, then what one more of each brings, shape ``(1 + k,)``.
    draws
        The same of resampled points, with the luck that all share, shape ``(resamples, 1 + k)``.
    explained
        Share of the variance between points that the line explains.
    """

    keys: list[str]
    middle: "NDArray[np.float64]"
    low: "NDArray[np.float64]"
    high: "NDArray[np.float64]"
    line: "NDArray[np.float64]"
    draws: "NDArray[np.float64]"
    explained: float


def plane(sample: Sample, option: str, outcome: str = NET_BENEFIT, reference: str = "") -> Plane:
    """Return the straight line through a sweep's points; arguments as of :func:`of_factors`."""
    numbers = sample.factors.select_dtypes("number")
    runs = Quantity(outcome, option, reference).of(sample.runs)
    x, y = numbers.to_numpy(float), runs.mean(axis=1)
    middle = x.mean(axis=0)
    line = _line(x, y, middle)
    fitted = line[0] + (x - middle) @ line[1:]
    explained = 1 - float(((y - fitted) ** 2).sum() / max(((y - y.mean()) ** 2).sum(), 1e-300))
    generator = np.random.default_rng(SEED)
    draws = np.array([
        _line(x[picked], y[picked], middle)
        for picked in generator.integers(0, len(y), (RESAMPLES, len(y)))
    ])  # fmt: skip
    # Luck that all points share moves the line as a whole, and no resample of points.
    draws[:, 0] += _shared_luck(runs, generator)
    keys = [str(key) for key in numbers.columns]
    return Plane(keys, middle, x.min(axis=0), x.max(axis=0), line, draws, explained)


def of_factors(
    sample: Sample, option: str, outcome: str = NET_BENEFIT, reference: str = ""
) -> tuple[list[Switch], float]:
    """Return the switching value of every number that a sweep varies, and how much a straight line explains.

    Parameters
    ----------
    sample
        A sweep's, with more points than numbers that vary.
    option, reference
        Whose outcome, less that of a reference if one is named.
    outcome
        What is nought at the switching value.

    Returns
    -------
    list of Switch, float
        Each at the middle of the others; NaN where the line reaches nought outside the sweep's range. And
        the share of the variance between points that the line explains.
    """
    through = plane(sample, option, outcome, reference)
    found = []
    for place, key in enumerate(through.keys):
        value, now = _nought(through.line, place, through.middle), float(through.middle[place])
        field = field_at(Parameters, tuple(key.split(".")))
        label = field.title if field is not None and field.title else key
        ends = (float("nan"),) * 2
        if through.low[place] <= value <= through.high[place]:
            crossings = np.array([_nought(drawn, place, through.middle) for drawn in through.draws])
            ends = tuple(np.quantile(crossings, [0.025, 0.975]).tolist())
        else:
            value = float("nan")
        slope = float(through.line[1 + place])
        swing = slope * float(through.high[place] - through.low[place])
        found.append(Switch(key, label, now, value, *ends, rises=slope > 0, swing=swing))
    return found, through.explained


def _shared_luck(runs: "NDArray[np.float64]", generator: np.random.Generator) -> "NDArray[np.float64]":
    """Return by how much luck could have moved all points together; NaN where one replication tells none."""
    replications = runs.shape[1]
    if replications < 2:
        return np.full(RESAMPLES, np.nan)
    scale = np.sqrt(spread(runs).luck / replications)
    return np.asarray(scale * generator.standard_t(replications - 1, RESAMPLES))


def _line(
    x: "NDArray[np.float64]", y: "NDArray[np.float64]", middle: "NDArray[np.float64]"
) -> "NDArray[np.float64]":
    """Return the value at the middle and the slopes of least squares."""
    design = np.column_stack([np.ones(len(y)), x - middle])
    return np.asarray(np.linalg.lstsq(design, y, rcond=None)[0])


def _nought(line: "NDArray[np.float64]", place: int, middle: "NDArray[np.float64]") -> float:
    slope = line[1 + place]
    return float(middle[place] - line[0] / slope) if slope else float("nan")
