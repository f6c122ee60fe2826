"""The one clock. Everything that asks what time it is asks here, so that a test or the village can set it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_set_to: ContextVar[datetime | None] = ContextVar("samsyn_clock", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    fixed = _set_to.get()
    return fixed if fixed is not None else datetime.now(UTC)


def today() -> date:
    """The calendar day in Sweden at this moment."""
    return now().astimezone(STOCKHOLM).date()


def set_to() -> str:
    """The moment that a test or the village has set, in words that a database reads; "" when the clock runs."""
    fixed = _set_to.get()
    return "" if fixed is None else fixed.isoformat()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at ``moment`` (aware) inside the block.

    Raises ValueError when ``moment`` has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("The clock is set with an aware time.")
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)


def in_seconds(seconds: float) -> datetime:
    """The moment that comes so many seconds from now."""
    return now() + timedelta(seconds=seconds)


def noon(day: date) -> datetime:
    """Twelve o'clock Swedish time on ``day``: a moment that is on that day in every season."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=STOCKHOLM)


def end_of(day: date) -> datetime:
    """The last second of ``day`` in Sweden."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=STOCKHOLM)
