"""What each duty and notice says on screen, and where its link leads. A room without words stops the tests."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _lazy

from samsyn.circle import words as circle
from samsyn.early_signals import words as early_signals
from samsyn.look.addresses import address
from samsyn.plans import words as plans
from samsyn.reviews import words as reviews
from samsyn.sharing import words as sharing

DUTY_WORDS = {
    **reviews.DUTY_WORDS,
    **sharing.DUTY_WORDS,
    **circle.DUTY_WORDS,
    **early_signals.DUTY_WORDS,
    **plans.DUTY_WORDS,
}
NOTICE_WORDS = {**sharing.NOTICE_WORDS, **circle.NOTICE_WORDS, **early_signals.NOTICE_WORDS, **plans.NOTICE_WORDS}


@dataclass(frozen=True)
class Lead:
    """Where a duty leads and the verb on its link. ``opened``: the child's name may stand in the list."""

    view: str
    verb: object
    opened: bool = True


LEADS = {
    "acknowledge_sign": Lead("desk:sign", _lazy("Read"), opened=False),
    "talk_with_family": Lead("desk:sign_talk", _lazy("Write down the talk")),
    "five_questions": Lead("desk:sign_questions", _lazy("Answer the questions")),
    "tell_noticer": Lead("desk:sign_close", _lazy("Give an answer")),
    "answer_request": Lead("desk:request", _lazy("Read and answer"), opened=False),
    "carry_out_request": Lead("desk:request", _lazy("Open")),
    "close_sign": Lead("desk:sign_close", _lazy("Open")),
    "accept_request": Lead("desk:request", _lazy("Open")),
    "answer_counter": Lead("desk:request", _lazy("Read and answer")),
    "unstick": Lead("desk:request", _lazy("Help it on"), opened=False),
    "answer_consultation": Lead("desk:consultation", _lazy("Read and answer")),
    "start_team": Lead("desk:team", _lazy("Open")),
    "begin_plan": Lead("desk:team", _lazy("Open")),
    "team_after_plan": Lead("desk:team", _lazy("Open")),
    "make_one_team": Lead("desk:team", _lazy("Open")),
    "answer_handover": Lead("desk:handover", _lazy("Read and answer"), opened=False),
    "meet_family": Lead("desk:handover", _lazy("Open")),
    "empty_post": Lead("desk:leaving", _lazy("See what is left")),
    "finish_plan": Lead("desk:plan", _lazy("Open")),
    "review_plan": Lead("desk:plan", _lazy("Review")),
    "carry_out_action": Lead("desk:plan_action", _lazy("Open")),
    "look_at_yes": Lead("desk:yes_ended", _lazy("Look at it")),
    "renew_consent": Lead("desk:consent", _lazy("Open")),
    "look_again": Lead("desk:disclosure", _lazy("Look again")),
    "look_at_withheld": Lead("desk:untold_looks", _lazy("Look again")),
    "answer_challenge": Lead("desk:challenge", _lazy("Read and answer")),
    "review_looks": Lead("desk:review", _lazy("Go through")),
}


def link(what: str, ref: UUID) -> str:
    """The address that a duty leads to."""
    return address(LEADS[what].view, ref)


ROOM_VIEWS = {
    "child": "desk:child",
    "sign": "desk:sign",
    "request": "desk:request",
    "consultation": "desk:consultation",
    "team": "desk:team",
    "handover": "desk:handover",
    "plan": "desk:plan",
    "post": "desk:leaving",
    "unit": "desk:unit",
    "consent": "desk:consent",
    "disclosure": "desk:disclosure",
    "challenge": "desk:challenge",
    "reviews": "desk:review",
}
