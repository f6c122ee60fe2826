"""What this room answers when a lower room asks: what hangs on a post, and what goes along with a child."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from samsyn.common.ports import Hanging
from samsyn.early_signals.actions.requests import asker_of
from samsyn.early_signals.models import Request, Sign
from samsyn.early_signals.rules import OPEN_REQUEST, OPEN_SIGN


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


def goes_with_the_child(child_id: int) -> list[tuple[str, UUID]]:
    """The open signs and requests: a new named person answers for them, and so must be able to read them."""
    signs = Sign.objects.filter(child=child_id, state__in=OPEN_SIGN).values_list("ref", flat=True)
    requests = Request.objects.filter(child=child_id, state__in=OPEN_REQUEST).values_list("ref", flat=True)
    return [*(("sign", ref) for ref in signs), *(("request", ref) for ref in requests)]
