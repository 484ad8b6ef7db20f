"""British dates: the day before the month, or as the ISO standard has them; others are refused."""

import re
from datetime import date

from pydantic_core import PydanticCustomError

AMERICAN = "american_date"
WANTED = "day/month/year, as 31/12/2009"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: Midnight, as databases write it behind a date.
_MIDNIGHT = r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"
_BRITISH = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{2,4})" + _MIDNIGHT, re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})" + _MIDNIGHT, re.ASCII)
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?[ -](\d{2,4})", re.ASCII)


def british(text: object) -> date:
    """Return the date that a text says in British or ISO form.

    Raises
    ------
    PydanticCustomError
        Of type :data:`AMERICAN`, if the month can only stand before the day.
    ValueError
        If it is no date, in words that end with what was expected.
    """
    said = str(text).strip()
    if found := _ISO.fullmatch(said):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _BRITISH.fullmatch(said):
        day, month = int(found[1]), int(found[3])
        if month > 12 and 1 <= day <= 12:
            raise PydanticCustomError(
                AMERICAN, f"has {month} as its month, as if the month stood first; expected {WANTED}"
            )
        return _date(_year(found[4]), month, day)
    if found := _WORDS.fullmatch(said.casefold()):
        month = next((n for n, name in enumerate(_MONTHS, 1) if found[2].startswith(name)), 0)
        return _date(_year(found[3]), month, int(found[1]))
    if re.fullmatch(r"\d{5}", said, re.ASCII):
        raise ValueError(f"is a spreadsheet's own day number; expected {WANTED}: format the column as a date")
    raise ValueError(f"is not a date; expected {WANTED}")


def _year(text: str) -> int:
    if len(text) != 4:
        raise ValueError(f"has a year of {len(text)} figures; expected {WANTED}")
    return int(text)


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"is a day that the calendar does not have; expected {WANTED}") from None
