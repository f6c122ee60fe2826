"""A row of law in the reader's language: its own Swedish or English, else a translation of the English."""

from __future__ import annotations

from django.utils.translation import get_language, gettext, ngettext, pgettext

from samsyn.law.rows import Age, Clock, Gate, Row
from samsyn.law.vocabulary import AgeTest, Unit

OWN = ("sv", "en")  # the languages that each row is written in
AGREEMENT = "Partnerskapsavtal"  # what stands as the paragraph of a row that is no law


def sentence(row: Row) -> str:
    """What the row says. The translations stand apart from others', as "law": a lawyer reads them."""
    language = (get_language() or "sv")[:2]
    own = row.sentence(language)
    return own if language in OWN else pgettext("law", own)


def paragraph(row: Row) -> str:
    """Where the row stands. A law is called as it is written; what partners agree on, in the reader's language."""
    return gettext("Partnership agreement") if row.paragraph == AGREEMENT else row.paragraph


def own_time(row: Row, value: int) -> str:
    """The time or age that a partnership has set for the row, in words: "7 days"."""
    if isinstance(row, Age):
        turns = value + 1 if row.test is AgeTest.THROUGH else value
        return ngettext("%(n)s year old", "%(n)s years old", turns) % {"n": turns}
    words = {
        Unit.ELAPSED_HOURS: ngettext("%(n)s hour", "%(n)s hours", value),
        Unit.CALENDAR_DAYS: ngettext("%(n)s day", "%(n)s days", value),
        Unit.WORKING_DAYS: ngettext("%(n)s working day", "%(n)s working days", value),
        Unit.WEEKS: ngettext("%(n)s week", "%(n)s weeks", value),
        Unit.MONTHS: ngettext("%(n)s month", "%(n)s months", value),
        Unit.YEARS: ngettext("%(n)s year", "%(n)s years", value),
    }
    return words[row.unit] % {"n": value} if isinstance(row, Clock) and row.unit in words else str(value)


def confirmation(gate: Gate) -> str:
    """What the sender says to be so by choosing the gate, in the reader's language; "" for nothing."""
    language = (get_language() or "sv")[:2]
    own = gate.confirmation(language)
    return own if language in OWN or not own else pgettext("law", own)
