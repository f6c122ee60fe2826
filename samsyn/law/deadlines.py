"""When something is due: a row and a start give a deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from samsyn.common.clock import STOCKHOLM
from samsyn.law.days import (
    add_months,
    add_working_days,
    add_years,
    next_working_day,
    swedish_day,
    swedish_time,
)
from samsyn.law.rows import Clock, NoSuchRule, Row
from samsyn.law.vocabulary import Effect, Unit

LAST_SECOND = time(23, 59, 59)
ROLLED_UNITS = {Unit.CALENDAR_DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS}
UNTIMED = {Unit.AT_ONCE, Unit.AS_SOON_AS_POSSIBLE}


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """When something is due.

    ``nominal``: what counting gives. ``latest``: the last lawful day, after roll-over to a weekday (lag 1930:173
    2 §). Both are Swedish calendar days; for elapsed hours both are the moment (aware). ``rule``: the row.
    ``due_at``: aware, for sorting and showing: the last second of the latest day, the moment for elapsed hours, and
    the start itself for what is due at once.
    """

    nominal: date | datetime
    latest: date | datetime
    rule: Row
    due_at: datetime

    @property
    def latest_day(self) -> date:
        """The Swedish calendar day of ``latest``."""
        return swedish_day(self.latest)

    @property
    def red_from(self) -> date | datetime:
        """The first day that is too late; for elapsed hours the moment after which it is."""
        return self.latest if isinstance(self.latest, datetime) else self.latest + timedelta(days=1)

    def is_overdue(self, moment: datetime) -> bool:
        """Has the last lawful moment passed. What is due at once is overdue from the next calendar day, weekends too.

        Raises ValueError for a time without zone.
        """
        if isinstance(self.latest, datetime):
            # In UTC: two times of one zone are compared by their faces, and one hour in October comes twice.
            return swedish_time(moment).astimezone(UTC) > self.latest.astimezone(UTC)
        return swedish_day(swedish_time(moment)) > self.latest


def count(row: Row, start: date | datetime, eves_of: tuple[str, ...]) -> Deadline:
    """The deadline that ``row`` gives from ``start`` (a Swedish day, or an aware time).

    Raises ValueError when the start lacks a time of day or a zone that the row needs; NoSuchRule when the row gives
    no time.
    """
    if row.unit is Unit.ELAPSED_HOURS:
        # Counted in UTC: 24 hours are 24 hours on the nights when the clocks change.
        end = swedish_time(start).astimezone(UTC) + timedelta(hours=_value(row, start))
        moment = end.astimezone(STOCKHOLM)
        return Deadline(nominal=moment, latest=moment, rule=row, due_at=moment)
    day = swedish_day(start)
    if row.unit in UNTIMED:
        begun = swedish_time(start) if isinstance(start, datetime) else datetime.combine(day, time.min, STOCKHOLM)
        return Deadline(nominal=day, latest=day, rule=row, due_at=begun)
    nominal = _nominal(row, day, start, eves_of)
    latest = next_working_day(nominal, eves_of) if rolls_over(row) else nominal
    return Deadline(nominal=nominal, latest=latest, rule=row, due_at=datetime.combine(latest, LAST_SECOND, STOCKHOLM))


def rolls_over(row: Row) -> bool:
    """Only what somebody must do moves to a weekday: never what is due at once, begins or ends by itself."""
    return isinstance(row, Clock) and row.effect is not Effect.LIMIT and row.unit in ROLLED_UNITS


def _nominal(row: Row, day: date, start: date | datetime, eves_of: tuple[str, ...]) -> date:
    if row.unit is Unit.SAME_DAY:
        return day
    value = _value(row, start)
    match row.unit:
        case Unit.CALENDAR_DAYS:
            return day + timedelta(days=value)
        case Unit.WORKING_DAYS:
            return add_working_days(day, value, eves_of)
        case Unit.WEEKS:
            return day + timedelta(weeks=value)
        case Unit.MONTHS:
            return add_months(day, value)
        case Unit.YEARS | Unit.AGE_YEARS:
            return add_years(day, value)
        case Unit.CALENDAR_YEARS:
            return date(day.year + value, 12, 31)
    raise NoSuchRule(f"{row.id} gives no time to count.")


def _value(row: Row, start: date | datetime) -> int:
    if row.value is None:
        raise NoSuchRule(f"{row.id} gives no time to count.")
    later = row.later_in_the_day if isinstance(row, Clock) else None
    if later is not None and swedish_time(start).time() > later.after:
        return later.value
    return row.value
