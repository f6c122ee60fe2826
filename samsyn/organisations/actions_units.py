"""A unit that ends: who may say so, which of its posts still have something, and its last day."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from samsyn.common import clock, ports
from samsyn.common.decision import require
from samsyn.common.viewer import Viewer
from samsyn.organisations import rules
from samsyn.organisations.actions import hanging_on, let_post_end, may_manage
from samsyn.organisations.intervals import standing
from samsyn.organisations.models import Post, PostRole, Unit
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def units_headed(viewer: Viewer) -> QuerySet[Unit, Any]:
    """Row ids of the units whose head the viewer's post is, and of those elsewhere whose posts answer to it.

    A head is the head of the units below as well. The duty desk, to which anybody may answer, is the head of none.
    """
    own = Post.objects.filter(standing(clock.today()), pk=viewer.post or 0).exclude(role=PostRole.DUTY_DESK)
    headed = Unit.objects.filter(pk__in=own.filter(role=PostRole.HEAD).values("unit")).values_list("path", flat=True)
    mine = Q(pk__in=Post.objects.filter(parent__in=own).exclude(unit=viewer.unit or 0).values("unit"))
    for path in headed:
        mine |= Q(path__startswith=path)
    return Unit.objects.filter(mine).values("pk")


def _heads(viewer: Viewer, unit: Unit) -> bool:
    return units_headed(viewer).filter(pk=unit.pk).exists()


def may_see_end_of(viewer: Viewer, unit: Unit) -> bool:
    """Is the ending of this unit the viewer's to look at."""
    return bool(may_manage(viewer)) or _heads(viewer, unit)


def locked(unit: Unit) -> Unit:
    """The unit as it is now, held until the transaction ends."""
    return Unit.objects.select_for_update().get(pk=unit.pk)


def require_may_end(viewer: Viewer, unit: Unit) -> None:
    """Raises Refused when it is not the viewer's, it has ended, or units lie under it."""
    require(
        rules.may_end_unit(
            manages=bool(may_manage(viewer)),
            is_head=_heads(viewer, unit),
            ended=unit.ended_on is not None,
            below=Unit.objects.filter(parent=unit, ended_on=None).count(),
        )
    )


def with_something(unit: Unit) -> list[Post]:
    """The posts of the unit on which something hangs, each held until the transaction ends."""
    posts = Post.objects.select_for_update(of=("self",)).select_related("unit").filter(unit=unit, ended_on=None)
    return [post for post in posts.order_by("pk") if hanging_on(post)]


def begin_closing(viewer: Viewer, unit: Unit, waiting: list[Post]) -> None:
    """Let nothing new be sent to the unit from now on, and note which posts have something left."""
    unit.closing_since = unit.closing_since or clock.now()
    unit.waits_for = [post.pk for post in waiting]
    unit.save(update_fields=["closing_since", "waits_for"])
    act(viewer, "organisations.unit_closing", [Subject("unit", unit.ref, state="closing")])


def close(viewer: Viewer, unit: Unit) -> None:
    """End the unit today, with its posts, those below first. The caller has asked the rule and holds the desks.

    Raises Refused when something hangs on one of them after all, a post elsewhere answers to one, or the last duty
    desk is among them.
    """
    left = {post.pk: post for post in Post.objects.filter(unit=unit, ended_on=None).order_by("pk")}
    while left:
        above = {post.parent_id for post in left.values()}
        lowest = [post for post in left.values() if post.pk not in above] or list(left.values())
        for post in lowest:
            let_post_end(viewer, left.pop(post.pk), clock.today())
    ports.unit_ended(viewer, unit.pk)
    unit.closing_since = unit.closing_since or clock.now()
    unit.waits_for = []
    unit.ended_on = clock.today()
    unit.save(update_fields=["closing_since", "waits_for", "ended_on"])
    act(viewer, "organisations.unit_ended", [Subject("unit", unit.ref, state="ended")])


def go_on(viewer: Viewer, unit: Unit) -> None:
    """Take back that the unit is to end. Raises Refused."""
    require(
        rules.may_keep_unit(
            manages=bool(may_manage(viewer)),
            is_head=_heads(viewer, unit),
            is_closing=unit.closing_since is not None,
            ended=unit.ended_on is not None,
        )
    )
    unit.closing_since, unit.waits_for = None, []
    unit.save(update_fields=["closing_since", "waits_for"])
    act(viewer, "organisations.unit_kept", [Subject("unit", unit.ref, state="kept")])
