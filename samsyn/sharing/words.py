"""Sentences for this room's duties and notices. Notices are neutral: they name nobody and nothing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

# What a duty's or a notice's ``room`` says.
CONSENT, DISCLOSURE, CHALLENGE, LOOKS = "consent", "disclosure", "challenge", "looks"

LOOK_AT_YES = "look_at_yes"  # the duty to see, with the family, what happens now that a yes has ended
LOOK_AT_WITHHELD = "look_at_withheld"  # the duty to see whether the family can be told of looks that it was not told of

DUTY_WORDS = {
    "look_again": gettext_lazy("See whether the family can be told now"),
    LOOK_AT_WITHHELD: gettext_lazy("See whether the family can be told who has looked"),
    LOOK_AT_YES: gettext_lazy("Talk with the family: a yes has ended"),
    "renew_consent": gettext_lazy("Ask the family whether its yes still holds"),
    "answer_challenge": gettext_lazy("Answer somebody in the family who finds it wrong that something was shared"),
}
NOTICE_WORDS = {
    "disclosure_received": gettext_lazy("Something about a child has been shared with you."),
    "disclosure_challenged": gettext_lazy("Somebody finds a decision of yours wrong. They wait for your answer."),
    "emergency_opened": gettext_lazy(
        "A colleague has opened something in an emergency. It will be looked at afterwards."
    ),
    "emergency_at_unit": gettext_lazy(
        "Something was opened in an emergency at your unit. It will be looked at afterwards."
    ),
    "emergency_above": gettext_lazy(
        "Something was opened in an emergency, and no other head could be told. It waits for you to look at it."
    ),
    "consent_given": gettext_lazy("A family has answered yes to a question that you asked."),
    "yes_ended": gettext_lazy("Something that rested on a family's yes has closed."),
    "closed_to_you": gettext_lazy("Something that you could read about a child has been closed. You need do nothing."),
    "yes_ends_soon": gettext_lazy("A yes from a family soon ends."),
}
