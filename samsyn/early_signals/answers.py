"""What this room answers when a lower room asks: what hangs on a post, goes along with a child, or rests on a yes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from samsyn.circle.models import Handover, HandoverKind, HandoverState
from samsyn.common import clock
from samsyn.common.ports import Hanging, Resting
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import drop_duties, end_duties, take_up
from samsyn.duties.models import Duty
from samsyn.early_signals.actions.coming_back import (
    let_asker_read,
    take_back_what_was_closed,
    take_back_what_went_along,
)
from samsyn.early_signals.actions.requests import asker_of, is_closed_to_receiver
from samsyn.early_signals.models import Request, RequestState, Sign, Talk
from samsyn.early_signals.rules import OPEN_REQUEST, OPEN_SIGN, REQUEST_STEPS
from samsyn.early_signals.words import REQUEST
from samsyn.sharing.models import DisclosureItem, Way
from samsyn.sharing.words import LOOK_AT_YES


def child_said(child_id: int, authority_id: int) -> tuple[str, str]:
    """What the child said in the authority's newest talk, or why it took no part; both empty for no talk."""
    talks = Talk.objects.filter(child=child_id, authority=authority_id).order_by("-at", "-pk")
    return talks.values_list("child_words", "not_with_child_because").first() or ("", "")


def hangs_on_post(post_id: int) -> list[Hanging]:
    """The open requests that this post answers, and those that it answers for having asked."""
    rows = Request.objects.filter(Q(to_post=post_id) | Q(from_post=post_id), state__in=OPEN_REQUEST)
    found = []
    for request in rows.select_related("child", "from_post").order_by("sent_at", "pk"):
        if request.to_post_id == post_id:
            found.append(
                Hanging("early_signals", "request", request.ref, _("A request for help to this post is open."))
            )
        elif asker_of(request)[0].pk == post_id:
            found.append(
                Hanging("early_signals", "request", request.ref, _("A request for help from this post is open."))
            )
    return found


def goes_with_the_child(child_id: int, authority_id: int, unit_id: int) -> list[tuple[str, UUID]]:
    """The open signs and requests: a new named person answers for them, and so must be able to read them.

    Those that the authority holds, and those that were opened to the unit by whoever handed the child over to it. What
    was opened to the unit for another reason is not its to hand on.
    """
    handed_over = Handover.objects.filter(
        child=child_id, kind=HandoverKind.NAMED_PERSON, state=HandoverState.ACCEPTED, to_post__unit=unit_id
    )
    opened = DisclosureItem.objects.filter(
        disclosure__child=child_id,
        disclosure__receiver=unit_id,
        disclosure__way=Way.OPEN,
        disclosure__ended_at=None,
        disclosure__expires_on__gte=clock.today(),
        disclosure__consent__in=handed_over.values("consent"),
    )
    held = Q(authority=authority_id) | Q(ref__in=opened.values("ref"))
    signs = Sign.objects.filter(held, child=child_id, state__in=OPEN_SIGN).values_list("ref", flat=True)
    requests = Request.objects.filter(held, child=child_id, state__in=OPEN_REQUEST).values_list("ref", flat=True)
    return [*(("sign", ref) for ref in signs), *(("request", ref) for ref in requests)]


def rests_on_a_yes() -> list[QuerySet[Any, Any]]:
    """The consents on which an open request was sent to another authority."""
    rows = Request.objects.filter(state__in=OPEN_REQUEST, disclosure__consent__isnull=False)
    return [rows.values("disclosure__consent")]


def yes_ended(viewer: Viewer, consent_id: int) -> Iterator[Resting]:
    """What went along with the child comes back where the new named person can no longer read it. Who asked looks at it
    with the family. Who was asked need neither answer nor carry out what can no longer be read: who asked ends it, or
    asks anew on a new yes.
    """
    yield from take_back_what_went_along(viewer, consent_id)
    rows = Request.objects.filter(state__in=OPEN_REQUEST, disclosure__consent=consent_id)
    for request in rows.select_related("child", "from_post"):
        if _no_longer_read(request):
            yield from _told_of_it(request)
        if request.state != RequestState.ACCEPTED:
            end_duties(request.ref, dropped=True)
        post, hangs_on = asker_of(request)
        let_asker_read(request, post, hangs_on)
        yield Resting(REQUEST, request.ref, post.pk, LOOK_AT_YES, hangs_on)


def less_is_open(viewer: Viewer, child_id: int) -> Iterator[Resting]:
    """What was closed to the named person it went along to comes back. Whoever can no longer read a question need not
    answer it, and who asked is told.
    """
    yield from take_back_what_was_closed(viewer, child_id)
    rows = Request.objects.filter(child=child_id, state__in=OPEN_REQUEST, disclosure__isnull=False)
    for request in rows.select_related("child", "from_post", "to_post__unit"):
        if is_closed_to_receiver(request) and _no_longer_read(request):
            yield from _told_of_it(request)
            post, hangs_on = asker_of(request)
            let_asker_read(request, post, hangs_on)
            yield Resting(REQUEST, request.ref, post.pk)


def read_again(posts: list[int]) -> Iterator[UUID]:
    """What the posts were asked, and need not answer or carry out while they did not read it, is theirs to do again."""
    rows = Request.objects.filter(to_post__in=posts, state__in=OPEN_REQUEST, disclosure__isnull=False)
    for request in rows.select_related("to_post__unit").order_by("pk"):
        next_one = next((line.duty for line in REQUEST_STEPS if line.to == request.state and line.by == "receiver"), "")
        set_aside = Duty.objects.filter(object_ref=request.ref, post=request.to_post_id, what=next_one)
        if not is_closed_to_receiver(request) and take_up(set_aside):
            yield request.ref


def _no_longer_read(request: Request) -> bool:
    """Let the receiver, who can read the request no longer, have nothing to do with it. Gives whether there was any."""
    return drop_duties(Duty.objects.filter(object_ref=request.ref, post=request.to_post_id)) > 0


def _told_of_it(request: Request) -> Iterator[Resting]:
    """Whoever had begun to help is told that it has closed; a question that was not answered is gone."""
    if request.state == RequestState.ACCEPTED:
        yield Resting(REQUEST, request.ref, request.to_post_id, closed=True)
