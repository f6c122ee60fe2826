"""How a sign ends: the one who noticed is told, and it is closed, or joined with an earlier one about the child."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties
from samsyn.early_signals import rules
from samsyn.early_signals.actions.changing import (
    answering_as,
    cleaned_text,
    locked_sign,
)
from samsyn.early_signals.actions.coming_back import let_go
from samsyn.early_signals.actions.sign_steps import fear_goes_along, take_step, tell_of_step
from samsyn.early_signals.actions.stuck import call_when_stuck, no_longer_stuck
from samsyn.early_signals.models import Sign, SignState
from samsyn.trail.rules import Subject


@transaction.atomic
def tell_noticer(viewer: Viewer, sign: Sign, feedback: str) -> Sign:
    """Answer those who noticed while the sign stays open, because help is still under way. May be done again."""
    sign = locked_sign(sign)
    post = answering_as(viewer, sign)
    feedback = cleaned_text(feedback, "feedback")
    require(rules.may_tell(state=sign.state, is_named_person=post is not None, feedback=feedback))
    sign.told_noticer = feedback
    take_step(viewer, sign, "tell", post)
    _tell_everyone(viewer, sign, "feedback_given")
    return sign


@transaction.atomic
def close_sign(viewer: Viewer, sign: Sign, feedback: str = "") -> Sign:
    """Close the sign and tell those who noticed. Without new ``feedback`` what they have been told already stands.

    Raises Refused before the decision, while a request for help is open, and without any answer to the noticer.
    """
    sign = locked_sign(sign)
    post = answering_as(viewer, sign)
    feedback = cleaned_text(feedback, "feedback") or sign.told_noticer
    require(
        rules.may_close(
            state=sign.state,
            is_named_person=post is not None,
            decision=sign.decision,
            open_requests=sign.requests.filter(state__in=rules.OPEN_REQUEST).count(),
            feedback=feedback,
        )
    )
    sign.told_noticer = feedback
    sign.closed_at = clock.now()
    take_step(viewer, sign, "close", post)
    end_duties(sign.ref)
    let_go(sign.child)
    no_longer_stuck(sign.child, sign)
    _tell_everyone(viewer, sign, "sign_closed")
    return sign


@transaction.atomic
def merge_sign(viewer: Viewer, sign: Sign, into: Sign) -> Sign:
    """Join a sign with an earlier one about the same child. Both noticers are told when the earlier one ends.

    The earlier one's times go on, and its count of bounces takes the other's in. Raises Refused when they do not fit.
    """
    first, second = sorted(
        (sign, into), key=lambda one: one.pk
    )  # always in this order, so that two never wait in a ring
    locked = {row.pk: row for row in (locked_sign(first), locked_sign(second))}
    sign, into = locked[sign.pk], locked[into.pk]
    post = answering_as(viewer, sign)
    require(
        rules.may_merge(
            state=sign.state,
            into_state=into.state,
            is_named_person=post is not None,
            same_sign=sign.pk == into.pk,
            same_child=sign.child_id == into.child_id,
            into_is_earlier=into.sent_at is not None and sign.sent_at is not None and into.sent_at <= sign.sent_at,
            open_requests=sign.requests.filter(state__in=rules.OPEN_REQUEST).count(),
        )
    )
    fear_goes_along(sign, into)
    Sign.objects.filter(merged_into=sign).update(merged_into=into, version=F("version") + 1)
    sign.merged_into = into
    into.bounces += sign.bounces
    into.version += 1
    into.save(update_fields=["bounces", "version"])
    take_step(viewer, sign, "merge", post, Subject("sign", into.ref, into.child.ref, into.state))
    end_duties(sign.ref, dropped=True)
    let_go(sign.child)
    tell_of_step(viewer, sign, "sign_joined")
    call_when_stuck(viewer, into.child, into)
    return sign


def _tell_everyone(viewer: Viewer, sign: Sign, key: str) -> None:
    """Let the sign's noticer and those of the signs that were joined with it read the answer, and tell them so."""
    joined = Sign.objects.select_related("noticer_post", "child").filter(merged_into=sign, state=SignState.MERGED)
    occasion = str(sign.version)
    tell_of_step(viewer, sign, key, occasion)
    for other in joined:
        tell_of_step(viewer, other, key, occasion)
    joined.update(told_noticer=sign.told_noticer, version=F("version") + 1)
