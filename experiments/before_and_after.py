"""The picture every evaluation should start from: offending before and after selection, with no IOM at all.

People are selected at their worst, so their offending falls after selection whatever is done. Every effect
is at its neutral value here, which by construction leaves everybody's life as it is without a partnership.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from experiments.drawing import drawing
from scenarios import load
from simulation import IOMModel
from simulation.calendar import DAYS_PER_MONTH, DAYS_PER_YEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

MONTHS_BEFORE, MONTHS_AFTER = 60, 24


def occasions_around_selection(model: IOMModel) -> "tuple[NDArray[np.float64], int]":
    """Return sanction occasions by month around first selection, and how many people they are of.

    Returns
    -------
    tuple
        Occasions in each month from ``-MONTHS_BEFORE`` to ``MONTHS_AFTER``, summed over people selected
        early enough to be followed and with a career long enough to look back on; and their number.
    """
    works = model.works
    first, record = works.caseload.first_entered, model.world.record
    started = record.birth_day + record.age_first * DAYS_PER_YEAR
    followed = first + MONTHS_AFTER * DAYS_PER_MONTH < np.minimum(model.days, record.leaves)
    chosen = followed & (first - started > MONTHS_BEFORE * DAYS_PER_MONTH)
    careers = model.world.careers
    sanctions = model.world.justice.sanctions
    person = np.concatenate([careers.history_person, np.array([row[0] for row in sanctions], dtype=np.int64)])
    day = np.concatenate([careers.history_day, np.array([row[1] for row in sanctions])])
    own = chosen[person]
    months = (day[own] - first[person[own]]) / DAYS_PER_MONTH
    counts, _ = np.histogram(months, bins=np.arange(-MONTHS_BEFORE, MONTHS_AFTER + 1))
    return counts.astype(float), int(chosen.sum())


def collect(site: str, replications: int) -> "tuple[NDArray[np.float64], int]":
    """Return occasions a person-year by month around selection under ``no-effect``, and the people."""
    timeline = load(site, "no-effect").timeline
    total, people = np.zeros(MONTHS_BEFORE + MONTHS_AFTER), 0
    for replication in range(replications):
        counts, number = occasions_around_selection(IOMModel(timeline, replication=replication).run())
        total += counts
        people += number
    return total / people * 12, people


def draw(rate: "NDArray[np.float64]", people: int, path: Path) -> Path:
    """Draw sanction occasions before and after selection and return the path of the PNG."""
    with drawing(path, size=(9, 4.6), dpi=130) as (figure, panes):
        axes = panes[0, 0]
        months = np.arange(-MONTHS_BEFORE, MONTHS_AFTER) + 0.5
        axes.plot(months, rate, color="#2166ac")
        year_before, after = rate[MONTHS_BEFORE - 12 : MONTHS_BEFORE].mean(), rate[MONTHS_BEFORE:].mean()
        for span, level in (((-12, 0), year_before), ((0, MONTHS_AFTER), after)):
            axes.hlines(level, *span, color="#b2182b", linewidth=2.5)
            axes.annotate(
                f"{level:.2f}", (np.mean(span), level), (0, 6), textcoords="offset points", ha="center"
            )
        axes.axvline(0, color="black", linewidth=1)
        change = 100 * (after / year_before - 1)
        axes.set(
            title=f"Selected people, no IOM effect of any kind: {change:+.0f}% after selection",
            xlabel="months since first selection", ylabel="sanction occasions a person-year", ylim=(0, None),
        )  # fmt: skip
        figure.text(
            0.99, 0.01, f"{people:,} people of several replications; custody included", ha="right", fontsize=8
        )
    return path


def main() -> None:
    """Draw the picture of Nottingham for the documentation."""
    rate, people = collect("nottingham", replications=4)
    path = draw(rate, people, Path("docs/pictures/before_and_after.png"))
    last_year = rate[MONTHS_BEFORE - 12 : MONTHS_BEFORE].mean()
    print(f"{path}: {people} people, {last_year:.2f} occasions a person-year in the year before selection,")
    print(f"{rate[MONTHS_BEFORE:].mean():.2f} in the two years after, with every effect at its neutral value")


if __name__ == "__main__":
    main()
