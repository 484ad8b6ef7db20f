"""Diamond: which true effects the one matched comparison excludes, and what it would have seen of others.

Reads the finished evaluation ``diamond`` and writes ``diamond.csv``, and what follows from the published
figures alone into ``diamond_excludes.csv``.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from experiments.evaluating.after_prison import difference
from experiments.evaluating.lab import TABLE
from experiments.files import StoreError, write_bytes

if TYPE_CHECKING:
    import pandas as pd

NAME, EXCLUDES = "diamond.csv", "diamond_excludes.csv"
#: True falls, in points, that the published result is held against.
FALLS = (0, 2, 4, 6, 8, 10)
#: The design whose rows are read.
DESIGN = "after_prison"
#: Chance of a result like Diamond's, or a worse one, below which its 95% interval excludes an effect.
EXCLUDED = 0.025
#: Standard errors to each side of a 95% interval.
SIDES = 1.96


class Arms(NamedTuple):
    """People of both arms, and how many of them were proven to reoffend within a year."""

    people: int
    reoffended: int
    others: int
    others_reoffended: int

    @property
    def found(self) -> tuple[float, float, float]:
        """The difference of shares with its 95% interval."""
        return difference(self.reoffended, self.people, self.others_reoffended, self.others)


#: Dawson and others (2011): 42.4% (156 of 368, EX223) against 41.6% (136 of 327, EX224).
PUBLISHED = Arms(368, 156, 327, 136)


def chance(share: float, without: float, arms: Arms = PUBLISHED) -> float:
    """Return how likely a study of that size reports its difference, or one that speaks for the scheme less.

    Parameters
    ----------
    share, without
        True shares that reoffend with the scheme and without it.
    arms
        What the study reported.
    """
    from scipy.stats import norm

    return float(norm.sf((arms.found[0] - (share - without)) / _error(share, without, arms)))


def _error(share: float, without: float, arms: Arms = PUBLISHED) -> float:
    """Return the standard error of the difference that a study of that size reports."""
    return float((share * (1 - share) / arms.people + without * (1 - without) / arms.others) ** 0.5)


def excludes() -> "pd.DataFrame":
    """Return what the published result says of true falls: a row each, in points."""
    import pandas as pd
    from scipy.stats import norm

    rows, without = [], PUBLISHED.others_reoffended / PUBLISHED.others
    for points in FALLS:
        share = without - points / 100
        likely = chance(share, without)
        found = norm.sf(SIDES - points / 100 / _error(share, without))
        rows.append(
            {
                "true fall, points": points,
                "chance of Diamond's result or a worse one, %": f"{100 * likely:.1f}",
                "excluded": "yes" if likely < EXCLUDED else "no",
                "chance that such a study finds it, %": f"{100 * found:.0f}" if points else "",
            }
        )
    return pd.DataFrame(rows)


def table(evaluation: "pd.DataFrame") -> "pd.DataFrame":
    """Return a row for each effect: both arms, the true effect, and whether Diamond's result excludes it."""
    import pandas as pd
    from statsmodels.stats.proportion import proportion_confint

    rows = []
    for row in evaluation[evaluation["design"] == DESIGN].drop_duplicates("effect").to_dict("records"):
        people, without, true = int(row["followed"]), row["without"], row["true_effect"]
        ends = proportion_confint(round(without * people), people, method="wilson")
        off = SIDES * row["true_error"]
        likely, *ends_likely = (chance(without + true + by, without) for by in (0, -off, off))
        excluded = {chance_there < EXCLUDED for chance_there in ends_likely}
        rows.append(
            {
                "effect": row["effect"],
                "people": f"{people:,}",
                "no team, %": f"{100 * without:.1f} ({100 * ends[0]:.1f} to {100 * ends[1]:.1f})",
                "team, %": f"{100 * (without + true):.1f}",
                "true effect, points": f"{100 * true:+.1f}"
                + (f" ({100 * (true - off):+.1f} to {100 * (true + off):+.1f})" if off else ""),
                "chance of Diamond's result or a worse one, %": f"{100 * likely:.1f}",
                "excluded": "unclear" if len(excluded) > 1 else "yes" if excluded.pop() else "no",
            }
        )
    return pd.DataFrame(rows)


def sentence() -> str:
    """Return what the published result excludes."""
    found, low, high = PUBLISHED.found
    level = PUBLISHED.others_reoffended / PUBLISHED.others
    return (
        f"Diamond reported {100 * found:+.1f} points ({100 * low:+.1f} to {100 * high:+.1f}) on "
        f"{100 * level:.1f}%: it excludes at 95% true falls of more than {-100 * low:.1f} points, which is "
        f"{-100 * low / level:.0f}% of it, and rises of more than {100 * high:.1f}."
    )


def main(arguments: list[str] | None = None) -> int:
    """Write the table and print what is excluded; return an exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path, help="folder of the evaluation diamond")
    parser.add_argument("--out", type=Path, default=Path("docs/tables"))
    asked = parser.parse_args(arguments)
    try:
        import pandas as pd

        if not (asked.results / TABLE).is_file():
            raise StoreError(f"{asked.results} holds no {TABLE}; expected a folder that iom evaluate made")
        found = table(pd.read_csv(asked.results / TABLE))
        if not len(found):
            raise StoreError(f"{asked.results} has no {DESIGN}; expected the evaluation diamond")
        asked.out.mkdir(parents=True, exist_ok=True)
        write_bytes(asked.out / NAME, found.to_csv(index=False).encode())
        write_bytes(asked.out / EXCLUDES, excludes().to_csv(index=False).encode())
    except StoreError as error:
        print(error, file=sys.stderr)
        return 2
    print(sentence())
    print(asked.out / NAME, asked.out / EXCLUDES, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
