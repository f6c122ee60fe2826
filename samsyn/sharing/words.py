"""Sentences for this room's notices. They are neutral: they name nobody and nothing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

NOTICE_WORDS = {
    "consent_given": gettext_lazy("A family has answered yes to a question that you asked."),
    "consent_closed": gettext_lazy("A family has said no or taken a yes back. What rested on it is closed."),
}
