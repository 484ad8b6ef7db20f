"""Prices: one price year, and the table that brings the prices of other years to it."""

#: Financial year in whose prices all pounds of the model are.
PRICE_YEAR = "2007-08"

#: Assumed: near the Treasury's gross domestic product deflators at market prices, 2015-16 = 100, rounded.
#: None was checked against the published table; EX450 and EX451 say so of the two that results use most.
DEFLATOR = {
    "2003-04": 78.9, "2004-05": 81.0, "2005-06": 83.1, "2006-07": 85.6, "2007-08": 87.7, "2008-09": 90.1,
    "2009-10": 91.5, "2010-11": 93.1, "2011-12": 94.5, "2012-13": 96.4, "2013-14": 98.0, "2014-15": 99.3,
    "2015-16": 100.0,
}  # fmt: skip


def at_prices_of(year: str, gbp: float, stated: str = PRICE_YEAR) -> float:
    """Return an amount in the prices of a year.

    Parameters
    ----------
    year
        Financial year wanted, such as ``"2009-10"``.
    gbp, stated
        The amount, and the financial year in whose prices it is stated.

    Raises
    ------
    ValueError
        If the table holds no such year.
    """
    for one in (year, stated):
        if one not in DEFLATOR:
            raise ValueError(f"no price level for {one!r}; expected one of {', '.join(DEFLATOR)}")
    return gbp * DEFLATOR[year] / DEFLATOR[stated]
