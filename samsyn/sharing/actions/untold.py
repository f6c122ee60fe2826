"""What the family has not been told of yet: in sight of whoever decided, who is asked again on the day that was set."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef

from samsyn.common import clock
from samsyn.duties.actions import open_duty
from samsyn.duties.models import Duty, DutyState
from samsyn.organisations.models import Post
from samsyn.organisations.presence import goes_on_at
from samsyn.sharing.actions.involvement import involve
from samsyn.sharing.models import (
    Disclosure,
    Reason,
    Scope,
)

A_ROUND = 200  # rows that one tick takes


def keep_in_sight(disclosure: Disclosure, post: Post | None = None) -> None:
    """Let whoever decided, or ``post``, read the row until the family knows, whatever becomes of other reasons."""
    post = post or disclosure.decided_by
    involve(
        disclosure.child,
        post.unit,
        Reason.PASSED_ON,
        Scope.ITEM,
        post_id=post.pk,
        item_ref=disclosure.ref,
        source="sharing",
    )


def ask_again_about_telling() -> int:
    """Give whoever decided the duty to look again, on the day that was set and once. Gives how many.

    Part of the tick; safe to run twice at once.
    """
    today = clock.today()
    asked = Duty.objects.filter(object_ref=OuterRef("ref"), what="look_again", state=DutyState.OPEN)
    with transaction.atomic():
        due = list(
            Disclosure.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(~Exists(asked), told="", look_again_on__lte=today)
            .select_related("child", "decided_by__unit", "decided_by__parent__unit")
            .order_by("pk")[:A_ROUND]
        )
        for disclosure in due:
            _open_look_again(disclosure)
    return len(due)


def _open_look_again(disclosure: Disclosure) -> None:
    post = who_answers(disclosure)
    keep_in_sight(disclosure, post)
    open_duty(
        post,
        "look_again",
        child=disclosure.child,
        room="disclosure",
        object_ref=disclosure.ref,
        rule="recheck_withheld_notice",
        start=disclosure.since,
        due_on=disclosure.look_again_on,
    )


def who_answers(disclosure: Disclosure) -> Post:
    """The post that decided; if it is no more, the one above it, and in the end the duty desk."""
    return goes_on_at(disclosure.decided_by)
