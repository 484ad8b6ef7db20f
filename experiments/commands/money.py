"""Money: whether a finished study's scenarios pay, and what would turn the answer."""

from pathlib import Path
from typing import Annotated

import typer

from experiments.commands.manners import console, refusals
from experiments.commands.settings import Debug
from simulation.prices import DEFLATOR, PRICE_YEAR

#: Columns where there is no terminal: five figures with their ranges stand side by side.
WIDTH = 110
#: Of a sweep: where each factor turns the answer, all others in the middle.
SWITCHING = "switching.csv"


def money(
    results: Annotated[Path, typer.Argument(help="The folder of a run, a comparison or a sweep.")],
    prices: Annotated[
        str | None, typer.Option(help=f"Financial year in whose prices to tell it; {PRICE_YEAR} without it.")
    ] = None,
    option: Annotated[
        str | None, typer.Option(help="Of a sweep: the option asked about; its last without it.")
    ] = None,
    debug: Debug = False,
) -> None:
    """Tell at which reduction each scenario pays, how likely that is, and what would turn the answer."""
    with refusals(debug):
        from experiments.files import StoreError
        from experiments.store import held_manifest

        swept = bool(held_manifest(results).get("points"))
        if swept and prices is not None:
            raise StoreError(f"--prices is of runs and comparisons; {results} is a sweep, in its own prices")
        if not swept and option is not None:
            raise StoreError(f"--option is of sweeps; {results} is none, and is told of every scenario")
        if swept:
            _of_sweep(results, option)
        else:
            _of_scenarios(results, prices or PRICE_YEAR)


def _of_sweep(results: Path, option: str | None) -> None:
    import pandas as pd

    from experiments.deciding.sample import read
    from experiments.files import StoreError, write_bytes
    from experiments.money import of_factors
    from experiments.money.words import switches

    sample = read(results)
    asked = option or sample.options[-1]
    if asked not in sample.options:
        raise StoreError(f"{asked!r} is no option of {results}; expected one of {', '.join(sample.options)}")
    found, explained = of_factors(sample, asked)
    screen = console(WIDTH)
    screen.print(switches(f"Where {asked} breaks even, the others in the middle", found, "95%"))
    screen.print(f"- A straight line explains {100 * explained:.0f}% of what differs.")
    table = pd.DataFrame(found).drop(columns="label").assign(option=asked, explained=explained)
    write_bytes(results / SWITCHING, table.to_csv(index=False, float_format="%.6g").encode())
    typer.echo(f"\nFiles in {results}: {SWITCHING}")


def _of_scenarios(results: Path, prices: str) -> None:
    from experiments.files import StoreError
    from experiments.money import accounts
    from experiments.money.words import sentences, tables

    if prices not in DEFLATOR:
        raise StoreError(f"--prices {prices}: no price level is known; expected one of {', '.join(DEFLATOR)}")
    told = accounts(results, prices)
    screen = console(WIDTH)
    for table in tables(told, prices):
        screen.print(table, end="\n\n")
    for text in sentences(told):
        screen.print(f"- {text}", markup=False)
