"""Dates and times in words, in the reader's language. Formatting one is slow, so each day and language is done once.

Times are shown on the Swedish clock, whatever zone they are stored in.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS
from django.utils.translation import get_language, gettext, override

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def swedish_day(moment: date | datetime) -> date:
    """The calendar day in Sweden of a moment (aware), or the day itself."""
    return moment.astimezone(STOCKHOLM).date() if isinstance(moment, datetime) else moment


def day(moment: date | datetime) -> str:
    """ "9 november"."""
    return _day(swedish_day(moment), get_language() or "en")


def day_short(moment: date | datetime) -> str:
    """ "9 nov"."""
    return _day_short(swedish_day(moment), get_language() or "en")


def day_and_year(moment: date | datetime) -> str:
    """ "9 november 2026"."""
    on = swedish_day(moment)
    return f"{_day(on, get_language() or 'en')} {on.year}"


def weekday(moment: date | datetime) -> str:
    """ "måndag 9 november"."""
    on = swedish_day(moment)
    language = get_language() or "en"
    return f"{_weekday(on.weekday(), language)} {_day(on, language)}"


def clock(moment: datetime) -> str:
    """ "9.41" in Swedish, "9:41" in other languages: the hour in Sweden without a leading nought."""
    local = moment.astimezone(STOCKHOLM)
    return f"{local.hour}{'.' if (get_language() or '').startswith('sv') else ':'}{local.minute:02}"


def moment(value: datetime) -> str:
    """ "9 november 9.41"."""
    return f"{day(value)} {clock(value)}"


def near_day(value: date | datetime, now: datetime) -> str:
    """ "today", "yesterday", "tomorrow", else "9 nov", with the year when it is another."""
    on, today = swedish_day(value), swedish_day(now)
    if on == today:
        return gettext("today")
    if on == today - timedelta(days=1):
        return gettext("yesterday")
    if on == today + timedelta(days=1):
        return gettext("tomorrow")
    short = day_short(on)
    return short if on.year == today.year else f"{short} {on.year}"


@lru_cache(maxsize=4096)
def _day(on: date, language: str) -> str:
    with override(language):
        return f"{on.day} {MONTHS[on.month]}"


@lru_cache(maxsize=4096)
def _day_short(on: date, language: str) -> str:
    with override(language):
        month = str(MONTHS_3[on.month])
    # Django keeps the short months in small letters in every language, and English writes them with a capital.
    return f"{on.day} {month.capitalize() if language.startswith('en') else month}"


@lru_cache(maxsize=64)
def _weekday(number: int, language: str) -> str:
    with override(language):
        return str(WEEKDAYS[number])
