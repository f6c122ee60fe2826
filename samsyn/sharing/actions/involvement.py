"""Giving a unit or a post a reason around a child, and ending it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import Post, Unit
from samsyn.people.models import Person
from samsyn.protection.insight_actions import let_work
from samsyn.sharing.models import Consent, Involvement, Reason, Scope


def involve(
    child: Person,
    unit: Unit,
    reason: Reason,
    scope: Scope,
    *,
    post_id: int | None = None,
    item_ref: UUID | None = None,
    group: str = "",
    until: datetime | None = None,
    consent: Consent | None = None,
    source: str,
) -> Involvement:
    """Give a unit, or one post in it, a reason around the child from now on. The same open reason is not doubled.

    ``until``: when it ends by itself, None for until further notice. ``consent``: the yes that it rests and ends on.
    """
    facts = {
        "child": child,
        "authority_id": unit.authority_id,
        "unit": unit,
        "post_id": post_id,
        "reason": reason,
        "scope": scope,
        "item_ref": item_ref,
        "consent": consent,
    }
    if post_id is not None:
        let_work(child, [post_id], reason)
    existing = Involvement.objects.filter(until=until, **facts).first()
    if existing is not None:
        return existing
    return Involvement.objects.create(since=clock.now(), until=until, group=group, source=source, **facts)


def begin_involvements(child: Person, post: Post, reasons: Sequence[Reason], *, source: str) -> None:
    """Give a post reasons to all that its authority holds, in one write. The caller knows that it has none of them."""
    now = clock.now()
    let_work(child, [post.pk], str(reasons[0]))
    Involvement.objects.bulk_create(
        Involvement(
            child=child,
            authority_id=post.unit.authority_id,
            unit=post.unit,
            post=post,
            reason=reason,
            scope=Scope.WHOLE,
            since=now,
            source=source,
        )
        for reason in reasons
    )


def end_involvement(
    child: Person,
    reason: Reason,
    *,
    post_id: int | None = None,
    unit_id: int | None = None,
    item_ref: UUID | None = None,
    at: datetime | None = None,
    about: Q | None = None,
) -> None:
    """End a reason now, or at a later moment: that of a post, of a unit, or the one to see a single thing.

    ``about``: the condition on which of them, where the same reason may be there for more than one sake.
    """
    at = at or clock.now()
    still = Q(until=None) | Q(until__gt=at)
    rows = Involvement.objects.filter(still, Q() if about is None else about, child=child, reason=reason)
    if post_id is not None:
        rows = rows.filter(post_id=post_id)
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    if item_ref is not None:
        rows = rows.filter(item_ref=item_ref)
    rows.update(until=at)


def end_involvements(child: Person, *ends: tuple[Reason, int, UUID | None]) -> None:
    """End several reasons now, in one write: each of a post, and only the one to a single thing where one is named."""
    now = clock.now()
    these = Q()
    for reason, post_id, item_ref in ends:
        one = Q(reason=reason, post_id=post_id)
        these |= one if item_ref is None else one & Q(item_ref=item_ref)
    Involvement.objects.filter(Q(until=None) | Q(until__gt=now), these, child=child).update(until=now)


def posts_around(viewer: Viewer, child: Person) -> list[Post]:
    """The posts that have, or had when they could still see it, a reason of their own around the child; of those that
    the viewer may know of.
    """
    now = clock.now()
    reasons = Involvement.objects.visible_to(viewer).filter(Q(until=None) | Q(until__gt=now), child=child)
    rows = Post.objects.filter(pk__in=reasons.values("post_id"), ended_on=None)
    return list(rows.select_related("unit").order_by("unit__name", "title", "pk"))
