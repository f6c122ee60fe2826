"""When something is due, in words: "in 2 days", "today, at the latest", "1 day late". A shape says the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from samsyn.look.dates import clock, day, day_and_year, swedish_day

# Further away than this a date says more than a number of days: a matter of taste, no rule rests on it.
DAYS_IN_WORDS = 20

Shape = Literal["later", "today", "late", "done"]


@dataclass(frozen=True, slots=True)
class Due:
    """``words`` in the reader's language, numbers isolated for right-to-left text, and the ``shape`` beside them."""

    words: SafeString
    shape: Shape


def filled(words: str, **values: object) -> SafeString:
    """A translated sentence (trusted, with %(name)s places) filled with values that are escaped and isolated."""
    isolated = {name: format_html("<bdi>{}</bdi>", value) for name, value in values.items()}
    return mark_safe(words % isolated if isolated else words)  # noqa: S308 - the words are ours, the values escaped


def due_words(due: date | datetime, now: datetime, *, by_the_hour: bool = False) -> Due:
    """Say when ``due`` is, seen from ``now`` (aware).

    Whole days are counted on the Swedish calendar; a duty is late from the day after its last day. ``by_the_hour`` is
    for clocks that run in elapsed hours: then it is late from the minute, and ``due`` must be an aware datetime.
    """
    if by_the_hour and isinstance(due, datetime):
        return _hours(due, now)
    on, today = swedish_day(due), swedish_day(now)
    days = (on - today).days
    if days < 0:
        return Due(filled(ngettext("%(number)s day late", "%(number)s days late", -days), number=-days), "late")
    if days == 0:
        return Due(filled(gettext("today, at the latest")), "today")
    if days == 1:
        return Due(filled(gettext("tomorrow")), "later")
    if days <= DAYS_IN_WORDS:
        return Due(filled(ngettext("in %(number)s day", "in %(number)s days", days), number=days), "later")
    return Due(filled(gettext("by %(date)s"), date=day(on) if on.year == today.year else day_and_year(on)), "later")


def done_words(on: date | datetime) -> Due:
    """Say that something was done, and when."""
    return Due(filled(gettext("done %(date)s"), date=day(on)), "done")


def _hours(due: datetime, now: datetime) -> Due:
    seconds = (due - now).total_seconds()
    hours = int(abs(seconds) // 3600)
    if seconds < 0:
        if hours == 0:
            return Due(filled(gettext("less than an hour late")), "late")
        return Due(filled(ngettext("%(number)s hour late", "%(number)s hours late", hours), number=hours), "late")
    if hours == 0:
        return Due(filled(gettext("in less than an hour, by %(time)s"), time=clock(due)), "today")
    return Due(filled(ngettext("in %(number)s hour", "in %(number)s hours", hours), number=hours), "today")
