"""A row of law in the reader's language: its own Swedish or English, else a translation of the English."""

from __future__ import annotations

from django.utils.translation import get_language, pgettext

from samsyn.law.rows import Gate, Row

OWN = ("sv", "en")  # the languages that each row is written in


def sentence(row: Row) -> str:
    """What the row says. The translations stand apart from others', as "law": a lawyer reads them."""
    language = (get_language() or "sv")[:2]
    own = row.sentence(language)
    return own if language in OWN else pgettext("law", own)


def confirmation(gate: Gate) -> str:
    """What the sender says to be so by choosing the gate, in the reader's language; "" for nothing."""
    language = (get_language() or "sv")[:2]
    own = gate.confirmation(language)
    return own if language in OWN or not own else pgettext("law", own)
