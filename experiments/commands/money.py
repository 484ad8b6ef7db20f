"""Money: whether a finished study's scenarios pay, and what would turn the answer."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from experiments.commands.manners import FAILED, refusals
from experiments.commands.settings import Debug
from simulation.prices import PRICE_YEAR


def money(
    results: Annotated[Path, typer.Argument(help="The folder of a run, a comparison or a sweep.")],
    prices: Annotated[str, typer.Option(help="Financial year in whose prices to tell it.")] = PRICE_YEAR,
    option: Annotated[str, typer.Option(help="Of a sweep: the option asked about; its last.")] = "",
    debug: Debug = False,
) -> None:
    """Tell at which reduction each scenario pays, how likely that is, and what would turn the answer."""
    with refusals(debug):
        from rich.console import Console

        from experiments.deciding import MissingRowsError
        from experiments.deciding.sample import read
        from experiments.files import StoreError
        from experiments.money import accounts, of_factors
        from experiments.money.words import sentences, switches, tables
        from experiments.store import held_manifest

        console = Console(highlight=False, width=None if sys.stdout.isatty() else 110)
        try:
            if held_manifest(results).get("points"):
                sample = read(results)
                asked = option or sample.options[-1]
                if asked not in sample.options:
                    raise StoreError(
                        f"{asked!r} is no option of {results}; expected one of {', '.join(sample.options)}"
                    )
                found, explained = of_factors(sample, asked)
                console.print(switches(f"Where {asked} breaks even, the others in the middle", found, "95%"))
                console.print(f"- A straight line explains {100 * explained:.0f}% of what differs.")
                return
            told = accounts(results, prices)
        except MissingRowsError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(FAILED) from None
        except ValueError as error:
            raise StoreError(f"--prices {prices}: {error}") from None
        for table in tables(told, prices):
            console.print(table, end="\n\n")
        for text in sentences(told):
            console.print(f"- {text}", markup=False)
