"""Moving a site's pool and scores until the model carries people like those of an own caseload."""

import signal
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import NamedTuple

import numpy as np

from calibration.caseload.figures import Figure
from calibration.caseload.reading import Caseload
from calibration.caseload.site_file import Setting
from calibration.caseload.summary import LABELS
from calibration.fit import NARROW, WIDE, Fit, values
from calibration.local_mix import decode
from calibration.published import SITES, Target
from simulation import Parameters

#: The difference that still counts as a match, as for published figures: a share of it, or points.
BAR, _POINTS = 0.1, 5.0


class Fitted(NamedTuple):
    """What a fit found: the values by dotted key, and each figure asked for beside what came out."""

    values: dict[str, object]
    figures: dict[str, tuple[float, float]]
    interrupted: bool

    def settings(self, caseload: Caseload) -> dict[str, Setting]:
        """Return what the fit sets, and that the caseload comes out."""
        note = f"fitted to own caseload, {len(caseload.people):,} people, {caseload.counted:%d/%m/%Y}"
        found = {key: Setting(value, note=note) for key, value in self.values.items()}
        found["cohort.sizing"] = Setting("threat", note="caseload emerges from scores and flows")
        return found

    def lines(self) -> list[str]:
        """Return each figure that was asked for beside what came out."""
        return [
            f"{label} {wanted:.4g} here, {came:.4g} in the model"
            for label, (wanted, came) in self.figures.items()
        ]


def targets(own: Mapping[str, Figure]) -> list[Target]:
    """Return the figures of a caseload that a fit can aim at: a share of nobody or of all is none of them."""
    found = []
    for it in SITES["nottingham"]:
        value = own[it.name].value if it.name in own else 0.0
        share = it.label.endswith("%")
        if value > 0 and not (share and not _POINTS < value < 100 - _POINTS):
            bar = _POINTS if share else BAR * value
            found.append(Target(it.name, it.label, "own caseload", "own caseload", value, bar))
    return found


@contextmanager
def processes(workers: int) -> Iterator[Executor]:
    """Yield processes that leave an interruption to this one."""
    pool = ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN)
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def fitted(
    base: Parameters, asked: list[Target], pool: Executor, rounds: int, tell: Callable[[str], None]
) -> Fitted | None:
    """Return the best values found, or nothing if the model carried too few at each point tried.

    Parameters
    ----------
    base
        Where the fit begins; the cohort is sized by threat, so that the caseload comes out.
    asked
        What is to come out.
    pool
        Where runs are made.
    rounds
        How often to go on from the best point.
    tell
        Is told a line after each round.

    Notes
    -----
    An interruption ends the fit early; what was best until then is returned, if anything was.
    """
    fit, done = Fit(base, asked, pool), 0
    try:
        for number in range(rounds):
            fit.round(max(NARROW, WIDE * 0.85**number), number)
            done = number + 1
            if not np.isfinite(fit.best[0]):
                tell(f"round {done} of {rounds}: the model carried too few")
                continue
            met = sum(it.is_met(value) for it, value in zip(asked, fit.found(), strict=True))
            tell(f"round {done} of {rounds}: {met} of {len(asked)} figures within their bar")
    except KeyboardInterrupt:
        if not np.isfinite(fit.best[0]):
            raise
        tell(f"interrupted after {done} of {rounds} rounds")
    if not np.isfinite(fit.best[0]):
        return None
    figures = {LABELS[it.name]: (it.value, found) for it, found in zip(asked, fit.found(), strict=True)}
    return Fitted(values(decode(base, fit.best[1])), figures, done < rounds)
