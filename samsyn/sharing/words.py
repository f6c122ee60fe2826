"""Sentences for this room's duties and notices. Notices are neutral: they name nobody and nothing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

CONSENT, DISCLOSURE = "consent", "disclosure"  # what a duty's or a notice's ``room`` says

DUTY_WORDS = {
    "look_again": gettext_lazy("See whether the family can be told now"),
}
NOTICE_WORDS = {
    "consent_given": gettext_lazy("A family has answered yes to a question that you asked."),
    "consent_closed": gettext_lazy("A family has said no or taken a yes back. What rested on it is closed."),
}
