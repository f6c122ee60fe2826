"""Counting days in Sweden: months, birthdays, working days and the roll-over of lag 1930:173. Zone Europe/Stockholm."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays

from samsyn.common.clock import STOCKHOLM

DAY = timedelta(days=1)
MONTHS_IN_A_YEAR = 12
SATURDAY = 5


@lru_cache(maxsize=256)
def _closed(year: int, eves_of: tuple[str, ...]) -> frozenset[date]:
    """Public holidays of ``year`` (Sundays apart) and the eves of those named in ``eves_of``."""
    around = holidays.country_holidays("SE", years=[year, year + 1], language="sv")
    eves = {eve for feast, name in around.items() if name in eves_of and (eve := feast - DAY).year == year}
    return frozenset({feast for feast in around if feast.year == year} | eves)


def is_working_day(day: date, eves_of: tuple[str, ...]) -> bool:
    """Not a Saturday, a Sunday, a public holiday, or an eve that the law counts as one."""
    return day.weekday() < SATURDAY and day not in _closed(day.year, eves_of)


def next_working_day(day: date, eves_of: tuple[str, ...]) -> date:
    """``day`` itself when it is a working day, else the first one after it."""
    while not is_working_day(day, eves_of):
        day += DAY
    return day


def add_working_days(day: date, number: int, eves_of: tuple[str, ...]) -> date:
    """The ``number``-th working day after ``day``; ``day`` itself is not counted."""
    for _ in range(number):
        day = next_working_day(day + DAY, eves_of)
    return day


def add_months(day: date, number: int) -> date:
    """The same day number ``number`` months later, or the last day of a shorter month (lag 1930:173 1 §)."""
    year, month = divmod(day.year * MONTHS_IN_A_YEAR + day.month - 1 + number, MONTHS_IN_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, number: int) -> date:
    """The same day ``number`` years later; 29 February becomes 28 February where there is none."""
    return add_months(day, number * MONTHS_IN_A_YEAR)


def latest_birth(day: date, years: int) -> date:
    """The latest birth date of those who have turned ``years`` on ``day``: who was born later has not.

    29 February turns a year older on the 28th in years without a 29th, so it can be one day later than ``day``'s own.
    """
    born = add_years(day, -years)
    return born + DAY if add_years(born + DAY, years) <= day else born


def swedish_day(start: date | datetime) -> date:
    """The calendar day in Sweden.

    Raises ValueError for a time without zone.
    """
    if not isinstance(start, datetime):
        return start
    return swedish_time(start).date()


def swedish_time(start: date | datetime) -> datetime:
    """The same moment on a Swedish clock.

    Raises ValueError for a time without zone, or a mere date: this rule needs the time of day.
    """
    if not isinstance(start, datetime):
        raise ValueError("This clock needs the time of day, not only the date.")
    if start.tzinfo is None:
        raise ValueError("A time without zone cannot be counted from.")
    return start.astimezone(STOCKHOLM)
