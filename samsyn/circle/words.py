"""Sentences for the circle's duties and notices. Notices are neutral: they name nobody and nothing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

MAKE_ONE = "make_one_team"  # the duty of whoever leads a team and reads another: also the row of law that says when
BEGIN_PLAN = "begin_plan"  # the duty of whoever leads a team that has begun and has no plan yet
AFTER_PLAN = "team_after_plan"  # and of whoever leads one whose plan is closed: also the row of law that says when

DUTY_WORDS = {
    "start_team": gettext_lazy("Ask the family about the team"),
    BEGIN_PLAN: gettext_lazy("Make one plan together"),
    AFTER_PLAN: gettext_lazy("The plan is closed: close the team too, or begin a new plan"),
    "answer_handover": gettext_lazy("Answer an offer to take over"),
    "meet_family": gettext_lazy("Meet the family as the new contact"),
    "empty_post": gettext_lazy("Hand over what you have: your unit ends"),
    MAKE_ONE: gettext_lazy("Two teams around the child: talk about becoming one"),
}
NOTICE_WORDS = {
    "team_started": gettext_lazy("A team you are in has begun."),
    "handover_offered": gettext_lazy("Somebody offers you to take over a responsibility."),
    "handover_withdrawn": gettext_lazy("An offer to you to take over has been taken back. You need not answer."),
    "own_offer_withdrawn": gettext_lazy("An offer of yours to hand over has been taken back. You have it still."),
    "lead_came_back": gettext_lazy("The lead of a team has come back to you."),
    "answers_now": gettext_lazy("You now answer for a child. Whoever did before is of its family."),
    "handover_accepted": gettext_lazy("Your offer to hand over was accepted."),
    "handover_declined": gettext_lazy("Your offer to hand over was declined."),
    "custody_changed": gettext_lazy("Somebody has written down who has custody of a child whom you follow."),
    "unit_closes": gettext_lazy("Your unit is to end. Hand over what you have there."),
}
