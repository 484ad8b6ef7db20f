"""The tables of the page about the evidence, written where ``--out FOLDER`` says."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from calibration.evidence import built_in, register, set_by_sites
from calibration.evidence.register import CONFIDENCE
from calibration.tables import write_table

Rows = list[list[str]]


def numbers() -> Rows:
    """Return the register without the coefficients of the predictors, head first."""
    head = ["id", "quantity", "value", "unit", "of", "year", "source", "confidence"]
    return [
        head,
        *(
            [it.id, it.quantity, it.value, it.unit, it.population, it.year, it.source, it.confidence]
            for it in register().values()
            if not _is_coefficient(it.informs)
        ),
    ]


def by_confidence() -> Rows:
    """Return how many numbers there are of each confidence, coefficients of the predictors apart."""
    counts = Counter((it.confidence, _is_coefficient(it.informs)) for it in register().values())
    return [
        ["confidence", "the number", "numbers", "and coefficients of the predictors"],
        *(
            [word, means, str(counts[word, False]), str(counts[word, True])]
            for word, means in CONFIDENCE.items()
        ),
    ]


def by_kind() -> Rows:
    """Return how many parameters rest on what, as declared and as the files of the sites set them."""
    declared, sites = (Counter(it.kind for it in stated) for stated in (built_in(), set_by_sites()))
    return [
        ["the value", "as declared", "as sites set it"],
        *([kind, str(declared[kind]), str(sites[kind])] for kind in sorted({*declared, *sites})),
    ]


TABLES = {
    "evidence.csv": numbers,
    "evidence_confidence.csv": by_confidence,
    "evidence_parameters.csv": by_kind,
}


def _is_coefficient(informs: Iterable[str]) -> bool:
    return any(name.startswith("simulation.") for name in informs)


def main() -> None:
    """Write the tables."""
    asked = ArgumentParser(description=main.__doc__)
    asked.add_argument("--out", type=Path, required=True, help="folder to write to")
    given = asked.parse_args()
    for name, table in TABLES.items():
        write_table(given.out / name, table())


if __name__ == "__main__":
    main()
